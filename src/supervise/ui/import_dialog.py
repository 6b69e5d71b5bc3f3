"""Importing a recording: the file, whose it is, the consent it rests on, and what becomes of the original."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QLayout,
    QLineEdit,
    QProgressBar,
    QRadioButton,
    QWidget,
)

from supervise.app.importing import DELETE, KEEP, ImportOutcome, ImportWish
from supervise.domain.consent import SCOPE_WORDS, Scope
from supervise.ui.date_field import DateField
from supervise.ui.file_dialogs import ask_recording
from supervise.ui.pieces import add_field, button, column, form, label, row, rule, say
from supervise.ui.scope_boxes import ScopeBoxes
from supervise.ui.session_fields import client_field, title_field
from supervise.ui.theme import EDGE, GAP
from supervise.ui.work_dialog import fit

ASKED = {
    Scope.RECORD: "being recorded",
    Scope.TRANSCRIBE: SCOPE_WORDS[Scope.TRANSCRIBE],
    Scope.OWN_REVIEW: "my own review: listening, marking, searching",
}
ATTEST = "The client has agreed, in writing, to:"
COVERED = "The consent on record covers all of this:"
MORE = "The consent on record is shown. To add what is new and signed, tick it:"
ORIGINAL_NOTE = "A deleted file can often be brought back from the disk until it is written over."


BEFORE = "This recording was imported before."
SHUT = (
    "It is kept, sealed. It opens once the client has agreed to your own review: "
    "Session, Consent of the client…"
)


@dataclass(frozen=True, slots=True)
class ConsentWish:
    """A consent record to add first: what was agreed, and when it was signed."""

    client: str
    granted: frozenset[Scope]
    signed_on: date


def outcome_words(outcome: ImportOutcome, *, opens: bool) -> str:
    """Say what is worth knowing after an import; `opens` whether the session may be opened. Mostly empty."""
    before = (f"{BEFORE} It is opened for you." if opens else BEFORE) if outcome.duplicate else ""
    return " ".join(part for part in (before, "" if opens else SHUT, outcome.warning) if part)


class ImportDialog(QDialog):
    """Gathers a wish; then shows how far it is. The window does the work."""

    wished = Signal(object, object)
    cancel_wished = Signal()

    def __init__(self, parent: QWidget, clients: list[str], today: date) -> None:
        """Offer the client codes there are."""
        super().__init__(parent)
        self.setWindowTitle("Import a recording")
        self.setMinimumWidth(600)
        self._today = today
        self.covered: dict[str, frozenset[Scope]] = {}
        body = column(self, EDGE + 4, GAP + 2)
        self.fields = QWidget()
        inside = column(self.fields, 0, GAP + 2)
        inside.addLayout(self._what(clients))
        inside.addWidget(rule())
        inside.addLayout(self._consent())
        inside.addWidget(rule())
        inside.addLayout(self._original())
        body.addWidget(self.fields)
        self.problem = label("", "error")
        self.problem.hide()
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Import progress")
        self.doing = label("", "muted")
        self.cancel = button("Cancel", self.reject)
        self.go = button("Import", self._on_import, "primary")
        for part in (self.problem, self.doing, self.bar):
            body.addWidget(part)
        body.addLayout(row(1, self.cancel, self.go))
        self.bar.hide()
        self.doing.hide()
        self._running = False
        self._look()

    def _what(self, clients: list[str]) -> QLayout:
        fields = form()
        self.path = QLineEdit()
        self.browse = button("Choose…", self._on_browse)
        self.browse.setAccessibleName("Choose the recording")
        holder = QWidget()
        column(holder).addLayout(row(self.path, self.browse))
        add_field(fields, "&Recording", holder, self.path)
        self.client = client_field(clients)
        add_field(fields, "Client &code", self.client)
        self.title = title_field()
        add_field(fields, "&Title", self.title)
        self.held_on = DateField(self._today, self._today)
        add_field(fields, "&Held on", self.held_on)
        self.path.textChanged.connect(self._look)
        self.client.editTextChanged.connect(self._look)
        return fields

    def _consent(self) -> QLayout:
        part = column(None, 0, GAP - 2)
        part.addWidget(label("The consent it rests on", "heading"))
        self.attest = label(ATTEST)
        part.addWidget(self.attest)
        self.scopes = ScopeBoxes(ASKED)
        self.scopes.changed.connect(self._look)
        part.addWidget(self.scopes)
        fields = form()
        self.signed_on = DateField(self._today, self._today)
        add_field(fields, "&Signed on", self.signed_on)
        part.addLayout(fields)
        return part

    def _original(self) -> QLayout:
        part = column(None, 0, GAP - 2)
        part.addWidget(label("The original file", "heading"))
        self.keep = QRadioButton("Keep it where it is, readable as it is now")
        self.delete = QRadioButton("Delete it once the recording is safe in the vault")
        group = QButtonGroup(self)
        for choice in (self.keep, self.delete):
            group.addButton(choice)
            part.addWidget(choice)
        self.keep.setChecked(True)
        part.addWidget(label(ORIGINAL_NOTE, "muted"))
        return part

    def _on_browse(self) -> None:
        ask_recording(self, self._take_file)

    def _take_file(self, path: Path) -> None:
        self.path.setText(str(path))
        self.client.setFocus()

    def _code(self) -> str:
        return self.client.currentText().strip()

    def _look(self) -> None:
        if not hasattr(self, "go"):
            return
        held = self.covered.get(self._code().casefold(), frozenset())
        self.scopes.show_held(held)
        self.scopes.warn(known=bool(self._code()))
        self.attest.setText(COVERED if held >= set(ASKED) else MORE if held else ATTEST)
        enough = Scope.RECORD in self.scopes.covered
        self.signed_on.setEnabled(bool(self.scopes.granted))
        self.go.setEnabled(bool(self.path.text().strip() and self._code() and enough))
        fit(self)

    def _on_import(self) -> None:
        granted = self.scopes.granted
        consent = ConsentWish(self._code(), granted, self.signed_on.day) if granted else None
        wish = ImportWish(
            source=Path(self.path.text().strip()).expanduser(),
            client_code=self._code(),
            title=self.title.text().strip(),
            held_on=self.held_on.day.isoformat(),
            original=DELETE if self.delete.isChecked() else KEEP,
        )
        say(self.problem, "")
        self.wished.emit(wish, consent)

    def begin_work(self) -> None:
        """Show progress; Cancel now stops the import."""
        self._running = True
        self.fields.setEnabled(False)
        self.go.setEnabled(False)
        self.bar.setValue(0)
        self.bar.show()
        self.doing.setText("Reading the recording and sealing it…")
        self.doing.show()
        self.cancel.setFocus()

    def show_progress(self, permille: int) -> None:
        """Show how far it is."""
        self.bar.setValue(permille)

    def end_work(self, problem: str = "", consent: bool = False) -> None:
        """Let the person change something and try again; `consent` says that it is what is wanting."""
        self._running = False
        self.fields.setEnabled(True)
        self.bar.hide()
        self.doing.hide()
        say(self.problem, problem)
        self._look()
        if problem:
            self._to_mend(consent).setFocus()
            self.path.selectAll()

    def _to_mend(self, consent: bool) -> QWidget:
        free = [box for box in self.scopes.boxes.values() if box.isEnabled()]
        return (free[0] if free else self.client) if consent else self.path

    def reject(self) -> None:
        """Cancel the work first; the dialog stays to say so."""
        if self._running:
            self.doing.setText("Stopping…")
            self.cancel_wished.emit()
            return
        super().reject()
