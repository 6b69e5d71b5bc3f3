"""The transcript as rows, turns and pauses in time order, with quick lookup of words by time."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from supervise.domain.speakers import SpeakerNames
from supervise.domain.times import clock
from supervise.domain.transcript import Pause, Turn, Word, rows_of

Index = QModelIndex | QPersistentModelIndex
EVERY = QModelIndex()


@dataclass(frozen=True, slots=True)
class Place:
    """A word by its row and its number in the turn."""

    row: int
    word: int


class TranscriptModel(QAbstractListModel):
    """One row a turn or pause; the delegate reads `row_at`, screen readers read the text."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.rows: list[Turn | Pause] = []
        self.names = SpeakerNames()
        self._row_starts: list[int] = []

    def set_content(self, turns: Sequence[Turn], pauses: Sequence[Pause], names: SpeakerNames) -> None:
        """Show a transcript."""
        self.beginResetModel()
        self.rows = rows_of(turns, pauses)
        self.names = names
        self._row_starts = [row.start_ms for row in self.rows]
        self.endResetModel()

    def rowCount(self, parent: Index = EVERY) -> int:
        """How many turns and pauses."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """What a screen reader says for a row."""
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.spoken(self.rows[index.row()])
        return None

    def spoken(self, row: Turn | Pause) -> str:
        """Say a row in one line."""
        if isinstance(row, Pause) and row.deleted:
            return f"{pause_words(row)} deleted for good at {clock(row.start_ms)}"
        if isinstance(row, Pause):
            return f"Pause of {pause_words(row)} at {clock(row.start_ms)}"
        return f"{self.names.name(row.speaker)}, {clock(row.start_ms)}: {row.text}"

    def goes_on(self, row: int) -> bool:
        """Whether the voice of a turn is the one that was heard before the pause above it."""
        if row < 2 or not isinstance(self.rows[row - 1], Pause):
            return False
        entry, before = self.rows[row], self.rows[row - 2]
        return isinstance(entry, Turn) and isinstance(before, Turn) and entry.speaker == before.speaker

    def row_at(self, ms: int) -> int:
        """Return the row that is being heard at `ms`, or -1 before the first."""
        return bisect_right(self._row_starts, ms) - 1

    def place_at(self, ms: int) -> Place | None:
        """Return the word being heard at `ms`: the last one started, until the next starts."""
        row = self.row_at(ms)
        turn = self.rows[row] if row >= 0 else None
        if not isinstance(turn, Turn) or ms > turn.end_ms + 400:
            return None
        number = bisect_right(turn.words, ms, key=lambda word: word.start_ms) - 1
        return Place(row, max(number, 0))

    def word(self, place: Place) -> Word | None:
        """Return the word at a place."""
        row = self.rows[place.row] if 0 <= place.row < len(self.rows) else None
        if isinstance(row, Turn) and 0 <= place.word < len(row.words):
            return row.words[place.word]
        return None

    def neighbour(self, place: Place, step: int) -> Place:
        """Return the word `step` (1 or -1) after a place, crossing rows; a pause counts as a word."""
        row = self.rows[place.row]
        count = len(row.words) if isinstance(row, Turn) else 1
        if 0 <= place.word + step < count:
            return Place(place.row, place.word + step)
        next_row = place.row + step
        if not 0 <= next_row < len(self.rows):
            return place
        entry = self.rows[next_row]
        last = len(entry.words) - 1 if isinstance(entry, Turn) else 0
        return Place(next_row, 0 if step > 0 else last)

    def start_of(self, place: Place) -> int:
        """Return when the word, or the pause, at a place begins."""
        word = self.word(place)
        return word.start_ms if word is not None else self.rows[place.row].start_ms

    def end_of(self, place: Place) -> int:
        """Return when the word, or the pause, at a place is over."""
        word = self.word(place)
        return word.end_ms if word is not None else self.rows[place.row].end_ms

    def after(self, place: Place) -> int:
        """Return a time after the word at a place has begun and before the next one does."""
        word = self.word(place)
        return word.start_ms + 1 if word is not None else self.rows[place.row].end_ms

    def words_in(self, row: int) -> int:
        """Return how many words a row has; a pause has one place."""
        entry = self.rows[row]
        return len(entry.words) if isinstance(entry, Turn) else 1


def pause_words(pause: Pause) -> str:
    """Say how long a pause is."""
    seconds = (pause.end_ms - pause.start_ms) / 1000
    if seconds >= 60:
        return f"{clock(round(seconds) * 1000)} minutes"
    return f"{seconds:.1f} seconds" if seconds < 10 else f"{seconds:.0f} seconds"
