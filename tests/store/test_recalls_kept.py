"""Recalls under governance: a clock of their own, what the client recalled gone with their consent to it."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from page_traces import traces
from recall_rooms import RecallRoom, whole
from recalled_session import session
from recollections import CLIENT_RECALL, CLIENTS, KINDS, RECALLED_ON, THERAPISTS, add_recollection
from studies import BSR, LIKED, STUDY, agree_to_study, held_by_client, held_by_therapist
from supervise.app import client_page, destroying, retention, withdrawing
from supervise.app.certificates import certificate_lines, write_certificate
from supervise.app.consenting import Statement
from supervise.app.interview_planning import InterviewWish, plan_interviews
from supervise.app.keeping import BackupJob
from supervise.app.recall_inventory import GONE, recollections
from supervise.app.recall_reading import recall_view, recalls
from supervise.app.restoring import apply_certificates, read_certificates
from supervise.app.withdrawing import ALL, Withdrawn, WithdrawWish
from supervise.app.workspace import Workspace
from supervise.crypto.keys import KdfParams
from supervise.domain.consent import Grant, Scope, parse_grant
from supervise.domain.consent_details import ConsentDetails
from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.ids import MediaId, RecallId, SessionId
from supervise.domain.keeping import GRACE_DAYS
from supervise.domain.recall import Party, RecallKind, Segments, Setup
from supervise.storage import destruction
from supervise.storage.backup import restore
from supervise.storage.recalls import DESTROYED
from supervise.storage.verify import verify
from workspaces import CLIENT, OWN_USE, PASSPHRASE, TODAY, add_session, opened

__all__ = ["session"]


def withdraw(desk: Workspace, *scopes: str, **rest: object) -> Withdrawn:
    grants = frozenset(parse_grant(text) for text in scopes) or ALL
    return withdrawing.withdraw(desk, WithdrawWish(CLIENT, grants, **rest))  # type: ignore[arg-type]


def hints(desk: Workspace, recall: RecallId, text: str) -> list[bytes]:
    """Return the recall's keys and what stands about it anywhere."""
    row = desk.store.recalls.get(recall)
    sql = "SELECT wrapped_key FROM media WHERE id IN (?, ?)"
    keys = [bytes(key) for (key,) in desk.vault.db.execute(sql, [row.master, row.peaks]).fetchall()]
    return [*keys, text.encode(), b"vermilion", b"apricot", b"Quicksilver"]


def has_sound(desk: Workspace, medium: MediaId) -> bool:
    try:
        desk.store.media.open(medium).close()
    except NotCoveredError:
        return False
    return True


@pytest.mark.parametrize("kind", list(KINDS))
def test_what_a_client_recalled_goes_with_their_consent_to_it_and_nothing_else(
    workspace: Workspace, session: SessionId, kind: str
) -> None:
    clients = add_recollection(workspace, session, KINDS[kind], CLIENTS)
    mine = add_recollection(workspace, session, Setup(RecallKind.THERAPIST), THERAPISTS)
    row, own = workspace.store.recalls.get(clients), workspace.store.recalls.get(mine)
    wanted, key = hints(workspace, clients, CLIENTS), workspace.vault.database_key
    assert len(traces(workspace.vault.path, key, wanted)) > 5
    done = withdraw(workspace, "client_recall", now=True)
    assert done.certificate is not None
    (entry,) = done.certificate["sessions"]
    assert entry["goes"] == ["recall"]
    assert clients in entry[GONE]
    assert mine not in entry[GONE]
    assert done.certificate["proof"]["pages_with_traces"] == 0
    assert done.certificate["proof"]["pieces_looked_for"] > 5
    assert traces(workspace.vault.path, key, wanted) == []
    assert not workspace.store.media.path(row.master).exists()
    assert [entry.recall for entry in recalls(workspace, session)] == [mine]
    assert len(recall_view(workspace, mine).words) == len(THERAPISTS.split())
    assert has_sound(workspace, own.master)
    assert len(workspace.transcript(session).words) == 7
    assert whole(workspace)
    left = workspace.store.recalls.get(clients)
    assert (left.state, left.setup.inquirer, left.setup.segments) == (DESTROYED, "", Segments())


def test_locked_at_once_and_gone_when_the_grace_period_ends(
    workspace: Workspace, session: SessionId, vault_path: Path, cheap_kdf: KdfParams
) -> None:
    recall = add_recollection(workspace, session, CLIENT_RECALL, CLIENTS)
    wanted, key = hints(workspace, recall, CLIENTS), workspace.vault.database_key
    done = withdraw(workspace, "client_recall")
    assert done.certificate is None
    (entry,) = done.decision.inventory["sessions"]
    assert (entry["goes"], entry["recalls"]) == (["recall"], 1)
    with pytest.raises(NotCoveredError, match="withdrawn"):
        recall_view(workspace, recall)
    assert has_sound(workspace, workspace.store.recalls.get(recall).master)
    workspace.close()
    for days, gone in ((GRACE_DAYS - 1, False), (GRACE_DAYS, True)):
        desk = opened(vault_path, cheap_kdf)
        try:
            desk.today = lambda days=days: TODAY + timedelta(days=days)  # type: ignore[method-assign]
            desk._settle()
            assert (desk.store.recalls.get(recall).state == DESTROYED) is gone
            assert (client_page.client_page(desk, CLIENT).decisions[0].destroyed_on is not None) is gone
        finally:
            desk.close()
    assert traces(vault_path, key, wanted) == []


def test_taken_back_in_time_everything_is_there_again(workspace: Workspace, session: SessionId) -> None:
    recall = add_recollection(workspace, session, CLIENT_RECALL, CLIENTS)
    done = withdraw(workspace, "client_recall")
    withdrawing.take_back(workspace, done.decision.id)
    workspace.today = lambda: TODAY + timedelta(days=99)  # type: ignore[method-assign]
    workspace._settle()
    assert len(recall_view(workspace, recall).words) == len(CLIENTS.split())
    found, held = sorted(recollections(workspace.store, session), key=lambda row: row.held_in)
    assert found.id == held.held_in == recall
    for table in ("recall_marks", "interview_answers", "recall_events"):
        assert workspace.vault.db.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,)  # noqa: S608


def test_agreed_to_again_meanwhile_nothing_goes(workspace: Workspace, session: SessionId) -> None:
    recall = add_recollection(workspace, session, CLIENT_RECALL, CLIENTS)
    withdraw(workspace, "client_recall")
    workspace.record_consent(Statement(CLIENT, TODAY, frozenset({Grant(Scope.CLIENT_RECALL)})))
    workspace.today = lambda: TODAY + timedelta(days=GRACE_DAYS)  # type: ignore[method-assign]
    workspace._settle()
    assert len(recall_view(workspace, recall).words) == len(CLIENTS.split())


def test_a_hold_stops_it(workspace: Workspace, session: SessionId) -> None:
    recall = add_recollection(workspace, session, CLIENT_RECALL, CLIENTS)
    retention.place_hold(workspace, CLIENT, session, "complaint", TODAY + timedelta(days=30))
    assert withdraw(workspace, "client_recall", now=True).held
    workspace.today = lambda: TODAY + timedelta(days=30)  # type: ignore[method-assign]
    workspace._settle()
    assert has_sound(workspace, workspace.store.recalls.get(recall).master)
    workspace.today = lambda: TODAY + timedelta(days=31)  # type: ignore[method-assign]
    workspace._settle()
    assert workspace.store.recalls.get(recall).state == DESTROYED


def test_a_therapists_recall_goes_when_nothing_allows_a_look_any_longer(
    workspace: Workspace, session: SessionId
) -> None:
    mine = add_recollection(workspace, session, Setup(RecallKind.THERAPIST), THERAPISTS)
    kept = withdraw(workspace, "own_review", now=True)
    assert kept.decision.inventory["sessions"][0]["goes"] == []
    with pytest.raises(NotCoveredError):
        recall_view(workspace, mine)
    done = withdraw(workspace, "client_recall", "research", now=True)
    assert done.decision.inventory["sessions"][0]["goes"] == ["moments", "recall"]
    assert workspace.store.recalls.get(mine).state == DESTROYED
    assert traces(workspace.vault.path, workspace.vault.database_key, [THERAPISTS.encode()]) == []


def test_restricted_nothing_goes_and_chosen_all_recalls_go(workspace: Workspace, session: SessionId) -> None:
    for setup, text in ((CLIENT_RECALL, CLIENTS), (Setup(RecallKind.THERAPIST), THERAPISTS)):
        add_recollection(workspace, session, setup, text)
    assert withdraw(workspace, "research", choice="restrict").decision.inventory["sessions"][0]["goes"] == []
    assert len(recollections(workspace.store, session)) == 4
    withdraw(workspace, "research", chosen=frozenset({"recall"}), now=True)
    assert recollections(workspace.store, session) == []
    assert workspace.open_session(session)


def test_a_recall_in_this_very_moment_is_ended_first(workspace: Workspace) -> None:
    workspace.add_consent(CLIENT, OWN_USE | {Scope.CLIENT_RECALL}, TODAY)
    room = RecallRoom(workspace, CLIENT_RECALL, seconds=8)
    room.begin()
    room.listen(2)
    with pytest.raises(UsageError, match="going on"):
        withdraw(workspace, "client_recall", now=True)
    done = withdraw(workspace, "client_recall")
    assert not room.recall.playing
    with pytest.raises(UsageError, match="going on"):
        withdrawing.finish(workspace, done.decision.id)
    room.recall.end()
    withdrawing.finish(workspace, done.decision.id)
    assert workspace.store.recalls.get(room.recall.recall).state == DESTROYED
    assert whole(workspace)


def test_everything_withdrawn_leaves_a_stub_and_no_recall(workspace: Workspace, session: SessionId) -> None:
    recall = add_recollection(workspace, session, CLIENT_RECALL, CLIENTS)
    wanted = hints(workspace, recall, CLIENTS)
    done = withdraw(workspace, now=True)
    assert done.decision.inventory["sessions"][0]["goes"] == ["sound", "transcript", "moments", "recall"]
    with pytest.raises(NotCoveredError, match="was destroyed on"):
        workspace.session(session)
    assert workspace.vault.db.execute("SELECT count(*) FROM recalls").fetchone() == (0,)
    assert traces(workspace.vault.path, workspace.vault.database_key, wanted) == []


def test_a_decision_of_an_earlier_program_means_all_recalls_when_it_means_the_session(
    workspace: Workspace, session: SessionId
) -> None:
    add_recollection(workspace, session, CLIENT_RECALL, CLIENTS)
    done = withdraw(workspace)
    listed = dict(done.decision.inventory)
    listed["sessions"] = [{"session": session, "goes": ["sound", "transcript", "moments"]}]
    workspace.store.withdrawals.done(done.decision.id, listed)
    workspace.vault.db.execute("UPDATE withdrawals SET done_at = NULL")
    destroying.carry_out(workspace.store, workspace.store.withdrawals.find(done.decision.id))
    assert workspace.store.sessions.all() == []


# ---------------------------------------------------------------------------- the clock


def at(desk: Workspace, day: date) -> None:
    desk.today = lambda: day  # type: ignore[method-assign]


def test_recalls_have_a_clock_of_their_own_each(workspace: Workspace, session: SessionId) -> None:
    early = add_recollection(workspace, session, CLIENT_RECALL, CLIENTS)
    late = add_recollection(workspace, session, Setup(RecallKind.THERAPIST), THERAPISTS, date(2026, 12, 20))
    retention.set_rule(workspace, "recall", 30)
    due = {thing.recall: thing.due_on for thing in retention.due_list(workspace)}
    assert (due[early], due[late]) == (date(2026, 12, 22), date(2027, 1, 19))
    at(workspace, date(2026, 12, 8))
    assert {thing.state for thing in retention.due_list(workspace) if thing.recall == early} == {"soon"}
    at(workspace, date(2026, 12, 22))
    sound = workspace.store.recalls.get(early).sha256
    (certificate,) = retention.run(workspace)
    (entry,) = certificate["sessions"]
    assert entry["goes"] == ["recall"]
    assert early in entry[GONE]
    assert [row.recall for row in recalls(workspace, session)] == [late]
    assert certificate["proof"]["pages_with_traces"] == 0
    assert traces(workspace.vault.path, workspace.vault.database_key, [CLIENTS.encode()]) == []
    lines = "\n".join(certificate_lines(certificate))
    assert f"recall {early} of 2026-11-22, with the client" in lines
    assert f"SHA-256 {sound}" in lines


def test_a_rule_for_transcripts_leaves_the_words_of_recalls(workspace: Workspace, session: SessionId) -> None:
    recall = add_recollection(workspace, session, Setup(RecallKind.THERAPIST), THERAPISTS)
    retention.set_rule(workspace, "transcript", 1)
    retention.run(workspace)
    assert workspace.transcript(session).version is None
    assert len(recall_view(workspace, recall).words) == len(THERAPISTS.split())


def test_a_promise_about_recalls_counts_if_it_is_shorter(workspace: Workspace, session: SessionId) -> None:
    recall = add_recollection(workspace, session, CLIENT_RECALL, CLIENTS)
    retention.set_rule(workspace, "recall", 90)
    details = ConsentDetails(keep_days=(("recall", 10),))
    workspace.record_consent(Statement(CLIENT, TODAY, frozenset({Grant(Scope.OWN_REVIEW)}), details=details))
    due = {thing.recall: thing.due_on for thing in retention.due_list(workspace)}
    assert due[recall] == RECALLED_ON + timedelta(days=10)


def test_a_hold_stops_the_clock_and_when_nothing_is_left_a_stub_stays(
    workspace: Workspace, session: SessionId
) -> None:
    add_recollection(workspace, session, CLIENT_RECALL, CLIENTS)
    for kind in ("sound", "transcript", "moments", "recall"):
        retention.set_rule(workspace, kind, 5)
    hold = retention.place_hold(workspace, CLIENT, "", "court", date(2027, 1, 1))
    at(workspace, date(2026, 12, 1))
    assert {thing.state for thing in retention.due_list(workspace)} == {"held"}
    assert retention.run(workspace) == []
    retention.lift_hold(workspace, hold.id)
    (certificate,) = retention.run(workspace)
    assert certificate["sessions"][0]["goes"] == ["sound", "transcript", "moments", "recall"]
    with pytest.raises(NotCoveredError, match="was destroyed on"):
        workspace.session(session)


def test_a_restored_backup_loses_it_again_by_the_certificate(
    workspace: Workspace, session: SessionId, tmp_path: Path
) -> None:
    clients = add_recollection(workspace, session, CLIENT_RECALL, CLIENTS)
    mine = add_recollection(workspace, session, Setup(RecallKind.THERAPIST), THERAPISTS)
    before = withdraw(workspace, "client_recall")
    withdrawing.take_back(workspace, before.decision.id)
    done = withdraw(workspace, "client_recall")
    listed = destroying.certificate(
        workspace.store, done.decision, destruction.Proof(pages=1, hits=0), looked_for=1
    )
    withdrawing.take_back(workspace, done.decision.id)
    write_certificate(listed, tmp_path / "c.json")
    apply_certificates(workspace, read_certificates([tmp_path / "c.json"]))
    assert workspace.store.recalls.get(clients).state == DESTROYED
    assert [row.recall for row in recalls(workspace, session)] == [mine]


# ---------------------------------------------------------------------------- a study


def test_a_study_withdrawn_takes_its_answers_and_leaves_other_studies(
    workspace: Workspace,
) -> None:
    agree_to_study(workspace)
    agree_to_study(workspace, "OTHER/2")
    workspace.add_consent(CLIENT, OWN_USE, TODAY)
    session = add_session(workspace)
    first, chosen = held_by_client(workspace, session)
    held_by_therapist(workspace, first, chosen)
    wish = InterviewWish(session, "OTHER/2", BSR, Party.CLIENT, "R-09", follow_ups=False)
    (other,) = plan_interviews(workspace, wish)
    recall = add_recollection(workspace, session, CLIENT_RECALL, CLIENTS, noted=False)
    done = withdraw(workspace, f"research={STUDY}", now=True)
    assert done.certificate is not None
    (entry,) = done.certificate["sessions"]
    assert entry["goes"] == ["recall"]
    assert first.interview in entry[GONE]
    assert done.certificate["proof"]["pages_with_traces"] == 0
    left = {row.id for row in recollections(workspace.store, session)}
    assert left == {other.interview, recall}
    assert traces(workspace.vault.path, workspace.vault.database_key, [LIKED.encode()]) == []
    assert len(recall_view(workspace, recall).words) == len(CLIENTS.split())


# ---------------------------------------------------------------------------- backups


def test_a_backup_leaves_out_what_the_client_recalled_while_it_is_locked(
    workspace: Workspace, session: SessionId, tmp_path: Path, cheap_kdf: KdfParams
) -> None:
    clients = add_recollection(workspace, session, CLIENT_RECALL, CLIENTS)
    mine = add_recollection(workspace, session, Setup(RecallKind.THERAPIST), THERAPISTS)
    wanted = [*hints(workspace, clients, CLIENTS)]
    whole_copy = BackupJob(workspace, tmp_path / "whole")
    whole_copy.run(lambda _: None, lambda: False)
    assert (whole_copy.left_out, whole_copy.recalls_left_out) == (0, 0)
    done = withdraw(workspace, "client_recall")
    job = BackupJob(workspace, tmp_path / "copy")
    job.run(lambda _: None, lambda: False)
    assert (job.left_out, job.recalls_left_out) == (0, 2)  # and the interview held in it
    assert traces(tmp_path / "copy", workspace.vault.database_key, wanted) == []
    withdrawing.take_back(workspace, done.decision.id)
    assert recall_view(workspace, clients).words
    workspace.close()
    for name, ids in (("whole", {clients, mine}), ("copy", {mine})):
        report = restore(
            tmp_path / name, tmp_path / f"{name} again", PASSPHRASE, lambda _: None, lambda: False
        )
        assert report.damaged == ()
        desk = opened(tmp_path / f"{name} again", cheap_kdf)
        assert {row.recall for row in desk.store.recalls.all()} == ids
        assert verify(desk.vault, lambda _: None).damaged == ()
        assert has_sound(desk, desk.store.recalls.get(mine).master)
        desk.close()


def test_verify_finds_a_damaged_recording_of_a_recall(workspace: Workspace, session: SessionId) -> None:
    recall = add_recollection(workspace, session, CLIENT_RECALL, CLIENTS)
    path = workspace.store.media.path(workspace.store.recalls.get(recall).master)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    (damage,) = verify(workspace.vault, lambda _: None).damaged
    assert "recall" in f"{damage}"
