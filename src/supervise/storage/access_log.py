"""The access log: who did what and when, without content, each line chained to the one before."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

import sqlite_utils

from supervise.domain.errors import UsageError
from supervise.storage.database import transaction

ACTIONS = frozenset(
    (
        "open",
        "close",
        "lock",
        "unlock",
        "import",
        "record",
        "recall",
        "interview",
        "unblind",
        "rate",
        "transcribe",
        "play",
        "show",
        "mark",
        "edit",
        "delete",
        "undo",
        "search",
        "export",
        "backup",
        "verify",
        "restore",
        "profile",
        "consent",
        "codebook",
        "speakers",
        "withdraw",
        "destroy",
        "retention",
        "subject_access",
    )
)
_START = "0" * 64
_HEAD = "log_head"


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line: `at` in UTC, `who` a profile id, `subject` an id or empty, `detail` counts or kinds only."""

    at: str
    who: str
    action: str
    subject: str = ""
    detail: str = ""


def check_action(action: str) -> None:
    """Raise UsageError for a word that is not an action of the log."""
    if action not in ACTIONS:
        raise UsageError(f"“{action}” is not a word of the access log.")


def append(db: sqlite_utils.Database, line: LogLine) -> None:
    """Add a line to the chain, in the caller's transaction if there is one."""
    with transaction(db):
        last = db.conn.execute("SELECT seq, hash FROM access_log ORDER BY seq DESC LIMIT 1").fetchone()
        seq, previous = (last[0] + 1, last[1]) if last else (1, _START)
        digest = _digest(seq, line, previous)
        db.conn.execute(
            "INSERT INTO access_log (seq, at, who, action, subject, detail, previous, hash)"
            " VALUES (?,?,?,?,?,?,?,?)",
            (seq, line.at, line.who, line.action, line.subject, line.detail, previous, digest),
        )
        db.conn.execute("REPLACE INTO meta (key, value) VALUES (?,?)", (_HEAD, f"{seq} {digest}"))


def lines(db: sqlite_utils.Database) -> Iterator[LogLine]:
    """Yield the lines, oldest first."""
    query = "SELECT at, who, action, subject, detail FROM access_log ORDER BY seq"
    for row in db.conn.execute(query):
        yield LogLine(*row)


def broken_links(db: sqlite_utils.Database) -> list[int]:
    """Return the numbers of the lines where the chain does not hold; a cut end counts as the next line."""
    broken: list[int] = []
    expected, previous = 1, _START
    query = "SELECT seq, at, who, action, subject, detail, previous, hash FROM access_log ORDER BY seq"
    for seq, *values, before, digest in db.conn.execute(query):
        if seq != expected or before != previous or digest != _digest(seq, LogLine(*values), before):
            broken.append(seq)
        expected, previous = seq + 1, digest
    head = db.conn.execute("SELECT value FROM meta WHERE key = ?", (_HEAD,)).fetchone()
    if (head[0] if head else f"0 {_START}") != f"{expected - 1} {previous}":
        broken.append(expected)
    return broken


def _digest(seq: int, line: LogLine, previous: str) -> str:
    values = [seq, line.at, line.who, line.action, line.subject, line.detail, previous]
    return hashlib.sha256(json.dumps(values).encode("ascii")).hexdigest()
