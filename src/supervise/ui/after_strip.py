"""What is worth knowing about a session just recorded: its gaps, and the consent spoken at its start."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from supervise.domain.recordings import Gap
from supervise.domain.times import clock, length_words
from supervise.ui.pieces import button, label, row, tool_button
from supervise.ui.theme import EDGE, GAP
from supervise.ui.wave_gaps import WHY

MOST = 3


def gap_words(gaps: Sequence[Gap], of: str = "the meeting") -> str:
    """Say where sound of a meeting is missing, how much and why; empty when nothing is."""
    if not gaps:
        return ""
    told = [f"{clock(gap.start_ms)} ({length_words(gap.lost_ms)}, {WHY[gap.reason]})" for gap in gaps[:MOST]]
    more = f" and at {len(gaps) - MOST} more places" if len(gaps) > MOST else ""
    return f"Sound of {of} is missing at {', '.join(told)}{more}."


class AfterStrip(QFrame):
    """Shown above a session that was recorded here, until it is closed."""

    spoken_wished = Signal()

    def __init__(self) -> None:
        """Hidden until there is something to say."""
        super().__init__()
        self.setProperty("role", "topbar")
        self.wanted = False
        self.words = label("", "")
        self.spoken = button("The consent was spoken here", self.spoken_wished.emit)
        self.spoken.setToolTip(
            "Marks the start, up to the place you are at, as the spoken consent (Ctrl+Shift+S)"
        )
        self.shut = tool_button("close", "Close this line")
        self.shut.clicked.connect(self.dismiss)
        line = row(self.words, self.spoken, self.shut, gap=GAP + 2)
        line.setStretch(0, 1)
        line.setContentsMargins(EDGE, GAP - 2, EDGE, GAP - 2)
        self.setLayout(line)
        self.hide()

    def tell(self, gaps: Sequence[Gap], fresh: bool) -> None:
        """Say what there is to say about the session that was just opened; `fresh`: just recorded."""
        words = gap_words(gaps)
        if fresh:
            words = f"Recorded and sealed. {words}".strip()
        self.words.setText(words)
        self.spoken.setVisible(fresh)
        self.wanted = bool(words)

    def dismiss(self) -> None:
        """Go away."""
        self.wanted = False
        self.words.clear()
        self.hide()
