"""A study at a glance: what is due, overdue, hidden, and who is left out; and what is taken out of it."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from test_recalls_store import add_recall

from studies import BSR, STUDY, agree_to_study, held_by_client, held_by_therapist, planned
from supervise.app.commands import MarkMoment
from supervise.app.consenting import Statement
from supervise.app.interview_export import export_interview, export_study
from supervise.app.interviews import tie_recall
from supervise.app.studies import StudyOverview, studies, study_overview
from supervise.app.withdrawing import WithdrawWish, withdraw
from supervise.app.workspace import Workspace
from supervise.domain.consent import Grant, Scope
from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.ids import SessionId
from supervise.domain.interviews import BlindError, InterviewState
from supervise.domain.moments import MomentCode
from supervise.domain.recall import Party
from workspaces import CLIENT, OWN_USE, add_session

AT = "2026-11-21T12:00:00.000Z"  # a day after the session's noon


def only(found: StudyOverview) -> tuple[float | None, ...]:
    (dyad,) = found.dyads
    return tuple(row.hours_left for row in dyad.sessions)


def test_the_window_runs_from_the_session(workspace: Workspace, study_session: SessionId) -> None:
    assert only(study_overview(workspace, STUDY, AT)) == (24.0,)
    assert only(study_overview(workspace, STUDY, "2026-11-20T01:00:00.000Z")) == (
        48,
    )  # its hour is not known
    row = planned(workspace, study_session)
    now, later = study_overview(workspace, STUDY, AT).interviews
    assert (now.interview, now.hours_left, now.overdue, now.not_before) == (row.interview, 24.0, False, False)
    assert (later.hours_left, later.overdue, later.not_before) == (24 * 36, False, True)
    late = study_overview(workspace, STUDY, "2026-11-23T00:00:00.000Z")
    assert [(due.hours_left, due.overdue) for due in late.interviews] == [
        (-12.0, True),
        (34 * 24 + 12, False),
    ]
    assert late.overdue == 1
    assert study_overview(workspace, STUDY, "2026-12-21T00:00:00.000Z").interviews[1].not_before is False


def test_each_state_is_counted_by_party_and_time_point(
    workspace: Workspace, study_session: SessionId
) -> None:
    first, chosen = held_by_client(workspace, study_session)
    found = study_overview(workspace, STUDY, AT)
    assert [due.hidden for due in found.interviews] == [True, False]
    held_by_therapist(workspace, first, chosen)
    found = study_overview(workspace, STUDY.lower(), AT)
    assert found.study == STUDY
    assert found.counts() == {
        (Party.CLIENT, "now", InterviewState.DONE): 1,
        (Party.CLIENT, "one_month", InterviewState.PLANNED): 1,
        (Party.THERAPIST, "now", InterviewState.DONE): 1,
        (Party.THERAPIST, "one_month", InterviewState.PLANNED): 1,
    }
    assert not any(due.hidden for due in found.interviews)
    assert only(found) == (None,)
    assert [due.cued for due in found.interviews] == [False, False, True, False]


def test_uncovered_clients_are_left_out_and_counted(workspace: Workspace, study_session: SessionId) -> None:
    planned(workspace, study_session)
    workspace.add_consent("K-08", OWN_USE, date(2026, 11, 1))
    agree_to_study(workspace, client="K-08")
    second = add_session(workspace, client="K-08")
    planned(workspace, second)
    workspace.add_consent("K-09", OWN_USE, date(2026, 11, 1))
    add_session(workspace, client="K-09")
    assert [dyad.client_code for dyad in study_overview(workspace, STUDY).dyads] == ["K-07", "K-08"]
    withdraw(workspace, WithdrawWish("K-08", frozenset({Grant(Scope.RESEARCH, STUDY)}), "restrict"))
    found = study_overview(workspace, STUDY)
    assert [dyad.client_code for dyad in found.dyads] == ["K-07"]
    assert (found.left_out, found.left_out_interviews) == (1, 2)
    withdraw(workspace, WithdrawWish(CLIENT, frozenset({Grant(Scope.CLIENT_RECALL)}), "restrict"))
    found = study_overview(workspace, STUDY)
    assert (found.interviews, found.left_out, found.left_out_interviews) == ((), 1, 4)
    assert studies(workspace) == (STUDY,)
    with pytest.raises(UsageError, match="no study"):
        study_overview(workspace, "OTHER/1")
    grants = frozenset({Grant(Scope.RESEARCH, "OTHER/1")})
    workspace.record_consent(Statement("K-09", date(2026, 11, 2), grants))
    assert studies(workspace) == ("OTHER/1", STUDY)


def test_hidden_answers_do_not_leave_and_redacted_words_are_masked(
    workspace: Workspace, study_session: SessionId, tmp_path: Path
) -> None:
    first, chosen = held_by_client(workspace, study_session)
    target = tmp_path / "out.json"
    with pytest.raises(BlindError):
        export_interview(workspace, first.interview, "json", target)
    assert not target.exists()
    done = export_study(workspace, STUDY, "json", target)
    assert (done.rows, done.interviews, done.hidden) == (0, 0, 1)
    held_by_therapist(workspace, first, chosen)
    workspace.execute(MarkMoment(study_session, 100_000, (MomentCode("wf.redact"),), 110_000))
    done = export_study(workspace, STUDY, "json", target, force=True)
    assert (done.interviews, done.hidden) == (2, 0)
    held = json.loads(target.read_text())["interviews"][0]
    given = {entry["item"]: entry["value"] for entry in held["answers"]}
    assert held["events"][0]["title"] == "[redacted]"
    assert given["helpfulness"] == 8.5
    assert "need not decide" in given["which"]  # about no event
    export_study(workspace, STUDY, "json", target, force=True, unredacted=True)
    assert json.loads(target.read_text())["interviews"][0]["events"][0]["title"] == "not deciding"
    with pytest.raises(UsageError, match="The format"):
        export_study(workspace, STUDY, "xml", target, force=True)
    with pytest.raises(UsageError, match="nothing to take out"):
        export_study(workspace, "OTHER/1", "csv", target, force=True)


def test_what_cannot_be_written_is_no_copy(
    workspace: Workspace, study_session: SessionId, tmp_path: Path
) -> None:
    row = planned(workspace, study_session, Party.THERAPIST, "larsen-interview")
    tie_recall(workspace, row.interview, add_recall(workspace, study_session))
    (tmp_path / "there.csv").write_text("mine")
    with pytest.raises(UsageError):
        export_interview(workspace, row.interview, "csv", tmp_path / "there.csv")
    assert (tmp_path / "there.csv").read_text() == "mine"
    assert workspace.store.copies.of({study_session: ""}) == []
    withdraw(workspace, WithdrawWish(CLIENT, frozenset({Grant(Scope.RESEARCH, STUDY)}), "restrict"))
    with pytest.raises(NotCoveredError):
        export_interview(workspace, row.interview, "csv", tmp_path / "new.csv")


def test_what_was_begun_is_there_after_a_restart(
    workspace: Workspace, study_session: SessionId, reopen: Callable[[], Workspace]
) -> None:
    first, _ = held_by_client(workspace, study_session)
    again = reopen()
    (now, later) = study_overview(again, STUDY, AT).interviews
    assert (now.interview, now.state, later.state) == (
        first.interview,
        InterviewState.DONE,
        InterviewState.PLANNED,
    )
    assert now.protocol == f"{BSR}@1.0"
