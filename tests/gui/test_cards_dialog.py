"""The prompt cards changed by keyboard alone: worded, sorted, keyed, added, taken out, saved, from a file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from gui_house import House, show
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from test_accessible import nameless
from test_dialog_keys import faults, letter_of
from test_main_job import tab_to
from test_words_on_screen import avoided, words_of

from supervise.app import cards
from supervise.app.workspace import Workspace
from supervise.domain.moments import Perspective
from supervise.ui.cards_dialog import NO_WORDS, CardsDialog
from supervise.ui.file_dialogs import FileDialog
from supervise.ui.main_window import MainWindow
from supervise.ui.wiring import wired_window

Key, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier
Press = Callable[..., None]


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> CardsDialog:
    window.actions_.by_name["prompt_cards"].trigger()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), CardsDialog))
    found = window.errands.dialog
    assert isinstance(found, CardsDialog)
    return found


def back_to(dialog: CardsDialog, qtbot: QtBot) -> None:
    """Let the dialog have its keys back; the offscreen platform does not do that by itself."""
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)


def alt(press: Press, letter: str) -> None:
    press(Key(ord(letter.upper())), ALT)


def push(press: Press, qtbot: QtBot, target: QPushButton) -> None:
    """Press a button by its Alt key, which takes it a moment."""
    with qtbot.waitSignal(target.clicked):
        alt(press, letter_of(target.text()))


def listed(dialog: CardsDialog) -> list[tuple[str, str, str]]:
    table = dialog.table
    return [tuple(table.item(at, place).text() for place in range(3)) for at in range(table.rowCount())]


def save(press: Press, qtbot: QtBot, window: MainWindow) -> None:
    tab_to(press, "Save")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: window.errands.dialog is None)


def test_a_card_is_reworded_and_everybody_has_it(
    dialog: CardsDialog, window: MainWindow, workspace: Workspace, press: Press, qtbot: QtBot
) -> None:
    alt(press, "w")
    assert dialog.words.hasFocus()
    press(Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press("What was it you felt ")
    press("there?")
    assert dialog.words.text() == "What was it you felt there?"
    assert listed(dialog)[0] == ("F", "What was it you felt there?", "")
    assert not cards.has_own_cards(workspace)
    save(press, qtbot, window)
    found = cards.cards(workspace)
    assert found.card("affect.feel").text == "What was it you felt there?"
    assert found.name == "supervise-default@1.0.0+1"


def test_a_card_is_added_given_a_key_moved_to_the_top_and_to_another_group(
    dialog: CardsDialog, window: MainWindow, workspace: Workspace, press: Press, qtbot: QtBot
) -> None:
    push(press, qtbot, dialog.add)
    assert dialog.words.hasFocus()
    assert listed(dialog)[-1] == ("(G)", NO_WORDS, "")
    assert dialog.problem.text() == "A card has no words yet."
    assert not dialog.go.isEnabled()
    press("And before that?")
    assert dialog.problem.isHidden()
    alt(press, "k")
    press("q")
    assert listed(dialog)[-1] == ("Q", "And before that?", "")
    for _ in range(4):
        push(press, qtbot, dialog.up)
    assert listed(dialog)[0][1] == "And before that?"
    assert not dialog.up.isEnabled()
    push(press, qtbot, dialog.down)
    assert listed(dialog)[1][1] == "And before that?"
    alt(press, "b")
    press("8")
    assert dialog.group.currentText() == "8  Familiarity"
    assert dialog.card.card == "affect.own1"
    save(press, qtbot, window)
    found = cards.cards(workspace).card("affect.own1")
    assert (found.group, found.key, found.text) == ("familiarity", "Q", "And before that?")


def test_a_key_that_is_somebodys_is_not_on_offer_until_it_is_free(dialog: CardsDialog, press: Press) -> None:
    keys = [dialog.key.itemText(at) for at in range(dialog.key.count())]
    assert "F" in keys
    assert "I" not in keys
    assert "T" not in keys
    alt(press, "g")
    press("2")
    alt(press, "k")
    press(Key.Key_Home)
    assert dialog.draft.card("cognition.mind").key == ""
    alt(press, "g")
    press(Key.Key_Home)
    alt(press, "k")
    press("t")
    assert dialog.draft.card("affect.feel").key == "T"


def test_cards_are_taken_out_to_the_last_and_the_standard_comes_back(
    dialog: CardsDialog, window: MainWindow, workspace: Workspace, press: Press, qtbot: QtBot
) -> None:
    for _ in range(4):
        push(press, qtbot, dialog.remove)
    assert listed(dialog) == []
    assert not dialog.words.isEnabled()
    save(press, qtbot, window)
    assert cards.cards(workspace).of_group("affect") == ()
    window.annexes.cards.open()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), CardsDialog))
    push(press, qtbot, window.errands.dialog.standard)
    assert len(listed(window.errands.dialog)) == 4
    save(press, qtbot, window)
    assert not cards.has_own_cards(workspace)


def test_escape_asks_before_it_forgets(
    dialog: CardsDialog, window: MainWindow, workspace: Workspace, press: Press, qtbot: QtBot
) -> None:
    push(press, qtbot, dialog.remove)
    press(Key.Key_Escape)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    press(Key.Key_Escape)
    qtbot.waitUntil(lambda: not isinstance(QApplication.activeWindow(), QMessageBox))
    back_to(dialog, qtbot)
    press(Key.Key_Escape)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    tab_to(press, "Leave")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: window.errands.dialog is None)
    assert not cards.has_own_cards(workspace)


def test_escape_asks_nothing_where_nothing_was_changed(
    dialog: CardsDialog, window: MainWindow, press: Press, qtbot: QtBot
) -> None:
    press(Key.Key_Escape)
    qtbot.waitUntil(lambda: window.errands.dialog is None)


def choose_file(press: Press, qtbot: QtBot, path: Path) -> None:
    """Name a file in Qt's own dialog; its list of suggestions would need a real screen."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), FileDialog))
    QApplication.activeWindow().findChild(QLineEdit).setText(str(path))
    press(Key.Key_Return)


def test_cards_go_to_a_file_and_come_from_one(
    dialog: CardsDialog, window: MainWindow, workspace: Workspace, press: Press, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "ours.yaml"
    push(press, qtbot, dialog.remove)
    push(press, qtbot, dialog.write_file)
    choose_file(press, qtbot, file)
    qtbot.waitUntil(file.exists)
    written = cards.read_cards(file)
    assert written.name == "supervise-default@1.0.0+1"
    assert len(written.cards) == 31
    assert not cards.has_own_cards(workspace)
    file.write_text(file.read_text("utf-8").replace("supervise-default", "ours").replace("Affect", "Gefühl"))
    back_to(dialog, qtbot)
    push(press, qtbot, dialog.open_file)
    choose_file(press, qtbot, file)
    qtbot.waitUntil(lambda: dialog.group.currentText() == "1  Gefühl")
    back_to(dialog, qtbot)
    save(press, qtbot, window)
    assert cards.cards(workspace).name == "ours@1.0.0+1"


def test_a_file_with_mistakes_is_told_line_by_line_and_changes_nothing(
    dialog: CardsDialog, press: Press, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "spoilt.yaml"
    file.write_text("prompts: {id: x, version: 1}\ngroups: []\ncards:\n  - {id: a, group: b, text: C?}\n")
    push(press, qtbot, dialog.open_file)
    choose_file(press, qtbot, file)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    box = QApplication.activeWindow()
    assert "line 4: there is no group “b”." in box.informativeText()
    press(Key.Key_Return)
    assert len(listed(dialog)) == 4


def test_every_alt_key_leads_somewhere_everything_has_a_name_and_our_words(dialog: CardsDialog) -> None:
    assert faults(dialog) == []
    assert nameless(dialog) == []
    assert avoided(words_of(dialog)) == []


def test_how_often_a_card_was_asked_stands_beside_it(window: MainWindow, qtbot: QtBot) -> None:
    work = window.desk.workspace
    made = CardsDialog(window, cards.standard_cards(), cards.standard_cards(), {"affect.went": 3})
    qtbot.addWidget(made)
    assert [line[2] for line in listed(made)] == ["", "3×", "", ""]
    assert cards.card_uses(work) == {}


def test_a_clients_profile_is_told_who_writes_them(house: House, app: QApplication, qtbot: QtBot) -> None:
    made, _key = house.services.create_vault(
        house.vault, "Kim", Perspective.CLIENT, "quiet river seven lamps"
    )
    window = wired_window(house.services, app)
    qtbot.addWidget(window)
    window.adopt(made)
    window.show_library()
    show(window, qtbot)
    window.actions_.by_name["prompt_cards"].trigger()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    box = QApplication.activeWindow()
    assert cards.NOT_A_CLIENTS in box.informativeText()
    assert not isinstance(window.errands.dialog, CardsDialog)
    next(one for one in box.findChildren(QPushButton) if one.isVisible()).click()
    window.close()


def test_the_lock_takes_the_dialog_away(
    dialog: CardsDialog, window: MainWindow, press: Press, qtbot: QtBot
) -> None:
    push(press, qtbot, dialog.remove)
    window.lock()
    qtbot.waitUntil(lambda: window.errands.dialog is None)
    assert window.door.isVisible()
