"""The encrypted database: how it is set up, transactions, and errors in plain words."""

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from vault_processes import run

from supervise.domain.errors import DamagedError, NoSpaceError, UsageError, VaultInUseError
from supervise.storage.database import connect, is_poisoned, plain_error, transaction

KEY = bytes(range(32))
PAGE = 4096


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.db"


@pytest.fixture
def db(path):
    db = connect(path, KEY)
    db.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)")
    yield db
    db.close()


def count(db) -> int:
    return db.execute("SELECT count(*) FROM note").fetchone()[0]


def test_it_is_set_up_as_the_adr_says(db):
    settings = {
        name: str(db.execute(f"PRAGMA {name}").fetchone()[0])
        for name in (
            "journal_mode",
            "synchronous",
            "temp_store",
            "secure_delete",
            "foreign_keys",
            "cipher_page_size",
        )
    }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": "2",
        "temp_store": "2",
        "secure_delete": "1",
        "foreign_keys": "1",
        "cipher_page_size": "4096",
    }


def test_nothing_in_its_files_is_readable(db, path):
    with transaction(db):
        db["note"].insert({"text": "a most private word"})
    for file in path.parent.iterdir():
        raw = file.read_bytes()
        assert b"private word" not in raw, file.name
        assert b"SQLite format" not in raw, file.name
        assert b"CREATE TABLE" not in raw, file.name


def test_it_opens_with_its_own_key_only(db, path):
    db.close()
    with pytest.raises(DamagedError):
        connect(path, bytes(32))


@pytest.mark.parametrize("module", ["access_log", "vault", "database", "sessions"])
def test_sqlite_utils_knows_the_exceptions_of_sqlcipher_whatever_is_imported_first(module):
    check = "import sqlite_utils.utils, sqlcipher3.dbapi2 as sqlcipher"
    check += "; assert sqlite_utils.utils.OperationalError is sqlcipher.OperationalError"
    code, said = run(f"import supervise.storage.{module}; {check}")
    assert code == 0, said


def test_a_transaction_is_kept_whole_or_not_at_all(db):
    with transaction(db):
        db["note"].insert({"text": "kept"})
    with pytest.raises(ZeroDivisionError), transaction(db):
        db["note"].insert({"text": "not kept"})
        raise ZeroDivisionError
    assert count(db) == 1
    assert not db.conn.in_transaction


def test_a_transaction_inside_another_belongs_to_it(db):
    with pytest.raises(UsageError), transaction(db):
        with transaction(db):
            db["note"].insert({"text": "inner"})
        assert db.conn.in_transaction
        raise UsageError("no")
    assert count(db) == 0


def test_a_writer_elsewhere_is_waited_for_and_then_named(db, path):
    other = connect(path, KEY, wait_s=0)
    with transaction(db), pytest.raises(VaultInUseError, match="busy"), transaction(other):
        pass
    other.close()


def test_a_damaged_page_is_damage_and_a_new_connection_reads_the_rest(db, path):
    with transaction(db):
        db["note"].insert_all({"text": "x" * 3000} for _ in range(200))
        db.execute("CREATE TABLE other AS SELECT 1 AS one")
    db.close()
    raw = bytearray(path.read_bytes())
    raw[60 * PAGE + 9] ^= 1
    path.write_bytes(raw)
    db = connect(path, KEY)
    with pytest.raises(DamagedError, match="verify"):
        db.execute("SELECT sum(length(text)) FROM note").fetchall()
    assert is_poisoned(db)
    db.close()
    with pytest.raises(DamagedError):
        for _ in connect(path, KEY).query("SELECT * FROM note"):
            pass
    db = connect(path, KEY)
    assert db.execute("SELECT one FROM other").fetchone() == (1,)
    assert not is_poisoned(db)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (13, NoSpaceError),
        (778, NoSpaceError),  # SQLITE_IOERR_WRITE, what a file size limit comes to
        (1034, NoSpaceError),  # SQLITE_IOERR_FSYNC
        (4874, NoSpaceError),  # SQLITE_IOERR_SHMSIZE
        (266, DamagedError),  # SQLITE_IOERR_READ
        (522, DamagedError),  # SQLITE_IOERR_SHORT_READ
        (11, DamagedError),
        (267, DamagedError),  # SQLITE_CORRUPT_VTAB
        (26, DamagedError),
        (5, VaultInUseError),
        (1, sqlcipher.OperationalError),
    ],
)
def test_every_code_of_sqlite_has_its_words(code, kind):
    error = sqlcipher.OperationalError("as it were")
    error.sqlite_errorcode = code
    assert isinstance(plain_error(error), kind)


def test_a_mistake_of_ours_stays_a_mistake(db):
    with pytest.raises(sqlcipher.OperationalError, match="syntax"):
        db.execute("SELEKT 1")
    with pytest.raises(sqlcipher.IntegrityError):
        db.execute("INSERT INTO note VALUES (1, 'a'), (1, 'b')")


_FILL = """
import resource, sys
from pathlib import Path
from supervise.domain.errors import NoSpaceError
from supervise.storage.database import connect, transaction
path = Path(sys.argv[1])
db = connect(path, bytes(range(32)))
db.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)")
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
kept = 0
try:
    while True:
        with transaction(db):
            db["note"].insert_all({"text": "x" * 1000} for _ in range(10))
        kept += 10
except NoSpaceError as error:
    assert not db.conn.in_transaction
    assert db.execute("SELECT count(*) FROM note").fetchone()[0] == kept, "lost while running"
    print(kept)
"""


def test_a_full_disk_is_said_and_loses_nothing(path):
    code, said = run(_FILL, path)
    assert code == 0, said
    assert int(said) > 0
    db = connect(path, KEY)
    assert count(db) == int(said)
    with transaction(db):
        db["note"].insert({"text": "room again"})
    db.close()


def test_a_broken_character_is_a_sentence(tmp_path):
    db = connect(tmp_path / "a.db", KEY)
    db.conn.execute("CREATE TABLE t (a TEXT)")
    with pytest.raises(UsageError, match="broken character"):
        db.conn.execute("INSERT INTO t VALUES (?)", ["\udcff"])
    db.close()
