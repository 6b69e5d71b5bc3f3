"""The strip above every other page while something is recorded, also above the locked door."""

from PySide6.QtWidgets import QFrame, QLabel, QPushButton

from supervise.ui.elided_label import ElidedLabel
from supervise.ui.pieces import row
from supervise.ui.recording_parts import RedLight
from supervise.ui.theme import EDGE, GAP


class GoingStrip(QFrame):
    """Red light, state and clock, what is said, then buttons; names nobody, and is hidden at first."""

    def __init__(self, clock_name: str) -> None:
        """`clock_name` is the clock's name for a screen reader."""
        super().__init__()
        self.setProperty("role", "recording")
        self.light = RedLight(18)
        self.state = QLabel()
        self.state.setProperty("role", "heading")
        self.clock = QLabel("0:00")
        self.clock.setProperty("role", "heading")
        self.clock.setAccessibleName(clock_name)
        self.said = ElidedLabel("muted")

    def _lay_out(self, *buttons: QPushButton) -> None:
        line = row(self.light, self.state, self.clock, gap=GAP + 2)
        line.addWidget(self.said, 1)
        for one in buttons:
            line.addWidget(one)
        line.setContentsMargins(EDGE, GAP, EDGE, GAP)
        self.setLayout(line)
        self.hide()
