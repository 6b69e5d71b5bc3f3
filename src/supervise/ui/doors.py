"""Coming in: a vault is made, opened, unlocked or recovered off the window's thread, then handed over."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject

from supervise.app import entering
from supervise.app.workspace import Workspace
from supervise.bootstrap import Services
from supervise.domain.errors import SuperviseError
from supervise.domain.moments import Perspective
from supervise.ui.desk import Desk, attempt
from supervise.ui.first_run import FirstRun
from supervise.ui.jobs import Job, Work
from supervise.ui.plain_words import said
from supervise.ui.unlock import UnlockPage

Rest = Callable[[], object]


class Host(Protocol):
    """What coming in needs of the window."""

    desk: Desk | None
    path: Path | None
    services: Services
    door: UnlockPage
    first_run: FirstRun

    def adopt(self, workspace: Workspace) -> None:
        """Work on an open vault from now on."""

    def show_library(self) -> None:
        """Go to the library."""


class Doors(QObject):
    """One attempt at a time; what a stopped one had opened is closed again."""

    def __init__(self, window: QObject, host: Host) -> None:
        """Work for `host`."""
        super().__init__(window)
        self._host = host
        self._job: Job | None = None
        self._opened: list[Workspace] = []

    @property
    def busy(self) -> bool:
        """Whether an attempt is under way."""
        return self._job is not None

    def make_vault(self, path: Path, name: str, role: Perspective, passphrase: str) -> None:
        """Make a vault and show its recovery key."""
        page, keys = self._host.first_run.make, []

        def make(_report: object, _cancelled: object) -> Rest:
            workspace, key = self._host.services.create_vault(path, name, role, passphrase)
            self._opened.append(workspace)
            keys.append(key)
            return self._take_over

        def shown() -> None:
            self._host.first_run.show_recovery(keys[0])

        self._begin(make, page.set_busy, lambda error: page.show_problem(said(error)), shown)

    def unlock(self, passphrase: str, name: str) -> None:
        """Open the folder chosen, or unlock the vault that is open, for the first person unless named."""
        desk, path, services = self._host.desk, self._host.path, self._host.services

        def enter(_report: object, _cancelled: object) -> Rest:
            if desk is not None:
                return entering.unlocking(desk.workspace, passphrase, name or None)
            if path is not None:
                self._opened.append(services.open_vault(path, passphrase, name or None))
            return self._take_over

        self._knock(enter)

    def recover(self, key: str, passphrase: str) -> None:
        """Set a new passphrase with the recovery key, and go in."""
        desk, path, services = self._host.desk, self._host.path, self._host.services

        def enter(_report: object, _cancelled: object) -> Rest:
            if desk is not None:
                return entering.recovering(desk.workspace, key, passphrase)
            if path is not None:
                self._opened.append(services.recover(path, key, passphrase))
            return self._take_over

        self._knock(enter)

    def stop(self) -> None:
        """Wait for what is under way, and close what it opened."""
        job, self._job = self._job, None
        if job is not None:
            job.finished.disconnect(self._come_in)
            job.cancel_and_wait()
        while self._opened:
            self._opened.pop().close()

    # --- one attempt

    def _knock(self, enter: Work) -> None:
        door = self._host.door
        opening = self._host.desk is None

        def inside() -> None:
            door.forget()
            if opening:
                self._host.show_library()

        self._begin(enter, door.set_busy, lambda error: door.show_problem(said(error)), inside)

    def _begin(
        self,
        work: Work,
        busy: Callable[[bool], object],
        failed: Callable[[SuperviseError], object],
        done: Callable[[], object],
    ) -> None:
        if self._job is not None:
            return
        self._failed, self._done = failed, done
        job = self._job = Job(work, self)
        job.finished.connect(self._come_in)
        job.failed.connect(failed)
        job.ended.connect(self._end)
        job.ended.connect(lambda: busy(False))
        job.ended.connect(job.deleteLater)
        busy(True)
        job.start()

    def _come_in(self, rest: Rest) -> None:
        self._job = None
        if attempt(rest, self._failed):
            self._done()

    def _end(self) -> None:
        self._job = None

    def _take_over(self) -> None:
        while self._opened:
            self._host.adopt(self._opened.pop())
