"""Backup beside a holder that goes on writing, and restoring with proof; whole or nothing, both."""

import os
import shutil
import subprocess

import pytest
from filled_vaults import PASSPHRASE, PHRASE, add_medium, add_session, fill, flip, sound
from vault_processes import Other, holder, run

from supervise.domain.errors import (
    CancelledError,
    DamagedError,
    NoSpaceError,
    NotReadableError,
    UsageError,
    VaultInUseError,
    WrongKeyError,
)
from supervise.storage.backup import backup, restore
from supervise.storage.media import MediaStore
from supervise.storage.store import Store
from supervise.storage.vault import Vault
from supervise.storage.verify import verify


def never() -> bool:
    return False


def quiet(_: int) -> None:
    pass


@pytest.fixture(scope="module")
def original(tmp_path_factory, cheap_kdf):
    path = tmp_path_factory.mktemp("original") / "v"
    fill(path, cheap_kdf).close()
    return path


@pytest.fixture
def path(original, tmp_path):
    return shutil.copytree(original, tmp_path / "v")


def copy(path, target) -> None:
    with Vault.open_beside(path, PASSPHRASE) as vault:
        backup(vault, target, quiet, never)


def sessions(path) -> list[str]:
    with Vault.open(path, PASSPHRASE) as vault:
        assert verify(vault, quiet).ok
        return sorted(session.session for session in Store(vault).sessions.all())


def names(folder) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_backup_is_a_vault_for_everybody_who_had_one(path, tmp_path):
    copy(path, tmp_path / "b")
    assert sessions(tmp_path / "b") == sessions(path)
    with Vault.open(tmp_path / "b", "other words", "Bea") as vault:
        assert MediaStore(vault).open(Store(vault).sessions.all()[0].master).size > 0


def test_a_backup_is_for_its_owner_only_and_holds_nothing_else(path, tmp_path):
    (path / "letter.txt").write_text("mine")
    (path / "media" / "stray.txt").write_text("mine")
    copy(path, tmp_path / "b")
    assert names(tmp_path / "b") == ["inbox", "media", "vault.db", "vault.json", "vault.spare.json"]
    for entry in (tmp_path / "b").rglob("*"):
        assert not entry.lstat().st_mode & 0o077
        assert not entry.is_file() or PHRASE.encode() not in entry.read_bytes()
    assert names(tmp_path) == ["b", "v"]


def test_the_log_tells_of_it(path, tmp_path):
    copy(path, tmp_path / "b")
    with Vault.open(path, PASSPHRASE) as vault:
        last = vault.db.execute("SELECT action, detail FROM access_log ORDER BY seq DESC LIMIT 2").fetchall()
        assert last == [("open", ""), ("backup", "4 media")]


def test_the_holder_may_make_one_itself(path, tmp_path):
    with Vault.open(path, PASSPHRASE) as vault:
        vault.lock()
        vault.log("transcribe")
        vault.inbox.append("window", {"seq": 1})
        vault.unlock(PASSPHRASE)
        backup(vault, tmp_path / "b", quiet, never)
    with Vault.open(tmp_path / "b", PASSPHRASE) as again:
        assert [entry.payload for entry in again.pending_entries()] == [{"seq": 1}]
        assert verify(again, quiet).ok


def test_an_entry_in_the_inbox_brings_the_recording_it_speaks_of(path, tmp_path):
    with Vault.open(path, PASSPHRASE) as vault:
        new = MediaStore(vault).create("master")
        new.finish()
        vault.inbox.append("import", {"media": new.describe()})
        backup(vault, tmp_path / "b", quiet, never)
    assert (tmp_path / "b" / "media" / f"{new.media_id}.sealed").exists()


_WRITE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from filled_vaults import add_session
from supervise.storage.media import MediaStore
from supervise.storage.store import Store
from supervise.storage.vault import Vault
vault = Vault.open(Path(sys.argv[1]), sys.argv[2])
store, media, number, made = Store(vault), MediaStore(vault), 10, []
print("writing", flush=True)
import select
while not select.select([sys.stdin], [], [], 0)[0]:
    made.append(add_session(vault, number))
    number += 1
    vault.db.execute("INSERT INTO clients VALUES (?, ?, 'now')", [str(number), f"client {number}"])
    if len(made) > 3:
        gone = store.sessions.get(made.pop(0))
        with vault.db.atomic():
            for table in ("windows WHERE transcript_id IN (SELECT id FROM transcripts WHERE session_id = ?)",
                          "transcripts WHERE session_id = ?", "moments WHERE session_id = ?",
                          "search_rows WHERE session_id = ?", "sessions WHERE id = ?"):
                vault.db.execute(f"DELETE FROM {table}", [gone.session])
            media.forget(vault.db, [gone.master, gone.peaks])
        media.remove([gone.master, gone.peaks])
    print(number, flush=True)
vault.close()
"""


def test_backups_beside_a_holder_that_adds_and_deletes_all_the_time_are_whole(path, tmp_path):
    before = sessions(path)
    with Other(_WRITE, path, PASSPHRASE, os.path.dirname(__file__)) as other:  # noqa: PTH120
        assert other.line() == "writing"
        other.line()
        for number in range(4):
            copy(path, tmp_path / f"b{number}")
            assert set(before) <= set(sessions(tmp_path / f"b{number}"))
    assert set(before) <= set(sessions(path))
    with Vault.open(path, PASSPHRASE) as vault:
        query = "SELECT count(*) FROM access_log WHERE action = 'backup'"
        assert vault.db.execute(query).fetchone()[0] == 4


def test_nothing_is_overwritten(path, tmp_path):
    for target in (tmp_path / "full", tmp_path / "full" / "letter", path, path / "media" / "b"):
        (tmp_path / "full").mkdir(exist_ok=True)
        (tmp_path / "full" / "letter").write_text("mine")
        with Vault.open_beside(path, PASSPHRASE) as vault, pytest.raises(UsageError):
            backup(vault, target, quiet, never)
        with pytest.raises(UsageError):
            restore(path, target, PASSPHRASE, quiet, never)
    assert (tmp_path / "full" / "letter").read_text() == "mine"
    assert names(tmp_path) == ["full", "v"]


@pytest.mark.parametrize("after", [0, 2])
def test_a_cancelled_backup_or_restore_leaves_nothing(path, tmp_path, after):
    with Vault.open_beside(path, PASSPHRASE) as vault, pytest.raises(CancelledError):
        backup(vault, tmp_path / "b", quiet, iter([False] * after + [True] * 99).__next__)
    with pytest.raises(CancelledError):
        restore(path, tmp_path / "r", PASSPHRASE, quiet, iter([False] * after + [True] * 99).__next__)
    assert names(tmp_path) == ["v"]


_FULL = """
import resource, sys
from pathlib import Path
from supervise.domain.errors import SuperviseError
from supervise.storage.backup import backup, restore
from supervise.storage.vault import Vault
source, target, words = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
vault = Vault.open_beside(source, words)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), int(sys.argv[4])))
try:
    backup(vault, target, lambda _: None, lambda: False)
except SuperviseError as error:
    vault.close()
    try:
        restore(source, target, words, lambda _: None, lambda: False)
    except SuperviseError as second:
        print(error.exit_code, second.exit_code)
"""


@pytest.mark.parametrize("limit", [100, 4096, 100_000])
def test_a_full_disk_leaves_nothing(path, tmp_path, limit):
    assert run(_FULL, path, tmp_path / "b", PASSPHRASE, limit) == (0, "8 8\n")
    assert names(tmp_path) == ["v"]
    assert len(sessions(path)) == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a tmpfs needs root")
def test_a_really_full_disk_leaves_nothing(path, tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "none", small], check=False)
    if mounted.returncode:
        pytest.skip("mounting a tmpfs needs root outside a container")
    try:
        with Vault.open_beside(path, PASSPHRASE) as vault, pytest.raises(NoSpaceError):
            backup(vault, small / "b", quiet, never)
        with pytest.raises(NoSpaceError):
            restore(path, small / "r", PASSPHRASE, quiet, never)
        assert names(small) == []
    finally:
        subprocess.run(["umount", small], check=True)


# -- restoring ---------------------------------------------------------------------------------------


def test_a_restored_vault_opens_and_is_whole(path, tmp_path):
    copy(path, tmp_path / "b")
    seen: list[int] = []
    report = restore(tmp_path / "b", tmp_path / "r", PASSPHRASE, seen.append, never)
    assert report.ok
    assert seen == sorted(seen)
    assert seen[-1] == 1000
    assert sessions(tmp_path / "r") == sessions(path)
    with Vault.open(tmp_path / "r", PASSPHRASE) as vault:
        actions = [row[0] for row in vault.db.execute("SELECT action FROM access_log")]
        assert "restore" in actions


def test_a_closed_vault_can_be_restored_from_directly(path, tmp_path):
    restore(path, tmp_path / "r", PASSPHRASE, quiet, never)
    assert sessions(tmp_path / "r") == sessions(path)


def test_a_vault_in_use_is_not_copied_file_by_file(path, tmp_path):
    with holder(path), pytest.raises(VaultInUseError, match="backup"):
        restore(path, tmp_path / "r", PASSPHRASE, quiet, never)
    assert names(tmp_path) == ["v"]


def test_a_wrong_passphrase_restores_nothing(path, tmp_path):
    with pytest.raises(WrongKeyError):
        restore(path, tmp_path / "r", "no", quiet, never)
    assert names(tmp_path) == ["v"]


def test_no_vault_restores_nothing(tmp_path):
    with pytest.raises(NotReadableError):
        restore(tmp_path / "nowhere", tmp_path / "r", PASSPHRASE, quiet, never)
    assert names(tmp_path) == []


def test_a_backup_with_a_damaged_recording_is_restored_and_named(path, tmp_path):
    copy(path, tmp_path / "b")
    file = next((tmp_path / "b" / "media").iterdir())
    flip(file, 5000)
    report = restore(tmp_path / "b", tmp_path / "r", PASSPHRASE, quiet, never)
    assert [damage.id for damage in report.damaged] == [file.stem]


def test_a_backup_that_does_not_open_restores_nothing(path, tmp_path):
    copy(path, tmp_path / "b")
    flip(tmp_path / "b" / "vault.db", 3)
    with pytest.raises(DamagedError):
        restore(tmp_path / "b", tmp_path / "r", PASSPHRASE, quiet, never)
    assert names(tmp_path) == ["b", "v"]


def test_a_link_in_a_backup_is_not_followed(path, tmp_path):
    copy(path, tmp_path / "b")
    media = next((tmp_path / "b" / "media").iterdir())
    (tmp_path / "secret").write_text("not part of it")
    media.unlink()
    media.symlink_to(tmp_path / "secret")
    report = restore(tmp_path / "b", tmp_path / "r", PASSPHRASE, quiet, never)
    assert [damage.id for damage in report.damaged] == [media.stem]
    assert not (tmp_path / "r" / "media" / media.name).exists()


def test_a_backup_on_a_read_only_disk_can_be_verified(path, tmp_path):
    copy(path, tmp_path / "b")
    mounted = subprocess.run(
        ["mount", "--bind", tmp_path / "b", tmp_path / "b"], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting needs root outside a container")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", tmp_path / "b"], check=True)
        with Vault.open_beside(tmp_path / "b", PASSPHRASE) as vault:
            assert verify(vault, quiet).ok
        with pytest.raises(UsageError, match="only be read"):
            Vault.open(tmp_path / "b", PASSPHRASE)
        assert restore(tmp_path / "b", tmp_path / "r", PASSPHRASE, quiet, never).ok
    finally:
        subprocess.run(["umount", tmp_path / "b"], check=True)


def test_media_added_beside_are_copied_byte_for_byte(path, tmp_path):
    with Vault.open(path, PASSPHRASE) as vault:
        add_session(vault, 5)
        media_id = add_medium(vault, 9, "master")
        backup(vault, tmp_path / "b", quiet, never)
    with Vault.open(tmp_path / "b", PASSPHRASE) as vault:
        assert MediaStore(vault).open(media_id).read() == sound(9)
