"""Paints a recall under its session: both sounds, what was heard where, stops, prompts and marks."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap, QPolygonF

from supervise.domain.recall import PromptUse, Stop, StoppedBy
from supervise.domain.times import clock
from supervise.ui.reading_words import LETTERS
from supervise.ui.theme import Colors
from supervise.ui.timespan import ShownSpan
from supervise.ui.wave_image import Strip, draw_sound, image_of
from supervise.ui.wave_paint import GUTTER, RULER, PeaksSource, tick_step_s

SOUND = 54
BAND = 96
BADGES = 20
MARKS = 14
BADGE = 16
LEAST_APART = 13
HEIGHT = 2 * RULER + 2 * SOUND + BAND + BADGES + MARKS
SESSION_TOP = RULER
BAND_TOP = SESSION_TOP + SOUND
BADGES_TOP = BAND_TOP + BAND
RECALL_TOP = BADGES_TOP + BADGES
MARKS_TOP = RECALL_TOP + SOUND


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in one go: a span of the recall, in ms, and of the session."""

    recall_start_ms: float
    recall_end_ms: float
    session_start_ms: float
    session_end_ms: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as it is drawn under the recall: `now` is drawn hollow, `then` filled."""

    start_ms: int
    end_ms: int
    color: str
    now: bool


@dataclass(slots=True)
class LinesScene:
    """Everything the picture shows."""

    session: ShownSpan
    recall: ShownSpan
    session_peaks: PeaksSource | None = None
    recall_peaks: PeaksSource | None = None
    gains: tuple[float, float] = (1.0, 1.0)
    heard: Sequence[Heard] = ()
    stops: Sequence[Stop] = ()
    prompts: Sequence[PromptUse] = ()
    marks: Sequence[Mark] = field(default_factory=list)


def plot_width(width: int) -> int:
    """Return the width right of the names."""
    return max(width - GUTTER, 8)


def render(scene: LinesScene, width: int, ratio: float, look: Colors, font: QFont) -> QPixmap:
    """Return the whole picture at device pixel ratio `ratio`."""
    pixmap = QPixmap(round(width * ratio), round(HEIGHT * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(QColor(look.surface))
    painter = QPainter(pixmap)
    painter.setFont(font)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_ruler(painter, scene.session, width, 0, look, below=False)
    _paint_ruler(painter, scene.recall, width, HEIGHT - RULER, look, below=True)
    painter.save()
    painter.setClipRect(QRect(GUTTER, 0, plot_width(width), HEIGHT))
    sounds = (
        (scene.session, scene.session_peaks, SESSION_TOP),
        (scene.recall, scene.recall_peaks, RECALL_TOP),
    )
    for (shown, peaks, top), gain in zip(sounds, scene.gains, strict=True):
        _paint_sound(painter, shown, peaks, (top, width, gain), ratio, look)
    _paint_heard(painter, scene, width, look)
    _paint_stops(painter, scene, width, look)
    _paint_prompts(painter, scene, width, look)
    _paint_marks(painter, scene, width, look)
    painter.restore()
    _paint_names(painter, scene, width, look)
    painter.end()
    return pixmap


def _paint_ruler(
    painter: QPainter, shown: ShownSpan, width: int, top: int, look: Colors, *, below: bool
) -> None:
    painter.fillRect(QRect(0, top, width, RULER), QColor(look.window))
    painter.setPen(QColor(look.muted))
    plot = plot_width(width)
    step = tick_step_s(shown.length_ms, plot)
    tick = int(shown.start_ms / 1000 / step)
    edge = top if below else top + RULER - 1
    while tick * step * 1000 <= shown.end_ms:
        ms = round(tick * step * 1000)
        x = GUTTER + shown.x_of(ms, plot)
        if x >= GUTTER:
            painter.drawLine(int(x), edge, int(x), edge + 5 if below else edge - 5)
            words = clock(ms) if step >= 1 else f"{clock(ms)}.{ms % 1000 // 100}"
            if x + 4 + painter.fontMetrics().horizontalAdvance(words) <= width:
                painter.drawText(QRectF(x + 4, top, 80, RULER), Qt.AlignmentFlag.AlignVCenter, words)
        tick += 1
    painter.setPen(QColor(look.line))
    painter.drawLine(0, edge, width, edge)


def _paint_sound(
    painter: QPainter,
    shown: ShownSpan,
    peaks: PeaksSource | None,
    place: tuple[int, int, float],
    ratio: float,
    look: Colors,
) -> None:
    top, wide, gain = place
    painter.fillRect(QRect(GUTTER, top, plot_width(wide), SOUND), QColor(look.surface))
    if peaks is None:
        return
    width, height = round(plot_width(wide) * ratio), round(SOUND * ratio)
    whole = np.zeros((height, (width + 3) // 4 * 4), dtype=np.uint8)
    columns = peaks.columns(round(shown.start_ms), round(shown.end_ms), width)
    draw_sound(whole[:, :width], Strip(0, height), columns, gain)
    shades = (look.surface, look.pause, look.line, look.wave, look.wave_core)
    image = image_of(whole, [QColor(color).rgb() for color in shades])
    painter.drawImage(QRectF(GUTTER, top, plot_width(wide), SOUND), image, QRectF(0, 0, width, height))


def _paint_heard(painter: QPainter, scene: LinesScene, width: int, look: Colors) -> None:
    """Join each stretch that was heard to the part of the session it was."""
    painter.fillRect(QRect(GUTTER, BAND_TOP, plot_width(width), BAND + BADGES), QColor(look.window))
    fill, edge = QColor(look.wave_core), QColor(look.wave_core)
    fill.setAlpha(46 if look.dark else 38)
    edge.setAlpha(150)
    plot = plot_width(width)
    for stretch in scene.heard:
        left, right = (
            GUTTER + scene.session.x_of(ms, plot) for ms in (stretch.session_start_ms, stretch.session_end_ms)
        )
        below_left, below_right = (
            GUTTER + scene.recall.x_of(ms, plot) for ms in (stretch.recall_start_ms, stretch.recall_end_ms)
        )
        if max(right, below_right) < GUTTER or min(left, below_left) > width:
            continue
        bottom = float(RECALL_TOP)
        corners = [QPointF(left, BAND_TOP), QPointF(right, BAND_TOP)]
        corners += [QPointF(below_right, bottom), QPointF(below_left, bottom)]
        painter.setPen(QPen(edge, 0.8))
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF(corners))


def _paint_stops(painter: QPainter, scene: LinesScene, width: int, look: Colors) -> None:
    """Shade each stop on the recall, join it to its instant of the session, and say who stopped."""
    plot, last = plot_width(width), -1e9
    for stop in scene.stops:
        end_ms = scene.recall.duration_ms if stop.recall_end_ms is None else stop.recall_end_ms
        left = GUTTER + scene.recall.x_of(stop.recall_start_ms, plot)
        right = max(GUTTER + scene.recall.x_of(end_ms, plot), left + 1.5)
        above = GUTTER + scene.session.x_of(stop.session_ms, plot)
        if (right < GUTTER or left > width) and not GUTTER <= above <= width:
            continue
        shade = QColor(stop_color(stop.stopped_by, look))
        bar = QColor(shade)
        bar.setAlpha(56)
        wide = max(round(right) - round(left), 2)
        painter.fillRect(QRect(round(left), RECALL_TOP, wide, SOUND), bar)
        painter.fillRect(QRect(round(left), RECALL_TOP - 3, wide, 3), shade)
        painter.setPen(QPen(shade, 1.4))
        painter.drawLine(QPointF(above, BAND_TOP - 6), QPointF(above, BAND_TOP + 4))
        painter.drawLine(QPointF(above, BAND_TOP + 4), QPointF(left, BADGES_TOP))
        painter.drawLine(QPointF(left, BADGES_TOP), QPointF(left, RECALL_TOP))
        if left - last >= LEAST_APART:
            paint_badge(painter, QPointF(left + BADGE / 2 - 1, BADGES_TOP + BADGE / 2), stop.stopped_by, look)
            last = left


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


def _paint_prompts(painter: QPainter, scene: LinesScene, width: int, look: Colors) -> None:
    painter.setPen(QPen(QColor(look.surface), 1))
    painter.setBrush(QColor(look.text))
    for used in scene.prompts:
        x = GUTTER + scene.recall.x_of(used.recall_ms, plot_width(width))
        paint_prompt(painter, QPointF(x, RECALL_TOP + SOUND - 5))


def paint_prompt(painter: QPainter, middle: QPointF) -> None:
    """Paint a small triangle with the pen and brush that are set."""
    tips = ((0.0, -5.0), (5.0, 4.0), (-5.0, 4.0))
    painter.drawPolygon(QPolygonF([middle + QPointF(x, y) for x, y in tips]))


def _paint_marks(painter: QPainter, scene: LinesScene, width: int, look: Colors) -> None:
    painter.fillRect(QRect(GUTTER, MARKS_TOP, plot_width(width), MARKS), QColor(look.window))
    for mark in scene.marks:
        left = GUTTER + scene.recall.x_of(mark.start_ms, plot_width(width))
        right = GUTTER + scene.recall.x_of(mark.end_ms, plot_width(width))
        area = QRectF(left + 0.5, MARKS_TOP + 2.5, max(right - left - 1, 4.0), MARKS - 5)
        painter.setPen(QPen(QColor(look.text), 1))
        painter.setBrush(QColor(look.window) if mark.now else QColor(mark.color))
        painter.drawRoundedRect(area, 2, 2)


def _paint_names(painter: QPainter, scene: LinesScene, width: int, look: Colors) -> None:
    painter.fillRect(QRect(0, RULER, GUTTER - 1, HEIGHT - 2 * RULER), QColor(look.window))
    flags = Qt.AlignmentFlag.AlignVCenter
    bold = QFont(painter.font())
    bold.setWeight(QFont.Weight.DemiBold)
    plain = painter.font()
    rows = ((SESSION_TOP, "Session", scene.session), (RECALL_TOP, "Recall", scene.recall))
    for top, name, shown in rows:
        painter.setFont(bold)
        painter.setPen(QColor(look.text))
        painter.drawText(QRect(12, top + 6, GUTTER - 20, SOUND // 2 - 4), flags, name)
        painter.setFont(plain)
        painter.setPen(QColor(look.muted))
        painter.drawText(
            QRect(12, top + SOUND // 2, GUTTER - 20, SOUND // 2 - 6), flags, clock(shown.duration_ms)
        )
    _paint_key(painter, scene, look)
    painter.drawText(QRect(12, MARKS_TOP - 2, GUTTER - 20, MARKS + 4), flags, "Marks" if scene.marks else "")
    painter.setPen(QColor(look.line))
    painter.drawLine(GUTTER - 1, RULER, GUTTER - 1, HEIGHT - RULER)
    painter.drawLine(0, BAND_TOP, width, BAND_TOP)
    painter.drawLine(0, MARKS_TOP, width, MARKS_TOP)


def _paint_key(painter: QPainter, scene: LinesScene, look: Colors) -> None:
    """Explain the badges that are in use, and the triangles."""
    there = {stop.stopped_by for stop in scene.stops}
    lines = [(who, words) for who, words in _KEY.items() if who in there]
    height = 22
    top = BAND_TOP + (BAND + BADGES - height * (len(lines[:4]) + bool(scene.prompts))) // 2
    painter.setPen(QColor(look.muted))
    for number, (who, words) in enumerate(lines[:4]):
        middle = top + number * height + height // 2
        paint_badge(painter, QPointF(22, middle), who, look)
        painter.drawText(QRect(38, middle - 11, GUTTER - 44, 22), Qt.AlignmentFlag.AlignVCenter, words)
    if scene.prompts:
        middle = top + len(lines[:4]) * height + height // 2
        painter.setBrush(QColor(look.text))
        painter.setPen(Qt.PenStyle.NoPen)
        paint_prompt(painter, QPointF(22, middle))
        painter.setPen(QColor(look.muted))
        painter.drawText(
            QRect(38, middle - 11, GUTTER - 44, 22), Qt.AlignmentFlag.AlignVCenter, "a prompt was asked"
        )


_KEY = {
    StoppedBy.RECALLER: "the recaller stopped",
    StoppedBy.INQUIRER: "the inquirer stopped",
    StoppedBy.TAPE: "the tape was over",
    StoppedBy.DEVICE: "a device went away",
    StoppedBy.LOCK: "the vault locked",
}
