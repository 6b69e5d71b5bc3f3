"""The first page about a client: what they agreed to today, the whole record, and what was taken back."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from supervise.app.client_page import ClientPage, Decision
from supervise.domain.consent_overview import ENDED, GRANTED, LACKING, LATER, NEVER
from supervise.ui.consent_words import decision_words, record_words, standing_cells
from supervise.ui.pieces import as_rows, button, column, label, left_headings, row, say
from supervise.ui.theme import EDGE, GAP, colors, theme_of
from supervise.ui.tips import plain_tip

NOTHING = "Nothing is on record. Without a record nothing of this client is recorded, opened or kept in use."
COLUMNS = ("Use", "Answer", "When")
OPEN = (GRANTED, ENDED, LATER, LACKING)
Key = Qt.ItemDataRole.UserRole


def read_only_list(name: str) -> QListWidget:
    """Return a list of wrapped lines to read and choose from."""
    made = QListWidget()
    made.setAccessibleName(name)
    made.setWordWrap(True)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    return made


def fill(target: QListWidget, lines: Sequence[tuple[str, str]]) -> None:
    """Show lines, each with the id it stands for; the chosen one stays chosen."""
    chosen = chosen_in(target)
    target.clear()
    for key, words in lines:
        item = QListWidgetItem(words, target)
        item.setData(Key, key)
        if key == chosen:
            target.setCurrentItem(item)
    if target.currentRow() < 0 and target.count():
        target.setCurrentRow(0)


def chosen_in(target: QListWidget) -> str:
    """Return the id of the line chosen, or empty."""
    return str(target.currentItem().data(Key)) if target.currentRow() >= 0 else ""


class StandingTable(QTableWidget):
    """One row a use: what the client said to it, and since when."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__(0, len(COLUMNS))
        self.setAccessibleName("What stands today")
        self.setHorizontalHeaderLabels(list(COLUMNS))
        as_rows(self)
        self.verticalHeader().setDefaultSectionSize(30)
        header = left_headings(self)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self._page: ClientPage | None = None
        theme_of().changed.connect(self._draw_anew)

    @Slot()
    def _draw_anew(self) -> None:
        if self._page is not None:
            self.show_standing(self._page)

    def show_standing(self, page: ClientPage) -> None:
        """Show what stands on the page's day."""
        self._page = page
        self.setRowCount(len(page.standing))
        for number, entry in enumerate(page.standing):
            cells = standing_cells(entry)
            for place, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(plain_tip(entry.reason and cells[0]))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(cells))
                item.setForeground(QColor(_shade(entry.state, place)))
                self.setItem(number, place, item)
        self.setCurrentCell(0, 0)


def _shade(state: str, place: int) -> str:
    look = colors()
    if state == NEVER:
        return look.muted
    if place != 1:
        return look.text
    return look.good if state == GRANTED else look.danger


class ClientOverview(QWidget):
    """Shows a client's page; emits what is to be done."""

    client_chosen = Signal(str)
    add_wished = Signal()
    withdraw_wished = Signal()
    parts_wished = Signal()
    access_wished = Signal()
    copies_wished = Signal()
    take_back_wished = Signal(str)
    destroy_wished = Signal(str)
    certificate_wished = Signal(str)
    close_wished = Signal()

    def __init__(self, clients: Sequence[str]) -> None:
        """Offer the clients there are."""
        super().__init__()
        self._decisions: dict[str, Decision] = {}
        body = column(self, EDGE + 4, GAP + 2)
        self.title = label("", "heading", wrap=False)
        self.client = QComboBox()
        self.client.setAccessibleName("Client code")
        self.client.addItems(list(clients))
        self.client.setVisible(len(clients) > 1)
        self.client.currentTextChanged.connect(self.client_chosen)
        body.addLayout(row(self.title, 1, self.client))
        self.said = label("", "good")
        self.warnings = label("", "notice")
        for part in (self.said, self.warnings):
            body.addWidget(part)
            part.hide()
        body.addWidget(self._decided())
        body.addLayout(self._record(), 1)
        body.addLayout(self._buttons())

    def _record(self) -> QHBoxLayout:
        left, right = column(None, 0, GAP - 2), column(None, 0, GAP - 2)
        self.table = StandingTable()
        left.addWidget(label("What stands today"))
        left.addWidget(self.table, 1)
        self.records = read_only_list("The whole record, newest first")
        self.records.setSpacing(2)
        right.addWidget(label("The whole record, newest first"))
        right.addWidget(self.records, 1)
        made = row(gap=GAP * 2)
        made.addLayout(left, 5)
        made.addLayout(right, 4)
        return made

    def _decided(self) -> QWidget:
        self.decided = QWidget()
        inside = column(self.decided, 0, GAP - 2)
        inside.addWidget(label("Withdrawn, fallen due, deleted"))
        self.decisions = read_only_list("Withdrawn, fallen due, deleted")
        self.decisions.setMaximumHeight(76)
        self.decisions.currentRowChanged.connect(lambda _row: self._look())
        inside.addWidget(self.decisions)
        self.take_back = self._about_decision("Take it back", self.take_back_wished)
        self.destroy_now = self._about_decision("Destroy now…", self.destroy_wished, "danger")
        self.certificate = self._about_decision("Certificate…", self.certificate_wished)
        inside.addLayout(row(self.take_back, self.destroy_now, self.certificate, 1))
        return self.decided

    def _about_decision(self, text: str, wish: SignalInstance, role: str = "") -> QPushButton:
        deed: Callable[[], object] = lambda: wish.emit(chosen_in(self.decisions))  # noqa: E731
        return button(text, deed, role)

    def _buttons(self) -> QHBoxLayout:
        self.add = button("&Add to the record…", self.add_wished.emit, "primary")
        self.withdraw = button("&Withdraw…", self.withdraw_wished.emit)
        self.parts = button("&Parts in this case…", self.parts_wished.emit)
        self.copies = button("&Copies that left…", self.copies_wished.emit)
        self.access = button("&Give the client a copy…", self.access_wished.emit)
        close = button("Close", self.close_wished.emit)
        return row(self.add, self.withdraw, self.parts, self.copies, self.access, 1, close)

    def show_page(self, page: ClientPage, said: str = "") -> None:
        """Show everything about a client."""
        self.title.setText(f"Consent of {page.code}")
        say(self.said, said)
        warnings = [*page.attention] if page.records else [NOTHING]
        say(self.warnings, "\n".join(warnings))
        self.table.show_standing(page)
        fill(self.records, [(record.consent, record_words(record)) for record in page.records])
        self.records.setCurrentRow(0)
        known, self._decisions = self._decisions, {entry.id: entry for entry in page.decisions}
        fill(self.decisions, [(entry.id, decision_words(entry, page.today)) for entry in page.decisions])
        if page.decisions and page.decisions[0].id not in known:
            self.decisions.setCurrentRow(0)
        self.decided.setVisible(bool(page.decisions))
        kept = any(entry.kind == "restrict" for entry in page.decisions)
        self.withdraw.setEnabled(kept or any(entry.state in OPEN for entry in page.standing))
        self.copies.setText(f"&Copies that left ({len(page.copies)})…")
        for part in (self.parts, self.access):
            part.setEnabled(page.owned)
        self._look()

    def _look(self) -> None:
        entry = self._decisions.get(chosen_in(self.decisions))
        self.take_back.setEnabled(entry is not None and entry.can_be_taken_back)
        self.destroy_now.setEnabled(entry is not None and entry.due_on is not None and entry.goes)
        self.certificate.setEnabled(entry is not None and entry.certificate is not None)

    def begin(self) -> None:
        """Put the focus where work begins."""
        (self.add if self.add.isEnabled() else self.records).setFocus()
