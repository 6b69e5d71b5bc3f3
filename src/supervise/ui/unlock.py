"""The locked door: a passphrase, and the way in for when it is lost. Nothing of the vault is shown."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from supervise.ui.lost_page import LostPage
from supervise.ui.pieces import add_field, button, card, column, form, label, row, say
from supervise.ui.theme import EDGE, GAP

FIRST = "Only if you are not the first person in this vault"
SAME = "Only if somebody else worked here last"
GOES_ON = "A transcription under way goes on. Its words are sealed and shown once you unlock."
LOST = "I have lost my passphrase"


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
        frame.setMaximumWidth(560)
        frame.setMinimumWidth(480)
        self.title = label("The vault is locked", "title")
        self.goes_on = label(GOES_ON, "muted")
        self.news = label("", "good")
        self.news.hide()
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
        self.profile = QLineEdit()
        self.profile.setMaxLength(60)
        self._add_doors(body)
        outer = column(self, EDGE)
        outer.addStretch(1)
        outer.addLayout(row(1, frame, 1))
        outer.addStretch(2)

    def _add_doors(self, body: QVBoxLayout) -> None:
        self.problem = label("", "error")
        self.problem.hide()
        self.known, self.recovery = self._known(), LostPage()
        self.recovery.hide()
        body.addWidget(self.title)
        body.addWidget(self.goes_on)
        body.addWidget(self.news)
        body.addSpacing(GAP)
        body.addWidget(self.problem)
        body.addWidget(self.known)
        body.addWidget(self.recovery)
        self.recovery.wished.connect(self._on_recovery)
        self.recovery.back_wished.connect(self._show_known)

    def _known(self) -> QWidget:
        holder = QWidget()
        inside = column(holder)
        fields = form()
        add_field(fields, "Passphrase", self.passphrase)
        add_field(fields, "Your name", self.profile)
        self.open = button("Unlock", self._on_unlock, "primary")
        self.other = button("Another vault…", self.other_wished.emit)
        self.lost = button(LOST, self._show_recovery, "link")
        inside.addLayout(fields)
        inside.addLayout(row(self.other, 1, self.open))
        inside.addLayout(row(self.lost, 1))
        self.passphrase.returnPressed.connect(self._on_unlock)
        self.profile.returnPressed.connect(self._on_unlock)
        return holder

    def begin(self, opening: bool, busy: bool = False) -> None:
        """Empty every field; `opening` a folder differs from unlocking in a few words."""
        self._opening = opening
        self.forget()
        self.goes_on.setVisible(busy and not opening)
        self.profile.setPlaceholderText(FIRST if opening else SAME)
        self.set_busy(busy=False)
        self._show_known()

    def show_news(self, words: str) -> None:
        """Say what ended while the vault was locked, without content."""
        say(self.news, words)

    def forget(self) -> None:
        """Empty every field."""
        say(self.news, "")
        for field in (self.passphrase, self.profile):
            field.clear()
        self.recovery.forget()
        say(self.problem, "")

    def set_busy(self, busy: bool) -> None:
        """Show that a key is being tried; what is typed stays where it is."""
        self.open.setEnabled(not busy)
        self.other.setEnabled(not busy)
        self.recovery.set_busy(busy)
        words = "Open" if self._opening else "Unlock"
        self.open.setText(f"{words}ing…" if busy else words)

    def show_problem(self, sentence: str) -> None:
        """Say why it did not open, and let the person try again."""
        say(self.problem, sentence)
        field = self.passphrase if self.recovery.isHidden() else self.recovery.key
        field.selectAll()
        field.setFocus()

    def _show_recovery(self) -> None:
        say(self.problem, "")
        self.title.setText(LOST)
        self.passphrase.clear()
        self.known.hide()
        self.recovery.show()
        self.recovery.key.setFocus()

    def _show_known(self) -> None:
        say(self.problem, "")
        self.title.setText("Open the vault" if self._opening else "The vault is locked")
        self.recovery.forget()
        self.recovery.hide()
        self.known.show()
        self.passphrase.setFocus()

    def _on_unlock(self) -> None:
        if self.passphrase.text():
            say(self.problem, "")
            self.unlock_wished.emit(self.passphrase.text(), self.profile.text().strip())

    def _on_recovery(self, key: str, passphrase: str) -> None:
        say(self.problem, "")
        self.recovery_wished.emit(key, passphrase)
