"""Our own small drawings from `resources/icons`, tinted with the colours in use."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from supervise.resources import resource_path
from supervise.ui.theme import colors

SIZE = 20
SCALES = (1, 2, 3)


def icon(name: str, color: str = "", size: int = SIZE) -> QIcon:
    """Return the drawing `name` at 1x, 2x and 3x; `color` defaults to the text colour."""
    look = colors()
    result = QIcon()
    for scale in SCALES:
        result.addPixmap(_pixmap(name, color or look.text, size, scale))
        result.addPixmap(_pixmap(name, look.control, size, scale), QIcon.Mode.Disabled)
    return result


def _pixmap(name: str, color: str, size: int, scale: int) -> QPixmap:
    pixmap = QPixmap.fromImage(_drawn(name, color, size * scale))
    pixmap.setDevicePixelRatio(scale)
    return pixmap


@lru_cache(maxsize=512)
def _drawn(name: str, color: str, size: int) -> QImage:
    source = resource_path("resources", "icons", f"{name}.svg").read_text("utf-8")
    renderer = QSvgRenderer(QByteArray(source.replace("currentColor", color).encode()))
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image
