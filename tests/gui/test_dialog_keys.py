"""Alt keys in dialogs and menus lead somewhere, each to one place; Enter presses the button in focus."""

import re
from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot
from test_accessible import nameless

from supervise.ui.code_picker import CodePicker
from supervise.ui.main_window import MainWindow

Key, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier
Press = Callable[..., None]
ERRANDS = (
    "open_import",
    "open_export",
    "open_transcribe",
    "open_settings",
    "open_keys",
    "open_describe",
)
OF_THE_VAULT = ("open_people", "open_check", "open_backup", "open_restore", "open_models")


def letter_of(text: str) -> str:
    """Return the letter after a single `&`, or nothing."""
    found = re.search(r"&([^&\s])", text.replace("&&", ""))
    return found.group(1).casefold() if found else ""


def alt_keys(root: QWidget) -> list[tuple[str, str, QWidget | None]]:
    """Return letter, words and target of each Alt key below `root`, hidden pages included."""
    found: list[tuple[str, str, QWidget | None]] = []
    for label in root.findChildren(QLabel):
        if letter_of(label.text()):
            found.append((letter_of(label.text()), label.text(), label.buddy()))
    for button in root.findChildren(QAbstractButton):
        if letter_of(button.text()):
            found.append((letter_of(button.text()), button.text(), button))
    return found


def page_of(widget: QWidget | None) -> object:
    """Return the page of a stack a widget is on: two pages may use the same letter."""
    while widget is not None and widget.parentWidget() is not None:
        if widget.parentWidget().metaObject().className() == "QStackedWidget":
            return id(widget)
        widget = widget.parentWidget()
    return None


def faults(root: QWidget) -> list[str]:
    """Say which Alt keys below `root` lead nowhere, and which stand for two things on one page."""
    keys = alt_keys(root)
    dead = [
        f"“{text}” leads nowhere"
        for _, text, to in keys
        if to is None or to.focusPolicy() == Qt.FocusPolicy.NoFocus
    ]
    counts = Counter((letter, page_of(to)) for letter, _, to in keys)
    twice = [f"Alt+{letter} stands for {count} things" for (letter, _), count in counts.items() if count > 1]
    return dead + twice


@pytest.mark.parametrize("errand", [*ERRANDS, *OF_THE_VAULT])
def test_alt_keys_of_a_dialog(transcribed: MainWindow, errand: str) -> None:
    owner = transcribed.errands if errand in ERRANDS else transcribed.vault_errands
    getattr(owner, errand)()
    dialog = transcribed.errands.dialog
    assert isinstance(dialog, QDialog)
    assert faults(dialog) == []
    transcribed.errands.close_dialogs()


def test_alt_keys_of_the_pages_about_a_client(transcribed: MainWindow) -> None:
    transcribed.client_errands.open()
    dialog = transcribed.errands.dialog
    assert isinstance(dialog, QDialog)
    assert faults(dialog) == []
    transcribed.errands.close_dialogs()


@pytest.mark.parametrize("errand", ["open_kept", "open_log", "open_portion"])
def test_alt_keys_of_what_is_kept(transcribed: MainWindow, errand: str) -> None:
    getattr(transcribed.client_errands.keeping, errand)()
    dialog = transcribed.errands.dialog
    assert isinstance(dialog, QDialog)
    assert faults(dialog) == []
    assert nameless(dialog) == []
    transcribed.errands.close_dialogs()


def test_alt_keys_of_the_window_and_the_code_picker(transcribed: MainWindow) -> None:
    assert faults(transcribed.first_run) == []
    assert faults(transcribed.door) == []
    transcribed.session.mark("wd.any")
    transcribed.view.editor.open_picker()
    assert faults(transcribed.view) == []
    assert faults(transcribed.findChild(CodePicker)) == []
    transcribed.errands.close_dialogs()


def test_alt_keys_of_menus(window: MainWindow) -> None:
    menus = [action.menu() for action in window.menuBar().actions()]
    assert all(isinstance(menu, QMenu) for menu in menus)
    for actions in (window.menuBar().actions(), *(menu.actions() for menu in menus)):
        letters = Counter(letter_of(action.text()) for action in actions if letter_of(action.text()))
        assert [letter for letter, count in letters.items() if count > 1] == []


@pytest.mark.parametrize(
    ("errand", "letter", "name"),
    [
        ("open_import", Key.Key_R, "Recording"),
        ("open_import", Key.Key_T, "Title"),
        ("open_import", Key.Key_C, "Client code"),
        ("open_export", Key.Key_T, "To the file"),
    ],
)
def test_an_alt_key_goes_into_its_field(
    transcribed: MainWindow, press: Press, qtbot: QtBot, errand: str, letter: Qt.Key, name: str
) -> None:
    getattr(transcribed.errands, errand)()
    dialog = transcribed.errands.dialog
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.cancel.setFocus()
    press(letter, ALT)
    held = QApplication.focusWidget()
    assert name in (held.accessibleName(), held.parentWidget().accessibleName())
    transcribed.errands.close_dialogs()


def test_enter_presses_the_button_in_focus_and_no_other(
    window: MainWindow, press: Press, qtbot: QtBot
) -> None:
    window.errands.open_export()
    dialog = window.errands.dialog
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.cancel.setFocus()
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: window.errands.dialog is None)
    assert window.errands.job is None
