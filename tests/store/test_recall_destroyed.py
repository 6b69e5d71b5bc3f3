"""A recall destroyed by itself: nothing of it is left anywhere, the session stays, a certificate says so."""

from datetime import timedelta
from pathlib import Path

import pytest
from test_whose_recall import House, house

from page_traces import traces
from recall_rooms import whole
from recalled_session import session
from recollections import CLIENT_RECALL, CLIENTS, THERAPISTS, add_recollection
from supervise.app import client_page, retention
from supervise.app.certificates import certificate_lines, read_certificate, write_certificate
from supervise.app.commands import MarkMoment
from supervise.app.keeping import BackupJob
from supervise.app.recall_destroying import destroy_for_good, goes_with
from supervise.app.recall_inventory import GONE
from supervise.app.recall_reading import recall_view, recalls
from supervise.app.restoring import apply_certificates
from supervise.app.workspace import Workspace
from supervise.crypto.keys import KdfParams
from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.ids import SessionId
from supervise.domain.moments import MomentCode
from supervise.domain.recall import RecallKind, Setup
from supervise.domain.roles import parse_part
from supervise.storage.access_log import lines
from supervise.storage.backup import restore
from supervise.storage.recalls import DESTROYED
from workspaces import CLIENT, PASSPHRASE, TODAY, opened

__all__ = ["house", "session"]

THERAPIST = Setup(RecallKind.THERAPIST)
FLAG = (MomentCode("wf.flag"),)
OF_RECALL = ("recall_stops", "recall_prompts", "recall_stretches", "recall_marks", "recall_writeups")


def test_all_of_it_goes_and_nothing_else(workspace: Workspace, session: SessionId) -> None:
    gone = add_recollection(workspace, session, CLIENT_RECALL, CLIENTS)
    stays = add_recollection(workspace, session, THERAPIST, THERAPISTS)
    db, key, row = workspace.vault.db, workspace.vault.database_key, workspace.store.recalls.get(gone)
    sql = "SELECT wrapped_key FROM media WHERE id IN (?, ?)"
    keys = [bytes(found) for (found,) in db.execute(sql, [row.master, row.peaks]).fetchall()]
    wanted = [*keys, CLIENTS.encode(), b"apricot", b"Quicksilver"]
    assert len(traces(workspace.vault.path, key, wanted)) > 2
    (interview,) = workspace.store.interviews.of_recall(gone)
    assert goes_with(workspace, gone) == 1
    certificate = destroy_for_good(workspace, gone)
    assert certificate is not None
    assert traces(workspace.vault.path, key, wanted) == []
    for table in OF_RECALL:
        assert db.execute(f"SELECT count(*) FROM {table} WHERE recall_id = ?", [gone]).fetchone() == (0,)  # noqa: S608
    for table in ("interview_answers", "recall_events"):
        sql = f"SELECT count(*) FROM {table} WHERE interview_id = ?"  # noqa: S608
        assert db.execute(sql, [interview.interview]).fetchone() == (0,)
    assert not workspace.store.media.path(row.master).exists()
    assert workspace.store.recalls.get(gone).state == DESTROYED
    assert [entry.recall for entry in recalls(workspace, session)] == [stays]
    assert len(recall_view(workspace, stays).words) == len(THERAPISTS.split())
    assert len(workspace.transcript(session).words) == 7
    assert whole(workspace)


def test_the_certificate_names_it_without_content_and_the_log_says_who(
    workspace: Workspace, session: SessionId, tmp_path: Path
) -> None:
    gone = add_recollection(workspace, session, CLIENT_RECALL, CLIENTS)
    (interview,) = workspace.store.interviews.of_recall(gone)
    sha256 = workspace.store.recalls.get(gone).sha256
    certificate = destroy_for_good(workspace, gone)
    assert certificate is not None
    (entry,) = certificate["sessions"]
    assert (certificate["kind"], entry["goes"], set(entry[GONE])) == (
        "recall",
        ["recall"],
        {gone, interview.interview},
    )
    assert certificate["proof"]["pages_with_traces"] == 0
    assert certificate["proof"]["pieces_looked_for"] > 5
    said = "\n".join(certificate_lines(certificate))
    assert "A recall was destroyed by itself." in said
    assert gone in said
    assert sha256 in said
    assert not any(word in said for word in ("vermilion", "apricot", "Quicksilver"))
    path = tmp_path / "certificate.json"
    write_certificate(certificate, path)
    assert read_certificate(path.read_text(encoding="utf-8"), "it") == dict(certificate)
    client = workspace.store.sessions.get(session).client
    (decision,) = client_page.decisions(workspace, client)
    assert (decision.kind, decision.goes, decision.certificate) == ("recall", True, certificate)
    assert decision.destroyed_on is not None
    logged = [line for line in lines(workspace.vault.db) if line.action == "destroy"]
    assert [(line.who, line.subject, line.detail) for line in logged] == [
        (workspace.profile.profile, session, "recall")
    ]


def test_a_backup_from_before_does_not_bring_it_back(
    workspace: Workspace, session: SessionId, tmp_path: Path, cheap_kdf: KdfParams
) -> None:
    gone = add_recollection(workspace, session, CLIENT_RECALL, CLIENTS)
    stays = add_recollection(workspace, session, THERAPIST, THERAPISTS)
    BackupJob(workspace, tmp_path / "copy").run(lambda _: None, lambda: False)
    certificate = destroy_for_good(workspace, gone)
    assert certificate is not None
    workspace.close()
    restore(tmp_path / "copy", tmp_path / "again", PASSPHRASE, lambda _: None, lambda: False)
    desk = opened(tmp_path / "again", cheap_kdf)
    assert {entry.recall for entry in recalls(desk, session)} == {gone, stays}
    assert apply_certificates(desk, [certificate]) == 1
    assert [entry.recall for entry in recalls(desk, session)] == [stays]
    assert [row.choice for row in desk.store.withdrawals.all()] == ["recall"]
    assert traces(tmp_path / "again", desk.vault.database_key, [CLIENTS.encode()]) == []
    desk.close()


def test_notes_on_the_session_that_quote_it_are_emptied(workspace: Workspace, session: SessionId) -> None:
    gone = add_recollection(workspace, session, CLIENT_RECALL, CLIENTS)
    marked = workspace.execute(MarkMoment(session, 100, FLAG, 900, f"they said: {CLIENTS}"))
    other = workspace.execute(MarkMoment(session, 100, FLAG, 900, "a thought of my own"))
    destroy_for_good(workspace, gone)
    notes = {moment.moment: moment.note for moment in workspace.store.moments.of_session(session)}
    assert notes == {marked: "", other: "a thought of my own"}


def test_a_hold_stops_it_and_twice_is_refused(workspace: Workspace, session: SessionId) -> None:
    gone = add_recollection(workspace, session, THERAPIST, THERAPISTS)
    hold = retention.place_hold(workspace, CLIENT, session, "court", TODAY + timedelta(days=9))
    with pytest.raises(UsageError, match="legal hold"):
        destroy_for_good(workspace, gone)
    assert len(recall_view(workspace, gone).words) == len(THERAPISTS.split())
    assert workspace.store.withdrawals.all() == []
    retention.lift_hold(workspace, hold.id)
    destroy_for_good(workspace, gone)
    with pytest.raises(UsageError, match="destroyed before"):
        destroy_for_good(workspace, gone)


@pytest.mark.parametrize("who", ["Bo", "Ivo", "Rhea", "Tim", "Mira"])
def test_nobody_else_destroys_it(house: House, who: str) -> None:
    desk = house.come(who)
    for recall in (house.own, house.both, house.clients):
        for deed in (goes_with, destroy_for_good):
            with pytest.raises(UsageError, match="Only the therapist"):
                deed(desk, recall)
    assert desk.store.withdrawals.all() == []


def test_whoever_recorded_it_destroys_it_only_as_long_as_they_may_read_it(house: House) -> None:
    session = house.session
    ada = house.come("Ada")
    client = ada.store.sessions.get(session).client
    (cara,) = [profile for profile in ada.profiles() if profile.name == "Cara"]
    (part,) = [row for row in ada.store.case_roles.of_client(client) if row.profile == cara.profile]
    ada.store.case_roles.end(part.id)
    desk = house.come("Cara")
    with pytest.raises(NotCoveredError):
        destroy_for_good(desk, house.clients)
    back = house.come("Ada")
    assert back.store.recalls.get(house.clients).state != DESTROYED
    back.store.case_roles.give(client, cara.profile, parse_part("inquirer"), None)
    certificate = destroy_for_good(house.come("Cara"), house.clients)
    assert certificate is not None
    assert (certificate["decided_by"], certificate["destroyed_by"]) == ("Cara", "Cara")


def test_the_therapist_destroys_what_is_closed_to_them_unread(house: House) -> None:
    ada = house.come("Ada")
    with pytest.raises(NotCoveredError):
        recall_view(ada, house.clients)
    assert destroy_for_good(ada, house.clients) is not None
    assert ada.store.recalls.get(house.clients).state == DESTROYED
