"""kill -9 at any moment: what was acknowledged is there, the vault opens, and nothing half-made counts."""

import os
import random
import select
import signal

import pytest
from filled_vaults import PASSPHRASE, add_session
from vault_processes import Other

from supervise.domain.moments import Perspective
from supervise.storage.store import Store
from supervise.storage.vault import Vault
from supervise.storage.verify import verify

KILLS = int(os.environ.get("SUPERVISE_SOAK_KILLS", "8"))
STORE_TESTS = os.path.join(os.path.dirname(os.path.dirname(__file__)), "store")  # noqa: PTH118, PTH120

_WORK = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from filled_vaults import add_session
from supervise.crypto.keys import KdfParams
from supervise.storage.media import MediaStore
from supervise.storage.vault import Vault
vault = Vault.open(Path(sys.argv[1]), sys.argv[2])
cheap = KdfParams(iterations=1, memory_kib=8, lanes=1)
for number in range(10**6):
    session = add_session(vault, int(sys.argv[4]) * 10**6 + number)
    print("session", session, flush=True)
    half = MediaStore(vault).create("master")
    half.writer.write(bytes(300_000))
    vault.lock()
    entry = vault.inbox.append("window", {"number": number})
    print("entry", entry, flush=True)
    vault.unlock(sys.argv[2])
    for pending in vault.pending_entries():
        with vault.taking(pending) as db:
            db.execute("INSERT INTO meta VALUES (?, '')", ["test:" + pending.id])
        print("taken", pending.id, flush=True)
    vault.change_passphrase(sys.argv[2], sys.argv[2], kdf=cheap)
    half.discard()
"""


@pytest.fixture
def path(tmp_path, cheap_kdf):
    vault, _ = Vault.create(tmp_path / "v", "Anna", Perspective.THERAPIST, PASSPHRASE, kdf=cheap_kdf)
    vault.close()
    return vault.path


def test_nothing_acknowledged_is_lost_however_often_it_is_killed(path):
    dice = random.Random(2)
    acknowledged: dict[str, set[str]] = {"session": set(), "entry": set(), "taken": set()}
    for run_number in range(KILLS):
        with Other(_WORK, path, PASSPHRASE, STORE_TESTS, run_number) as other:
            seen = [other.line() for _ in range(dice.randint(1, 12))]
            select.select([], [], [], dice.random() * 0.03)  # a random moment of its work
            os.kill(other.pid, signal.SIGKILL)
            seen += other.lines_after_kill()
        for line in seen:
            kind, _, name = line.partition(" ")
            if len(name) >= 32:
                acknowledged[kind].add(name)
        _check(path, acknowledged)
    assert len(acknowledged["session"]) >= KILLS // 2


def _check(path, acknowledged) -> None:
    with Vault.open_beside(path, PASSPHRASE) as beside:
        assert verify(beside, lambda _: None).damaged == ()
    with Vault.open(path, PASSPHRASE) as vault:
        sessions = {session.session for session in Store(vault).sessions.all()}
        assert acknowledged["session"] <= sessions
        pending = {entry.id for entry in vault.pending_entries()}
        taken = {row[0][5:] for row in vault.db.execute("SELECT key FROM meta WHERE key LIKE 'test:%'")}
        assert acknowledged["entry"] <= pending | taken
        assert acknowledged["taken"] <= taken
        assert not pending & taken
        listed = {f"{row[0]}.sealed" for row in vault.db.execute("SELECT id FROM media")}
        assert {file.name for file in (path / "media").iterdir()} == listed
    assert not list(path.glob(".*"))


_CREATE = """
import sys
from pathlib import Path
from supervise.crypto.keys import KdfParams
from supervise.domain.moments import Perspective
from supervise.storage.vault import Vault
cheap = KdfParams(iterations=1, memory_kib=8, lanes=1)
print("begin", flush=True)
for number in range(10**6):
    path = Path(sys.argv[1]) / str(number)
    Vault.create(path, "Anna", Perspective.THERAPIST, sys.argv[2], kdf=cheap)[0].close()
    print(number, flush=True)
"""


def test_a_vault_is_made_whole_or_not_at_all(tmp_path):
    dice = random.Random(3)
    for run_number in range(max(2, KILLS // 2)):
        folder = tmp_path / str(run_number)
        folder.mkdir()
        with Other(_CREATE, folder, PASSPHRASE) as other:
            assert other.line() == "begin"
            select.select([], [], [], dice.random() * 0.1)
            os.kill(other.pid, signal.SIGKILL)
            made = [line for line in other.lines_after_kill() if line]
        whole = [entry for entry in folder.iterdir() if not entry.name.startswith(".")]
        assert len(whole) >= len(made)
        for entry in whole:
            Vault.open(entry, PASSPHRASE).close()


_BACK_UP = """
import sys
from pathlib import Path
from supervise.storage.backup import backup
from supervise.storage.vault import Vault
with Vault.open_beside(Path(sys.argv[1]), sys.argv[2]) as vault:
    print("begin", flush=True)
    for number in range(10**6):
        backup(vault, Path(sys.argv[3]) / str(number), lambda _: None, lambda: False)
        print(number, flush=True)
"""


def test_a_backup_is_whole_or_not_there(path, tmp_path):
    with Vault.open(path, PASSPHRASE) as vault:
        add_session(vault, 1)
    dice = random.Random(4)
    for run_number in range(max(2, KILLS // 2)):
        folder = tmp_path / f"b{run_number}"
        folder.mkdir()
        with Other(_BACK_UP, path, PASSPHRASE, folder) as other:
            assert other.line() == "begin"
            select.select([], [], [], dice.random() * 0.1)
            os.kill(other.pid, signal.SIGKILL)
            made = [line for line in other.lines_after_kill() if line]
        whole = [entry for entry in folder.iterdir() if not entry.name.startswith(".")]
        assert len(whole) >= len(made)
        for entry in whole:
            with Vault.open_beside(entry, PASSPHRASE) as copy:
                assert verify(copy, lambda _: None).ok
    Vault.open(path, PASSPHRASE).close()
