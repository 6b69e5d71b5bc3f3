"""Our own small drawings from `resources/icons`, tinted with the colours in use."""

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
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
        result.addPixmap(_drawn(name, color or look.text, size, scale))
        result.addPixmap(_drawn(name, look.control, size, scale), QIcon.Mode.Disabled)
    return result


def _drawn(name: str, color: str, size: int, scale: int) -> QPixmap:
    source = resource_path("resources", "icons", f"{name}.svg").read_text("utf-8")
    renderer = QSvgRenderer(QByteArray(source.replace("currentColor", color).encode()))
    pixmap = QPixmap(QSize(size * scale, size * scale))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size * scale, size * scale))
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap
