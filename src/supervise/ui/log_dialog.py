"""Who did what when: the access log, filtered by words, with a verdict about its chain, to be saved."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from supervise.app.log_words import PlainLine
from supervise.ui.file_dialogs import ask_target
from supervise.ui.pieces import (
    add_field,
    as_rows,
    button,
    column,
    form,
    label,
    left_headings,
    row,
    say,
    set_role,
)
from supervise.ui.theme import EDGE, GAP
from supervise.ui.tips import plain_tip

ABOUT = (
    "Every opening, playing, change, copy and destruction, and never what was said. Each line is sealed to "
    "the one before, so that a line changed, left out or cut off shows. The saved file also holds the ids."
)
COLUMNS = ("When", "Who", "What", "Whose, which session", "More")
MOST = 2000


class LogDialog(QDialog):
    """Shows the newest lines first; emits where the whole log is to be saved."""

    save_wished = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        """Lay it out empty."""
        super().__init__(parent)
        self.setWindowTitle("Who did what when")
        self.setMinimumSize(640, 460)
        self.resize(1080, 620)
        self._entries: Sequence[PlainLine] = ()
        body = column(self, EDGE + 4, GAP + 2)
        body.addWidget(label("Who did what when", "heading"))
        body.addWidget(label(ABOUT, "muted"))
        self.chain = label("", "good")
        body.addWidget(self.chain)
        fields = form()
        self.words = QLineEdit()
        hint = "A name, a client code, a word such as played, a day such as 2026-11"
        self.words.setPlaceholderText(hint)
        self.words.setClearButtonEnabled(True)
        self.words.textChanged.connect(self._show)
        add_field(fields, "&Only lines with", self.words)
        body.addLayout(fields)
        self._table()
        body.addWidget(self.table, 1)
        self.count = label("", "muted")
        self.problem = label("", "error")
        self.problem.hide()
        for part in (self.count, self.problem):
            body.addWidget(part)
        self.save = button("&Save as CSV…", lambda: self._ask("csv"))
        self.as_json = button("Save as &JSON…", lambda: self._ask("json"))
        body.addLayout(row(self.save, self.as_json, 1, button("Close", self.accept, "primary")))

    def _table(self) -> None:
        self.table = QTableWidget(0, len(COLUMNS))
        self.table.setAccessibleName("Lines of the access log, newest first")
        self.table.setHorizontalHeaderLabels(list(COLUMNS))
        as_rows(self.table, single=False)
        self.table.verticalHeader().setDefaultSectionSize(28)
        header = left_headings(self.table)
        header.setSectionResizeMode(4, QHeaderView.ResizeMode.Stretch)
        for place, width in ((0, 160), (1, 120), (2, 190), (3, 300)):
            self.table.setColumnWidth(place, width)

    def show_log(self, entries: Sequence[PlainLine], verdict: str, *, whole: bool) -> None:
        """Show the log, given oldest first, and whether it is whole."""
        self._entries = list(reversed(entries))
        say(self.chain, verdict)
        set_role(self.chain, "good" if whole else "error")
        self._show()

    def _show(self) -> None:
        wanted = self.words.text().casefold().split()
        found = [entry for entry in self._entries if all(word in entry.searched for word in wanted)]
        shown = found[:MOST]
        self.table.setRowCount(len(shown))
        for number, entry in enumerate(shown):
            for place, text in enumerate(cells(entry)):
                item = QTableWidgetItem(text)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, cells(entry))))
                item.setToolTip(plain_tip(text))
                self.table.setItem(number, place, item)
        if shown:
            self.table.setCurrentCell(0, 0)
        more = f" The newest {MOST} are shown." if len(found) > MOST else ""
        self.count.setText(f"{len(found)} of {len(self._entries)} lines.{more}")

    def _ask(self, suffix: str) -> None:
        ask_target(self, "Save the access log", f"access log.{suffix}", suffix, self.save_wished.emit)

    def show_saved(self, words: str) -> None:
        """Say that it was saved."""
        say(self.problem, "")
        self.count.setText(words)


def cells(entry: PlainLine) -> tuple[str, ...]:
    """Return a line's cells."""
    return entry.at, entry.who, entry.what, entry.whose, entry.more
