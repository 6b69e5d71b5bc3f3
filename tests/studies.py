"""A study in a real vault: a client who agreed to it, and interviews held by the protocols that ship."""

from datetime import date
from pathlib import Path

import pytest

from supervise.app.consenting import Statement
from supervise.app.interview_planning import InterviewWish, cue_other, plan_interviews
from supervise.app.interviews import add_event, finish_interview, give_answer, open_interview
from supervise.app.workspace import Workspace
from supervise.domain.consent import Grant, Scope
from supervise.domain.ids import EventId, InterviewId, SessionId
from supervise.domain.interviews import Event, Interview
from supervise.domain.recall import Party
from workspaces import CLIENT, add_session

STUDY = "PROCESS-1/REC-22-041"
BSR = "brief-structured-recall"
OWN = """\
protocol: {id: mine, version: 1, title: Mine}
parties: [therapist]
order: random
steps:
  - {kind: text, item: a, words: A?}
  - {kind: text, item: b, words: B?}
  - {kind: text, item: c, words: C?}
  - {kind: text, item: d, words: D?}
"""
LIKED = "When she said that I need not decide today"


def agree_to_study(desk: Workspace, study: str = STUDY, client: str = CLIENT) -> None:
    """Record that a client agreed to a study, and to recall interviews."""
    grants = frozenset({Grant(Scope.RESEARCH, study), Grant(Scope.CLIENT_RECALL)})
    desk.record_consent(Statement(client, date(2026, 11, 2), grants))


def planned(
    desk: Workspace, session: SessionId, party: Party = Party.CLIENT, protocol: str = BSR, point: str = ""
) -> Interview:
    """Plan an interview with its follow-ups and return the first."""
    wish = InterviewWish(session, STUDY, protocol, party, "R-02", point)
    return plan_interviews(desk, wish)[0]


def event(start_ms: int = 60_000, end_ms: int = 180_000, title: str = "", **peaks: tuple[int, ...]) -> Event:
    """An event to be added; peaks by speaker."""
    found = tuple((Party(speaker), times) for speaker, times in peaks.items())
    return Event(EventId(""), SessionId(""), InterviewId(""), Party.CLIENT, start_ms, end_ms, found, title)


def held_by_client(desk: Workspace, session: SessionId) -> tuple[Interview, EventId]:
    """A client's whole Brief Structured Recall interview, finished."""
    row = planned(desk, session)
    open_interview(desk, row.interview)
    give_answer(desk, row.interview, "which", LIKED)
    wish = event(title="not deciding", therapist=(70_000, 90_000), client=(95_000,))
    chosen = add_event(desk, row.interview, wish)
    give_answer(desk, row.interview, "helpfulness", "8.5", chosen)
    give_answer(desk, row.interview, "impact.relief", 5, chosen)
    finish_interview(desk, row.interview)
    return desk.store.interviews.get(row.interview), chosen


def written(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    """Write a protocol file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def held_by_therapist(desk: Workspace, first: Interview, chosen: EventId) -> Interview:
    """The therapist's interview, cued to the client's event and finished."""
    other = cue_other(desk, first.interview, chosen, "R-03")
    view = open_interview(desk, other.interview)
    (own,) = view.events
    give_answer(desk, other.interview, "helpfulness", 6, own.event)
    finish_interview(desk, other.interview)
    return desk.store.interviews.get(other.interview)


@pytest.fixture
def study_session(workspace: Workspace) -> SessionId:
    """A session of a client who agreed to the study."""
    agree_to_study(workspace)
    return add_session(workspace)
