"""Lays out and paints the waveform's cached picture: ruler, sound, lanes and their names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPixmap

from supervise.domain.recordings import Gap
from supervise.domain.times import clock
from supervise.domain.transcript import Pause
from supervise.ui.lanes import Lane
from supervise.ui.patterns import paint_swatch
from supervise.ui.theme import Colors
from supervise.ui.timespan import ShownSpan
from supervise.ui.wave_gaps import paint_gaps
from supervise.ui.wave_image import (
    LANE,
    LANE_ALT,
    LanePlace,
    PaletteIndex,
    Strip,
    draw_lane,
    draw_pauses,
    draw_sound,
    image_of,
)

GUTTER = 196
SWATCH = 34
RULER = 24
LANE_HEIGHT = 18
LANE_LEAST = 16
FOOT = 5
WAVE_LEAST = 64
WAVE_GOOD = 112
TICK_PX = 84
STEPS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


class PeaksSource(Protocol):
    """Where the outline of the sound comes from."""

    def columns(self, start_ms: int, end_ms: int, columns: int) -> npt.NDArray[np.float32]:
        """Return (columns, 3) minimum, maximum, RMS in -1..1."""
        ...


@dataclass(slots=True)
class WaveScene:
    """Everything the picture shows."""

    shown: ShownSpan
    peaks: PeaksSource | None = None
    lanes: list[Lane] = field(default_factory=list)
    pauses: Sequence[Pause] = ()
    gaps: Sequence[Gap] = ()
    index: PaletteIndex | None = None
    gain: float = 1.0
    selected: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """Places in logical pixels for a widget of a size."""

    width: int
    height: int
    lanes: int

    @property
    def plot_width(self) -> int:
        """Width right of the names."""
        return max(self.width - GUTTER, 8)

    @property
    def lane_height(self) -> int:
        """Height of one lane; lanes shrink before the sound gets too low to read."""
        room = self.height - RULER - WAVE_LEAST
        return max(min(LANE_HEIGHT, room // max(self.lanes, 1)), LANE_LEAST)

    @property
    def wave_height(self) -> int:
        """Height of the sound."""
        return max(self.height - RULER - FOOT - self.lane_height * max(self.lanes, 1), 16)

    def lane_top(self, lane: int) -> int:
        """Top of a lane."""
        return RULER + self.wave_height + lane * self.lane_height

    def lane_at(self, y: float) -> int:
        """Return the lane at `y`, or -1."""
        lane = int((y - self.lane_top(0)) // self.lane_height)
        return lane if 0 <= lane < self.lanes else -1


def render(scene: WaveScene, layout: Layout, ratio: float, look: Colors, font: QFont) -> QPixmap:
    """Return the whole picture at device pixel ratio `ratio`."""
    pixmap = QPixmap(round(layout.width * ratio), round(layout.height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(QColor(look.surface))
    painter = QPainter(pixmap)
    painter.setFont(font)
    if scene.index is not None:
        image, table = _pixels(scene, layout, ratio), scene.index.table
        place = QRectF(GUTTER, RULER, layout.plot_width, layout.height - RULER)
        painter.drawImage(place, image_of(image, table), _source(layout, ratio))
    _paint_ruler(painter, scene, layout, look)
    _paint_gutter(painter, scene, layout, look)
    _paint_pause_times(painter, scene, layout, look)
    painter.setClipRect(QRect(GUTTER, RULER, layout.plot_width, layout.wave_height))
    paint_gaps(painter, gaps_shown(scene, layout), RULER, layout.wave_height, layout.width, look)
    painter.end()
    return pixmap


def gaps_shown(scene: WaveScene, layout: Layout) -> list[tuple[float, Gap]]:
    """Return the gaps in view, each with its x in the widget."""
    places = [(GUTTER + scene.shown.x_of(gap.start_ms, layout.plot_width), gap) for gap in scene.gaps]
    return [(x, gap) for x, gap in places if GUTTER <= x <= layout.width]


def _source(layout: Layout, ratio: float) -> QRectF:
    return QRectF(0, 0, round(layout.plot_width * ratio), round((layout.height - RULER) * ratio))


def _pixels(scene: WaveScene, layout: Layout, ratio: float) -> npt.NDArray[np.uint8]:
    width = round(layout.plot_width * ratio)
    height = round((layout.height - RULER) * ratio)
    whole = np.zeros((height, (width + 3) // 4 * 4), dtype=np.uint8)
    pixels = whole[:, :width]
    wave = Strip(0, round(layout.wave_height * ratio))
    shown = scene.shown
    scale = width / shown.length_ms
    draw_pauses(pixels, wave, scene.pauses, shown.start_ms, scale)
    if scene.peaks is not None:
        columns = scene.peaks.columns(round(shown.start_ms), round(shown.end_ms), width)
        draw_sound(pixels, wave, columns, scene.gain)
    whole_ratio = max(round(ratio), 1)
    for number, lane in enumerate(scene.lanes):
        top = round((layout.lane_top(number) - RULER) * ratio)
        strip = Strip(top, round(layout.lane_height * ratio))
        pixels[top : top + strip.height] = LANE_ALT if number % 2 == 0 else LANE
        place = LanePlace(strip, whole_ratio, shown.start_ms, scale)
        if scene.index is not None:
            draw_lane(pixels, lane, place, scene.index, scene.selected)
    return whole


def tick_step_s(length_ms: float, width: float) -> float:
    """Return the step of the ruler in seconds for a strip showing `length_ms` on `width` px."""
    wanted = length_ms / 1000 / max(width / TICK_PX, 1)
    return next((step for step in STEPS_S if step >= wanted), STEPS_S[-1])


def _paint_ruler(painter: QPainter, scene: WaveScene, layout: Layout, look: Colors) -> None:
    shown = scene.shown
    painter.fillRect(QRect(0, 0, layout.width, RULER), QColor(look.window))
    painter.setPen(QColor(look.muted))
    step = tick_step_s(shown.length_ms, layout.plot_width)
    tick = int(shown.start_ms / 1000 / step)
    while tick * step * 1000 <= shown.end_ms:
        ms = round(tick * step * 1000)
        x = GUTTER + shown.x_of(ms, layout.plot_width)
        if x >= GUTTER:
            painter.drawLine(int(x), RULER - 6, int(x), RULER - 1)
            label = clock(ms) if step >= 1 else f"{clock(ms)}.{ms % 1000 // 100}"
            painter.drawText(QRectF(x + 4, 0, 80, RULER - 2), Qt.AlignmentFlag.AlignVCenter, label)
        tick += 1
    painter.setPen(QColor(look.line))
    painter.drawLine(0, RULER - 1, layout.width, RULER - 1)


def short_label(label: str) -> str:
    """Return a family's label without its explanation in brackets and with its last part first."""
    plain = label.split(" (", maxsplit=1)[0]
    return plain.split(" - ")[-1].capitalize() if " - " in plain else plain


def _paint_gutter(painter: QPainter, scene: WaveScene, layout: Layout, look: Colors) -> None:
    painter.fillRect(QRect(0, RULER, GUTTER, layout.height - RULER), QColor(look.window))
    metrics = painter.fontMetrics()
    flags = Qt.AlignmentFlag.AlignVCenter
    painter.setPen(QColor(look.muted))
    painter.drawText(QRect(12, RULER, GUTTER - 20, layout.wave_height), flags, "Sound")
    if not scene.lanes and scene.hint:
        place = QRect(12, layout.lane_top(0), layout.width - 24, layout.lane_height)
        painter.drawText(place, flags, scene.hint)
    font, tall = painter.font(), metrics.height()
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * 0.85)
    room = GUTTER - SWATCH - 6
    for number, lane in enumerate(scene.lanes):
        top, height = layout.lane_top(number), layout.lane_height
        paint_swatch(painter, QRect(12, top + (height - 10) // 2, 14, 10), lane.family, look)
        painter.setPen(QColor(look.text))
        name = short_label(lane.family.label)
        painter.setFont(small if height < tall or metrics.horizontalAdvance(name) > room else font)
        name = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(SWATCH, top, room, height), flags, name)
    painter.setPen(QColor(look.line))
    painter.drawLine(GUTTER - 1, RULER, GUTTER - 1, layout.height)


def _paint_pause_times(painter: QPainter, scene: WaveScene, layout: Layout, look: Colors) -> None:
    painter.setPen(QColor(look.muted))
    shown = scene.shown
    for pause in scene.pauses:
        left = shown.x_of(pause.start_ms, layout.plot_width)
        right = shown.x_of(pause.end_ms, layout.plot_width)
        if pause.deleted:
            _paint_deleted(painter, layout, look, max(left, 0.0), min(right, float(layout.plot_width)))
        if right - left < 54 or right < 0 or left > layout.plot_width:
            continue
        left, right = max(left, 0.0), min(right, float(layout.plot_width))
        place = QRectF(GUTTER + left, RULER + 2, right - left, 18)
        length_ms = pause.end_ms - pause.start_ms
        words = f"{round(length_ms / 1000)} s" if length_ms < 60_000 else clock(length_ms)
        text = f"{words} deleted" if pause.deleted else f"{words} pause"
        if painter.fontMetrics().horizontalAdvance(text) <= place.width():
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def _paint_deleted(painter: QPainter, layout: Layout, look: Colors, left: float, right: float) -> None:
    """Hatch what was deleted for good, so that it is not taken for a pause."""
    if right <= left:
        return
    painter.save()
    painter.fillRect(
        QRectF(GUTTER + left, RULER, max(right - left, 2.0), layout.wave_height),
        QBrush(QColor(look.control), Qt.BrushStyle.BDiagPattern),
    )
    painter.restore()
