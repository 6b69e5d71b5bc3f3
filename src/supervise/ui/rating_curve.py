"""What was rated, drawn over the session: a lane a dial, a line a series, a gap where nothing played."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QIcon,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from supervise.app.rating_reading import RatingView
from supervise.domain.rating import Dial
from supervise.domain.rating_trace import held
from supervise.domain.times import clock
from supervise.ui.dial import stand_words
from supervise.ui.rating_steps import Steps
from supervise.ui.theme import EDGE, GAP, colors, theme_of

LANE, WORDS, AXIS, SPARE = 130, 176, 26, 28
LINES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)
SHADES = ("accent", "voice_b", "voice_other", "text")
STEP_MS = 5000
_TICKS = (5, 10, 30, 60, 120, 300, 600, 1200, 1800)


def line_pen(number: int) -> QPen:
    """Return the line of a series: each differs in colour and in its dashes."""
    shade = getattr(colors(), SHADES[number % len(SHADES)])
    return QPen(QColor(shade), 2, LINES[number % len(LINES)])


def line_icon(number: int) -> QIcon:
    """Return a picture of that line, for the list beside the drawing."""
    picture = QPixmap(56, 24)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setPen(line_pen(number))
    painter.drawLine(0, 6, 28, 6)
    painter.end()
    return QIcon(picture)


@dataclass(frozen=True, slots=True)
class Line:
    """One dial of one series; `number` tells its series from others."""

    number: int
    series: RatingView
    dial: Dial
    stood: Steps


@dataclass(frozen=True, slots=True)
class Lane:
    """The lines on dials of the same words."""

    dial: Dial
    lines: tuple[Line, ...]


def lanes_of(chosen: Sequence[tuple[int, RatingView]]) -> tuple[Lane, ...]:
    """Arrange the dials of numbered series in lanes: the same scale lies in one."""
    lanes: dict[tuple[object, ...], list[Line]] = {}
    for number, view in chosen:
        for place, dial in enumerate(view.series.setup.dials):
            scale = (dial.title, dial.low, dial.high, dial.minimum, dial.maximum)
            lanes.setdefault(scale, []).append(Line(number, view, dial, Steps(held(view.trace, place))))
    return tuple(Lane(lines[0].dial, tuple(lines)) for lines in lanes.values())


class RatingCurve(QWidget):
    """Left and Right move the place that is read out, Enter goes there; the mouse does both too."""

    place_changed = Signal(int)
    place_wished = Signal(int)

    def __init__(self, duration_ms: int) -> None:
        """Show nothing yet of a session of that length."""
        super().__init__()
        self._duration_ms = max(duration_ms, 1)
        self.lanes: tuple[Lane, ...] = ()
        self._picture: QPixmap | None = None
        self.place_ms = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self.setAccessibleName("What was rated, over the session")
        theme_of().changed.connect(self._redraw)

    def show_series(self, chosen: Sequence[tuple[int, RatingView]]) -> None:
        """Draw these series, numbered as in the list."""
        self.lanes = lanes_of(chosen)
        self._redraw()
        self.updateGeometry()
        self.go(self.place_ms)

    def sizeHint(self) -> QSize:
        """As high as the lanes."""
        return QSize(620, max(1, len(self.lanes)) * LANE + AXIS + EDGE)

    def minimumSizeHint(self) -> QSize:
        """The lanes, and room to see something of the time line."""
        return QSize(420, self.sizeHint().height())

    def go(self, ms: int) -> None:
        """Read out another place."""
        self.place_ms = max(0, min(ms, self._duration_ms))
        self.setAccessibleDescription(self.words())
        self.update()
        self.place_changed.emit(self.place_ms)

    def words(self) -> str:
        """Say what was held at the place that is read out."""
        found = [
            f"{line.dial.title} {stand_words(line.dial, row.value)}"
            + (f" (line {line.number + 1})" if len(lane.lines) > 1 else "")
            + (f" in pass {row.pass_no}" if len(line.series.trace.passes) > 1 else "")
            for lane in self.lanes
            for line in lane.lines
            for row in line.stood.at(self.place_ms)
        ]
        return f"{clock(self.place_ms)}: {'; '.join(found) or 'nothing was rated here'}"

    # --- drawing

    def _area(self, number: int) -> QRectF:
        height = (self.height() - AXIS) / max(1, len(self.lanes))
        return QRectF(WORDS, number * height + GAP, self.width() - WORDS - SPARE, height - 2 * GAP)

    def _x(self, ms: float) -> float:
        area = self._area(0)
        return area.left() + ms / self._duration_ms * area.width()

    def _ms(self, x: float) -> int:
        area = self._area(0)
        return round((x - area.left()) / area.width() * self._duration_ms)

    def _redraw(self) -> None:
        """Throw the picture of the lanes away; it is made anew at the next paint."""
        self._picture = None
        self.update()

    def _made(self) -> QPixmap:
        """Return the lanes and the times at the size and on the screen they are shown."""
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        if self._picture is None or self._picture.size() != size:
            self._picture = QPixmap(size)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._picture)
            painter.setFont(self.font())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for number, lane in enumerate(self.lanes):
                self._draw_lane(painter, self._area(number), lane)
            self._draw_times(painter)
            painter.end()
        return self._picture

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Copy the picture of the lanes, then the place that is read out."""
        painter, look = QPainter(self), colors()
        painter.drawPixmap(0, 0, self._made())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.lanes:
            x = self._x(self.place_ms)
            painter.setPen(QPen(QColor(look.playhead), 1))
            painter.drawLine(QPointF(x, GAP), QPointF(x, self.height() - AXIS))
        if self.hasFocus():
            painter.setPen(QPen(QColor(look.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _draw_lane(self, painter: QPainter, area: QRectF, lane: Lane) -> None:
        look, flags = colors(), Qt.AlignmentFlag
        painter.setPen(QPen(QColor(look.line), 1))
        painter.setBrush(QColor(look.sunken))
        painter.drawRoundedRect(area, 4, 4)
        painter.setPen(QPen(QColor(look.control), 1))
        middle = _y(area, lane.dial, lane.dial.middle)
        painter.drawLine(QPointF(area.left(), middle), QPointF(area.right(), middle))
        beside = QRectF(GAP, area.top(), WORDS - 2 * GAP, area.height())
        wrap = Qt.TextFlag.TextWordWrap
        for words, where, shade in (
            (lane.dial.high, flags.AlignTop, look.muted),
            (lane.dial.title, flags.AlignVCenter, look.text),
            (lane.dial.low, flags.AlignBottom, look.muted),
        ):
            painter.setPen(QColor(shade))
            painter.drawText(beside, where | flags.AlignRight | wrap, words)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for line in lane.lines:
            painter.setPen(line_pen(line.number))
            for piece in self._pieces(area, line):
                painter.drawPolyline(piece)

    def _pieces(self, area: QRectF, line: Line) -> list[list[QPointF]]:
        """Return the steps of one line, a piece for each time that was heard in one go."""
        px_a_ms = area.width() / self._duration_ms
        low, high = _y(area, line.dial, line.dial.minimum), _y(area, line.dial, line.dial.maximum)
        share = (high - low) / (line.dial.maximum - line.dial.minimum)
        pieces = []
        for xs, values in line.stood.lines(px_a_ms):
            ys = low + (values - line.dial.minimum) * share
            places = zip((xs + area.left()).tolist(), ys.tolist(), strict=True)
            pieces.append([QPointF(x, y) for x, y in places])
        return pieces

    def _draw_times(self, painter: QPainter) -> None:
        seconds = self._duration_ms / 1000
        step = next((tick for tick in _TICKS if seconds / tick <= 8), 3600)
        painter.setPen(QColor(colors().muted))
        top = self.height() - AXIS
        for at in range(0, int(seconds) + 1, step):
            x = self._x(at * 1000)
            painter.drawLine(QPointF(x, top), QPointF(x, top + 4))
            room = QRectF(x - 40, top + 4, 80, AXIS - 4)
            painter.drawText(room, Qt.AlignmentFlag.AlignHCenter, clock(at * 1000))

    # --- hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Read out what is under the mouse."""
        self.go(self._ms(event.position().x()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go there in the session."""
        self.place_wished.emit(self._ms(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right move by five seconds, with Shift by one; Home, End; Enter goes there."""
        step = 1000 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP_MS
        places = {
            Qt.Key.Key_Left: self.place_ms - step,
            Qt.Key.Key_Right: self.place_ms + step,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self._duration_ms,
        }
        key = Qt.Key(event.key())
        if key in places:
            self.go(places[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.place_wished.emit(self.place_ms)
        else:
            super().keyPressEvent(event)


def _y(area: QRectF, dial: Dial, value: int) -> float:
    share = (value - dial.minimum) / (dial.maximum - dial.minimum)
    return area.bottom() - 4 - share * (area.height() - 8)
