"""Measures once, after some of the tape was heard, whether the microphone hears the loudspeaker."""

from PySide6.QtCore import QObject, Signal

from supervise.app.recall_leakage import ADVISE_DB, LeakageLook
from supervise.app.workspace import Workspace
from supervise.domain.errors import SuperviseError
from supervise.ui.desk import attempt
from supervise.ui.jobs import Job
from supervise.ui.live import POLL_MS
from supervise.ui.live_recall import LiveRecall

PLAYED_MS = 25_000


class LeakageWatch(QObject):
    """One measurement a recall, off the window's thread.

    `measured` tells the dB, or None where nothing is heard; `heard` only what is too loud.
    """

    measured = Signal(object)
    heard = Signal(float)

    def __init__(self, parent: QObject) -> None:
        """Nothing is measured before `look` has seen enough of the tape."""
        super().__init__(parent)
        self.after_ms = PLAYED_MS
        self._played_ms = 0
        self._done = False
        self._job: Job | None = None

    def begin(self) -> None:
        """Watch another recall."""
        self.stop()
        self._played_ms, self._done = 0, False

    def look(self, work: Workspace, live: LiveRecall, playing: bool) -> None:
        """Count what is played; measure when it is enough."""
        self._played_ms += POLL_MS if playing else 0
        if self._done or self._played_ms < self.after_ms:
            return
        self._done = True
        attempt(lambda: self._measure(LeakageLook(work, live.session.recall)), lambda _error: None)

    def _measure(self, look: LeakageLook) -> None:
        job = self._job = Job(look.run, self)
        job.finished.connect(self._measured)
        job.failed.connect(self._not_measured)
        job.ended.connect(self._end)
        job.start()

    def _measured(self, leaked_db: float | None) -> None:
        if leaked_db is not None and leaked_db > ADVISE_DB:
            self.heard.emit(leaked_db)
        self.measured.emit(leaked_db)

    def _not_measured(self, _error: SuperviseError) -> None:
        """Let it be: it is advice only."""

    def _end(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.deleteLater()

    def stop(self) -> None:
        """Wait for what runs; it takes a moment."""
        job, self._job = self._job, None
        if job is not None:
            job.blockSignals(True)
            job.cancel_and_wait()
            job.deleteLater()
