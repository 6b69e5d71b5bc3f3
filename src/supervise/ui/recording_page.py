"""The page while a session is recorded: red light, clock, level, room, and few big buttons. No names."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from supervise.domain.times import clock
from supervise.ui.live_recording import Standing
from supervise.ui.pieces import button, card, column, dress, label, row, say, set_role
from supervise.ui.recording_parts import ABSENT, ON, PAUSED, LevelMeter, RedLight
from supervise.ui.theme import EDGE, GAP

GOES_ON = (
    "You can lock the screen, look at something else or use the small window: recording goes on. Marks are "
    "silent, and what they mean is added later."
)
STATE_WORDS = {ON: "Recording", PAUSED: "Paused", ABSENT: "The microphone is gone"}
SINGLE_KEYS = {Qt.Key.Key_M: "mark", Qt.Key.Key_P: "pause", Qt.Key.Key_S: "ask"}


class RecordingWishes(QWidget):
    """What every view of a recording can wish for; M, P and S are its single keys."""

    mark_wished = Signal()
    pause_wished = Signal()
    ask_wished = Signal()
    stop_wished = Signal()
    face_wished = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """M marks, P pauses or goes on, S: the client asks to stop."""
        wished = SINGLE_KEYS.get(Qt.Key(event.key()), "")
        if not wished or event.modifiers() or event.isAutoRepeat():
            super().keyPressEvent(event)
            return
        {"mark": self.mark_wished, "pause": self.pause_wished, "ask": self.ask_wished}[wished].emit()


class RecordingPage(RecordingWishes):
    """Fills the window; everything on it can be seen by the client too."""

    def __init__(self) -> None:
        """Lay it out, showing nothing yet."""
        super().__init__()
        frame, body = card(EDGE * 2)
        frame.setMinimumWidth(620)
        frame.setMaximumWidth(720)
        self.light = RedLight(34)
        self.state = label("", "title", wrap=False)
        self.clock = QLabel("0:00")
        self.clock.setProperty("role", "clock")
        self.clock.setAccessibleName("Recorded so far")
        self.meter = LevelMeter()
        self.facts = label("", "muted")
        self.notice = label("", "notice")
        self.quiet = label("", "muted")
        body.addLayout(row(self.light, self.state, 1, self.clock, gap=GAP * 2))
        body.addSpacing(GAP)
        body.addWidget(self.meter)
        body.addWidget(self.facts)
        body.addWidget(self.notice)
        body.addSpacing(GAP)
        self._add_buttons(body)
        body.addSpacing(GAP)
        body.addWidget(self.quiet)
        body.addWidget(label(GOES_ON, "muted"))
        outer = column(self, EDGE)
        outer.addStretch(1)
        outer.addLayout(row(1, frame, 1))
        outer.addStretch(2)

    def _add_buttons(self, body: QVBoxLayout) -> None:
        self.mark = button("Mark", self.mark_wished.emit, "primary")
        dress(self.mark, "flag", "on_accent")
        self.mark.setToolTip("A silent mark at this moment (M, or F8 anywhere)")
        self.pause = button("Pause", self.pause_wished.emit)
        self.pause.setToolTip("P, or F9 anywhere")
        self.asks = button("The client asks to stop", self.ask_wished.emit, "danger")
        self.asks.setToolTip("Pauses at once (S, or F12 anywhere)")
        self.stop = button("End the recording", self.stop_wished.emit)
        self.stop.setToolTip("Everything recorded is kept (Ctrl+Shift+R)")
        self.face = button("Small window", self.face_wished.emit)
        self.face.setToolTip("A small window that stays on top (F7)")
        for one in (self.pause, self.asks, self.stop, self.face):
            one.setProperty("bulk", "big")
        self.mark.setProperty("bulk", "huge")
        body.addWidget(self.mark)
        body.addLayout(row(self.pause, self.asks))
        body.addLayout(row(self.stop, self.face))

    def begin(self, sides: tuple[str, ...]) -> None:
        """Show a recording that has just begun."""
        self.meter.set_sides(sides)
        self.mark.setFocus()

    def show_standing(self, now: Standing) -> None:
        """Show how it stands."""
        self.light.show_state(now.state)
        show_pause(self.pause, now.state)
        self._show_mark(now.state == PAUSED)
        _set(self.state, STATE_WORDS[now.state])
        _set(self.clock, clock(now.duration_ms))
        _set(
            self.facts,
            " · ".join(part for part in (f"{now.room_words} on the disk", now.count_words) if part),
        )
        self.meter.show_levels(now.levels)
        if now.state == ABSENT:
            say(self.notice, now.said)
            say(self.quiet, "")
        else:
            _say(self.notice, self.meter.advice)
            _say(self.quiet, now.said)

    def _show_mark(self, paused: bool) -> None:
        """While paused the way on stands out, not the mark."""
        if (self.mark.property("role") == "primary") == paused:
            set_role(self.mark, "" if paused else "primary")
            dress(self.mark, "flag", "" if paused else "on_accent")


def show_pause(target: QPushButton, state: str) -> None:
    """Let the button say what it would do."""
    words = "Go on recording" if state == PAUSED else "Pause"
    if target.text() != words:
        target.setText(words)
        set_role(target, "primary" if state == PAUSED else "")


def _set(target: QLabel, text: str) -> None:
    if target.text() != text:
        target.setText(text)


def _say(target: QLabel, text: str) -> None:
    if target.text() != text or target.isHidden() == bool(text):
        say(target, text)
