"""Shows an expected failure: one sentence, what to do, and no content left behind in a clipboard."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from supervise.ui.plain_words import said


def show_failure(parent: QWidget, error: Exception, title: str = "That did not work") -> QMessageBox:
    """Open a message box with the error's own sentence; returns it without waiting."""
    return _show(parent, QMessageBox.Icon.Warning, title, said(error))


def show_notice(parent: QWidget, title: str, text: str) -> QMessageBox:
    """Open a message box with something worth knowing; returns it without waiting."""
    return _show(parent, QMessageBox.Icon.Information, title, text)


def _show(parent: QWidget, picture: QMessageBox.Icon, title: str, text: str) -> QMessageBox:
    box = QMessageBox(picture, title, title, QMessageBox.StandardButton.Ok, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(text)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
    return box


def ask(parent: QWidget, title: str, text: str, yes: str, danger: bool = False) -> QMessageBox:
    """Open a question with one deed and a way out; connect to `accepted`. Returns without waiting."""
    box = QMessageBox(QMessageBox.Icon.Question, title, title, QMessageBox.StandardButton.NoButton, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(text)
    deed = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    deed.setProperty("role", "danger" if danger else "primary")
    cancel = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
    return box
