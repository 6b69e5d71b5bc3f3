"""What was said in a recall, stop by stop: words to walk and hear, what they are about, and their marks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionViewItem

from supervise.domain.recall import Stop
from supervise.domain.speakers import SpeakerNames
from supervise.domain.transcript import Pause, Turn
from supervise.ui.reading_words import stop_words
from supervise.ui.stop_badges import BADGE, paint_badge
from supervise.ui.theme import Colors, colors
from supervise.ui.transcript_paint import PAD, TranscriptDelegate, name_width
from supervise.ui.transcript_rows import Index, Place, TranscriptModel
from supervise.ui.transcript_view import TranscriptView

CHIP_GAP = 6
CHIP_PAD = 7
LEAST_CHIP = 60


@dataclass(frozen=True, slots=True)
class StopRow(Pause):
    """A stop of the tape as a row among the words; from `start_ms` to `end_ms` of the recall."""

    stop: Stop | None = None
    prompts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Footer:
    """What stands below a row: what of the session it is about, and marks as chips (`now` hollow)."""

    about: str
    chips: tuple[tuple[str, bool], ...] = ()


class RecalledRows(TranscriptModel):
    """Utterances as turns, and stops; what stands below each."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.footers: Mapping[int, Footer] = {}

    def set_rows(self, rows: Sequence[Turn | Pause], names: SpeakerNames) -> None:
        """Show rows as they are, in their order."""
        self.beginResetModel()
        self.rows, self.names = list(rows), names
        self._row_starts = [row.start_ms for row in rows]
        self.endResetModel()

    def goes_on(self, row: int) -> bool:
        """Each row says whose it is."""
        del row
        return False

    def spoken(self, row: Turn | Pause) -> str:
        """Say a row in one line, with what it is about and its marks."""
        said = (
            stop_words(row.stop, row.prompts)
            if isinstance(row, StopRow) and row.stop
            else super().spoken(row)
        )
        number = self.rows.index(row) if row in self.rows else -1
        footer = self.footers.get(number)
        if footer is None:
            return said
        return ". ".join(
            part for part in (said, footer.about, ", ".join(text for text, _ in footer.chips)) if part
        )


class RecalledDelegate(TranscriptDelegate):
    """Draws a line below each row, and stops with the badge of whoever stopped."""

    _model: RecalledRows

    def _foot_height(self) -> int:
        return QFontMetrics(self._small).height() + 6

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Room for the line below."""
        size, row = super().sizeHint(option, index), index.row()
        footer = self._model.footers.get(row)
        if isinstance(self._model.rows[row], Pause):
            size = QSize(size.width(), max(size.height(), BADGE + 12))
            return size + QSize(0, self._foot_height() if footer and footer.chips else 0)
        return size + QSize(0, self._foot_height() if footer else 0)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row and what stands below it."""
        row = index.row()
        super().paint(painter, option, index)
        footer = self._model.footers.get(row)
        stop = isinstance(self._model.rows[row], Pause)
        if footer is None or (stop and not footer.chips):
            return
        area: QRect = option.rect
        place = QRect(
            area.left() + name_width(),
            area.bottom() - self._foot_height() - PAD + 4,
            self._width,
            self._foot_height(),
        )
        self._paint_footer(painter, place, footer if not stop else Footer("", footer.chips), colors())

    def _paint_footer(self, painter: QPainter, place: QRect, footer: Footer, look: Colors) -> None:
        painter.save()
        painter.setFont(self._small)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetrics(self._small)
        x = place.left()
        if footer.about:
            painter.setPen(QColor(look.muted))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, footer.about)
            x += metrics.horizontalAdvance(footer.about) + 2 * CHIP_GAP
        for text, hollow in footer.chips:
            room = place.right() - x - 2 * CHIP_PAD
            if room < LEAST_CHIP:
                rest = QRect(x, place.top(), 30, place.height())
                painter.setPen(QColor(look.muted))
                painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, "…")
                break
            words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            wide = metrics.horizontalAdvance(words) + 2 * CHIP_PAD
            chip = QRectF(x + 0.5, place.top() + 1.5, wide - 1, place.height() - 3)
            painter.setPen(QPen(QColor(look.accent), 1))
            painter.setBrush(QColor(look.surface if hollow else look.accent_soft))
            painter.drawRoundedRect(chip, chip.height() / 2, chip.height() / 2)
            painter.setPen(QColor(look.text))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, words)
            x += wide + CHIP_GAP
        painter.restore()

    def _paint_pause(self, painter: QPainter, rect: QRect, pause: Pause, look: Colors) -> None:
        if not isinstance(pause, StopRow) or pause.stop is None:
            super()._paint_pause(painter, rect, pause, look)
            return
        line = QRect(rect.left(), rect.top() + 4, rect.width(), BADGE + 4)
        self._paint_time(painter, line, pause.start_ms, look)
        middle = QPointF(rect.left() + name_width() + BADGE / 2, line.center().y() + 0.5)
        paint_badge(painter, middle, pause.stop.stopped_by, look)
        painter.setPen(QColor(look.muted))
        left = rect.left() + name_width() + BADGE + 10
        words = stop_words(pause.stop, pause.prompts)
        room = rect.right() - left - 12
        cut = QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, line.top(), room, line.height()), Qt.AlignmentFlag.AlignVCenter, cut)


class RecalledWords(TranscriptView):
    """The list; a click or Return on a word wishes to hear the session's moment."""

    rows: RecalledRows

    def __init__(self) -> None:
        """Show nothing until a recall is opened."""
        super().__init__()
        self.rows = RecalledRows()
        self.setModel(self.rows)
        self._draw = RecalledDelegate(self, self.rows)
        self.setItemDelegate(self._draw)
        self.setAccessibleName("What was recalled")

    def show_rows(self, rows: Sequence[Turn | Pause], names: SpeakerNames) -> None:
        """Show rows, keeping the cursor where it was if it may stay."""
        bar, marks = self.verticalScrollBar().value(), self._draw.marks
        marks.heard, marks.chosen, marks.found = None, None, set()
        if marks.cursor is not None and marks.cursor.row >= len(rows):
            marks.cursor = None
        self._draw.restyle()
        self.rows.set_rows(rows, names)
        self.verticalScrollBar().setValue(bar)

    def show_footers(self, footers: Mapping[int, Footer]) -> None:
        """Show what stands below the rows."""
        self.rows.footers = footers
        self._draw.restyle()
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def clear(self) -> None:
        """Forget every word."""
        self.rows.footers = {}
        super().clear()

    @property
    def passage(self) -> tuple[int, int] | None:
        """Return the span of the recall that is chosen: words, else the row at the cursor."""
        chosen = self.chosen_span
        place = self.cursor_place
        if chosen is not None or place is None:
            return chosen
        entry = self.rows.rows[place.row]
        return entry.start_ms, entry.end_ms

    def row_of_passage(self) -> Turn | Pause | None:
        """Return the row at the cursor."""
        place = self.cursor_place
        return None if place is None else self.rows.rows[place.row]

    def go_to(self, ms: int) -> None:
        """Put the cursor on the word at (or last before) an instant of the recall."""
        row = self.rows.row_at(ms)
        if row >= 0:
            self._move_cursor(self.rows.place_at(ms) or Place(row, 0), choose=False)
