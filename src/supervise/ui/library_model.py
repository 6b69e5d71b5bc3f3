"""The library's sessions as a table."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtGui import QColor

from supervise.app.reading import LOCKED, NONE, PARTIAL, LibraryRow, LockedRow
from supervise.domain.times import clock, day_words
from supervise.ui.plain_words import first_sentence, without_commands
from supervise.ui.theme import colors
from supervise.ui.tips import plain_tip
from supervise.ui.transcript_rows import EVERY, Index

COLUMNS = ("Client", "Title", "Held on", "Length", "Transcript", "Moments")
RIGHT = {3, 5}
TRANSCRIPT_WORDS = {NONE: "–", PARTIAL: "in part", LOCKED: "locked"}
RowRole = Qt.ItemDataRole.UserRole
UNNAMED = "a session"


class LibraryModel(QAbstractTableModel):
    """One row a session; sorted as given, newest first."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.rows: tuple[LibraryRow, ...] = ()
        self.locked: tuple[LockedRow, ...] = ()

    def name_of(self, session: str) -> str:
        """Return a session's client code and title as one line."""
        found = next((row.session for row in self.rows if row.session.session == session), None)
        return f"{found.client_code} · {found.title or 'Untitled'}" if found is not None else UNNAMED

    def set_rows(self, rows: Sequence[LibraryRow], locked: Sequence[LockedRow] = ()) -> None:
        """Show these sessions, and below them those that no consent covers."""
        self.beginResetModel()
        self.rows, self.locked = tuple(rows), tuple(locked)
        self.endResetModel()

    @property
    def entries(self) -> tuple[LibraryRow | LockedRow, ...]:
        """Everything shown, in order."""
        return (*self.rows, *self.locked)

    def rowCount(self, parent: Index = EVERY) -> int:
        """How many sessions."""
        return 0 if parent.isValid() else len(self.rows) + len(self.locked)

    def columnCount(self, parent: Index = EVERY) -> int:
        """How many facts of each."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Name the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in RIGHT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """One fact, or the whole row, or what a screen reader says."""
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        if role == RowRole:
            return entry
        if isinstance(entry, LockedRow) and role == Qt.ItemDataRole.ForegroundRole:
            return QColor(colors().muted)
        if isinstance(entry, LockedRow) and role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(without_commands(entry.reason))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if index.column() in RIGHT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            return ", ".join(f"{name} {text}" for name, text in zip(COLUMNS, facts(entry), strict=True))
        if role == Qt.ItemDataRole.DisplayRole:
            return facts(entry)[index.column()]
        return None


def facts(entry: LibraryRow | LockedRow) -> tuple[str, ...]:
    """Return a session's facts as shown."""
    session = entry.session
    if isinstance(entry, LockedRow):
        why = f"Locked. {first_sentence(without_commands(entry.reason))}"
        return session.client_code, why, day_words(session.held_on), "–", "–", "–"
    return (
        session.client_code,
        session.title or "Untitled",
        day_words(session.held_on),
        clock(session.sound.duration_ms),
        TRANSCRIPT_WORDS.get(entry.transcript, "ready"),
        str(entry.moments or "–"),
    )
