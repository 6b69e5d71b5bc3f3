"""Prompt cards while a recall goes on, by keys: asked, logged with their words, changed in between."""

from collections.abc import Callable

import pytest
from gui_house import CLIENT, TODAY
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from recall_house import Salon, salon
from test_main_job import tab_to

from supervise.app.recall_reading import recall_view
from supervise.domain.consent import Scope
from supervise.ui.cards_dialog import CardsDialog
from supervise.ui.cards_panel import ASKED, NONE_ASKED, TITLE

__all__ = ["salon"]

Key = Qt.Key
Press = Callable[..., None]


@pytest.fixture
def inquired(salon: Salon, press: Press) -> Salon:
    """A recall with an inquirer, the tape running."""
    salon.work.add_consent(CLIENT, frozenset({Scope.CLIENT_RECALL}), TODAY)
    salon.set_up()
    tab_to(press, "Who inquires")
    press("Ida")
    salon.begin()
    salon.heard(600)
    return salon


def test_asked_with_one_letter_while_the_tape_and_the_page_keep_their_keys(
    inquired: Salon, press: Press, qtbot: QtBot
) -> None:
    cards = inquired.page.cards
    press("f")
    press(Key.Key_Space)
    assert not inquired.live.playing
    press("h")
    assert cards.asked.text() == "Was there anything you wanted to say and held back?"
    press(Key.Key_Space)
    assert inquired.live.playing
    press("i")
    assert not inquired.live.playing
    press("3")
    press("c")
    inquired.end()
    used = recall_view(inquired.work, inquired.kept().recall).prompts
    assert [(one.prompt, one.stop, one.words) for one in used] == [
        ("affect.feel", None, "What did you feel there?"),
        ("unsaid.held", 0, "Was there anything you wanted to say and held back?"),
        ("body.breath", 1, "What did you notice of your breath, or of your voice?"),
    ]


def test_on_the_cards_themselves_space_still_stops_the_tape(
    inquired: Salon, press: Press, qtbot: QtBot
) -> None:
    cards = inquired.page.cards
    tab_to(press, "Prompt cards")
    while not cards.hasFocus():
        press(Key.Key_Tab)
    press("t")
    press(Key.Key_Space)
    assert not inquired.live.playing
    assert cards.hasFocus()
    press(Key.Key_Return)
    assert inquired.live.playing
    assert cards.asked.text() == "What went through your mind?"


def test_a_card_reworded_in_between_is_asked_in_its_new_words_and_the_tape_waits(
    inquired: Salon, press: Press, qtbot: QtBot
) -> None:
    window = inquired.window
    press("f")
    window.actions_.by_name["prompt_cards"].trigger()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), CardsDialog))
    qtbot.waitUntil(lambda: not inquired.live.playing)
    press(Key.Key_W, Qt.KeyboardModifier.AltModifier)
    press(Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press("What was it, there?")
    tab_to(press, "Save")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: window.errands.dialog is None)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    cards = inquired.page.cards
    assert cards.rows[0].words.text() == "What was it, there?"
    assert cards.rows[0].times.text() == "1×"
    assert (cards.caption.text(), cards.asked.text()) == (ASKED, "What did you feel there?")
    press("f")
    assert cards.asked.text() == "What was it, there?"
    inquired.end()
    used = recall_view(inquired.work, inquired.kept().recall).prompts
    assert [one.words for one in used] == ["What did you feel there?", "What was it, there?"]


def test_the_lock_leaves_nothing_of_what_was_asked_and_after_it_everything_is_there(
    inquired: Salon, press: Press, qtbot: QtBot
) -> None:
    press("f")
    press("b")
    press("b")
    cards = inquired.page.cards
    inquired.window.lock()
    assert (cards.caption.text(), cards.asked.text()) == (TITLE, NONE_ASKED)
    assert {row.times.text() for row in cards.rows} == {""}
    inquired.work.unlock("quiet river seven lamps")
    qtbot.waitUntil(inquired.page.isVisible)
    assert (cards.caption.text(), cards.asked.text()) == (ASKED, "Did your body tell you anything?")
    assert cards.group == "body"
    assert next(row for row in cards.rows if row.card == cards.chosen).times.text() == "2×"
    press("f")
    assert cards.asked.text() == "What did you feel there?"
    assert cards.rows[0].times.text() == "2×"
    inquired.end()
    assert len(recall_view(inquired.work, inquired.kept().recall).prompts) == 4


def test_before_any_card_was_asked_a_lock_leaves_it_so(inquired: Salon, qtbot: QtBot) -> None:
    inquired.window.lock()
    inquired.work.unlock("quiet river seven lamps")
    qtbot.waitUntil(inquired.page.isVisible)
    assert inquired.page.cards.asked.text() == NONE_ASKED


def test_the_buttons_name_their_keys_as_they_are_set(inquired: Salon, press: Press, qtbot: QtBot) -> None:
    page = inquired.page
    assert page.end.text() == "End the recall  Ctrl+Shift+J"
    assert page.show_cards.text() == "Prompt cards  F4"
    assert page.inquirer.text() == "Inquirer stops  I"
    assert page.end.accessibleName() == "End the recall"
    tab_to(press, "Prompt cards")
    press(Key.Key_Space)
    assert not page.cards.isVisible()
    tab_to(press, "End the recall")
    press(Key.Key_Space)
    qtbot.waitUntil(inquired.errands.after.page.isVisible)


def test_the_standard_groups_names_are_whole_in_a_window_1280_wide(inquired: Salon, qtbot: QtBot) -> None:
    inquired.window.resize(1280, 800)
    qtbot.waitUntil(lambda: inquired.window.width() == 1280)
    names = [chip.name for chip in inquired.page.cards.chips]
    assert len(names) == 8
    qtbot.waitUntil(lambda: not [name.text() for name in names if name.toolTip()])
    assert all(name.fontMetrics().horizontalAdvance(name.text()) <= name.width() for name in names)
