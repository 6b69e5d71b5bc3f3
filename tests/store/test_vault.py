"""The vault: made whole or not at all, opened by its own passphrases and keys, held by one process."""

import json
import os
import signal
import stat

import pytest
from vault_processes import PASSPHRASE, holder, try_to_open

from supervise.crypto.keys import KdfParams
from supervise.domain.errors import (
    DamagedError,
    NotReadableError,
    UsageError,
    VaultInUseError,
    VaultLockedError,
    WrongKeyError,
)
from supervise.domain.moments import Perspective
from supervise.storage.media import MediaStore
from supervise.storage.vault import Vault

NAME = "Anna Blom"


@pytest.fixture
def made(tmp_path, cheap_kdf):
    """A closed vault and its recovery key."""
    vault, recovery_key = Vault.create(tmp_path / "v", NAME, Perspective.THERAPIST, PASSPHRASE, kdf=cheap_kdf)
    vault.close()
    return vault.path, recovery_key


@pytest.fixture
def path(made):
    return made[0]


def actions(vault: Vault) -> list[str]:
    return [row[0] for row in vault.db.execute("SELECT action FROM access_log ORDER BY seq")]


# -- making ------------------------------------------------------------------------------------------


def test_a_new_vault_is_open_for_its_first_profile(tmp_path, cheap_kdf):
    vault, recovery_key = Vault.create(
        tmp_path / "v", f"  {NAME} ", Perspective.THERAPIST, "x", kdf=cheap_kdf
    )
    with vault:
        assert (vault.profile.name, vault.profile.role) == (NAME, Perspective.THERAPIST)
        assert vault.profiles() == [vault.profile]
        assert not vault.locked
    assert recovery_key.count("-") == 8


def test_everything_in_it_is_for_its_owner_only(path):
    entries = [path, *path.rglob("*")]
    assert {entry.name for entry in entries} >= {"vault.json", "vault.db", "media", "inbox"}
    for entry in entries:
        mode = stat.S_IMODE(entry.lstat().st_mode)
        assert mode == (0o700 if entry.is_dir() else 0o600), entry.name


def test_modes_hold_while_it_is_open_whatever_the_umask(tmp_path, cheap_kdf):
    before = os.umask(0)
    try:
        vault, _ = Vault.create(tmp_path / "v", NAME, Perspective.THERAPIST, PASSPHRASE, kdf=cheap_kdf)
        with vault:
            for entry in vault.path.rglob("*"):
                assert not entry.lstat().st_mode & 0o077, entry.name
    finally:
        os.umask(before)


def test_nothing_readable_in_it_names_a_person(path):
    with Vault.open(path, PASSPHRASE) as vault:
        vault.add_profile("Bea Carlsson", Perspective.SUPERVISOR, "other words", kdf=KdfParams(iterations=1))
        for entry in path.rglob("*"):
            if entry.is_file():
                raw = entry.read_bytes()
                assert not any(
                    word in raw for word in (b"Anna Blom", b"Bea Carls", b"Carlsson", PASSPHRASE.encode())
                )
        holder_values = json.loads((path / "vault.holder").read_bytes())
    assert holder_values.keys() == {"pid", "since"}


@pytest.mark.parametrize("words", ["", "   ", "\n"])
def test_an_empty_passphrase_makes_no_vault(tmp_path, words):
    with pytest.raises(UsageError, match="empty"):
        Vault.create(tmp_path / "v", NAME, Perspective.THERAPIST, words)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_an_impossible_name_makes_no_vault(tmp_path, name):
    with pytest.raises(UsageError, match="name"):
        Vault.create(tmp_path / "v", name, Perspective.THERAPIST, PASSPHRASE)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_becomes_a_vault_and_a_full_one_is_left_alone(tmp_path, cheap_kdf):
    (tmp_path / "empty").mkdir()
    Vault.create(tmp_path / "empty", NAME, Perspective.THERAPIST, PASSPHRASE, kdf=cheap_kdf)[0].close()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        Vault.create(tmp_path / "full", NAME, Perspective.THERAPIST, PASSPHRASE, kdf=cheap_kdf)
    with pytest.raises(UsageError, match="is a file"):
        Vault.create(tmp_path / "full" / "letter", NAME, Perspective.THERAPIST, PASSPHRASE, kdf=cheap_kdf)
    assert (tmp_path / "full" / "letter").read_text() == "mine"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["empty", "full"]


def test_real_vaults_are_made_at_the_floor(tmp_path):
    vault, _ = Vault.create(tmp_path / "v", NAME, Perspective.THERAPIST, PASSPHRASE)
    vault.close()
    kdf = json.loads((vault.path / "vault.json").read_bytes())["slots"][0]["kdf"]
    assert (kdf["algorithm"], kdf["iterations"], kdf["memory_kib"], kdf["lanes"]) == ("argon2id", 3, 65536, 4)


# -- opening -----------------------------------------------------------------------------------------


def test_it_opens_again_and_says_so_in_its_log(path):
    with Vault.open(path, PASSPHRASE) as vault:
        assert vault.profile.name == NAME
    with Vault.open(path, PASSPHRASE) as vault:
        assert actions(vault) == ["open", "close", "open", "close", "open"]


def test_a_wrong_passphrase_opens_nothing_and_holds_nothing(path):
    with pytest.raises(WrongKeyError) as caught:
        Vault.open(path, PASSPHRASE + "!")
    assert caught.value.exit_code == 3
    assert PASSPHRASE not in str(caught.value)
    Vault.open(path, PASSPHRASE).close()


def test_where_there_is_no_vault_it_says_so(tmp_path):
    for place in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(NotReadableError, match="no vault"):
            Vault.open(place, PASSPHRASE)
    assert list(tmp_path.iterdir()) == []


def test_a_path_through_a_link_is_the_same_vault(path, tmp_path):
    (tmp_path / "link").symlink_to(path)
    with Vault.open(tmp_path / "link", PASSPHRASE) as vault, pytest.raises(VaultInUseError):
        assert vault.path == path
        Vault.open(path, PASSPHRASE)


@pytest.mark.parametrize("name", ["vault.json", "vault.db", "vault.lock", "media", "inbox"])
def test_links_inside_it_are_not_followed(path, tmp_path, name):
    (path / "vault.spare.json").unlink()
    (path / name).rename(tmp_path / "elsewhere")
    (path / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DamagedError, match="plain file"):
        Vault.open(path, PASSPHRASE)


def test_a_newer_format_is_refused_in_plain_words(path):
    for name in ("vault.json", "vault.spare.json"):
        values = json.loads((path / name).read_bytes())
        (path / name).write_text(json.dumps({**values, "format": 2}))
    with pytest.raises(DamagedError, match="newer version of the program") as caught:
        Vault.open(path, PASSPHRASE)
    assert caught.value.exit_code == 4


def test_no_repr_shows_a_secret(path):
    with Vault.open(path, PASSPHRASE) as vault:
        master = vault.media_key.hex()
        assert repr(vault) == "<Vault open>"
        assert NAME not in repr(vault)
        assert master not in repr(vault.__dict__)
        assert PASSPHRASE not in repr(vault.__dict__)
        assert "Keys(...)" in repr(vault.__dict__)


# -- one holder --------------------------------------------------------------------------------------


def test_a_second_process_is_told_who_holds_it(path):
    with holder(path) as other:
        with pytest.raises(VaultInUseError, match=rf"process {other.pid}, since 2\d\d\d-") as caught:
            Vault.open(path, PASSPHRASE)
        assert caught.value.exit_code == 6
    Vault.open(path, PASSPHRASE).close()


def test_another_process_leaves_with_code_6(path):
    with Vault.open(path, PASSPHRASE):
        code, said = try_to_open(path)
    assert code == 6
    assert f"process {os.getpid()}" in said
    assert try_to_open(path) == (0, "")


def test_a_killed_holder_holds_nothing(path):
    with holder(path) as other:
        os.kill(other.pid, signal.SIGKILL)
        assert other.lines_after_kill() == []
    with Vault.open(path, PASSPHRASE) as vault:
        assert actions(vault)[-2:] == ["open", "open"]


def test_it_stays_held_while_it_is_locked(path):
    with Vault.open(path, PASSPHRASE) as vault:
        vault.lock()
        assert try_to_open(path)[0] == 6


def test_beside_a_holder_one_may_look_but_not_write(path):
    with holder(path), Vault.open_beside(path, PASSPHRASE) as beside:
        assert beside.beside
        assert [profile.name for profile in beside.profiles()] == [NAME]
        with pytest.raises(UsageError, match="only be read"):
            beside.db.execute("DELETE FROM profiles")
        with pytest.raises(UsageError, match="only be read"):
            beside.replace_recovery_key()
        beside.log("verify")
    with Vault.open(path, PASSPHRASE) as vault:
        assert actions(vault)[-3:] == ["close", "verify", "open"]


# -- locking -----------------------------------------------------------------------------------------


def test_locked_means_that_nothing_can_be_read(path):
    with Vault.open(path, PASSPHRASE) as vault:
        sealed = vault.private_seal(b"note", b"ctx")
        vault.lock()
        assert vault.locked
        for attempt in (
            lambda: vault.db,
            lambda: vault.media_key,
            lambda: vault.database_key,
            lambda: vault.private_seal(b"", b""),
            lambda: vault.private_open(sealed, b"ctx"),
            vault.profiles,
            vault.pending_entries,
            vault.replace_recovery_key,
        ):
            with pytest.raises(VaultLockedError):
                attempt()
        vault.unlock(PASSPHRASE)
        assert vault.private_open(sealed, b"ctx") == b"note"
        assert actions(vault)[-2:] == ["lock", "unlock"]


def test_a_wrong_passphrase_leaves_it_locked(path):
    with Vault.open(path, PASSPHRASE) as vault:
        vault.lock()
        with pytest.raises(WrongKeyError):
            vault.unlock("no")
        assert vault.locked
        vault.unlock(PASSPHRASE)


def test_what_is_logged_while_locked_is_taken_in_afterwards_in_its_place(path):
    with Vault.open(path, PASSPHRASE) as vault:
        vault.lock()
        vault.log("transcribe", "some-id", "3 windows")
        assert len(vault.inbox.entry_ids()) == 1
        vault.unlock(PASSPHRASE)
        assert actions(vault)[-3:] == ["lock", "transcribe", "unlock"]
        assert vault.inbox.entry_ids() == []


def test_another_profile_may_unlock_it(path, cheap_kdf):
    with Vault.open(path, PASSPHRASE) as vault:
        bea, _ = vault.add_profile("Bea", Perspective.SUPERVISOR, "other words", kdf=cheap_kdf)
        vault.lock()
        with pytest.raises(WrongKeyError):
            vault.unlock("other words")
        vault.unlock("other words", "Bea")
        assert vault.profile == bea


def test_a_recovery_key_unlocks_too(made):
    path, recovery_key = made
    with Vault.open(path, PASSPHRASE) as vault:
        vault.lock()
        vault.unlock_with_recovery(recovery_key)
        assert not vault.locked


def test_locking_closes_what_is_being_played(path):
    with Vault.open(path, PASSPHRASE) as vault:
        store = MediaStore(vault)
        new = store.create("master")
        new.writer.write(bytes(1000))
        new.finish()
        new.register(vault.db)
        reader = store.open(new.media_id)
        vault.lock()
        assert reader.closed


def test_a_view_for_a_job_reads_until_the_vault_locks(path):
    with Vault.open(path, PASSPHRASE) as vault, vault.view() as view:
        assert view.profiles() == vault.profiles()
        view.log("backup")
        with pytest.raises(UsageError, match="only be read"):
            view.db.execute("DELETE FROM profiles")
        vault.lock()
        with pytest.raises(VaultLockedError):
            view.profiles()
        vault.unlock(PASSPHRASE)
        assert "backup" in actions(vault)
