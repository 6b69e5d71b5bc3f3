"""Reading recalls: which there are, their stops and map, and all that was ever recalled about an instant."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO, NamedTuple, cast

from supervise.app import recall_gate, recalled
from supervise.app.readable import readable
from supervise.app.recall_gate import Looks
from supervise.app.workspace import Workspace
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


@dataclass(frozen=True, slots=True)
class RecallView:
    """One recall as it is read; `version` is None while it has no transcript, or it is `locked` and why."""

    recall: Recall
    session: Session
    stops: tuple[Stop, ...]
    prompts: tuple[PromptUse, ...]
    map: RecallMap
    words: tuple[Word, ...]
    names: SpeakerNames
    version: TranscriptVersion | None
    locked: str = ""


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
    """Return the recalls that may be read here, of one session or all, oldest first.

    Raises NotCoveredError where there are some of the session and none may be read.
    """
    may = Looks(workspace).may
    return readable(workspace, workspace.store.recalls, session, may, recall_gate.require_look)


def find_recall(workspace: Workspace, text: str) -> RecallId:
    """Return the recall whose id is or begins with `text`; raises UsageError."""
    return workspace.store.recalls.find(text)


def recall_view(workspace: Workspace, recall: RecallId) -> RecallView:
    """Return a recall with its stops, map and words, finished or not; raises NotCoveredError, UsageError."""
    store, row = workspace.store, workspace.store.recalls.get(recall)
    session = recall_gate.require_look(workspace, row)
    view, verdict = view_of(store, row, session), workspace.gate.words(session)
    if verdict.covered:
        return view
    return replace(view, words=(), names=SpeakerNames(), version=None, locked=verdict.reason)


def read_recall(workspace: Workspace, recall: RecallId) -> RecallView:
    """Return a recall as `recall_view` does, for a person to read: the access log says so."""
    view = recall_view(workspace, recall)
    workspace.vault.log("open", view.recall.session, "recall read")
    return view


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
    recall_gate.require_look(workspace, row)
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
    store, looks = workspace.store, Looks(workspace)
    allowed = {entry.recall: entry for entry in store.recalls.of_session(session) if looks.may(row, entry)}
    frame = ms_to_samples((from_ms + until_ms) // 2, row.sound.rate_hz)
    places = [
        _in_stop(allowed[recall], stop)
        for recall, stop in store.recalls.stops_about(session, from_ms, until_ms)
        if recall in allowed
    ]
    places += [
        _over(allowed[recall], stretch, frame, row.sound.rate_hz)
        for recall, stretch in store.recalls.heard_at(session, frame)
        if recall in allowed
    ]
    found = _with_words(store, session, places, covered=workspace.gate.words(row).covered)
    return tuple(sorted(found, key=lambda entry: (entry.started_at, entry.recall_start_ms)))


def read_about(workspace: Workspace, session: SessionId, at_ms: int) -> tuple[Recalled, ...]:
    """Return what was recalled about an instant, for a person to read: the access log says so."""
    found = recalled_about(workspace, session, at_ms)
    if found:
        workspace.vault.log("open", session, "recalls read")
    return found


class _Place(NamedTuple):
    """Where in a recall something was said about the instant, and what of the session it is about."""

    row: Recall
    stop: Stop | None
    span: tuple[int, int]
    about: tuple[int, int]


def _in_stop(row: Recall, stop: Stop) -> _Place:
    """Return what a stop is about."""
    end_ms = row.sound.duration_ms if stop.recall_end_ms is None else stop.recall_end_ms
    span = stop.recall_start_ms, max(end_ms, stop.recall_start_ms)
    return _Place(row, stop, span, (stop.about_from_ms, stop.session_ms))


def _over(row: Recall, stretch: Stretch, frame: int, session_hz: int) -> _Place:
    """Return where something may have been said while a frame of the session was heard."""
    part = (frame - stretch.session_start) / (stretch.session_end - stretch.session_start)
    at = stretch.recall_start + part * (stretch.recall_end - stretch.recall_start)
    at_ms = samples_to_ms(round(at), row.rate_hz)
    low = max(at_ms - _OVER_MS, samples_to_ms(stretch.recall_start, row.rate_hz))
    high = min(at_ms + _OVER_MS, samples_to_ms(stretch.recall_end, row.rate_hz))
    about_ms = samples_to_ms(frame, session_hz)
    return _Place(row, None, (low, high), (about_ms, about_ms))


def _with_words(
    store: Store, session: SessionId, places: Sequence[_Place], *, covered: bool
) -> list[Recalled]:
    """Return the places with what was said there; over the playing tape only those where something was.

    Not `covered`, nothing of what was said is read.
    """
    transcripts = store.recall_transcripts.current_of_session(session) if covered else {}
    asked = [place for place in places if place.row.recall in transcripts]
    spans = [(transcripts[place.row.recall], *place.span) for place in asked]
    words = dict(zip(map(id, asked), store.recall_transcripts.words_in(spans), strict=True))
    found = []
    for place in places:
        row, stop, span, about = place
        said = words.get(id(place), ())
        if stop is None:
            if not said:
                continue
            span = said[0].start_ms, said[-1].end_ms
        found.append(Recalled(row.recall, row.setup, row.started_at, stop, *span, *about, said))
    return found
