"""Reading interviews: what was asked and answered, with what is blind left out until both are done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from supervise.app import interview_gate
from supervise.app.protocols import protocol
from supervise.app.recalled import PART_OF
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from supervise.domain.ids import EventId, InterviewId, RecallId, SessionId
from supervise.domain.interviews import (
    BlindError,
    Event,
    GivenAnswer,
    Interview,
    lacking,
    latest,
    same_study,
    waits_for,
)
from supervise.domain.protocols import Answer, Protocol, Step, StepKind
from supervise.domain.recall import Party
from supervise.domain.session import Session

Given = dict[tuple[str, EventId | None], GivenAnswer]


@dataclass(frozen=True, slots=True)
class InterviewView:
    """One interview as it may be read.

    `waits_for` says who has still to finish before blind answers are shown; until then `given` and the
    events' titles and peaks hold only what is not blind, and `answered` says what there is.
    """

    row: Interview
    session: Session
    protocol: Protocol
    steps: tuple[Step, ...]
    events: tuple[Event, ...]
    given: Given
    answered: frozenset[tuple[str, EventId | None]]
    lacking: tuple[str, ...]
    waits_for: tuple[Party, ...]

    @property
    def hidden(self) -> bool:
        """Whether something was answered that is not shown."""
        return bool(self.waits_for) and any(step.blind for step in self.steps)

    def value(self, item: str, event: EventId | None = None) -> Answer:
        """Return an answer that may be shown, None where there is none."""
        found = self.given.get((item, event))
        return None if found is None else found.value


@dataclass(frozen=True, slots=True)
class RecallRating:
    """A rating or choice given in an interview a recall belongs to, or in a later one about the same events.

    `start_ms` and `end_ms` are the event's in the session, None when it is about no event.
    """

    interview: InterviewId
    study: str
    protocol: str
    party: Party
    time_point: str
    item: str
    value: Answer
    event: EventId | None
    start_ms: int | None
    end_ms: int | None
    given_at: str


def find_interview(workspace: Workspace, text: str) -> InterviewId:
    """Return the interview whose id is or begins with `text`; raises UsageError."""
    return workspace.store.interviews.find(text)


def interviews(workspace: Workspace, session: SessionId | None = None) -> tuple[Interview, ...]:
    """Return the interviews that may be seen here, of one session or all, oldest first."""
    store = workspace.store.interviews
    rows = store.all() if session is None else store.of_session(session)
    kept: dict[tuple[SessionId, str, Party], bool] = {}
    for row in rows:
        place = row.session, row.study, row.party
        if place not in kept:
            kept[place] = interview_gate.may(workspace, *place)
    rows = [row for row in rows if kept[row.session, row.study, row.party]]
    sessions, is_open = workspace.store.sessions, interview_gate.is_open
    return tuple(row for row in rows if is_open(workspace, sessions.get(row.session), row))


def tied_interview(workspace: Workspace, recall: RecallId) -> InterviewView | None:
    """Return the interview a recall belongs to that can be gone on with and seen here; None without one."""
    return _going_on(workspace, recall, workspace.store.interviews.of_recall(recall))


def full_interview(workspace: Workspace, recall: RecallId) -> InterviewView | None:
    """Return the interview a recall was held for that had its recall already, likewise; None without one."""
    held = workspace.store.recalls.get(recall)
    rows = workspace.store.interviews.of_session(held.session)
    wanted = [row for row in rows if row.interview == held.facts.get(PART_OF)]
    return _going_on(workspace, recall, [row for row in wanted if row.recall not in (None, recall)])


def _going_on(workspace: Workspace, recall: RecallId, rows: Sequence[Interview]) -> InterviewView | None:
    session = workspace.store.sessions.get(workspace.store.recalls.get(recall).session)
    fits = (row for row in rows if interview_gate.may(workspace, row.session, row.study, row.party))
    fits = (row for row in fits if interview_gate.is_open(workspace, session, row))
    found = next((row for row in fits if not row.done), None)
    return None if found is None else interview_view(workspace, found.interview)


def interview_view(workspace: Workspace, interview: InterviewId) -> InterviewView:
    """Return an interview as it may be read; raises NotCoveredError, UsageError."""
    row = workspace.store.interviews.get(interview)
    session = interview_gate.require_interview(workspace, row.session, row.study, row.party)
    interview_gate.require_open(workspace, session, row)
    return view_of(workspace, row, session)


def read_interview(workspace: Workspace, interview: InterviewId) -> InterviewView:
    """Return an interview as `interview_view` does, for a person to read: the access log says so."""
    view = interview_view(workspace, interview)
    workspace.vault.log("interview", view.row.session, "read")
    return view


def view_of(workspace: Workspace, row: Interview, session: Session) -> InterviewView:
    """Return an interview as it is read; the gate was asked, or need not be."""
    store = workspace.store.interviews
    found = protocol(workspace, row.protocol)
    planned = steps_of(found, row)
    events, given = events_of(workspace, row), latest(store.answers(row.interview))
    lacks = lacking(planned, given, events, recalled=row.recall is not None)
    others = [other for other in store.of_session(row.session) if same_study(other, row)]
    waiting = waits_for(row, found, others)
    shown = given
    if waiting:
        blind = {step.item for step in found.steps if step.blind}
        shown = {place: entry for place, entry in given.items() if entry.item not in blind}
    # an event of an earlier interview is that one's: showing a later one early does not show it
    hidden = {other.interview for other in others if waiting or waits_for(other, found, others)}
    seen = tuple(_without_blind(event, found) if event.interview in hidden else event for event in events)
    return InterviewView(row, session, found, planned, seen, shown, frozenset(given), lacks, waiting)


def steps_of(found: Protocol, row: Interview) -> tuple[Step, ...]:
    """Return an interview's steps: as planned when it was opened, else as they would be now."""
    if row.plan:
        return tuple(found.step(item) for item in row.plan)
    return found.steps_for(row.party, row.point, cued=row.cued_from is not None, seed=row.seed)


def events_of(workspace: Workspace, row: Interview) -> tuple[Event, ...]:
    """Return the events an interview is about: its own, else those of the same party's earlier ones."""
    store = workspace.store.interviews
    own = store.events(row.interview)
    if own:
        return own
    earlier = [
        other
        for other in store.of_session(row.session)
        if other.party is row.party and same_study(other, row) and other.due_from < row.due_from
    ]
    return tuple(event for other in earlier for event in store.events(other.interview))


def _without_blind(event: Event, found: Protocol) -> Event:
    kinds = {step.kind for step in found.steps if step.blind}
    title = "" if StepKind.EVENT in kinds else event.title
    return replace(event, title=title, peaks=() if StepKind.PEAKS in kinds else event.peaks)


def require_revealed(view: InterviewView) -> None:
    """Raise BlindError while something in an interview is hidden."""
    if view.hidden:
        who = " and ".join(f"the {party}" for party in view.waits_for)
        raise BlindError(
            f"These answers stay hidden until {who} {'have' if len(view.waits_for) > 1 else 'has'} finished. "
            "If that will never be, `supervise interview unblind --reason …` shows them, and says so."
        )


def ratings_of_recall(workspace: Workspace, recall: RecallId) -> tuple[RecallRating, ...]:
    """Return the ratings and choices that belong to a recall, at every time point, oldest first.

    What is hidden, and what no consent covers now, is left out; `hidden_ratings_of_recall` counts it.
    """
    return tuple(rating for view in _of_recall(workspace, recall) for rating in _ratings(view))


def hidden_ratings_of_recall(workspace: Workspace, recall: RecallId) -> int:
    """Return how many ratings and choices of a recall are hidden until both parties are done."""
    return sum(
        1
        for view in _of_recall(workspace, recall)
        for item, event in view.answered
        if (item, event) not in view.given and _counts(view.protocol.step(item))
    )


def _of_recall(workspace: Workspace, recall: RecallId) -> list[InterviewView]:
    store = workspace.store.interviews
    try:
        held = workspace.store.sessions.get(workspace.store.recalls.get(recall).session)
    except UsageError:
        return []
    tied = store.of_recall(recall)
    rows = [
        row
        for row in store.of_session(held.session)
        if any(row.party is other.party and same_study(row, other) for other in tied)
    ]
    return [
        interview_view(workspace, row.interview)
        for row in rows
        if interview_gate.may(workspace, row.session, row.study, row.party)
        and interview_gate.is_open(workspace, held, row)
    ]


def _counts(step: Step) -> bool:
    return step.kind in (StepKind.RATING, StepKind.CHOICE)


def _ratings(view: InterviewView) -> list[RecallRating]:
    events = {event.event: event for event in view.events}
    found: list[RecallRating] = []
    for entry in sorted(view.given.values(), key=lambda entry: entry.seq):
        if entry.value is None or not _counts(view.protocol.step(entry.item)):
            continue
        about = events.get(entry.event) if entry.event else None
        row = view.row
        found.append(
            RecallRating(
                interview=row.interview,
                study=row.study,
                protocol=row.protocol,
                party=row.party,
                time_point=row.point,
                item=entry.item,
                value=entry.value,
                event=entry.event,
                start_ms=None if about is None else about.start_ms,
                end_ms=None if about is None else about.end_ms,
                given_at=entry.given_at,
            )
        )
    return found
