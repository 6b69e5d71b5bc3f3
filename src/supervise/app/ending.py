"""Deleting the last minutes of a recording that has ended: what remains is written anew, off the main thread.

The wish and the end are in the vault's inbox before the first byte is written, so a kill, a lock or a full
disk leave the deletion to the next unlocking; nothing can be kept instead.
"""

import threading
from collections.abc import Callable

from supervise.app import changes, intake, recorded
from supervise.app.changes import Change
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError, VaultLockedError
from supervise.domain.ids import ClientId, MediaId, SessionId
from supervise.storage.recordings import RECORDING

Report = Callable[[int], None]
Cancelled = Callable[[], bool]
LOCKED = "The vault was locked. The minutes the client asked to delete are deleted as soon as it is unlocked."
_ENDING: dict[str, "EndJob"] = {}


def _silent(_permille: int) -> None:
    return


def _never() -> bool:
    return False


def ending(recording: str) -> bool:
    """Whether its last minutes are being deleted by this process right now."""
    return recording in _ENDING


def due(workspace: Workspace) -> tuple[str, ...]:
    """Return the recordings whose last minutes are still to be deleted, oldest first."""
    found = []
    for entry in workspace.vault.pending_entries():
        if recorded.is_cut(workspace.store, entry.kind, entry.payload):
            found.append(entry.payload["recording"])
    return tuple(found)


def end_all(workspace: Workspace, client: ClientId) -> None:
    """Do at once what is due of a client, as when consent is withdrawn and everything must be listed."""
    for recording in due(workspace):
        if workspace.store.recordings.get(recording).client == client:
            job = _ENDING.get(recording) or EndJob(workspace, recording)
            job.run()
            job.finish()


class EndJob:
    """One deletion in three steps: made on the workspace's thread, run on any, finished on the first.

    Until `finish` the recording stays as it was, its wish with it; `give_up` leaves it to the next unlocking.
    """

    def __init__(self, workspace: Workspace, recording: str) -> None:
        """Open it; raises UsageError (nothing is due), NoSpaceError, DamagedError."""
        payloads = {
            entry.payload.get("recording"): entry
            for entry in workspace.vault.pending_entries()
            if recorded.is_cut(workspace.store, entry.kind, entry.payload)
        }
        if recording not in payloads:
            raise UsageError("Nothing of this recording is waiting to be deleted.")
        payload = payloads[recording].payload
        self.recording = recording
        self.minutes = 0.0
        self._workspace, self._peaks = workspace, MediaId(payload["peaks"])
        row = workspace.store.recordings.get(recording)
        if row.asked is not None:
            self.minutes = row.asked.minutes
        self._sound = recorded.sound_facts(row, payload["samples"], payload["sha256"])
        self._cut = recorded.Cut.begin(workspace.store, row, self._sound)
        self._once = threading.Lock()
        self._written = self._done = False
        self._session: SessionId | None = None
        _ENDING[recording] = self

    def run(self, report: Report = _silent, cancelled: Cancelled = _never) -> None:
        """Write what remains; raises CancelledError, DamagedError, NoSpaceError, VaultLockedError."""
        with self._once:
            if self._written:
                return
            try:
                self._cut.write(report, cancelled)
            except ValueError:
                if not self._workspace.locked:
                    raise
                raise VaultLockedError(LOCKED) from None
            self._written = True

    def finish(self) -> SessionId | None:
        """Make the shorter session and destroy the old key; None when nothing of it was to be kept."""
        if self._done:
            return self._session
        workspace, store = self._workspace, self._workspace.store
        if store.recordings.get(self.recording).state == RECORDING:
            self._session = recorded.conclude(store, self.recording, self._sound, self._peaks, self._cut)
        self._done = True
        _ENDING.pop(self.recording, None)
        recorded.clear_files(store, self.recording)
        intake.take_in_pending(store, later=True)
        if self._session is not None:
            workspace.subscribers.tell(Change(changes.LIBRARY, (self._session,)))
        return self._session

    def give_up(self) -> None:
        """Remove what was written so far; the wish stays, for the next unlocking."""
        if not self._done:
            _ENDING.pop(self.recording, None)
            self._cut.discard()
