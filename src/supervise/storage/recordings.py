"""Recordings: known to the database from their first second, so that a killed one can be taken up again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from supervise.domain.errors import UsageError
from supervise.domain.ids import ClientId, MediaId, SessionId
from supervise.domain.recordings import Asked, Gap, LiveMark, asked_from_plain, gap_from_plain
from supervise.storage.database import transaction
from supervise.storage.vault import Vault

RECORDING, KEPT, DESTROYED = "recording", "kept", "destroyed"
_SELECT = "SELECT r.*, c.code AS client_code FROM recordings r JOIN clients c ON c.id = r.client_id"


@dataclass(frozen=True, slots=True)
class Recording:
    """One row: `media` are the master and the peaks as begun; `facts` what else is known, by name."""

    recording: str
    client: ClientId
    client_code: str
    state: str
    title: str
    started_at: str
    rate_hz: int
    channels: int
    device: str
    media: tuple[MediaId, ...]
    gaps: tuple[Gap, ...]
    marks: tuple[LiveMark, ...]
    facts: dict[str, Any]
    session: SessionId | None = None

    @property
    def master(self) -> MediaId:
        """The medium the sound is sealed in."""
        return self.media[0]

    @property
    def asked(self) -> Asked | None:
        """What the client asked for when it ended, if anything."""
        return asked_from_plain(self.facts["asked"]) if "asked" in self.facts else None


class RecordingStore:
    """The recordings of one vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def begin(self, row: Recording) -> None:
        """Add a recording whose media rows exist (same transaction)."""
        values = [
            row.recording,
            row.client,
            row.state,
            row.title,
            row.started_at,
            row.rate_hz,
            row.channels,
            row.device,
            0,
            json.dumps(row.media),
            "[]",
            "[]",
            json.dumps(row.facts),
            None,
        ]
        with transaction(self._vault.db) as db:
            db.execute("INSERT INTO recordings VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)", values)

    def get(self, recording: str) -> Recording:
        """Return one recording; raises UsageError for an unknown id."""
        rows = list(self._vault.db.query(f"{_SELECT} WHERE r.id = ?", [recording]))
        if not rows:
            raise UsageError("There is no such recording in this vault.")
        return _recording(rows[0])

    def find(self, text: str) -> Recording:
        """Return the unfinished recording whose id is or begins with `text`; raises UsageError."""
        wanted = text.strip().lower()
        found = [row for row in self.unfinished() if len(wanted) >= 6 and row.recording.startswith(wanted)]
        if len(found) != 1:
            raise UsageError(f"No one unfinished recording begins with “{text}”.")
        return found[0]

    def unfinished(self) -> list[Recording]:
        """Return the recordings that have not become sessions nor been destroyed, oldest first."""
        rows = self._vault.db.query(
            f"{_SELECT} WHERE r.state = ? ORDER BY r.started_at, r.rowid", [RECORDING]
        )
        return [_recording(row) for row in rows]

    def of_session(self, session: SessionId) -> Recording | None:
        """Return the recording a session was made of; None for an imported one."""
        rows = list(self._vault.db.query(f"{_SELECT} WHERE r.session_id = ?", [session]))
        return _recording(rows[0]) if rows else None

    def add_mark(self, recording: str, mark: LiveMark) -> None:
        """Add a live mark, on disk when this returns (outside a transaction); once, however often told."""
        with transaction(self._vault.db) as db:
            marks = self.get(recording).marks
            if all(known.mark != mark.mark for known in marks):
                plain = [known.plain() for known in (*marks, mark)]
                db.execute("UPDATE recordings SET marks = ? WHERE id = ?", [json.dumps(plain), recording])

    def set_gaps(self, recording: str, gaps: Sequence[Gap]) -> None:
        """Replace the gaps."""
        text = json.dumps([gap.plain() for gap in gaps])
        with transaction(self._vault.db) as db:
            db.execute("UPDATE recordings SET gaps = ? WHERE id = ?", [text, recording])

    def add_facts(self, recording: str, facts: dict[str, Any]) -> None:
        """Add to what is known."""
        with transaction(self._vault.db) as db:
            text = json.dumps({**self.get(recording).facts, **facts})
            db.execute("UPDATE recordings SET facts = ? WHERE id = ?", [text, recording])

    def end(self, recording: str, state: str, samples: int, session: SessionId | None = None) -> None:
        """Say what became of it; its marks are moments of the session from now on."""
        with transaction(self._vault.db) as db:
            db.execute(
                "UPDATE recordings SET state = ?, samples = ?, session_id = ?, marks = '[]' WHERE id = ?",
                [state, samples, session, recording],
            )

    def add_session_gaps(self, session: SessionId, gaps: Sequence[Gap]) -> None:
        """Keep where sound is missing in a session; gaps at one place are joined."""
        joined: dict[int, Gap] = {}
        for gap in gaps:
            before = joined.get(gap.start_ms)
            lost_ms = gap.lost_ms + (before.lost_ms if before else 0)
            joined[gap.start_ms] = Gap(gap.start_ms, lost_ms, gap.reason)
        with transaction(self._vault.db) as db:
            db.conn.executemany(
                "INSERT INTO recording_gaps VALUES (?,?,?,?)",
                [(session, gap.start_ms, gap.lost_ms, gap.reason.value) for gap in joined.values()],
            )

    def gaps(self, session: SessionId) -> tuple[Gap, ...]:
        """Return where sound is missing in a session, in order; empty for imported ones."""
        sql = "SELECT start_ms, lost_ms, reason FROM recording_gaps WHERE session_id = ? ORDER BY start_ms"
        return tuple(gap_from_plain(row) for row in self._vault.db.query(sql, [session]))


def _recording(row: dict[str, Any]) -> Recording:
    return Recording(
        recording=row["id"],
        client=ClientId(row["client_id"]),
        client_code=row["client_code"],
        state=row["state"],
        title=row["title"],
        started_at=row["started_at"],
        rate_hz=row["rate_hz"],
        channels=row["channels"],
        device=row["device"],
        media=tuple(MediaId(media_id) for media_id in json.loads(row["media_ids"])),
        gaps=tuple(gap_from_plain(plain) for plain in json.loads(row["gaps"])),
        marks=tuple(LiveMark(**plain) for plain in json.loads(row["marks"])),
        facts=json.loads(row["facts"]),
        session=SessionId(row["session_id"]) if row["session_id"] else None,
    )
