"""The strip above every other page while a recall goes on, also above the locked door."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel

from supervise.domain.times import clock
from supervise.ui.elided_label import ElidedLabel
from supervise.ui.live_recall import RecallStanding
from supervise.ui.pieces import button, row
from supervise.ui.recall_words import GOES_ON_LOCKED, state_words
from supervise.ui.recording_parts import RedLight
from supervise.ui.theme import EDGE, GAP


class RecallStrip(QFrame):
    """Red light and clock, the way back to the recall, and its end; names nobody."""

    page_wished = Signal()
    end_wished = Signal()

    def __init__(self) -> None:
        """Hidden until a recall goes on."""
        super().__init__()
        self.setProperty("role", "recording")
        self.light = RedLight(18)
        self.state = QLabel()
        self.state.setProperty("role", "heading")
        self.clock = QLabel("0:00")
        self.clock.setProperty("role", "heading")
        self.clock.setAccessibleName("The recall so far")
        self.said = ElidedLabel("muted")
        self.page = button("Show the recall", self.page_wished.emit)
        self.end = button("End the recall", self.end_wished.emit)
        self.end.setToolTip("Everything is kept (Ctrl+Shift+J)")
        line = row(self.light, self.state, self.clock, gap=GAP + 2)
        line.addWidget(self.said, 1)
        line.addWidget(self.page)
        line.addWidget(self.end)
        line.setContentsMargins(EDGE, GAP, EDGE, GAP)
        self.setLayout(line)
        self.hide()

    def show_standing(self, now: RecallStanding, locked: bool) -> None:
        """Show how it stands."""
        self.light.show_state(now.state)
        self.state.setText("A recall is recorded" if locked else f"Recall: {state_words(now).lower()}")
        self.clock.setText(clock(now.recall_ms))
        self.page.setVisible(not locked)
        self.said.setText(GOES_ON_LOCKED if locked else now.said)
