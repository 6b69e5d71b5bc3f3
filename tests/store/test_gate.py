"""The consent gate: each use needs its scope, today, and says what would change a refusal."""

from datetime import date
from pathlib import Path

import pytest

from supervise.app.commands import MarkMoment
from supervise.app.importing import ImportJob, ImportWish
from supervise.app.taking_out import ExportJob, ExportWish
from supervise.app.workspace import Workspace
from supervise.domain.consent import ConsentRecord, Scope, judge
from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.ids import ClientId, ConsentId, new_id
from supervise.domain.moments import MomentCode
from workspaces import OWN_USE, TODAY, add_session, spoken

FLAG = (MomentCode("wf.flag"),)


def record(granted: set[Scope], created_at: str = "1", **rest: object) -> ConsentRecord:
    values: dict[str, object] = {"refused": frozenset(), "signed_on": date(2026, 11, 1), "expires_on": None}
    return ConsentRecord(
        consent=ConsentId(new_id()),
        client=ClientId("c"),
        granted=frozenset(granted),
        created_at=created_at,
        **{**values, **rest},  # type: ignore[arg-type]
    )


def test_no_record_covers_nothing_and_the_reason_says_what_would_help() -> None:
    verdict = judge([], Scope.TRANSCRIBE, TODAY, "K-07")
    assert not verdict.covered
    assert "No consent is on record for K-07" in verdict.reason
    assert "supervise consent add VAULT --client K-07 --scope transcribe" in verdict.reason


def test_a_scope_holds_from_its_signing_to_its_last_day() -> None:
    entry = record({Scope.RECORD}, signed_on=date(2026, 11, 2), expires_on=date(2026, 11, 30))
    days = {
        date(2026, 11, 1): False,
        date(2026, 11, 2): True,
        date(2026, 11, 30): True,
        date(2026, 12, 1): False,
    }
    assert {day: judge([entry], Scope.RECORD, day, "K").covered for day in days} == days


def test_the_newest_record_that_names_a_scope_decides() -> None:
    yes = record({Scope.RECORD, Scope.OWN_REVIEW}, "2026-11-01T00:00:00Z")
    no = record(set(), "2026-11-02T00:00:00Z", refused=frozenset({Scope.RECORD}))
    assert not judge([no, yes], Scope.RECORD, TODAY, "K").covered
    assert judge([no, yes], Scope.OWN_REVIEW, TODAY, "K").covered


def test_import_needs_recording_scope(workspace: Workspace) -> None:
    workspace.add_consent("K-08", frozenset({Scope.TRANSCRIBE, Scope.OWN_REVIEW}), TODAY)
    for client in ("K-08", "nobody"):
        with pytest.raises(NotCoveredError):
            ImportJob(workspace, ImportWish(Path("x.wav"), client))
    assert list((workspace.vault.path / "media").iterdir()) == []


def test_every_use_of_a_session_needs_own_review(workspace: Workspace, tmp_path: Path) -> None:
    workspace.add_consent("K-09", frozenset({Scope.RECORD, Scope.TRANSCRIBE}), TODAY)
    hidden = add_session(workspace, client="K-09", words=spoken("nobody may read this"))
    seen = add_session(workspace, words=spoken("everybody may read this"))
    path = tmp_path / "out.txt"
    uses = (
        lambda: workspace.open_session(hidden),
        lambda: workspace.transcript(hidden),
        lambda: workspace.moments(hidden),
        lambda: workspace.comments(hidden),
        lambda: workspace.peaks(hidden),
        lambda: workspace.execute(MarkMoment(hidden, 1, FLAG)),
        lambda: workspace.search("read", hidden),
        lambda: ExportJob(workspace, ExportWish(hidden, "txt", path)),
    )
    for use in uses:
        with pytest.raises(NotCoveredError, match="K-09 does not cover the therapist's own review"):
            use()
    found = workspace.search("read")
    assert {hit.session for hit in found.hits} == {seen}
    assert found.left_out == 1
    assert [row.session.session for row in workspace.library().rows] == [seen]
    assert workspace.library().left_out == 1
    workspace.add_consent("K-09", OWN_USE, TODAY)
    assert workspace.transcript(hidden).words[0].text == "nobody"


def test_what_was_done_cannot_be_undone_once_consent_is_gone(workspace: Workspace) -> None:
    workspace.add_consent("K-10", OWN_USE, date(2026, 11, 1), date(2026, 11, 23))
    session = add_session(workspace, client="K-10")
    workspace.execute(MarkMoment(session, 1, FLAG))
    workspace.gate._today = lambda: date(2026, 11, 24)
    with pytest.raises(NotCoveredError, match="ended on 2026-11-23"):
        workspace.undo()


def test_a_consent_must_make_sense(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="future"):
        workspace.add_consent("K", OWN_USE, date(2026, 11, 24))
    with pytest.raises(UsageError, match="before it was signed"):
        workspace.add_consent("K", OWN_USE, date(2026, 11, 2), date(2026, 11, 1))
    with pytest.raises(UsageError, match="at least one"):
        workspace.add_consent("K", frozenset(), TODAY)
    with pytest.raises(UsageError, match="client code"):
        workspace.add_consent("  ", OWN_USE, TODAY)
