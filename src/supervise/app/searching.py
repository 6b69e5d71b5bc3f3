"""Finding words in one session or the whole library, in transcripts and notes."""

from dataclasses import dataclass

from supervise.app.gate import Gate
from supervise.domain.consent import Scope
from supervise.domain.ids import SessionId
from supervise.storage.search import plain_snippet
from supervise.storage.store import Store

LIMIT = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """One place found; `kind` is `transcript` or `note`."""

    session: SessionId
    start_ms: int
    kind: str
    snippet: str


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found (at most `LIMIT`, `more` says so) and how many sessions were left out, or in part.

    Of a session whose client has taken transcripts back only the notes are looked into.
    """

    hits: tuple[Hit, ...]
    more: bool
    left_out: int


def find(store: Store, gate: Gate, words: str, session: SessionId | None = None) -> Hits:
    """Find every place that holds all the words; only covered sessions and current transcripts count.

    Raises UsageError when there is nothing to look for, NotCoveredError for an uncovered `session`.
    """
    if session is not None:
        sessions, left_out = [gate.require_session(session, Scope.OWN_REVIEW)], 0
    else:
        sessions, left_out = gate.covered(store.sessions.all(), Scope.OWN_REVIEW)
    covered = {row.session for row in sessions}
    wordless = gate.wordless(sessions) & store.transcripts.current_by_session().keys()
    left_out += len(wordless)
    hits = _private_hits(store, words, covered)
    current: dict[SessionId, str] = {}
    more = False
    for row in store.search.matches(words, session):
        if row.session not in covered:
            continue
        if row.kind == "transcript":
            if row.session in wordless:
                continue
            if row.session not in current:
                version = store.transcripts.current(row.session)
                current[row.session] = version.transcript if version else ""
            if row.ref != current[row.session]:
                continue
        if len(hits) >= LIMIT:
            more = True
            break
        hits.append(Hit(row.session, row.start_ms, row.kind, row.snippet))
    return Hits(_in_reading_order(hits), more, left_out)


def _in_reading_order(hits: list[Hit]) -> tuple[Hit, ...]:
    """Sessions stay as they were found, the newest first; within each, its own time."""
    order = {session: number for number, session in enumerate(dict.fromkeys(hit.session for hit in hits))}
    return tuple(sorted(hits, key=lambda hit: (order[hit.session], hit.start_ms)))


def _private_hits(store: Store, words: str, covered: set[SessionId]) -> list[Hit]:
    hits = []
    for moment in store.moments.private_notes():
        snippet = plain_snippet(moment.note, words) if moment.session in covered else None
        if snippet is not None:
            hits.append(Hit(moment.session, moment.start_ms, "note", snippet))
    return hits
