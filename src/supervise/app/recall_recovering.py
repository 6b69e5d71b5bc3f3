"""What a crash left of a recall: its sound to the last second, every stop and the whole map."""

from dataclasses import dataclass, replace
from typing import BinaryIO

from supervise.app import changes, destroying, recall_gate, recalled
from supervise.app.changes import Change
from supervise.app.left_sound import LeftSoundJob, begun_words, open_left
from supervise.app.recall_outcome import RecallOutcome
from supervise.app.recall_places import Places
from supervise.app.recalling import live
from supervise.app.workspace import Workspace
from supervise.audio.recovered import count_samples
from supervise.domain.errors import DamagedError, NotCoveredError, UsageError
from supervise.domain.ids import RecallId
from supervise.domain.recall_map import Stretch
from supervise.domain.session import SoundFacts
from supervise.domain.times import clock, ms_to_samples, samples_to_ms
from supervise.storage.database import transaction
from supervise.storage.recalls import RECALLING, Recall

LOCKED = "The vault was locked, so the recall stays as it was. Unlock it and try again."


@dataclass(frozen=True, slots=True)
class RecoveredRecall:
    """A recall that did not end; `duration_ms` of it can be read."""

    recall: RecallId
    client_code: str
    started_at: str
    duration_ms: int
    stops: int


def recovered_recalls(workspace: Workspace) -> tuple[RecoveredRecall, ...]:
    """Return what earlier recalls left, oldest first; not what is being recorded now.

    Only of the cases of whoever works here, and what they recorded or may hear.
    """
    rows = [row for row in workspace.store.recalls.unfinished() if not live(row.recall)]
    return tuple(
        _described(workspace, row) for row in rows if _answers_for(workspace, row) or _heard(workspace, row)
    )


def _answers_for(workspace: Workspace, row: Recall) -> bool:
    client = workspace.store.sessions.get(row.session).client
    return workspace.gate.owns(client) or row.made_by == workspace.profile.profile


def require_answers_for(workspace: Workspace, row: Recall) -> None:
    """Raise UsageError for whoever may not destroy a recall, and while it is going on."""
    if not _answers_for(workspace, row):
        raise UsageError("Only the therapist whose case it is, and who recorded it, destroys a recall.")
    if live(row.recall):
        raise UsageError("This recall is still going on.")


def _heard(workspace: Workspace, row: Recall) -> bool:
    try:
        recall_gate.require_look(workspace, row)
    except NotCoveredError:
        return False
    return True


def listen_to_recovered_recall(workspace: Workspace, recall: RecallId) -> tuple[BinaryIO, SoundFacts]:
    """Return the sound for `Player.load`, to hear before deciding; the caller closes it.

    Raises NotCoveredError, DamagedError.
    """
    row = _unfinished(workspace, recall)
    recall_gate.require_look(workspace, row)
    stream = open_left(workspace, row.master)
    workspace.vault.log("play", row.session, "recall heard")
    return stream, replace(row, samples=count_samples(stream)).sound


class KeepRecallJob(LeftSoundJob):
    """Lets a recall have ended: made on the workspace's thread, run on any, finished on the first.

    Until `finish` the recall stays as it was.
    """

    def __init__(self, workspace: Workspace, recall: RecallId) -> None:
        """Ask the gate and open it; raises NotCoveredError, DamagedError."""
        row = self._row = _unfinished(workspace, recall)
        recall_gate.require_recall(workspace, row.session, row.setup)
        super().__init__(workspace, row.master, lambda samples: replace(row, samples=samples).sound, LOCKED)

    def finish(self) -> Recall | None:
        """Let it have ended where its sound ends; None (and destroyed) when nothing of it can be read.

        Raises NoSpaceError, DamagedError, with the recall as it was.
        """
        workspace, row, found = self._workspace, self._row, self._found
        if found is None:
            _destroy(workspace, row)
            return None
        store = workspace.store
        store.media.end(row.master)
        peaks = store.media.add("peaks", found.peaks)
        with transaction(workspace.vault.db):
            _end_notes(workspace, row, replace(row, samples=self._samples).sound)
            recalled.conclude(store, row, self._samples, found.sha256, peaks)
        recalled.clear_files(store, (row.master, row.peaks, peaks))
        workspace.subscribers.tell(Change(changes.RECALL, (row.recall, row.session)))
        return store.recalls.get(row.recall)


def keep_recovered_recall(workspace: Workspace, recall: RecallId) -> Recall | None:
    """Let it have ended in one go on the calling thread; what is raised leaves the recall as it was."""
    job = KeepRecallJob(workspace, recall)
    job.run()
    return job.finish()


def outcome_of(workspace: Workspace, recall: RecallId) -> RecallOutcome:
    """Return what came of a recall that was kept."""
    row = workspace.store.recalls.get(recall)
    stops = len(workspace.store.recalls.stops(row.recall))
    return RecallOutcome(row.recall, stops, row.sound.duration_ms, row.samples, row.gaps, 0, 0)


def destroy_recall(workspace: Workspace, recall: RecallId) -> None:
    """Destroy a recall for good, finished or not: its key, its notes and words, then its file."""
    store, row = workspace.store, workspace.store.recalls.get(recall)
    require_answers_for(workspace, row)
    destroying.refuse_held(store, store.sessions.get(row.session), workspace.today())
    _destroy(workspace, row)


def _destroy(workspace: Workspace, row: Recall) -> None:
    recalled.destroy(workspace.store, row)
    recalled.clear_files(workspace.store, (row.master, row.peaks))
    workspace.subscribers.tell(Change(changes.RECALL, (row.recall, row.session)))


def _end_notes(workspace: Workspace, row: Recall, facts: SoundFacts) -> None:
    """Let a stop that lasted, or the stretch that played, end with the sound."""
    store = workspace.store
    stops, stretches = store.recalls.stops(row.recall), store.recalls.stretches(row.recall)
    kept = [_cut(stretch, facts.samples) for stretch in stretches if stretch.recall_start < facts.samples]
    open_stop = stops[-1] if stops and stops[-1].recall_end_ms is None else None
    if open_stop is not None:
        end_ms = max(facts.duration_ms, open_stop.recall_start_ms)
        store.recalls.put_stop(row.recall, replace(open_stop, recall_end_ms=end_ms))
    elif kept and len(kept) == len(stretches) and kept[-1].recall_end < facts.samples:
        kept[-1] = _played_on(workspace, row, kept[-1], facts.samples)
    store.recalls.put_stretches(row.recall, kept)


def _cut(stretch: Stretch, samples: int) -> Stretch:
    """Return a stretch as far as there is sound of the recall."""
    if stretch.recall_end <= samples:
        return stretch
    share = (samples - stretch.recall_start) / (stretch.recall_end - stretch.recall_start)
    passed = round(share * (stretch.session_end - stretch.session_start))
    return stretch._replace(recall_end=samples, session_end=stretch.session_start + passed)


def _played_on(workspace: Workspace, row: Recall, last: Stretch, samples: int) -> Stretch:
    """Return the stretch that played when the program died, up to the end of the sound or the tape."""
    session = workspace.store.sessions.get(row.session).sound
    here_ms = samples_to_ms(last.session_start, session.rate_hz)
    end_ms = Places(row.setup, session.duration_ms).end_of(here_ms)
    most = session.samples if end_ms is None else ms_to_samples(end_ms, session.rate_hz)
    step = last.speed * session.rate_hz / row.rate_hz
    frames = min(samples - last.recall_end, round((most - last.session_end) / step))
    if frames <= 0:
        return last
    return last._replace(
        recall_end=last.recall_end + frames, session_end=last.session_end + round(frames * step)
    )


def _unfinished(workspace: Workspace, recall: RecallId) -> Recall:
    row = workspace.store.recalls.get(recall)
    if row.state != RECALLING or live(recall):
        raise UsageError("This recall has ended, or is still going on: there is nothing to recover.")
    return row


def _described(workspace: Workspace, row: Recall) -> RecoveredRecall:
    try:
        with open_left(workspace, row.master) as stream:
            samples = count_samples(stream)
    except (DamagedError, NotCoveredError):  # NotCovered: its key went with the session's sound
        samples = 0
    return RecoveredRecall(
        recall=row.recall,
        client_code=workspace.store.sessions.get(row.session).client_code,
        started_at=row.started_at,
        duration_ms=samples_to_ms(samples, row.rate_hz),
        stops=len(workspace.store.recalls.stops(row.recall)),
    )


def offer_recall(found: RecoveredRecall) -> str:
    """Say what was recovered."""
    stops = "1 stop" if found.stops == 1 else f"{found.stops} stops"
    return (
        f"A recall of a session of {found.client_code}, {begun_words(found.started_at)}, did not end as it "
        f"should. {clock(found.duration_ms)} and {stops} of it are safe."
    )
