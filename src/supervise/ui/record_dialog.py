"""Before a session is recorded: whose it is, the consent it rests on, asking again, and what records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QVBoxLayout,
    QWidget,
)

from supervise.app.asking import Standing
from supervise.domain.consent import Scope
from supervise.ui.date_field import DateField
from supervise.ui.import_dialog import ASKED, ATTEST, ConsentWish
from supervise.ui.pieces import add_field, button, card, column, form, label, row, say
from supervise.ui.plain_words import without_commands
from supervise.ui.rooms import Room
from supervise.ui.session_fields import client_field, title_field
from supervise.ui.sound_source import SoundSource
from supervise.ui.theme import EDGE, GAP

AGAIN = "I have asked just &now, and the client said yes"
ASK_FIRST = "Ask the client at the start of each session, and tick it here."
CODE_FIRST = "Write the client code."
CONSENT_FIRST = "Without consent to being recorded nothing is recorded."
SAID_NO = "Written down. Nothing is recorded; the consent on record stays as it is."
ON_RECORD = "Consent to being recorded is on record."


@dataclass(frozen=True, slots=True)
class RecordWish:
    """Whose session, called what, with what; and a consent to add first."""

    client: str
    title: str
    room: Room
    consent: ConsentWish | None


class RecordDialog(QDialog):
    """Gathers a wish while the level is shown; the window does the rest."""

    wished = Signal(object)
    refused = Signal(str)

    def __init__(
        self, parent: QWidget, standings: Mapping[str, Standing], today: date, source: SoundSource
    ) -> None:
        """Offer the client codes there are, with how each stands."""
        super().__init__(parent)
        self.setWindowTitle("Record a session")
        self.setMinimumWidth(920)
        self._standings = {code.casefold(): entry for code, entry in standings.items()}
        self._today = today
        self.source = source
        body = column(self, EDGE + 4, GAP + 4)
        sides = row(self._who(list(standings)), self._with_what(), gap=EDGE)
        sides.setStretch(0, 1)
        sides.setStretch(1, 1)
        body.addLayout(sides)
        self.problem = label("", "error")
        self.problem.hide()
        body.addWidget(self.problem)
        self.lacking = label("", "muted")
        self.cancel = button("Cancel", self.reject)
        self.go = button("Start recording", self._on_go, "primary")
        buttons = row(self.lacking, self.cancel, self.go)
        buttons.setStretch(0, 1)
        body.addLayout(buttons)
        source.changed.connect(self._look)
        self._show_client()

    def _who(self, clients: list[str]) -> QFrame:
        frame, body = card()
        body.addWidget(label("Whose session", "heading"))
        fields = form()
        self.client = client_field(clients)
        add_field(fields, "Client &code", self.client)
        self.title = title_field()
        add_field(fields, "&Title", self.title)
        body.addLayout(fields)
        self._add_consent(body)
        body.addStretch(1)
        self.client.editTextChanged.connect(self._show_client)
        return frame

    def _add_consent(self, body: QVBoxLayout) -> None:
        self.on_record = label("", "good")
        self.question = QWidget()
        inside = column(self.question, 0, GAP - 2)
        self.reason = label("", "warn")
        inside.addWidget(self.reason)
        inside.addWidget(label(ATTEST))
        self.scopes: dict[Scope, QCheckBox] = {}
        for scope, words in ASKED.items():
            box = QCheckBox(words)
            box.toggled.connect(self._look)
            self.scopes[scope] = box
            inside.addWidget(box)
        fields = form()
        self.signed_on = DateField(self._today, self._today)
        add_field(fields, "Signed &on", self.signed_on)
        inside.addLayout(fields)
        self.again = QCheckBox(AGAIN)
        self.again.toggled.connect(self._look)
        self.no = button("The client says no", self._on_no, "link")
        body.addWidget(self.on_record)
        body.addWidget(self.question)
        body.addWidget(label("Asked again today", "heading"))
        body.addWidget(self.again)
        body.addLayout(row(self.no, 1))

    def _with_what(self) -> QFrame:
        frame, body = card()
        body.addWidget(label("What records", "heading"))
        body.addWidget(self.source)
        body.addStretch(1)
        return frame

    # --- what is lacking

    @property
    def _code(self) -> str:
        return self.client.currentText().strip()

    def _standing(self) -> Standing:
        return self._standings.get(self._code.casefold(), Standing())

    def _granted(self) -> frozenset[Scope]:
        if self.question.isHidden():
            return frozenset()
        return frozenset(scope for scope, box in self.scopes.items() if box.isChecked())

    def _show_client(self) -> None:
        now = self._standing()
        covered = Scope.RECORD in now.covered
        say(self.on_record, ON_RECORD if covered else "")
        say(self.reason, without_commands(now.reason) if now.reason and not covered else "")
        self.question.setVisible(bool(self._code) and not covered)
        self.no.setEnabled(bool(self._code) and self._code.casefold() in self._standings)
        for box in self.scopes.values():
            box.setChecked(False)
        self.again.setChecked(False)
        self._look()

    def _look(self) -> None:
        if not hasattr(self, "go"):
            return
        covered = Scope.RECORD in self._standing().covered | self._granted()
        words = ""
        if not self._code:
            words = CODE_FIRST
        elif not covered:
            words = CONSENT_FIRST
        elif not self.again.isChecked():
            words = ASK_FIRST
        self.lacking.setText(words)
        self.go.setEnabled(not words and self.source.ready)

    # --- deeds

    def _on_no(self) -> None:
        self.refused.emit(self._code)

    def show_refused(self) -> None:
        """Say that the answer is written down."""
        self.again.setChecked(False)
        self.lacking.setText(SAID_NO)
        self.cancel.setText("Close")
        self.cancel.setFocus()

    def _on_go(self) -> None:
        granted = self._granted()
        consent = ConsentWish(self._code, granted, self.signed_on.day) if granted else None
        say(self.problem, "")
        self.wished.emit(RecordWish(self._code, self.title.text().strip(), self.source.chosen, consent))

    def show_problem(self, sentence: str) -> None:
        """Say why it did not begin, and show the level again."""
        say(self.problem, sentence)
        self.source.begin()

    def begin(self) -> None:
        """Show the level, and put the focus where work begins."""
        self.source.begin()
        self.client.setFocus()

    def done(self, result: int) -> None:
        """Give the devices back, however it is closed."""
        self.source.release()
        super().done(result)
