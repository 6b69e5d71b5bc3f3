"""The queue of long work on disk, so that what was asked for survives a restart."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from supervise.domain.ids import JobId, SessionId, TranscriptId
from supervise.domain.times import now_utc
from supervise.storage.database import transaction
from supervise.storage.vault import Vault

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"


@dataclass(frozen=True, slots=True)
class JobRow:
    """One piece of queued work; `error` is the sentence shown when it failed."""

    job: JobId
    kind: str
    session: SessionId
    transcript: TranscriptId
    settings: Mapping[str, Any]
    state: str
    error: str
    created_at: str


class JobStore:
    """The queue's rows, oldest first."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def add(self, row: JobRow) -> None:
        """Append one row."""
        values: list[object] = [row.job, row.kind, row.session, row.transcript]
        values += [json.dumps(dict(row.settings)), row.state, row.error, row.created_at, None]
        with transaction(self._vault.db) as db:
            db.execute("INSERT INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)

    def set_state(self, job: JobId, state: str, error: str = "") -> None:
        """Move one job on."""
        finished_at = now_utc() if state in (DONE, FAILED, CANCELLED) else None
        sql = "UPDATE jobs SET state = ?, error = ?, finished_at = ? WHERE id = ?"
        with transaction(self._vault.db) as db:
            db.execute(sql, [state, error, finished_at, job])

    def open_jobs(self) -> list[JobRow]:
        """Return jobs still to do (queued, or running when the program was stopped), oldest first."""
        return self._rows("WHERE state IN ('queued', 'running') ORDER BY created_at, rowid")

    def recent(self, limit: int = 50) -> list[JobRow]:
        """Return the newest jobs of any state, oldest first."""
        return self._rows(f"ORDER BY created_at DESC, rowid DESC LIMIT {int(limit)}")[::-1]

    def _rows(self, tail: str) -> list[JobRow]:
        return [
            JobRow(
                job=JobId(row["id"]),
                kind=row["kind"],
                session=SessionId(row["session_id"]),
                transcript=TranscriptId(row["transcript_id"]),
                settings=json.loads(row["settings"]),
                state=row["state"],
                error=row["error"],
                created_at=row["created_at"],
            )
            for row in self._vault.db.query(f"SELECT * FROM jobs {tail}")  # noqa: S608 - tails are ours
        ]
