"""The strip above every other page while a session is recorded, also above the locked door."""

from PySide6.QtCore import Signal

from supervise.domain.times import clock
from supervise.ui.going_strip import GoingStrip
from supervise.ui.live_recording import Standing
from supervise.ui.pieces import button
from supervise.ui.recording_page import STATE_WORDS, show_pause
from supervise.ui.recording_parts import ABSENT


class RecordingStrip(GoingStrip):
    """Beside the clock: the keys that work everywhere; names nobody."""

    mark_wished = Signal()
    pause_wished = Signal()
    ask_wished = Signal()
    stop_wished = Signal()
    page_wished = Signal()

    def __init__(self) -> None:
        """Hidden until something is recorded."""
        super().__init__("Recorded so far")
        self.mark = button("Mark  F8", self.mark_wished.emit)
        self.pause = button("Pause", self.pause_wished.emit)
        self.pause.setToolTip("F9")
        self.asks = button("The client asks to stop  F12", self.ask_wished.emit, "danger")
        self.stop = button("End", self.stop_wished.emit)
        self.stop.setToolTip("End the recording; everything is kept (Ctrl+Shift+R)")
        self.stop.setAccessibleName("End the recording")
        self.page = button("Show", self.page_wished.emit)
        self.page.setAccessibleName("Show the recording")
        self._lay_out(self.mark, self.pause, self.asks, self.stop, self.page)

    def show_standing(self, now: Standing) -> None:
        """Show how it stands."""
        self.light.show_state(now.state)
        self.state.setText(STATE_WORDS[now.state])
        self.clock.setText(clock(now.duration_ms))
        show_pause(self.pause, now.state)
        self.said.setText(now.said if now.state == ABSENT or now.said else now.room_words)
