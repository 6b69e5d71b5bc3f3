"""A deleted portion takes what was recalled, answered and rated about it, and no more."""

import json
from datetime import timedelta

import numpy as np
import pytest

from page_traces import traces
from recall_rooms import add_sounding_session
from recollections import CLIENT_RECALL, CLIENTS, THERAPISTS, add_recollection
from studies import LIKED, agree_to_study, event, planned
from supervise.app import retention
from supervise.app.interviews import add_event, finish_interview, give_answer, open_interview
from supervise.app.portion import PortionWish, delete_portion
from supervise.app.recall_inventory import GONE
from supervise.app.recall_reading import recalls
from supervise.app.recall_recovering import destroy_recall
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from supervise.domain.ids import EventId, InterviewId, SessionId
from supervise.domain.recall import RecallKind, Setup
from workspaces import CLIENT, OWN_USE, TODAY, add_transcript, spoken

SECRET = "my neighbour buried the harmonica"


@pytest.fixture
def session(workspace: Workspace) -> SessionId:
    """Five minutes; the secret is said between 70 and 73 s."""
    workspace.add_consent(CLIENT, OWN_USE, TODAY)
    agree_to_study(workspace)
    made = add_sounding_session(workspace, np.zeros((300_000, 1), np.int16), 1000)
    add_transcript(workspace, made, spoken(SECRET, start_ms=70_000))
    return made


@pytest.fixture
def interview(workspace: Workspace, session: SessionId) -> tuple[InterviewId, EventId]:
    """An interview about an event from 60 to 180 s, with a peak in the secret and one behind it."""
    row = planned(workspace, session)
    open_interview(workspace, row.interview)
    give_answer(workspace, row.interview, "which", LIKED)
    wish = event(title="about the neighbour", therapist=(71_000, 90_000), client=(95_000,))
    chosen = add_event(workspace, row.interview, wish)
    give_answer(workspace, row.interview, "helpfulness", "8.5", chosen)
    give_answer(workspace, row.interview, "impact.relief", 5, chosen)
    finish_interview(workspace, row.interview)
    return row.interview, chosen


def delete(desk: Workspace, session: SessionId, start_ms: int, end_ms: int, *, recalls: bool = False) -> dict:
    wish = PortionWish(session, start_ms, end_ms, with_recalls=recalls)
    return dict(delete_portion(desk, wish, lambda _: None, lambda: False))


def answers(desk: Workspace, interview: InterviewId) -> dict[str, object]:
    return {entry.item: entry.value for entry in desk.store.interviews.answers(interview)}


def test_an_event_that_reaches_into_it_keeps_its_ratings_and_loses_title_and_peaks_there(
    workspace: Workspace, session: SessionId, interview: tuple[InterviewId, EventId]
) -> None:
    certificate = delete(workspace, session, 69_500, 73_500)
    (left,) = workspace.store.interviews.events(interview[0])
    assert (left.start_ms, left.end_ms, left.title) == (60_000, 180_000, "")
    assert dict(left.peaks) == {"therapist": (90_000,), "client": (95_000,)}
    assert answers(workspace, interview[0]) == {"which": LIKED, "helpfulness": 8.5, "impact.relief": 5}
    assert certificate["proof"]["pages_with_traces"] == 0
    wanted = [b"about the neighbour", b"harmonica"]
    assert traces(workspace.vault.path, workspace.vault.database_key, wanted) == []


def test_an_event_inside_it_goes_with_its_answers(
    workspace: Workspace, session: SessionId, interview: tuple[InterviewId, EventId]
) -> None:
    delete(workspace, session, 60_000, 180_000)
    assert workspace.store.interviews.events(interview[0]) == ()
    assert answers(workspace, interview[0]) == {"which": LIKED}


def test_answers_that_quote_it_are_emptied(
    workspace: Workspace, session: SessionId, interview: tuple[InterviewId, EventId]
) -> None:
    said = json.dumps(f"When I told how {SECRET} in May")
    workspace.vault.db.execute("UPDATE interview_answers SET value = ? WHERE item = 'which'", [said])
    delete(workspace, session, 69_500, 73_500)
    assert answers(workspace, interview[0])["which"] == ""
    assert traces(workspace.vault.path, workspace.vault.database_key, [b"buried the harmonica"]) == []


def test_elsewhere_nothing_changes(
    workspace: Workspace, session: SessionId, interview: tuple[InterviewId, EventId]
) -> None:
    before = workspace.store.interviews.events(interview[0])
    delete(workspace, session, 200_000, 210_000)
    assert workspace.store.interviews.events(interview[0]) == before
    assert len(answers(workspace, interview[0])) == 3


def test_a_hold_stops_it_and_what_else_is_destroyed_by_hand(workspace: Workspace, session: SessionId) -> None:
    recall = add_recollection(workspace, session, CLIENT_RECALL, CLIENTS)
    hold = retention.place_hold(workspace, CLIENT, session, "court", TODAY + timedelta(days=9))
    with pytest.raises(UsageError, match="legal hold"):
        delete(workspace, session, 200_000, 210_000)
    with pytest.raises(UsageError, match="legal hold"):
        destroy_recall(workspace, recall)
    retention.lift_hold(workspace, hold.id)
    destroy_recall(workspace, recall)
    assert recalls(workspace, session) == ()


def test_a_recall_that_heard_it_goes_with_marks_and_answers_and_is_on_the_certificate(
    workspace: Workspace, session: SessionId
) -> None:
    """Both recalls heard the first three seconds; nothing is deleted before that was agreed to."""
    recalls = [
        add_recollection(workspace, session, CLIENT_RECALL, CLIENTS),
        add_recollection(workspace, session, Setup(RecallKind.THERAPIST), THERAPISTS),
    ]
    with pytest.raises(UsageError, match="heard in a recall"):
        delete(workspace, session, 1000, 2000)
    certificate = delete(workspace, session, 1000, 2000, recalls=True)
    (entry,) = certificate["sessions"]
    assert set(recalls) <= set(entry[GONE])
    assert len(entry[GONE]) == 4  # and the interviews held in them
    assert certificate["proof"]["pages_with_traces"] == 0
    for table in ("recall_marks", "recall_writeups", "interviews", "interview_answers", "recall_events"):
        assert workspace.vault.db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608
    wanted = [CLIENTS.encode(), THERAPISTS.encode()]
    assert traces(workspace.vault.path, workspace.vault.database_key, wanted) == []
