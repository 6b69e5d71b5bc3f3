"""Watches for hands on keys and mouse, and says when there have been none for a while."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QInputEvent
from PySide6.QtWidgets import QApplication

SIGNS = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
}


class IdleWatch(QObject):
    """Emits `idle` once; any sign of a hand, or `touch`, starts the time anew."""

    idle = Signal()

    def __init__(self, parent: QObject) -> None:
        """Belong to `parent`; nothing is counted before `start`."""
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.idle)

    def watch(self, app: QApplication) -> None:
        """Watch `app` for as long as this lives."""
        app.installEventFilter(self)

    def start(self, minutes: float) -> None:
        """Count from now."""
        self._timer.start(round(minutes * 60_000))

    def stop(self) -> None:
        """Count no more."""
        self._timer.stop()

    def touch(self) -> None:
        """Take this as a sign of somebody being there (sound is playing)."""
        if self._timer.isActive():
            self._timer.start()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Notice a hand; its kind is asked only of what a hand can do, for every event comes by here."""
        if isinstance(event, QInputEvent) and event.type() in SIGNS:
            self.touch()
        return False
