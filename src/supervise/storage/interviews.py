"""Interviews, their answers (only ever added, the newest counts) and the events they are about."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from supervise.domain.errors import UsageError
from supervise.domain.ids import EventId, InterviewId, RecallId, SessionId
from supervise.domain.interviews import Event, GivenAnswer, Interview, InterviewState, Unblinding
from supervise.domain.protocols import Answer
from supervise.domain.recall import Party
from supervise.domain.times import now_utc
from supervise.storage.database import transaction
from supervise.storage.sessions import MIN_PREFIX
from supervise.storage.vault import Vault

_CHANGING = ("state", "plan", "cued_from", "recall_id", "opened_at", "done_at", "unblinded", "interviewer")
_OLDEST = "ORDER BY created_at, rowid"


class InterviewStore:
    """The interviews of one vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def put(self, row: Interview) -> None:
        """Add an interview, or write what changed of it."""
        unblinded = row.unblinded
        said = json.dumps([unblinded.at, unblinded.by, unblinded.reason]) if unblinded else ""
        values = [row.interview, row.study, row.protocol, row.session, str(row.party), row.interviewer]
        values += [row.point, str(row.state), row.seed, json.dumps(row.plan), row.cued_from or ""]  # type: ignore[list-item]
        values += [row.recall or "", row.due_from, row.due_until, row.created_at]
        values += [self._vault.profile.profile, row.opened_at, row.done_at, said]  # type: ignore[list-item]
        marks = ", ".join("?" * len(values))
        changed = ", ".join(f"{name} = excluded.{name}" for name in _CHANGING)
        sql = f"INSERT INTO interviews VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {changed}"  # noqa: S608
        with transaction(self._vault.db) as db:
            db.execute(sql, values)

    def get(self, interview: InterviewId) -> Interview:
        """Return one interview; raises UsageError for an unknown id."""
        rows = self._rows("WHERE id = ?", [interview])
        if not rows:
            raise UsageError("There is no such interview in this vault.")
        return rows[0]

    def find(self, text: str) -> InterviewId:
        """Return the id that `text` is or begins; raises UsageError when none or several fit."""
        wanted = text.strip().lower()
        fits = wanted.isalnum() and len(wanted) >= MIN_PREFIX
        rows = self._rows("WHERE id >= ? AND id < ? LIMIT 2", [wanted, wanted + "g"]) if fits else []
        if len(rows) != 1:
            raise UsageError(
                f"No one interview begins with “{text}”. `supervise study show VAULT STUDY` shows them."
            )
        return rows[0].interview

    def all(self) -> list[Interview]:
        """Return every interview, oldest first."""
        return self._rows(_OLDEST, [])

    def of_session(self, session: SessionId) -> list[Interview]:
        """Return the interviews about a session, oldest first."""
        return self._rows(f"WHERE session_id = ? {_OLDEST}", [session])

    def of_recall(self, recall: RecallId) -> list[Interview]:
        """Return the interviews a recall belongs to, oldest first."""
        return self._rows(f"WHERE recall_id = ? {_OLDEST}", [recall])

    def _rows(self, tail: str, values: Sequence[object]) -> list[Interview]:
        found = self._vault.db.query(f"SELECT * FROM interviews {tail}", list(values))  # noqa: S608 - ours
        return [_interview(row) for row in found]

    def drop(self, interview: InterviewId) -> None:
        """Delete an interview with its events and answers."""
        with transaction(self._vault.db) as db:
            db.execute("DELETE FROM interview_answers WHERE interview_id = ?", [interview])
            db.execute("DELETE FROM recall_events WHERE interview_id = ?", [interview])
            db.execute("DELETE FROM interviews WHERE id = ?", [interview])

    # ------------------------------------------------------------------ answers
    def add_answer(self, interview: InterviewId, item: str, event: EventId | None, value: Answer) -> int:
        """Add an answer and return its number."""
        last = "SELECT coalesce(max(seq), -1) + 1 FROM interview_answers WHERE interview_id = ?"
        with transaction(self._vault.db) as db:
            seq = int(db.execute(last, [interview]).fetchone()[0])
            said = json.dumps(value, ensure_ascii=False)
            values = [interview, seq, item, event or "", said, now_utc(), self._vault.profile.profile]
            db.execute("INSERT INTO interview_answers VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        return seq

    def answers(self, interview: InterviewId) -> tuple[GivenAnswer, ...]:
        """Return every answer ever given, in order."""
        sql = "SELECT seq, item, event_id, value, given_at FROM interview_answers WHERE interview_id = ? "
        sql += "ORDER BY seq"
        return tuple(
            GivenAnswer(seq, item, EventId(event) if event else None, json.loads(value), given_at)
            for seq, item, event, value, given_at in self._vault.db.execute(sql, [interview])
        )

    # ------------------------------------------------------------------ events
    def put_event(self, event: Event) -> None:
        """Add an event, or write its times, peaks and title anew."""
        peaks = json.dumps({str(speaker): times for speaker, times in event.peaks})
        values = [event.event, event.session, event.interview, str(event.party), event.start_ms, event.end_ms]
        values += [peaks, event.title, event.same_as or "", now_utc(), self._vault.profile.profile, None]
        sql = (
            "INSERT INTO recall_events VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET "
            "start_ms = excluded.start_ms, end_ms = excluded.end_ms, peaks = excluded.peaks, "
            "title = excluded.title, changed_at = excluded.created_at"
        )
        with transaction(self._vault.db) as db:
            db.execute(sql, values)

    def events(self, interview: InterviewId) -> tuple[Event, ...]:
        """Return the events of an interview, in the order they were chosen."""
        sql = "SELECT * FROM recall_events WHERE interview_id = ? ORDER BY created_at, rowid"
        return tuple(_event(row) for row in self._vault.db.query(sql, [interview]))

    def find_event(self, session: SessionId, text: str) -> Event:
        """Return the event of a session whose id is or begins with `text`; raises UsageError."""
        sql = "SELECT * FROM recall_events WHERE session_id = ? AND id >= ? AND id < ? LIMIT 2"
        wanted = text.strip().lower()
        fits = wanted.isalnum() and len(wanted) >= MIN_PREFIX
        rows = list(self._vault.db.query(sql, [session, wanted, wanted + "g"])) if fits else []
        if len(rows) != 1:
            raise UsageError(f"No one event begins with “{text}”. `supervise interview show` shows them.")
        return _event(rows[0])

    # ------------------------------------------------------------------ a portion that is deleted
    def forget_span(
        self, session: SessionId, start_ms: int, end_ms: int, quotes: Callable[[str], bool]
    ) -> list[str]:
        """Take out what was said about a deleted span of a session, and what quotes it; return what went.

        Events inside it go with their answers. One that reaches into it keeps its span and its ratings: its
        title, its peaks there and what was answered about it in words go.
        """
        gone: list[str] = []
        with transaction(self._vault.db) as db:
            sql = "SELECT * FROM recall_events WHERE session_id = ? ORDER BY created_at, rowid"
            for event in [_event(row) for row in self._vault.db.query(sql, [session])]:
                inside = start_ms <= event.start_ms and event.end_ms <= end_ms
                touched = event.start_ms < end_ms and event.end_ms > start_ms
                answers = "SELECT interview_id, seq, value FROM interview_answers WHERE event_id = ?"
                for interview, seq, value in db.execute(answers, [event.event]).fetchall():
                    said = isinstance(json.loads(value), str)
                    if inside or (touched and said):
                        gone.append(value)
                        self._forget_answer(interview, seq, whole=inside)
                if inside:
                    gone.append(event.title)
                    db.execute("UPDATE recall_events SET same_as = '' WHERE same_as = ?", [event.event])
                    db.execute("DELETE FROM recall_events WHERE id = ?", [event.event])
                elif touched or quotes(event.title):
                    gone.append(event.title)
                    peaks = tuple(
                        (speaker, tuple(ms for ms in times if not start_ms <= ms < end_ms))
                        for speaker, times in event.peaks
                    )
                    self.put_event(replace(event, title="", peaks=peaks))
            sql = "SELECT interview_id, seq, value FROM interview_answers WHERE interview_id IN "
            sql += "(SELECT id FROM interviews WHERE session_id = ?)"
            for interview, seq, value in db.execute(sql, [session]).fetchall():
                if isinstance(text := json.loads(value), str) and quotes(text):
                    gone.append(value)
                    self._forget_answer(interview, seq, whole=False)
        return [text for text in gone if text]

    def forget_quotes(self, session: SessionId, quotes: Callable[[str], bool]) -> None:
        """Empty the answers and titles about a session that quote; that there was one stays."""
        self.forget_span(session, 0, 0, quotes)

    def _forget_answer(self, interview: str, seq: int, *, whole: bool) -> None:
        """Delete an answer, or leave that there was one."""
        where = "WHERE interview_id = ? AND seq = ?"
        if whole:
            self._vault.db.execute(f"DELETE FROM interview_answers {where}", [interview, seq])  # noqa: S608
        else:
            sql = f"UPDATE interview_answers SET value = ? {where}"  # noqa: S608 - ours
            self._vault.db.execute(sql, [json.dumps(""), interview, seq])


def _interview(row: dict[str, Any]) -> Interview:
    return Interview(
        interview=InterviewId(row["id"]),
        study=row["study"],
        protocol=row["protocol"],
        session=SessionId(row["session_id"]),
        party=Party(row["party"]),
        interviewer=row["interviewer"],
        point=row["time_point"],
        due_from=row["due_from"],
        due_until=row["due_until"],
        created_at=row["created_at"],
        state=InterviewState(row["state"]),
        seed=row["seed"],
        plan=tuple(json.loads(row["plan"])),
        cued_from=InterviewId(row["cued_from"]) if row["cued_from"] else None,
        recall=RecallId(row["recall_id"]) if row["recall_id"] else None,
        opened_at=row["opened_at"],
        done_at=row["done_at"],
        unblinded=Unblinding(*json.loads(row["unblinded"])) if row["unblinded"] else None,
    )


def _event(row: dict[str, Any]) -> Event:
    peaks = json.loads(row["peaks"])
    return Event(
        event=EventId(row["id"]),
        session=SessionId(row["session_id"]),
        interview=InterviewId(row["interview_id"]),
        party=Party(row["party"]),
        start_ms=row["start_ms"],
        end_ms=row["end_ms"],
        peaks=tuple((Party(speaker), tuple(times)) for speaker, times in peaks.items()),
        title=row["title"],
        same_as=EventId(row["same_as"]) if row["same_as"] else None,
        created_at=row["created_at"],
    )
