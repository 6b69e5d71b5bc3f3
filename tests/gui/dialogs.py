"""Steering dialogs by keys alone, as somebody without a mouse does."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from supervise.ui.main_window import MainWindow

Key, Mod = Qt.Key, Qt.KeyboardModifier
CTRL_SHIFT = Mod.ControlModifier | Mod.ShiftModifier
T = TypeVar("T", bound=QDialog)


class Hand:
    """Presses keys where the focus is, and nothing else."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot

    def press(self, key: Qt.Key | str, modifier: Qt.KeyboardModifier = Mod.NoModifier) -> None:
        self.qtbot.waitUntil(lambda: QApplication.activeWindow() is not None)
        target = QApplication.focusWidget() or QApplication.activeWindow()
        assert target is not None
        if isinstance(key, str):
            QTest.keyClicks(target, key)
        else:
            QTest.keyClick(target, key, modifier)

    def opened(self, kind: type[T], key: Qt.Key, modifier: Qt.KeyboardModifier) -> T:
        """Open a dialog with its keys."""
        self.press(key, modifier)
        dialog = self.window.errands.dialog
        assert isinstance(dialog, kind)
        self.qtbot.waitUntil(dialog.isActiveWindow)
        return dialog

    def go_to(self, wanted: QWidget) -> None:
        """Press Tab until the focus is there."""
        target = wanted.focusProxy() or wanted
        for _ in range(120):
            if QApplication.focusWidget() is target:
                return
            self.press(Key.Key_Tab)
        raise AssertionError(f"{wanted.accessibleName() or wanted} is not reached with Tab")

    def press_on(self, button: QWidget) -> None:
        """Go to a button and press it."""
        self.go_to(button)
        self.press(Key.Key_Space)

    def choose(self, box: QComboBox, text: str) -> None:
        """Go to a box and step down to an entry."""
        self.go_to(box)
        while box.currentText() != text:
            before = box.currentIndex()
            self.press(Key.Key_Down)
            assert box.currentIndex() != before, f"there is no “{text}”"

    def write(self, field: QWidget, text: str) -> None:
        """Go to a field and write in place of what it holds."""
        self.go_to(field)
        self.press(Key.Key_A, Mod.ControlModifier)
        self.press(text)

    def answer(self, above: QWidget, yes: bool = True) -> str:
        """Answer the question lying above a dialog; return its words."""
        (box,) = [part for part in above.findChildren(QMessageBox) if part.isVisible()]
        self.qtbot.waitUntil(box.isActiveWindow)
        words = f"{box.text()} {box.informativeText()}"
        if yes:
            deed = next(
                part for part in box.buttons() if box.buttonRole(part) is QMessageBox.ButtonRole.AcceptRole
            )
            self.go_to(deed)
            self.press(Key.Key_Space)
        else:
            self.press(Key.Key_Escape)
        return words


def words_in(list_: Callable[[], int] | object) -> list[str]:
    """Return the lines of a list."""
    return [list_.item(number).text() for number in range(list_.count())]  # type: ignore[attr-defined]
