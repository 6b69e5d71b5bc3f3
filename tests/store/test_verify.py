"""Verifying: nothing whole is reported, everything damaged is, and the rest stays usable."""

import shutil

import pytest
from filled_vaults import CHUNK, DURATION_MS, PASSPHRASE, SOUND_BYTES, add_medium, fill, flip, sound
from vault_processes import Other, holder

from supervise.crypto.sealed import HEADER_BYTES, TAG_BYTES
from supervise.domain.errors import CancelledError, DamagedError
from supervise.storage.database import transaction
from supervise.storage.media import MediaStore
from supervise.storage.media_check import MediaCheck
from supervise.storage.store import Store
from supervise.storage.vault import Vault
from supervise.storage.verify import VerifyReport, verify

PAGE = 4096


@pytest.fixture(scope="module")
def original(tmp_path_factory, cheap_kdf):
    path = tmp_path_factory.mktemp("original") / "v"
    vault = fill(path, cheap_kdf)
    vault.inbox.append("window", {"seq": 1})
    vault.close()
    return path


@pytest.fixture
def path(original, tmp_path):
    """A copy of a filled, closed vault."""
    return shutil.copytree(original, tmp_path / "v")


def look(path) -> VerifyReport:
    with Vault.open_beside(path, PASSPHRASE) as vault:
        return verify(vault, lambda _: None)


def sessions(vault: Vault):
    return sorted(Store(vault).sessions.all(), key=lambda session: session.sound.source_sha256)


def test_a_whole_vault_is_whole(path):
    assert look(path) == VerifyReport(True, ())
    with Vault.open(path, PASSPHRASE) as vault:
        assert verify(vault, lambda _: None).ok
        actions = [
            row[0] for row in vault.db.execute("SELECT action FROM access_log ORDER BY seq DESC LIMIT 3")
        ]
        assert actions == ["verify", "open", "verify"]


def test_it_is_whole_beside_a_holder(path):
    with holder(path):
        assert look(path).ok


def test_progress_rises_to_the_end(path):
    seen: list[int] = []
    with Vault.open_beside(path, PASSPHRASE) as vault:
        verify(vault, seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1000


def test_it_can_be_stopped(path):
    with Vault.open_beside(path, PASSPHRASE) as vault, pytest.raises(CancelledError):
        verify(vault, lambda _: None, iter([False] * 8 + [True] * 99).__next__)


# -- recordings --------------------------------------------------------------------------------------


def test_a_damaged_chunk_is_named_in_minutes_and_everything_else_plays(path):
    with Vault.open(path, PASSPHRASE) as vault:
        first, second = sessions(vault)
    flip(path / "media" / f"{first.master}.sealed", HEADER_BYTES + 3 * (CHUNK + TAG_BYTES) + 50)
    (damage,) = look(path).damaged
    chunks = -(-SOUND_BYTES // CHUNK)
    assert (damage.kind, damage.id, damage.chunks, damage.chunk_count) == (
        "media",
        first.master,
        (3,),
        chunks,
    )
    start, end = (DURATION_MS * chunk // chunks // 1000 for chunk in (3, 4))
    where = f"from about {start // 60}:{start % 60:02} to {end // 60}:{end % 60:02}"
    assert damage.detail == (
        f"The recording of session {first.session[:8]} cannot be read {where}; the rest is intact."
    )
    with Vault.open(path, PASSPHRASE) as vault:
        store = MediaStore(vault)
        assert store.open(second.master).read() == sound(1)
        reader = store.open(first.master)
        reader.seek(4 * CHUNK)
        assert reader.read() == sound(0)[4 * CHUNK :]


def test_a_recording_cut_short_is_named_to_its_end(path):
    with Vault.open(path, PASSPHRASE) as vault:
        first, _ = sessions(vault)
    file = path / "media" / f"{first.master}.sealed"
    whole = file.read_bytes()
    chunks = -(-SOUND_BYTES // CHUNK)
    for left in (
        HEADER_BYTES + 10 * (CHUNK + TAG_BYTES),
        HEADER_BYTES + 10 * (CHUNK + TAG_BYTES) + 5,
        HEADER_BYTES,
    ):
        file.write_bytes(whole[:left])
        (damage,) = look(path).damaged
        kept = (left - HEADER_BYTES) // (CHUNK + TAG_BYTES)
        assert damage.chunks == tuple(range(kept, chunks))
        assert damage.detail.endswith("to 1:00:00; the rest is intact." if kept else "to 1:00:00.")


@pytest.mark.parametrize("left", [0, 5, HEADER_BYTES - 1])
def test_a_recording_without_its_start_cannot_be_read_at_all(path, left):
    with Vault.open(path, PASSPHRASE) as vault:
        first, _ = sessions(vault)
    file = path / "media" / f"{first.master}.sealed"
    file.write_bytes(file.read_bytes()[:left])
    (damage,) = look(path).damaged
    assert "cannot be read at all" in damage.detail


def test_a_missing_recording_and_a_missing_outline_are_named(path):
    with Vault.open(path, PASSPHRASE) as vault:
        first, second = sessions(vault)
    (path / "media" / f"{first.master}.sealed").unlink()
    (path / "media" / f"{second.peaks}.sealed").unlink()
    details = sorted(damage.detail for damage in look(path).damaged)
    assert details[0].startswith(f"The drawn outline of session {second.session[:8]}")
    assert details[1].startswith(f"The recording of session {first.session[:8]}")
    assert all("missing" in detail for detail in details)


def test_a_recording_in_the_place_of_another_is_damage(path):
    with Vault.open(path, PASSPHRASE) as vault:
        first, second = sessions(vault)
    shutil.copy(path / "media" / f"{first.master}.sealed", path / "media" / f"{second.master}.sealed")
    (damage,) = look(path).damaged
    assert damage.id == second.master
    assert not damage.detail.endswith("the rest is intact.")


def test_a_flipped_byte_anywhere_in_a_sealed_file_is_noticed(path):
    with Vault.open(path, PASSPHRASE) as vault:
        media_id = sessions(vault)[0].master
    file = path / "media" / f"{media_id}.sealed"
    for at in [*range(HEADER_BYTES), *range(HEADER_BYTES, file.stat().st_size, 9973), -1]:
        flip(file, at)
        with Vault.open_beside(path, PASSPHRASE) as vault:
            (damage,) = MediaCheck(vault, lambda _: None, lambda: False).run()
        assert damage.media_id == media_id
        flip(file, at)


def test_files_left_by_a_killed_import_are_no_damage_and_go_at_the_next_opening(path):
    with Vault.open(path, PASSPHRASE) as vault:
        new = MediaStore(vault).create("master")
        new.writer.write(b"half")
        new.writer.abort()
    assert look(path).ok
    Vault.open(path, PASSPHRASE).close()
    assert not (path / "media" / f"{new.media_id}.sealed").exists()
    assert look(path).ok


def test_a_recording_deleted_meanwhile_is_no_damage(path, monkeypatch):
    with Vault.open(path, PASSPHRASE) as vault, Vault.open_beside(path, PASSPHRASE) as beside:
        gone = add_medium(vault, 7, "master")

        def delete_first(permille: int) -> None:
            if vault.db.execute("SELECT 1 FROM media WHERE id = ?", [gone]).fetchone():
                store = MediaStore(vault)
                store.forget(vault.db, [gone])
                store.remove([gone])

        assert verify(beside, delete_first).ok


# -- database ----------------------------------------------------------------------------------------


def test_a_flipped_byte_on_every_page_of_the_database_is_named(path):
    """On most pages the vault still opens and verify names the page; at its root opening says it."""
    whole = (path / "vault.db").read_bytes()
    named = refused = 0
    for page in range(len(whole) // PAGE):
        changed = bytearray(whole)
        changed[page * PAGE + (page * 613) % PAGE] ^= 4
        (path / "vault.db").write_bytes(changed)
        try:
            found = look(path).damaged
        except DamagedError:
            refused += 1
            continue
        assert str(page + 1) in [damage.id for damage in found if damage.kind == "page"]
        named += 1
    assert named > 2 * refused
    (path / "vault.db").write_bytes(whole)
    assert look(path).ok


def test_a_damaged_page_leaves_the_rest_usable(path):
    with Vault.open(path, PASSPHRASE) as vault:
        root = vault.db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'windows'").fetchone()[0]
        before = sessions(vault)
    flip(path / "vault.db", (root - 1) * PAGE + 100)
    report = look(path)
    assert ("page", str(root)) in [(damage.kind, damage.id) for damage in report.damaged]
    (summary,) = [damage.detail for damage in report.damaged if damage.kind == "database"]
    assert "transcript text" in summary
    assert "moments" not in summary
    with Vault.open(path, PASSPHRASE) as vault:
        with pytest.raises(DamagedError):
            vault.db.execute("SELECT sum(length(words)) FROM windows").fetchall()
        assert sessions(vault) == before
        assert len(Store(vault).moments.of_session(before[0].session)) == 2
        with transaction(vault.db):
            vault.log("show")
        assert MediaStore(vault).open(before[0].master).read() == sound(0)


def test_a_database_cut_short_is_damage(path):
    whole = (path / "vault.db").read_bytes()
    for length in (0, 100, PAGE, len(whole) - PAGE, len(whole) - 1):
        (path / "vault.db").write_bytes(whole[:length])
        try:
            assert not look(path).ok, length
        except DamagedError:
            continue


def test_a_missing_database_is_damage(path):
    (path / "vault.db").unlink()
    with pytest.raises(DamagedError, match="backup"):
        Vault.open(path, PASSPHRASE)
    assert not (path / "vault.db").exists()


def test_an_index_that_does_not_fit_the_text_is_named(path):
    with Vault.open(path, PASSPHRASE) as vault:
        vault.db.execute("INSERT INTO search(search, rowid, text) VALUES ('delete', 1, 'never there')")
        assert [damage.kind for damage in verify(vault, lambda _: None).damaged] == ["search"]
    assert [damage.kind for damage in look(path).damaged] == ["search"]


def test_a_changed_log_is_named(path):
    with Vault.open(path, PASSPHRASE) as vault:
        vault.db.execute("DELETE FROM access_log WHERE seq = 2")
    (damage,) = look(path).damaged
    assert (damage.kind, damage.id) == ("access_log", "3")


def test_a_private_moment_that_does_not_open_is_named_to_its_author_only(path):
    with Vault.open(path, PASSPHRASE) as vault:
        vault.db.execute(
            "UPDATE moments SET sealed = zeroblob(50) WHERE private = 1 AND rowid IN"
            " (SELECT min(rowid) FROM moments WHERE private = 1)"
        )
    (damage,) = look(path).damaged
    assert damage.kind == "moment"
    with Vault.open_beside(path, "other words", "Bea") as bea:
        assert verify(bea, lambda _: None).ok


def test_a_damaged_inbox_entry_is_named(path):
    (entry,) = (path / "inbox").glob("*.sealed")
    flip(entry, 60)
    (damage,) = look(path).damaged
    assert (damage.kind, damage.id) == ("inbox", entry.stem)


# -- the write-ahead log -----------------------------------------------------------------------------

_CRASH = """
import os, signal, sys
from pathlib import Path
from supervise.storage.vault import Vault
vault = Vault.open(Path(sys.argv[1]), sys.argv[2])
for number in range(20):
    vault.log("show", f"item-{number}")
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def crashed(path):
    """A vault whose holder was killed, its last changes still in the write-ahead log."""
    with Other(_CRASH, path, PASSPHRASE) as other:
        assert other.line() == "ready"
        other.lines_after_kill()
    assert (path / "vault.db-wal").stat().st_size > 20 * PAGE
    return path


def shown(vault: Vault) -> int:
    return vault.db.execute("SELECT count(*) FROM access_log WHERE action = 'show'").fetchone()[0]


def test_a_crash_loses_nothing_and_is_no_damage(crashed):
    assert look(crashed).ok
    with Vault.open(crashed, PASSPHRASE) as vault:
        assert shown(vault) == 20


def test_a_flipped_byte_in_the_log_of_last_changes_is_named_and_never_silent(crashed, tmp_path):
    """SQLite drops what follows a damaged frame without a word; we keep a copy and say so."""
    size = (crashed / "vault.db-wal").stat().st_size
    for at in [0, 10, 20, 28, 33, 41, 50, 60, *range(100, size, size // 12), -1]:
        copy = shutil.copytree(crashed, tmp_path / "copy")
        flip(copy / "vault.db-wal", at)
        (damage,) = look(copy).damaged
        assert (damage.kind, damage.id) == ("changes", "vault.db-wal.damaged"), at
        with Vault.open(copy, PASSPHRASE) as vault:
            assert not verify(vault, lambda _: None).ok
        (copy / "vault.db-wal.damaged").unlink()
        assert look(copy).ok
        shutil.rmtree(copy)
