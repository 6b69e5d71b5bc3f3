"""The frame around a list without edges of its own, so that one sees where the keys go."""

from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QAbstractItemView

from supervise.ui.theme import colors


def paint_focus(view: QAbstractItemView) -> None:
    """Frame what is seen of `view` while it has the focus; call it at the end of its `paintEvent`."""
    if not view.hasFocus():
        return
    painter = QPainter(view.viewport())
    painter.setPen(QColor(colors().focus))
    area = view.viewport().rect()
    painter.drawRect(area.adjusted(0, 0, -1, -1))
    painter.drawRect(area.adjusted(1, 1, -2, -2))
    painter.end()
