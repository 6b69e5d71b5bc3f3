"""Migrations: one schema whichever way it was reached, newer ones refused, a copy kept for a while."""

import pytest

from supervise.domain.errors import DamagedError
from supervise.storage.database import connect, transaction
from supervise.storage.migrations import STEPS, migrate, schema_number, statements

KEY = bytes(range(32))
NEXT = {
    **STEPS,
    max(STEPS) + 1: "ALTER TABLE clients ADD COLUMN colour TEXT NOT NULL DEFAULT '';\n"
    "CREATE TRIGGER painted AFTER UPDATE ON clients BEGIN\n  SELECT 1;\n  SELECT 2;\nEND;\n",
}
LATEST = max(STEPS)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "vault.db"


@pytest.fixture
def db(path):
    db = connect(path, KEY)
    yield db
    db.close()


def schema(db) -> list[tuple[str, str, str]]:
    return db.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()


def test_a_new_database_gets_the_present_schema(db, path):
    migrate(db, path, KEY)
    assert schema_number(db) == LATEST
    assert {"sessions", "moments", "access_log", "search"} <= set(db.table_names())
    assert list(path.parent.glob("*before*")) == []


def test_from_scratch_and_migrated_are_the_same(db, path, tmp_path):
    for step in sorted(NEXT):
        migrate(db, path, KEY, {number: NEXT[number] for number in NEXT if number <= step})
    other = connect(tmp_path / "other.db", KEY)
    migrate(other, tmp_path / "other.db", KEY, NEXT)
    assert schema(db) == schema(other)
    other.close()


def test_content_survives_and_a_copy_of_what_was_is_kept_once(db, path):
    migrate(db, path, KEY)
    db.execute("INSERT INTO clients VALUES ('1', 'AB', 'now')")
    migrate(db, path, KEY, NEXT)
    assert db.execute("SELECT code, colour FROM clients").fetchall() == [("AB", "")]
    (copy,) = path.parent.glob("vault.db.before-*")
    old = connect(copy, KEY)
    assert schema_number(old) == LATEST
    assert old.execute("SELECT code FROM clients").fetchall() == [("AB",)]
    old.close()
    assert not copy.stat().st_mode & 0o077
    migrate(db, path, KEY, NEXT)
    assert list(path.parent.glob("vault.db.before-*")) == []


def test_a_step_that_fails_changes_nothing(db, path):
    migrate(db, path, KEY)
    before = schema(db)
    broken = {**STEPS, LATEST + 1: "CREATE TABLE half (a);\nCREATE TABLE half (a);\n"}
    with pytest.raises(Exception, match="already exists"):
        migrate(db, path, KEY, broken)
    assert (schema(db), schema_number(db)) == (before, LATEST)


def test_a_newer_schema_is_refused_and_left_alone(db, path):
    migrate(db, path, KEY, NEXT)
    with pytest.raises(DamagedError, match="newer version of the program"):
        migrate(db, path, KEY)
    assert schema_number(db) == LATEST + 1


def test_from_schema_2_to_3_nothing_is_lost_and_recalls_can_be_kept(db, path):
    migrate(db, path, KEY, {number: STEPS[number] for number in (1, 2)})
    db.execute("INSERT INTO clients VALUES ('1', 'AB', 'now')")
    db.execute("INSERT INTO holds VALUES ('h', '1', 's', 'why', '2027-01-01', 'now', 'me', NULL)")
    migrate(db, path, KEY)
    assert schema_number(db) == LATEST
    assert db.execute("SELECT code FROM clients").fetchall() == [("AB",)]
    assert db.execute("SELECT reason FROM holds").fetchall() == [("why",)]
    for table in ("recalls", "recall_stops", "recall_stretches", "recall_prompts", "recall_windows"):
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608 - names are ours


def test_statements_are_split_where_they_end():
    script = "CREATE TABLE a (t TEXT DEFAULT ';');\n-- a word\nCREATE TRIGGER b AFTER INSERT ON a BEGIN\n"
    script += "  DELETE FROM a;\n  DELETE FROM a;\nEND;\nDROP TABLE a"
    assert len(list(statements(script))) == 3


def test_the_schema_holds_what_the_stores_write(db, path):
    migrate(db, path, KEY)
    with transaction(db):
        db.execute("INSERT INTO search_rows VALUES (1, 's', 'note', 'r', 0, '[]', 'zwei Wörter')")
    assert db.execute("SELECT rowid FROM search WHERE search MATCH 'worter'").fetchall() == [(1,)]
