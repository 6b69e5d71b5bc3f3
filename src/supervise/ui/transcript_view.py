"""The transcript in turns: click a word to hear it, walk it by keyboard, choose words to mark."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from supervise.domain.speakers import SpeakerNames
from supervise.domain.transcript import Pause, Turn
from supervise.ui.focus_frame import paint_focus
from supervise.ui.theme import theme_of
from supervise.ui.transcript_paint import TranscriptDelegate
from supervise.ui.transcript_rows import Place, TranscriptModel

COPY_REFUSED = "Nothing is put on the clipboard. File, Take a copy out… takes the transcript out."


class TranscriptView(QListView):
    """Emits times; keeps a word cursor of its own, apart from the word being heard."""

    word_clicked = Signal(int)
    play_requested = Signal(int)
    words_chosen = Signal(int, int)
    copy_refused = Signal(str)
    voice_wished = Signal(object)
    word_framed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show nothing until a transcript is given."""
        super().__init__(parent)
        self.rows = TranscriptModel()
        self.setModel(self.rows)
        self._draw = TranscriptDelegate(self, self.rows)
        self.setItemDelegate(self._draw)
        self._anchor: Place | None = None
        self._pressed: Place | None = None
        self.follow = True
        self.by_hand = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("role", "plain")
        self.setAccessibleName("Transcript")
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalScrollBar().setSingleStep(24)
        theme_of().changed.connect(self._restyle)

    def set_content(self, turns: Sequence[Turn], pauses: Sequence[Pause], names: SpeakerNames) -> None:
        """Show a transcript, keeping the place when it is the same one grown longer."""
        bar = self.verticalScrollBar().value()
        marks = self._draw.marks
        marks.heard, marks.chosen, marks.found = None, None, set()
        if marks.cursor is not None and marks.cursor.row >= len(turns) + len(pauses):
            marks.cursor = None
        self._draw.restyle()
        self.rows.set_content(turns, pauses, names)
        self.verticalScrollBar().setValue(bar)

    def set_names(self, names: SpeakerNames) -> None:
        """Write other names beside the turns."""
        self.rows.names = names
        self.viewport().update()

    def clear(self) -> None:
        """Forget every word; used when the vault locks."""
        self._draw.marks.stripes = {}
        self._draw.marks.cursor = None
        self.by_hand = False
        self.set_content((), (), SpeakerNames())
        self.setAccessibleDescription("")  # it holds the turn last framed, for screen readers

    def _restyle(self) -> None:
        self._draw.restyle()
        self.scheduleDelayedItemsLayout()

    def set_heard(self, ms: int, playing: bool) -> None:
        """Highlight the word heard at `ms`; while playing, keep it in view."""
        marks, new = self._draw.marks, self.rows.place_at(ms)
        old = marks.heard
        if new == old:
            return
        marks.heard = new
        for place in {old.row if old else -1, new.row if new else -1}:
            if place >= 0:
                self._update_row(place)
        if new is not None and playing and self.follow and not self.hasFocus():
            self._keep_in_view(new)

    def _update_row(self, row: int) -> None:
        self.viewport().update(self.visualRect(self.rows.index(row)))

    def _keep_in_view(self, place: Place) -> None:
        area = self._draw.word_area(place, self.visualRect(self.rows.index(place.row)))
        height = self.viewport().height()
        if area.top() < 0 or area.bottom() > height * 0.85:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + area.top() - round(height * 0.3))

    def set_found(self, places: Iterable[Place], current: Place | None) -> None:
        """Mark what a search found, and bring one of them into view."""
        self._draw.marks.found = {(place.row, place.word) for place in places}
        if current is not None:
            self._move_cursor(current, choose=False)
        self.viewport().update()

    def set_stripes(self, stripes: dict[int, list[str]]) -> None:
        """Show beside rows, in their families' colours, which moments touch them."""
        self._draw.marks.stripes = stripes
        self.viewport().update()

    def show_time(self, ms: int) -> None:
        """Bring the row heard at `ms` into view."""
        row = self.rows.row_at(ms)
        if row >= 0:
            self.scrollTo(self.rows.index(row), QAbstractItemView.ScrollHint.EnsureVisible)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, and a frame while the keys go here."""
        super().paintEvent(event)
        paint_focus(self)

    # --- the word cursor

    @property
    def cursor_place(self) -> Place | None:
        """Where the word cursor is."""
        return self._draw.marks.cursor

    @property
    def chosen_span(self) -> tuple[int, int] | None:
        """Return start and end (ms) of the words chosen, or None."""
        chosen = self._draw.marks.chosen
        if chosen is None:
            return None
        return self.rows.start_of(chosen[0]), self.rows.end_of(chosen[1])

    @property
    def span_for_voice(self) -> tuple[int, int] | None:
        """Return from when to before when words begin: of those chosen, or of the turn at the cursor."""
        marks = self._draw.marks
        if marks.chosen is not None:
            return self.rows.start_of(marks.chosen[0]), self.rows.after(marks.chosen[1])
        cursor = marks.cursor or marks.heard
        if cursor is None or self.rows.word(cursor) is None:
            return None
        last = Place(cursor.row, self.rows.words_in(cursor.row) - 1)
        return self.rows.start_of(Place(cursor.row, 0)), self.rows.after(last)

    def cursor_point(self) -> QPoint:
        """Return where on the screen a menu for the word cursor belongs."""
        cursor = self._draw.marks.cursor or self._draw.marks.heard
        corner = self.word_rect(cursor).bottomLeft() if cursor is not None else self.rect().center()
        return self.viewport().mapToGlobal(corner)

    def drop_choice(self) -> None:
        """Choose no words."""
        self._draw.marks.chosen = None
        self._anchor = None
        self.viewport().update()

    def frame_time(self, ms: int) -> None:
        """Let the frame go along with the sound to `ms`: from now on no hand has put it where it is.

        Words chosen stay chosen, and nothing is framed that was not.
        """
        self.by_hand = False
        marks, row = self._draw.marks, self.rows.row_at(ms)
        if marks.cursor is None or marks.chosen is not None or row < 0:
            return
        marks.cursor = self.rows.place_at(ms) or Place(row, 0)
        self.setAccessibleDescription(self._spoken(marks.cursor))
        self.viewport().update()

    def _spoken(self, place: Place) -> str:
        word = self.rows.word(place)
        return word.text if word else self.rows.spoken(self.rows.rows[place.row])

    def _move_cursor(self, place: Place, choose: bool) -> None:
        marks = self._draw.marks
        if choose:
            self._anchor = self._anchor or marks.cursor or place
            first, last = sorted((self._anchor, place), key=lambda p: (p.row, p.word))
            marks.chosen = (first, last)
        else:
            self._anchor, marks.chosen = None, None
        marks.cursor = place
        index = self.rows.index(place.row)
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        self.setAccessibleDescription(self._spoken(place))
        self.viewport().update()
        self.by_hand = True
        self.word_framed.emit()
        if self.chosen_span is not None:
            self.words_chosen.emit(*self.chosen_span)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right go word by word, Up and Down row by row, Shift chooses, Return plays."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_refused.emit(COPY_REFUSED)
            return
        if not self.rows.rows:
            super().keyPressEvent(event)
            return
        cursor = self._draw.marks.cursor or self._draw.marks.heard or Place(0, 0)
        choose = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        target = self._target(event.key(), cursor)
        if target is not None:
            self._move_cursor(target, choose)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.play_requested.emit(self.rows.start_of(cursor))
        elif event.key() == Qt.Key.Key_Escape and self._draw.marks.chosen is not None:
            self.drop_choice()
        else:
            super().keyPressEvent(event)

    def _target(self, key: int, cursor: Place) -> Place | None:
        last = len(self.rows.rows) - 1
        page = max(self.viewport().height() // 60, 1)
        match key:
            case Qt.Key.Key_Right:
                return self.rows.neighbour(cursor, 1)
            case Qt.Key.Key_Left:
                return self.rows.neighbour(cursor, -1)
            case Qt.Key.Key_Down:
                return Place(min(cursor.row + 1, last), 0)
            case Qt.Key.Key_Up:
                return Place(max(cursor.row - 1, 0), 0)
            case Qt.Key.Key_PageDown:
                return Place(min(cursor.row + page, last), 0)
            case Qt.Key.Key_PageUp:
                return Place(max(cursor.row - page, 0), 0)
            case Qt.Key.Key_Home:
                return Place(0, 0)
            case Qt.Key.Key_End:
                return Place(last, 0)
        return None

    # --- the pointer

    def place_at_point(self, point: QPoint) -> Place | None:
        """Return the word (or pause) under a point of the viewport."""
        index = self.indexAt(point)
        if not index.isValid():
            return None
        if isinstance(self.rows.rows[index.row()], Pause):
            return Place(index.row(), 0)
        number = self._draw.word_at(index.row(), QPointF(point), self.visualRect(index))
        return Place(index.row(), number) if number >= 0 else None

    def word_rect(self, place: Place) -> QRect:
        """Return where a word is drawn in the viewport."""
        return self._draw.word_area(place, self.visualRect(self.rows.index(place.row)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click, or a choice of words."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed = self.place_at_point(event.position().toPoint())
        if self._pressed is None:
            self.drop_choice()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose words by dragging over them."""
        place = self.place_at_point(event.position().toPoint())
        if self._pressed is None or place is None or place == self._pressed:
            return
        if self._draw.marks.chosen is None:
            self._draw.marks.cursor = self._pressed
        self._move_cursor(place, choose=True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A plain click goes to the word."""
        place, self._pressed = self._pressed, None
        here = self.place_at_point(event.position().toPoint())
        if place is None or here != place:
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._move_cursor(place, choose=True)
            return
        self._move_cursor(place, choose=False)
        self.word_clicked.emit(self.rows.start_of(place))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the words under the pointer, or at the word cursor, to another voice."""
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            place = self.place_at_point(event.pos())
            if place is None:
                return
            if not self._is_chosen(place):
                self._move_cursor(place, choose=False)
            self.voice_wished.emit(event.globalPos())
        else:
            self.voice_wished.emit(self.cursor_point())

    def _is_chosen(self, place: Place) -> bool:
        chosen = self._draw.marks.chosen
        if chosen is None:
            return False
        first, last = ((end.row, end.word) for end in chosen)
        return first <= (place.row, place.word) <= last
