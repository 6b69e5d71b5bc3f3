"""Whoever reads what was recalled, answered or rated is logged, and so is every session taken out."""

from pathlib import Path

import pytest

from rating_rooms import THERAPIST
from recollections import THERAPISTS, add_recollection
from studies import OWN, STUDY, agree_to_study, written
from supervise.app.commands import MarkMoment
from supervise.app.interview_export import export_study
from supervise.app.interview_planning import InterviewWish, plan_interviews
from supervise.app.interview_reading import read_interview
from supervise.app.interviews import finish_interview, give_answer, open_interview
from supervise.app.protocols import load_protocol
from supervise.app.rating_export import export_rating
from supervise.app.rating_reading import read_rating
from supervise.app.recall_reading import read_about, read_recall
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from supervise.domain.ids import SeriesId, SessionId, new_id
from supervise.domain.moments import MomentCode
from supervise.domain.recall import Party, RecallKind, Setup
from supervise.storage.rating import Series
from workspaces import OWN_USE, add_session, spoken


def logged(desk: Workspace, session: SessionId) -> list[tuple[str, str]]:
    """Action and detail of what the log says about a session."""
    return [(line.action, line.detail) for line in desk.log_lines(500) if line.subject == session]


def test_reading_is_logged(workspace: Workspace, study_session: SessionId, tmp_path: Path) -> None:
    recall = add_recollection(workspace, study_session, Setup(RecallKind.THERAPIST), THERAPISTS)
    read_recall(workspace, recall)
    assert logged(workspace, study_session)[-1] == ("open", "recall read")
    assert read_about(workspace, study_session, 2500)
    assert logged(workspace, study_session)[-1] == ("open", "recalls read")
    load_protocol(workspace, written(tmp_path, OWN))
    (row,) = plan_interviews(workspace, InterviewWish(study_session, STUDY, "mine", Party.THERAPIST, "R-02"))
    open_interview(workspace, row.interview)
    open_interview(workspace, row.interview)
    assert logged(workspace, study_session)[-2:] == [("interview", "opened"), ("interview", "gone on with")]
    read_interview(workspace, row.interview)
    assert logged(workspace, study_session)[-1] == ("interview", "read")
    series = SeriesId(new_id())
    at = "2026-11-22T10:00:00Z"
    workspace.store.ratings.begin(Series(series, study_session, workspace.profile.profile, THERAPIST, at))
    read_rating(workspace, series)
    assert logged(workspace, study_session)[-1] == ("rate", "read")
    export_rating(workspace, series, "csv", tmp_path / "r.csv", unredacted=True)
    assert ("export", "rating csv, unredacted") in logged(workspace, study_session)


def test_a_study_taken_out_is_logged_for_each_session(workspace: Workspace, tmp_path: Path) -> None:
    load_protocol(workspace, written(tmp_path, OWN))
    sessions = []
    for client in ("K-07", "K-08"):
        agree_to_study(workspace, client=client)
        sessions.append(add_session(workspace, client=client, words=spoken("some words")))
        wish = InterviewWish(sessions[-1], STUDY, "mine", Party.THERAPIST, "R-02")
        if client == "K-08":
            workspace.add_consent(client, OWN_USE, workspace.today())
        (row,) = plan_interviews(workspace, wish)
        open_interview(workspace, row.interview)
        give_answer(workspace, row.interview, "a", "an answer")
        finish_interview(workspace, row.interview)
    export_study(workspace, STUDY, "csv", tmp_path / "s.csv", unredacted=True)
    for session in sessions:
        assert logged(workspace, session)[-1][0] == "export"
        assert ("export", "interviews csv, unredacted") in logged(workspace, session)
    with pytest.raises(UsageError):
        export_study(workspace, STUDY, "csv", tmp_path / "s.csv")
    assert [logged(workspace, session)[-1][1] for session in sessions] == ["nothing was written"] * 2


def test_an_answer_that_quotes_a_redacted_passage_is_masked(workspace: Workspace, tmp_path: Path) -> None:
    said = "the vermilion heron stood above the water"
    agree_to_study(workspace)
    session = add_session(workspace, words=spoken(said))
    workspace.execute(MarkMoment(session, 0, (MomentCode("wf.redact"),), end_ms=20_000))
    load_protocol(workspace, written(tmp_path, OWN))
    (row,) = plan_interviews(workspace, InterviewWish(session, STUDY, "mine", Party.THERAPIST, "R-02"))
    open_interview(workspace, row.interview)
    give_answer(workspace, row.interview, "a", f"She told me that {said}")
    give_answer(workspace, row.interview, "b", "I was calm.")
    finish_interview(workspace, row.interview)
    for name, unredacted in (("masked.csv", False), ("whole.csv", True)):
        export_study(workspace, STUDY, "csv", tmp_path / name, unredacted=unredacted)
        assert ("heron" in (tmp_path / name).read_text("utf-8")) is unredacted
        assert "I was calm." in (tmp_path / name).read_text("utf-8")
