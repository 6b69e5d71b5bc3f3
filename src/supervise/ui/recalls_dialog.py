"""Choosing one of the recalls of a session, or something recalled about a moment of it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QTableWidget, QTableWidgetItem, QWidget

from supervise.app.reading import NONE as NO_WORDS
from supervise.app.reading import PARTIAL, WHOLE
from supervise.app.recall_lists import RecallRow
from supervise.app.recall_reading import Recalled
from supervise.domain.times import clock, length_words
from supervise.ui.columns import dialog_size, fit_columns, letters
from supervise.ui.pieces import as_rows, button, column, label, left_headings, row
from supervise.ui.reading_words import begun_words, kind_words, people_words
from supervise.ui.recalled_list import RecalledList
from supervise.ui.theme import EDGE, GAP
from supervise.ui.tips import plain_tip

COLUMNS = ("Recalled on", "Kind", "Who", "Length", "Stops", "Words")
RIGHT = (3, 4)
WIDTH, HEIGHT, LITTLE = 860, 440, 160
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
EMPTY = "This session was not recalled yet. Recall, Recall this session… begins a recall."
WORDS = {NO_WORDS: "–", PARTIAL: "in part", WHOLE: "transcribed"}
NOTHING = "Nothing was recalled about this moment."
HOW_OPENED = (
    "Session, Consent of the client… shows what was agreed; once the client agrees, “Sharing the client's "
    "own recall” is added there."
)


class RecallTable(QTableWidget):
    """One row a recall; Return or a double click opens it."""

    opened = Signal(str)

    def __init__(self) -> None:
        """Start empty."""
        super().__init__(0, len(COLUMNS))
        self.setAccessibleName("Recalls")
        self.setHorizontalHeaderLabels(list(COLUMNS))
        self.setWordWrap(False)
        as_rows(self)
        self.verticalHeader().setDefaultSectionSize(letters(36))
        left_headings(self)
        for number in RIGHT:
            caption = QTableWidgetItem(COLUMNS[number])
            caption.setTextAlignment(_RIGHT)
            self.setHorizontalHeaderItem(number, caption)
        self.doubleClicked.connect(lambda _index: self.open_current())

    def open_current(self) -> None:
        """Wish to open the row chosen."""
        item = self.item(self.currentRow(), 0)
        if item is not None:
            self.opened.emit(str(item.data(Qt.ItemDataRole.UserRole)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_current()
        else:
            super().keyPressEvent(event)


def closed_words(count: int) -> str:
    """Say that there are recalls which are not shown, why, and what opens them."""
    one = count == 1
    said = "One recall is" if one else f"{count} recalls are"
    whose = "it" if one else "them"
    why = f"no consent covers {whose}, or the client recalled without you and has not agreed to share {whose}"
    return f"{said} not open to you: {why}. {HOW_OPENED}"


class RecallsDialog(QDialog):
    """Lists the recalls of a session; emits the one to open, or to take out."""

    wished = Signal(str, int)
    out_wished = Signal(str)

    def __init__(self, parent: QWidget, about: str, rows: Sequence[RecallRow], closed: int = 0) -> None:
        """Show recalls, the newest chosen; `closed` says how many there are besides."""
        super().__init__(parent)
        self.setWindowTitle("Recalls")
        self.resize(dialog_size(parent, WIDTH, HEIGHT if rows else LITTLE))
        body = column(self, EDGE, GAP)
        body.addWidget(label("Recalls of this session", "heading"))
        body.addWidget(label(about, "muted"))
        self.closed = label(closed_words(closed), "muted")
        self.closed.setVisible(bool(closed))
        body.addWidget(self.closed)
        self.table = RecallTable()
        self.none = label("" if closed else EMPTY, "muted")
        self.none.setAlignment(Qt.AlignmentFlag.AlignTop)
        body.addWidget(self.table if rows else self.none, 1)
        (self.none if rows else self.table).setParent(self)
        (self.none if rows else self.table).hide()
        for entry in rows:
            self._add(entry)
        fit_columns(self.table, COLUMNS.index("Who"))
        self.table.opened.connect(self._on_opened)
        self.open_button = button("Read it", self.table.open_current, "primary")
        self.open_button.setVisible(bool(rows))
        self.out_button = button("Take it out…", self._on_out)
        self.out_button.setVisible(bool(rows))
        shut = button("Close", self.reject, "" if rows else "primary")
        body.addLayout(row(self.out_button, 1, shut, self.open_button))
        self.table.setCurrentCell(len(rows) - 1, 0)
        (self.table if rows else shut).setFocus()

    def _add(self, recall: RecallRow) -> None:
        number = self.table.rowCount()
        self.table.insertRow(number)
        texts = (
            begun_words(recall.started_at),
            kind_words(recall.setup),
            people_words(recall.setup),
            length_words(recall.duration_ms) if recall.finished else "did not end",
            str(recall.stops),
            WORDS[recall.words],
        )
        for place, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setToolTip(plain_tip(text))
            if place in RIGHT:
                item.setTextAlignment(_RIGHT)
            item.setData(Qt.ItemDataRole.UserRole, str(recall.recall))
            self.table.setItem(number, place, item)

    def _on_opened(self, recall: str) -> None:
        self.accept()
        self.wished.emit(recall, -1)

    def _on_out(self) -> None:
        item = self.table.item(self.table.currentRow(), 0)
        if item is not None:
            self.accept()
            self.out_wished.emit(str(item.data(Qt.ItemDataRole.UserRole)))


class RecalledDialog(QDialog):
    """Lists what was recalled about a moment of a session; emits the place to go to."""

    wished = Signal(str, int)

    def __init__(self, parent: QWidget, moment_ms: int, found: Sequence[Recalled]) -> None:
        """Show what was found."""
        super().__init__(parent)
        self.setWindowTitle("Recalled here")
        self.resize(dialog_size(parent, 640, 460))
        body = column(self, EDGE, GAP)
        body.addWidget(label(f"What was recalled about {clock(moment_ms)}", "heading"))
        self.list = RecalledList()
        self.list.show_recalled(found)
        self.list.wished.connect(self._on_wished)
        body.addWidget(self.list if found else label(NOTHING, "muted"), 1)
        shut = button("Close", self.reject)
        body.addLayout(row(1, shut))
        if found:
            self.list.setFocus()
        else:
            self.list.setParent(self)
            self.list.hide()
            shut.setFocus()

    def _on_wished(self, recall: str, at_ms: int) -> None:
        self.accept()
        self.wished.emit(recall, at_ms)
