"""The bar with play, skip, speed and loop, and the place in the session in figures."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QLabel

from supervise.domain.times import clock
from supervise.ui.elided_label import ElidedLabel
from supervise.ui.pieces import button, dress, row, tool_button
from supervise.ui.theme import EDGE, GAP

SPEEDS = (0.5, 0.6, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)


class PlayerBar(QFrame):
    """Emits wishes; shows what the player does."""

    play_pressed = Signal()
    back_pressed = Signal()
    forward_pressed = Signal()
    loop_pressed = Signal()
    mark_pressed = Signal()
    speed_chosen = Signal(float)

    def __init__(self) -> None:
        """Show a silent player at 0:00."""
        super().__init__()
        self.setProperty("role", "bar")
        self._playing = False
        self.play = tool_button("play", "Play", "on_accent", 22)
        self.play.setProperty("role", "play")
        self.play.setFixedSize(40, 40)
        self.back = tool_button("back", "Back 5 seconds", size=24)
        self.forward = tool_button("forward", "Forward 5 seconds", size=24)
        self.loop = tool_button("loop", "Loop the moment")
        self.loop.setCheckable(True)
        self._more()
        line = row(self.back, self.play, self.forward, self.place, self.speed, self.loop, self.mark, gap=GAP)
        line.addSpacing(EDGE)
        line.addWidget(self.message, 1)
        line.setContentsMargins(EDGE, GAP, EDGE, GAP)
        line.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(line)
        self.play.clicked.connect(self.play_pressed)
        self.back.clicked.connect(self.back_pressed)
        self.forward.clicked.connect(self.forward_pressed)
        self.loop.clicked.connect(self.loop_pressed)

    def _more(self) -> None:
        self.mark = button("Mark", self.mark_pressed.emit)
        dress(self.mark, "flag")
        self.mark.setToolTip("Mark what you just heard (M)")
        self.place = QLabel("0:00 / 0:00")
        self.place.setAccessibleName("Place in the session")
        font = self.place.font()
        font.setPointSizeF(font.pointSizeF() * 1.2)
        self.place.setFont(font)
        self.place.setMinimumWidth(170)
        self.speed = QComboBox()
        self.speed.setAccessibleName("Speed")
        self.speed.setToolTip("Speed; the pitch stays ([ slower, ] faster)")
        for speed in SPEEDS:
            self.speed.addItem(f"{speed:g}×", speed)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        self.speed.activated.connect(self._on_speed)
        self.message = ElidedLabel("muted")

    def _on_speed(self, number: int) -> None:
        self.speed_chosen.emit(SPEEDS[number])

    def show_speed(self, speed: float) -> None:
        """Show the speed in use."""
        self.speed.setCurrentIndex(min(range(len(SPEEDS)), key=lambda n: abs(SPEEDS[n] - speed)))

    def show_place(self, ms: int, duration_ms: int) -> None:
        """Show where the player is."""
        text = f"{clock(ms)} / {clock(duration_ms)}"
        if text != self.place.text():
            self.place.setText(text)

    def show_playing(self, playing: bool) -> None:
        """Show whether sound is heard."""
        if playing != self._playing:
            self._playing = playing
            dress(self.play, "pause" if playing else "play", "on_accent", 22)
            self.play.setAccessibleName("Pause" if playing else "Play")
            self.play.setToolTip("Pause (Space)" if playing else "Play (Space)")

    def next_speed(self, step: int) -> float:
        """Return the speed `step` places on from the one shown."""
        return SPEEDS[min(max(self.speed.currentIndex() + step, 0), len(SPEEDS) - 1)]
