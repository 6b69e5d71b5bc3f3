"""Destroying for good: rows, keys and files go, and no page, index or log is left that remembers them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlite_utils

from supervise.crypto.pages import database_pages, log_pages
from supervise.domain.errors import VaultInUseError
from supervise.domain.ids import ClientId, MediaId, RecallId, SessionId
from supervise.storage import meta, recall_destruction
from supervise.storage.creation import DATABASE_NAME, MEDIA_NAME
from supervise.storage.database import transaction
from supervise.storage.files import sync_folder
from supervise.storage.media import MediaStore
from supervise.storage.recall_destruction import RecallIds
from supervise.storage.recalls import empty_recall
from supervise.storage.vault import Vault
from supervise.storage.wal import DAMAGED_NAME

PURGE_DUE = "purge_due"
_NEEDLE_BYTES = 24
_OF_SESSION = ("comments", "moments", "transcripts", "speaker_names", "jobs", "history", "search_rows")
_WITH_SESSION = ("recall_events", "recording_gaps", "removed_spans", "recordings", "recalls")
_RECALLS = "SELECT id FROM recalls WHERE session_id = ?"
_RECALL_TRANSCRIPTS = f"SELECT id FROM recall_transcripts WHERE recall_id IN ({_RECALLS})"  # noqa: S608 - ours


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked through after a destruction: pages read, and pages that still held something."""

    pages: int
    hits: int


def delete_session(db: sqlite_utils.Database, session: SessionId) -> None:
    """Delete everything of a session, keys included, in the caller's transaction."""
    row = db.execute("SELECT master_id, peaks_id FROM sessions WHERE id = ?", [session]).fetchone()
    media = [MediaId(value) for value in row or ()] + _recorded(db, "session_id = ?", session)
    media += _recall_media(db, session)
    _delete_windows(db, session)
    recall_destruction.empty(db, recall_destruction.of_session(db, session))
    for table in (*_OF_SESSION, *_WITH_SESSION):
        db.execute(f"DELETE FROM {table} WHERE session_id = ?", [session])  # noqa: S608 - names are ours
    db.execute("DELETE FROM sessions WHERE id = ?", [session])
    _forget(db, media)


def delete_unfinished_recordings(db: sqlite_utils.Database, client: ClientId, before: str = "9") -> int:
    """Delete what a crash left of a client's recordings, in the caller's transaction; count them.

    Those begun after the moment `before` rest on what the client said later, and stay.
    """
    condition = "session_id IS NULL AND client_id = ? AND started_at <= ?"
    media = _recorded(db, condition, client, before)
    count = int(db.execute(f"DELETE FROM recordings WHERE {condition}", [client, before]).rowcount)  # noqa: S608
    _forget(db, media)
    return count


def delete_transcripts(db: sqlite_utils.Database, session: SessionId, *, of_recalls: bool = True) -> None:
    """Delete every version of a session's transcript, and those of its recalls, with index, jobs and undo."""
    _delete_windows(db, session)
    if of_recalls:
        _delete_recall_transcripts(db, session)
    for table in ("transcripts", "speaker_names", "jobs", "history"):
        db.execute(f"DELETE FROM {table} WHERE session_id = ?", [session])  # noqa: S608 - names are ours
    db.execute("DELETE FROM search_rows WHERE kind = 'transcript' AND session_id = ?", [session])
    _forget(db, [])


def delete_moments(db: sqlite_utils.Database, session: SessionId) -> None:
    """Delete a session's moments and comments of all profiles with their index and undo history."""
    for table in ("comments", "moments", "history"):
        db.execute(f"DELETE FROM {table} WHERE session_id = ?", [session])  # noqa: S608 - names are ours
    db.execute("DELETE FROM search_rows WHERE kind = 'note' AND session_id = ?", [session])
    _forget(db, [])


def delete_recalls(db: sqlite_utils.Database, session: SessionId, ids: RecallIds) -> None:
    """Delete what was recalled, answered and rated about a session, keys and undo history included.

    Of a recall a row stays that says there was one, and nothing of what was agreed or said in it.
    """
    media = recall_destruction.media_of(db, ids.recalls)
    for recall in ids.recalls:
        empty_recall(db, RecallId(recall))
    recall_destruction.empty(db, ids)
    db.execute("DELETE FROM history WHERE session_id = ?", [session])
    _forget(db, media)


def delete_sound(db: sqlite_utils.Database, session: SessionId, flat_peaks: MediaId) -> None:
    """Destroy the keys of a session's sound and of its recalls', which may hold it too.

    Its outline is replaced by `flat_peaks`, registered before.
    """
    recalled = _recall_media(db, session)
    gone = "UPDATE media SET wrapped_key = NULL, size_bytes = 0 WHERE id = ?"
    db.conn.executemany(gone, [(medium,) for medium in recalled])
    _due(db, recalled)
    row = db.execute("SELECT master_id, peaks_id FROM sessions WHERE id = ?", [session]).fetchone()
    db.execute(gone, [row[0]])
    db.execute("UPDATE sessions SET peaks_id = ? WHERE id = ?", [flat_peaks, session])
    _forget(db, [MediaId(row[1])])
    _due(db, [MediaId(row[0])])


def replace_sound(db: sqlite_utils.Database, session: SessionId, master: MediaId, peaks: MediaId) -> None:
    """Let a session sound as the media registered before do, and destroy the keys of what it had."""
    old = db.execute("SELECT master_id, peaks_id FROM sessions WHERE id = ?", [session]).fetchone()
    recorded = _recorded(db, "session_id = ?", session)
    db.execute("UPDATE sessions SET master_id = ?, peaks_id = ? WHERE id = ?", [master, peaks, session])
    db.execute("UPDATE recordings SET media_ids = '[]' WHERE session_id = ?", [session])
    _forget(db, [MediaId(medium) for medium in {*old, *recorded}])


def needles(db: sqlite_utils.Database, session: SessionId) -> list[bytes]:
    """Return pieces of a session's keys, words and notes, to look for after they were destroyed."""
    keys = "SELECT wrapped_key FROM media WHERE id IN (SELECT master_id FROM sessions WHERE id = :s UNION "
    keys += "SELECT peaks_id FROM sessions WHERE id = :s) AND wrapped_key IS NOT NULL"
    found = [bytes(row[0]) for row in db.execute(keys, {"s": session})]
    found += recall_needles(db, recall_destruction.of_session(db, session))
    for sql in (
        "SELECT words FROM windows WHERE transcript_id IN (SELECT id FROM transcripts WHERE session_id = ?)",
        "SELECT text FROM search_rows WHERE session_id = ?",
        "SELECT note FROM moments WHERE session_id = ? AND note IS NOT NULL",
        "SELECT sealed FROM moments WHERE session_id = ? AND sealed IS NOT NULL",
        "SELECT sealed FROM history WHERE session_id = ?",
        "SELECT title FROM recall_events WHERE session_id = ?",
    ):
        for (value,) in db.execute(sql, [session]).fetchall():
            found += _pieces(value if isinstance(value, bytes) else value.encode())
    return found


def recall_needles(db: sqlite_utils.Database, ids: RecallIds) -> list[bytes]:
    """Return pieces of what was recalled, to look for after it was destroyed."""
    return [piece for value in recall_destruction.texts(db, ids) for piece in _pieces(value)]


def purge(vault: Vault, look_for: Sequence[bytes] = ()) -> Proof:
    """After the commit: remove files, rebuild the index, rewrite database and log; then look for traces.

    It is safe to repeat, and is done at the next opening when it was interrupted. Raises NoSpaceError and
    VaultInUseError (a backup is reading the vault); the keys are gone by then all the same.
    """
    _remove_files(vault)
    with transaction(vault.db) as db:
        db.execute("INSERT INTO search(search) VALUES ('rebuild')")
    vault.db.conn.execute("VACUUM")
    busy = vault.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise VaultInUseError("Something is reading the vault. What was destroyed is swept up later.")
    proof = look(vault, look_for)
    with transaction(vault.db) as db:
        meta.remove(db, PURGE_DUE)
    return proof


def purge_is_due(vault: Vault) -> bool:
    """Whether a destruction was committed whose traces were not swept up."""
    return meta.find(vault.db, PURGE_DUE) is not None


def look(vault: Vault, look_for: Sequence[bytes]) -> Proof:
    """Search every page of the database and its log for pieces of what was destroyed."""
    path, key = vault.path / DATABASE_NAME, vault.database_key
    pages = hits = 0
    wanted = [needle for needle in dict.fromkeys(look_for) if len(needle) >= _NEEDLE_BYTES]
    for source in (database_pages(path, key), log_pages(path.with_name(f"{path.name}-wal"), key)):
        for page in source:
            pages += 1
            hits += any(needle in page for needle in wanted)
    return Proof(pages, hits)


def _forget(db: sqlite_utils.Database, media: Sequence[MediaId]) -> None:
    """Destroy keys by deleting their rows; what is left of them is swept up by `purge`."""
    db.conn.executemany("DELETE FROM media WHERE id = ?", [(medium,) for medium in media])
    _due(db, media)


def _due(db: sqlite_utils.Database, media: Sequence[MediaId]) -> None:
    before = json.loads(meta.find(db, PURGE_DUE) or b"[]")
    meta.write(db, PURGE_DUE, json.dumps([*before, *media]).encode())


def _remove_files(vault: Vault) -> None:
    media = MediaStore(vault)
    for medium in json.loads(meta.find(vault.db, PURGE_DUE) or b"[]"):
        media.path(medium).unlink(missing_ok=True)
    sync_folder(vault.path / MEDIA_NAME)
    for copy in (*vault.path.glob(f"{DATABASE_NAME}.before-*"), vault.path / DAMAGED_NAME):
        copy.unlink(missing_ok=True)
    sync_folder(vault.path)


def _delete_windows(db: sqlite_utils.Database, session: SessionId) -> None:
    inside = "SELECT id FROM transcripts WHERE session_id = ?"
    db.execute(f"DELETE FROM windows WHERE transcript_id IN ({inside})", [session])  # noqa: S608 - ours


def _delete_recall_transcripts(db: sqlite_utils.Database, session: SessionId) -> None:
    inside = _RECALL_TRANSCRIPTS
    db.execute(f"DELETE FROM recall_windows WHERE transcript_id IN ({inside})", [session])  # noqa: S608 - ours
    db.execute(f"DELETE FROM recall_transcripts WHERE recall_id IN ({_RECALLS})", [session])  # noqa: S608


def _recall_media(db: sqlite_utils.Database, session: SessionId) -> list[MediaId]:
    rows = db.execute("SELECT master_id, peaks_id FROM recalls WHERE session_id = ?", [session]).fetchall()
    return [MediaId(medium) for row in rows for medium in row]


def _recorded(db: sqlite_utils.Database, condition: str, *values: str) -> list[MediaId]:
    rows: Iterable[tuple[str]] = db.execute(
        f"SELECT media_ids FROM recordings WHERE {condition}",  # noqa: S608 - conditions are ours
        list(values),
    ).fetchall()
    return [MediaId(medium) for row in rows for medium in json.loads(row[0])]


def _pieces(value: bytes) -> list[bytes]:
    """A few pieces from different places, so that a text cut by a page's end is found all the same."""
    if len(value) <= 2 * _NEEDLE_BYTES:
        return [value]
    middle = len(value) // 2
    return [
        value[-2 * _NEEDLE_BYTES :],
        value[middle : middle + 2 * _NEEDLE_BYTES],
        value[8 : 8 + 2 * _NEEDLE_BYTES],
    ]
