"""Deleting the last minutes of recordings, one after another, beside any other work; shown in a strip."""

from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from supervise.app.ending import EndJob, due
from supervise.domain.errors import SuperviseError
from supervise.ui.desk import Desk, attempt
from supervise.ui.ending_strip import EndingStrip
from supervise.ui.jobs import Job


class Host(Protocol):
    """What it needs of the window."""

    desk: Desk | None

    def fail(self, error: SuperviseError) -> None:
        """Show an expected failure."""


class EndingErrands(QObject):
    """Begins with `take_up`; `ended` gives each recording and the session it became, or an empty string."""

    changed = Signal()
    ended = Signal(str, str)

    def __init__(self, window: QWidget, host: Host) -> None:
        """Work for `host`."""
        super().__init__(window)
        self._host = host
        self.strip = EndingStrip()
        self._job: Job | None = None
        self._ending: EndJob | None = None

    @property
    def running(self) -> bool:
        """Whether something is being deleted now."""
        return self._job is not None

    def take_up(self) -> None:
        """Begin the next deletion that is due, if any."""
        desk = self._host.desk
        if desk is None or desk.workspace.locked or self._job is not None:
            return
        waiting = due(desk.workspace)
        if not waiting:
            return
        made: list[EndJob] = []
        if not attempt(lambda: made.append(EndJob(desk.workspace, waiting[0])), self._host.fail):
            return
        self._ending = made[0]
        self._job = job = Job(made[0].run, self)
        job.progressed.connect(self.strip.bar.setValue)
        job.finished.connect(self._written)
        job.failed.connect(self._failed)
        job.ended.connect(job.deleteLater)
        self.strip.begin(made[0].minutes)
        self.changed.emit()
        job.start()

    def _written(self, _none: object) -> None:
        ending = self._rest()
        sessions: list[str] = []
        if ending is not None and attempt(lambda: sessions.append(ending.finish() or ""), self._failed):
            self.ended.emit(ending.recording, sessions[0])
            self.take_up()
        elif ending is not None:
            ending.give_up()

    def _failed(self, error: SuperviseError) -> None:
        ending, desk = self._rest(), self._host.desk
        if ending is not None:
            ending.give_up()
        if desk is not None and not desk.workspace.locked:
            self._host.fail(error)

    def _rest(self) -> EndJob | None:
        ending, self._ending, self._job = self._ending, None, None
        self.strip.end()
        self.changed.emit()
        return ending

    def stop(self) -> None:
        """Stop what runs; it is done at the next unlocking or opening."""
        job = self._job
        if job is not None:
            job.blockSignals(True)
            job.cancel_and_wait()
            job.deleteLater()
            ending = self._rest()
            if ending is not None:
                ending.give_up()
