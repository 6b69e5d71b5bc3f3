"""Recordings that did not end: offered at each opening, one after another, beside any other work."""

from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from supervise.app.hearing import Hearing
from supervise.app.recovering import KeepJob, Recovered, destroy_recovered, listen_to_recovered, recovered
from supervise.bootstrap import Services
from supervise.domain.errors import SuperviseError
from supervise.ui.desk import Desk, attempt
from supervise.ui.failures import ask, show_notice
from supervise.ui.jobs import Job
from supervise.ui.recovered_strip import RecoveredStrip

POLL_MS = 50
DESTROY_TITLE = "Destroy this recording?"
DESTROY_WORDS = "Its key is destroyed. Nobody can bring it back, and there is no undo."
NOTHING_TITLE = "Nothing was kept"
NOTHING_WORDS = "Nothing of it could be read, or the client had asked to delete it."


class Host(Protocol):
    """What recovering needs of the window."""

    desk: Desk | None
    services: Services

    def recorded(self, session: str) -> None:
        """Open the session a recording became."""

    def fail(self, error: SuperviseError) -> None:
        """Show an expected failure."""


class RecoveryErrands(QObject):
    """One offer and one job at a time; `changed` says that something else is offered, or nothing any more."""

    changed = Signal()

    def __init__(self, window: QWidget, host: Host) -> None:
        """Work for `host`."""
        super().__init__(window)
        self._window, self._host = window, host
        self.strip = RecoveredStrip()
        self.strip.keep_wished.connect(self.keep)
        self.strip.listen_wished.connect(self.listen)
        self.strip.destroy_wished.connect(self.ask_destroy)
        self._job: Job | None = None
        self._hearing: Hearing | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._look)

    @property
    def _desk(self) -> Desk | None:
        desk = self._host.desk
        return None if desk is None or desk.workspace.locked else desk

    def offer(self) -> None:
        """Offer the oldest recording that waits, if any."""
        desk = self._desk
        self._stop_listening()
        found: tuple[Recovered, ...] = recovered(desk.workspace) if desk is not None else ()
        if found:
            self.strip.show_offer(found[0], len(found) - 1)
        else:
            self.strip.clear()
        self.changed.emit()

    @property
    def wanted(self) -> bool:
        """Whether something is offered now."""
        return self.strip.offered is not None and self._desk is not None

    # --- keeping

    def keep(self, recording: str) -> None:
        """Make it a session, reading it off the window's thread."""
        desk = self._desk
        if desk is None or self._job is not None:
            return
        self._stop_listening()
        made: list[KeepJob] = []
        if not attempt(lambda: made.append(KeepJob(desk.workspace, recording)), self._host.fail):
            return
        job = self._job = Job(made[0].run, self)
        job.finished.connect(lambda _none: self._kept(made[0]))
        job.failed.connect(self._not_kept)
        job.ended.connect(self._end)
        job.ended.connect(job.deleteLater)
        self.strip.set_busy(busy=True)
        job.start()

    def _kept(self, job: KeepJob) -> None:
        sessions: list[str] = []

        def finish() -> None:
            session = job.finish()
            sessions.append(session.session if session is not None else "")

        if not attempt(finish, self._not_kept):
            return
        self.offer()
        if sessions[0]:
            self._host.recorded(sessions[0])
        else:
            show_notice(self._window, NOTHING_TITLE, NOTHING_WORDS)

    def _not_kept(self, error: SuperviseError) -> None:
        self.strip.set_busy(busy=False)
        if self._desk is not None:
            self._host.fail(error)

    def _end(self) -> None:
        self._job = None
        self.strip.set_busy(busy=False)

    # --- listening

    def listen(self, recording: str) -> None:
        """Play it from its start, or stop."""
        desk = self._desk
        if self._hearing is not None:
            self._stop_listening()
            return
        if desk is None:
            return
        desk.listening.pause()
        hearing = self._hearing = self._host.services.hearing(desk.workspace, desk.settings.output)
        if attempt(lambda: hearing.play(*listen_to_recovered(desk.workspace, recording)), self._host.fail):
            self._timer.start()
            self.strip.show_playing(playing=True)
        else:
            self._stop_listening()

    def _look(self) -> None:
        hearing = self._hearing
        if hearing is not None:
            attempt(hearing.poll, self._host.fail)
            if not hearing.playing:
                self._stop_listening()

    def _stop_listening(self) -> None:
        self._timer.stop()
        hearing, self._hearing = self._hearing, None
        if hearing is not None:
            hearing.close()
        self.strip.show_playing(playing=False)

    # --- destroying

    def ask_destroy(self, recording: str) -> None:
        """Ask once more, then destroy it for good."""
        self._stop_listening()
        box = ask(self._window, DESTROY_TITLE, DESTROY_WORDS, "Destroy it for good", danger=True)
        box.accepted.connect(lambda: self._destroy(recording))

    def _destroy(self, recording: str) -> None:
        desk = self._desk
        if desk is not None and attempt(
            lambda: destroy_recovered(desk.workspace, recording), self._host.fail
        ):
            self.offer()

    def stop(self) -> None:
        """Wait for what runs, and forget what was offered."""
        self._stop_listening()
        job, self._job = self._job, None
        if job is not None:
            job.blockSignals(True)
            job.cancel_and_wait()
        self.strip.clear()
