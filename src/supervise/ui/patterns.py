"""The patterns that tell families apart without colour, as numpy masks and as brushes."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect
from PySide6.QtGui import QBrush, QColor, QPainter, QPixmap

from supervise.domain.codebook import Family
from supervise.ui.colors import contrast, mixed, visible_on
from supervise.ui.theme import Colors

TILE = 8
MARGIN = 4096


@lru_cache(maxsize=64)
def ink_mask(pattern: str, scale: int) -> npt.NDArray[np.bool_]:
    """Return one tile (8 x 8 px at scale 1) that is True where the pattern draws its ink.

    Knows `diag`, `cross` and `dots`; `solid` and `outline` draw none.
    """
    size = TILE * scale
    y, x = np.mgrid[0:size, 0:size]
    thick = 2 * scale
    if pattern == "diag":
        return np.asarray((x + y) % size < thick)
    if pattern == "cross":
        return np.asarray(((x + y) % size < thick) | ((x - y) % size < thick))
    if pattern == "dots":
        middle = (size - 1) / 2
        return np.asarray((x - middle) ** 2 + (y - middle) ** 2 <= (1.8 * scale) ** 2)
    return np.zeros((size, size), dtype=np.bool_)


@lru_cache(maxsize=64)
def long_mask(pattern: str, scale: int, height: int) -> npt.NDArray[np.bool_]:
    """Return the pattern repeated over `height` rows and `MARGIN` columns, ready to be sliced."""
    tile = ink_mask(pattern, scale)
    rows = -(-height // tile.shape[0])
    columns = -(-MARGIN // tile.shape[1])
    return np.tile(tile, (rows, columns))[:height]


def fill_color(family: Family, look: Colors) -> str:
    """Return the family's colour as drawn: its own where it shows, else the nearest shade that does."""
    own = QColor(family.color).name()
    return visible_on(own, look.surface, 2.2) if look.dark else own


def edge_color(family: Family, look: Colors) -> str:
    """Return the colour of a bar's outline: the family's, with at least 3:1 on the ground."""
    return visible_on(family.color, look.surface)


def ink_color(family: Family, look: Colors) -> str:
    """Return the colour of the pattern on the fill."""
    fill = fill_color(family, look)
    light, dark = mixed(fill, "#ffffff", 0.72), mixed(fill, "#000000", 0.62)
    return light if contrast(light, fill) >= contrast(dark, fill) else dark


def brush_of(family: Family, look: Colors) -> QBrush:
    """Return a brush that paints the family as its lane does."""
    if family.pattern == "outline":
        return QBrush(QColor(look.surface))
    pixmap = QPixmap(TILE * 2, TILE * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(QColor(fill_color(family, look)))
    mask = ink_mask(family.pattern, 2)
    if mask.any():
        image = pixmap.toImage()
        ink = QColor(ink_color(family, look))
        for y, x in zip(*np.nonzero(mask), strict=True):
            image.setPixelColor(int(x), int(y), ink)
        pixmap = QPixmap.fromImage(image)
    return QBrush(pixmap)


def paint_swatch(painter: QPainter, rect: QRect, family: Family, look: Colors) -> None:
    """Paint a small rounded sample of the family: fill, pattern and outline."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(edge_color(family, look)))
    painter.setBrush(brush_of(family, look))
    painter.setBrushOrigin(rect.topLeft())
    painter.drawRoundedRect(rect, 3, 3)
    painter.restore()
