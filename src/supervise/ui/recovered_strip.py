"""The strip that offers what a crash left of a recording or a recall, above whatever else is being done."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from supervise.ui.pieces import button, label, row
from supervise.ui.theme import EDGE, GAP


@dataclass(frozen=True, slots=True)
class Left:
    """What was left, by its id; `words` say what it is, and `duration_ms` of it can be heard."""

    id: str
    words: str
    duration_ms: int


class RecoveredStrip(QFrame):
    """One thing at a time, oldest first; nothing is decided until the person decides."""

    keep_wished = Signal(str)
    listen_wished = Signal(str)
    destroy_wished = Signal(str)

    def __init__(self, what: str) -> None:
        """Hidden until something is offered; `what` it is: a recording, a recall."""
        super().__init__()
        self.setProperty("role", "recovered")
        self.offered: Left | None = None
        self.words = label("", "warn")
        self.keep = button("Keep it", lambda: self.keep_wished.emit(self._id), "primary")
        self.listen = button("Listen first", lambda: self.listen_wished.emit(self._id))
        self.discard = button("Destroy it…", lambda: self.destroy_wished.emit(self._id), "danger")
        self.keep.setAccessibleName(f"Keep the {what} that did not end")
        self.discard.setAccessibleName(f"Destroy the {what} that did not end")
        line = row(self.words, self.keep, self.listen, self.discard, gap=GAP + 2)
        line.setStretch(0, 1)
        line.setContentsMargins(EDGE, GAP, EDGE, GAP)
        self.setLayout(line)
        self.hide()

    @property
    def _id(self) -> str:
        return self.offered.id if self.offered is not None else ""

    def show_offer(self, found: Left, more: int) -> None:
        """Offer one; `more` wait after it."""
        self.offered = found
        words = found.words
        if more:
            words += f" After this one, {more} more."
        self.words.setText(words)
        self.listen.setEnabled(found.duration_ms > 0)
        self.set_busy(busy=False)

    def set_busy(self, busy: bool) -> None:
        """Show that it is being read."""
        for one in (self.keep, self.discard):
            one.setEnabled(not busy)
        self.keep.setText("Keeping…" if busy else "Keep it")

    def show_playing(self, playing: bool) -> None:
        """Show whether it is heard."""
        words = "Stop listening" if playing else "Listen first"
        if self.listen.text() != words:
            self.listen.setText(words)

    def clear(self) -> None:
        """Offer nothing, as while the vault is locked."""
        self.offered = None
        self.words.clear()
        self.hide()
