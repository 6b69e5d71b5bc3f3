"""Series of ratings: known to the database from their first second, written second by second."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from supervise.domain.errors import UsageError
from supervise.domain.ids import ProfileId, SeriesId, SessionId, new_id
from supervise.domain.rating import RatingSetup, setup_from_plain
from supervise.domain.rating_trace import Point, Run, Trace, without_spans
from supervise.storage.database import transaction
from supervise.storage.sessions import MIN_PREFIX
from supervise.storage.vault import Vault

RATING, KEPT = "rating", "kept"
_CHUNK_POINTS = 200
PIECE = 48
POINTS = "points"


@dataclass(frozen=True, slots=True)
class Series:
    """One series; `facts` is what else is known, by name, such as how it ended."""

    series: SeriesId
    session: SessionId
    author: ProfileId
    setup: RatingSetup
    started_at: str
    state: str = RATING
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def unfinished(self) -> bool:
        """Whether it goes on right now."""
        return self.state == RATING


@dataclass(frozen=True, slots=True)
class Amount:
    """How much there is in a series: what was heard (places heard twice count twice), passes, points."""

    played_ms: int = 0
    passes: int = 0
    points: int = 0


class RatingStore:
    """The series of one vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def begin(self, row: Series) -> None:
        """Add a series."""
        values = [row.series, row.session, row.author, json.dumps(row.setup.plain()), row.started_at]
        with transaction(self._vault.db) as db:
            db.execute(
                "INSERT INTO rating_series VALUES (?,?,?,?,?,?,?)",
                [*values, row.state, json.dumps(row.facts)],
            )

    def add(self, series: SeriesId, first_run: int, runs: Sequence[Run], points: Sequence[Point]) -> None:
        """Add what a second brought: the runs from number `first_run` on, new or longer, and new points."""
        with transaction(self._vault.db) as db:
            rows = [(series, seq, *run) for seq, run in enumerate(runs, first_run)]
            db.conn.executemany("INSERT OR REPLACE INTO rating_runs VALUES (?,?,?,?,?,?)", rows)
            self._add_points(series, points)

    def _add_points(self, series: SeriesId, points: Sequence[Point]) -> None:
        db = self._vault.db
        sql = "SELECT coalesce(max(seq), -1) + 1 FROM rating_points WHERE series_id = ?"
        seq = int(db.execute(sql, [series]).fetchone()[0])
        for number, start in enumerate(range(0, len(points), _CHUNK_POINTS), seq):
            text = _stored(points[start : start + _CHUNK_POINTS])
            db.execute("INSERT INTO rating_points VALUES (?,?,?)", [series, number, text])

    def trace(self, series: SeriesId) -> Trace:
        """Return all that was rated in one series."""
        sql = "SELECT pass, start_ms, end_ms, at_ms FROM rating_runs WHERE series_id = ? ORDER BY seq"
        runs = tuple(Run(*row) for row in self._vault.db.execute(sql, [series]))
        sql = "SELECT points FROM rating_points WHERE series_id = ? ORDER BY seq"
        chunks = self._vault.db.execute(sql, [series])
        return Trace(runs, tuple(Point(*row) for (text,) in chunks for row in json.loads(text)[1:]))

    def amounts(self, session: SessionId | None = None) -> dict[SeriesId, Amount]:
        """Return how much there is in the series of one session or all, without reading what was rated."""
        sql = (
            "SELECT s.id, coalesce(sum(r.end_ms - r.start_ms), 0), count(DISTINCT r.pass), s.facts ->> ?1 "
            "FROM rating_series s LEFT JOIN rating_runs r ON r.series_id = s.id "
            "WHERE ?2 IS NULL OR s.session_id = ?2 GROUP BY s.id"
        )
        rows = self._vault.db.execute(sql, [f"$.{POINTS}", session]).fetchall()
        return {
            SeriesId(row[0]): Amount(row[1], row[2], self._points(row[0]) if row[3] is None else row[3])
            for row in rows
        }

    def _points(self, series: SeriesId) -> int:
        """Count the points of a series that does not say how many it has: it goes on, or is an older one."""
        sql = "SELECT coalesce(sum(json_array_length(points) - 1), 0) FROM rating_points WHERE series_id = ?"
        return int(self._vault.db.execute(sql, [series]).fetchone()[0])

    def end(self, series: SeriesId, facts: dict[str, Any]) -> None:
        """Say that it has ended."""
        with transaction(self._vault.db) as db:
            known = {**self.get(series).facts, **facts, POINTS: self._points(series)}
            text = json.dumps(known)
            sql = "UPDATE rating_series SET state = ?, facts = ? WHERE id = ?"
            db.execute(sql, [KEPT, text, series])

    def close_left(self) -> tuple[SeriesId, ...]:
        """Let what a crash left have ended with its last second; a series in which nothing was heard goes."""
        left = self._rows("WHERE state = ?", [RATING])
        for row in left:
            with transaction(self._vault.db):
                self.end(row.series, {"ended": "crash"})
                if not self.trace(row.series).runs:
                    self.delete(row.series)
        return tuple(row.series for row in left)

    def get(self, series: SeriesId) -> Series:
        """Return one series; raises UsageError for an unknown id."""
        rows = self._rows("WHERE id = ?", [series])
        if not rows:
            raise UsageError("There is no such series of ratings in this vault.")
        return rows[0]

    def find(self, text: str) -> SeriesId:
        """Return the id that `text` is or begins; raises UsageError when none or several fit."""
        wanted = text.strip().lower()
        fits = wanted.isalnum() and len(wanted) >= MIN_PREFIX
        rows = self._rows("WHERE id >= ? AND id < ? LIMIT 2", [wanted, wanted + "g"]) if fits else []
        if len(rows) != 1:
            raise UsageError(f"No one series begins with “{text}”. `supervise rating list VAULT` shows them.")
        return rows[0].series

    def all(self) -> list[Series]:
        """Return every series, oldest first."""
        return self._rows("ORDER BY started_at, rowid", [])

    def of_session(self, session: SessionId) -> list[Series]:
        """Return the series of a session, oldest first."""
        return self._rows("WHERE session_id = ? ORDER BY started_at, rowid", [session])

    def _rows(self, tail: str, values: Sequence[object]) -> list[Series]:
        sql = f"SELECT * FROM rating_series {tail}"  # noqa: S608 - tails are ours
        return [_series(row) for row in self._vault.db.query(sql, list(values))]

    # ------------------------------------------------------------------ forgetting
    def delete(self, series: SeriesId) -> None:
        """Delete one series with all that was rated in it."""
        with transaction(self._vault.db) as db:
            for table in ("rating_points", "rating_runs"):
                db.execute(f"DELETE FROM {table} WHERE series_id = ?", [series])  # noqa: S608 - ours
            db.execute("DELETE FROM rating_series WHERE id = ?", [series])

    def remove_span(self, session: SessionId, start_ms: int, end_ms: int) -> list[str]:
        """Take what was rated in a span out of every series; return pieces of the stored text that goes."""
        gone: list[str] = []
        for row in self.of_session(session):
            trace = self.trace(row.series)
            kept = without_spans(trace, [(start_ms, end_ms)])
            if kept != trace:
                gone += self._replace(row.series, kept)
        return gone

    def _replace(self, series: SeriesId, trace: Trace) -> list[str]:
        with transaction(self._vault.db) as db:
            sql = f"SELECT substr(points, 1, {PIECE}) FROM rating_points WHERE series_id = ?"  # noqa: S608
            old = [str(text) for (text,) in db.execute(sql, [series]).fetchall()]
            for table in ("rating_points", "rating_runs"):
                db.execute(f"DELETE FROM {table} WHERE series_id = ?", [series])  # noqa: S608 - ours
            self.add(series, 0, trace.runs, trace.points)
            sql = "UPDATE rating_series SET facts = json_set(facts, ?, ?) WHERE id = ?"
            db.execute(sql, [f"$.{POINTS}", len(trace.points), series])
        return old


def _stored(points: Sequence[Point]) -> str:
    """Return points as stored: a text like no other, so that a destruction can tell whether it is gone."""
    return json.dumps([new_id(), *points], separators=(",", ":"))


def _series(row: dict[str, Any]) -> Series:
    return Series(
        series=SeriesId(row["id"]),
        session=SessionId(row["session_id"]),
        author=ProfileId(row["author_id"]),
        setup=setup_from_plain(json.loads(row["setup"])),
        started_at=row["started_at"],
        state=row["state"],
        facts=json.loads(row["facts"]),
    )
