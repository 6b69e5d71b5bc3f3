"""The small window that stays on top while a session is recorded: light, clock, three buttons, no names."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel

from supervise.domain.times import clock
from supervise.ui.live_recording import Standing
from supervise.ui.pieces import column, dress, row, tool_button
from supervise.ui.recording_page import STATE_WORDS, RecordingWishes
from supervise.ui.recording_parts import PAUSED, RedLight
from supervise.ui.theme import EDGE, GAP


class RecordingFace(RecordingWishes):
    """Frameless, dragged by its ground; Escape goes back to the big window."""

    back_wished = Signal()

    def __init__(self, keys: list[QAction]) -> None:
        """Take the recording's actions, so that their keys work here too."""
        super().__init__()
        flags = Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        self.setWindowFlags(flags)
        self.setWindowTitle("Recording")
        self.setAccessibleName("Recording, small window")
        self.addActions(keys)
        self._held: QPoint | None = None
        self._paused = False
        column(self).addWidget(self._lay_out())

    def _lay_out(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "face")
        self.light = RedLight(16)
        self.clock = QLabel("0:00")
        self.clock.setProperty("role", "heading")
        self.clock.setAccessibleName("Recorded so far")
        self.clock.setMinimumWidth(72)
        self.mark = tool_button("flag", "Mark (M)")
        self.pause = tool_button("pause", "Pause (P)")
        self.asks = tool_button("hand", "The client asks to stop (S)", "danger")
        self.stop = tool_button("stop", "End the recording (Ctrl+Shift+R)")
        self.back = tool_button("whole", "Back to the big window (Esc)")
        line = row(self.light, self.clock, gap=GAP)
        for one in (self.mark, self.pause, self.asks, self.stop, self.back):
            line.addWidget(one)
        line.setContentsMargins(EDGE - 4, GAP - 2, GAP, GAP - 2)
        frame.setLayout(line)
        self.mark.clicked.connect(self.mark_wished)
        self.pause.clicked.connect(self.pause_wished)
        self.asks.clicked.connect(self.ask_wished)
        self.stop.clicked.connect(self.stop_wished)
        self.back.clicked.connect(self.back_wished)
        return frame

    def show_standing(self, now: Standing) -> None:
        """Show how it stands."""
        self.light.show_state(now.state)
        self.clock.setText(clock(now.duration_ms))
        self.setToolTip(STATE_WORDS[now.state])
        paused = now.state == PAUSED
        if paused != self._paused:
            self._paused = paused
            dress(self.pause, "play" if paused else "pause")
            words = "Go on recording (P)" if paused else "Pause (P)"
            self.pause.setAccessibleName(words)
            self.pause.setToolTip(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.back_wished.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of it."""
        self._held = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move with the hand."""
        if self._held is not None:
            self.move(event.globalPosition().toPoint() - self._held)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._held = None

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing it means going back, not ending anything."""
        event.ignore()
        self.back_wished.emit()
