"""Paints a recall under its session: both sounds, what was heard where, stops, prompts and marks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetrics, QPainter, QPen, QPixmap

from supervise.domain.recall import PromptUse, Stop, StoppedBy
from supervise.domain.times import clock
from supervise.ui.heard_image import Band, heard_image
from supervise.ui.stop_badges import BADGE, Kept, paint_badge, paint_copies, paint_prompt, stamp, stop_color
from supervise.ui.theme import Colors
from supervise.ui.timespan import ShownSpan
from supervise.ui.wave_image import Strip, draw_sound, image_of
from supervise.ui.wave_paint import GUTTER, RULER, PeaksSource, tick_step_s

SOUND = 54
BAND = 96
BADGES = 20
MARKS = 14
LEAST_APART = 13
HEARD_LIGHT, HEARD_DARK, HEARD_EDGE = 0.15, 0.18, 0.74
STOP_SHADE = 0.22
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
    kept: Kept = field(default_factory=Kept)


def plot_width(width: int) -> int:
    """Return the width right of the names."""
    return max(width - GUTTER, 8)


def render(
    scene: LinesScene, width: int, ratio: float, look: Colors, font: QFont, old: QPixmap | None = None
) -> QPixmap:
    """Return the whole picture at device pixel ratio `ratio`.

    An `old` one of the same size is painted over: fresh memory of that size costs more than the sounds.
    """
    size = QSize(round(width * ratio), round(HEIGHT * ratio))
    pixmap = old if old is not None and old.size() == size else QPixmap(size)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(QColor(look.surface))
    painter = QPainter(pixmap)
    painter.setFont(font)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_names(painter, scene, ratio, look)
    _paint_ruler(painter, scene.session, width, 0, look, below=False)
    _paint_ruler(painter, scene.recall, width, HEIGHT - RULER, look, below=True)
    painter.save()
    painter.setClipRect(QRect(GUTTER, 0, plot_width(width), HEIGHT))
    places = [(top, width, gain) for top, gain in zip((SESSION_TOP, RECALL_TOP), scene.gains, strict=True)]
    _paint_sound(painter, scene.session, scene.session_peaks, places[0], ratio, look)
    _paint_sound(painter, scene.recall, scene.recall_peaks, places[1], ratio, look, scene.stops)
    _paint_heard(painter, scene, width, ratio, look)
    _paint_stops(painter, scene, width, ratio, look)
    _paint_prompts(painter, scene, width, ratio, look)
    _paint_marks(painter, scene, width, look)
    painter.restore()
    painter.setPen(QColor(look.line))
    painter.drawLine(GUTTER - 1, RULER, GUTTER - 1, HEIGHT - RULER)
    painter.drawLine(0, BAND_TOP, width, BAND_TOP)
    painter.drawLine(0, MARKS_TOP, width, MARKS_TOP)
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
    stops: Sequence[Stop] = (),
) -> None:
    """Paint one sound, shaded where it stood still for a stop: the shades are colours of the one picture."""
    top, wide, gain = place
    width, height = round(plot_width(wide) * ratio), round(SOUND * ratio)
    whole = np.zeros((height, (width + 3) // 4 * 4), dtype=np.uint8)
    if peaks is not None:
        columns = peaks.columns(round(shown.start_ms), round(shown.end_ms), width)
        draw_sound(whole[:, :width], Strip(0, height), columns, gain)
    shades = [QColor(shade) for shade in (look.surface, look.pause, look.line, look.wave, look.wave_core)]
    plain, kinds = len(shades), tuple(StoppedBy)
    firsts = np.zeros(whole.shape[1], dtype=np.uint8)  # of each column's shades
    for stop in stops:
        left, right = (round(x * ratio) for x in _stop_span(shown, stop, plot_width(wide)))
        if right > 0 and left < width:
            firsts[max(left, 0) : right] = plain * (1 + kinds.index(stop.stopped_by))
    if stops:
        whole += firsts
    table = [shade.rgb() for shade in shades]
    for kind in kinds:
        tint = QColor(stop_color(kind, look))
        table += [_mixed(shade, tint, STOP_SHADE).rgb() for shade in shades]
    painter.drawImage(
        QRectF(GUTTER, top, plot_width(wide), SOUND), image_of(whole, table), QRectF(0, 0, width, height)
    )


def _mixed(ground: QColor, ink: QColor, share: float) -> QColor:
    pairs = ((ground.red(), ink.red()), (ground.green(), ink.green()), (ground.blue(), ink.blue()))
    return QColor(*(round(low + (high - low) * share) for low, high in pairs))


def _stop_span(shown: ShownSpan, stop: Stop, plot: int) -> tuple[int, int]:
    """Return where a stop begins and ends on the recall, in whole pixels right of the names."""
    end_ms = shown.duration_ms if stop.recall_end_ms is None else stop.recall_end_ms
    left = round(shown.x_of(stop.recall_start_ms, plot))
    return left, max(round(shown.x_of(end_ms, plot)), left + 2)


def _paint_heard(painter: QPainter, scene: LinesScene, width: int, ratio: float, look: Colors) -> None:
    """Join each stretch that was heard to the part of the session it was."""
    place = QRect(GUTTER, BAND_TOP, plot_width(width), BAND + BADGES)
    wide, high = round(place.width() * ratio), round(place.height() * ratio)
    session, recall = scene.session, scene.recall
    corners = [
        (
            session.x_of(row.session_start_ms, wide),
            session.x_of(row.session_end_ms, wide),
            recall.x_of(row.recall_start_ms, wide),
            recall.x_of(row.recall_end_ms, wide),
        )
        for row in scene.heard
    ]
    shade = HEARD_DARK if look.dark else HEARD_LIGHT
    band = Band(wide, high, QColor(look.window), QColor(look.wave_core), shade, HEARD_EDGE)
    painter.drawImage(QRectF(place), heard_image(corners, band, ratio), QRectF(0, 0, wide, high))


def _paint_stops(painter: QPainter, scene: LinesScene, width: int, ratio: float, look: Colors) -> None:
    """Join each stop on the recall to its instant of the session, and say who stopped."""
    plot, last = plot_width(width), -1e9
    lines: dict[StoppedBy, list[QLineF]] = {}
    badges: list[tuple[float, StoppedBy]] = []
    shades = {who: QColor(stop_color(who, look)) for who in StoppedBy}
    for stop in scene.stops:
        begins, ends = (GUTTER + x for x in _stop_span(scene.recall, stop, plot))
        above = GUTTER + scene.session.x_of(stop.session_ms, plot)
        if (ends < GUTTER or begins > width) and not GUTTER <= above <= width:
            continue
        who, left = stop.stopped_by, GUTTER + scene.recall.x_of(stop.recall_start_ms, plot)
        painter.fillRect(QRect(begins, RECALL_TOP - 3, ends - begins, 3), shades[who])
        lines.setdefault(who, []).extend(
            (
                QLineF(above, BAND_TOP - 6, above, BAND_TOP + 4),
                QLineF(above, BAND_TOP + 4, left, BADGES_TOP),
                QLineF(left, BADGES_TOP, left, RECALL_TOP),
            )
        )
        if left - last >= LEAST_APART:
            badges.append((left, who))
            last = left
    for who, drawn in lines.items():
        painter.setPen(QPen(shades[who], 1.4))
        painter.drawLines(drawn)
    middle_y = BADGES_TOP + BADGE / 2
    for who in StoppedBy:
        middles = [QPointF(badge_x(left, width), middle_y) for left, kind in badges if kind is who]
        paint = partial(paint_badge, who=who, look=look)
        paint_copies(painter, middles, _stamp(painter, scene, who, ratio, look, paint))


def badge_x(left: float, width: int) -> float:
    """Return the middle of the badge right of a place, never outside the picture."""
    return min(left + BADGE / 2 - 1, width - BADGE / 2 - 2)


def _stamp(
    painter: QPainter,
    scene: LinesScene,
    name: str,
    ratio: float,
    look: Colors,
    paint: Callable[[QPainter, QPointF], None],
) -> QPixmap:
    font = painter.font()
    return scene.kept.picture(name, (ratio, look, font.key()), lambda: stamp(ratio, font, paint))


def _paint_prompts(painter: QPainter, scene: LinesScene, width: int, ratio: float, look: Colors) -> None:
    def paint(once: QPainter, middle: QPointF) -> None:
        once.setPen(QPen(QColor(look.surface), 1))
        once.setBrush(QColor(look.text))
        paint_prompt(once, middle)

    plot, y = plot_width(width), RECALL_TOP + SOUND - 5
    middles = [QPointF(GUTTER + scene.recall.x_of(used.recall_ms, plot), y) for used in scene.prompts]
    paint_copies(painter, middles, _stamp(painter, scene, "prompt", ratio, look, paint))


def _paint_marks(painter: QPainter, scene: LinesScene, width: int, look: Colors) -> None:
    painter.fillRect(QRect(GUTTER, MARKS_TOP, plot_width(width), MARKS), QColor(look.window))
    for mark in scene.marks:
        left = GUTTER + scene.recall.x_of(mark.start_ms, plot_width(width))
        right = GUTTER + scene.recall.x_of(mark.end_ms, plot_width(width))
        area = QRectF(left + 0.5, MARKS_TOP + 2.5, max(right - left - 1, 4.0), MARKS - 5)
        painter.setPen(QPen(QColor(look.text), 1))
        painter.setBrush(QColor(look.window) if mark.now else QColor(mark.color))
        painter.drawRoundedRect(area, 2, 2)


def _paint_names(painter: QPainter, scene: LinesScene, ratio: float, look: Colors) -> None:
    """Say what is what, left of it all: the same at every zoom."""
    font = painter.font()

    def make() -> QPixmap:
        made = QPixmap(round(GUTTER * ratio), round(HEIGHT * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(QColor(look.window))
        once = QPainter(made)
        once.setFont(font)
        once.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_words(once, scene, look)
        once.end()
        return made

    there = frozenset(stop.stopped_by for stop in scene.stops), bool(scene.prompts), bool(scene.marks)
    lengths = scene.session.duration_ms, scene.recall.duration_ms
    shows = ratio, look, font.key(), there, lengths
    painter.drawPixmap(0, 0, scene.kept.picture("names", shows, make))


def _paint_words(painter: QPainter, scene: LinesScene, look: Colors) -> None:
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
    small = QFont(plain)
    small.setPixelSize(min(QFontInfo(plain).pixelSize(), MARKS))
    painter.setFont(small)
    painter.drawText(QRect(12, MARKS_TOP - 2, GUTTER - 20, MARKS + 4), flags, "Marks" if scene.marks else "")


def _paint_key(painter: QPainter, scene: LinesScene, look: Colors) -> None:
    """Explain the badges that are in use, and the triangles."""
    there = {stop.stopped_by for stop in scene.stops}
    lines = [(who, words) for who, words in _KEY.items() if who in there]
    height = 22
    painter.setFont(_fitting(painter.font(), GUTTER - 44))
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
        painter.drawText(QRect(38, middle - 11, GUTTER - 44, 22), Qt.AlignmentFlag.AlignVCenter, PROMPTED)


def _fitting(font: QFont, room: int) -> QFont:
    """Return a font in which all that explains the badges has room."""
    widest = max(QFontMetrics(font).horizontalAdvance(words) for words in (*_KEY.values(), PROMPTED))
    made = QFont(font)
    made.setPointSizeF(font.pointSizeF() * min(1.0, room / widest))
    return made


PROMPTED = "a prompt was asked"
_KEY = {
    StoppedBy.RECALLER: "the recaller stopped",
    StoppedBy.INQUIRER: "the inquirer stopped",
    StoppedBy.TAPE: "the tape was over",
    StoppedBy.DEVICE: "a device went away",
    StoppedBy.LOCK: "the vault locked",
}
