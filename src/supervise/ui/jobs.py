"""Runs a plain function off the window's thread: values in and out, progress, and a cancel that waits."""

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from supervise.domain.errors import CancelledError, SuperviseError

Work = Callable[[Callable[[int], None], Callable[[], bool]], Any]


class _Runner(QObject):
    """Lives on the worker thread for the time of one job."""

    reported = Signal(int)
    done = Signal(object, object)

    def __init__(self, work: Work, stop: threading.Event) -> None:
        super().__init__()
        self._work = work
        self._stop = stop

    @Slot()
    def run(self) -> None:
        """Do the work; whatever happens, say so once."""
        try:
            result = self._work(self.reported.emit, self._stop.is_set)
        except Exception as error:  # noqa: BLE001 -- handed over whole: expected ones are shown, bugs raised again
            self.done.emit(None, error)
        else:
            self.done.emit(result, None)


class Job(QObject):
    """One piece of work; belongs to the window's thread and emits its signals there."""

    progressed = Signal(int)
    finished = Signal(object)
    failed = Signal(object)
    ended = Signal()

    def __init__(self, work: Work, parent: QObject | None = None) -> None:
        """Prepare; nothing runs before `start`."""
        super().__init__(parent)
        self._stop = threading.Event()
        self._thread = QThread()
        self._runner = _Runner(work, self._stop)
        self._runner.moveToThread(self._thread)
        self._thread.started.connect(self._runner.run)
        self._runner.reported.connect(self._on_report)
        self._runner.done.connect(self._on_done)
        self._bug: BaseException | None = None

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it has begun and not ended."""
        return self._thread.isRunning()

    def cancel(self) -> None:
        """Ask it to stop; it ends with a CancelledError as soon as it looks."""
        self._stop.set()

    def cancel_and_wait(self) -> None:
        """Stop and come back when the thread is gone; for closing the window."""
        self.cancel()
        self._thread.quit()
        self._thread.wait()

    @Slot(int)
    def _on_report(self, permille: int) -> None:
        self.progressed.emit(permille)

    @Slot(object, object)
    def _on_done(self, result: object, error: BaseException | None) -> None:
        self._thread.quit()
        self._thread.wait()
        if error is None:
            self.finished.emit(result)
        elif isinstance(error, SuperviseError):
            self.failed.emit(error)
        self.ended.emit()
        if error is not None and not isinstance(error, SuperviseError):
            raise error


def was_cancelled(error: BaseException) -> bool:
    """Whether a job ended because the person stopped it."""
    return isinstance(error, CancelledError)
