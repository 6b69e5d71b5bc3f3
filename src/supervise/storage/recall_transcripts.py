"""What was said in recalls: versions and windows as of sessions, in tables of their own, never searched."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from supervise.domain.errors import UsageError
from supervise.domain.ids import RecallId, SessionId, TranscriptId
from supervise.domain.speakers import SpeakerNames
from supervise.domain.transcript import TranscriptVersion, Word
from supervise.storage.database import transaction
from supervise.storage.transcripts import DONE, RUNNING, pack_words, unpack_words, version_of
from supervise.storage.vault import Vault

_SELECT = "SELECT t.*, r.session_id FROM recall_transcripts t JOIN recalls r ON r.id = t.recall_id"


class RecallTranscriptStore:
    """The transcripts of recalls; the newest finished version counts."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def begin(self, version: TranscriptVersion, recall: RecallId) -> None:
        """Add an empty version in the state `running`."""
        settings, language = json.dumps(asdict(version.settings)), version.settings.language
        values = [version.transcript, recall, version.created_at, settings, RUNNING, 0, language, "[]", "{}"]
        with transaction(self._vault.db) as db:
            db.execute("INSERT INTO recall_transcripts VALUES (?,?,?,?,?,?,?,?,?)", values)

    def recall_of(self, transcript: TranscriptId) -> RecallId | None:
        """Return the recall a transcript is of; None when it is of a session, or gone."""
        sql = "SELECT recall_id FROM recall_transcripts WHERE id = ?"
        row = self._vault.db.execute(sql, [transcript]).fetchone()
        return RecallId(row[0]) if row else None

    def add_window(
        self, transcript: TranscriptId, seq: int, start_ms: int, end_ms: int, words: Sequence[Word]
    ) -> None:
        """Store one finished window; storing the same `seq` again changes nothing."""
        with transaction(self._vault.db) as db:
            db.execute(
                "INSERT OR IGNORE INTO recall_windows VALUES (?,?,?,?,?)",
                [transcript, seq, start_ms, end_ms, pack_words(words)],
            )
            sql = "UPDATE recall_transcripts SET done_ms = max(done_ms, ?) WHERE id = ?"
            db.execute(sql, [end_ms, transcript])

    def finish(
        self, transcript: TranscriptId, language: str, notes: Sequence[str], stats: Mapping[str, object]
    ) -> None:
        """Mark the version done."""
        sql = "UPDATE recall_transcripts SET state = ?, language = ?, notes = ?, stats = ? WHERE id = ?"
        values = [DONE, language, json.dumps(list(notes)), json.dumps(dict(stats)), transcript]
        with transaction(self._vault.db) as db:
            db.execute(sql, values)

    def versions(self, recall: RecallId) -> list[TranscriptVersion]:
        """Return every version, newest first; `session` is the session recalled."""
        sql = f"{_SELECT} WHERE t.recall_id = ? ORDER BY t.created_at DESC, t.rowid DESC"
        return [version_of(row) for row in self._vault.db.query(sql, [recall])]

    def current(self, recall: RecallId) -> TranscriptVersion | None:
        """Return the newest finished version, else the newest unfinished one, else None."""
        versions = self.versions(recall)
        return next(iter([version for version in versions if version.finished] or versions), None)

    def current_of_session(self, session: SessionId) -> dict[RecallId, TranscriptId]:
        """Return the current transcript of each recall of a session that has one."""
        sql = "SELECT t.recall_id, t.id FROM recalls r JOIN recall_transcripts t ON t.recall_id = r.id "
        order = "WHERE r.session_id = ? ORDER BY t.state = ?, t.created_at, t.rowid"
        rows = self._vault.db.execute(sql + order, [session, DONE])
        return {RecallId(row[0]): TranscriptId(row[1]) for row in rows}

    def states(self, session: SessionId | None = None) -> dict[RecallId, bool]:
        """Return for each recall that has a transcript whether one is finished; of one session or all."""
        sql = "SELECT t.recall_id, max(t.state = ?) FROM recall_transcripts t"
        values: list[object] = [DONE]
        if session is not None:
            sql += " JOIN recalls r ON r.id = t.recall_id WHERE r.session_id = ?"
            values.append(session)
        rows = self._vault.db.execute(f"{sql} GROUP BY t.recall_id", values)
        return {RecallId(row[0]): bool(row[1]) for row in rows}

    def resume_point(self, transcript: TranscriptId) -> tuple[int, int]:
        """Return (next window number, milliseconds already transcribed)."""
        sql = "SELECT coalesce(max(seq) + 1, 0), coalesce(max(end_ms), 0) FROM recall_windows "
        row = self._vault.db.execute(sql + "WHERE transcript_id = ?", [transcript]).fetchone()
        return row[0], row[1]

    def words(
        self, transcript: TranscriptId, start_ms: int = 0, end_ms: int | None = None
    ) -> tuple[Word, ...]:
        """Return the words that touch a span of the recall (default: all), in time order."""
        sql = "SELECT words FROM recall_windows WHERE transcript_id = ? AND end_ms >= ? AND start_ms <= ? "
        until_ms = 1 << 60 if end_ms is None else end_ms
        rows = self._vault.db.execute(sql + "ORDER BY seq", [transcript, start_ms, until_ms])
        words = (word for row in rows for word in unpack_words(row[0]))
        return tuple(word for word in words if word.end_ms > start_ms and word.start_ms < until_ms)

    def words_in(self, spans: Sequence[tuple[TranscriptId, int, int]]) -> list[tuple[Word, ...]]:
        """Return the words that touch each span (transcript, start_ms, end_ms), all read in one go."""
        # `w` is answered by the index alone; only the windows that fit are fetched, each once, as `x`.
        sql = (
            "WITH j AS MATERIALIZED (SELECT value ->> 0 AS transcript, value ->> 1 AS start, "
            "value ->> 2 AS end FROM json_each(?)), k AS MATERIALIZED (SELECT w.transcript_id, w.seq FROM j "
            "CROSS JOIN recall_windows w ON w.transcript_id = j.transcript AND w.end_ms >= j.start "
            "AND w.start_ms <= j.end GROUP BY w.transcript_id, w.seq) "
            "SELECT x.transcript_id, x.start_ms, x.end_ms, x.words FROM k CROSS JOIN recall_windows x "
            "ON x.transcript_id = k.transcript_id AND x.seq = k.seq ORDER BY x.transcript_id, x.seq"
        )
        asked: dict[str, list[int]] = {}
        for number, span in enumerate(spans):
            asked.setdefault(span[0], []).append(number)
        found: list[list[Word]] = [[] for _ in spans]
        windows = self._vault.db.execute(sql, [json.dumps(spans)]).fetchall()
        for transcript, first_ms, last_ms, packed in windows:
            unpacked = json.loads(packed)  # once for all spans, and let go before the next window
            for number in asked[transcript]:
                _, start_ms, end_ms = spans[number]
                if last_ms >= start_ms and first_ms <= end_ms:
                    found[number] += [
                        Word._make(word) for word in unpacked if word[2] > start_ms and word[1] < end_ms
                    ]
        return [tuple(words) for words in found]

    def stats(self, transcript: TranscriptId) -> dict[str, Any]:
        """Return what the run measured."""
        sql = "SELECT stats FROM recall_transcripts WHERE id = ?"
        row = self._vault.db.execute(sql, [transcript]).fetchone()
        return dict(json.loads(row[0])) if row else {}

    def set_labels(self, transcript: TranscriptId, labels: Sequence[str]) -> None:
        """Give every word its voice label, in order; raises UsageError when their number differs."""
        sql = "SELECT seq, words FROM recall_windows WHERE transcript_id = ? ORDER BY seq"
        with transaction(self._vault.db) as db:
            packed = [(row[0], json.loads(row[1])) for row in db.execute(sql, [transcript]).fetchall()]
            if sum(len(words) for _, words in packed) != len(labels):
                raise UsageError("The transcript has changed since; open the recall again.")
            rest = iter(labels)
            for seq, words in packed:
                fresh = json.dumps([[*word[:4], next(rest)] for word in words], ensure_ascii=False)
                where = "WHERE transcript_id = ? AND seq = ?"
                db.execute(f"UPDATE recall_windows SET words = ? {where}", [fresh, transcript, seq])  # noqa: S608

    def names(self, recall: RecallId) -> SpeakerNames:
        """Return the names given to the recall's voices."""
        sql = "SELECT label, name FROM recall_speaker_names WHERE recall_id = ? ORDER BY label"
        return SpeakerNames(tuple((row[0], row[1]) for row in self._vault.db.execute(sql, [recall])))

    def set_names(self, recall: RecallId, names: SpeakerNames) -> None:
        """Replace the names given to the recall's voices."""
        with transaction(self._vault.db) as db:
            db.execute("DELETE FROM recall_speaker_names WHERE recall_id = ?", [recall])
            for label, name in names.names:
                db.execute("INSERT INTO recall_speaker_names VALUES (?,?,?)", [recall, label, name])
