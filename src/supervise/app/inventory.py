"""What a client's sessions consist of and what left the vault: counts and hashes, no content."""

from collections.abc import Iterable, Sequence
from typing import Any

from supervise.app import recall_inventory
from supervise.domain.ids import ClientId, RecallId, SessionId
from supervise.domain.keeping import OF_SESSION, quotes, word_runs
from supervise.domain.redaction import touches
from supervise.domain.session import Session
from supervise.storage.store import Store

Runs = frozenset[tuple[str, ...]]


def of_client(store: Store, client: ClientId) -> list[Session]:
    """Return a client's sessions, newest first."""
    return [row for row in store.sessions.all() if row.client == client]


def session_facts(store: Store, session: Session) -> dict[str, Any]:
    """Return what there is of one session."""
    versions = store.transcripts.versions(session.session)
    words = sum(len(store.transcripts.words(version.transcript)) for version in versions)
    return {
        "session": session.session,
        "held_on": session.held_on,
        "duration_ms": session.sound.duration_ms,
        "samples": session.sound.samples,
        "rate_hz": session.sound.rate_hz,
        "source_sha256": session.sound.source_sha256,
        "sealed_bytes": store.sessions.media_sizes().get(session.session, 0),
        "transcripts": len(versions),
        "words": words,
        "quoting_notes": len(quoting_moments(store, session.session)),
        **_counts(store, session.session),
        "recall_list": recall_inventory.plain(recall_inventory.recollections(store, session.session)),
    }


def kinds_present(store: Store, session: Session) -> frozenset[str]:
    """Return which kinds of things there are of one session, recalls apart, without reading them."""
    sql = (
        "SELECT EXISTS (SELECT 1 FROM media WHERE id = :m AND wrapped_key IS NOT NULL),"
        " EXISTS (SELECT 1 FROM transcripts WHERE session_id = :s),"
        " EXISTS (SELECT 1 FROM moments WHERE session_id = :s)"
        " OR EXISTS (SELECT 1 FROM comments WHERE session_id = :s)"
    )
    found = store.vault.db.execute(sql, {"m": session.master, "s": session.session}).fetchone()
    return frozenset(kind for kind, there in zip(OF_SESSION, found, strict=True) if there)


def runs_said(store: Store, session: SessionId, *, of_recalls: bool = True) -> Runs:
    """Return every run of words said in a session and (or not) its recalls, by which quotes are known."""
    said = [store.transcripts.words(entry.transcript) for entry in store.transcripts.versions(session)]
    runs = word_runs(" ".join(word.text for word in words) for words in said)
    recalls = [row.recall for row in store.recalls.of_session(session)] if of_recalls else []
    return runs | runs_recalled(store, recalls)


def runs_said_in(store: Store, session: SessionId, spans: Sequence[tuple[int, int]]) -> Runs:
    """Return every run of words said in spans of a session, by its current transcript."""
    version = store.transcripts.current(session) if spans else None
    said = store.transcripts.words(version.transcript) if version else ()
    inside = ([word.text for word in said if touches(word.start_ms, word.end_ms, [span])] for span in spans)
    return word_runs(" ".join(words) for words in inside)


def runs_recalled(store: Store, recalls: Iterable[RecallId]) -> Runs:
    """Return every run of words said in these recalls."""
    said = [
        store.recall_transcripts.words(version.transcript)
        for recall in recalls
        for version in store.recall_transcripts.versions(recall)
    ]
    return word_runs(" ".join(word.text for word in words) for words in said)


def quoting_moments(store: Store, session: SessionId, runs: Runs | None = None) -> tuple[str, ...]:
    """Return the moments this profile can read whose notes quote what was said (or one of `runs`)."""
    said = runs_said(store, session) if runs is None else runs
    return tuple(m.moment for m in store.moments.of_session(session) if quotes(m.note, said))


def _counts(store: Store, session: SessionId) -> dict[str, int]:
    db = store.vault.db
    tables = ("moments", "comments", "recalls", "recall_marks", "recall_writeups", "rating_series")
    counts = {
        table: int(db.execute(f"SELECT count(*) FROM {table} WHERE session_id = ?", [session]).fetchone()[0])  # noqa: S608
        for table in (*tables, "history", "jobs", "search_rows")
    }
    sql = "SELECT count(*) FROM moments WHERE private = 1 AND session_id = ?"
    counts["private_moments"] = int(db.execute(sql, [session]).fetchone()[0])
    return counts


def copies_out(store: Store, client: ClientId) -> list[dict[str, Any]]:
    """Return the copies of a client's sessions that left and were not called back, backups among them.

    Backups made before something is destroyed hold its key still, so they must be called back too.
    """
    added = {row.session: row.created_at for row in of_client(store, client)}
    sessions = {**added, **dict.fromkeys(store.withdrawals.stubs(client), "9")}
    names = {entry.profile: entry.name for entry in store.vault.profiles()}
    return [
        {
            "copy": copy.id,
            "session": copy.session or None,
            "kind": copy.kind,
            "made_at": copy.made_at,
            "made_by": names.get(copy.made_by, copy.made_by),  # type: ignore[call-overload]
            "place": copy.place,
            "recipient": copy.recipient,
        }
        for copy in store.copies.of(sessions)
    ]
