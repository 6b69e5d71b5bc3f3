"""Recordings and recalls that did not end: offered at each opening, one after another, beside other work."""

from collections.abc import Callable, Sequence
from typing import Any, BinaryIO, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from supervise.app.hearing import Hearing
from supervise.app.recall_recovering import (
    KeepRecallJob,
    destroy_recall,
    listen_to_recovered_recall,
    offer_recall,
    recovered_recalls,
)
from supervise.app.recovering import (
    KeepJob,
    Recovered,
    destroy_recovered,
    listen_to_recovered,
    offer,
    recovered,
)
from supervise.app.workspace import Workspace
from supervise.bootstrap import Services
from supervise.domain.errors import SuperviseError
from supervise.domain.ids import RecallId
from supervise.domain.session import SoundFacts
from supervise.ui.desk import Desk, attempt
from supervise.ui.failures import ask, show_notice
from supervise.ui.jobs import Job
from supervise.ui.recovered_strip import Left, RecoveredStrip

POLL_MS = 50
DESTROY_WORDS = "Its key is destroyed. Nobody can bring it back, and there is no undo."
NOTHING_TITLE = "Nothing was kept"
NOTHING_WORDS = "Nothing of it could be read, or the client had asked to delete it."


class Host(Protocol):
    """What recovering needs of the window."""

    desk: Desk | None
    services: Services

    def fail(self, error: SuperviseError) -> None:
        """Show an expected failure."""


class Keeping(Protocol):
    """Keeps what was left: run on any thread, finished on the workspace's."""

    def run(self, report: Callable[[int], None], cancelled: Callable[[], bool], /) -> None:
        """Read it."""

    def finish(self) -> Any:
        """Return what it became; None when nothing could be kept."""


class Kind(Protocol):
    """What can be left by a crash, and what can be done with it."""

    what: str

    def left(self, work: Workspace) -> Sequence[Left]:
        """Return what is offered, oldest first."""

    def keeping(self, work: Workspace, which: str) -> Keeping:
        """Return what keeps it."""

    def listen(self, work: Workspace, which: str) -> tuple[BinaryIO, SoundFacts]:
        """Return its sound."""

    def destroy(self, work: Workspace, which: str) -> None:
        """Destroy it for good."""


class Recordings:
    """Recordings that become sessions."""

    what = "recording"

    def left(self, work: Workspace) -> Sequence[Left]:
        """Return what is offered, oldest first."""
        return [
            Left(found.recording, _recording_words(found), found.duration_ms) for found in recovered(work)
        ]

    def keeping(self, work: Workspace, which: str) -> Keeping:
        """Return what makes it a session."""
        return KeepJob(work, which)

    def listen(self, work: Workspace, which: str) -> tuple[BinaryIO, SoundFacts]:
        """Return its sound."""
        return listen_to_recovered(work, which)

    def destroy(self, work: Workspace, which: str) -> None:
        """Destroy it for good."""
        destroy_recovered(work, which)


class Recalls:
    """Recalls, which end where their sound does."""

    what = "recall"

    def left(self, work: Workspace) -> Sequence[Left]:
        """Return what is offered, oldest first."""
        found = recovered_recalls(work)
        return [Left(entry.recall, offer_recall(entry), entry.duration_ms) for entry in found]

    def keeping(self, work: Workspace, which: str) -> Keeping:
        """Return what lets it have ended."""
        return KeepRecallJob(work, RecallId(which))

    def listen(self, work: Workspace, which: str) -> tuple[BinaryIO, SoundFacts]:
        """Return its sound."""
        return listen_to_recovered_recall(work, RecallId(which))

    def destroy(self, work: Workspace, which: str) -> None:
        """Destroy it for good."""
        destroy_recall(work, RecallId(which))


def _recording_words(found: Recovered) -> str:
    words = offer(found)
    if found.marks:
        words += " It has 1 mark." if found.marks == 1 else f" It has {found.marks} marks."
    return words


class RecoveryErrands(QObject):
    """One offer and one job at a time; `changed` says that something else is offered, or nothing any more.

    `kept` hands over what it became.
    """

    changed = Signal()
    kept = Signal(object)

    def __init__(self, window: QWidget, host: Host, kind: Kind) -> None:
        """Work for `host`."""
        super().__init__(window)
        self._window, self._host, self._kind = window, host, kind
        self.strip = RecoveredStrip(kind.what)
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
        """Offer the oldest that waits, if any."""
        desk = self._desk
        self._stop_listening()
        found = self._kind.left(desk.workspace) if desk is not None else ()
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

    def keep(self, which: str) -> None:
        """Keep it, reading it off the window's thread."""
        desk = self._desk
        if desk is None or self._job is not None:
            return
        self._stop_listening()
        made: list[Keeping] = []
        if not attempt(lambda: made.append(self._kind.keeping(desk.workspace, which)), self._host.fail):
            return
        job = self._job = Job(made[0].run, self)
        job.finished.connect(lambda _none: self._kept(made[0]))
        job.failed.connect(self._not_kept)
        job.ended.connect(self._end)
        job.ended.connect(job.deleteLater)
        self.strip.set_busy(busy=True)
        job.start()

    def _kept(self, job: Keeping) -> None:
        became: list[object] = []
        if not attempt(lambda: became.append(job.finish()), self._not_kept):
            return
        self.offer()
        if became[0] is not None:
            self.kept.emit(became[0])
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

    def listen(self, which: str) -> None:
        """Play it from its start, or stop."""
        desk = self._desk
        if self._hearing is not None:
            self._stop_listening()
            return
        if desk is None:
            return
        desk.listening.pause()
        hearing = self._hearing = self._host.services.hearing(desk.workspace, desk.settings.output)
        if attempt(lambda: hearing.play(*self._kind.listen(desk.workspace, which)), self._host.fail):
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

    def ask_destroy(self, which: str) -> None:
        """Ask once more, then destroy it for good."""
        self._stop_listening()
        title = f"Destroy this {self._kind.what}?"
        box = ask(self._window, title, DESTROY_WORDS, "Destroy it for good", danger=True)
        box.accepted.connect(lambda: self._destroy(which))

    def _destroy(self, which: str) -> None:
        desk = self._desk
        if desk is not None and attempt(lambda: self._kind.destroy(desk.workspace, which), self._host.fail):
            self.offer()

    def stop(self) -> None:
        """Wait for what runs, and forget what was offered."""
        self._stop_listening()
        job, self._job = self._job, None
        if job is not None:
            job.blockSignals(True)
            job.cancel_and_wait()
        self.strip.clear()
