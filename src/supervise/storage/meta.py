"""The vault's own facts, by name: a small table read at every opening."""

import sqlite_utils

from supervise.domain.errors import DamagedError

VAULT = "vault"
HEADER, HEADER_NEXT = "header", "header_next"
INBOX_PRIVATE = "inbox_private"
_TAKEN = "taken:"


def read(db: sqlite_utils.Database, key: str) -> bytes:
    """Return a fact; raises DamagedError when the vault has lost it."""
    row = db.conn.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    if row is None:
        raise DamagedError("The vault's database lacks what it is opened with. Restore it from a backup.")
    return row[0] if isinstance(row[0], bytes) else str(row[0]).encode("utf-8")


def write(db: sqlite_utils.Database, key: str, value: bytes) -> None:
    """Keep a fact, replacing an older one."""
    db.conn.execute("REPLACE INTO meta (key, value) VALUES (?,?)", (key, value))


def find(db: sqlite_utils.Database, key: str) -> bytes | None:
    """Return a fact that need not be there."""
    row = db.conn.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return bytes(row[0]) if row else None


def remove(db: sqlite_utils.Database, key: str) -> None:
    """Forget a fact."""
    db.conn.execute("DELETE FROM meta WHERE key = ?", (key,))


def mark_taken(db: sqlite_utils.Database, entry_id: str) -> bool:
    """Note that an inbox entry is taken in; returns False when it was already."""
    before = db.conn.total_changes
    db.conn.execute("INSERT OR IGNORE INTO meta (key, value) VALUES (?, '')", (_TAKEN + entry_id,))
    return bool(db.conn.total_changes > before)


def is_taken(db: sqlite_utils.Database, entry_id: str) -> bool:
    """Whether an inbox entry has been taken in by a committed transaction."""
    return db.conn.execute("SELECT 1 FROM meta WHERE key = ?", (_TAKEN + entry_id,)).fetchone() is not None
