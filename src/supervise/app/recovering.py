"""What a crash, a power cut or a full disk left of a recording: to keep, to listen to, or to destroy."""

from dataclasses import dataclass
from typing import BinaryIO

from supervise.app import changes, recorded
from supervise.app.changes import Change
from supervise.app.left_sound import LeftSoundJob, begun_words, open_left
from supervise.app.recording import live
from supervise.app.workspace import Workspace
from supervise.audio.recovered import count_samples
from supervise.domain.consent import Scope
from supervise.domain.errors import DamagedError, UsageError
from supervise.domain.ids import SessionId
from supervise.domain.recordings import Asked
from supervise.domain.session import Session, SoundFacts
from supervise.domain.times import clock
from supervise.storage.database import transaction
from supervise.storage.recordings import DESTROYED, Recording

LOCKED = "The vault was locked, so the recording stays as it was. Unlock it and try again."


@dataclass(frozen=True, slots=True)
class Recovered:
    """A recording that did not end: `missing` says in a sentence what may not be there."""

    recording: str
    client_code: str
    title: str
    started_at: str
    duration_ms: int
    marks: int
    gaps: int
    asked: Asked | None
    missing: str


def recovered(workspace: Workspace) -> tuple[Recovered, ...]:
    """Return what earlier recordings left, oldest first; not what is being recorded now.

    Only of the cases of whoever works here, what they recorded themselves, and what they may hear.
    """
    rows = [row for row in workspace.store.recordings.unfinished() if not live(row.recording)]
    return tuple(_described(workspace, row) for row in rows if _may_know(workspace, row))


def _may_know(workspace: Workspace, row: Recording) -> bool:
    if _answers_for(workspace, row):
        return True
    return workspace.gate.verdict(row.client, row.client_code, Scope.OWN_REVIEW).covered


def _answers_for(workspace: Workspace, row: Recording) -> bool:
    return workspace.gate.owns(row.client) or row.facts.get("recorded_by") == workspace.profile.profile


def find_recovered(workspace: Workspace, text: str) -> str:
    """Return the recording whose id is or begins with `text`; raises UsageError."""
    row = workspace.store.recordings.find(text)
    if not _may_know(workspace, row):
        raise UsageError(f"No one unfinished recording begins with “{text}”.")
    if live(row.recording):
        raise UsageError("This recording is still going on.")
    return row.recording


def listen_to_recovered(workspace: Workspace, recording: str) -> tuple[BinaryIO, SoundFacts]:
    """Return the sound for `Player.load`, to hear before deciding; the caller closes it.

    Raises NotCoveredError, DamagedError.
    """
    row = workspace.store.recordings.get(recording)
    workspace.gate.require_client(row.client_code, Scope.OWN_REVIEW)
    stream = open_left(workspace, row.master)
    workspace.vault.log("play", recording, "recovered")
    return stream, recorded.sound_facts(row, count_samples(stream), "")


class KeepJob(LeftSoundJob):
    """Makes a session of it: made on the workspace's thread, run on any, finished on the first.

    Until `finish` the recording stays as it was.
    """

    def __init__(self, workspace: Workspace, recording: str) -> None:
        """Ask the gate and open it; raises NotCoveredError, DamagedError."""
        row = self._row = workspace.store.recordings.get(recording)
        workspace.gate.require_client(row.client_code, Scope.RECORD)
        super().__init__(
            workspace, row.master, lambda samples: recorded.sound_facts(row, samples, ""), LOCKED
        )

    def finish(self) -> Session | None:
        """Make it a session; None when nothing can be read, or the client had asked to delete it.

        Raises NoSpaceError, DamagedError, VaultLockedError, with the recording as it was.
        """
        workspace, store, recording = self._workspace, self._workspace.store, self._row.recording
        if self._found is None:
            destroy_recovered(workspace, recording)
            return None
        store.media.end(self._row.master)
        facts = recorded.sound_facts(self._row, self._samples, self._found.sha256)
        peaks = workspace.store.media.add("peaks", self._found.peaks)
        session = recorded.conclude(store, recording, facts, peaks)
        with transaction(workspace.vault.db) as db:
            store.media.forget(db, [self._row.media[1], *([] if session else [peaks])])
        recorded.clear_files(store, recording, also=(peaks,))
        if session is None:
            return None
        workspace.subscribers.tell(Change(changes.LIBRARY, (session,)))
        return store.sessions.get(SessionId(session))


def keep_recovered(workspace: Workspace, recording: str) -> Session | None:
    """Make it a session in one go on the calling thread; what is raised leaves the recording as it was."""
    job = KeepJob(workspace, recording)
    job.run()
    return job.finish()


def destroy_recovered(workspace: Workspace, recording: str) -> None:
    """Destroy it for good: its key, then its file. Raises UsageError (gone, or another's to decide about)."""
    store = workspace.store
    row = store.recordings.get(recording)
    if not _answers_for(workspace, row):
        raise UsageError("Only the therapist whose case it is, and who recorded it, destroys a recording.")
    if row.state == DESTROYED or row.session is not None:
        raise UsageError("This recording is no longer there to be destroyed.")
    recorded.destroy(store, row)
    recorded.clear_files(store, recording)


def _described(workspace: Workspace, row: Recording) -> Recovered:
    try:
        with open_left(workspace, row.master) as stream:
            samples = count_samples(stream)
        missing = "At most the last second before it stopped is missing."
    except DamagedError as error:
        samples, missing = 0, str(error)
    facts = recorded.sound_facts(row, samples, "")
    if not samples:
        missing = "Nothing of it can be read: it stopped within the first second."
    return Recovered(
        recording=row.recording,
        client_code=row.client_code,
        title=row.title,
        started_at=row.started_at,
        duration_ms=facts.duration_ms,
        marks=len(row.marks),
        gaps=len(row.gaps),
        asked=row.asked,
        missing=missing,
    )


def offer(found: Recovered) -> str:
    """Say what was recovered, for the start of the program."""
    return (
        f"A recording of {found.client_code}, {begun_words(found.started_at)}, did not end as it should. "
        f"{clock(found.duration_ms)} of it are safe. {found.missing}"
    )
