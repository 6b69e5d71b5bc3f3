"""What every view of a recording is made of: the red light, and the level of each channel."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from supervise.app.sound_check import Level, advice
from supervise.ui.theme import GAP, colors, theme_of

ON, PAUSED, ABSENT = "Recording", "Paused", "The microphone is gone"
FLOOR_DB, LOUD_DB = -60.0, -6.0
HELD_LOOKS = 40
BAR = 10


class RedLight(QWidget):
    """A red disc while it records, two bars while paused, a ring without microphone; it never blinks."""

    def __init__(self, size: int = 22) -> None:
        """Show a recording that runs."""
        super().__init__()
        self.state = ON
        self._size = size
        self.setFixedSize(size, size)
        self.setAccessibleName(ON)
        theme_of().changed.connect(self.update)

    def show_state(self, state: str) -> None:
        """Show `ON`, `PAUSED` or `ABSENT`."""
        if state != self.state:
            self.state = state
            self.setAccessibleName(state)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it; the three differ in shape as well as colour."""
        painter, look, side = QPainter(self), colors(), float(self._size)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.state == PAUSED:
            painter.setBrush(QColor(look.warn))
            for left in (0.18, 0.58):
                painter.drawRoundedRect(QRectF(side * left, side * 0.12, side * 0.24, side * 0.76), 2, 2)
            return
        middle = QPointF(side / 2, side / 2)
        painter.setBrush(QColor(look.record))
        painter.drawEllipse(middle, side * 0.46, side * 0.46)
        if self.state == ABSENT:
            painter.setBrush(QColor(look.surface))
            painter.drawEllipse(middle, side * 0.3, side * 0.3)


class LevelMeter(QWidget):
    """One bar a channel from -60 dB to full scale, and what is wrong with them in words, held a while."""

    def __init__(self) -> None:
        """Show silence on one channel."""
        super().__init__()
        self._levels: tuple[Level, ...] = ()
        self._sides: tuple[str, ...] = ("",)
        self._advice, self._held = "", 0
        self.setAccessibleName("Level")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme_of().changed.connect(self.update)

    def set_sides(self, sides: Sequence[str]) -> None:
        """Say who is on which channel; empty words take no room."""
        self._sides = tuple(sides)
        self.clear()
        self.updateGeometry()

    def clear(self) -> None:
        """Show nothing, as when no device is open."""
        self._levels, self._advice, self._held = (), "", 0
        self.setAccessibleDescription("")
        self.update()

    @property
    def advice(self) -> str:
        """What is wrong with the level; held for two seconds, so that it can be read."""
        return self._advice

    def show_levels(self, levels: Sequence[Level]) -> None:
        """Show the levels of the last moment."""
        self._levels = tuple(levels)
        words = advice(self._levels)
        if words:
            self._advice, self._held = words, HELD_LOOKS
        elif self._held:
            self._held -= 1
        else:
            self._advice = ""
        loud = max((level.peak_db for level in self._levels), default=FLOOR_DB)
        self.setAccessibleDescription(self._advice or f"{loud:.0f} dB")
        self.update()

    def sizeHint(self) -> QSize:
        """One line a channel."""
        named = any(self._sides)
        line = self.fontMetrics().height() if named else BAR
        return QSize(220, len(self._sides) * line + (len(self._sides) - 1) * GAP // 2)

    def minimumSizeHint(self) -> QSize:
        """As high as the lines are, and half as wide."""
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw every channel."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lead = max((self.fontMetrics().horizontalAdvance(side) for side in self._sides if side), default=-GAP)
        step = (self.height() + GAP // 2) / max(len(self._sides), 1)
        for number, side in enumerate(self._sides):
            middle = number * step + (step - GAP // 2) / 2
            if side:
                painter.setPen(QColor(colors().muted))
                painter.drawText(
                    QRectF(0, number * step, lead, step - GAP // 2), Qt.AlignmentFlag.AlignVCenter, side
                )
            bar = QRectF(lead + GAP, middle - BAR / 2, self.width() - lead - GAP, BAR)
            level = self._levels[number] if number < len(self._levels) else None
            _draw_bar(painter, bar, level)


def _draw_bar(painter: QPainter, bar: QRectF, level: Level | None) -> None:
    look = colors()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.sunken))
    painter.drawRoundedRect(bar, BAR / 2, BAR / 2)
    if level is None:
        return
    shade = look.record if level.clipped else look.warn if level.peak_db > LOUD_DB else look.good
    share = min(max((level.rms_db - FLOOR_DB) / -FLOOR_DB, 0.0), 1.0)
    painter.setBrush(QColor(shade))
    if share > 0:
        filled = QRectF(bar.left(), bar.top(), max(BAR, bar.width() * share), BAR)
        painter.drawRoundedRect(filled, BAR / 2, BAR / 2)
    peak = min(max((level.peak_db - FLOOR_DB) / -FLOOR_DB, 0.0), 1.0)
    if peak > 0:
        painter.drawRect(QRectF(bar.left() + (bar.width() - 3) * peak, bar.top() - 2, 3, BAR + 4))
