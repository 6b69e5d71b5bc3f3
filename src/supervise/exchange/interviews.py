"""Interviews as rows: an answer, an event or its peaks a row, with its passage (docs/guide/formats.md)."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from supervise.domain.interviews import Event, GivenAnswer, Interview
from supervise.domain.protocols import Answer, Protocol, Step, StepKind
from supervise.domain.redaction import MASK, Span, touches
from supervise.domain.session import Session
from supervise.exchange.content import TakenOut
from supervise.exchange.plain_text import cell

FORMAT, FORMAT_VERSION = "supervise-interviews", 1
COLUMNS = (
    *("study", "client_code", "session_id", "held_on", "protocol", "interview_id", "party", "interviewer"),
    *("time_point", "due_from", "due_until", "opened_at", "done_at", "seed", "cued_from", "recall_id"),
    *("unblinded_at", "position", "item", "kind", "event_id", "same_as", "event_start_ms", "event_end_ms"),
    *("value", "declined", "given_at", "times_given"),
)


@dataclass(frozen=True, slots=True)
class InterviewContent:
    """One interview with everything its formats show; `answers` are all that were given, in order."""

    row: Interview
    session: Session
    protocol: Protocol
    steps: tuple[Step, ...]
    events: tuple[Event, ...]
    answers: tuple[GivenAnswer, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One row: an answer, or (value None, no answer) an event as it was chosen."""

    position: int
    step: Step
    event: Event | None
    value: Answer
    declined: bool
    given_at: str
    times_given: int


def redacted_interview(
    content: InterviewContent, spans: Sequence[Span], quoting: Callable[[str], bool] = lambda _text: False
) -> InterviewContent:
    """Return an interview with the words masked that are about a passage that touches a redacted span.

    `quoting` says of a text that it repeats what was said in one: that is masked wherever it stands.
    """
    inside = {event.event for event in content.events if touches(event.start_ms, event.end_ms, spans)}
    words = {step.item for step in content.steps if step.kind in (StepKind.TEXT, StepKind.QUESTION)}
    answers = tuple(
        replace(given, value=MASK)
        if (given.event in inside and given.item in words and given.value is not None)
        or (isinstance(given.value, str) and quoting(given.value))
        else given
        for given in content.answers
    )
    events = tuple(
        replace(event, title=MASK if event.title else "")
        if event.event in inside or quoting(event.title)
        else event
        for event in content.events
    )
    return replace(content, answers=answers, events=events)


def write_interviews_csv(contents: Sequence[InterviewContent]) -> TakenOut:
    """Return a row an answer, event or set of peaks as CSV; `rows` counts those below the heading."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    rows = [_row(content, line) for content in contents for line in _lines(content)]
    writer.writerows(rows)
    return TakenOut(len(rows), (table.getvalue().encode("utf-8-sig"),))


def write_interviews_json(contents: Sequence[InterviewContent]) -> TakenOut:
    """Return interviews as UTF-8 JSON, earlier answers among them; `rows` counts as in CSV."""
    document = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "interviews": [_document(content) for content in contents],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    rows = sum(len(_lines(content)) for content in contents)
    return TakenOut(rows, (text.encode("utf-8", "replace"),))


def _lines(content: InterviewContent) -> list[_Line]:
    lines: list[_Line] = []
    for position, step in enumerate(content.steps, 1):
        if step.kind in (StepKind.EVENT, StepKind.CUE):
            lines += [_of_event(position, step, event, event.title) for event in content.events]
        elif step.kind is StepKind.PEAKS:
            lines += [
                _of_event(position, step, event, " ".join(map(str, event.peaks_of(step.speaker))))
                for event in content.events
                if event.peaks_of(step.speaker)
            ]
        lines += _answers(content, position, step)
    return lines


def _of_event(position: int, step: Step, event: Event, value: str) -> _Line:
    return _Line(position, step, event, value, declined=False, given_at=event.created_at, times_given=1)


def _answers(content: InterviewContent, position: int, step: Step) -> list[_Line]:
    events = {event.event: event for event in content.events}
    given = [entry for entry in content.answers if entry.item == step.item]
    newest = {entry.event: entry for entry in given}
    return [
        _Line(
            position,
            step,
            events.get(event) if event is not None else None,
            entry.value,
            declined=entry.value is None,
            given_at=entry.given_at,
            times_given=sum(other.event == event for other in given),
        )
        for event, entry in newest.items()
    ]


def _row(content: InterviewContent, line: _Line) -> list[str]:
    row, event = content.row, line.event
    head = [row.study, content.session.client_code, row.session, content.session.held_on, row.protocol]
    head += [row.interview, str(row.party), row.interviewer, row.point, row.due_from, row.due_until]
    head += [row.opened_at or "", row.done_at or "", "" if row.seed is None else str(row.seed)]
    head += [row.cued_from or "", row.recall or "", row.unblinded.at if row.unblinded else ""]
    what = [str(line.position), line.step.item, str(line.step.kind)]
    about = ["", "", "", ""]
    if event is not None:
        about = [event.event, event.same_as or "", str(event.start_ms), str(event.end_ms)]
    said = [_written(line.value), "true" if line.declined else "false", line.given_at, str(line.times_given)]
    return [cell(text) for text in (*head, *what, *about, *said)]


def _written(value: Answer) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _document(content: InterviewContent) -> dict[str, Any]:
    row = content.row
    unblinded = row.unblinded
    return {
        "interview": row.interview,
        "study": row.study,
        "client_code": content.session.client_code,
        "session": row.session,
        "held_on": content.session.held_on,
        "protocol": row.protocol,
        "party": str(row.party),
        "interviewer": row.interviewer,
        "time_point": row.point,
        "due_from": row.due_from,
        "due_until": row.due_until,
        "opened_at": row.opened_at,
        "done_at": row.done_at,
        "seed": row.seed,
        "order": [step.item for step in content.steps],
        "cued_from": row.cued_from,
        "recall": row.recall,
        "unblinded": None if unblinded is None else {"at": unblinded.at, "reason": unblinded.reason},
        "steps": [step.plain() for step in content.steps],
        "events": [event_document(event) for event in content.events],
        "answers": [answer_document(entry) for entry in content.answers],
    }


def event_document(event: Event) -> dict[str, Any]:
    """Return an event as plain values, times in session ms."""
    return {
        "event": event.event,
        "same_as": event.same_as,
        "start_ms": event.start_ms,
        "end_ms": event.end_ms,
        "peaks": {str(speaker): list(times) for speaker, times in event.peaks},
        "title": event.title,
    }


def answer_document(entry: GivenAnswer) -> dict[str, Any]:
    """Return an answer as plain values."""
    return {
        "item": entry.item,
        "event": entry.event,
        "value": entry.value,
        "declined": entry.value is None,
        "given_at": entry.given_at,
    }


INTERVIEW_FORMATS: Mapping[str, Callable[[Sequence[InterviewContent]], TakenOut]] = {
    "csv": write_interviews_csv,
    "json": write_interviews_json,
}
