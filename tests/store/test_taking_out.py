"""What leaves the vault: redacted, without private moments, whole or not at all, and logged."""

import json
from pathlib import Path

import pytest

from supervise.app.commands import AddComment, MarkMoment
from supervise.app.taking_out import ExportJob, ExportWish, export_session, run_export
from supervise.app.workspace import Workspace
from supervise.domain.errors import NoSpaceError, UsageError
from supervise.domain.ids import MomentId, SessionId
from supervise.domain.moments import MomentCode
from supervise.storage.copies import CopyStore
from workspaces import add_session, spoken

WORDS = spoken("I told Margaret about the house last night", 1000, 500)


def taken(desk: Workspace, session: SessionId, folder: Path, fmt: str, **rest: bool) -> str:
    target = folder / f"x.{fmt}"
    export_session(desk, ExportWish(session, fmt, target, force=True, **rest), lambda _: None, lambda: False)
    return target.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("fmt", ["txt", "vtt", "srt", "csv", "json"])
def test_a_redacted_span_is_in_no_format_unless_asked(workspace: Workspace, tmp_path: Path, fmt: str) -> None:
    session = add_session(workspace, words=WORDS)
    workspace.execute(MarkMoment(session, 2000, (MomentCode("wf.redact"),), 2400, "Margaret again"))
    text = taken(workspace, session, tmp_path, fmt)
    assert "Margaret" not in text
    if fmt != "csv":
        assert "Margaret" in taken(workspace, session, tmp_path, fmt, unredacted=True)
        assert "house" in text


def test_a_word_at_the_edge_of_a_redaction_is_masked_too(workspace: Workspace, tmp_path: Path) -> None:
    session = add_session(workspace, words=WORDS)
    workspace.execute(MarkMoment(session, 2600, (MomentCode("wf.redact"),), 2800))
    assert "Margaret" not in taken(workspace, session, tmp_path, "txt")


def test_an_open_redaction_stops_every_export(workspace: Workspace, tmp_path: Path) -> None:
    session = add_session(workspace, words=WORDS)
    workspace.execute(MarkMoment(session, 2000, (MomentCode("wf.redact"),)))
    with pytest.raises(UsageError, match="has no end yet"):
        taken(workspace, session, tmp_path, "txt")
    assert list(tmp_path.glob("x*")) == []


def test_private_moments_stay_behind_unless_taken_along(workspace: Workspace, tmp_path: Path) -> None:
    session = add_session(workspace, words=WORDS)
    private = workspace.execute(MarkMoment(session, 100, (MomentCode("ct.cue"),), note="cold hands"))
    workspace.execute(AddComment(MomentId(private), "remember the cold"))
    workspace.execute(MarkMoment(session, 200, (MomentCode("wd.any"),), note="goes quiet"))
    for fmt in ("csv", "json"):
        text = taken(workspace, session, tmp_path, fmt)
        assert "goes quiet" in text
        assert "cold" not in text
    job = ExportJob(workspace, ExportWish(session, "csv", tmp_path / "y.csv"))
    assert job.left_out == 1
    assert "cold hands" in taken(workspace, session, tmp_path, "json", private=True)


def test_everything_is_in_the_json(workspace: Workspace, tmp_path: Path) -> None:
    session = add_session(workspace, words=WORDS)
    moment = workspace.execute(
        MarkMoment(session, 200, (MomentCode("wd.any", (("salience", 4),)),), note="hm")
    )
    workspace.execute(AddComment(MomentId(moment), "I see"))
    document = json.loads(taken(workspace, session, tmp_path, "json"))
    assert document["session"]["session"] == session
    assert document["moments"][0]["codes"][0]["ratings"] == {"salience": 4}
    assert document["moments"][0]["comments"][0]["text"] == "I see"
    assert [word["text"] for turn in document["transcript"]["turns"] for word in turn["words"]] == [
        word.text for word in WORDS
    ]


def test_an_export_is_logged_without_its_path(workspace: Workspace, tmp_path: Path) -> None:
    session = add_session(workspace, words=WORDS)
    taken(workspace, session, tmp_path, "txt")
    line = workspace.log_lines(1)[0]
    assert (line.action, line.subject) == ("export", session)
    assert str(tmp_path) not in line.detail


def test_a_copy_is_on_the_list_before_it_is_written(workspace: Workspace, tmp_path: Path) -> None:
    session = add_session(workspace, words=WORDS)
    seen: list[str] = []
    job = ExportJob(workspace, ExportWish(session, "txt", tmp_path / "x.txt"))
    run_export(
        job, lambda _: seen.extend(copy.kind for copy in CopyStore(workspace.vault).all()), lambda: False
    )
    assert seen[0] == "txt"
    assert len(CopyStore(workspace.vault).all()) == 1


def test_a_list_of_copies_that_cannot_grow_lets_nothing_out(workspace: Workspace, tmp_path: Path) -> None:
    session = add_session(workspace, words=WORDS)
    pages = workspace.vault.db.execute("PRAGMA page_count").fetchone()[0]
    workspace.vault.db.execute(f"PRAGMA max_page_count = {pages}")
    wish = ExportWish(session, "txt", tmp_path / "x.txt", recipient="r" * 100_000)
    with pytest.raises(NoSpaceError):
        export_session(workspace, wish, lambda _: None, lambda: False)
    assert list(tmp_path.glob("x*")) == []
    assert CopyStore(workspace.vault).all() == []


def test_what_was_never_written_is_no_copy(workspace: Workspace, tmp_path: Path) -> None:
    session = add_session(workspace, words=WORDS)
    (tmp_path / "x.txt").write_text("here before")
    with pytest.raises(UsageError, match="exists already"):
        export_session(
            workspace, ExportWish(session, "txt", tmp_path / "x.txt"), lambda _: None, lambda: False
        )
    assert CopyStore(workspace.vault).all() == []
    assert [line.detail for line in workspace.log_lines(2)] == ["txt, 0 redactions", "nothing was written"]


def test_text_needs_a_transcript_and_moments_do_not(workspace: Workspace, tmp_path: Path) -> None:
    session = add_session(workspace)
    with pytest.raises(UsageError, match="no transcript yet"):
        taken(workspace, session, tmp_path, "vtt")
    assert taken(workspace, session, tmp_path, "csv").startswith("moment_id,")
