"""A session's own title and the day it was held."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from supervise.domain.session import Session
from supervise.ui.date_field import DateField
from supervise.ui.pieces import add_field, button, column, form, row
from supervise.ui.theme import EDGE


class DescribeDialog(QDialog):
    """Emits title and ISO day."""

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget, session: Session) -> None:
        """Show what is known."""
        super().__init__(parent)
        self.setWindowTitle("Title and date")
        self.setMinimumWidth(460)
        body = column(self, EDGE + 4)
        fields = form()
        self.title = QLineEdit(session.title)
        self.title.setMaxLength(200)
        add_field(fields, "&Title", self.title)
        self.held_on = DateField(date.fromisoformat(session.held_on))
        add_field(fields, "&Held on", self.held_on)
        body.addLayout(fields)
        body.addStretch(1)
        body.addLayout(row(1, button("Cancel", self.reject), button("Save", self._on_save, "primary")))
        self.title.selectAll()

    def _on_save(self) -> None:
        self.chosen.emit(self.title.text(), self.held_on.day.isoformat())
        self.accept()
