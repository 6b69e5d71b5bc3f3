"""Checking an open vault and copying it, beside the work that goes on in it."""

from collections.abc import Callable
from pathlib import Path

from supervise.app import recall_inventory
from supervise.app.gate import Gate
from supervise.app.workspace import Workspace
from supervise.domain.consent import Scope
from supervise.domain.session import Session
from supervise.storage.backup import LeftOut, backup
from supervise.storage.recall_destruction import RecallIds
from supervise.storage.store import Store
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


def left_out_of_copies(store: Store, gate: Gate) -> LeftOut:
    """Return what a backup by whoever works here must not hold for want of consent."""
    sessions = store.sessions.all()
    kept, _ = gate.covered(sessions, Scope.OWN_REVIEW)
    seen = {row.session for row in kept}
    recalls = tuple((row.session, ids) for row in kept if (ids := _uncovered_recalls(store, gate, row)))
    codes = store.consents.codes()
    clients = [client for client in codes if not gate.verdict(client, codes[client], Scope.RECORD).covered]
    gone = tuple(row.session for row in sessions if row.session not in seen)
    return LeftOut(gone, tuple(clients), recalls, tuple(gate.wordless(kept)))


def _uncovered_recalls(store: Store, gate: Gate, row: Session) -> RecallIds:
    """Return what the client recalled, answered and rated without a consent to that in force."""
    found = recall_inventory.recollections(store, row.session)
    if not found:
        return RecallIds()
    recalled = gate.verdict(row.client, row.client_code, Scope.CLIENT_RECALL).covered
    gone = {
        entry.id
        for entry in found
        if (entry.by_client and not recalled)
        or (entry.study and not gate.study(row.client, row.client_code, entry.study).covered)
    }
    return recall_inventory.ids_of(recall_inventory.with_held(found, gone))


class BackupJob:
    """Copies the vault as it is at one instant; made on the workspace's thread, run on any.

    `left_out` says how many sessions stay out because no consent covers them, `recalls_left_out` how many
    recalls (interviews, ratings) of the others.
    """

    def __init__(self, workspace: Workspace, target: Path) -> None:
        """Take a view of the vault; raises VaultLockedError."""
        self._left_out = left_out_of_copies(workspace.store, workspace.gate)
        self.left_out = len(self._left_out.sessions)
        self.recalls_left_out = self._left_out.recall_count
        self._view = workspace.vault.view()
        self._target = target

    def run(self, report: Report, cancelled: Cancelled) -> Path:
        """Return the copy's folder; raises what `backup` raises, with nothing left."""
        try:
            backup(self._view, self._target, report, cancelled, self._left_out)
        finally:
            self._view.close()
        return self._target
