"""The library: every covered session, searching through all of them, and what to do when there is none."""

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QHeaderView, QLineEdit, QStackedWidget, QTableView, QWidget

from supervise.app.reading import Library
from supervise.app.searching import Hits
from supervise.domain.ids import SessionId
from supervise.ui.ahead_strip import AheadStrip
from supervise.ui.columns import letters
from supervise.ui.hits_list import HitsList
from supervise.ui.library_model import LibraryModel, RowRole
from supervise.ui.pieces import as_rows, button, card, column, dress, label, row
from supervise.ui.theme import EDGE, GAP

SEARCH_WAIT_MS = 250
WELCOME = (
    "Record a session or import a recording of one, or look around in the fictional demo session first. "
    "A recording is sealed in this vault, and can then be transcribed and marked."
)


class SessionTable(QTableView):
    """The table; Return or a double click opens a session."""

    opened = Signal(str)

    def __init__(self, model: LibraryModel) -> None:
        """Show `model`."""
        super().__init__()
        self.setModel(model)
        self.setAccessibleName("Sessions")
        self.setWordWrap(False)
        as_rows(self)
        self.verticalHeader().setDefaultSectionSize(letters(40))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for number, width in ((0, 150), (2, 130), (3, 100), (4, 120), (5, 100)):
            self.setColumnWidth(number, letters(width))
        self.doubleClicked.connect(self._on_open)

    def _on_open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(RowRole).session.session)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._on_open(self.currentIndex())
        else:
            super().keyPressEvent(event)


class LibraryView(QWidget):
    """Shows the table, what a search found, or a welcome."""

    session_opened = Signal(str, int)
    import_wished = Signal()
    record_wished = Signal()
    demo_wished = Signal()
    consent_wished = Signal()
    search_wished = Signal(str)

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.model = LibraryModel()
        self.table = SessionTable(self.model)
        self.table.opened.connect(self._on_open)
        self.hits = HitsList()
        self.hits.opened.connect(self.session_opened)
        self.words = QLineEdit()
        self.words.setPlaceholderText("Find words in every transcript and note")
        self.words.setAccessibleName("Find in the library")
        self.words.setClearButtonEnabled(True)
        self.words.setMinimumWidth(380)
        self.import_button = button("Import a recording…", self.import_wished.emit, "primary")
        self.record_button = button("Record a session…", self.record_wished.emit)
        dress(self.record_button, "record", "record")
        self.found = label("", "muted")
        self.left_out = label("", "notice")
        self.consent_button = button("Consent…", self.consent_wished.emit)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(SEARCH_WAIT_MS)
        self._wait.timeout.connect(self._search)
        self.words.textChanged.connect(self._on_words)
        self.words.returnPressed.connect(self._on_return)
        self._lay_out()

    def _lay_out(self) -> None:
        self.stack = QStackedWidget()
        self.welcome = self._welcome()
        for page in (self.table, self.hits, self.welcome):
            self.stack.addWidget(page)
        body = column(self, EDGE * 2, GAP + 4)
        body.setContentsMargins(EDGE * 2, EDGE, EDGE * 2, EDGE)
        body.addLayout(
            row(label("Library", "title", wrap=False), 1, self.words, self.record_button, self.import_button)
        )
        self.left_out_row = QWidget()
        line = row(self.left_out, self.consent_button)
        line.setStretch(0, 1)
        self.left_out_row.setLayout(line)
        self.ahead = AheadStrip()
        body.addWidget(self.ahead)
        body.addWidget(self.left_out_row)
        body.addWidget(self.found)
        body.addWidget(self.stack, 1)
        self.left_out_row.hide()
        self.found.hide()

    def _welcome(self) -> QWidget:
        page = QWidget()
        frame, inside = card(EDGE * 2)
        frame.setMaximumWidth(620)
        inside.addWidget(label("No sessions yet", "heading"))
        inside.addWidget(label(WELCOME))
        first = button("Import a recording…", self.import_wished.emit, "primary")
        record = button("Record a session…", self.record_wished.emit)
        dress(record, "record", "record")
        self.demo_button = button("Try the demo session", self.demo_wished.emit)
        dress(first, "import", "on_accent")
        inside.addSpacing(GAP)
        inside.addLayout(row(first, record, self.demo_button, 1))
        outer = column(page)
        outer.addStretch(1)
        outer.addLayout(row(1, frame, 1))
        outer.addStretch(2)
        return page

    def show_library(self, library: Library) -> None:
        """Show the sessions, keeping the chosen one chosen."""
        current = self.table.currentIndex()
        chosen = current.data(RowRole).session.session if current.isValid() else ""
        self.model.set_rows(library.rows, library.locked)
        places = {entry.session.session: number for number, entry in enumerate(self.model.entries)}
        if places:
            self.table.selectRow(places.get(SessionId(chosen), 0))
        self.left_out.setText(left_out_words(len(library.locked), library.left_out - len(library.locked)))
        self.left_out_row.setVisible(library.left_out > 0)
        self._choose_page()

    def clear(self) -> None:
        """Forget everything; used when the vault locks."""
        self._wait.stop()
        self.words.blockSignals(True)
        self.words.clear()
        self.words.blockSignals(False)
        self.hits.clear()
        self.model.set_rows(())
        self.left_out_row.hide()
        self.found.hide()

    def _choose_page(self) -> None:
        searching = bool(self.words.text().strip())
        self.found.setVisible(searching)
        if searching:
            self.stack.setCurrentWidget(self.hits)
        else:
            self.stack.setCurrentWidget(self.table if self.model.rowCount() else self.welcome)
        self.import_button.setVisible(self.model.rowCount() > 0)
        self.record_button.setVisible(self.model.rowCount() > 0)

    def _on_words(self, words: str) -> None:
        if words.strip():
            self._wait.start()
        else:
            self._wait.stop()
            self.hits.clear()
            self._choose_page()

    def _on_return(self) -> None:
        if self._wait.isActive():
            self._wait.stop()
            self._search()
        if self.hits.count():
            self.hits.setFocus()

    def _search(self) -> None:
        if self.words.text().strip():
            self.search_wished.emit(self.words.text())

    def show_hits(self, hits: Hits) -> None:
        """Show what was found."""
        titles = {
            entry.session.session: f"{entry.session.client_code} · {entry.session.title or 'Untitled'}"
            for entry in self.model.rows
        }
        self.hits.show_hits(hits, titles, self.words.text())
        count = len(hits.hits)
        text = {0: "Nothing found.", 1: "1 place found."}.get(count, f"{count} places found.")
        if hits.more:
            text = f"The first {count} places; more words find fewer."
        if hits.left_out:
            text += f" {hits.left_out} sessions were not looked into, for want of consent."
        self.found.setText(text)
        self._choose_page()

    def show_failure(self, sentence: str) -> None:
        """Say why a search could not be made."""
        self.hits.clear()
        self.found.setText(sentence)
        self._choose_page()

    def begin_search(self) -> None:
        """Go to the search field."""
        self.words.setFocus()
        self.words.selectAll()

    def begin(self) -> None:
        """Put the focus where work begins."""
        if self.model.rowCount():
            self.table.setFocus()
        else:
            self.demo_button.setFocus()

    def _on_open(self, session: str) -> None:
        self.session_opened.emit(session, -1)


def left_out_words(locked: int, elsewhere: int) -> str:
    """Say how many sessions are locked, and how many of other people's cases are not shown."""
    said = []
    if locked:
        them = "One session is" if locked == 1 else f"{locked} sessions are"
        said.append(f"{them} locked, because no consent in force covers your own review.")
    if elsewhere:
        them = "One session is" if elsewhere == 1 else f"{elsewhere} sessions are"
        said.append(f"{them} not shown, because the client has not agreed to your part in the case.")
    return " ".join(said)
