"""The strip that offers what a crash left of a recording, above whatever else is being done."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from supervise.app.recovering import Recovered, offer
from supervise.ui.pieces import button, label, row
from supervise.ui.theme import EDGE, GAP


class RecoveredStrip(QFrame):
    """One recording at a time, oldest first; nothing is decided until the person decides."""

    keep_wished = Signal(str)
    listen_wished = Signal(str)
    destroy_wished = Signal(str)

    def __init__(self) -> None:
        """Hidden until something is offered."""
        super().__init__()
        self.setProperty("role", "recovered")
        self.offered: Recovered | None = None
        self.words = label("", "warn")
        self.keep = button("Keep it", lambda: self.keep_wished.emit(self._recording), "primary")
        self.listen = button("Listen first", lambda: self.listen_wished.emit(self._recording))
        self.discard = button("Destroy it…", lambda: self.destroy_wished.emit(self._recording), "danger")
        self.keep.setAccessibleName("Keep the recording that did not end")
        self.discard.setAccessibleName("Destroy the recording that did not end")
        line = row(self.words, self.keep, self.listen, self.discard, gap=GAP + 2)
        line.setStretch(0, 1)
        line.setContentsMargins(EDGE, GAP, EDGE, GAP)
        self.setLayout(line)
        self.hide()

    @property
    def _recording(self) -> str:
        return self.offered.recording if self.offered is not None else ""

    def show_offer(self, found: Recovered, more: int) -> None:
        """Offer one; `more` wait after it."""
        self.offered = found
        words = offer(found)
        if found.marks:
            words += " It has 1 mark." if found.marks == 1 else f" It has {found.marks} marks."
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
