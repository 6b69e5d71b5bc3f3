"""A session's sound on one line, with an event and its peaks; a click goes there, a drag draws the event."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from supervise.domain.times import clock
from supervise.ui.theme import colors, theme_of
from supervise.ui.wave_paint import PeaksSource

Span = tuple[int, int]
STEP_MS = 5000
LEAST_DRAG = 6
FOOT = 22
MARKS = {"therapist": "T", "client": "C"}


class PassageLine(QWidget):
    """Emits what the hand asked for and changes nothing itself; all times in ms of the session."""

    seek_requested = Signal(int)
    span_drawn = Signal(int, int)

    def __init__(self) -> None:
        """Show nothing until a session is opened."""
        super().__init__()
        self._peaks: PeaksSource | None = None
        self._duration_ms, self._place_ms, self._gain = 1, 0, 1.0
        self._span: Span | None = None
        self._marks: Sequence[tuple[str, int]] = ()
        self._from: QPoint | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(128)
        self.setAccessibleName("The session's time line")
        theme_of().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """A line across the page."""
        return QSize(640, 128)

    def open(self, peaks: PeaksSource, duration_ms: int) -> None:
        """Show a session's sound from its start to its end."""
        self._peaks, self._duration_ms, self._place_ms = peaks, max(1, duration_ms), 0
        loud = np.abs(peaks.columns(0, duration_ms, 1000)[:, :2]).max(axis=1)
        top = float(np.percentile(loud, 99.0)) if loud.size else 0.0
        self._gain = min(0.95 / top, 40.0) if top > 0 else 1.0
        self.show_event(None, ())

    def clear(self) -> None:
        """Forget the session."""
        self._peaks, self._span, self._marks = None, None, ()
        self.update()

    def show_place(self, ms: int) -> None:
        """Show where the sound stands."""
        if ms != self._place_ms:
            self._place_ms = ms
            self._tell()

    def show_event(self, span: Span | None, marks: Sequence[tuple[str, int]]) -> None:
        """Show an event, and its peaks by speaker."""
        self._span, self._marks = span, marks
        self._tell()

    def _tell(self) -> None:
        words = [f"The sound stands at {clock(self._place_ms)} of {clock(self._duration_ms)}"]
        if self._span is not None:
            words.append(f"The event is {clock(self._span[0])} to {clock(self._span[1])}")
        words += [f"A peak of the {speaker} at {clock(at)}" for speaker, at in self._marks]
        self.setAccessibleDescription(". ".join(words))
        self.update()

    # --- hand and keys

    def x_of(self, ms: int) -> int:
        """Return where a time is drawn."""
        return round(ms * max(1, self.width() - 1) / self._duration_ms)

    def _ms_of(self, x: int) -> int:
        return min(max(round(x * self._duration_ms / max(1, self.width() - 1)), 0), self._duration_ms)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.position().toPoint()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Go there, or draw the event between."""
        begin, self._from = self._from, None
        if begin is None:
            return
        first, last = sorted((begin.x(), event.position().toPoint().x()))
        if last - first < LEAST_DRAG:
            self.seek_requested.emit(self._ms_of(begin.x()))
        else:
            self.span_drawn.emit(self._ms_of(first), self._ms_of(last))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right go five seconds."""
        way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if not way or event.modifiers():
            super().keyPressEvent(event)
            return
        self.seek_requested.emit(min(max(self._place_ms + way * STEP_MS, 0), self._duration_ms))

    # --- picture

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw sound, event, peaks and place."""
        look, painter = colors(), QPainter(self)
        painter.fillRect(self.rect(), QColor(look.surface))
        high = self.height() - FOOT
        if self._span is not None:
            left, right = self.x_of(self._span[0]), self.x_of(self._span[1])
            painter.fillRect(left, 0, max(2, right - left), high, QColor(look.accent_soft))
        self._paint_sound(painter, high)
        if self._span is not None:
            painter.setPen(QPen(QColor(look.accent), 2))
            for at in self._span:
                painter.drawLine(self.x_of(at), 0, self.x_of(at), high)
        self._paint_marks(painter, high)
        painter.setPen(QPen(QColor(look.playhead), 2))
        painter.drawLine(self.x_of(self._place_ms), 0, self.x_of(self._place_ms), high)
        edge = look.focus if self.hasFocus() else look.line
        painter.setPen(QPen(QColor(edge), 2 if self.hasFocus() else 1))
        painter.drawRect(
            self.rect().adjusted(1, 1, -1, -1) if self.hasFocus() else self.rect().adjusted(0, 0, -1, -1)
        )

    def _paint_sound(self, painter: QPainter, high: int) -> None:
        if self._peaks is None or self.width() < 2:
            return
        painter.setPen(QColor(colors().wave_core))
        middle = high / 2
        for x, (low, top, _rms) in enumerate(self._peaks.columns(0, self._duration_ms, self.width())):
            up, down = (min(1.0, max(-1.0, float(value) * self._gain)) for value in (top, low))
            painter.drawLine(x, round(middle - up * (middle - 4)), x, round(middle - down * (middle - 4)))

    def _paint_marks(self, painter: QPainter, high: int) -> None:
        look = colors()
        shades = {"therapist": look.voice_a, "client": look.voice_b}
        for speaker, at in self._marks:
            x = self.x_of(at)
            painter.setPen(QPen(QColor(shades.get(speaker, look.text)), 2))
            painter.drawLine(x, 0, x, high)
            place = QRectF(min(max(x - 9, 0), self.width() - 18), high + 2, 18, FOOT - 4)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, MARKS.get(speaker, "?"))
        painter.setPen(QColor(look.muted))
        foot = QRectF(6, high + 2, self.width() - 12, FOOT - 4)
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "0:00")
        end = clock(self._duration_ms)
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, end)
