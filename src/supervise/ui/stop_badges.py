"""The small pictures of a recall: who stopped, as shape, letter and colour, and that a prompt was asked."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap, QPolygonF

from supervise.domain.recall import StoppedBy
from supervise.ui.reading_words import LETTERS
from supervise.ui.theme import Colors

BADGE = 16
ROOM = BADGE + 6


def stop_color(who: StoppedBy, look: Colors) -> str:
    """Return the colour of a stop; its letter and the shape of its badge say the same."""
    return {StoppedBy.RECALLER: look.voice_a, StoppedBy.INQUIRER: look.voice_b}.get(who, look.muted)


def paint_badge(painter: QPainter, middle: QPointF, who: StoppedBy, look: Colors) -> None:
    """Paint who stopped: a round R, a slanted I, a square letter for what was nobody's doing."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shade = QColor(stop_color(who, look))
    painter.setPen(QPen(QColor(look.window), 1))
    painter.setBrush(shade)
    half = BADGE / 2 - 0.5
    if who is StoppedBy.RECALLER:
        painter.drawEllipse(middle, half, half)
    elif who is StoppedBy.INQUIRER:
        tips = ((0.0, -half - 1.5), (half + 1.5, 0.0), (0.0, half + 1.5), (-half - 1.5, 0.0))
        painter.drawPolygon(QPolygonF([middle + QPointF(x, y) for x, y in tips]))
    else:
        painter.drawRect(QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half))
    font = QFont(painter.font())
    font.setPixelSize(10)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(QColor(look.surface))
    area = QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, LETTERS[who])
    painter.restore()


def paint_prompt(painter: QPainter, middle: QPointF) -> None:
    """Paint a small triangle with the pen and brush that are set."""
    tips = ((0.0, -5.0), (5.0, 4.0), (-5.0, 4.0))
    painter.drawPolygon(QPolygonF([middle + QPointF(x, y) for x, y in tips]))


def paint_copies(
    painter: QPainter, middles: Sequence[QPointF], ratio: float, paint: Callable[[QPainter, QPointF], None]
) -> None:
    """Paint a small thing once and copy it to each place, on whole device pixels."""
    if not middles:
        return
    room = ROOM
    made = QPixmap(round(room * ratio), round(room * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    once = QPainter(made)
    once.setFont(painter.font())
    once.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(once, QPointF(room / 2, room / 2))
    once.end()
    for middle in middles:
        x, y = (round((at - room / 2) * ratio) / ratio for at in (middle.x(), middle.y()))
        painter.drawPixmap(QPointF(x, y), made)
