"""Who gets a key first: a field that is typed in, the button in focus, or the window; and no copying out."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from supervise.ui.transcript_view import TranscriptView

NOT_COPIED = "Nothing is put on the clipboard, where other programs could read it."
Key = Qt.Key
UP_DOWN = {Key.Key_Up, Key.Key_Down, Key.Key_PageUp, Key.Key_PageDown, Key.Key_Home, Key.Key_End}
SIDEWAYS = {Key.Key_Left, Key.Key_Right}
PRESS = {Key.Key_Space, Key.Key_Return, Key.Key_Enter}
PLAIN = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.KeypadModifier


class KeyGate(QObject):
    """Watches the application: single keys belong to whatever a person is typing in or pressing."""

    not_copied = Signal(str)

    def watch(self, app: QApplication) -> None:
        """Watch `app` for as long as this lives."""
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim keys for the focused widget; refuse to copy lists.

        Every event of the program comes by, tens of thousands when a window is made: what is no key goes on
        before its kind is asked for, which costs ten times as much.
        """
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            if isinstance(watched, QWidget) and wants(watched, event):
                event.accept()
                return True
        elif event.type() == QEvent.Type.KeyPress:
            listed = isinstance(watched, QAbstractItemView) and not isinstance(watched, TranscriptView)
            if listed and event.matches(QKeySequence.StandardKey.Copy):
                self.not_copied.emit(NOT_COPIED)
                return True
            if isinstance(watched, (QPushButton, QToolButton)) and presses(watched, event):
                watched.click()
                return True
        return False


def presses(button: QPushButton | QToolButton, event: QKeyEvent) -> bool:
    """Whether a key is Enter on a button that has the focus: it presses that button, everywhere."""
    plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
    enter = event.key() in (Key.Key_Return, Key.Key_Enter)
    return enter and plain and not event.isAutoRepeat() and button.isEnabled() and button.hasFocus()


def wants(widget: QWidget, event: QKeyEvent) -> bool:
    """Whether a key without Ctrl or Alt belongs to `widget` and not to the window's actions."""
    if event.modifiers() not in PLAIN:
        return False
    key = Key(event.key())
    if isinstance(widget, (QLineEdit, QPlainTextEdit, QAbstractSpinBox)):
        return key < Key.Key_F1 or key > Key.Key_F35
    if isinstance(widget, QComboBox):
        return key in UP_DOWN | SIDEWAYS | PRESS or (widget.isEditable() and key < Key.Key_Escape)
    if isinstance(widget, QAbstractButton):
        return key == Key.Key_Space
    if isinstance(widget, QAbstractSlider):
        return key in UP_DOWN | SIDEWAYS
    if isinstance(widget, TranscriptView):
        return key in UP_DOWN | SIDEWAYS | {Key.Key_Return, Key.Key_Enter}
    if isinstance(widget, QAbstractItemView):
        # Qt lets an opened box choose when this is asked: whoever answers for it takes its Enter away
        opened = widget.window().windowType() is Qt.WindowType.Popup
        return key in UP_DOWN or (not opened and key in (Key.Key_Return, Key.Key_Enter))
    return False
