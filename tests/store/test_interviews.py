"""Interviews in a real vault: planned, opened, answered, followed up, their protocols kept."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from test_recalls_store import add_recall

from studies import (
    BSR,
    OWN,
    STUDY,
    event,
    planned,
    written,
)
from supervise.app.interview_planning import InterviewWish, cue_other, drop_interview, plan_interviews
from supervise.app.interviews import (
    add_event,
    change_event,
    finish_interview,
    give_answer,
    interview_view,
    interviews,
    open_interview,
    tie_recall,
)
from supervise.app.protocols import load_protocol, protocol, protocol_text, protocols
from supervise.app.workspace import Workspace
from supervise.domain.errors import NotReadableError, UsageError
from supervise.domain.ids import EventId, SessionId
from supervise.domain.interviews import InterviewState
from supervise.domain.recall import Party, RecallKind, Setup
from supervise.storage.database import transaction
from workspaces import add_session


def test_planning_sets_due_times_and_follow_ups(workspace: Workspace, study_session: SessionId) -> None:
    wish = InterviewWish(study_session, STUDY, BSR, Party.CLIENT, "R-02")
    now, later = plan_interviews(workspace, wish)
    assert (now.point, now.due_from, now.due_until) == (
        "now",
        "2026-11-20T12:00:00.000Z",
        "2026-11-22T12:00:00.000Z",
    )
    assert (later.point, later.due_from, later.due_until) == (
        "one_month",
        "2026-12-20T12:00:00.000Z",
        "2026-12-27T12:00:00.000Z",
    )
    assert (now.protocol, now.interviewer, now.state) == (f"{BSR}@1.0", "R-02", InterviewState.PLANNED)
    assert interviews(workspace, study_session) == (now, later)
    with pytest.raises(UsageError, match="planned already"):
        plan_interviews(workspace, wish)
    with pytest.raises(UsageError, match="planned already"):
        plan_interviews(workspace, replace(wish, study=STUDY.lower()))
    with pytest.raises(UsageError, match="not a time point"):
        plan_interviews(workspace, replace(wish, point="never"))
    with pytest.raises(UsageError, match="no protocol “hat”"):
        plan_interviews(workspace, replace(wish, protocol="hat"))
    with pytest.raises(UsageError, match="not interviewed by their therapist"):
        plan_interviews(workspace, replace(wish, interviewer="ada", protocol="larsen-interview"))
    with pytest.raises(UsageError, match="pseudonym"):
        plan_interviews(workspace, replace(wish, interviewer=" "))
    with pytest.raises(UsageError, match="First finish"):
        open_interview(workspace, later.interview)


def test_answers_are_only_added_and_the_latest_counts(workspace: Workspace, study_session: SessionId) -> None:
    row = planned(workspace, study_session, Party.THERAPIST, "larsen-interview")
    with pytest.raises(UsageError, match="not open yet"):
        give_answer(workspace, row.interview, "before", "first words")
    open_interview(workspace, row.interview)
    give_answer(workspace, row.interview, "before", "first words")
    give_answer(workspace, row.interview, "before", "second words")
    view = interview_view(workspace, row.interview)
    assert view.value("before") == "second words"
    kept = workspace.store.interviews.answers(row.interview)
    assert [entry.value for entry in kept] == ["first words", "second words"]
    with pytest.raises(UsageError, match="say which"):
        give_answer(workspace, row.interview, "passage.within", "x")
    chosen = add_event(workspace, row.interview, event())
    give_answer(workspace, row.interview, "passage.within", "tight", chosen)
    with pytest.raises(UsageError, match="no event"):
        give_answer(workspace, row.interview, "before", "x", chosen)
    with pytest.raises(UsageError, match="does not belong"):
        give_answer(workspace, row.interview, "passage.within", "x", EventId("ab" * 16))
    with pytest.raises(UsageError, match="Still to be answered: recall"):
        finish_interview(workspace, row.interview)
    give_answer(workspace, row.interview, "recall", None)
    assert finish_interview(workspace, row.interview).row.done
    with pytest.raises(UsageError, match="finished"):
        give_answer(workspace, row.interview, "before", "third")
    with pytest.raises(UsageError, match="not opened again"):
        open_interview(workspace, row.interview)
    with pytest.raises(UsageError, match="finished"):
        drop_interview(workspace, row.interview)


def test_events_lie_in_the_session_peaks_in_the_event(workspace: Workspace, study_session: SessionId) -> None:
    row = planned(workspace, study_session)
    open_interview(workspace, row.interview)
    for wrong in (event(10, 10), event(0, 600_001)):
        with pytest.raises(UsageError, match=r"inside the session|ends after it begins"):
            add_event(workspace, row.interview, wrong)
    with pytest.raises(UsageError, match="inside its event"):
        add_event(workspace, row.interview, event(therapist=(59_999,)))
    chosen = add_event(workspace, row.interview, event(client=(90_000, 70_000, 90_000)))
    with pytest.raises(UsageError, match="No further event"):
        add_event(workspace, row.interview, event())
    (kept,) = workspace.store.interviews.events(row.interview)
    assert kept.peaks_of(Party.CLIENT) == (70_000, 90_000)
    change_event(workspace, row.interview, replace(kept, end_ms=195_000, title="more"))
    (kept,) = workspace.store.interviews.events(row.interview)
    assert (kept.event, kept.end_ms, kept.title) == (chosen, 195_000, "more")
    cue_other(workspace, row.interview, chosen, "R-03")
    with pytest.raises(UsageError, match="where it begins and ends stays"):
        change_event(workspace, row.interview, replace(kept, end_ms=99_000))
    change_event(workspace, row.interview, replace(kept, title="the other name"))


def test_a_drawn_order_is_kept_with_its_seed(
    workspace: Workspace, tmp_path: Path, study_session: SessionId
) -> None:
    load_protocol(workspace, written(tmp_path, OWN))
    wish = InterviewWish(study_session, STUDY, "mine", Party.THERAPIST, "R-02", seed=11)
    (row,) = plan_interviews(workspace, wish)
    view = open_interview(workspace, row.interview)
    mine = protocol(workspace, "mine")
    expected = [step.item for step in mine.steps_for(Party.THERAPIST, "now", cued=False, seed=11)]
    assert [step.item for step in view.steps] == expected
    assert (view.row.seed, list(view.row.plan)) == (11, expected)
    second = add_session(workspace)
    (drawn,) = plan_interviews(workspace, replace(wish, session=second, seed=None))
    assert drawn.seed is not None


def test_protocols_are_kept_in_every_version(workspace: Workspace, tmp_path: Path) -> None:
    assert [entry.protocol.protocol for entry in protocols(workspace)] == [
        BSR,
        "larsen-interview",
        "significant-event",
    ]
    load_protocol(workspace, written(tmp_path, OWN))
    load_protocol(workspace, written(tmp_path, OWN))
    with pytest.raises(NotReadableError, match="already known as mine@1"):
        load_protocol(workspace, written(tmp_path, OWN.replace("A?", "Aha?")))
    load_protocol(workspace, written(tmp_path, OWN.replace("version: 1", "version: 2").replace("A?", "Aha?")))
    assert protocol(workspace, "mine").key == "mine@2"
    assert protocol(workspace, "mine@1").step("a").words == "A?"
    assert protocol_text(workspace, "mine@1") == OWN
    newest = protocols(workspace)[-1]
    assert (newest.protocol.key, newest.shipped, len(newest.sha256)) == ("mine@2", False, 64)
    shipped = protocol_text(workspace, BSR)
    with pytest.raises(NotReadableError, match="already known"):
        load_protocol(workspace, written(tmp_path, shipped + "\n# changed\n"))
    with pytest.raises(NotReadableError, match="cannot be read"):
        load_protocol(workspace, tmp_path / "none.yaml")


def test_a_recall_is_tied_where_it_fits(workspace: Workspace, study_session: SessionId) -> None:
    row = planned(workspace, study_session, Party.THERAPIST, "larsen-interview")
    recall = add_recall(workspace, study_session)
    assert tie_recall(workspace, row.interview, recall).recall == recall
    elsewhere = add_recall(workspace, add_session(workspace))
    with pytest.raises(UsageError, match="another session, party or protocol"):
        tie_recall(workspace, row.interview, elsewhere)
    client = planned(workspace, study_session, Party.CLIENT, "larsen-interview")
    with pytest.raises(UsageError, match="another session, party or protocol"):
        tie_recall(workspace, client.interview, recall)
    setup = Setup(RecallKind.RESEARCH, BSR)
    foreign = add_recall(workspace, study_session)
    with transaction(workspace.vault.db) as db:
        db.execute("UPDATE recalls SET setup = ? WHERE id = ?", [json.dumps(setup.plain()), foreign])
    with pytest.raises(UsageError, match="another session, party or protocol"):
        tie_recall(workspace, row.interview, foreign)
