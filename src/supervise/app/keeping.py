"""Checking an open vault and copying it, beside the work that goes on in it."""

from collections.abc import Callable
from pathlib import Path

from supervise.app.workspace import Workspace
from supervise.storage.backup import backup
from supervise.storage.verify import VerifyReport, verify

Report = Callable[[int], None]
Cancelled = Callable[[], bool]


class CheckJob:
    """Reads and authenticates everything; made on the workspace's thread, run on any."""

    def __init__(self, workspace: Workspace) -> None:
        """Take a view of the vault; raises VaultLockedError."""
        self._view = workspace.vault.view()

    def run(self, report: Report, cancelled: Cancelled) -> VerifyReport:
        """Return what was found; raises CancelledError, and VaultLockedError when it is locked meanwhile."""
        try:
            return verify(self._view, report, cancelled)
        finally:
            self._view.close()


class BackupJob:
    """Copies the vault as it is at one instant; made on the workspace's thread, run on any."""

    def __init__(self, workspace: Workspace, target: Path) -> None:
        """Take a view of the vault; raises VaultLockedError."""
        self._view = workspace.vault.view()
        self._target = target

    def run(self, report: Report, cancelled: Cancelled) -> Path:
        """Return the copy's folder; raises what `backup` raises, with nothing left."""
        try:
            backup(self._view, self._target, report, cancelled)
        finally:
            self._view.close()
        return self._target
