"""What a crash, a power cut or a full disk left of a recording: to keep, to listen to, or to destroy."""

from dataclasses import dataclass
from typing import BinaryIO, cast

from supervise.app import changes, recorded
from supervise.app.changes import Change
from supervise.app.recording import live
from supervise.app.workspace import Workspace
from supervise.audio.recovered import count_samples, outline
from supervise.domain.consent import Scope
from supervise.domain.errors import DamagedError, UsageError
from supervise.domain.ids import MediaId, SessionId
from supervise.domain.recordings import Asked
from supervise.domain.session import Session, SoundFacts
from supervise.domain.times import clock
from supervise.storage.database import transaction
from supervise.storage.recordings import DESTROYED, Recording


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
    """Return what earlier recordings left, oldest first; not what is being recorded now."""
    rows = [row for row in workspace.store.recordings.unfinished() if not live(row.recording)]
    return tuple(_described(workspace, row) for row in rows)


def find_recovered(workspace: Workspace, text: str) -> str:
    """Return the recording whose id is or begins with `text`; raises UsageError."""
    row = workspace.store.recordings.find(text)
    if live(row.recording):
        raise UsageError("This recording is still going on.")
    return row.recording


def listen_to_recovered(workspace: Workspace, recording: str) -> tuple[BinaryIO, SoundFacts]:
    """Return the sound for `Player.load`, to hear before deciding; the caller closes it.

    Raises NotCoveredError, DamagedError.
    """
    row = workspace.store.recordings.get(recording)
    workspace.gate.require_client(row.client_code, Scope.OWN_REVIEW)
    stream = _opened(workspace, row)
    workspace.vault.log("play", recording, "recovered")
    return stream, recorded.sound_facts(row, count_samples(stream), "")


def keep_recovered(workspace: Workspace, recording: str) -> Session | None:
    """Make it a session; None when nothing can be read, or the client had asked to delete it.

    Raises NotCoveredError, NoSpaceError, DamagedError, with the recording as it was.
    """
    store = workspace.store
    row = store.recordings.get(recording)
    workspace.gate.require_client(row.client_code, Scope.RECORD)
    with _opened(workspace, row) as stream:
        samples = count_samples(stream)
    if not samples:
        destroy_recovered(workspace, recording)
        return None
    store.media.end(row.master)
    with _opened(workspace, row) as stream:
        found = outline(stream, recorded.sound_facts(row, samples, ""))
    peaks = _new_peaks(workspace, found.peaks)
    session = recorded.conclude(store, recording, recorded.sound_facts(row, samples, found.sha256), peaks)
    with transaction(workspace.vault.db) as db:
        store.media.forget(db, [row.media[1], *([] if session else [peaks])])
    recorded.clear_files(store, recording, also=(peaks,))
    if session is None:
        return None
    workspace.subscribers.tell(Change(changes.LIBRARY, (session,)))
    return store.sessions.get(SessionId(session))


def destroy_recovered(workspace: Workspace, recording: str) -> None:
    """Destroy it for good: its key, then its file."""
    store = workspace.store
    row = store.recordings.get(recording)
    if row.state == DESTROYED or row.session is not None:
        raise UsageError("This recording is no longer there to be destroyed.")
    recorded.destroy(store, row)
    recorded.clear_files(store, recording)


def _new_peaks(workspace: Workspace, peaks: bytes) -> MediaId:
    medium = workspace.store.media.create("peaks")
    try:
        medium.writer.write(peaks)
        medium.finish()
        medium.register(workspace.vault.db)
    except BaseException:
        medium.discard()
        raise
    return medium.media_id


def _opened(workspace: Workspace, row: Recording) -> BinaryIO:
    return cast("BinaryIO", workspace.store.media.open(row.master, allow_open_end=True))


def _described(workspace: Workspace, row: Recording) -> Recovered:
    try:
        with _opened(workspace, row) as stream:
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
    day = found.started_at[:16].replace("T", " ")
    return (
        f"A recording of {found.client_code}, begun {day} UTC, did not end as it should. "
        f"{clock(found.duration_ms)} of it are safe. {found.missing}"
    )
