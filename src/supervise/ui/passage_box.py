"""Hearing the session in an interview: its time line, the player, and what sets an event or a peak."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QWidget

from supervise.domain.interviews import Event
from supervise.domain.protocols import StepKind
from supervise.domain.recall import Party
from supervise.domain.times import clock
from supervise.ui.passage_line import PassageLine
from supervise.ui.pieces import button, column, dress, label, row, say, tool_button
from supervise.ui.theme import GAP

POLL_MS = 60
UNSET = "Play to where it begins and press B, then to where it ends and press E; or draw across the sound."


class PassageBox(QWidget):
    """Emits what is wanted of the player and of the event."""

    play_wished = Signal()
    seek_wished = Signal(int)
    edge_wished = Signal(str)
    peak_wished = Signal()
    undo_wished = Signal()
    span_wished = Signal(int, int)
    polled = Signal()

    def __init__(self) -> None:
        """Lay it out without a session."""
        super().__init__()
        self.line = PassageLine()
        self.play = tool_button("play", "Play or pause (Space)", "on_accent", 22)
        self.play.setProperty("role", "play")
        self.play.setFixedSize(40, 40)
        self.place = QLabel("0:00")
        self.place.setAccessibleName("Where the sound stands")
        self.begins = button("Begins here", lambda: self.edge_wished.emit("begin"))
        self.ends = button("Ends here", lambda: self.edge_wished.emit("end"))
        self.peak = button("A peak here", self.peak_wished.emit)
        self.less = button("Take these peaks back", self.undo_wished.emit)
        self.words = label("", "muted")
        for one, keys in ((self.begins, "B"), (self.ends, "E"), (self.peak, "P")):
            one.setToolTip(f"{keys} does the same")
        body = column(self, 0, GAP)
        body.addWidget(self.line)
        body.addLayout(row(self.play, self.place, self.begins, self.ends, self.peak, self.less, 1))
        body.addWidget(self.words)
        self.play.clicked.connect(self.play_wished)
        self.line.seek_requested.connect(self.seek_wished)
        self.line.span_drawn.connect(self.span_wished)
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.polled)

    def show_for(self, kind: StepKind, event: Event | None, *, fixed: bool, speaker: Party) -> None:
        """Show what a step asks: where the event is, or its peaks, or only the event to hear."""
        choosing = kind is StepKind.EVENT and not fixed
        self.begins.setVisible(choosing)
        self.ends.setVisible(choosing)
        self.peak.setVisible(kind is StepKind.PEAKS)
        self.less.setVisible(kind is StepKind.PEAKS)
        peaks = [] if event is None else [(who, at) for who, times in event.peaks for at in times]
        self.line.show_event(
            None if event is None else (event.start_ms, event.end_ms), [(str(who), at) for who, at in peaks]
        )
        self.less.setEnabled(event is not None and bool(event.peaks_of(speaker)))
        say(self.words, _event_words(kind, event, speaker))

    def show_player(self, ms: int, *, playing: bool) -> None:
        """Show where the sound stands, and whether it is heard."""
        self.line.show_place(ms)
        if self.place.text() != clock(ms):
            self.place.setText(clock(ms))
        if playing != self._timer.isActive():
            dress(self.play, "pause" if playing else "play", "on_accent", 22)
            (self._timer.start if playing else self._timer.stop)()

    def rest(self) -> None:
        """Stop looking at the player."""
        self._timer.stop()
        dress(self.play, "play", "on_accent", 22)


def _event_words(kind: StepKind, event: Event | None, speaker: Party) -> str:
    if event is None:
        return UNSET if kind is StepKind.EVENT else ""
    if kind not in (StepKind.EVENT, StepKind.PEAKS, StepKind.CUE):
        return ""
    words = f"From {clock(event.start_ms)} to {clock(event.end_ms)}."
    if kind is StepKind.PEAKS:
        times = event.peaks_of(speaker)
        said = ", ".join(clock(at) for at in times) if times else "none yet"
        words += f" Peaks of the {speaker}: {said}."
    return words
