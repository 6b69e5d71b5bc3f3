"""Only `transcribe` taken back: transcripts locked at once, gone with a certificate; the rest stays."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from test_withdrawal import FLAG, SECRET, fill, withdraw

from page_traces import traces
from supervise.app.commands import MarkMoment, MergeVoices, NameSpeaker
from supervise.app.keeping import BackupJob
from supervise.app.reading import LOCKED
from supervise.app.taking_out import ExportJob, ExportWish
from supervise.app.withdrawing import GRACE_DAYS, take_back
from supervise.app.workspace import Workspace
from supervise.crypto.keys import KdfParams
from supervise.domain.consent import Scope
from supervise.domain.errors import NotCoveredError
from supervise.domain.ids import SessionId
from workspaces import CLIENT, TODAY, add_session, opened, spoken

TRANSCRIPT_GOES = ["transcript"]


@pytest.fixture
def session(workspace: Workspace) -> SessionId:
    return fill(workspace)


def test_what_is_said_is_locked_at_once_and_sound_and_moments_stay(
    workspace: Workspace, session: SessionId, tmp_path: Path
) -> None:
    older = workspace.versions(session)[1].transcript
    done = withdraw(workspace, "transcribe")
    (entry,) = done.decision.inventory["sessions"]
    assert (entry["goes"], entry["transcripts"]) == (TRANSCRIPT_GOES, 2)
    assert done.decision.due_on == TODAY + timedelta(days=GRACE_DAYS)
    view = workspace.transcript(session)
    assert (view.version, view.words, view.turns) == (None, (), ())
    assert "has withdrawn the consent to a transcript made on this machine" in view.locked
    assert workspace.versions(session) == []
    assert [row.transcript for row in workspace.library().rows] == [LOCKED]
    found = workspace.search("marzipan")
    assert (found.hits, found.left_out) == ((), 1)
    assert workspace.search("marzipan", session).hits == ()
    refusals = (
        lambda: workspace.transcript(session, older),
        lambda: workspace.execute(NameSpeaker(session, "A", "the client")),
        lambda: workspace.execute(MergeVoices(session, "A", "B")),
        *(
            lambda fmt=fmt: ExportJob(workspace, ExportWish(session, fmt, tmp_path / f"out.{fmt}"))
            for fmt in ("txt", "vtt", "srt")
        ),
    )
    for refused in refusals:
        with pytest.raises(NotCoveredError, match="withdrawn the consent to a transcript"):
            refused()
    ExportJob(workspace, ExportWish(session, "csv", tmp_path / "moments.csv"))
    assert len(workspace.moments(session)) == 2
    assert workspace.search("vermilion").hits
    workspace.execute(MarkMoment(session, 5000, FLAG))
    assert workspace.open_session(session).session == session
    assert workspace.store.media.open(workspace.session(session).master).read() == b"no sound"


def test_taking_it_back_in_time_brings_the_words_back(workspace: Workspace, session: SessionId) -> None:
    done = withdraw(workspace, "transcribe")
    take_back(workspace, done.decision.id)
    assert len(workspace.transcript(session).words) == 5
    assert workspace.search("marzipan").hits
    assert len(workspace.versions(session)) == 2
    workspace.today = lambda: TODAY + timedelta(days=GRACE_DAYS)  # type: ignore[method-assign]
    workspace._settle()
    assert len(workspace.transcript(session).words) == 5


def test_at_the_end_the_words_are_gone_for_good_with_a_certificate(
    workspace: Workspace, session: SessionId
) -> None:
    done = withdraw(workspace, "transcribe")
    workspace.today = lambda: TODAY + timedelta(days=GRACE_DAYS)  # type: ignore[method-assign]
    workspace._settle()
    kept = workspace.store.withdrawals.find(done.decision.id)
    assert kept.certificate is not None
    (entry,) = kept.certificate["sessions"]
    assert (entry["goes"], entry["transcripts"]) == (TRANSCRIPT_GOES, 2)
    needles = [word.encode() for word in SECRET.split() if word not in ("umbrella", "zephyr")]
    assert traces(workspace.vault.path, workspace.vault.database_key, needles) == []
    assert len(workspace.moments(session)) == 2
    assert workspace.store.media.open(workspace.session(session).master).read() == b"no sound"
    workspace.add_consent(CLIENT, frozenset({Scope.TRANSCRIBE}), TODAY)
    assert workspace.transcript(session).version is None
    assert workspace.transcript(session).locked == ""


def test_a_refusal_locks_them_too_and_an_end_in_time_does_not(
    workspace: Workspace, session: SessionId
) -> None:
    workspace.gate._today = lambda: date(2027, 6, 1)
    workspace.add_consent(CLIENT, frozenset({Scope.TRANSCRIBE}), date(2026, 11, 1), date(2027, 5, 1))
    assert len(workspace.transcript(session).words) == 5


def test_other_clients_words_stay_readable(workspace: Workspace, session: SessionId) -> None:
    workspace.add_consent("K-08", frozenset({Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW}), TODAY)
    other = add_session(workspace, client="K-08", words=spoken("marzipan for somebody else"))
    withdraw(workspace, "transcribe")
    assert {hit.session for hit in workspace.search("marzipan").hits} == {other}
    states = {row.session.session: row.transcript for row in workspace.library().rows}
    assert states == {session: LOCKED, other: "whole"}


def test_another_scope_taken_back_later_touches_no_transcript_that_was_only_locked(
    workspace: Workspace, session: SessionId
) -> None:
    withdraw(workspace, "transcribe", choice="restrict")
    done = withdraw(workspace, "quotation", now=True)
    assert done.decision.inventory["sessions"][0]["goes"] == []
    assert len(workspace.store.transcripts.versions(session)) == 2


def test_a_backup_made_meanwhile_leaves_the_words_out(
    workspace: Workspace, session: SessionId, tmp_path: Path, cheap_kdf: KdfParams
) -> None:
    withdraw(workspace, "transcribe")
    copy = BackupJob(workspace, tmp_path / "copy").run(lambda _: None, lambda: False)
    desk = opened(copy, cheap_kdf)
    assert desk.store.transcripts.versions(session) == []
    assert len(desk.moments(session)) == 2
    desk.close()
    assert len(workspace.store.transcripts.versions(session)) == 2
