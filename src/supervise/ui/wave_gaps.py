"""Marks in the waveform where sound of the meeting is missing: a torn line, its length, and words."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from supervise.domain.recordings import Gap, GapReason
from supervise.domain.times import clock, length_words
from supervise.ui.theme import Colors

WHY = {
    GapReason.PAUSE: "paused",
    GapReason.DEVICE: "the microphone was gone",
    GapReason.ASLEEP: "computer or program stood still",
    GapReason.OVERRUN: "the computer was too busy",
}
NEAR_PX = 6
TOOTH = 5
PLATE = 18


def gap_words(gap: Gap) -> str:
    """Say in one line what is missing at a place, and why."""
    if gap.lost_ms == 0:
        return f"At {clock(gap.start_ms)}: {WHY[gap.reason]}; the sound device filled that time in by itself"
    return f"At {clock(gap.start_ms)} {length_words(gap.lost_ms)} are missing: {WHY[gap.reason]}"


def gaps_words(gaps: Sequence[Gap], most: int = 5) -> str:
    """Say where sound is missing, for who cannot see it; empty when nothing is."""
    if not gaps:
        return ""
    more = f", and {len(gaps) - most} more" if len(gaps) > most else ""
    return f"Sound of the meeting is missing. {'; '.join(gap_words(gap) for gap in gaps[:most])}{more}"


def paint_gaps(
    painter: QPainter, gaps: Sequence[tuple[float, Gap]], top: int, height: int, right: float, look: Colors
) -> None:
    """Draw each gap at its x as a torn line through the sound, its length on a plate where there is room."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for x, _gap in gaps:
        tear = _tear(x, top, height)
        for shade, wide in ((look.surface, 6), (look.warn, 2)):
            painter.setPen(QPen(QColor(shade), wide))
            painter.drawPolyline(tear)
    painter.setPen(QPen(QColor(look.warn), 1))
    free = 0.0
    for x, gap in gaps:
        words = f"{length_words(gap.lost_ms)} missing" if gap.lost_ms else "stood still"
        room = painter.fontMetrics().horizontalAdvance(words) + 12
        left = min(x + TOOTH + 3, right - room)
        if left >= free:
            free = left + room + 4
            _paint_plate(painter, QRectF(left, top + height - PLATE - 2, room, PLATE), words, look)
    painter.restore()


def _paint_plate(painter: QPainter, plate: QRectF, words: str, look: Colors) -> None:
    painter.setBrush(QColor(look.warn_soft))
    painter.drawRoundedRect(plate, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)


def _tear(x: float, top: int, height: int) -> QPolygonF:
    """Return a zigzag down the whole height."""
    steps = max(2, round(height / (2 * TOOTH)))
    return QPolygonF(
        [
            QPointF(x + (TOOTH / 2 if at % 2 else -TOOTH / 2), top + height * at / steps)
            for at in range(steps + 1)
        ]
    )
