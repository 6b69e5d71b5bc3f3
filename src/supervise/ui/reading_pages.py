"""Sets a reading copy on A4 pages as PDF: columns side by side, rows kept whole, page numbers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QBuffer, QIODevice, QLineF, QMarginsF, QPointF, QRectF
from PySide6.QtGui import QColor, QGuiApplication, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from supervise.domain.errors import CancelledError
from supervise.domain.reading_copy import CopyRow, Fact, Line, LineKind, ReadingCopy
from supervise.ui.paper import (
    DPI,
    INK,
    RULE,
    SHADE,
    SMALL,
    SOFT,
    STOP,
    Cell,
    Paragraph,
    Place,
    Run,
    signs_missing,
)
from supervise.ui.paper import px as mm

Report = Callable[[int], None]
Cancelled = Callable[[], bool]
BOXES = (
    "This machine has no letters for some signs of the text; they are boxes here. The HTML copy holds "
    "them all."
)
_TITLE, _HEAD = 15.0, 10.5
_MARGIN, _FOOT, _CLOCK, _GUTTER, _PAD = mm(15), mm(8), mm(21), mm(4), mm(1.4)
_SOFT_KINDS = (LineKind.PAUSE, LineKind.DELETED, LineKind.APART, LineKind.NOTHING, LineKind.RATING)


@dataclass(slots=True)
class Page:
    """What is drawn on one page: lines of text, shades behind them, rules."""

    text: list[tuple[QPointF, Place]] = field(default_factory=list)
    shades: list[QRectF] = field(default_factory=list)
    rules: list[tuple[QLineF, str]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)


def reading_pdf(copy: ReadingCopy, report: Report, cancelled: Cancelled) -> bytes:
    """Return the copy as PDF; runs on any thread. Raises CancelledError."""
    pages = ReadingPages(copy, report, cancelled)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI)
    writer.setTitle(copy.title)
    writer.setCreator("supervise")
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), pages.way, QMarginsF()))
    painter = QPainter(writer)
    try:
        for number, page in enumerate(pages.pages, 1):
            _stop(cancelled)
            if number > 1:
                writer.newPage()
            draw_page(painter, page)
            report(500 + 490 * number // len(pages.pages))
    finally:
        painter.end()
        buffer.close()
    return bytes(buffer.data().data())


def reading_pdf_without_window(copy: ReadingCopy, report: Report, cancelled: Cancelled) -> bytes:
    """Return the copy as PDF in a process that has no window and perhaps no screen."""
    app = QGuiApplication.instance() or QGuiApplication(["supervise", "-platform", "offscreen"])
    try:
        return reading_pdf(copy, report, cancelled)
    finally:
        del app


def _stop(cancelled: Cancelled) -> None:
    if cancelled():
        raise CancelledError("Stopped. Nothing was taken out.")


def draw_page(painter: QPainter, page: Page) -> None:
    """Draw a page; the painter counts in dots of 1/300 inch."""
    for shade in page.shades:
        painter.fillRect(shade, QColor(SHADE))
    for line, color in page.rules:
        painter.setPen(QPen(QColor(color), mm(0.2)))
        painter.drawLine(line)
    for at, place in page.text:
        place.paragraph.draw(painter, at, place.first, place.last)


class ReadingPages:
    """The pages of a copy, laid out and not yet drawn; `way` is how the paper lies."""

    def __init__(self, copy: ReadingCopy, report: Report, cancelled: Cancelled) -> None:
        """Lay it out."""
        wide = len(copy.recalls) > 1
        self.way = QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait
        self._copy = copy
        width, height = (mm(297), mm(210)) if wide else (mm(210), mm(297))
        self._left, self._right, self._end = _MARGIN, width - _MARGIN, height - _MARGIN - _FOOT
        self._columns = self._places(1 + len(copy.recalls))
        self.pages: list[Page] = []
        self._y = self._top = self._head_height = 0.0
        self._new_page()
        self._above()
        self._head_row()
        for number, row in enumerate(copy.rows):
            _stop(cancelled)
            self._row(number, row)
            report(500 * (number + 1) // len(copy.rows))
        self._number_pages()

    def _places(self, count: int) -> list[tuple[float, float]]:
        """Return left edge and width of each column of words."""
        first = self._left + _CLOCK
        width = (self._right - first - _GUTTER * (count - 1)) / count
        return [(first + number * (width + _GUTTER), width) for number in range(count)]

    # ------------------------------------------------------------ above the table
    def _above(self) -> None:
        copy, width = self._copy, self._right - self._left
        self._flow([Paragraph([Run(copy.title, bold=True, size=_TITLE)], width)])
        self._facts(copy.facts)
        self._heads()
        notices = copy.notices
        if signs_missing("".join(_everything(copy))):
            notices = (*notices, BOXES)
        self._y += mm(3)
        self._flow([Paragraph([Run(notice)], width, mm(1)) for notice in notices])
        self._section("How to read it", copy.legend)
        self._section("Prompts used", copy.prompts)
        self._y += mm(5)

    def _heads(self) -> None:
        """Set what is said about each recall, side by side where there are several."""
        heads, width = self._copy.recalls, self._right - self._left
        if len(heads) == 1:
            self._section(heads[0].column, heads[0].facts)
            return
        each = width / len(heads)
        cells = []
        for number, head in enumerate(heads):
            made = [Paragraph([Run(head.column, bold=True, size=_HEAD)], each - _GUTTER)]
            made += [
                Paragraph([Run(f"{fact.name}: ", SOFT), Run(fact.text)], each - _GUTTER, mm(0.6))
                for fact in head.facts
            ]
            cells.append((self._left + number * each, Cell(made)))
        self._y += mm(3.5)
        self._set(cells)

    def _section(self, title: str, facts: Sequence[Fact]) -> None:
        if not facts:
            return
        self._y += mm(3.5)
        self._room(mm(14))
        self._flow([Paragraph([Run(title, bold=True, size=_HEAD)], self._right - self._left)])
        self._facts(facts)

    def _facts(self, facts: Sequence[Fact]) -> None:
        """Set names and texts side by side."""
        width, names = self._right - self._left, mm(28)
        for fact in facts:
            cells = [
                (self._left, Cell([Paragraph([Run(fact.name, SOFT)], names - mm(2))])),
                (self._left + names, Cell([Paragraph([Run(fact.text)], width - names)])),
            ]
            self._y += mm(0.6)
            self._set(cells)

    def _flow(self, paragraphs: Sequence[Paragraph]) -> None:
        for one in paragraphs:
            self._y += one.gap
            self._set([(self._left, Cell([one]))])

    # ------------------------------------------------------------ the table
    def _head_row(self) -> None:
        names = ["The session", *(head.column for head in self._copy.recalls)]
        cells = [(self._left, Cell([Paragraph([Run("Time", bold=True)], _CLOCK - mm(2))]))]
        for (x, width), name in zip(self._columns, names, strict=True):
            cells.append((x, Cell([Paragraph([Run(name, bold=True)], width)])))
        self._head_height = max(cell.height for _, cell in cells) + 2 * _PAD
        if self._y + self._head_height + mm(20) > self._end:
            self._new_page()
        self._y += _PAD
        self._set(cells)
        self._y += _PAD
        self.pages[-1].rules.append((QLineF(self._left, self._y, self._right, self._y), INK))
        self._top = self._y

    def _row(self, number: int, row: CopyRow) -> None:
        told = any(row.recalled)
        cells = [(self._left, self._clock_cell(row.clock))]
        for at, ((x, width), lines) in enumerate(
            zip(self._columns, (row.session, *row.recalled), strict=True)
        ):
            inset = _PAD if at and told else 0.0
            made = [_paragraph(line, width - 2 * inset, clock=bool(at)) for line in lines]
            cells.append((x + inset, Cell(made)))
        need = max(cell.height for _, cell in cells) + 2 * _PAD
        if self._y + need > self._end:
            on_one_page = _MARGIN + self._head_height + need <= self._end
            if on_one_page or self._end - self._y < mm(40):
                self._new_page()
                self._head_row()
        self._draw_row(number, row.clock, cells, told=told)

    def _clock_cell(self, clock: str) -> Cell:
        return Cell([Paragraph([Run(clock, SOFT, size=SMALL)], _CLOCK - mm(2))])

    def _draw_row(self, number: int, clock: str, cells: Sequence[tuple[float, Cell]], *, told: bool) -> None:
        """Set a row; one that is higher than a page goes on on the next."""
        while True:
            page, top = self.pages[-1], self._y
            page.rows.append(number)
            if told and top > self._top:
                page.rules.append((QLineF(self._left, top, self._right, top), RULE))
            self._y += _PAD
            self._put(cells, self._end - _PAD)
            self._y += _PAD
            if told:
                page.shades += [
                    QRectF(x, top, width, self._y - top)
                    for (x, width), (_, cell) in zip(self._columns[1:], cells[2:], strict=True)
                    if cell.height
                ]
                page.rules.append((QLineF(self._left, self._y, self._right, self._y), RULE))
            if all(cell.empty for _, cell in cells[1:]):
                return
            self._new_page()
            self._head_row()
            cells = [(self._left, self._clock_cell(f"… {clock}")), *cells[1:]]

    # ------------------------------------------------------------ pages
    def _new_page(self) -> None:
        self.pages.append(Page())
        self._y = self._top = _MARGIN

    def _room(self, need: float) -> None:
        if self._y + need > self._end:
            self._new_page()

    def _set(self, cells: Sequence[tuple[float, Cell]]) -> None:
        """Set cells side by side, on this page if they fit, over pages if they must."""
        self._room(min(max(cell.height for _, cell in cells), self._end - _MARGIN))
        self._put(cells, self._end)
        while not all(cell.empty for _, cell in cells):
            self._new_page()
            self._put(cells, self._end)

    def _put(self, cells: Sequence[tuple[float, Cell]], end: float) -> None:
        """Put what fits above `end` on this page and go below it."""
        lowest = self._y
        for x, cell in cells:
            for place in cell.take(end - self._y):
                self.pages[-1].text.append((QPointF(x, self._y + place.y), place))
                height = sum(place.paragraph.heights[place.first : place.last])
                lowest = max(lowest, self._y + place.y + height)
        self._y = lowest

    def _number_pages(self) -> None:
        width = self._right - self._left
        about = "   ".join(f"{fact.name}: {fact.text}" for fact in self._copy.facts)
        for number, page in enumerate(self.pages, 1):
            y = self._end + _FOOT - mm(4)
            text = f"{number} / {len(self.pages)}"
            left = Paragraph([Run(about, SOFT, size=SMALL)], width - mm(25))
            right = Paragraph([Run(text, SOFT, size=SMALL)], mm(20))
            page.text.append((QPointF(self._left, y), Place(left, 0, 0, 1)))
            page.text.append((QPointF(self._right - right.widest, y), Place(right, 0, 0, 1)))


def _paragraph(line: Line, width: float, *, clock: bool) -> Paragraph:
    """Return one line of a copy as it is set."""
    gap = mm(0.9)
    if line.kind is LineKind.STOP:
        return Paragraph([Run(line.text, STOP, bold=True)], width, mm(2.4))
    if line.kind is LineKind.PROMPT:
        return Paragraph([Run(f"“{line.text}”", italic=True)], width, gap)
    if line.kind in _SOFT_KINDS:
        return Paragraph([Run(line.text, SOFT)], width, gap)
    runs = [Run(f"{line.who}: ", bold=True)] if line.who else []
    runs.append(Run(line.text))
    runs += [Run(f"  [{tag}]", SOFT, size=SMALL) for tag in line.tags]
    if clock and line.clock:
        runs.append(Run(f"  {line.clock}", SOFT, size=SMALL))
    return Paragraph(runs, width, gap)


def _everything(copy: ReadingCopy) -> Iterator[str]:
    """Yield every text of a copy."""
    facts = [
        *copy.facts,
        *copy.legend,
        *copy.prompts,
        *(fact for head in copy.recalls for fact in head.facts),
    ]
    yield from (text for fact in facts for text in (fact.name, fact.text))
    for row in copy.rows:
        for cell in (row.session, *row.recalled):
            for line in cell:
                yield from (line.text, line.who, *line.tags)
