"""What is blind stays hidden until both are done, whatever is tried; and what shows it early is kept."""

from dataclasses import replace
from pathlib import Path

import pytest
from test_recalls_store import add_recall

from studies import LIKED, OWN, event, held_by_client, held_by_therapist, planned, written
from supervise.app.interview_planning import cue_other, drop_interview
from supervise.app.interview_reading import require_revealed
from supervise.app.interviews import (
    add_event,
    finish_interview,
    give_answer,
    hidden_ratings_of_recall,
    interview_view,
    interviews,
    move_event,
    open_interview,
    ratings_of_recall,
    set_peak,
    unblind,
)
from supervise.app.protocols import load_protocol
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from supervise.domain.ids import SessionId
from supervise.domain.interviews import BlindError
from supervise.domain.recall import Party


def test_the_first_is_hidden_until_both_are_done(workspace: Workspace, study_session: SessionId) -> None:
    first, chosen = held_by_client(workspace, study_session)
    recall = add_recall(workspace, study_session)
    workspace.store.interviews.put(replace(first, recall=recall))
    view = interview_view(workspace, first.interview)
    assert view.waits_for == (Party.THERAPIST,)
    assert view.given == {}
    assert ("helpfulness", chosen) in view.answered
    assert (view.events[0].title, view.events[0].peaks) == ("", ())
    assert (view.events[0].start_ms, view.events[0].end_ms) == (60_000, 180_000)
    with pytest.raises(BlindError, match="until the therapist has finished"):
        require_revealed(view)
    assert ratings_of_recall(workspace, recall) == ()
    assert hidden_ratings_of_recall(workspace, recall) == 2


def test_both_are_shown_once_both_are_done(workspace: Workspace, study_session: SessionId) -> None:
    first, chosen = held_by_client(workspace, study_session)
    recall = add_recall(workspace, study_session)
    workspace.store.interviews.put(replace(first, recall=recall))
    other = cue_other(workspace, first.interview, chosen, "R-03")
    assert cue_other(workspace, first.interview, chosen, "R-03") == other
    cued = open_interview(workspace, other.interview)
    assert [(entry.start_ms, entry.end_ms, entry.same_as) for entry in cued.events] == [
        (60_000, 180_000, chosen)
    ]
    assert {"cue", "intent.support"} <= {step.item for step in cued.steps}
    assert "which" not in {step.item for step in cued.steps}
    assert LIKED not in repr(cued)
    assert interview_view(workspace, first.interview).given == {}
    with pytest.raises(UsageError, match="Still to be answered: helpfulness"):
        finish_interview(workspace, other.interview)
    give_answer(workspace, other.interview, "helpfulness", 6, cued.events[0].event)
    assert interview_view(workspace, other.interview).given == {}
    finish_interview(workspace, other.interview)
    both = [interview_view(workspace, row.interview) for row in (first, other)]
    assert [view.hidden for view in both] == [False, False]
    assert both[0].value("which") == LIKED
    assert both[0].value("helpfulness", chosen) == 8.5
    assert both[0].events[0].peaks_of(Party.THERAPIST) == (70_000, 90_000)
    require_revealed(both[0])
    ratings = ratings_of_recall(workspace, recall)
    assert [(entry.item, entry.value, entry.start_ms, entry.time_point) for entry in ratings] == [
        ("helpfulness", 8.5, 60_000, "now"),
        ("impact.relief", 5, 60_000, "now"),
    ]
    assert hidden_ratings_of_recall(workspace, recall) == 0


def test_an_empty_interview_does_not_open_the_others(
    workspace: Workspace, tmp_path: Path, study_session: SessionId
) -> None:
    text = OWN.replace("[therapist]", "[client, therapist]\nblind: true\nfirst: client")
    text += "  - {kind: event, item: e, words: Which?, parties: [client]}\n"
    text += "  - {kind: cue, item: q, words: Hear.}\n"
    load_protocol(workspace, written(tmp_path, text))
    row = planned(workspace, study_session, protocol="mine")
    open_interview(workspace, row.interview)
    chosen = add_event(workspace, row.interview, event())
    finish_interview(workspace, row.interview)
    other = cue_other(workspace, row.interview, chosen, "R-03")
    open_interview(workspace, other.interview)
    with pytest.raises(UsageError, match="Nothing was asked or answered"):
        finish_interview(workspace, other.interview)
    drop_interview(workspace, other.interview)
    assert interview_view(workspace, row.interview).waits_for == (Party.THERAPIST,)


def test_unblinding_needs_a_reason_is_kept_and_logged(workspace: Workspace, study_session: SessionId) -> None:
    first, _ = held_by_client(workspace, study_session)
    for wrong in ("", "x" * 301, "a\nb"):
        with pytest.raises(UsageError, match="Say why"):
            unblind(workspace, first.interview, wrong)
    assert interview_view(workspace, first.interview).given == {}
    shown = unblind(workspace, first.interview, "the therapist left the study")
    assert shown.value("which") == LIKED
    kept = workspace.store.interviews.get(first.interview).unblinded
    assert kept is not None
    assert (kept.reason, kept.by) == ("the therapist left the study", workspace.profile.profile)
    (line,) = [line for line in workspace.log_lines(50) if line.action == "unblind"]
    assert (line.subject, line.detail) == (study_session, f"interview {first.interview[:8]}")
    with pytest.raises(UsageError, match="Nothing is hidden"):
        unblind(workspace, first.interview, "again")


def test_undo_and_dropping_show_nothing(workspace: Workspace, study_session: SessionId) -> None:
    first, chosen = held_by_client(workspace, study_session)
    assert not workspace.can_undo
    with pytest.raises(UsageError, match="finished"):
        drop_interview(workspace, first.interview)
    other = held_by_therapist(workspace, first, chosen)
    with pytest.raises(UsageError, match="begun without this event"):
        cue_other(workspace, first.interview, chosen, "R-03")
    assert not interview_view(workspace, other.interview).hidden


def test_a_month_later_the_same_event_is_rated_again(workspace: Workspace, study_session: SessionId) -> None:
    first, chosen = held_by_client(workspace, study_session)
    recall = add_recall(workspace, study_session)
    workspace.store.interviews.put(replace(first, recall=recall))
    later = next(row for row in interviews(workspace, study_session) if row.point == "one_month")
    view = open_interview(workspace, later.interview)
    assert [entry.event for entry in view.events] == [chosen]
    assert "which" not in {step.item for step in view.steps}
    give_answer(workspace, later.interview, "helpfulness", 7, chosen)
    give_answer(workspace, later.interview, "remains", "It stays with me.", chosen)
    finish_interview(workspace, later.interview)
    other = held_by_therapist(workspace, first, chosen)
    assert interview_view(workspace, first.interview).hidden is False
    assert interview_view(workspace, later.interview).waits_for == (Party.THERAPIST,)
    assert [entry.time_point for entry in ratings_of_recall(workspace, recall)] == ["now", "now"]
    follow = next(
        row
        for row in interviews(workspace, study_session)
        if (row.party, row.point) == (Party.THERAPIST, "one_month")
    )
    own = open_interview(workspace, follow.interview).events
    assert [entry.same_as for entry in own] == [chosen]
    give_answer(workspace, follow.interview, "helpfulness", 5, own[0].event)
    finish_interview(workspace, follow.interview)
    found = ratings_of_recall(workspace, recall)
    assert [(entry.time_point, entry.value) for entry in found if entry.item == "helpfulness"] == [
        ("now", 8.5),
        ("one_month", 7),
    ]
    assert {entry.party for entry in found} == {Party.CLIENT}
    assert other.cued_from == first.interview


def test_showing_a_later_one_early_does_not_show_the_first(
    workspace: Workspace, study_session: SessionId
) -> None:
    first, chosen = held_by_client(workspace, study_session)
    later = next(row for row in interviews(workspace, study_session) if row.point == "one_month")
    open_interview(workspace, later.interview)
    give_answer(workspace, later.interview, "helpfulness", 7, chosen)
    shown = unblind(workspace, later.interview, "the later one only")
    assert shown.value("helpfulness", chosen) == 7
    assert (shown.events[0].event, shown.events[0].title, shown.events[0].peaks) == (chosen, "", ())
    assert interview_view(workspace, first.interview).events[0].title == ""
    unblind(workspace, first.interview, "the first one too")
    assert interview_view(workspace, later.interview).events[0].title == "not deciding"


def test_no_refusal_tells_where_hidden_instants_lie(workspace: Workspace, study_session: SessionId) -> None:
    first = open_interview(workspace, planned(workspace, study_session, Party.CLIENT).interview).row
    chosen = add_event(workspace, first.interview, event(60_000, 180_000))
    set_peak(workspace, first.interview, chosen, Party.CLIENT, 120_000)
    said = []
    for start_ms, end_ms in ((60_000, 100_000), (60_000, 150_000), (61_000, 180_000), (130_000, 180_000)):
        with pytest.raises(UsageError) as refused:
            move_event(workspace, first.interview, chosen, start_ms, end_ms)
        said.append(str(refused.value))
    assert len(set(said)) == 1
    assert "hidden" in said[0]
    move_event(workspace, first.interview, chosen, 50_000, 190_000)
    set_peak(workspace, first.interview, chosen, Party.CLIENT, None)
    move_event(workspace, first.interview, chosen, 60_000, 100_000)
    (kept,) = workspace.store.interviews.events(first.interview)
    assert (kept.start_ms, kept.end_ms, kept.peaks) == (60_000, 100_000, ())
