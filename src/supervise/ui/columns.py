"""How wide things are: columns that fit their words, and sizes that grow with the system's letters."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QHeaderView, QTableWidget, QWidget

from supervise.ui.theme import LETTERS_PT

MOST_LETTERS = 34
SPARE = 10
LEAST_WINDOW, SHARE = QSize(960, 600), 0.95


def letters(pixels: int) -> int:
    """Return a width or height meant for usual letters, as it must be for this system's."""
    return round(pixels * max(QApplication.font().pointSizeF() / LETTERS_PT, 1.0))


def dialog_size(parent: QWidget, width: int, height: int) -> QSize:
    """Return a dialog's size for this system's letters, but none wider or higher than its window."""
    room = (parent.window().size() * SHARE).expandedTo(LEAST_WINDOW)
    return QSize(min(letters(width), room.width()), min(letters(height), room.height()))


def fit_columns(table: QTableWidget, wide: int) -> None:
    """Give each column the room its words need, but no name more than its share; `wide` has what is left."""
    header = table.horizontalHeader()
    most = MOST_LETTERS * table.fontMetrics().averageCharWidth()
    for number in range(table.columnCount()):
        if number != wide:
            words = min(table.sizeHintForColumn(number), most)
            table.setColumnWidth(number, max(words, header.sectionSizeHint(number)) + SPARE)
    header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
