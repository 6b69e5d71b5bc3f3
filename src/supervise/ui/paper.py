"""Paragraphs and cells of a page: text laid out at a width, whose lines may go on on the next page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import bidirectional

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QTextCharFormat, QTextLayout, QTextOption

DPI = 300
INK, SOFT, STOP, RULE, SHADE = "#000000", "#4a4a4a", "#5a2c00", "#b4b4b4", "#f1f1f1"
SIZE, SMALL = 9.0, 7.5
_LEADING = 1.12
_FAMILIES = ["Noto Sans", "DejaVu Sans", "Segoe UI", "Helvetica Neue", "Arial"]


def px(mm: float) -> float:
    """Return millimetres in the page's dots."""
    return mm * DPI / 25.4


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph in one look."""

    text: str
    color: str = INK
    bold: bool = False
    italic: bool = False
    size: float = SIZE

    def font(self) -> QFont:
        """Return its font, in dots, whatever screen there is."""
        made = QFont()
        made.setFamilies(_FAMILIES)
        made.setPixelSize(round(self.size * DPI / 72))
        made.setBold(self.bold)
        made.setItalic(self.italic)
        return made


class Paragraph:
    """Runs laid out at a width in dots; `gap` is the room above it."""

    def __init__(self, runs: Sequence[Run], width: float, gap: float = 0.0) -> None:
        """Break the lines."""
        self.text = "".join(run.text for run in runs)
        self.gap = gap
        self.heights: list[float] = []
        self._layout = QTextLayout(self.text, runs[0].font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        if _runs_left(self.text):
            option.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
        self._layout.setTextOption(option)
        self._layout.setFormats(list(_formats(runs)))
        self._layout.beginLayout()
        line = self._layout.createLine()
        while line.isValid():
            line.setLineWidth(width)
            self.heights.append(line.height() * _LEADING)
            line = self._layout.createLine()
        self._layout.endLayout()

    @property
    def widest(self) -> float:
        """How wide its words are."""
        return max(
            (self._layout.lineAt(number).naturalTextWidth() for number in range(len(self.heights))), default=0
        )

    @property
    def height(self) -> float:
        """All its lines, without the gap."""
        return sum(self.heights)

    def draw(self, painter: QPainter, at: QPointF, first: int, last: int) -> None:
        """Draw lines [first, last) from a point down."""
        y = at.y()
        for number in range(first, last):
            line = self._layout.lineAt(number)
            line.setPosition(QPointF(0, 0))
            line.draw(painter, QPointF(at.x(), y))
            y += self.heights[number]


def _runs_left(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    kinds = (bidirectional(letter) for letter in text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


def _formats(runs: Sequence[Run]) -> Iterator[QTextLayout.FormatRange]:
    start = 0
    for run in runs:
        length = len(run.text.encode("utf-16-le")) // 2
        look = QTextCharFormat()
        look.setFont(run.font())
        look.setForeground(QColor(run.color))
        made = QTextLayout.FormatRange()
        made.start, made.length, made.format = start, length, look
        start += length
        yield made


class Place(NamedTuple):
    """Lines [first, last) of a paragraph, `y` below the top of what they are set in."""

    paragraph: Paragraph
    y: float
    first: int
    last: int


class Cell:
    """Paragraphs below each other, taken out from the top as far as there is room."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        """Begin at the first line."""
        self._paragraphs = list(paragraphs)
        self._number = self._line = 0

    @property
    def empty(self) -> bool:
        """Whether everything was taken."""
        return self._number >= len(self._paragraphs)

    @property
    def height(self) -> float:
        """What all of it needs."""
        return sum(one.height + (one.gap if number else 0) for number, one in enumerate(self._paragraphs))

    def take(self, room: float) -> list[Place]:
        """Return what fits into `room` and go on behind it."""
        taken: list[Place] = []
        y = 0.0
        while not self.empty:
            one = self._paragraphs[self._number]
            begin, top = self._line, y + (one.gap if taken and not self._line else 0)
            y, last = top, begin
            while last < len(one.heights) and y + one.heights[last] <= room:
                y += one.heights[last]
                last += 1
            if last > begin:
                taken.append(Place(one, top, begin, last))
            if last < len(one.heights):
                self._line = last
                break
            self._number, self._line = self._number + 1, 0
        return taken


def signs_missing(text: str) -> bool:
    """Return whether no font of this machine has a letter for one of the text's signs."""
    signs = "".join(sorted({sign for sign in text if sign.isprintable() and not sign.isspace()}))
    if not signs:
        return False
    layout = QTextLayout(signs, Run(signs).font())
    layout.beginLayout()
    layout.createLine().setLineWidth(px(10_000))
    layout.endLayout()
    return any(0 in run.glyphIndexes() for run in layout.glyphRuns())
