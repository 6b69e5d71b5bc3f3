"""The strip that shows how far deleting the last minutes of a recording is, above whatever else is done."""

from PySide6.QtWidgets import QFrame, QProgressBar

from supervise.ui.pieces import label, row
from supervise.ui.theme import EDGE, GAP

WORDS = (
    "Deleting the last {minutes} of the recording for good: what remains is being written anew. You can go "
    "on working; at the end it opens."
)


class EndingStrip(QFrame):
    """Shown while it takes; there is nothing to decide any more."""

    def __init__(self) -> None:
        """Hidden until something is deleted."""
        super().__init__()
        self.setProperty("role", "topbar")
        self.wanted = False
        self.words = label("", "")
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(200)
        self.bar.setAccessibleName("How much of what remains is written")
        line = row(self.words, self.bar, gap=GAP + 2)
        line.setStretch(0, 1)
        line.setContentsMargins(EDGE, GAP, EDGE, GAP)
        self.setLayout(line)
        self.hide()

    def begin(self, minutes: float) -> None:
        """Say what is being done."""
        self.words.setText(WORDS.format(minutes="minute" if minutes == 1 else f"{minutes:g} minutes"))
        self.bar.setValue(0)
        self.wanted = True

    def end(self) -> None:
        """Go away."""
        self.wanted = False
        self.hide()
