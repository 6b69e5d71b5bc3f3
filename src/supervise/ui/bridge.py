"""Carries what the workspace says after a commit to Qt: one signal for each kind of change."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from supervise.app import changes
from supervise.app.changes import Change


class Subscribable(Protocol):
    """Whatever tells about changes."""

    def subscribe(self, callback: Callable[[Change], None], /) -> Callable[[], None]:
        """Add a callback; returns the function that takes it away."""
        ...


class Bridge(QObject):
    """Lives on the window's thread, as the workspace does."""

    library_changed = Signal()
    session_changed = Signal()
    moments_changed = Signal(object)
    transcript_changed = Signal(object)
    consent_changed = Signal(object)
    queue_changed = Signal()
    recall_changed = Signal(object)
    locking = Signal()
    lock_changed = Signal()
    anything_changed = Signal()

    def __init__(self, source: Subscribable, parent: QObject | None = None) -> None:
        """Listen to `source` until `close`."""
        super().__init__(parent)
        self._leave = source.subscribe(self._tell)

    def close(self) -> None:
        """Stop listening."""
        self._leave()

    def _tell(self, change: Change) -> None:
        match change.topic:
            case changes.LIBRARY:
                self.library_changed.emit()
            case changes.SESSION:
                self.session_changed.emit()
                self.library_changed.emit()
            case changes.MOMENTS | changes.COMMENTS | changes.CODEBOOK:
                self.moments_changed.emit(change)
            case changes.TRANSCRIPT | changes.SPEAKERS:
                self.transcript_changed.emit(change)
            case changes.CONSENT:
                self.consent_changed.emit(change)
            case changes.RECALL:
                self.recall_changed.emit(change)
            case changes.QUEUE:
                self.queue_changed.emit()
            case changes.LOCKING:
                self.locking.emit()
            case changes.LOCK:
                self.lock_changed.emit()
        self.anything_changed.emit()
