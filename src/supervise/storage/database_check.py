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
    "case_roles": "who has which part in which case",
    "clients": "the client codes",
    "codebooks": "the codebooks",
    "comments": "comments",
    "consents": "the consent records",
    "copies": "the list of copies that left",
    "history": "what can be undone",
    "holds": "the legal holds",
    "interview_answers": "answers given in interviews",
    "interviews": "the list of interviews",
    "jobs": "the list of jobs",
    "media": "the keys of recordings",
    "meta": "what the vault is opened with",
    "moments": "moments",
    "profiles": "the profiles",
    "protocols": "the research protocols",
    "rating_points": "what was rated while replaying",
    "rating_runs": "what was heard while rating",
    "rating_series": "the list of ratings",
    "recall_cards": "the prompt cards",
    "recall_events": "events chosen in interviews",
    "recall_marks": "marks on recalls",
    "recall_prompts": "prompts used in recalls",
    "recall_speaker_names": "the speakers' names in recalls",
    "recall_stops": "the stops of recalls",
    "recall_stretches": "what was played when in recalls",
    "recall_transcripts": "the list of recalls' transcripts",
    "recall_windows": "what was said in recalls",
    "recall_writeups": "write-ups of recalls",
    "recalls": "the list of recalls",
    "recording_gaps": "gaps in recordings",
    "recordings": "the list of recordings",
    "removed_spans": "which portions were deleted",
    "retention_rules": "how long things are kept",
    "search_rows": "the search index",
    "sessions": "the list of sessions",
    "speaker_names": "the speakers' names",
    "stubs": "which sessions were destroyed",
    "transcripts": "the list of transcripts",
    "windows": "transcript text",
    "withdrawals": "withdrawals and certificates",
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
    except DamagedError:
        findings.append("the check could not be finished")
    return findings[:20]


def dangling(db: sqlite_utils.Database) -> list[str]:
    """Return, in plain words, the contents of which an entry refers to something that is gone."""
    tables = {str(row[0]) for row in db.conn.execute("PRAGMA foreign_key_check")}
    return sorted(CONTENTS.get(table, table) for table in tables)


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


def index_differs(db: sqlite_utils.Database, *, thoroughly: bool) -> bool:
    """Whether the full-text index does not fit the text it was made from; changes nothing.

    A thorough comparison reads every word and keeps writers out meanwhile, so it is not for use beside a
    holder; otherwise it is seen whether each text is in the index at all.
    """
    missing = "SELECT id FROM search_rows EXCEPT SELECT id FROM search_docsize"
    extra = "SELECT id FROM search_docsize EXCEPT SELECT id FROM search_rows"
    if any(db.conn.execute(f"{query} LIMIT 1").fetchone() for query in (missing, extra)):
        return True
    return thoroughly and _words_differ(db)


def _words_differ(db: sqlite_utils.Database) -> bool:
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
        return False  # somebody has begun to write, or the disk is read-only
    finally:
        db.conn.execute(f"PRAGMA query_only={int(query_only)}")
    return False
