"""The strip above every other page while a session is recorded, also above the locked door."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel

from supervise.domain.times import clock
from supervise.ui.elided_label import ElidedLabel
from supervise.ui.live_recording import Standing
from supervise.ui.pieces import button, row
from supervise.ui.recording_page import STATE_WORDS, show_pause
from supervise.ui.recording_parts import ABSENT, RedLight
from supervise.ui.theme import EDGE, GAP


class RecordingStrip(QFrame):
    """Red light, clock, and the keys that work everywhere; names nobody."""

    mark_wished = Signal()
    pause_wished = Signal()
    ask_wished = Signal()
    stop_wished = Signal()
    page_wished = Signal()

    def __init__(self) -> None:
        """Hidden until something is recorded."""
        super().__init__()
        self.setProperty("role", "recording")
        self.light = RedLight(18)
        self.state = QLabel()
        self.state.setProperty("role", "heading")
        self.clock = QLabel("0:00")
        self.clock.setProperty("role", "heading")
        self.clock.setAccessibleName("Recorded so far")
        self.said = ElidedLabel("muted")
        self.mark = button("Mark  F8", self.mark_wished.emit)
        self.pause = button("Pause", self.pause_wished.emit)
        self.pause.setToolTip("F9")
        self.asks = button("The client asks to stop  F12", self.ask_wished.emit, "danger")
        self.stop = button("End", self.stop_wished.emit)
        self.stop.setToolTip("End the recording; everything is kept (Ctrl+Shift+R)")
        self.stop.setAccessibleName("End the recording")
        self.page = button("Show", self.page_wished.emit)
        self.page.setAccessibleName("Show the recording")
        line = row(self.light, self.state, self.clock, gap=GAP + 2)
        line.addWidget(self.said, 1)
        for one in (self.mark, self.pause, self.asks, self.stop, self.page):
            line.addWidget(one)
        line.setContentsMargins(EDGE, GAP, EDGE, GAP)
        self.setLayout(line)
        self.hide()

    def show_standing(self, now: Standing) -> None:
        """Show how it stands."""
        self.light.show_state(now.state)
        self.state.setText(STATE_WORDS[now.state])
        self.clock.setText(clock(now.duration_ms))
        show_pause(self.pause, now.state)
        self.said.setText(now.said if now.state == ABSENT or now.said else now.room_words)
