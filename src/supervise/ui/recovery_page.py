"""The recovery key: shown once, to be written down or printed, never put on the clipboard."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from supervise.ui.columns import letters
from supervise.ui.pieces import button, card, column, label, row
from supervise.ui.theme import EDGE, GAP

TITLE = "Your recovery key"
WHY = (
    "If you ever forget your passphrase, this key opens the vault. Write it on paper and keep it where you "
    "keep your keys, away from this machine. It is shown only now. Whoever has it can open the vault."
)
NOT_COPIED = "It cannot be put on the clipboard, which other programs read."
GROUP = 4


def bare(text: str) -> str:
    """Return a key as it is compared: letters and digits only."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


class RecoveryPage(QWidget):
    """Shows the key and asks for its last group of four back, so that paper and screen agree."""

    kept = Signal()
    print_wished = Signal(str)

    def __init__(self) -> None:
        """Lay it out without a key."""
        super().__init__()
        self._key = ""
        frame, body = card(EDGE * 2)
        frame.setFixedWidth(letters(620))
        self.title = label(TITLE, "title")
        body.addWidget(self.title)
        self.why = label(WHY)
        body.addWidget(self.why)
        self.key = label("", "key")
        self.key.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.key.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.key.setAccessibleName("Recovery key")
        self.key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        body.addWidget(self.key)
        self.print_button = button("Print it…", self._on_print)
        line = row(label(NOT_COPIED, "muted"), self.print_button)
        line.setStretch(0, 1)
        body.addLayout(line)
        body.addSpacing(GAP)
        self._add_check(body)
        outer = column(self, EDGE)
        outer.addStretch(1)
        outer.addLayout(row(1, frame, 1))
        outer.addStretch(2)
        self._look()

    def _add_check(self, body: QVBoxLayout) -> None:
        self.written = QCheckBox("I have written it down or printed it, and can read my writing")
        self.last = QLineEdit()
        self.last.setAccessibleName("The last group of four of the recovery key")
        self.last.setMaximumWidth(160)
        self.last.setPlaceholderText("four signs")
        wish = "To be sure, type its last group of four, before the single sign:"
        self.ask = label(wish, wrap=False)
        body.addWidget(self.written)
        body.addLayout(row(self.ask, self.last, 1))
        self.doubt = label("", "muted")
        body.addWidget(self.doubt)
        self.go_on = button("Go on", self._on_kept, "primary")
        body.addLayout(row(1, self.go_on))
        self.written.toggled.connect(self._look)
        self.last.textChanged.connect(self._look)
        # Queued: the same Return is not to press a button of the page that comes after this one.
        self.last.returnPressed.connect(self._on_kept, Qt.ConnectionType.QueuedConnection)

    def show_key(self, key: str, title: str = TITLE, why: str = WHY) -> None:
        """Show a key."""
        self._key = key
        self.why.setText(why)
        self.title.setText(title)
        groups = key.split("-")
        half = len(groups) // 2
        self.key.setText("  ".join(groups[:half]) + "\n" + "  ".join(groups[half:]))
        self.key.setAccessibleName("Recovery key: " + ", ".join(" ".join(group) for group in groups))
        self.written.setChecked(False)
        self.last.clear()
        self.written.setFocus()

    def _agrees(self) -> bool:
        fours = [group for group in self._key.split("-") if len(group) == GROUP]
        return bool(fours) and self.written.isChecked() and bare(self.last.text()) == fours[-1]

    def _look(self) -> None:
        self.go_on.setEnabled(self._agrees())
        wrong = len(bare(self.last.text())) >= GROUP and not self._agrees() and self.written.isChecked()
        self.doubt.setText("That is not it. Compare with the key above, group by group." if wrong else "")

    def _on_print(self) -> None:
        self.print_wished.emit(self._key)

    def _on_kept(self) -> None:
        if self._agrees():
            self._key = ""
            self.key.clear()
            self.key.setAccessibleName("Recovery key")
            self.last.clear()
            self.kept.emit()
