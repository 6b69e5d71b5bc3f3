"""The locked door: a passphrase, and the recovery key for when it is lost. Nothing of the vault is shown."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from supervise.ui.pieces import add_field, button, card, column, form, label, row, say
from supervise.ui.strength import LEAST
from supervise.ui.theme import EDGE, GAP

FIRST = "Only if you are not the first person in this vault"
SAME = "Only if somebody else worked here last"
GOES_ON = "A transcription under way goes on. Its words are sealed and shown once you unlock."


class UnlockPage(QWidget):
    """Serves both: opening a vault's folder, and unlocking the vault that is open."""

    unlock_wished = Signal(str, str)
    recovery_wished = Signal(str, str)
    other_wished = Signal()

    def __init__(self) -> None:
        """Lay it out."""
        super().__init__()
        self._opening = True
        frame, body = card(EDGE * 2)
        frame.setMaximumWidth(520)
        frame.setMinimumWidth(440)
        self.title = label("The vault is locked", "title")
        self.goes_on = label(GOES_ON, "muted")
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
        self.profile = QLineEdit()
        self.profile.setMaxLength(60)
        self.fields = form()
        add_field(self.fields, "Passphrase", self.passphrase)
        add_field(self.fields, "Your name", self.profile)
        self._add_doors(body)
        outer = column(self, EDGE)
        outer.addStretch(1)
        outer.addLayout(row(1, frame, 1))
        outer.addStretch(2)

    def _add_doors(self, body: QVBoxLayout) -> None:
        self.problem = label("", "error")
        self.problem.hide()
        self.open = button("Unlock", self._on_unlock, "primary")
        self.other = button("Another vault…", self.other_wished.emit)
        self.lost = button("I have lost my passphrase", self._show_recovery, "link")
        body.addWidget(self.title)
        body.addWidget(self.goes_on)
        body.addSpacing(GAP)
        body.addLayout(self.fields)
        body.addWidget(self.problem)
        body.addLayout(row(self.other, 1, self.open))
        body.addLayout(row(self.lost, 1))
        self.recovery = self._recovery_fields()
        body.addWidget(self.recovery)
        self.passphrase.returnPressed.connect(self._on_unlock)
        self.profile.returnPressed.connect(self._on_unlock)

    def _recovery_fields(self) -> QWidget:
        holder = QWidget()
        body = column(holder)
        self.key, self.new = QLineEdit(), QLineEdit()
        self.new.setEchoMode(QLineEdit.EchoMode.Password)
        fields = form()
        add_field(fields, "Recovery key", self.key)
        add_field(fields, "New passphrase", self.new)
        body.addLayout(fields)
        self.reset = button("Set the new passphrase", self._on_recovery)
        body.addLayout(row(1, self.reset))
        self.new.returnPressed.connect(self._on_recovery)
        holder.hide()
        return holder

    def begin(self, opening: bool, busy: bool = False) -> None:
        """Empty every field; `opening` a folder differs from unlocking in a few words."""
        self._opening = opening
        self.forget()
        self.title.setText("Open the vault" if opening else "The vault is locked")
        self.goes_on.setVisible(busy and not opening)
        self.profile.setPlaceholderText(FIRST if opening else SAME)
        self.set_busy(busy=False)
        self.lost.show()
        self.recovery.hide()
        self.passphrase.setFocus()

    def forget(self) -> None:
        """Empty every field."""
        for field in (self.passphrase, self.profile, self.key, self.new):
            field.clear()
        say(self.problem, "")

    def set_busy(self, busy: bool) -> None:
        """Show that a key is being tried; what is typed stays where it is."""
        self.open.setEnabled(not busy)
        self.other.setEnabled(not busy)
        self.reset.setEnabled(not busy)
        words = "Open" if self._opening else "Unlock"
        self.open.setText(f"{words}ing…" if busy else words)

    def show_problem(self, sentence: str) -> None:
        """Say why it did not open, and let the person try again."""
        say(self.problem, sentence)
        field = self.key if self.recovery.isVisible() else self.passphrase
        field.selectAll()
        field.setFocus()

    def _show_recovery(self) -> None:
        self.recovery.show()
        self.key.setFocus()

    def _on_unlock(self) -> None:
        if self.passphrase.text():
            say(self.problem, "")
            self.unlock_wished.emit(self.passphrase.text(), self.profile.text().strip())

    def _on_recovery(self) -> None:
        if len(self.new.text()) < LEAST:
            say(self.problem, f"The new passphrase needs at least {LEAST} letters.")
            return
        self.recovery_wished.emit(self.key.text(), self.new.text())
