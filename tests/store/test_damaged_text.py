"""A damaged page at the end of a long text: SQLCipher reads it as zeros, and the program must not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from supervise.domain.errors import DamagedError
from supervise.storage.database import connect, transaction

KEY = b"k" * 32
PAGE = 4096
LONG = "words of a long note " * 300


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Three long texts, each over several pages."""
    path = tmp_path / "x.db"
    db = connect(path, KEY)
    db.conn.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, note TEXT, after TEXT)")
    for number in range(3):
        db.conn.execute("INSERT INTO notes VALUES (?, ?, ?)", (number, f"{number} {LONG}", "end"))
    db.close()
    return path


def _read(path: Path, how: str) -> list[tuple[object, ...]]:
    db = connect(path, KEY)
    try:
        cursor = db.conn.execute("SELECT * FROM notes ORDER BY id")
        if how == "one by one":
            return [cursor.fetchone() for _ in range(3)]
        return {
            "all": cursor.fetchall,
            "iterated": lambda: list(cursor),
            "many": lambda: cursor.fetchmany(3),
        }[how]()
    finally:
        db.close()


@pytest.mark.parametrize("how", ["all", "iterated", "many", "one by one"])
def test_no_damaged_page_is_ever_read_as_text(database: Path, how: str) -> None:
    right = _read(database, how)
    assert len(right) == 3
    refused = 0
    for _ in _damaged_copies(database):
        try:
            assert _read(database, how) == right
        except DamagedError:
            refused += 1
    assert refused >= 5


def _damaged_copies(database: Path) -> Iterator[int]:
    """Damage one page after the other, giving each page's number."""
    whole = database.read_bytes()
    for page in range(1, len(whole) // PAGE):
        start = page * PAGE + 9
        database.write_bytes(whole[:start] + bytes([whole[start] ^ 1]) + whole[start + 1 :])
        yield page + 1


def test_a_damaged_page_is_never_copied_as_zeros(database: Path, tmp_path: Path) -> None:
    for page in _damaged_copies(database):
        db, copy = connect(database, KEY), connect(tmp_path / f"copy{page}.db", KEY)
        with pytest.raises(DamagedError):
            db.conn.backup(copy.conn)
        copy.close()
        db.close()


def test_a_damaged_page_is_never_written_anew_under_a_good_seal(database: Path) -> None:
    for page in _damaged_copies(database):
        db = connect(database, KEY)
        committed = True
        try:
            with transaction(db):
                db.conn.execute("UPDATE notes SET after = 'changed' WHERE id = 0")
        except DamagedError:
            committed = False
        db.close()
        db = connect(database, KEY)
        assert db.conn.execute("PRAGMA cipher_integrity_check").fetchall()
        if committed:
            changed = (0, f"0 {LONG}", "changed")
            assert db.conn.execute("SELECT * FROM notes WHERE id = 0").fetchall() == [changed], page
        db.close()


def test_a_nul_never_goes_in_as_text(database: Path) -> None:
    db = connect(database, KEY)
    db.conn.execute("UPDATE notes SET note = ? WHERE id = 0", ["with\0out"])
    db.conn.execute("UPDATE notes SET note = :note WHERE id = 1", {"note": "\0also"})
    db.conn.executemany("UPDATE notes SET note = ? WHERE id = ?", [("\0", 2)])
    assert db.conn.execute("SELECT note FROM notes ORDER BY id").fetchall() == [
        ("without",),
        ("also",),
        ("",),
    ]
    db.close()
