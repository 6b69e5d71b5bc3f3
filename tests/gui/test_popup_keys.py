"""Enter in an opened box chooses what is framed, in a dialog and in the window."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from supervise.ui.main_window import MainWindow

Key, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier
Press = Callable[..., None]
pytestmark = pytest.mark.qt_log_ignore("grabbing the keyboard", r"raise\(\)", extend=True)


def choose_third(box: QComboBox, press: Press, qtbot: QtBot, key: Qt.Key) -> None:
    """Open a box by keys, go two down, and take that."""
    box.setFocus()
    press(Key.Key_Down, ALT)
    qtbot.waitUntil(lambda: box.view().isVisible())
    for pressed in (Key.Key_Down, Key.Key_Down, key):
        popup = QApplication.activePopupWidget()
        assert popup is not None
        QTest.keyClick(popup.focusWidget() or box.view(), pressed)
    qtbot.waitUntil(lambda: not box.view().isVisible())


def test_enter_chooses_in_a_dialog_and_presses_nothing(
    window: MainWindow, press: Press, qtbot: QtBot
) -> None:
    window.errands.open_transcribe()
    dialog = window.errands.dialog
    qtbot.waitUntil(dialog.isActiveWindow)
    choose_third(dialog.voices, press, qtbot, Key.Key_Return)
    assert dialog.voices.currentIndex() == 2
    assert window.errands.dialog is dialog


def test_enter_chooses_in_the_window(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    box = window.view.player.speed
    box.setCurrentIndex(0)
    choose_third(box, press, qtbot, Key.Key_Enter)
    assert box.currentIndex() == 2
