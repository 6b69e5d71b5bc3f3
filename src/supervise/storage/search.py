"""Full text of the whole library: one row a transcript window or note, kept by FTS5 inside the vault."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from supervise.domain.errors import UsageError
from supervise.domain.ids import SessionId
from supervise.storage.database import transaction
from supervise.storage.vault import Vault

_OPEN, _CLOSE = "\x02", "\x03"
_AROUND = 6


@dataclass(frozen=True, slots=True)
class SearchRow:
    """One place found: `start_ms` is the first matching word's start; `kind` is `transcript` or `note`."""

    session: SessionId
    kind: str
    ref: str
    start_ms: int
    snippet: str


class SearchStore:
    """The index; rows are added with what they index, in the same transaction."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def add(
        self, session: SessionId, kind: str, ref: str, start_ms: int, starts: Sequence[int], text: str
    ) -> None:
        """Index one text; `starts` are the start times of its space-separated words (may be empty)."""
        columns = "session_id, kind, ref, start_ms, starts, text"
        sql = f"INSERT INTO search_rows ({columns}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608 - columns are ours
        with transaction(self._vault.db) as db:
            db.execute(sql, [session, kind, ref, start_ms, json.dumps(list(starts)), text])

    def forget_ref(self, ref: str) -> None:
        """Take everything indexed for one moment or transcript away."""
        with transaction(self._vault.db) as db:
            db.execute("DELETE FROM search_rows WHERE ref = ?", [ref])

    def forget_other_transcripts(self, session: SessionId, keep: str) -> None:
        """Take the index of a session's older transcripts away."""
        sql = "DELETE FROM search_rows WHERE session_id = ? AND kind = 'transcript' AND ref <> ?"
        with transaction(self._vault.db) as db:
            db.execute(sql, [session, keep])

    def matches(self, words: str, session: SessionId | None = None) -> Iterator[SearchRow]:
        """Yield places that hold every word of `words` ("quoted words" as a phrase), newest first.

        The rows stream from the index, so a caller that stops early pays only for what it took.
        Raises UsageError when there is nothing to look for.
        """
        sql = (
            "SELECT r.session_id, r.kind, r.ref, r.start_ms, r.starts, "
            "highlight(search, 0, ?, ?) "
            "FROM search JOIN search_rows r ON r.id = search.rowid WHERE search MATCH ?"
        )
        values: list[str] = [_OPEN, _CLOSE, fts_query(words)]
        if session is not None:
            sql += " AND r.session_id = ?"
            values.append(session)
        for row in self._vault.db.execute(sql + " ORDER BY search.rowid DESC", values):
            starts = json.loads(row[4])
            marked: str = row[5]
            index = marked.split(_OPEN, 1)[0].count(" ")
            start_ms = starts[index] if index < len(starts) else row[3]
            yield SearchRow(SessionId(row[0]), row[1], row[2], start_ms, _snippet(marked))


def fts_query(words: str) -> str:
    """Return the FTS5 query that demands every word, safely quoted."""
    parts = words.split('"')
    terms = [" ".join(part.split()) for part in parts[1::2]]
    terms += [word for part in parts[0::2] for word in part.split()]
    terms = [term for term in terms if any(letter.isalnum() for letter in term)]
    if not terms:
        raise UsageError("Type at least one word to look for.")
    return " AND ".join(f'"{term}"' for term in terms)


def plain_snippet(text: str, words: str) -> str | None:
    """Return a snippet of `text` if it holds every word of `words`, ignoring case; else None."""
    lowered = text.lower()
    wanted = [word.lower() for word in words.replace('"', " ").split()]
    if not wanted or not all(word in lowered for word in wanted):
        return None
    at = lowered.index(wanted[0])
    return _snippet(
        f"{text[:at]}{_OPEN}{text[at : at + len(wanted[0])]}{_CLOSE}{text[at + len(wanted[0]) :]}"
    )


def _snippet(marked: str) -> str:
    before, _, after = marked.partition(_OPEN)
    lead = before.split(" ")
    tail = after.replace(_OPEN, "").replace(_CLOSE, "").split(" ")
    start = "…" if len(lead) > _AROUND + 1 else ""
    end = "…" if len(tail) > 2 * _AROUND else ""
    return start + " ".join(lead[-_AROUND - 1 :]) + " ".join(tail[: 2 * _AROUND]) + end
