"""The library's sessions as a table."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QAbstractTableModel, Qt

from supervise.app.reading import NONE, PARTIAL, LibraryRow
from supervise.domain.times import clock
from supervise.ui.transcript_rows import EVERY, Index

COLUMNS = ("Client", "Title", "Held on", "Length", "Transcript", "Moments")
RIGHT = {3, 5}
TRANSCRIPT_WORDS = {NONE: "–", PARTIAL: "in part"}
RowRole = Qt.ItemDataRole.UserRole


def day_words(iso: str) -> str:
    """Write an ISO day as people read it, `3 Nov 2026`."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day} {day:%b %Y}"


class LibraryModel(QAbstractTableModel):
    """One row a session; sorted as given, newest first."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.rows: tuple[LibraryRow, ...] = ()

    def set_rows(self, rows: Sequence[LibraryRow]) -> None:
        """Show these sessions."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = EVERY) -> int:
        """How many sessions."""
        return 0 if parent.isValid() else len(self.rows)

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
        entry = self.rows[index.row()]
        if role == RowRole:
            return entry
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if index.column() in RIGHT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            return ", ".join(f"{name} {text}" for name, text in zip(COLUMNS, facts(entry), strict=True))
        if role == Qt.ItemDataRole.DisplayRole:
            return facts(entry)[index.column()]
        return None


def facts(entry: LibraryRow) -> tuple[str, ...]:
    """Return a session's facts as shown."""
    session = entry.session
    return (
        session.client_code,
        session.title or "Untitled",
        day_words(session.held_on),
        clock(session.sound.duration_ms),
        TRANSCRIPT_WORDS.get(entry.transcript, "ready"),
        str(entry.moments or "–"),
    )
