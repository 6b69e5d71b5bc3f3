"""One dial as it is turned: a large track between two words, filled from its middle to where it stands."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy

from supervise.domain.rating import Dial
from supervise.ui.theme import GAP, colors, theme_of

TRACK, HANDLE, KNOB = 72, 14, 16
WORDS = 1.3  # how much larger the words at its ends are
_NOTCH = 120


def stand_words(dial: Dial, value: int) -> str:
    """Say where a dial stands: `40 towards pleasant`, `in the middle`."""
    away = value - dial.middle
    return f"{abs(away)} towards {dial.high if away > 0 else dial.low}" if away else "in the middle"


class DialView(QAbstractSlider):
    """Shows a dial and is turned by mouse or wheel; keys are the page's, whichever dial has the focus."""

    turned = Signal(int)

    def __init__(self, dial: Dial, upright: bool) -> None:
        """Stand in the middle; `upright` dials have their high end at the top, others at the right."""
        super().__init__()
        self.dial, self._upright, self._wheel = dial, upright, 0
        self.setOrientation(Qt.Orientation.Vertical if upright else Qt.Orientation.Horizontal)
        self.setRange(dial.minimum, dial.maximum)
        self.setSingleStep(dial.step)
        self.setPageStep(dial.step)
        self.setTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy.Policy
        self.setSizePolicy(
            *((policy.Fixed, policy.Expanding) if upright else (policy.Expanding, policy.Fixed))
        )
        self.setAccessibleName(f"{dial.title}: {dial.low} to {dial.high}")
        theme_of().changed.connect(self.update)
        self.show_value(dial.middle)

    def show_value(self, value: int) -> None:
        """Show where it stands."""
        self.setValue(value)
        words = stand_words(self.dial, value)
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
            self.update()

    def sizeHint(self) -> QSize:
        """Large: it is looked at from the corner of the eye."""
        return QSize(260, 420) if self._upright else QSize(520, 150)

    def minimumSizeHint(self) -> QSize:
        """Still large on a small screen."""
        return QSize(220, 240) if self._upright else QSize(300, 130)

    # --- where things are

    def _track(self) -> QRectF:
        line = self.fontMetrics().height() * WORDS + GAP
        if self._upright:
            left = (self.width() - TRACK) / 2
            return QRectF(left, line + GAP, TRACK, self.height() - 2 * (line + GAP))
        return QRectF(KNOB, GAP, self.width() - 2 * KNOB, TRACK)

    def _place(self, value: float) -> float:
        """Return the pixel along the track at which a value is."""
        share = (value - self.minimum()) / (self.maximum() - self.minimum())
        track = self._track()
        if self._upright:
            return track.bottom() - HANDLE / 2 - share * (track.height() - HANDLE)
        return track.left() + HANDLE / 2 + share * (track.width() - HANDLE)

    def _value_at(self, point: QPointF) -> int:
        low, high = self._place(self.minimum()), self._place(self.maximum())
        at = point.y() if self._upright else point.x()
        share = (at - low) / (high - low)
        value = self.minimum() + share * (self.maximum() - self.minimum())
        return self.dial.within(round(value))

    # --- drawing

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the track, the middle, how far it stands from there, and the words at both ends."""
        painter, look = QPainter(self), colors()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = self._track()
        painter.setPen(QPen(QColor(look.control), 1))
        painter.setBrush(QColor(look.sunken))
        painter.drawRoundedRect(track, 10, 10)
        self._draw_fill(painter, track)
        self._draw_middle(painter, track)
        self._draw_handle(painter, track)
        self._draw_words(painter, track)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(look.focus), 2))
            painter.drawRoundedRect(track.adjusted(-4, -4, 4, 4), 12, 12)

    def _along(self, track: QRectF, start: float, end: float, spare: float) -> QRectF:
        """Return the part of the track from one pixel to another, `spare` narrower on both sides."""
        low, high = min(start, end), max(start, end)
        if self._upright:
            return QRectF(track.left() + spare, low, track.width() - 2 * spare, high - low)
        return QRectF(low, track.top() + spare, high - low, track.height() - 2 * spare)

    def _draw_fill(self, painter: QPainter, track: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors().wave))
        part = self._along(track, self._place(self.dial.middle), self._place(self.value()), 1)
        painter.drawRect(part)

    def _draw_middle(self, painter: QPainter, track: QRectF) -> None:
        painter.setPen(QPen(QColor(colors().control), 2))
        at = self._place(self.dial.middle)
        line = self._along(track, at, at, 1)
        painter.drawLine(line.topLeft(), line.bottomRight())

    def _draw_handle(self, painter: QPainter, track: QRectF) -> None:
        at = self._place(self.value())
        painter.setPen(QPen(QColor(colors().surface), 2))
        painter.setBrush(QColor(colors().accent))
        painter.drawRoundedRect(self._along(track, at - HANDLE / 2, at + HANDLE / 2, -KNOB / 2), 6, 6)

    def _draw_words(self, painter: QPainter, track: QRectF) -> None:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * WORDS)
        painter.setFont(font)
        painter.setPen(QColor(colors().text))
        metrics, flags = painter.fontMetrics(), Qt.AlignmentFlag
        wide = float(self.width()) if self._upright else self.width() / 2 - GAP
        high = metrics.elidedText(self.dial.high, Qt.TextElideMode.ElideRight, int(wide))
        low = metrics.elidedText(self.dial.low, Qt.TextElideMode.ElideRight, int(wide))
        line = float(metrics.height())
        if self._upright:
            painter.drawText(QRectF(0, 0, wide, line), flags.AlignCenter, high)
            painter.drawText(QRectF(0, self.height() - line, wide, line), flags.AlignCenter, low)
            return
        top = track.bottom() + KNOB
        painter.drawText(QRectF(track.left(), top, wide, line), flags.AlignLeft, low)
        painter.drawText(QRectF(track.right() - wide, top, wide, line), flags.AlignRight, high)

    # --- hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to where the mouse is."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setFocus()
            self.turned.emit(self._value_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse while it is held."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.turned.emit(self._value_at(event.position()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn by a step a notch; away from the hand is up, and to the right."""
        self._wheel += event.angleDelta().y() or -event.angleDelta().x()
        steps = int(self._wheel / _NOTCH)
        if steps:
            self._wheel -= steps * _NOTCH
            self.turned.emit(self.dial.within(self.value() + steps * self.dial.step))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave every key to the page."""
        event.ignore()
