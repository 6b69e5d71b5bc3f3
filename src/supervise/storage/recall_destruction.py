"""Destroying recalls for good, and what hangs on them: words, stops, marks, write-ups, answers, ratings."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlite_utils

from supervise.domain.ids import MediaId, SessionId
from supervise.storage.rating import PIECE

# What hangs on a recall, an interview, a series by its id; the completeness test walks the schema for more.
OF_RECALL = (
    "recall_stops",
    "recall_prompts",
    "recall_stretches",
    "recall_speaker_names",
    "recall_marks",
    "recall_writeups",
)
OF_INTERVIEW = ("interview_answers", "recall_events")
OF_SERIES = ("rating_points", "rating_runs")
_OWNERS = ("recalls", "interviews", "rating_series")
_TRANSCRIPTS = "SELECT id FROM recall_transcripts WHERE recall_id IN ({ids})"
_TEXTS_OF_RECALL = (
    "SELECT note FROM recall_marks WHERE recall_id IN ({ids})",
    "SELECT text FROM recall_writeups WHERE text IS NOT NULL AND recall_id IN ({ids})",
    "SELECT sealed FROM recall_writeups WHERE sealed IS NOT NULL AND recall_id IN ({ids})",
    f"SELECT words FROM recall_windows WHERE transcript_id IN ({_TRANSCRIPTS})",  # noqa: S608 - ours
)
_TEXTS_OF_INTERVIEW = (
    "SELECT value FROM interview_answers WHERE interview_id IN ({ids})",
    "SELECT title FROM recall_events WHERE interview_id IN ({ids})",
)
_TEXTS_OF_SERIES = (f"SELECT substr(points, 1, {PIECE}) FROM rating_points WHERE series_id IN ({{ids}})",)  # noqa: S608 - ours


@dataclass(frozen=True, slots=True)
class RecallIds:
    """Ids of recalls, of interviews and of rating series, to be destroyed together."""

    recalls: tuple[str, ...] = ()
    interviews: tuple[str, ...] = ()
    series: tuple[str, ...] = ()

    def __len__(self) -> int:
        """How many it names."""
        return len(self.recalls) + len(self.interviews) + len(self.series)

    def __bool__(self) -> bool:
        """Whether it names anything."""
        return bool(self.recalls or self.interviews or self.series)


def of_session(db: sqlite_utils.Database, session: SessionId) -> RecallIds:
    """Return everything recalled, answered and rated about a session, destroyed recalls included."""
    found = [
        tuple(row[0] for row in db.execute(f"SELECT id FROM {table} WHERE session_id = ?", [session]))  # noqa: S608
        for table in _OWNERS
    ]
    return RecallIds(*found)


def media_of(db: sqlite_utils.Database, recalls: Sequence[str]) -> list[MediaId]:
    """Return the sounds and outlines of recalls."""
    sql = "SELECT master_id, peaks_id FROM recalls WHERE id IN ({ids})"
    return [MediaId(medium) for row in _rows(db, sql, recalls) for medium in row]


def empty(db: sqlite_utils.Database, ids: RecallIds) -> None:
    """Delete all that hangs on them, in the caller's transaction; their own rows and media are the caller's.

    Interviews held in a recall go with it.
    """
    for table in ("recall_windows", "jobs"):
        _run(db, f"DELETE FROM {table} WHERE transcript_id IN ({_TRANSCRIPTS})", ids.recalls)  # noqa: S608
    for table in ("recall_transcripts", *OF_RECALL):
        _run(db, f"DELETE FROM {table} WHERE recall_id IN ({{ids}})", ids.recalls)  # noqa: S608 - ours
    interviews = with_their_interviews(db, ids).interviews
    for table in OF_INTERVIEW:
        _run(db, f"DELETE FROM {table} WHERE interview_id IN ({{ids}})", interviews)  # noqa: S608 - ours
    _run(db, "DELETE FROM interviews WHERE id IN ({ids})", interviews)
    for table in OF_SERIES:
        _run(db, f"DELETE FROM {table} WHERE series_id IN ({{ids}})", ids.series)  # noqa: S608 - ours
    _run(db, "DELETE FROM rating_series WHERE id IN ({ids})", ids.series)


def with_their_interviews(db: sqlite_utils.Database, ids: RecallIds) -> RecallIds:
    """Return them with the interviews that were held in their recalls."""
    held = [row[0] for row in _rows(db, "SELECT id FROM interviews WHERE recall_id IN ({ids})", ids.recalls)]
    return RecallIds(ids.recalls, tuple(dict.fromkeys((*ids.interviews, *held))), ids.series)


def texts(db: sqlite_utils.Database, ids: RecallIds) -> list[bytes]:
    """Return what was said, written, answered and rated there, and the keys, to look for once it is gone."""
    ids = with_their_interviews(db, ids)
    keys = "SELECT wrapped_key FROM media WHERE wrapped_key IS NOT NULL AND id IN ({ids})"
    found = [bytes(row[0]) for row in _rows(db, keys, media_of(db, ids.recalls))]
    for queries, named in (
        (_TEXTS_OF_RECALL, ids.recalls),
        (_TEXTS_OF_INTERVIEW, ids.interviews),
        (_TEXTS_OF_SERIES, ids.series),
    ):
        for (value,) in (row for sql in queries for row in _rows(db, sql, named)):
            found.append(value if isinstance(value, bytes) else value.encode())
    return found


def _rows(db: sqlite_utils.Database, sql: str, ids: Iterable[str]) -> list[tuple[Any, ...]]:
    """Run a query whose `{ids}` stands for a list of ids of any length."""
    found = db.execute(sql.format(ids="SELECT value FROM json_each(?)"), [json.dumps(list(ids))])
    return list(found.fetchall())


def _run(db: sqlite_utils.Database, sql: str, ids: Iterable[str]) -> None:
    db.execute(sql.format(ids="SELECT value FROM json_each(?)"), [json.dumps(list(ids))])
