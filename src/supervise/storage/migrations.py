"""From any older schema to the present one, step by step, with a copy kept until the next opening."""

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

import sqlite_utils

from supervise.domain.errors import DamagedError
from supervise.storage.database import connect, transaction
from supervise.storage.files import create_file, sync_folder
from supervise.storage.schema import SCHEMA_V1, SCHEMA_V2, SCHEMA_V3

# Schema number -> the statements that lead to it from the number before.
STEPS: Mapping[int, str] = {1: SCHEMA_V1, 2: SCHEMA_V2, 3: SCHEMA_V3}
_COPY_NAME = "vault.db.before-{number}"


def schema_number(db: sqlite_utils.Database) -> int:
    """Return the number of the schema the database has; 0 for an empty one."""
    return int(db.conn.execute("PRAGMA user_version").fetchone()[0])


def is_older(db: sqlite_utils.Database, steps: Mapping[int, str] = STEPS) -> bool:
    """Whether the database waits to be migrated, which is done when a vault is opened to be worked in."""
    return schema_number(db) < max(steps)


def refuse_newer(db: sqlite_utils.Database, steps: Mapping[int, str] = STEPS) -> None:
    """Raise DamagedError when the database was written by a newer program."""
    if schema_number(db) > max(steps):
        raise DamagedError(
            "This vault was used with a newer version of the program. Please update the program."
        )


def migrate(db: sqlite_utils.Database, path: Path, key: bytes, steps: Mapping[int, str] = STEPS) -> None:
    """Bring the database at `path` to the present schema; each step is one transaction.

    Before the first step of a database that has content, a sealed copy is made beside it; it is removed
    by the next call that finds nothing to do. Raises DamagedError for a newer schema, NoSpaceError with
    nothing changed.
    """
    refuse_newer(db, steps)
    number = schema_number(db)
    if number == max(steps):
        _drop_copies(path)
        return
    if number:
        _keep_copy(db, path.with_name(_COPY_NAME.format(number=number + 1)), key)
    for step in sorted(step for step in steps if step > number):
        with transaction(db):
            for statement in statements(steps[step]):
                db.conn.execute(statement)
            db.conn.execute(f"PRAGMA user_version={step}")


def forget_words_wholly(db: sqlite_utils.Database) -> None:
    """Make the index drop deleted words at once; FTS5 on its own keeps them until it happens to merge.

    The database keeps this once it is set (sqlite.org/fts5.html, section 6.13).
    """
    with transaction(db):
        if not db.conn.execute("SELECT 1 FROM search_config WHERE k = 'secure-delete' AND v = 1").fetchone():
            db.conn.execute("INSERT INTO search(search, rank) VALUES ('secure-delete', 1)")


def statements(script: str) -> Iterator[str]:
    """Split SQL at the semicolons that end a statement, not those inside a trigger."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        yield pending


def _keep_copy(db: sqlite_utils.Database, target: Path, key: bytes) -> None:
    target.unlink(missing_ok=True)
    create_file(target).close()
    copy = connect(target, key)
    try:
        db.conn.backup(copy.conn)
    finally:
        copy.close()
    sync_folder(target.parent)


def _drop_copies(path: Path) -> None:
    for copy in path.parent.glob(_COPY_NAME.format(number="*")):
        copy.unlink()
