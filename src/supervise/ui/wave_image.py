"""Fills the waveform's picture: sound, pauses and moments as palette numbers in one numpy array."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage

from supervise.domain.codebook import Family
from supervise.domain.transcript import Pause
from supervise.ui.lanes import Lane
from supervise.ui.patterns import MARGIN, edge_color, fill_color, ink_color, long_mask
from supervise.ui.theme import Colors

Pixels = npt.NDArray[np.uint8]

GROUND, PAUSE, MIDDLE, WAVE, CORE, LANE, LANE_ALT, CHOSEN = range(8)
FIRST_FAMILY = 8


@dataclass(frozen=True, slots=True)
class Strip:
    """A horizontal band of the picture, in device pixels."""

    top: int
    height: int


class PaletteIndex:
    """Numbers for colours: three for each family (fill, edge, ink) after the fixed ones."""

    def __init__(self, families: Sequence[Family], look: Colors) -> None:
        """Work out the colour table once for a codebook and a look."""
        fixed = [look.surface, look.pause, look.line, look.wave, look.wave_core]
        fixed += [look.surface, look.window, look.text]
        table = [QColor(color).rgb() for color in fixed]
        self._first: dict[str, int] = {}
        for family in families:
            self._first[family.family] = len(table)
            for shade in (fill_color(family, look), edge_color(family, look), ink_color(family, look)):
                table.append(QColor(shade).rgb())
        self.table = table

    def of(self, family: Family) -> tuple[int, int, int]:
        """Return the numbers of fill, edge and ink."""
        first = self._first[family.family]
        return first, first + 1, first + 2


def draw_sound(pixels: Pixels, strip: Strip, columns: npt.NDArray[np.float32], gain: float) -> None:
    """Draw peaks as two mirrored outlines: the loudest reach, and the RMS core inside it.

    `columns` is (width, 3): minimum, maximum and RMS in -1..1.
    """
    part = pixels[strip.top : strip.top + strip.height]
    half = (strip.height - 1) / 2
    rows = np.arange(strip.height, dtype=np.int16)[:, None]
    reach = np.clip(columns * gain, -1.0, 1.0).T * half
    spans = ((reach[1], reach[0], np.floor, np.ceil, WAVE), (reach[2], -reach[2], np.ceil, np.floor, CORE))
    for above, below, first_row, last_row, shade in spans:
        first, last = first_row(half - above).astype(np.int16), last_row(half - below).astype(np.int16)
        np.copyto(part, shade, where=(rows >= first) & (rows <= last))
    part[int(half)] = np.where(part[int(half)] >= WAVE, part[int(half)], MIDDLE)


def draw_pauses(
    pixels: Pixels, strip: Strip, pauses: Sequence[Pause], origin_ms: float, scale: float
) -> None:
    """Shade pauses; `scale` is device pixels a millisecond."""
    width = pixels.shape[1]
    for pause in pauses:
        left = int((pause.start_ms - origin_ms) * scale)
        right = int((pause.end_ms - origin_ms) * scale)
        if right > 0 and left < width and right > left:
            pixels[strip.top : strip.top + strip.height, max(left, 0) : right] = PAUSE


@dataclass(frozen=True, slots=True)
class LanePlace:
    """One lane on the picture and how moments are scaled onto it (device pixels)."""

    strip: Strip
    ratio: int
    origin_ms: float
    scale: float


def draw_lane(pixels: Pixels, lane: Lane, place: LanePlace, index: PaletteIndex, selected: str) -> None:
    """Draw a lane's moments: spans as patterned bars, points as narrow posts."""
    fill, edge, ink = index.of(lane.family)
    ratio, width = place.ratio, pixels.shape[1]
    paint = (fill, edge, ink, lane.family.pattern, ratio)
    for bar in lane.bars:
        left = int((bar.start_ms - place.origin_ms) * place.scale)
        right = int((bar.end_ms - place.origin_ms) * place.scale)
        if bar.is_point or right - left < 3 * ratio:
            half = (3 if bar.is_point else 2) * ratio
            left, right = left - half + ratio, left + half
        if right <= 0 or left >= width:
            continue
        pad = ratio if bar.rows > 1 else 2 * ratio
        row_height = place.strip.height // bar.rows
        top = place.strip.top + bar.row * row_height + pad
        mask = long_mask(lane.family.pattern, ratio, row_height - 2 * pad)
        area = pixels[top : top + row_height - 2 * pad, max(left, 0) : min(right, width)]
        _draw_bar(area, mask, paint, left, right, width)
        if bar.moment.moment == selected:
            _draw_frame(pixels, top, area.shape[0], left, right, ratio)


def _draw_bar(
    area: Pixels,
    mask: npt.NDArray[np.bool_],
    paint: tuple[int, int, int, str, int],
    left: int,
    right: int,
    width: int,
) -> None:
    fill, edge, ink, pattern, ratio = paint
    wide = min(area.shape[1], MARGIN)
    if pattern == "outline":
        area[:] = LANE
    elif pattern == "solid" or not mask.size:
        area[:] = fill
    else:
        area[:] = fill
        area[:, :wide][mask[: area.shape[0], :wide]] = ink
    area[:ratio] = edge
    area[-ratio:] = edge
    if left >= 0:
        area[:, : 2 * ratio] = edge
    if right <= width:
        area[:, -2 * ratio :] = edge


def _draw_frame(pixels: Pixels, top: int, height: int, left: int, right: int, ratio: int) -> None:
    above, below = max(top - ratio, 0), top + height
    first, last = max(left, 0), min(right, pixels.shape[1])
    pixels[above : top + ratio, first:last] = CHOSEN
    pixels[below - ratio : below + ratio, first:last] = CHOSEN
    pixels[above : below + ratio, first : first + 2 * ratio] = CHOSEN
    pixels[above : below + ratio, max(last - 2 * ratio, 0) : last] = CHOSEN


def image_of(pixels: Pixels, table: list[int]) -> QImage:
    """Return an array of palette numbers, whose width is a multiple of 4, as an image of its own.

    In the screen's own format: looking colours up while it is drawn would take three times as long.
    """
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable(table)
    return image.convertToFormat(QImage.Format.Format_RGB32)
