"""Transcripts on disk: versions, the windows as they finish, voice labels and the names given to them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from supervise.domain.errors import UsageError
from supervise.domain.ids import SessionId, TranscriptId
from supervise.domain.speakers import SpeakerNames
from supervise.domain.transcript import TranscribeSettings, TranscriptVersion, Word
from supervise.storage.database import transaction
from supervise.storage.search import SearchStore
from supervise.storage.vault import Vault

RUNNING, DONE = "running", "done"


class TranscriptStore:
    """Every run is a version; the newest finished one is what a session shows."""

    def __init__(self, vault: Vault, search: SearchStore) -> None:
        self._vault = vault
        self._search = search

    def begin(self, version: TranscriptVersion) -> None:
        """Add an empty version in the state `running`."""
        values = [
            version.transcript,
            version.session,
            version.created_at,
            json.dumps(asdict(version.settings)),
            RUNNING,
            0,
            version.settings.language,
            "[]",
            "{}",
        ]
        with transaction(self._vault.db) as db:
            db.execute("INSERT INTO transcripts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)

    def add_window(
        self, transcript: TranscriptId, seq: int, start_ms: int, end_ms: int, words: Sequence[Word]
    ) -> None:
        """Store one finished window and index it; storing the same `seq` again changes nothing."""
        with transaction(self._vault.db) as db:
            row = db.execute("SELECT session_id FROM transcripts WHERE id = ?", [transcript]).fetchone()
            sql = "SELECT 1 FROM windows WHERE transcript_id = ? AND seq = ?"
            if row is None or db.execute(sql, [transcript, seq]).fetchone():
                return
            db.execute(
                "INSERT INTO windows VALUES (?, ?, ?, ?, ?)",
                [transcript, seq, start_ms, end_ms, pack_words(words)],
            )
            db.execute("UPDATE transcripts SET done_ms = max(done_ms, ?) WHERE id = ?", [end_ms, transcript])
            if words:
                starts = [word.start_ms for word in words]
                text = " ".join(word.text.replace(" ", "\u00a0") for word in words)
                self._search.add(SessionId(row[0]), "transcript", transcript, starts[0], starts, text)

    def remove_span(self, session: SessionId, start_ms: int, end_ms: int) -> list[str]:
        """Take the words that touch a span out of every version and the index; return their texts."""
        gone: list[str] = []
        rows = "SELECT transcript_id, seq, words FROM windows WHERE transcript_id IN "
        rows += "(SELECT id FROM transcripts WHERE session_id = ?) ORDER BY transcript_id, seq"
        indexed = "SELECT DISTINCT ref FROM search_rows WHERE session_id = ? AND kind = 'transcript'"
        with transaction(self._vault.db) as db:
            found = [row[0] for row in db.execute(indexed, [session]).fetchall()]
            for transcript, seq, packed in db.execute(rows, [session]).fetchall():
                words = unpack_words(packed)
                kept = [word for word in words if word.end_ms <= start_ms or word.start_ms >= end_ms]
                if len(kept) == len(words):
                    continue
                gone.append(" ".join(word.text for word in words if word not in kept))
                sql = "UPDATE windows SET words = ? WHERE transcript_id = ? AND seq = ?"
                db.execute(sql, [pack_words(kept), transcript, seq])
            for transcript in found:
                self._index_anew(session, transcript)
        return gone

    def _index_anew(self, session: SessionId, transcript: str) -> None:
        self._search.forget_ref(transcript)
        sql = "SELECT words FROM windows WHERE transcript_id = ? ORDER BY seq"
        for (packed,) in self._vault.db.execute(sql, [transcript]).fetchall():
            words = unpack_words(packed)
            if words:
                starts = [word.start_ms for word in words]
                text = " ".join(word.text.replace(" ", "\u00a0") for word in words)
                self._search.add(session, "transcript", transcript, starts[0], starts, text)

    def finish(
        self, transcript: TranscriptId, language: str, notes: Sequence[str], stats: Mapping[str, object]
    ) -> None:
        """Mark the version done; it becomes what the session shows and what search finds."""
        sql = "UPDATE transcripts SET state = ?, language = ?, notes = ?, stats = ? WHERE id = ?"
        values = [DONE, language, json.dumps(list(notes)), json.dumps(dict(stats)), transcript]
        with transaction(self._vault.db) as db:
            db.execute(sql, values)
            row = db.execute("SELECT session_id FROM transcripts WHERE id = ?", [transcript]).fetchone()
            if row:
                self._search.forget_other_transcripts(SessionId(row[0]), transcript)

    def versions(self, session: SessionId) -> list[TranscriptVersion]:
        """Return every version, newest first."""
        sql = "SELECT * FROM transcripts WHERE session_id = ? ORDER BY created_at DESC, rowid DESC"
        return [version_of(row) for row in self._vault.db.query(sql, [session])]

    def current(self, session: SessionId) -> TranscriptVersion | None:
        """Return the newest finished version, else the newest unfinished one, else None."""
        versions = self.versions(session)
        finished = [version for version in versions if version.finished]
        return next(iter(finished or versions), None)

    def current_by_session(self) -> dict[SessionId, bool]:
        """Return, for each session with any transcript, whether a finished one exists."""
        sql = "SELECT session_id, max(state = 'done') FROM transcripts GROUP BY session_id"
        return {SessionId(row[0]): bool(row[1]) for row in self._vault.db.execute(sql)}

    def get(self, transcript: TranscriptId) -> TranscriptVersion:
        """Return one version; raises UsageError when it is gone."""
        rows = list(self._vault.db.query("SELECT * FROM transcripts WHERE id = ?", [transcript]))
        if not rows:
            raise UsageError("There is no such transcript (any more).")
        return version_of(rows[0])

    def resume_point(self, transcript: TranscriptId) -> tuple[int, int]:
        """Return (next window number, milliseconds already transcribed)."""
        sql = (
            "SELECT coalesce(max(seq) + 1, 0), coalesce(max(end_ms), 0) FROM windows WHERE transcript_id = ?"
        )
        row = self._vault.db.execute(sql, [transcript]).fetchone()
        return row[0], row[1]

    def words(self, transcript: TranscriptId) -> tuple[Word, ...]:
        """Return the words of every stored window in time order."""
        sql = "SELECT words FROM windows WHERE transcript_id = ? ORDER BY seq"
        rows = self._vault.db.execute(sql, [transcript])
        return tuple(word for row in rows for word in unpack_words(row[0]))

    def stats(self, transcript: TranscriptId) -> dict[str, Any]:
        """Return what the run measured (CPU seconds, peak memory and the like)."""
        row = self._vault.db.execute("SELECT stats FROM transcripts WHERE id = ?", [transcript]).fetchone()
        return dict(json.loads(row[0])) if row else {}

    def labels(self, transcript: TranscriptId) -> tuple[str, ...]:
        """Return the voice label of every word in order."""
        return tuple(word.speaker for word in self.words(transcript))

    def set_labels(self, transcript: TranscriptId, labels: Sequence[str]) -> None:
        """Give every word of the transcript its voice label; one label a word, in order.

        Raises UsageError when the number differs, which means the transcript has changed meanwhile.
        """
        sql = "SELECT seq, words FROM windows WHERE transcript_id = ? ORDER BY seq"
        with transaction(self._vault.db) as db:
            rows = db.execute(sql, [transcript]).fetchall()
            packed = [(row[0], json.loads(row[1])) for row in rows]
            if sum(len(words) for _, words in packed) != len(labels):
                raise UsageError("The transcript has changed since; open the session again.")
            rest = iter(labels)
            for seq, words in packed:
                fresh = [[*word[:4], next(rest)] for word in words]
                db.execute(
                    "UPDATE windows SET words = ? WHERE transcript_id = ? AND seq = ?",
                    [json.dumps(fresh, ensure_ascii=False), transcript, seq],
                )

    def names(self, session: SessionId) -> SpeakerNames:
        """Return the names given to the session's voices."""
        sql = "SELECT label, name FROM speaker_names WHERE session_id = ? ORDER BY label"
        return SpeakerNames(tuple((row[0], row[1]) for row in self._vault.db.execute(sql, [session])))

    def set_names(self, session: SessionId, names: SpeakerNames) -> None:
        """Replace the names given to the session's voices."""
        with transaction(self._vault.db) as db:
            db.execute("DELETE FROM speaker_names WHERE session_id = ?", [session])
            for label, name in names.names:
                db.execute("INSERT INTO speaker_names VALUES (?, ?, ?)", [session, label, name])


def pack_words(words: Sequence[Word]) -> str:
    """Return words as a window keeps them."""
    rows = [[w.text, w.start_ms, w.end_ms, round(w.confidence, 3), w.speaker] for w in words]
    return json.dumps(rows, ensure_ascii=False)


def unpack_words(packed: str) -> list[Word]:
    """Read what `pack_words` wrote."""
    return list(map(Word._make, json.loads(packed)))


def version_of(row: dict[str, Any]) -> TranscriptVersion:
    """Return a version from its row, which names its session."""
    known = {f: v for f, v in json.loads(row["settings"]).items() if f in TranscribeSettings.__slots__}
    return TranscriptVersion(
        transcript=TranscriptId(row["id"]),
        session=SessionId(row["session_id"]),
        created_at=row["created_at"],
        settings=TranscribeSettings(**known),
        finished=row["state"] == DONE,
        notes=tuple(json.loads(row["notes"])),
    )
