"""A vault made by the program of schema 2: consent, decisions, holds, copies; opened, copied, restored."""

from datetime import date
from pathlib import Path

import pytest
from stored_vaults import Stored

from supervise.app.client_page import client_page
from supervise.app.looking_ahead import ahead
from supervise.app.workspace import Workspace
from supervise.domain.consent import Scope
from supervise.domain.errors import NotCoveredError
from supervise.domain.ids import MomentId, SessionId
from supervise.domain.recordings import Gap, GapReason
from supervise.storage.store import Store
from supervise.storage.vault import Vault

SESSION, OPEN_MOMENT = SessionId("5e" * 16), MomentId("0a" * 16)
STORED = Stored("v2", date(2026, 11, 24))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return STORED.copied(tmp_path)


def check_content(work: Workspace) -> None:
    store = work.store
    page = client_page(work, "K-01")
    stands = {str(entry.grant): entry.state for entry in page.standing}
    assert stands["supervisor=Bea"] == stands["group=Tuesday"] == stands["own_review"] == "agreed"
    assert stands["training"] == "refused"
    assert page.records[0].details.keep_days == (("sound", 90),)
    assert [copy.recipient for copy in page.copies] == ["Dr Bo"]
    assert [(part.person, part.part) for part in page.parts] == [("Bea", "supervisor")]
    (decision,) = client_page(work, "K-02").decisions
    assert (decision.scopes, decision.kind) == (("record",), "destroy")
    assert store.retention.rules() == {"sound": 365}
    assert [hold.reason for hold in store.retention.holds()] == ["complaint pending"]
    assert store.recordings.gaps(SESSION) == (Gap(30_000, 1500, GapReason.DEVICE),)
    assert work.removed(SESSION) == ((60_000, 61_000),)
    assert store.moments.of_session(SESSION)[0].note


def test_version_2_opens_is_whole_and_is_brought_to_the_present(path: Path) -> None:
    def check(work: Workspace) -> None:
        check_content(work)
        assert ahead(work) == ()

    STORED.check_opens(path, check)


def test_a_backup_of_version_2_is_restored_with_everything(path: Path, tmp_path: Path) -> None:
    STORED.check_backup(path, tmp_path, check_content)


def test_a_folder_of_version_2_copied_by_hand_is_restored(path: Path, tmp_path: Path) -> None:
    again = STORED.restored(path, tmp_path / "again")
    check_content(again)
    again.close()


def test_the_supervisor_of_version_2_was_named_and_still_looks(path: Path) -> None:
    """The strict rule closes nothing that a client agreed to by name before it."""
    bea = STORED.opened(path, "bea", "Bea")
    assert bea.open_session(SESSION).session == SESSION
    with pytest.raises(NotCoveredError, match="K-02"):
        bea.gate.require_client("K-02", Scope.OWN_REVIEW)
    bea.close()


def test_every_key_of_version_2_opens_it(path: Path) -> None:
    STORED.check_keys(path)
    with Vault.open_with_recovery(path, STORED.secrets["bea_key"]) as vault:
        assert Store(vault).moments.of_session(SESSION)[0].moment == OPEN_MOMENT
