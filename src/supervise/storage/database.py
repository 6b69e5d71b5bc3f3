"""The encrypted database: how it is opened, and how its errors are put into plain words."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
import sqlite_utils

from supervise.crypto.space import NO_SPACE_SENTENCE
from supervise.domain.errors import DamagedError, NoSpaceError, SuperviseError, UsageError, VaultInUseError

_Values = Sequence[Any] | Mapping[str, Any]
WAIT_S = 2.0
_FULL = sqlcipher.SQLITE_FULL
_BUSY, _LOCKED = sqlcipher.SQLITE_BUSY, sqlcipher.SQLITE_LOCKED
_CORRUPT, _NOT_A_DATABASE = sqlcipher.SQLITE_CORRUPT, sqlcipher.SQLITE_NOTADB
_READ_ONLY = sqlcipher.SQLITE_READONLY
_IO_ERROR = sqlcipher.SQLITE_IOERR
# SQLITE_IOERR_READ and SQLITE_IOERR_SHORT_READ (sqlite.org/rescode.html); sqlcipher3 does not name them.
_READ_FAILURES = {266, 522}
# A failing backup carries no code; SQLite's own texts (sqlite3ErrStr) stand in for it.
_CODES_BY_MESSAGE = {
    "disk I/O error": _IO_ERROR,
    "database or disk is full": _FULL,
    "database disk image is malformed": _CORRUPT,
    "file is not a database": _NOT_A_DATABASE,
    "database is locked": _BUSY,
}
_DAMAGED = (
    "Part of the vault's database cannot be read. The rest stays usable; "
    "run “supervise verify” on the vault to see what is damaged, and restore that from a backup."
)
_NO_LETTER = "There is a broken character in this text, which cannot be kept. Type the text again."
READ_ONLY_SENTENCE = "This vault can only be read here, not changed. Copy it to a disk you may write on."
_BUSY_SENTENCE = "The vault is busy in another process. Try again in a moment."


class _Connection(sqlcipher.Connection):  # type: ignore[misc]
    """A connection whose errors are SuperviseErrors where a person can do something about them.

    SQLCipher refuses everything on a connection that met one damaged page; `poisoned` tells the owner to
    reopen it.
    """

    poisoned = False

    def cursor(self, *_: object) -> "_Cursor":
        return _Cursor(self)

    def backup(self, *arguments: Any, **options: Any) -> None:
        try:
            super().backup(*arguments, **options)
        except sqlcipher.Error as error:
            raise self.said(error) from error
        # A damaged page is copied as zeros under a good seal; afterwards no page can be read any more.
        for question in ("PRAGMA shrink_memory", "SELECT count(*) FROM sqlite_master"):
            self.execute(question).fetchall()

    def said(self, error: sqlcipher.Error) -> Exception:
        plain: Exception = plain_error(error)
        if isinstance(plain, DamagedError):
            self.poisoned = True
        return plain


class _Cursor(sqlcipher.Cursor):  # type: ignore[misc]
    """Rows without damage: SQLCipher gives zeros for a damaged page and fails only the next one asked for.

    A damaged page of the tree is noticed by SQLite itself; the last page of a long text is not, and its
    zeros are NULs. So no NUL ever goes in as text, and one that comes out is damage.
    """

    def _plainly(self, call: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return call(*arguments)
        except sqlcipher.Error as error:
            raise self.connection.said(error) from error
        except UnicodeEncodeError:
            raise UsageError(_NO_LETTER) from None
        except MemoryError as error:  # what SQLCipher answers to a write after it met a damaged page
            self.connection.poisoned = True
            raise DamagedError(_DAMAGED) from error

    def _whole(self, rows: Iterable[Any]) -> None:
        if any("\0" in value for row in rows for value in row if isinstance(value, str)):
            self.connection.poisoned = True
            raise DamagedError(_DAMAGED)

    def execute(self, sql: str, values: _Values = ()) -> Any:
        return self._plainly(super().execute, sql, _without_nuls(values))

    def executemany(self, sql: str, rows: Iterable[_Values]) -> Any:
        return self._plainly(super().executemany, sql, map(_without_nuls, rows))

    def fetchone(self) -> Any:
        row = self._plainly(super().fetchone)
        self._whole([] if row is None else [row])
        return row

    def fetchmany(self, *arguments: Any) -> Any:
        rows = self._plainly(super().fetchmany, *arguments)
        self._whole(rows)
        return rows

    def fetchall(self) -> Any:
        rows = self._plainly(super().fetchall)
        self._whole(rows)
        return rows

    def __next__(self) -> Any:
        row = self._plainly(super().__next__)
        self._whole([row])
        return row


def _without_nuls(values: _Values) -> _Values:
    given = values.values() if isinstance(values, Mapping) else values
    if not any(isinstance(value, str) and "\0" in value for value in given):
        return values
    if isinstance(values, Mapping):
        return dict(zip(values, _without_nuls(tuple(values.values())), strict=True))
    return tuple(value.replace("\0", "") if isinstance(value, str) else value for value in values)


def plain_error(error: sqlcipher.Error) -> Exception:
    """Return the SuperviseError that says what `error` means, or `error` itself when it is a bug of ours."""
    extended = int(getattr(error, "sqlite_errorcode", 0) or _CODES_BY_MESSAGE.get(str(error), 0))
    primary = extended & 0xFF
    if primary == _FULL or (primary == _IO_ERROR and extended not in _READ_FAILURES):
        return NoSpaceError(NO_SPACE_SENTENCE)
    if primary in (_CORRUPT, _NOT_A_DATABASE, _IO_ERROR):
        return DamagedError(_DAMAGED)
    if primary == _READ_ONLY:
        return UsageError(READ_ONLY_SENTENCE)
    if primary in (_BUSY, _LOCKED):
        return VaultInUseError(_BUSY_SENTENCE)
    known: Exception = error
    return known


def connect(
    path: Path, key: bytes, *, read_only: bool = False, wait_s: float = WAIT_S
) -> sqlite_utils.Database:
    """Open (or create) the SQLCipher 4 database at `path` under a raw 32-byte key, in WAL mode.

    One thread at a time may use it, not always the same one. Nothing is committed behind the caller's
    back: each statement outside `transaction` stands for itself. Raises DamagedError when key or first
    page do not fit.
    """
    connection = sqlcipher.connect(
        str(path), timeout=wait_s, isolation_level=None, check_same_thread=False, factory=_Connection
    )
    try:
        connection.execute("PRAGMA cipher_log_level=NONE").fetchall()
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"").fetchall()
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
        for setting in ("temp_store=MEMORY", "secure_delete=ON", "foreign_keys=ON", "trusted_schema=OFF"):
            connection.execute(f"PRAGMA {setting}").fetchall()
        if read_only:
            connection.execute("PRAGMA query_only=ON").fetchall()
        else:
            connection.execute("PRAGMA journal_mode=WAL").fetchall()
            connection.execute("PRAGMA synchronous=FULL").fetchall()
        return sqlite_utils.Database(connection, execute_plugins=False)
    except BaseException:
        connection.close()
        raise


def is_poisoned(db: sqlite_utils.Database) -> bool:
    """Whether the connection met a damaged page and must be opened anew to be of further use."""
    return bool(getattr(db.conn, "poisoned", False))


@contextmanager
def transaction(db: sqlite_utils.Database) -> Iterator[sqlite_utils.Database]:
    """Run the block in one write transaction; inside another one it simply belongs to that.

    Raises NoSpaceError, DamagedError or VaultInUseError (another process writes for longer than
    `WAIT_S`); whatever is raised, nothing of the block is kept.
    """
    if db.conn.in_transaction:
        yield db
        return
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.conn.execute("COMMIT")
    except BaseException:
        _roll_back(db)
        raise


def _roll_back(db: sqlite_utils.Database) -> None:
    """Roll back without hiding the error that led here; a full disk may have rolled back already."""
    if not db.conn.in_transaction:
        return
    try:
        db.conn.execute("ROLLBACK")
    except (SuperviseError, sqlcipher.Error):
        db.conn.poisoned = True  # type: ignore[attr-defined]
