"""Checking the database: every page authenticated, every tree walked, the index compared."""

import re
from collections.abc import Iterator

import sqlite_utils

from supervise.domain.errors import DamagedError, UsageError, VaultInUseError

_PAGE = re.compile(r"page (\d+)")
_ATTEMPTS = 3
# What a table holds, in the words of the person whose vault it is.
CONTENTS = {
    "access_log": "the access log",
    "clients": "the client codes",
    "codebooks": "the codebooks",
    "comments": "comments",
    "consents": "the consent records",
    "history": "what can be undone",
    "jobs": "the list of jobs",
    "media": "the keys of recordings",
    "meta": "what the vault is opened with",
    "moments": "moments",
    "profiles": "the profiles",
    "search_rows": "the search index",
    "sessions": "the list of sessions",
    "speaker_names": "the speakers' names",
    "transcripts": "the list of transcripts",
    "windows": "transcript text",
}


def damaged_pages(db: sqlite_utils.Database) -> list[int]:
    """Authenticate every page in the database file; return the numbers of those that fail, 0 for the file.

    A page that the holder is just rewriting can fail once; only what fails three times is damaged.
    """
    failing: set[int] | None = None
    for _ in range(_ATTEMPTS):
        rows = db.conn.execute("PRAGMA cipher_integrity_check").fetchall()
        found = {_page(str(row[0])) for row in rows}
        failing = found if failing is None else failing & found
        if not failing:
            break
    return sorted(failing or ())


def _page(message: str) -> int:
    match = _PAGE.search(message)
    return int(match[1]) if match else 0


def broken_structure(db: sqlite_utils.Database) -> list[str]:
    """Walk every tree, pages in the write-ahead log included; return SQLite's findings, at most twenty."""
    findings: list[str] = []
    try:
        for row in db.conn.execute("PRAGMA integrity_check(20)"):
            findings += [line for line in str(row[0]).splitlines() if line != "ok"]
        for row in db.conn.execute("PRAGMA foreign_key_check"):
            findings.append(f"row {row[1]} of {row[0]} points to nothing")
    except DamagedError:
        findings.append("the check could not be finished")
    return findings[:20]


def unreadable_contents(fresh: "Iterator[sqlite_utils.Database]") -> list[str]:
    """Read every table whole and return what cannot be read, in plain words.

    `fresh` gives a usable connection each time, since SQLCipher refuses all work after one damaged page.
    """
    lost = []
    for table, words in CONTENTS.items():
        try:
            for _ in next(fresh).conn.execute(f"SELECT * FROM {table}"):  # noqa: S608  (names are ours)
                pass
        except DamagedError:
            lost.append(words)
    return lost


def index_differs(db: sqlite_utils.Database) -> bool:
    """Whether the full-text index does not hold exactly the text it was made from; changes nothing.

    Returns False when it cannot be compared: the holder writes just now, or the disk is read-only.
    """
    query_only = db.conn.execute("PRAGMA query_only").fetchone()[0]
    db.conn.execute("PRAGMA query_only=OFF")
    try:
        db.conn.execute("BEGIN")
        try:
            # FTS5's own comparison, with the content table too (sqlite.org/fts5.html, section 6.5).
            db.conn.execute("INSERT INTO search(search, rank) VALUES ('integrity-check', 1)")
        finally:
            if db.conn.in_transaction:
                db.conn.execute("ROLLBACK")
    except DamagedError:
        return True
    except (VaultInUseError, UsageError):
        return False
    finally:
        db.conn.execute(f"PRAGMA query_only={int(query_only)}")
    return False
