"""Interviews by a protocol: their states, events and answers, what lacks, and what is hidden from whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from supervise.domain.errors import UsageError
from supervise.domain.ids import EventId, InterviewId, RecallId, SessionId
from supervise.domain.protocols import Answer, Protocol, Step, StepKind
from supervise.domain.recall import Party
from supervise.domain.times import clock

MOST_PEAKS = 50
MOST_REASON = 300


class InterviewState(StrEnum):
    """Where an interview stands; what is done is not opened again, so that nothing can leak by it."""

    PLANNED = "planned"
    OPEN = "open"
    DONE = "done"


class BlindError(UsageError):
    """Answers that stay hidden until both parties have finished."""

    code = "blind"


@dataclass(frozen=True, slots=True)
class Unblinding:
    """Answers were shown before both were done: when, by whom, and why."""

    at: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Interview:
    """One interview with one party at one time point.

    `study` is `STUDY/ETHICS-REF`, `protocol` its `id@version`, `interviewer` a pseudonym. `plan` are the
    items in the order they are asked, empty until it is opened. `due_from` and `due_until` are UTC times.
    """

    interview: InterviewId
    study: str
    protocol: str
    session: SessionId
    party: Party
    interviewer: str
    point: str
    due_from: str
    due_until: str
    created_at: str
    state: InterviewState = InterviewState.PLANNED
    seed: int | None = None
    plan: tuple[str, ...] = ()
    cued_from: InterviewId | None = None
    recall: RecallId | None = None
    opened_at: str | None = None
    done_at: str | None = None
    unblinded: Unblinding | None = None

    @property
    def done(self) -> bool:
        """Whether it was finished."""
        return self.state is InterviewState.DONE


@dataclass(frozen=True, slots=True)
class Event:
    """A passage of a session, with the instants in it that counted most, by speaker; times in session ms.

    `same_as` is the other party's event it was cued to.
    """

    event: EventId
    session: SessionId
    interview: InterviewId
    party: Party
    start_ms: int
    end_ms: int
    peaks: tuple[tuple[Party, tuple[int, ...]], ...] = ()
    title: str = ""
    same_as: EventId | None = None
    created_at: str = ""

    def peaks_of(self, speaker: Party) -> tuple[int, ...]:
        """Return the peaks of one speaker, in order."""
        return dict(self.peaks).get(speaker, ())


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One answer as given; a later one to the same item (and event) replaces it, both are kept."""

    seq: int
    item: str
    event: EventId | None
    value: Answer
    given_at: str


def check_event(event: Event, duration_ms: int) -> Event:
    """Return an event with its peaks in order; raises UsageError when they do not lie in it."""
    if not 0 <= event.start_ms < event.end_ms <= duration_ms:
        if 0 <= event.end_ms <= event.start_ms <= duration_ms:
            raise UsageError("An event ends after it begins. Play on, and say then where it ends.")
        raise UsageError(f"An event begins and ends inside the session, which is {clock(duration_ms)}.")
    peaks: list[tuple[Party, tuple[int, ...]]] = []
    for speaker, times in event.peaks:
        ordered = tuple(sorted(set(times)))
        if speaker is Party.BOTH or len(ordered) > MOST_PEAKS:
            raise UsageError(f"A peak is the therapist's or the client's, at most {MOST_PEAKS} of each.")
        if ordered and not event.start_ms <= ordered[0] <= ordered[-1] <= event.end_ms:
            span = f"{clock(event.start_ms)} to {clock(event.end_ms)}"
            raise UsageError(f"A peak lies inside its event, which is {span}.")
        if ordered:
            peaks.append((speaker, ordered))
    if len(event.title) > 200 or not event.title.isprintable():
        raise UsageError("Name the event in at most 200 letters on one line.")
    return Event(**{**_fields(event), "peaks": tuple(sorted(peaks)), "title": event.title.strip()})


def _fields(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in Event.__slots__}


def check_pseudonym(name: str) -> str:
    """Return an interviewer's pseudonym; raises UsageError."""
    kept = " ".join(name.split())
    if not kept or len(kept) > 40 or not kept.isprintable():
        raise UsageError("Give the interviewer a pseudonym of 1 to 40 letters, for example R-02.")
    return kept


def latest(answers: Iterable[GivenAnswer]) -> dict[tuple[str, EventId | None], GivenAnswer]:
    """Return the answers that count, by item and event."""
    return {(entry.item, entry.event): entry for entry in sorted(answers, key=lambda entry: entry.seq)}


def waits_for(row: Interview, protocol: Protocol, others: Iterable[Interview]) -> tuple[Party, ...]:
    """Return whose interviews are still to be finished before the blind answers of `row` may be read.

    Both parties must have finished this time point and every one before it; `others` are the interviews of
    the same session, `row` among them. Nobody is waited for once it was unblinded with a reason.
    """
    if row.unblinded is not None or not protocol.blind:
        return ()
    finished = {
        (other.party, other.point)
        for other in others
        if other.done and same_study(other, row) and other.session == row.session
    }
    return tuple(
        party
        for party in protocol.parties
        if any(
            protocol.takes_part(party, point) and (party, point) not in finished
            for point in protocol.points_up_to(row.point)
        )
    )


def same_study(one: Interview, other: Interview) -> bool:
    """Whether two interviews belong to one study and protocol, whatever its version."""
    ids = {row.protocol.partition("@")[0] for row in (one, other)}
    return len(ids) == 1 and one.study.casefold() == other.study.casefold()


def lacking(
    steps: Sequence[Step],
    given: Mapping[tuple[str, EventId | None], GivenAnswer],
    events: Sequence[Event],
    *,
    recalled: bool,
) -> tuple[str, ...]:
    """Return the required items that were neither answered nor declined."""
    return tuple(
        step.item for step in steps if step.required and not _met(step, given, events, recalled=recalled)
    )


def _met(
    step: Step,
    given: Mapping[tuple[str, EventId | None], GivenAnswer],
    events: Sequence[Event],
    *,
    recalled: bool,
) -> bool:
    if step.kind is StepKind.PEAKS:
        places = ((step.item, event.event) for event in events if not event.peaks_of(step.speaker))
        return all(place in given for place in places)
    if step.per_event:
        return all((step.item, event.event) in given for event in events)
    there = {StepKind.RECALL: recalled, StepKind.EVENT: bool(events)}.get(step.kind, False)
    return there or (step.item, None) in given


def due_times(ended: str, days: int, leeway_days: int, window_hours: float) -> tuple[str, str]:
    """Return from when and until when an interview is due, as UTC times; `ended` is a time or a day."""
    if len(ended) == len("2026-11-27"):
        end = datetime.combine(datetime.fromisoformat(ended).date(), time(12), UTC)
    else:
        end = datetime.fromisoformat(ended.replace("Z", "+00:00"))
    begin = end + timedelta(days=days)
    until = begin + (timedelta(days=leeway_days) if days else timedelta(hours=window_hours))
    return _written(begin), _written(until)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def hours_between(start: str, end: str) -> float:
    """Return the hours from one UTC time to another, less than 0 when it has passed."""
    first, last = (datetime.fromisoformat(text.replace("Z", "+00:00")) for text in (start, end))
    return round((last - first).total_seconds() / 3600, 2)
