"""A client's own recalls, answers and ratings for their bundle: what is private or blind is held back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, cast

from supervise.app import interview_gate
from supervise.app.interview_reading import InterviewView
from supervise.app.interview_reading import view_of as interview_view_of
from supervise.app.inventory import runs_said_in
from supervise.app.recall_contents import codings_of, content_of
from supervise.app.recall_reading import RecallView, view_of
from supervise.app.recall_seats import Whose, is_open, whose, whose_series
from supervise.app.workspace import Workspace
from supervise.domain.errors import NotCoveredError
from supervise.domain.interviews import Event, InterviewState
from supervise.domain.keeping import quotes
from supervise.domain.protocols import Answer
from supervise.domain.rating import Rater
from supervise.domain.rating_trace import without_spans
from supervise.domain.recall import Party
from supervise.domain.redaction import MASK, touches
from supervise.domain.session import Session
from supervise.domain.times import samples_to_ms
from supervise.domain.write_ups import WriteUp
from supervise.exchange.rating_series import RatingContent, write_rating_json
from supervise.exchange.recall_content import redacted_recall
from supervise.exchange.recalls import RECALL_FORMATS
from supervise.storage.recalls import Recall
from supervise.storage.store import Store

Spans = Sequence[tuple[int, int]]
Runs = frozenset[tuple[str, ...]]
CLOSED = "not shared with you by the client: whoever held it hands it over, from a profile of their own"
BLIND = "hidden until both parties have finished their interviews; finish them, or `interview unblind`"


@dataclass
class Recalled:
    """What of one session goes into the bundle: files, sounds with their silences, what stays back."""

    parts: list[tuple[str, bytes]] = field(default_factory=list)
    sounds: list[tuple[str, Recall, Spans, BinaryIO]] = field(default_factory=list)
    held: list[dict[str, Any]] = field(default_factory=list)

    def put(self, name: str, values: Mapping[str, Any]) -> None:
        """Add a JSON file."""
        self.parts.append((name, json.dumps(dict(values), indent=2, ensure_ascii=False).encode()))


def clients_recalls(store: Store, row: Session) -> list[Recall]:
    """Return the recalls of a session that the client took part in."""
    return [r for r in store.recalls.of_session(row.session) if r.setup.recaller is not Party.THERAPIST]


def own_private_write_ups(store: Store, row: Session) -> list[WriteUp]:
    """Return one's own private write-ups of recalls that the client took part in."""
    found = [store.write_ups.own(recall.recall) for recall in clients_recalls(store, row)]
    return [entry for entry in found if entry is not None and entry.private]


def gather(
    workspace: Workspace, row: Session, folder: str, redacted: Spans, include: frozenset[str]
) -> Recalled:
    """Gather one session's; `redacted` are spans of it with room around them. The caller closes the sounds.

    `include` are ids of one's own private write-ups to hand over after all.
    """
    made = Recalled()
    runs = runs_said_in(workspace.store, row.session, redacted)
    for recall in clients_recalls(workspace.store, row):
        if not _open(workspace, row, made, whose(recall), {"recall": recall.recall}):
            continue
        name = f"{folder}/recall-{recall.recall[:8]}"
        _recall(workspace, made, name, view_of(workspace.store, recall, row), redacted)
        _write_ups(workspace, made, name, recall, include, runs)
    for interview in workspace.store.interviews.of_session(row.session):
        if not interview_gate.is_open(workspace, row, interview):
            made.held.append({"session": row.session, "interview": interview.interview, "why": CLOSED})
            continue
        if interview.party is not Party.THERAPIST and interview.state is not InterviewState.PLANNED:
            view = interview_view_of(workspace, interview, row)
            made.put(f"{folder}/interview-{interview.interview[:8]}.json", _interview(view, redacted, runs))
            if view.hidden:
                held = {"session": row.session, "interview": interview.interview, "why": BLIND}
                made.held.append(held)
    for series in workspace.store.ratings.of_session(row.session):
        if series.setup.rater is Rater.CLIENT:
            if not _open(workspace, row, made, whose_series(series), {"rating": series.series}):
                continue
            trace = workspace.store.ratings.trace(series.series)
            content = RatingContent(
                series=series.series,
                session=row,
                setup=series.setup,
                started_at=series.started_at,
                trace=without_spans(trace, list(redacted)),
                redacted=bool(redacted),
            )
            file = b"".join(write_rating_json(content).parts)
            made.parts.append((f"{folder}/ratings-{series.series[:8]}.json", file))
    return made


def _open(workspace: Workspace, row: Session, made: Recalled, what: Whose, named: Mapping[str, str]) -> bool:
    """Whether it is open to whoever makes the bundle; what is not is named as held back."""
    if is_open(workspace.gate, workspace.store, row, what):
        return True
    made.held.append({"session": row.session, **named, "why": CLOSED})
    return False


def _recall(workspace: Workspace, made: Recalled, name: str, view: RecallView, redacted: Spans) -> None:
    """Add a recall with everybody's marks on it; where redacted passages were played, it is silent."""
    recall = view.recall
    marks = workspace.store.recall_marks.of_recall(recall.recall)
    content = replace(content_of(view), codings=codings_of(workspace, marks))
    document = RECALL_FORMATS["json"](redacted_recall(content, redacted))
    made.parts.append((f"{name}.json", b"".join(document.parts)))
    if not recall.samples:
        return
    try:
        stream = workspace.store.media.open(recall.master)
    except NotCoveredError:
        return
    mutes = [span for start, end in redacted for span in _heard_where(view, start, end)]
    made.sounds.append((f"{name}.flac", recall, mutes, cast("BinaryIO", stream)))


def _write_ups(
    workspace: Workspace, made: Recalled, name: str, recall: Recall, include: frozenset[str], runs: Runs
) -> None:
    """Add the write-ups that are shared, or chosen; the others are named, or counted, as held back."""
    profiles = {entry.profile: entry.name for entry in workspace.profiles()}
    given = []
    for entry in workspace.store.write_ups.of_recall(recall.recall):
        if entry.private and entry.write_up not in include:
            made.held.append({"session": recall.session, "recall": recall.recall, "write_up": entry.write_up})
            continue
        text = MASK if quotes(entry.text, runs) else entry.text
        author = profiles.get(entry.author, "")
        given.append({"author": author, "written": entry.changed_at, "text": text})
    sql = "SELECT count(*) FROM recall_writeups WHERE private = 1 AND recall_id = ? AND author_id <> ?"
    me = workspace.profile.profile
    others = int(workspace.vault.db.execute(sql, [recall.recall, me]).fetchone()[0])
    made.held += [{"session": recall.session, "recall": recall.recall, "write_up": None}] * others
    if given:
        made.put(f"{name}-write-ups.json", {"write_ups": given})


def _interview(view: InterviewView, redacted: Spans, runs: Runs) -> dict[str, Any]:
    """Return an interview with what was asked and answered, as far as it is not blind."""
    row = view.row
    events = {event.event: event for event in view.events}
    answers = []
    for (item, about), given in view.given.items():
        event = events.get(about) if about else None
        hit = event is not None and touches(event.start_ms, event.end_ms, redacted)
        value = MASK if hit or _quotes(given.value, runs) else given.value
        answers.append({"item": item, "event": about, "value": value, "given_at": given.given_at})
    return {
        "interview": row.interview,
        "study": row.study,
        "protocol": row.protocol,
        "time_point": row.point,
        "interviewer": row.interviewer,
        "opened_at": row.opened_at,
        "done_at": row.done_at,
        "held_back": BLIND if view.hidden else None,
        "events": [_event(event, redacted, runs) for event in view.events],
        "answers": answers,
    }


def _event(event: Event, redacted: Spans, runs: Runs) -> dict[str, Any]:
    hit = touches(event.start_ms, event.end_ms, redacted) or quotes(event.title, runs)
    return {
        "event": event.event,
        "session_start_ms": event.start_ms,
        "session_end_ms": event.end_ms,
        "title": MASK if hit and event.title else event.title,
        "peaks_ms": {str(speaker): list(times) for speaker, times in event.peaks},
    }


def _quotes(value: Answer, runs: Runs) -> bool:
    return isinstance(value, str) and quotes(value, runs)


def _heard_where(view: RecallView, start_ms: int, end_ms: int) -> list[tuple[int, int]]:
    """Return the spans of a recall in which some of a span of the session was played, whole stretches."""
    recall_hz, session_hz = view.map.recall_hz, view.map.session_hz
    return [
        (samples_to_ms(heard.recall_start, recall_hz), samples_to_ms(heard.recall_end, recall_hz) + 1)
        for heard in view.map.stretches
        if samples_to_ms(heard.session_start, session_hz) < end_ms
        and samples_to_ms(heard.session_end, session_hz) > start_ms
    ]
