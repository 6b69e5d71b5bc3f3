"""Recalls: known to the database from their first second, with every stop, prompt and stretch played."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlite_utils

from supervise.domain.errors import UsageError
from supervise.domain.ids import MediaId, ProfileId, RecallId, SessionId
from supervise.domain.recall import PromptUse, Setup, Stop, StoppedBy, setup_from_plain
from supervise.domain.recall_map import Stretch
from supervise.domain.recordings import Gap, gap_from_plain
from supervise.domain.session import SoundFacts
from supervise.domain.times import samples_to_ms
from supervise.storage import recall_destruction
from supervise.storage.database import transaction
from supervise.storage.recall_destruction import RecallIds
from supervise.storage.sessions import MIN_PREFIX
from supervise.storage.vault import Vault

RECALLING, KEPT, DESTROYED = "recalling", "kept", "destroyed"
_BITS = 16


@dataclass(frozen=True, slots=True)
class Recall:
    """One row; `samples` is 0 until it has ended. `facts` is what else is known, by name."""

    recall: RecallId
    session: SessionId
    state: str
    setup: Setup
    started_at: str
    made_by: ProfileId
    rate_hz: int
    channels: int
    master: MediaId
    peaks: MediaId
    samples: int = 0
    sha256: str = ""
    gaps: tuple[Gap, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def unfinished(self) -> bool:
        """Whether it goes on, or did not end as it should."""
        return self.state == RECALLING

    @property
    def sound(self) -> SoundFacts:
        """The facts of its recording."""
        duration_ms = samples_to_ms(self.samples, self.rate_hz)
        return SoundFacts(self.samples, self.rate_hz, self.channels, duration_ms, self.sha256, _BITS)


class RecallStore:
    """The recalls of one vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def begin(self, row: Recall) -> None:
        """Add a recall whose media rows exist (same transaction)."""
        values = [row.recall, row.session, row.state, json.dumps(row.setup.plain()), row.started_at]
        values += [row.made_by, row.rate_hz, row.channels, 0, "", row.master, row.peaks, "[]"]  # type: ignore[list-item]
        values.append(json.dumps(row.facts))
        with transaction(self._vault.db) as db:
            db.execute("INSERT INTO recalls VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)", values)

    def take_back(self, recall: RecallId) -> None:
        """Delete a recall that could not begin."""
        with transaction(self._vault.db) as db:
            db.execute("DELETE FROM recalls WHERE id = ?", [recall])

    def get(self, recall: RecallId) -> Recall:
        """Return one recall; raises UsageError for an unknown id."""
        rows = self._rows("WHERE id = ?", [recall])
        if not rows:
            raise UsageError("There is no such recall in this vault.")
        return rows[0]

    def find(self, text: str) -> RecallId:
        """Return the id that `text` is or begins; raises UsageError when none or several fit."""
        wanted = text.strip().lower()
        fits = wanted.isalnum() and len(wanted) >= MIN_PREFIX
        rows = self._rows("WHERE id >= ? AND id < ? LIMIT 2", [wanted, wanted + "g"]) if fits else []
        if len(rows) != 1:
            raise UsageError(f"No one recall begins with “{text}”. `supervise recall list VAULT` shows them.")
        return rows[0].recall

    def all(self) -> list[Recall]:
        """Return every recall that was not destroyed, oldest first."""
        return self._rows("WHERE state <> ? ORDER BY started_at, rowid", [DESTROYED])

    def of_session(self, session: SessionId) -> list[Recall]:
        """Return the recalls of a session that were not destroyed, oldest first."""
        tail = "WHERE session_id = ? AND state <> ? ORDER BY started_at, rowid"
        return self._rows(tail, [session, DESTROYED])

    def unfinished(self) -> list[Recall]:
        """Return the recalls that did not end, oldest first."""
        return self._rows("WHERE state = ? ORDER BY started_at, rowid", [RECALLING])

    def _rows(self, tail: str, values: Sequence[object]) -> list[Recall]:
        setups: dict[str, Setup] = {}  # many recalls are set up alike: each wording is read once
        rows = self._vault.db.query(f"SELECT * FROM recalls {tail}", list(values))  # noqa: S608
        return [_recall(row, setups) for row in rows]

    # ------------------------------------------------------------------ what happens in it
    def put_stop(self, recall: RecallId, stop: Stop) -> None:
        """Add or replace one stop, on disk when this returns (outside a transaction)."""
        values = [recall, stop.seq, stop.session_ms, stop.recall_start_ms, stop.recall_end_ms]
        values += [stop.stopped_by.value, stop.replayed_from_ms, stop.since_last_ms, stop.about_from_ms]
        with transaction(self._vault.db) as db:
            db.execute("INSERT OR REPLACE INTO recall_stops VALUES (?,?,?,?,?,?,?,?,?)", values)

    def stops(self, recall: RecallId) -> tuple[Stop, ...]:
        """Return the stops in order."""
        rows = self._vault.db.query("SELECT * FROM recall_stops WHERE recall_id = ? ORDER BY seq", [recall])
        return tuple(_stop(row) for row in rows)

    def stop_counts(self, session: SessionId | None = None) -> dict[RecallId, int]:
        """Return how many stops the recalls have, of one session or all; those without are left out."""
        sql = "SELECT s.recall_id, count(*) FROM recall_stops s"
        if session is not None:
            sql += " JOIN recalls r ON r.id = s.recall_id WHERE r.session_id = ?"
        rows = self._vault.db.execute(f"{sql} GROUP BY s.recall_id", [session] if session is not None else [])
        return {RecallId(row[0]): row[1] for row in rows}

    def put_prompt(self, recall: RecallId, used: PromptUse) -> None:
        """Add a prompt that was used; once, however often told."""
        values = [recall, used.seq, used.recall_ms, used.prompt, used.stop, used.words]
        with transaction(self._vault.db) as db:
            db.execute("INSERT OR REPLACE INTO recall_prompts VALUES (?,?,?,?,?,?)", values)

    def prompts(self, recall: RecallId) -> tuple[PromptUse, ...]:
        """Return the prompts used, in order."""
        sql = "SELECT seq, recall_ms, prompt, stop_seq, words FROM recall_prompts "
        rows = self._vault.db.execute(sql + "WHERE recall_id = ? ORDER BY seq", [recall])
        return tuple(PromptUse(*row) for row in rows)

    def put_stretches(self, recall: RecallId, stretches: Iterable[Stretch], first: int = 0) -> None:
        """Replace the stretches from number `first` on."""
        rows = [(recall, seq, *stretch) for seq, stretch in enumerate(stretches, first)]
        with transaction(self._vault.db) as db:
            db.execute("DELETE FROM recall_stretches WHERE recall_id = ? AND seq >= ?", [recall, first])
            db.conn.executemany("INSERT INTO recall_stretches VALUES (?,?,?,?,?,?,?,?)", rows)

    def stretches(self, recall: RecallId) -> tuple[Stretch, ...]:
        """Return what was played when, in order."""
        sql = "SELECT recall_start, recall_end, session_start, session_end, speed, run FROM recall_stretches "
        rows = self._vault.db.execute(sql + "WHERE recall_id = ? ORDER BY seq", [recall])
        return tuple(Stretch(*row) for row in rows)

    def heard_at(self, session: SessionId, frame: int) -> list[tuple[RecallId, Stretch]]:
        """Return the stretches of any recall in which a frame of the session was heard."""
        sql = (
            "SELECT t.recall_id, recall_start, recall_end, session_start, session_end, speed, run "
            "FROM recalls r JOIN recall_stretches t ON t.recall_id = r.id WHERE r.session_id = ? "
            "AND t.session_start <= ? AND t.session_end > ? ORDER BY r.started_at, r.rowid, t.seq"
        )
        rows = self._vault.db.execute(sql, [session, frame, frame])
        return [(RecallId(row[0]), Stretch(*row[1:])) for row in rows]

    def stops_about(self, session: SessionId, from_ms: int, to_ms: int) -> list[tuple[RecallId, Stop]]:
        """Return the stops of any recall that are about something between two instants of a session."""
        sql = (
            "SELECT s.* FROM recalls r JOIN recall_stops s ON s.recall_id = r.id WHERE r.session_id = ? "
            "AND r.state <> ? AND s.about_from_ms <= ? AND s.session_ms >= ? "
            "ORDER BY r.started_at, r.rowid, s.seq"
        )
        rows = self._vault.db.query(sql, [session, DESTROYED, to_ms, from_ms])
        return [(RecallId(row["recall_id"]), _stop(row)) for row in rows]

    def set_gaps(self, recall: RecallId, gaps: Iterable[Gap]) -> None:
        """Replace the gaps."""
        text = json.dumps([gap.plain() for gap in gaps])
        with transaction(self._vault.db) as db:
            db.execute("UPDATE recalls SET gaps = ? WHERE id = ?", [text, recall])

    def add_facts(self, recall: RecallId, facts: dict[str, Any]) -> None:
        """Add to what is known."""
        with transaction(self._vault.db) as db:
            text = json.dumps({**self.get(recall).facts, **facts})
            db.execute("UPDATE recalls SET facts = ? WHERE id = ?", [text, recall])

    # ------------------------------------------------------------------ the end
    def end(self, recall: RecallId, samples: int, sha256: str, peaks: MediaId) -> None:
        """Say that it has ended, with so many frames."""
        sql = "UPDATE recalls SET state = ?, samples = ?, sha256 = ?, peaks_id = ? WHERE id = ?"
        with transaction(self._vault.db) as db:
            db.execute(sql, [KEPT, samples, sha256, peaks, recall])

    def destroy(self, recall: RecallId) -> None:
        """Delete everything of a recall but a row that says there was one; its media are the caller's."""
        with transaction(self._vault.db) as db:
            empty_recall(db, recall)


def empty_recall(db: sqlite_utils.Database, recall: RecallId) -> None:
    """Delete everything of a recall but a row that says there was one, in the caller's transaction."""
    sql = "SELECT session_id, state, setup FROM recalls WHERE id = ?"
    session, state, text = db.execute(sql, [recall]).fetchone()
    if state == KEPT:  # whose marks and write-ups stand in what can be undone of the session
        db.execute("DELETE FROM history WHERE session_id = ?", [session])
    recall_destruction.empty(db, RecallIds((recall,)))
    setup = setup_from_plain(json.loads(text))
    bare = Setup(setup.kind, recaller=setup.recaller)  # neither who helped, nor what was chosen and why
    sql = "UPDATE recalls SET state = ?, samples = 0, sha256 = '', setup = ?, gaps = '[]', facts = '{}'"
    db.execute(f"{sql} WHERE id = ?", [DESTROYED, json.dumps(bare.plain()), recall])


def _stop(row: dict[str, Any]) -> Stop:
    return Stop(
        seq=row["seq"],
        session_ms=row["session_ms"],
        recall_start_ms=row["recall_start_ms"],
        stopped_by=StoppedBy(row["stopped_by"]),
        since_last_ms=row["since_last_ms"],
        about_from_ms=row["about_from_ms"],
        recall_end_ms=row["recall_end_ms"],
        replayed_from_ms=row["replayed_from_ms"],
    )


def _recall(row: dict[str, Any], setups: dict[str, Setup]) -> Recall:
    text = row["setup"]
    if text not in setups:
        setups[text] = setup_from_plain(json.loads(text))
    return Recall(
        recall=RecallId(row["id"]),
        session=SessionId(row["session_id"]),
        state=row["state"],
        setup=setups[text],
        started_at=row["started_at"],
        made_by=ProfileId(row["made_by"]),
        rate_hz=row["rate_hz"],
        channels=row["channels"],
        master=MediaId(row["master_id"]),
        peaks=MediaId(row["peaks_id"]),
        samples=row["samples"],
        sha256=row["sha256"],
        gaps=tuple(gap_from_plain(plain) for plain in json.loads(row["gaps"])),
        facts=json.loads(row["facts"]),
    )
