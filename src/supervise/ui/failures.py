"""Shows an expected failure: one sentence, what to do, and no content left behind in a clipboard."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMessageBox, QWidget

from supervise.domain.errors import NotCoveredError, NotReadableError
from supervise.ui.plain_words import said


def way_out(error: Exception) -> str:
    """Return the name of the action that mends what went wrong, or empty when no single one does."""
    if isinstance(error, NotCoveredError):
        return "consent"
    return "models" if isinstance(error, NotReadableError) and "speech model" in str(error) else ""


def show_failure(
    parent: QWidget, error: Exception, title: str = "That did not work", way: QAction | None = None
) -> QMessageBox:
    """Open a message box with the error's own sentence, and a button that mends it if there is a way.

    Returns without waiting.
    """
    box = _show(parent, QMessageBox.Icon.Warning, title, said(error))
    if way is not None and way.isEnabled():
        mend = box.addButton(way.text().replace("&", ""), QMessageBox.ButtonRole.ActionRole)
        mend.setProperty("role", "primary")
        mend.clicked.connect(lambda _checked=False: QTimer.singleShot(0, way, way.trigger))
    return box


def show_notice(parent: QWidget, title: str, text: str) -> QMessageBox:
    """Open a message box with something worth knowing; returns it without waiting."""
    return _show(parent, QMessageBox.Icon.Information, title, text)


def _show(parent: QWidget, picture: QMessageBox.Icon, title: str, text: str) -> QMessageBox:
    box = QMessageBox(picture, title, title, QMessageBox.StandardButton.Ok, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(text)
    box.button(QMessageBox.StandardButton.Ok).setIcon(QIcon())
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
