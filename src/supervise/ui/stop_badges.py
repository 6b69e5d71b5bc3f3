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


class Kept:
    """Pictures made once, each kept under its name until something that it shows is another."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._made: dict[object, tuple[object, QPixmap]] = {}

    def picture(self, name: object, shows: object, make: Callable[[], QPixmap]) -> QPixmap:
        """Return the picture of that name; `make` makes it when what it `shows` is not what it did."""
        known = self._made.get(name)
        if known is None or known[0] != shows:
            known = self._made[name] = shows, make()
        return known[1]


def stamp(ratio: float, font: QFont, paint: Callable[[QPainter, QPointF], None]) -> QPixmap:
    """Return a small thing on nothing, to be copied with `paint_copies`."""
    made = QPixmap(round(ROOM * ratio), round(ROOM * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setFont(font)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter, QPointF(ROOM / 2, ROOM / 2))
    painter.end()
    return made


def paint_copies(painter: QPainter, middles: Sequence[QPointF], made: QPixmap) -> None:
    """Copy a stamp to each place, on whole device pixels."""
    ratio = made.devicePixelRatio()
    for middle in middles:
        x, y = (round((at - ROOM / 2) * ratio) / ratio for at in (middle.x(), middle.y()))
        painter.drawPixmap(QPointF(x, y), made)
