"""Planning interviews, and letting the other party be asked about the same event."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace

from supervise.app import changes, destroying, interview_gate
from supervise.app.changes import Change
from supervise.app.protocols import keep_protocol, protocol
from supervise.app.recall_places import ended_at
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from supervise.domain.ids import EventId, InterviewId, SessionId, new_id
from supervise.domain.interviews import (
    Event,
    Interview,
    InterviewState,
    check_pseudonym,
    due_times,
    same_study,
)
from supervise.domain.protocols import Protocol, StepKind
from supervise.domain.recall import Party
from supervise.domain.session import Session
from supervise.domain.times import now_utc
from supervise.storage.database import transaction

_SEEDS = 2**31


@dataclass(frozen=True, slots=True)
class InterviewWish:
    """An interview to plan: `point` empty for the protocol's first time point, `seed` None to draw one.

    `follow_ups` plans those of the later time points too.
    """

    session: SessionId
    study: str
    protocol: str
    party: Party
    interviewer: str
    point: str = ""
    seed: int | None = None
    follow_ups: bool = True


def plan_interviews(workspace: Workspace, wish: InterviewWish) -> tuple[Interview, ...]:
    """Plan an interview (and its follow-ups) and return them, in order of time.

    Raises NotCoveredError, and UsageError for one that is planned already or not in the protocol.
    """
    study = _study(workspace, wish.study)
    session = interview_gate.require_interview(workspace, wish.session, study, wish.party)
    interviewer = check_pseudonym(wish.interviewer)
    interview_gate.require_other_than_therapist(workspace, session.client, wish.party, interviewer)
    with transaction(workspace.vault.db):
        found = keep_protocol(workspace, wish.protocol)
        first = found.point(wish.point).point
        if not found.takes_part(wish.party, first):
            raise UsageError(f"By {found.key}, the {wish.party} is not interviewed at “{first}”.")
        later = [point.point for point in found.points if point.point not in found.points_up_to(first)]
        wanted = [
            first,
            *(point for point in later if wish.follow_ups and found.takes_part(wish.party, point)),
        ]
        made = [
            _planned(
                workspace, replace(wish, study=study, interviewer=interviewer, point=point), found, session
            )
            for point in wanted
        ]
        _refuse_twice(workspace, made)
        for row in made:
            workspace.store.interviews.put(row)
            workspace.vault.log("interview", session.session, "planned")
    tell_interview(workspace, made[0])
    return tuple(made)


def _points(found: Protocol, wish: InterviewWish) -> list[str]:
    """Return the time points to plan, the wish's own first."""
    done = found.points_up_to(wish.point)
    later = [point.point for point in found.points if point.point not in done] if wish.follow_ups else []
    return [wish.point, *(point for point in later if found.takes_part(wish.party, point))]


def _study(workspace: Workspace, name: str) -> str:
    """Return a study's name as it was written first; raises UsageError for one that cannot be a name."""
    wanted = " ".join(name.split())
    if not wanted or len(wanted) > 80 or not wanted.isprintable():
        raise UsageError("Name the study as the client's consent does: STUDY/ETHICS-REF.")
    known = (row.study for row in workspace.store.interviews.all())
    return next((study for study in known if study.casefold() == wanted.casefold()), wanted)


def _planned(workspace: Workspace, wish: InterviewWish, found: Protocol, session: Session) -> Interview:
    point = found.point(wish.point)
    due = due_times(ended_at(workspace.store, session), point.days, point.leeway_days, found.window_hours)
    drawn = secrets.randbelow(_SEEDS) if found.random_order and wish.seed is None else wish.seed
    return Interview(
        interview=InterviewId(new_id()),
        study=wish.study,
        protocol=found.key,
        session=wish.session,
        party=wish.party,
        interviewer=wish.interviewer,
        point=point.point,
        due_from=due[0],
        due_until=due[1],
        created_at=now_utc(),
        seed=drawn,
    )


def _refuse_twice(workspace: Workspace, made: Iterable[Interview]) -> None:
    """Raise UsageError for an interview that there is, or one by another version of the protocol."""
    there = workspace.store.interviews.of_session(next(iter(made)).session)
    for row in made:
        for other in there:
            if not same_study(row, other):
                continue
            if other.protocol != row.protocol:
                raise UsageError(
                    f"This session is interviewed by {other.protocol} in this study. Go on with that version."
                )
            if (other.party, other.point) == (row.party, row.point):
                raise UsageError(
                    f"The {row.party}'s interview “{row.point}” about this session is planned already "
                    f"({other.interview[:8]})."
                )


def cue_other(workspace: Workspace, interview: InterviewId, event: EventId, interviewer: str) -> Interview:
    """Let the other party be interviewed about the same event, and return their interview.

    Only where the event begins and ends goes over. It is planned if it is not yet; raises UsageError when
    they have begun without it.
    """
    row, found = held_row(workspace, interview)
    store = workspace.store.interviews
    chosen = next((entry for entry in store.events(interview) if entry.event == event), None)
    if chosen is None or chosen.same_as is not None:
        raise UsageError("Cue to an event of this interview that its own party chose.")
    others = [party for party in found.parties if party is not row.party]
    if not others or not any(step.kind is StepKind.CUE for step in found.steps):
        raise UsageError(f"By {found.key} nobody is cued to an event.")
    wish = InterviewWish(row.session, row.study, row.protocol, others[0], interviewer, row.point, row.seed)
    session = interview_gate.require_interview(workspace, row.session, row.study, others[0])
    name = check_pseudonym(interviewer)
    interview_gate.require_other_than_therapist(workspace, session.client, others[0], name)
    with transaction(workspace.vault.db):
        other = _counterpart(workspace, row, others[0]) or plan_interviews(workspace, wish)[0]
        if (other.state is not InterviewState.PLANNED and other.cued_from is None) or other.done:
            raise UsageError(f"The {other.party}'s interview has begun without this event.")
        store.put(replace(other, cued_from=row.interview, interviewer=name))
        if cued_to(workspace, chosen) is None:
            span = chosen.start_ms, chosen.end_ms
            store.put_event(
                Event(
                    EventId(new_id()), row.session, other.interview, other.party, *span, same_as=chosen.event
                )
            )
        workspace.vault.log("interview", row.session, "cued")
    tell_interview(workspace, other)
    return store.get(other.interview)


def _counterpart(workspace: Workspace, row: Interview, party: Party) -> Interview | None:
    rows = workspace.store.interviews.of_session(row.session)
    fits = (o for o in rows if o.party is party and o.point == row.point and same_study(o, row))
    return next(fits, None)


def cued_to(workspace: Workspace, event: Event) -> Event | None:
    """Return the other party's event that was cued to this one, None where there is none."""
    store = workspace.store.interviews
    rows = store.of_session(event.session)
    copies = (entry for row in rows for entry in store.events(row.interview) if entry.same_as == event.event)
    return next(copies, None)


@dataclass(frozen=True, slots=True)
class Dropping:
    """What dropping an interview means: whether anything may have been answered, and what stays.

    `later` is how many interviews of the same party at other time points stay planned.
    """

    row: Interview
    begun: bool
    recall: bool
    later: int


def what_drops(workspace: Workspace, interview: InterviewId) -> Dropping:
    """Say what dropping an interview would mean; raises what `drop_interview` would."""
    row = _droppable(workspace, interview)
    others = workspace.store.interviews.of_session(row.session)
    later = [
        other
        for other in others
        if same_study(other, row) and other.party is row.party and other.point != row.point and not other.done
    ]
    return Dropping(row, row.opened_at is not None, row.recall is not None, len(later))


def drop_interview(workspace: Workspace, interview: InterviewId) -> None:
    """Delete an interview that is not finished, with all that was answered in it."""
    row = _droppable(workspace, interview)
    with transaction(workspace.vault.db):
        workspace.store.interviews.drop(interview)
        workspace.vault.log("interview", row.session, "dropped")
    tell_interview(workspace, row)


def _droppable(workspace: Workspace, interview: InterviewId) -> Interview:
    row = workspace.store.interviews.get(interview)
    interview_gate.require_interview(workspace, row.session, row.study, row.party)
    if row.done:
        raise UsageError("This interview is finished, and is kept.")
    cued = [other for other in workspace.store.interviews.all() if other.cued_from == interview]
    if cued:
        raise UsageError("The other party was cued from this interview. Drop theirs first.")
    if row.opened_at is not None:
        destroying.refuse_held(workspace.store, workspace.store.sessions.get(row.session), workspace.today())
    return row


def held_row(workspace: Workspace, interview: InterviewId) -> tuple[Interview, Protocol]:
    """Return an interview that may be held here, with its protocol; raises NotCoveredError, UsageError."""
    row = workspace.store.interviews.get(interview)
    session = interview_gate.require_interview(workspace, row.session, row.study, row.party)
    interview_gate.require_open(workspace, session, row)
    return row, protocol(workspace, row.protocol)


def tell_interview(workspace: Workspace, row: Interview) -> None:
    """Tell subscribers that an interview changed."""
    workspace.subscribers.tell(Change(changes.INTERVIEW, (row.interview, row.session)))
