"""Reading recalls: which there are, their stops and map, and all that was ever recalled about an instant."""

from dataclasses import dataclass
from typing import BinaryIO, cast

from supervise.app import recall_gate, recalled
from supervise.app.workspace import Workspace
from supervise.domain.errors import NotCoveredError
from supervise.domain.ids import RecallId, SessionId
from supervise.domain.recall import PromptUse, Setup, Stop
from supervise.domain.recall_map import RecallMap, Stretch
from supervise.domain.session import Session
from supervise.domain.speakers import SpeakerNames
from supervise.domain.times import ms_to_samples, samples_to_ms
from supervise.domain.transcript import TranscriptVersion, Word
from supervise.storage.recalls import Recall
from supervise.storage.store import Store

_OVER_MS = 1500
_AROUND_MS = 16_000


@dataclass(frozen=True, slots=True)
class RecallView:
    """One recall as it is read; `version` is None while it has no transcript."""

    recall: Recall
    session: Session
    stops: tuple[Stop, ...]
    prompts: tuple[PromptUse, ...]
    map: RecallMap
    words: tuple[Word, ...]
    names: SpeakerNames
    version: TranscriptVersion | None


@dataclass(frozen=True, slots=True)
class Recalled:
    """Something recalled about an instant of a session: in `stop`, or (None) over the playing tape.

    `words` are those of the span of the recall; empty while it has no transcript.
    """

    recall: RecallId
    setup: Setup
    started_at: str
    stop: Stop | None
    recall_start_ms: int
    recall_end_ms: int
    session_start_ms: int
    session_end_ms: int
    words: tuple[Word, ...]


def recalls(workspace: Workspace, session: SessionId | None = None) -> tuple[Recall, ...]:
    """Return the recalls that may be read here, of one session or all, oldest first."""
    store = workspace.store.recalls
    if session is not None:
        rows = store.of_session(session)
        for row in rows:
            recall_gate.require_look(workspace, session, row.setup)
        return tuple(rows)
    return tuple(row for row in store.all() if _may_look(workspace, row))


def _may_look(workspace: Workspace, row: Recall) -> bool:
    try:
        recall_gate.require_look(workspace, row.session, row.setup)
    except NotCoveredError:
        return False
    return True


def find_recall(workspace: Workspace, text: str) -> RecallId:
    """Return the recall whose id is or begins with `text`; raises UsageError."""
    return workspace.store.recalls.find(text)


def recall_view(workspace: Workspace, recall: RecallId) -> RecallView:
    """Return a recall with its stops, map and words, finished or not; raises NotCoveredError, UsageError."""
    store, row = workspace.store, workspace.store.recalls.get(recall)
    return view_of(store, row, recall_gate.require_look(workspace, row.session, row.setup))


def view_of(store: Store, row: Recall, session: Session) -> RecallView:
    """Return a recall as it is read; the gate was asked, or need not be."""
    recall = row.recall
    version = store.recall_transcripts.current(recall)
    return RecallView(
        recall=row,
        session=session,
        stops=store.recalls.stops(recall),
        prompts=store.recalls.prompts(recall),
        map=recalled.map_of(store, row),
        words=store.recall_transcripts.words(version.transcript) if version else (),
        names=store.recall_transcripts.names(recall),
        version=version,
    )


def open_recall_sound(workspace: Workspace, recall: RecallId) -> BinaryIO:
    """Return a recall's own sound (its facts are `Recall.sound`), logged; the caller closes it."""
    row = workspace.store.recalls.get(recall)
    recall_gate.require_look(workspace, row.session, row.setup)
    stream = cast("BinaryIO", workspace.store.media.open(row.master))
    workspace.vault.log("play", row.session, "recall heard")
    return stream


def recalled_about(
    workspace: Workspace, session: SessionId, from_ms: int, to_ms: int | None = None
) -> tuple[Recalled, ...]:
    """Return all that was ever recalled about an instant (or span) of a session, recall by recall.

    That is every stop that what was heard led up to, and what was said over the playing of it. Recalls
    that may not be read here are left out.
    """
    row = workspace.session(session)
    until_ms = from_ms if to_ms is None else to_ms
    store = workspace.store
    known = {entry.recall: entry for entry in store.recalls.of_session(session)}
    looks = {recall_gate.scopes_for(entry.setup): entry for entry in known.values()}
    may = {scopes: _may_look(workspace, entry) for scopes, entry in looks.items()}
    allowed = {recall: entry for recall, entry in known.items() if may[recall_gate.scopes_for(entry.setup)]}
    reading = _Reading(workspace, session, allowed)
    found = [
        reading.in_stop(recall, stop)
        for recall, stop in store.recalls.stops_about(session, from_ms, until_ms)
        if recall in allowed
    ]
    frame = ms_to_samples((from_ms + until_ms) // 2, row.sound.rate_hz)
    for recall, stretch in store.recalls.heard_at(session, frame):
        over = reading.over(recall, stretch, frame, row.sound.rate_hz) if recall in allowed else None
        if over is not None:
            found.append(over)
    return tuple(sorted(found, key=lambda entry: (entry.started_at, entry.recall_start_ms)))


class _Reading:
    """Reads words of recalls, the transcript of each looked up once and read in one go around a place."""

    def __init__(self, workspace: Workspace, session: SessionId, rows: dict[RecallId, Recall]) -> None:
        self._store = workspace.store.recall_transcripts
        self._rows = rows
        self._transcripts = self._store.current_of_session(session)
        self._near: dict[RecallId, tuple[int, int, tuple[Word, ...]]] = {}  # words read last, and from where

    def in_stop(self, recall: RecallId, stop: Stop) -> Recalled:
        """Return what was said in a stop."""
        row = self._rows[recall]
        end_ms = row.sound.duration_ms if stop.recall_end_ms is None else stop.recall_end_ms
        span = stop.recall_start_ms, max(end_ms, stop.recall_start_ms)
        about = stop.about_from_ms, stop.session_ms
        return Recalled(recall, row.setup, row.started_at, stop, *span, *about, self._words(recall, *span))

    def over(self, recall: RecallId, stretch: Stretch, frame: int, session_hz: int) -> Recalled | None:
        """Return what was said while a frame of the session was heard; None when nothing was."""
        row = self._rows[recall]
        part = (frame - stretch.session_start) / (stretch.session_end - stretch.session_start)
        at = stretch.recall_start + part * (stretch.recall_end - stretch.recall_start)
        at_ms = samples_to_ms(round(at), row.rate_hz)
        low = max(at_ms - _OVER_MS, samples_to_ms(stretch.recall_start, row.rate_hz))
        high = min(at_ms + _OVER_MS, samples_to_ms(stretch.recall_end, row.rate_hz))
        words = self._words(recall, low, high)
        if not words:
            return None
        about_ms = samples_to_ms(frame, session_hz)
        span = words[0].start_ms, words[-1].end_ms
        return Recalled(recall, row.setup, row.started_at, None, *span, about_ms, about_ms, words)

    def _words(self, recall: RecallId, start_ms: int, end_ms: int) -> tuple[Word, ...]:
        transcript = self._transcripts.get(recall)
        if transcript is None:
            return ()
        low, high, words = self._near.get(recall, (0, -1, ()))
        if not low <= start_ms <= end_ms <= high:
            low, high = max(0, start_ms - _AROUND_MS), end_ms + _AROUND_MS
            words = self._store.words(transcript, low, high)
            self._near[recall] = low, high, words
        return tuple(word for word in words if word.end_ms > start_ms and word.start_ms < end_ms)
