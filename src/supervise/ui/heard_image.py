"""The bands between two time lines as one picture: what was heard, joined to where it was heard."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage

from supervise.ui.wave_image import Pixels, image_of

MOST_STEPS = 24
EDGE_PX = 0.8
ROWS = 24  # painted at once: more take fresh memory from the system each time, a quarter of all the cost
DEPTH = 80  # so many shades for every e-fold that shines through less: 255 shades go to 96 %

Floats = npt.NDArray[np.float32]
Corners = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Band:
    """Where the bands lie and what they are drawn with; sizes in device pixels, alphas 0 to 1."""

    width: int
    height: int
    ground: QColor
    ink: QColor
    fill: float
    edge: float


def heard_image(corners: Sequence[Corners], band: Band, ratio: float) -> QImage:
    """Return the picture of bands, each given by its left and right above, then left and right below.

    Every band has the same ink, so what lies upon another multiplies what shines through; the logarithms
    of that add up, and one running sum along each row fills them all, however many there are. Qt's own
    antialiased, translucent polygons took 80 ms for a hundred of them on a screen of twice the pixels.
    """
    shades = np.zeros((band.height, (band.width + 3) // 4 * 4), dtype=np.uint8)
    inside = [row for row in corners if max(row[1], row[3]) > 0 and min(row[0], row[2]) < band.width]
    if inside:
        _draw(shades[:, : band.width], np.array(inside, dtype=np.float32), band, EDGE_PX * ratio / 2)
    return image_of(shades, _table(band))


def _draw(shades: Pixels, corners: Floats, band: Band, half: float) -> None:
    fill, edge = -math.log1p(-band.fill) * DEPTH, -math.log1p(-band.edge) * DEPTH
    tops, bottoms, weights = [], [], []
    for side, half_fill in enumerate((fill / 2, -fill / 2)):
        top, bottom = corners[:, side], corners[:, side + 2]
        reach = half * np.sqrt(1 + ((bottom - top) / band.height) ** 2)
        tops += [top - reach, top + reach]
        bottoms += [bottom - reach, bottom + reach]
        weights += [np.full_like(top, half_fill + edge), np.full_like(top, half_fill - edge)]
    lines = _steps(np.concatenate(tops), np.concatenate(bottoms), np.concatenate(weights), band)
    for first in range(0, band.height, ROWS):
        part = shades[first : first + ROWS]
        changes = _changes(lines, first, part.shape[0], band.width)
        changes[:, 0] += 0.5  # so that what is cut off below rounds
        depth = np.cumsum(changes, axis=1, out=changes)[:, : band.width]
        np.minimum(depth, 255, out=depth)
        part[:] = depth


def _steps(top: Floats, bottom: Floats, weight: Floats, band: Band) -> tuple[Floats, Floats, Floats]:
    """Return lines by their beginning, lean and weight; a flat one as several side by side.

    So what it changes is spread, within one row, over all the pixels that it crosses there.
    """
    lean = ((bottom - top) / band.height).astype(np.float32)
    often = np.ceil(np.abs(lean)).clip(1, MOST_STEPS).astype(np.int32)
    if often.max() > 1:
        shift = np.concatenate([(np.arange(n, dtype=np.float32) + 0.5) / n - 0.5 for n in often])
        weight = np.repeat(weight / often, often)
        lean = np.repeat(lean, often)
        top = np.repeat(top, often) + lean * shift
    return top, lean, weight


def _changes(lines: tuple[Floats, Floats, Floats], first: int, height: int, width: int) -> Floats:
    """Return by how much each pixel differs from the one on its left, for some rows.

    Right of each line something changes by its weight.
    """
    top, lean, weight = lines
    rows = np.arange(first, first + height, dtype=np.float32)[:, None] + np.float32(0.5)
    x = top + lean * rows
    np.clip(x, 0, width, out=x)
    left = x.astype(np.int64)
    x -= left
    x *= weight
    wide = width + 2
    left += np.arange(height)[:, None] * wide
    count = left.size
    places, values = np.empty(2 * count, np.int64), np.empty(2 * count)
    places[:count], places[count:] = left.ravel(), left.ravel() + 1
    np.subtract(weight, x, out=values[:count].reshape(x.shape))
    values[count:] = x.ravel()
    return np.bincount(places, values, height * wide).astype(np.float32).reshape(height, wide)


def _table(band: Band) -> list[int]:
    """Return 256 shades from the ground towards the ink."""
    ground, ink = (np.array([color.red(), color.green(), color.blue()]) for color in (band.ground, band.ink))
    shares = 1 - np.exp(-np.arange(256) / DEPTH)
    red, green, blue = np.rint(ground + (ink - ground) * shares[:, None]).astype(np.uint32).T
    return [int(shade) for shade in 0xFF000000 | red << 16 | green << 8 | blue]
