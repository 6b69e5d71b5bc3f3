"""The write-ahead log after a crash: what a given-up transaction left is no damage, a flipped bit is."""

import random
import shutil
from pathlib import Path

import pytest

from supervise.storage.database import connect, transaction
from supervise.storage.wal import is_damaged

KEY = b"k" * 32
FRAME, HEAD = 24 + 4096, 32


class GivenUpError(RuntimeError):
    """The transaction is given up."""


@pytest.fixture
def wal(tmp_path: Path) -> Path:
    """The log of a database that was not closed: three commits, a large one given up, and a small one."""
    path = tmp_path / "x.db"
    db = connect(path, KEY)
    db.conn.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, note TEXT)")
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    db.conn.execute("PRAGMA cache_size=5").fetchall()
    for number in range(3):
        db.conn.execute("INSERT INTO notes VALUES (?, ?)", (number, "note"))
    with pytest.raises(GivenUpError), transaction(db):
        for number in range(100, 160):
            db.conn.execute("INSERT INTO notes VALUES (?, ?)", (number, "long note " * 300))
        raise GivenUpError
    db.conn.execute("INSERT INTO notes VALUES (4, 'small')")
    kept = tmp_path / "kept-wal"
    shutil.copy(tmp_path / "x.db-wal", kept)
    db.close()
    return kept


def _frames(wal: Path) -> int:
    return (wal.stat().st_size - HEAD) // FRAME


def test_a_transaction_given_up_is_no_damage(wal: Path) -> None:
    assert _frames(wal) > 20, "the large transaction did not reach the log"
    assert not is_damaged(wal)


def test_a_flipped_bit_in_what_was_committed_is_damage(wal: Path) -> None:
    whole = wal.read_bytes()
    chance = random.Random(7)
    for _ in range(60):
        at = chance.randrange(HEAD + 4 * FRAME)
        wal.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
        assert is_damaged(wal), at


def test_a_log_cut_off_anywhere_is_what_a_kill_leaves(wal: Path) -> None:
    whole = wal.read_bytes()
    for length in [0, 1, HEAD - 1, HEAD, HEAD + 30, HEAD + FRAME, HEAD + 2 * FRAME + 17]:
        wal.write_bytes(whole[:length])
        assert not is_damaged(wal)
