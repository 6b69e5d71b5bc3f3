"""The list of moments: what, when, by whom, with filters and plain words for what is still open."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from supervise.domain.codebook import Codebook
from supervise.domain.ids import ProfileId
from supervise.domain.moments import Moment
from supervise.ui.choices import narrow
from supervise.ui.focus_frame import paint_focus
from supervise.ui.icons import icon
from supervise.ui.lanes import end_is_open, family_of
from supervise.ui.moment_model import MomentFilter, MomentModel, MomentRole, labels_of, times_of
from supervise.ui.patterns import paint_swatch
from supervise.ui.pieces import column, label, row
from supervise.ui.theme import EDGE, GAP, colors, theme_of
from supervise.ui.wave_paint import short_label

Index = QModelIndex | QPersistentModelIndex
PAD = 8
FILTER_WAIT_MS = 120


class MomentDelegate(QStyledItemDelegate):
    """Three lines at most: codes; times and state; the note's beginning."""

    def __init__(self, view: QListView, model: MomentModel) -> None:
        """Draw moments of `model`."""
        super().__init__(view)
        self._view = view
        self._model = model

    def _small(self) -> QFont:
        font = QFont(self._view.font())
        font.setPointSizeF(font.pointSizeF() * 0.88)
        return font

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines, three with a note."""
        moment: Moment = index.data(MomentRole)
        big, small = QFontMetrics(self._view.font()).height(), QFontMetrics(self._small()).height()
        return QSize(200, 2 * PAD + big + 2 + small * (2 if moment.note else 1) + (2 if moment.note else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one moment."""
        book = self._model.codebook
        if book is None:
            return
        look, moment = colors(), index.data(MomentRole)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(look.accent_soft))
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), QColor(look.accent))
        painter.setPen(QColor(look.line))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        self._paint_lines(painter, rect.adjusted(12, PAD, -10, -PAD), moment, book)
        painter.restore()

    def _paint_lines(self, painter: QPainter, rect: QRect, moment: Moment, book: Codebook) -> None:
        look, font = colors(), self._view.font()
        big, small = QFontMetrics(font), QFontMetrics(self._small())
        family = family_of(book, moment.codes[0].code)
        paint_swatch(painter, QRect(rect.left(), rect.top() + (big.height() - 12) // 2, 16, 12), family, look)
        left, room = rect.left() + 26, rect.width() - 26
        if moment.private:
            icon("lock", look.muted, 14).paint(painter, QRect(rect.right() - 14, rect.top() + 1, 14, 14))
            room -= 20
        elide = Qt.TextElideMode.ElideRight
        painter.setFont(font)
        painter.setPen(QColor(look.text))
        first = QRect(left, rect.top(), room, big.height())
        painter.drawText(
            first, Qt.AlignmentFlag.AlignVCenter, big.elidedText(labels_of(moment, book), elide, room)
        )
        painter.setFont(self._small())
        painter.setPen(QColor(look.muted))
        second = QRect(left, first.bottom() + 3, rect.width() - 26, small.height())
        text = f"{times_of(moment)} · {self._model.author(moment)}"
        if end_is_open(moment, book):
            painter.setPen(QColor(look.warn))
            text = f"{times_of(moment)} · end still open"
        painter.drawText(second, Qt.AlignmentFlag.AlignVCenter, small.elidedText(text, elide, second.width()))
        if moment.note:
            painter.setPen(QColor(look.text))
            third = second.translated(0, small.height() + 2)
            note = small.elidedText(" ".join(moment.note.split()), elide, third.width())
            painter.drawText(third, Qt.AlignmentFlag.AlignVCenter, note)


class MomentList(QListView):
    """The list itself; Return plays, Delete deletes, Escape goes back to the sound."""

    activated_moment = Signal(str)
    delete_requested = Signal(str)
    picked = Signal(str)
    left = Signal()

    def __init__(self, model: MomentModel) -> None:
        """Show `model` through its filter."""
        super().__init__()
        self.shown = MomentFilter(model)
        self.setModel(self.shown)
        self.setItemDelegate(MomentDelegate(self, model))
        self.setProperty("role", "plain")
        self.setAccessibleName("Moments")
        self.setUniformItemSizes(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._quiet = False
        self.selectionModel().currentChanged.connect(self._on_current)
        self.doubleClicked.connect(self._on_double_click)

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not self._quiet and current.isValid():
            self.picked.emit(current.data(MomentRole).moment)

    def _on_double_click(self, index: QModelIndex) -> None:
        self.activated_moment.emit(index.data(MomentRole).moment)

    def select(self, moment: str) -> None:
        """Make a moment the current one without saying so; an unknown one clears the choice."""
        self._quiet = True
        found = next((i for i in self._indexes() if i.data(MomentRole).moment == moment), QModelIndex())
        self.setCurrentIndex(found)
        if found.isValid():
            self.scrollTo(found)
        self._quiet = False

    def _indexes(self) -> list[QModelIndex]:
        return [self.shown.index(number, 0) for number in range(self.shown.rowCount())]

    @property
    def current(self) -> str:
        """The current moment's id, or empty."""
        index = self.currentIndex()
        return index.data(MomentRole).moment if index.isValid() else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the current moment in sight: the editor below takes room when one is chosen."""
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the moments, and a frame while the keys go here."""
        super().paintEvent(event)
        paint_focus(self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming here chooses nothing: Qt would take the first moment, and the sound would go there."""
        before, self._quiet = self.current, True
        super().focusInEvent(event)
        if not before:
            self.setCurrentIndex(QModelIndex())
        self._quiet = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return plays the moment; Delete asks for its end."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current:
            self.activated_moment.emit(self.current)
        elif event.key() == Qt.Key.Key_Delete and self.current:
            self.delete_requested.emit(self.current)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class MomentsPanel(QWidget):
    """The list with its filters above it."""

    def __init__(self, model: MomentModel) -> None:
        """Show `model`."""
        super().__init__()
        self._model = model
        self.list = MomentList(model)
        self.title = label("Moments", "heading", wrap=False)
        self.count = label("", "muted", wrap=False)
        self.words = QLineEdit()
        self.words.setPlaceholderText("Filter")
        self.words.setToolTip("Filter by code, author or note")
        self.words.setAccessibleName("Filter moments")
        self.words.setClearButtonEnabled(True)
        self.family = QComboBox()
        self.family.setAccessibleName("Family of codes")
        self.author = QComboBox()
        self.author.setAccessibleName("Author")
        self.empty = label("", "muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for box in (self.family, self.author):
            narrow(box, 8)
            box.currentIndexChanged.connect(self._filter)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(FILTER_WAIT_MS)
        self._wait.timeout.connect(self._filter)
        self.words.textChanged.connect(self._wait.start)
        self.words.returnPressed.connect(self._to_list)
        self._lay_out()
        model.modelReset.connect(self._on_reset)
        theme_of().changed.connect(self.list.viewport().update)
        self._on_reset()

    def _lay_out(self) -> None:
        outer = column(self, 0, 0)
        head = column(None, 0, GAP)
        head.setContentsMargins(EDGE - 4, GAP, GAP, GAP)
        head.addLayout(row(self.title, 1, self.count))
        head.addLayout(row(self.words, self.family))
        head.addWidget(self.author)
        outer.addLayout(head)
        outer.addWidget(self.empty)
        outer.addWidget(self.list, 1)

    def _to_list(self) -> None:
        """Enter in the filter goes to what is left of the list."""
        self._wait.stop()
        self._filter()
        self.list.setFocus()

    def _on_reset(self) -> None:
        book = self._model.codebook
        families = {} if book is None else {f.family: short_label(f.label) for f in book.families}
        _refill(self.family, "All families", families)
        names: dict[ProfileId, str] = {m.author: self._model.author(m) for m in self._model.moments}
        _refill(self.author, "Everybody", {str(key): text for key, text in names.items()})
        self.author.setVisible(len(names) > 1)
        self._filter()

    def _filter(self) -> None:
        chosen = self.list.current
        author = str(self.author.currentData() or "")
        self.list.shown.choose(author, str(self.family.currentData() or ""), self.words.text())
        if chosen:
            self.list.select(chosen)
        self._say_count()

    def _say_count(self) -> None:
        shown, known = self.list.shown.rowCount(), len(self._model.moments)
        self.count.setText(f"{shown} of {known}" if shown != known else str(known))
        self.empty.setVisible(shown == 0)
        self.empty.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        if known:
            self.empty.setText("No moment fits this filter.")
        else:
            self.empty.setText("No moments yet.\n\nWhile you listen, press M to mark what you just heard.")


def _refill(box: QComboBox, every: str, entries: dict[str, str]) -> None:
    before = box.currentData()
    box.blockSignals(True)
    box.clear()
    box.addItem(every, "")
    for key, text in entries.items():
        box.addItem(text, key)
    box.setCurrentIndex(max(box.findData(before), 0))
    box.blockSignals(False)
