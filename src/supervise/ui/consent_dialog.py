"""Adding to a client's consent: what was agreed, and when it was signed. Records are only ever added."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDateEdit, QDialog, QWidget

from supervise.domain.consent import Scope
from supervise.ui.import_dialog import ASKED, ConsentWish, pydate, qdate
from supervise.ui.pieces import add_field, button, column, form, label, row, say
from supervise.ui.theme import EDGE, GAP


class ConsentDialog(QDialog):
    """Emits the record to add."""

    wished = Signal(object)

    def __init__(self, parent: QWidget, client: str, covered: frozenset[Scope], today: date) -> None:
        """Show what is covered today and offer the rest."""
        super().__init__(parent)
        self.setWindowTitle("Consent")
        self.setMinimumWidth(480)
        self._client = client
        body = column(self, EDGE + 4, GAP + 2)
        body.addWidget(label(f"Consent of {client}", "heading"))
        body.addWidget(label("The client has agreed, in writing, to:"))
        self.scopes: dict[Scope, QCheckBox] = {}
        for scope, words in ASKED.items():
            box = QCheckBox(f"{words} (on record)" if scope in covered else words)
            box.setChecked(scope in covered)
            box.setEnabled(scope not in covered)
            box.toggled.connect(self._look)
            self.scopes[scope] = box
            body.addWidget(box)
        fields = form()
        self.signed_on = QDateEdit(qdate(today))
        self.signed_on.setCalendarPopup(True)
        self.signed_on.setDisplayFormat("yyyy-MM-dd")
        self.signed_on.setMaximumDate(qdate(today))
        add_field(fields, "&Signed on", self.signed_on)
        body.addLayout(fields)
        self.problem = label("", "error")
        self.problem.hide()
        body.addWidget(self.problem)
        body.addStretch(1)
        self.go = button("Add to the record", self._on_go, "primary")
        body.addLayout(row(1, button("Cancel", self.reject), self.go))
        self._look()

    def _granted(self) -> frozenset[Scope]:
        return frozenset(scope for scope, box in self.scopes.items() if box.isEnabled() and box.isChecked())

    def _look(self) -> None:
        self.go.setEnabled(bool(self._granted()))

    def _on_go(self) -> None:
        self.wished.emit(ConsentWish(self._client, self._granted(), pydate(self.signed_on.date())))

    def show_problem(self, sentence: str) -> None:
        """Say why it cannot be added."""
        say(self.problem, sentence)
