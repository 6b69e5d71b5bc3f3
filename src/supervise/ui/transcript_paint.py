"""Draws a transcript row: who, when, the words with what is heard and found marked in them."""

from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QFontMetricsF,
    QPainter,
    QPen,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from supervise.domain.times import clock
from supervise.domain.transcript import Pause, Turn, Word
from supervise.ui.columns import letters
from supervise.ui.theme import Colors, colors
from supervise.ui.transcript_rows import Index, Place, TranscriptModel, pause_words

_NAMES = 196
TIME_WIDTH = 50
PAD = 7
SIDE = 12
MARK_WIDTH = 26
UNSURE = 0.5
KEPT_LAYOUTS = 600


def name_width() -> int:
    """Return how wide times and names are together, left of the words."""
    return letters(_NAMES)


@dataclass(slots=True)
class Laid:
    """One turn laid out: where each word starts in the text, and how high it is."""

    layout: QTextLayout
    offsets: list[int]
    height: int


@dataclass(slots=True)
class Marks:
    """What is marked on the words at the moment."""

    heard: Place | None = None
    cursor: Place | None = None
    chosen: tuple[Place, Place] | None = None
    found: set[tuple[int, int]] = field(default_factory=set)
    stripes: dict[int, list[str]] = field(default_factory=dict)


class TranscriptDelegate(QStyledItemDelegate):
    """Keeps a `QTextLayout` for rows seen lately, and the height of every row at one width."""

    def __init__(self, view: QListView, model: TranscriptModel) -> None:
        """Draw the rows of `model` in `view`."""
        super().__init__(view)
        self._view = view
        self._model = model
        self.marks = Marks()
        self._laid: OrderedDict[int, Laid] = OrderedDict()
        self._heights: dict[int, int] = {}
        self._width = -1
        self._small = QFont()
        self.restyle()

    def restyle(self) -> None:
        """Forget all layouts, after a change of font, colours or content."""
        self._laid.clear()
        self._heights.clear()
        self._metrics = QFontMetricsF(self._view.font())
        sample = Turn("", 0, 0, (Word("X", 0, 0, 1.0),))
        self._one_line = _lay_out(sample, self._view.font(), 400).height
        self._small = QFont(self._view.font())
        self._small.setPointSizeF(self._view.font().pointSizeF() * 0.88)

    def text_width(self) -> int:
        """Return how wide a line of words may be."""
        return max(self._view.viewport().width() - name_width() - SIDE - MARK_WIDTH, 120)

    def _settle_width(self) -> None:
        if self.text_width() != self._width:
            self._width = self.text_width()
            self._laid.clear()
            self._heights.clear()

    def laid(self, row: int) -> Laid:
        """Return the layout of a turn, making it when it is not kept."""
        self._settle_width()
        if row in self._laid:
            self._laid.move_to_end(row)
            return self._laid[row]
        turn = self._model.rows[row]
        made = _lay_out(turn, self._view.font(), self._width) if isinstance(turn, Turn) else None
        if made is None:
            message = "a pause has no words to lay out"
            raise LookupError(message)
        self._laid[row] = made
        if len(self._laid) > KEPT_LAYOUTS:
            self._laid.popitem(last=False)
        return made

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Height of a row at the present width."""
        self._settle_width()
        row = index.row()
        if row not in self._heights:
            if isinstance(self._model.rows[row], Pause):
                self._heights[row] = QFontMetrics(self._small).height() + 10
            else:
                self._heights[row] = self._turn_height(row) + 2 * PAD
        return QSize(self._width, self._heights[row])

    def _turn_height(self, row: int) -> int:
        """Height of a turn; a plain short one is measured without laying it out, which takes longer."""
        entry = self._model.rows[row]
        if isinstance(entry, Turn) and row not in self._laid:
            text = entry.text
            if text.isascii() and self._metrics.horizontalAdvance(text) < self._width - 4:
                return self._one_line
        return self.laid(row).height

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        look, row = colors(), index.row()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        current = bool(state & QStyle.StateFlag.State_Selected) or self._is_cursor_row(row)
        entry = self._model.rows[row]
        if current and self._view.hasFocus():
            if isinstance(entry, Pause):  # it has no word that could be framed
                painter.fillRect(rect, QColor(look.accent_soft))
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), QColor(look.focus))
        if isinstance(entry, Pause):
            self._paint_pause(painter, rect, entry, look)
        else:
            self._paint_name(painter, rect, row, entry, look)
            self._paint_words(painter, rect, row, look)
        self._paint_stripes(painter, rect, row)
        painter.restore()

    def _is_cursor_row(self, row: int) -> bool:
        return self.marks.cursor is not None and self.marks.cursor.row == row

    def _paint_pause(self, painter: QPainter, rect: QRect, pause: Pause, look: Colors) -> None:
        self._paint_time(painter, rect, pause.start_ms, look)
        words = pause_words(pause)
        text = f"{words} deleted for good" if pause.deleted else f"pause of {words}"
        left, middle = rect.left() + name_width(), rect.center().y()
        length = round(min(16 + (pause.end_ms - pause.start_ms) / 1000 * 4, 160))
        painter.setPen(QPen(QColor(look.control), 1, Qt.PenStyle.DotLine))
        painter.drawLine(left, middle, left + length, middle)
        painter.setPen(QColor(look.muted))
        place = QRect(left + length + 10, rect.top(), self._width, rect.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_time(self, painter: QPainter, rect: QRect, start_ms: int, look: Colors) -> None:
        painter.setFont(self._small)
        painter.setPen(QColor(look.muted))
        place = QRect(rect.left() + SIDE, rect.top(), self._times(), rect.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, clock(start_ms))

    def _times(self) -> int:
        """Return how wide times are: a session of hours, or large letters, take more."""
        rows = self._model.rows
        last = clock(rows[-1].start_ms) if rows else ""
        return max(TIME_WIDTH, QFontMetrics(self._small).horizontalAdvance(last) + PAD)

    def _paint_name(self, painter: QPainter, rect: QRect, row: int, turn: Turn, look: Colors) -> None:
        font = QFont(self._view.font())
        font.setWeight(QFont.Weight.DemiBold if turn.speaker else QFont.Weight.Normal)
        metrics = QFontMetrics(font)
        line = QRect(rect.left(), rect.top() + PAD, rect.width(), metrics.height())
        self._paint_time(painter, line, turn.start_ms, look)
        if self._model.goes_on(row):
            return
        painter.setFont(font)
        painter.setPen(QColor(voice_color(turn.speaker, look)))
        times = self._times()
        room = name_width() - SIDE - times - 10
        name = self._model.names.name(turn.speaker)
        elided = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        place = QRect(line.left() + SIDE + times, line.top(), room, line.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, elided)

    def _paint_words(self, painter: QPainter, rect: QRect, row: int, look: Colors) -> None:
        made = self.laid(row)
        origin = QPointF(rect.left() + name_width(), rect.top() + PAD)
        marks = self.marks
        for found_row, word in marks.found:
            if found_row == row:
                self._back(painter, made, origin, word, QColor(look.hit), QColor(look.line))
        if marks.chosen is not None:
            self._paint_chosen(painter, made, origin, row, look)
        heard = marks.heard
        pen = QPen(QColor(look.text))
        if heard is not None and heard.row == row:
            self._back(painter, made, origin, heard.word, QColor(look.word), None)
        painter.setPen(pen)
        made.layout.draw(painter, origin)
        if heard is not None and heard.row == row:
            self._paint_heard(painter, made, origin, heard.word, look)
        cursor = marks.cursor
        if cursor is not None and cursor.row == row and (self._view.hasFocus() or marks.found):
            self._back(painter, made, origin, cursor.word, None, QColor(look.focus))

    def _paint_chosen(self, painter: QPainter, made: Laid, origin: QPointF, row: int, look: Colors) -> None:
        chosen = self.marks.chosen
        if chosen is None or not chosen[0].row <= row <= chosen[1].row:
            return
        first = chosen[0].word if chosen[0].row == row else 0
        last = chosen[1].word if chosen[1].row == row else len(made.offsets) - 1
        for word in range(first, last + 1):
            self._back(painter, made, origin, word, QColor(look.accent_soft), None)

    def _paint_heard(self, painter: QPainter, made: Laid, origin: QPointF, word: int, look: Colors) -> None:
        for rect in word_rects(made, word):
            painter.save()
            painter.setClipRect(rect.translated(origin))
            painter.setPen(QColor(look.on_word))
            made.layout.draw(painter, origin)
            painter.restore()

    def _back(
        self, painter: QPainter, made: Laid, origin: QPointF, word: int,
        fill: QColor | None, edge: QColor | None,
    ) -> None:  # fmt: skip
        painter.setPen(QPen(edge, 1.5) if edge is not None else Qt.PenStyle.NoPen)
        painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
        for rect in word_rects(made, word):
            painter.drawRoundedRect(rect.translated(origin).adjusted(-2, 0, 2, 0), 3, 3)

    def _paint_stripes(self, painter: QPainter, rect: QRect, row: int) -> None:
        shades = self.marks.stripes.get(row, ())
        for number, shade in enumerate(shades[:4]):
            x = rect.right() - 8 - number * 6
            painter.fillRect(QRect(x, rect.top() + 2, 4, rect.height() - 4), QColor(shade))

    def word_at(self, row: int, point: QPointF, rect: QRect) -> int:
        """Return the number of the word at a point of the view, or -1 beside the words."""
        if not isinstance(self._model.rows[row], Turn):
            return -1
        made = self.laid(row)
        inside = point - QPointF(rect.left() + name_width(), rect.top() + PAD)
        for number in range(made.layout.lineCount()):
            line = made.layout.lineAt(number)
            if line.y() <= inside.y() < line.y() + line.height():
                if not -3 <= inside.x() - line.x() <= line.naturalTextWidth() + 3:
                    return -1
                position = line.xToCursor(inside.x())
                return max(bisect_right(made.offsets, position) - 1, 0)
        return -1

    def word_area(self, place: Place, rect: QRect) -> QRect:
        """Return where a word is in the view."""
        rects = word_rects(self.laid(place.row), place.word)
        area = rects[0].translated(rect.left() + name_width(), rect.top() + PAD) if rects else QRectF(rect)
        return area.toAlignedRect()


def voice_color(label: str, look: Colors) -> str:
    """Return the colour a voice's name is written in; the name itself tells voices apart."""
    return {"A": look.voice_a, "B": look.voice_b, "": look.muted}.get(label, look.voice_other)


def _lay_out(turn: Turn, font: QFont, width: int) -> Laid:
    offsets, texts, at = [], [], 0
    unsure: list[QTextLayout.FormatRange] = []
    for word in turn.words:
        offsets.append(at)
        texts.append(word.text)
        if word.confidence < UNSURE:
            unsure.append(_unsure_range(at, len(word.text)))
        at += len(word.text) + 1
    layout = QTextLayout(" ".join(texts), font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    if unsure:
        layout.setFormats(unsure)
    layout.beginLayout()
    y = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, y))
        y += line.height() * 1.18
    layout.endLayout()
    return Laid(layout, offsets, round(y))


def _unsure_range(start: int, length: int) -> QTextLayout.FormatRange:
    look = QTextCharFormat()
    look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
    found = QTextLayout.FormatRange()
    found.start, found.length, found.format = start, length, look
    return found


def word_rects(made: Laid, word: int) -> list[QRectF]:
    """Return a word's rectangles relative to the text (several when it is broken over lines)."""
    if not 0 <= word < len(made.offsets):
        return []
    start = made.offsets[word]
    last = word + 1 == len(made.offsets)
    end = len(made.layout.text()) if last else made.offsets[word + 1] - 1
    rects = []
    for number in range(made.layout.lineCount()):
        line = made.layout.lineAt(number)
        first, stop = line.textStart(), line.textStart() + line.textLength()
        if start < stop and end > first:
            left, right = _x(line.cursorToX(max(start, first))), _x(line.cursorToX(min(end, stop)))
            rects.append(QRectF(min(left, right), line.y(), abs(right - left), line.height()))
    return rects


def _x(answer: object) -> float:
    value = answer[0] if isinstance(answer, tuple) else answer
    return float(value)  # type: ignore[arg-type]
