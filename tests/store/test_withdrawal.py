"""Withdrawal: locked at once, destroyed without a trace after the grace period, and never too much."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from page_traces import traces
from supervise.app import withdrawing
from supervise.app.commands import AddComment, MarkMoment
from supervise.app.consenting import Statement
from supervise.app.withdrawing import ALL, Withdrawn, WithdrawWish
from supervise.app.workspace import Workspace
from supervise.crypto.keys import KdfParams
from supervise.domain.consent import Grant, Scope, parse_grant
from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.ids import MomentId, SessionId
from supervise.domain.keeping import GRACE_DAYS
from supervise.domain.moments import MomentCode, Perspective
from supervise.storage import destruction, withdrawals
from supervise.storage.copies import new_copy
from supervise.storage.database import connect
from supervise.storage.vault import Vault
from workspaces import (
    CLIENT,
    OWN_USE,
    PASSPHRASE,
    TODAY,
    add_session,
    add_transcript,
    agree_to_supervisor,
    opened,
    spoken,
)

FLAG = (MomentCode("wf.flag"),)
SECRET = "marzipan umbrella theodolite zephyr quicksand"
NOTE = "therapist writes of a vermilion heron at dusk"
OTHER = "another client speaks of perfectly different things"


def fill(desk: Workspace) -> SessionId:
    """A session with two transcript versions, marks, a private note, a comment and undo history."""
    session = add_session(desk, words=spoken(SECRET + " first version"))
    add_transcript(desk, session, spoken(SECRET))
    moment = MomentId(desk.execute(MarkMoment(session, 1000, FLAG, note=NOTE)))
    desk.execute(MarkMoment(session, 2000, FLAG, note="private " + NOTE, private=True))
    desk.execute(AddComment(moment, "remarks on the vermilion heron"))
    desk.execute(MarkMoment(session, 3000, FLAG, note="taken back " + NOTE))
    desk.undo()
    return session


def needles(desk: Workspace, session: SessionId) -> list[bytes]:
    keys = desk.vault.db.execute("SELECT wrapped_key FROM media").fetchall()
    words = [word.encode() for word in ("marzipan", "theodolite", "vermilion", "quicksand")]
    return [*destruction.needles(desk.vault.db, session), *(bytes(row[0]) for row in keys), *words]


def withdraw(desk: Workspace, *scopes: str, **rest: object) -> Withdrawn:
    grants = frozenset(parse_grant(text) for text in scopes) or ALL
    return withdrawing.withdraw(desk, WithdrawWish(CLIENT, grants, **rest))  # type: ignore[arg-type]


def refused(desk: Workspace, session: SessionId) -> str:
    with pytest.raises(NotCoveredError) as caught:
        desk.open_session(session)
    return str(caught.value)


def test_locked_at_once_with_an_inventory_and_nothing_gone_yet(workspace: Workspace) -> None:
    session = fill(workspace)
    workspace.store.copies.add(new_copy(session, "txt", "x", "/home/a/b.txt", "Dr Bo"))
    done = withdraw(workspace)
    assert "has withdrawn" in refused(workspace, session)
    assert workspace.search("marzipan").hits == ()
    assert workspace.library().left_out == 1
    (entry,) = done.decision.inventory["sessions"]
    assert (entry["transcripts"], entry["moments"], entry["private_moments"], entry["comments"]) == (
        2,
        2,
        1,
        1,
    )
    assert entry["goes"] == ["sound", "transcript", "moments"]
    assert done.copies[0]["recipient"] == "Dr Bo"
    assert done.certificate is None
    assert done.decision.due_on == TODAY + timedelta(days=GRACE_DAYS)
    assert workspace.store.sessions.get(session)


def test_now_leaves_no_trace_in_any_file_page_or_free_page(workspace: Workspace) -> None:
    session = fill(workspace)
    workspace.add_consent("K-08", OWN_USE, TODAY)
    other = add_session(workspace, client="K-08", words=spoken(OTHER))
    wanted = needles(workspace, session)
    key = workspace.vault.database_key
    before = traces(workspace.vault.path, key, wanted)
    assert len(before) > 10
    keys = (
        "SELECT wrapped_key FROM media m JOIN sessions s ON m.id IN (s.master_id, s.peaks_id) WHERE s.id = ?"
    )
    kept = {bytes(row[0]) for row in workspace.vault.db.execute(keys, [other])}
    done = withdraw(workspace, now=True)
    assert traces(workspace.vault.path, key, [n for n in wanted if n not in kept]) == []
    assert done.certificate is not None
    proof = done.certificate["proof"]
    assert proof["pages_read"] > 10
    assert proof["pieces_looked_for"] > 10
    assert proof["pages_with_traces"] == 0
    assert "was destroyed on" in refused(workspace, session)
    assert workspace.find_session(session[:8]) == session
    assert workspace.search("different").hits[0].session == other
    assert len(list((workspace.vault.path / "media").iterdir())) == 2
    with pytest.raises(UsageError, match="nothing to undo"):
        workspace.undo()


def test_a_certificate_holds_no_content(workspace: Workspace) -> None:
    session = fill(workspace)
    certificate = withdraw(workspace, now=True).certificate
    assert certificate is not None
    assert not any(word in str(certificate) for word in [*SECRET.split(), "vermilion", "heron"])
    (entry,) = certificate["sessions"]
    assert entry["session"] == session
    assert len(entry["source_sha256"]) == 64
    assert (certificate["client"], certificate["destroyed_by"]) == (CLIENT, "Ada")


def test_the_grace_period_ends_at_an_opening(
    workspace: Workspace, vault_path: Path, cheap_kdf: KdfParams
) -> None:
    session = fill(workspace)
    wanted, key = needles(workspace, session), workspace.vault.database_key
    withdraw(workspace)
    workspace.close()
    for days, gone in ((GRACE_DAYS - 1, False), (GRACE_DAYS, True)):
        vault = Vault.open(vault_path, PASSPHRASE)
        desk = Workspace(vault, "", lambda days=days: TODAY + timedelta(days=days), cheap_kdf)
        try:
            assert ("was destroyed" in refused(desk, session)) is gone
            assert (desk.store.withdrawals.all()[0].certificate is not None) is gone
        finally:
            desk.close()
    assert traces(vault_path, key, wanted) == []


def test_a_withdrawal_made_by_mistake_is_taken_back_in_time(workspace: Workspace) -> None:
    session = fill(workspace)
    done = withdraw(workspace)
    withdrawing.take_back(workspace, done.decision.id[:8])
    assert workspace.open_session(session)
    workspace.today = lambda: TODAY + timedelta(days=99)  # type: ignore[method-assign]
    workspace._settle()
    assert workspace.open_session(session)
    with pytest.raises(UsageError, match="taken back already"):
        withdrawing.take_back(workspace, done.decision.id)


@pytest.mark.parametrize("words", [True, False])
def test_what_was_agreed_to_again_is_not_destroyed(workspace: Workspace, words: bool) -> None:
    session = fill(workspace)
    withdraw(workspace)
    again = frozenset({Grant(Scope.OWN_REVIEW), *([Grant(Scope.TRANSCRIBE)] if words else [])})
    workspace.record_consent(Statement(CLIENT, TODAY, again))
    workspace.today = lambda: TODAY + timedelta(days=GRACE_DAYS)  # type: ignore[method-assign]
    workspace._settle()
    assert len(workspace.store.transcripts.versions(session)) == (2 if words else 0)
    assert len(workspace.transcript(session).words) == (5 if words else 0)
    assert len(workspace.moments(session)) == 2


@pytest.mark.parametrize(
    ("scopes", "goes"),
    [
        (["record"], []),
        (["transcribe"], ["transcript"]),
        (["supervisor=Bo"], []),
        (["own_review"], []),
        (["own_review", "supervisor"], ["moments"]),
        (["own_review", "supervisor", "transcribe"], ["transcript", "moments"]),
        (["record", "own_review", "supervisor", "transcribe"], ["sound", "transcript", "moments"]),
    ],
)
def test_one_scope_never_destroys_what_another_allows(
    workspace: Workspace, scopes: list[str], goes: list[str]
) -> None:
    fill(workspace)
    agree_to_supervisor(workspace, "Bo")
    done = withdraw(workspace, *scopes, now=True)
    assert done.decision.inventory["sessions"][0]["goes"] == goes
    stored = workspace.store.sessions.all()
    assert len(stored) == (0 if len(goes) == 3 else 1)
    if stored:
        assert bool(workspace.store.transcripts.versions(stored[0].session)) is ("transcript" not in goes)
        assert bool(workspace.store.moments.of_session(stored[0].session)) is ("moments" not in goes)
        assert workspace.store.media.open(stored[0].master).read() == b"no sound"


def test_a_transcript_alone_goes_with_the_notes_that_quote_it(workspace: Workspace) -> None:
    session = fill(workspace)
    quoting = workspace.execute(
        MarkMoment(session, 4000, FLAG, note="She said: Umbrella, theodolite ZEPHYR quicksand!")
    )
    withdraw(workspace, "transcribe", chosen=frozenset({"transcript"}), now=True)
    assert workspace.transcript(session).version is None
    notes = {moment.moment: moment.note for moment in workspace.moments(session)}
    assert notes[MomentId(quoting)] == ""
    assert sum(bool(note) for note in notes.values()) == 2
    assert traces(workspace.vault.path, workspace.vault.database_key, [b"theodolite"]) == []
    assert workspace.store.media.open(workspace.session(session).master).read() == b"no sound"


def test_sound_alone_goes_and_the_rest_stays(workspace: Workspace) -> None:
    session = fill(workspace)
    master = workspace.session(session).master
    key = workspace.vault.db.execute("SELECT wrapped_key FROM media WHERE id = ?", [master]).fetchone()[0]
    withdraw(workspace, "record", chosen=frozenset({"sound"}), now=True)
    assert len(workspace.transcript(session).words) == 5
    assert workspace.peaks(session).frames == 600_000
    with pytest.raises(NotCoveredError, match="destroyed"):
        workspace.store.media.open(master)
    assert traces(workspace.vault.path, workspace.vault.database_key, [key]) == []
    assert not workspace.store.media.path(master).exists()


def test_restricting_locks_and_keeps(workspace: Workspace) -> None:
    session = fill(workspace)
    done = withdraw(workspace, choice=withdrawals.RESTRICT, now=True)
    assert "has withdrawn" in refused(workspace, session)
    assert done.certificate is None
    assert workspace.store.sessions.get(session)


def test_a_hold_stops_destruction_and_not_the_lock(workspace: Workspace) -> None:
    session = fill(workspace)
    client = workspace.session(session).client
    until = TODAY + timedelta(days=30)
    hold = workspace.store.retention.hold(client, "", "court order", until)
    done = withdraw(workspace, now=True)
    assert done.held
    assert "has withdrawn" in refused(workspace, session)
    with pytest.raises(UsageError, match="legal hold"):
        withdrawing.finish(workspace, done.decision.id)
    workspace.store.retention.lift(hold.id)
    assert withdrawing.finish(workspace, done.decision.id)["kind"] == "withdrawal"
    assert "was destroyed" in refused(workspace, session)


def test_an_interrupted_sweep_is_finished_at_the_next_opening(
    workspace: Workspace, reopen: Callable[[], Workspace]
) -> None:
    session = fill(workspace)
    wanted, key = needles(workspace, session), workspace.vault.database_key
    done = withdraw(workspace)
    path = workspace.vault.path
    reading = connect(path / "vault.db", key, read_only=True)
    reading.execute("BEGIN")
    reading.execute("SELECT count(*) FROM media").fetchone()
    with pytest.raises(Exception, match="reading"):
        withdrawing.finish(workspace, done.decision.id)
    reading.close()
    desk = reopen()
    assert traces(path, key, wanted) == []
    assert desk.store.withdrawals.all()[0].certificate is not None


def test_another_profiles_private_notes_go_too(
    workspace: Workspace, vault_path: Path, cheap_kdf: KdfParams
) -> None:
    session = fill(workspace)
    agree_to_supervisor(workspace, "Bo")
    workspace.add_profile("Bo", Perspective.SUPERVISOR, "another person with words")
    workspace.close()
    bo = opened(vault_path, cheap_kdf, "Bo", "another person with words")
    bo.execute(MarkMoment(session, 2000, FLAG, note="for Bo alone", private=True))
    bo.close()
    ada = opened(vault_path, cheap_kdf)
    (sealed,) = ada.vault.db.execute("SELECT sealed FROM moments WHERE author_id <> ?", [ada.profile.profile])
    withdraw(ada, now=True)
    assert traces(vault_path, ada.vault.database_key, [bytes(sealed[0])]) == []
    ada.close()


@pytest.mark.parametrize(
    "wish",
    [
        WithdrawWish("nobody", ALL),
        WithdrawWish(CLIENT, frozenset()),
        WithdrawWish(CLIENT, ALL, choice="forget"),
        WithdrawWish(CLIENT, ALL, chosen=frozenset({"dreams"})),
    ],
)
def test_a_wish_that_makes_no_sense_changes_nothing(workspace: Workspace, wish: WithdrawWish) -> None:
    session = add_session(workspace)
    with pytest.raises(UsageError):
        withdrawing.withdraw(workspace, wish)
    assert workspace.open_session(session)
