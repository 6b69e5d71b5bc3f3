"""Sealed media in a vault: written under keys of their own, registered, destroyed with the key."""

import pytest
from filled_vaults import PASSPHRASE, add_medium, sound
from vault_processes import run

from supervise.domain.errors import DamagedError, NoSpaceError, NotCoveredError, UsageError, VaultLockedError
from supervise.domain.ids import MediaId, new_id
from supervise.domain.moments import Perspective
from supervise.storage.database import transaction
from supervise.storage.media import MediaStore
from supervise.storage.vault import Vault
from supervise.storage.verify import verify


@pytest.fixture
def vault(tmp_path, cheap_kdf):
    vault, _ = Vault.create(tmp_path / "v", "Anna", Perspective.THERAPIST, PASSPHRASE, kdf=cheap_kdf)
    with vault:
        yield vault


@pytest.fixture
def store(vault):
    return MediaStore(vault)


def test_what_was_written_is_read(vault, store):
    media_id = add_medium(vault, 1, "master")
    with store.open(media_id) as reader:
        assert reader.read() == sound(1)
    assert not store.path(media_id).stat().st_mode & 0o077


def test_nothing_of_it_is_readable_and_its_name_says_nothing(vault, store):
    new = store.create("master")
    new.writer.write(b"a most private word " * 1000)
    new.finish()
    new.register(vault.db)
    raw = store.path(new.media_id).read_bytes()
    assert b"private" not in raw
    assert new.media_id.encode() not in raw


def test_media_have_different_keys(vault, store):
    keys = {store.data_key(add_medium(vault, 1, "master")) for _ in range(3)}
    assert len(keys) == 3


def test_a_registration_rolled_back_leaves_no_row(vault, store):
    new = store.create("master")
    new.finish()
    with pytest.raises(ZeroDivisionError), transaction(vault.db):
        new.register(vault.db)
        raise ZeroDivisionError
    with pytest.raises(UsageError):
        store.open(new.media_id)
    new.discard()
    assert store.file_ids() == set()


def test_registering_twice_changes_nothing(vault, store):
    new = store.create("master")
    new.finish()
    new.register(vault.db)
    new.register(vault.db)
    assert vault.db["media"].count == 1


def test_an_unfinished_medium_cannot_be_registered(vault, store):
    new = store.create("master")
    with pytest.raises(RuntimeError):
        new.register(vault.db)
    new.discard()


def test_discarding_leaves_nothing_and_may_be_done_twice(store):
    new = store.create("master")
    new.writer.write(bytes(200_000))
    new.discard()
    new.discard()
    assert store.file_ids() == set()


def test_writing_goes_on_while_the_vault_is_locked(vault, store):
    new = store.create("master")
    new.writer.write(b"before ")
    vault.lock()
    new.writer.write(b"after")
    new.finish()
    with pytest.raises(VaultLockedError):
        new.register(vault.db)
    with pytest.raises(VaultLockedError):
        store.open(new.media_id)
    vault.unlock(PASSPHRASE)
    new.register(vault.db)
    assert store.open(new.media_id).read() == b"before after"


def test_a_forgotten_medium_is_gone_with_its_key(vault, store):
    media_id = add_medium(vault, 1, "master")
    wrapped = vault.db.execute("SELECT wrapped_key FROM media").fetchone()[0]
    kept = store.path(media_id).read_bytes()
    with transaction(vault.db):
        store.forget(vault.db, [media_id])
    store.remove([media_id])
    assert store.file_ids() == set()
    with pytest.raises(UsageError):
        store.open(media_id)
    assert (vault.path / "vault.db-wal").stat().st_size == 0
    assert wrapped not in (vault.path / "vault.db").read_bytes()
    assert kept


def test_an_unknown_medium_is_said_to_be_unknown(store):
    with pytest.raises(UsageError):
        store.open(MediaId(new_id()))


def test_a_destroyed_key_is_said_to_be_destroyed(vault, store):
    media_id = add_medium(vault, 1, "master")
    vault.db.execute("UPDATE media SET wrapped_key = NULL")
    with pytest.raises(NotCoveredError, match="destroyed"):
        store.open(media_id)
    vault.db.execute("UPDATE media SET wrapped_key = zeroblob(40)")
    with pytest.raises(DamagedError, match="damaged"):
        store.open(media_id)


def test_a_link_in_the_place_of_a_medium_is_not_followed(vault, store, tmp_path):
    media_id = add_medium(vault, 1, "master")
    store.path(media_id).rename(tmp_path / "elsewhere")
    store.path(media_id).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DamagedError, match="plain file"):
        store.open(media_id)


def test_a_recording_that_was_cut_off_can_be_opened_when_asked_for(vault, store):
    new = store.create("master", 4096)
    new.writer.write(sound(3))
    new.writer.sync()
    new.writer.abort()
    new.register(vault.db, open_end=True)
    assert verify(vault, lambda _: None).ok
    with store.open(new.media_id, allow_open_end=True) as reader:
        assert not reader.complete
        assert reader.read() == sound(3)[: reader.size]
        assert reader.size > len(sound(3)) - 4096
    with store.open(new.media_id) as reader, pytest.raises(DamagedError):
        reader.read()


_FILL = """
import resource, sys
from pathlib import Path
from supervise.domain.errors import NoSpaceError
from supervise.storage.media import MediaStore
from supervise.storage.vault import Vault
vault = Vault.open(Path(sys.argv[1]), sys.argv[2])
store = MediaStore(vault)
resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))
new = store.create("master")
try:
    while True:
        new.writer.write(bytes(10_000))
except NoSpaceError:
    try:
        new.finish()
    except NoSpaceError:
        pass
    new.discard()
    assert store.file_ids() == set()
    vault.log("import", detail="failed")
    vault.close()
    sys.exit(8)
"""


def test_a_full_disk_leaves_no_half_recording_and_the_vault_goes_on(vault):
    path = vault.path
    vault.close()
    assert run(_FILL, path, PASSPHRASE) == (NoSpaceError.exit_code, "")
    with Vault.open(path, PASSPHRASE) as again:
        assert again.db["media"].count == 0
