"""The one model of a session's moments that feeds list, lanes and waveform, and its filter."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QSortFilterProxyModel, Qt

from supervise.domain.codebook import Code, Codebook
from supervise.domain.errors import UsageError
from supervise.domain.ids import ProfileId
from supervise.domain.moments import Moment
from supervise.domain.times import clock
from supervise.ui.lanes import end_is_open
from supervise.ui.transcript_rows import EVERY, Index

MomentRole = Qt.ItemDataRole.UserRole


def code_label(codebook: Codebook, code: str) -> str:
    """Return a code's label, or its id when this codebook lacks it."""
    try:
        return codebook.code(code).label
    except UsageError:
        return code


def labels_of(moment: Moment, codebook: Codebook) -> str:
    """Return the labels of a moment's codes, joined."""
    return ", ".join(code_label(codebook, entry.code) for entry in moment.codes)


def times_of(moment: Moment) -> str:
    """Return a moment's time or times."""
    return clock(moment.start_ms) + ("" if moment.end_ms is None else f" – {clock(moment.end_ms)}")


class MomentModel(QAbstractListModel):
    """Moments by start; `name_of` gives authors their names."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.moments: tuple[Moment, ...] = ()
        self.codebook: Codebook | None = None
        self.names: dict[ProfileId, str] = {}

    def set_content(self, moments: Sequence[Moment], codebook: Codebook, names: dict[ProfileId, str]) -> None:
        """Show these moments."""
        self.beginResetModel()
        self.moments = tuple(sorted(moments, key=lambda m: (m.start_ms, m.created_at, m.moment)))
        self.codebook = codebook
        self.names = names
        self.endResetModel()

    def clear(self) -> None:
        """Forget everything."""
        self.beginResetModel()
        self.moments = ()
        self.endResetModel()

    def rowCount(self, parent: Index = EVERY) -> int:
        """How many moments."""
        return 0 if parent.isValid() else len(self.moments)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a screen reader says, or the moment itself."""
        if not index.isValid():
            return None
        moment = self.moments[index.row()]
        if role == MomentRole:
            return moment
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.spoken(moment)
        return None

    def spoken(self, moment: Moment) -> str:
        """Say a moment in one line."""
        if self.codebook is None:
            return ""
        parts = [labels_of(moment, self.codebook), times_of(moment)]
        if end_is_open(moment, self.codebook):
            parts.append("end still open")
        if moment.private:
            parts.append("private")
        parts += [self.author(moment), moment.note]
        return ", ".join(part for part in parts if part)

    def author(self, moment: Moment) -> str:
        """Return who made a moment, and from which seat."""
        name = self.names.get(moment.author, "")
        return f"{name} ({moment.perspective})" if name else str(moment.perspective)

    def by_id(self, moment: str) -> Moment | None:
        """Return the moment with this id, or None."""
        return next((entry for entry in self.moments if entry.moment == moment), None)


class MomentFilter(QSortFilterProxyModel):
    """Keeps moments of one author, one family, and with some words in codes or note.

    A moment coded `wf.risk` is never hidden: it is about somebody's safety.
    """

    ALWAYS = "wf.risk"

    def __init__(self, model: MomentModel) -> None:
        """Filter `model`."""
        super().__init__()
        self._moments = model
        self._author = ""
        self._family = ""
        self._words: tuple[str, ...] = ()
        self._families: dict[str, Code] = {}
        self.setSourceModel(model)

    def choose(self, author: str, family: str, words: str) -> None:
        """Set what is kept; an empty string keeps all."""
        self.beginFilterChange()
        self._author, self._family = author, family
        self._words = tuple(words.casefold().split())
        book = self._moments.codebook
        self._families = {code.code: code for code in book.codes} if book else {}
        self.endFilterChange()

    @property
    def narrowed(self) -> bool:
        """Whether anything may be hidden."""
        return bool(self._author or self._family or self._words)

    def filterAcceptsRow(self, source_row: int, _source_parent: Index = QModelIndex()) -> bool:  # noqa: B008
        """Whether a moment is shown."""
        if not self.narrowed:
            return True
        moment = self._moments.moments[source_row]
        codes = {entry.code for entry in moment.codes}
        if self.ALWAYS in codes:
            return True
        if self._author and moment.author != self._author:
            return False
        families = {self._families[code].family for code in codes if code in self._families}
        if self._family and self._family not in families:
            return False
        text = self._moments.spoken(moment).casefold()
        return all(word in text for word in self._words)
