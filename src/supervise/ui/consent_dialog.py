"""Adding to a client's consent: what was agreed, and when it was signed. Records are only ever added."""

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateEdit, QDialog, QVBoxLayout, QWidget

from supervise.domain.consent import Scope
from supervise.ui.import_dialog import ASKED, ConsentWish, pydate, qdate
from supervise.ui.pieces import add_field, button, column, form, label, row, say
from supervise.ui.theme import EDGE, GAP


class ConsentDialog(QDialog):
    """Emits the record to add."""

    wished = Signal(object)

    def __init__(self, parent: QWidget, covered: Mapping[str, frozenset[Scope]], today: date) -> None:
        """Show what is covered today for each client, and offer the rest."""
        super().__init__(parent)
        self.setWindowTitle("Consent")
        self.setMinimumWidth(480)
        self._covered = covered
        body = column(self, EDGE + 4, GAP + 2)
        self._add_client(body)
        body.addWidget(label("The client has agreed, in writing, to:"))
        self.scopes: dict[Scope, QCheckBox] = {}
        for scope, words in ASKED.items():
            box = QCheckBox(words)
            box.toggled.connect(self._look)
            self.scopes[scope] = box
            body.addWidget(box)
        self._add_day(body, today)
        self.problem = label("", "error")
        self.problem.hide()
        body.addWidget(self.problem)
        body.addStretch(1)
        self.go = button("Add to the record", self._on_go, "primary")
        body.addLayout(row(1, button("Cancel", self.reject), self.go))
        self.client.currentIndexChanged.connect(self._show_client)
        self._show_client()

    def _add_client(self, body: QVBoxLayout) -> None:
        several = len(self._covered) > 1
        body.addWidget(label("Consent" if several else f"Consent of {next(iter(self._covered))}", "heading"))
        self.client = QComboBox()
        self.client.addItems(list(self._covered))
        if several:
            whose = form()
            add_field(whose, "&Client code", self.client)
            body.addLayout(whose)

    def _add_day(self, body: QVBoxLayout, today: date) -> None:
        fields = form()
        self.signed_on = QDateEdit(qdate(today))
        self.signed_on.setCalendarPopup(True)
        self.signed_on.setDisplayFormat("yyyy-MM-dd")
        self.signed_on.setMaximumDate(qdate(today))
        add_field(fields, "&Signed on", self.signed_on)
        body.addLayout(fields)

    def _show_client(self) -> None:
        held = self._covered[self.client.currentText()]
        for scope, box in self.scopes.items():
            box.setText(f"{ASKED[scope]} (on record)" if scope in held else ASKED[scope])
            box.setChecked(scope in held)
            box.setEnabled(scope not in held)
        self._look()

    def _granted(self) -> frozenset[Scope]:
        return frozenset(scope for scope, box in self.scopes.items() if box.isEnabled() and box.isChecked())

    def _look(self) -> None:
        self.go.setEnabled(bool(self._granted()))

    def _on_go(self) -> None:
        self.wished.emit(
            ConsentWish(self.client.currentText(), self._granted(), pydate(self.signed_on.date()))
        )

    def show_problem(self, sentence: str) -> None:
        """Say why it cannot be added."""
        say(self.problem, sentence)
