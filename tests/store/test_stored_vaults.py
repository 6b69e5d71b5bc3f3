"""Vaults made by every released program: each opens, is whole, and is brought to the present schema."""

import importlib.util
import json
import shutil
from pathlib import Path

import pytest

from supervise.domain.consent import Scope
from supervise.domain.errors import WrongKeyError
from supervise.storage.database import connect
from supervise.storage.media import MediaStore
from supervise.storage.migrations import STEPS, migrate, schema_number
from supervise.storage.store import Store
from supervise.storage.vault import Vault
from supervise.storage.verify import verify

STORED = Path(__file__).resolve().parents[1] / "data" / "vaults"
SECRETS = json.loads((STORED / "v1.json").read_text())


def _script(name: str):
    spec = importlib.util.spec_from_file_location(name, STORED / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MADE = _script("make_v1")


@pytest.fixture
def path(tmp_path):
    folder = shutil.copytree(STORED / "v1", tmp_path / "v1")
    for name in ("media", "inbox"):
        (folder / name).mkdir(exist_ok=True)
    return folder


def test_version_1_opens_and_is_whole(path):
    with Vault.open(path, SECRETS["passphrase"]) as vault:
        assert [profile.name for profile in vault.profiles()] == ["Anna", "Bea"]
        assert schema_number(vault.db) == max(STEPS)
        assert verify(vault, lambda _: None).damaged == ()
        actions = [row[0] for row in vault.db.execute("SELECT action FROM access_log ORDER BY seq")]
        assert "transcribe" in actions  # the line that waited in the inbox
        assert [entry.payload for entry in vault.pending_entries()] == [{"seq": 1}]


def test_every_key_of_version_1_opens_it(path):
    Vault.open(path, SECRETS["bea"], "Bea").close()
    for key, name in ((SECRETS["recovery_key"], "Anna"), (SECRETS["bea_key"], "Bea")):
        with Vault.open_with_recovery(path, key) as vault:
            assert vault.profile.name == name
    with pytest.raises(WrongKeyError):
        Vault.open(path, "not the passphrase")


def test_the_content_of_version_1_is_all_there(path):
    with Vault.open(path, SECRETS["passphrase"]) as vault:
        store = Store(vault)
        session = store.sessions.get(MADE.SESSION)
        assert (session.client_code, session.title, session.held_on) == ("K-01", "First hour", "2026-11-02")
        assert (session.sound.samples, session.sound.duration_ms) == (960_000, 120_000)
        assert MediaStore(vault).open(session.master).read() == MADE.SOUND
        (consent,) = store.consents.of_client(session.client)
        assert consent.granted == {Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW}
        words = store.transcripts.words(MADE.TRANSCRIPT)
        assert [word.text for word in words] == ["so", "how", "was", "it", "then"]
        assert [word.speaker for word in words] == ["A", "A", "A", "B", "B"]
        assert store.transcripts.names(MADE.SESSION).name("B") == "client"
        notes = {moment.moment: moment.note for moment in store.moments.of_session(MADE.SESSION)}
        assert notes == {MADE.OPEN_MOMENT: "a pause that held", MADE.PRIVATE_MOMENT: "I was afraid"}
        newest = store.history.top()
        assert newest is not None
        assert newest[1] == {"step": "stored"}
        assert [hit.ref for hit in store.search.matches("held")] == [MADE.OPEN_MOMENT]


def test_bea_sees_what_is_not_private_in_version_1(path):
    with Vault.open(path, SECRETS["bea"], "Bea") as vault:
        (moment,) = Store(vault).moments.of_session(MADE.SESSION)
        assert moment.moment == MADE.OPEN_MOMENT


def test_version_1_migrated_has_the_schema_of_a_new_vault(path, tmp_path):
    """Also fails when a released schema text is edited: then the stored vault no longer fits it."""
    fresh = connect(tmp_path / "fresh.db", bytes(32))
    migrate(fresh, tmp_path / "fresh.db", bytes(32))
    query = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name"
    with Vault.open(path, SECRETS["passphrase"]) as vault:
        assert vault.db.execute(query).fetchall() == fresh.execute(query).fetchall()
    fresh.close()
