"""Sealed media: one file and one data key each; what the file is called says nothing."""

import json
import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

import sqlite_utils

from supervise.crypto.keys import new_key, unwrap, wrap
from supervise.crypto.sealed import CHUNK_BYTES, SealedReader, SealedWriter
from supervise.crypto.sealed_end import end_sealed
from supervise.domain.errors import DamagedError, NotCoveredError, UsageError, WrongKeyError
from supervise.domain.ids import MediaId, new_id
from supervise.domain.times import now_utc
from supervise.storage.creation import MEDIA_NAME
from supervise.storage.database import transaction
from supervise.storage.files import create_file, open_file, sync_folder
from supervise.storage.inbox import Entry

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NAME = re.compile(r"([0-9a-f]{32})\.sealed")


class NewMedia:
    """A medium being written: `writer` needs its own data key only, so the vault may lock meanwhile."""

    def __init__(self, path: Path, media_id: MediaId, kind: str, wrap_key: bytes, chunk_bytes: int) -> None:
        """Create the file; raises NoSpaceError with nothing left."""
        key = new_key()
        self.media_id = media_id
        self._path = path
        self._row: dict[str, Any] = {
            "id": media_id,
            "kind": kind,
            "wrapped_key": wrap(wrap_key, key),
            "created_at": now_utc(),
        }
        try:
            self.writer = SealedWriter(create_file(path), key, media_id, chunk_bytes)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def finish(self) -> None:
        """Flag the end and return when file and name are on the disk; raises NoSpaceError."""
        self.writer.close()
        self._row["size_bytes"] = self._path.stat().st_size
        sync_folder(self._path.parent)

    def register(self, db: sqlite_utils.Database, *, open_end: bool = False) -> None:
        """Insert the row that makes the medium part of the vault, in the caller's transaction if any."""
        insert_row(db, self.describe(open_end=open_end))

    def describe(self, *, open_end: bool = False) -> dict[str, Any]:
        """Return the row as JSON-able values, for an inbox entry.

        Only after `finish`, unless `open_end` says that the medium is to belong to the vault while it is
        still being written; its size is 0 then.
        """
        if "size_bytes" not in self._row and not open_end:
            raise RuntimeError("a medium is described after finish()")
        return {"size_bytes": 0, **self._row, "wrapped_key": self._row["wrapped_key"].hex()}

    def discard(self) -> None:
        """Remove the file; for a medium that was never registered."""
        try:
            self.writer.abort()
        finally:
            self._path.unlink(missing_ok=True)


def insert_row(db: sqlite_utils.Database, described: dict[str, Any]) -> None:
    """Insert what `NewMedia.describe` gave; does nothing when the row is there already."""
    values = {**described, "wrapped_key": bytes.fromhex(described["wrapped_key"])}
    with transaction(db):
        db.conn.execute(
            "INSERT OR IGNORE INTO media (id, kind, wrapped_key, size_bytes, created_at)"
            " VALUES (:id, :kind, :wrapped_key, :size_bytes, :created_at)",
            values,
        )


class OpenVault(Protocol):
    """What media need of a vault; `db` and `media_key` raise VaultLockedError while it is locked."""

    @property
    def path(self) -> Path:
        """The vault's folder."""
        ...

    @property
    def db(self) -> sqlite_utils.Database:
        """The database."""
        ...

    @property
    def media_key(self) -> bytes:
        """The key that wraps data keys."""
        ...

    def watch(self, reader: SealedReader) -> None:
        """Close the reader when the vault locks."""

    def inbox_damaged(self) -> list[str]:
        """Ids of inbox entries that cannot be read."""
        ...

    def pending_entries(self) -> list[Entry]:
        """Inbox entries not yet taken in."""
        ...


class MediaStore:
    """The media of a vault. Data keys are wrapped under a key derived from the master key."""

    def __init__(self, vault: OpenVault) -> None:
        """Work for `vault`; each call needs it unlocked."""
        self._vault = vault
        self._folder = vault.path / MEDIA_NAME

    def add(self, kind: str, content: bytes) -> MediaId:
        """Seal, sync and register a small medium in one go; a failure (NoSpaceError) leaves nothing."""
        medium = self.create(kind)
        try:
            medium.writer.write(content)
            medium.finish()
            medium.register(self._vault.db)
        except BaseException:
            medium.discard()
            raise
        return medium.media_id

    def create(self, kind: str, chunk_bytes: int = CHUNK_BYTES) -> NewMedia:
        """Start a medium; `kind` is `master` or `peaks`. Raises VaultLockedError, NoSpaceError."""
        media_id = MediaId(new_id())
        return NewMedia(self._file(media_id), media_id, kind, self._vault.media_key, chunk_bytes)

    def open(self, media_id: MediaId, *, allow_open_end: bool = False) -> SealedReader:
        """Open a medium for reading; it is closed when the vault locks.

        Raises UsageError for an unknown one, DamagedError (its file is missing), NotCoveredError (its key
        was destroyed).
        """
        key = self.data_key(media_id)
        try:
            raw = open_file(self._file(media_id))
        except FileNotFoundError:
            raise DamagedError(
                "The sealed file of this recording is missing. Restore it from a backup."
            ) from None
        reader = SealedReader(raw, key, media_id, allow_open_end=allow_open_end)
        self._vault.watch(reader)
        return reader

    def data_key(self, media_id: MediaId) -> bytes:
        """Return the key of one medium; raises UsageError when unknown, NotCoveredError when destroyed."""
        row = self._vault.db.conn.execute(
            "SELECT wrapped_key FROM media WHERE id = ?", (media_id,)
        ).fetchone()
        if row is None:
            raise UsageError("There is no such recording in this vault.")
        if row[0] is None:
            raise NotCoveredError(
                "The sound of this session was destroyed, as was asked; nothing can bring it back."
            )
        try:
            return unwrap(self._vault.media_key, row[0])
        except WrongKeyError:
            raise DamagedError(
                "The key of this recording is damaged. Restore the vault from a backup."
            ) from None

    def settle(self, db: sqlite_utils.Database, media_id: MediaId) -> None:
        """Say in the database that a medium registered with an open end is finished, its size being final."""
        size_bytes = self._file(media_id).stat().st_size
        with transaction(db):
            db.conn.execute("UPDATE media SET size_bytes = ? WHERE id = ?", (size_bytes, media_id))

    def end(self, media_id: MediaId) -> None:
        """Give a medium whose writer died its end, in place; does nothing when it has one.

        Raises NoSpaceError, and DamagedError when nothing of it can be read.
        """
        with os.fdopen(os.open(self._file(media_id), os.O_RDWR | _NO_FOLLOW), "r+b", buffering=0) as raw:
            end_sealed(raw, self.data_key(media_id), media_id)

    def forget(self, db: sqlite_utils.Database, media_ids: Iterable[MediaId]) -> None:
        """Destroy the keys of media by deleting their rows, in the caller's transaction; `remove` follows."""
        with transaction(db):
            db.conn.executemany("DELETE FROM media WHERE id = ?", [(media_id,) for media_id in media_ids])

    def remove(self, media_ids: Iterable[MediaId]) -> None:
        """After the commit: remove the files of forgotten media, and old page images that hold their keys."""
        for media_id in media_ids:
            self._file(media_id).unlink(missing_ok=True)
        sync_folder(self._folder)
        self._vault.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def file_ids(self) -> set[str]:
        """Return the ids that have a file."""
        matches = (_NAME.fullmatch(path.name) for path in self._folder.iterdir())
        return {match[1] for match in matches if match}

    def path(self, media_id: str) -> Path:
        """Return where a medium's file is or would be."""
        return self._file(media_id)

    def sweep(self) -> int:
        """Remove files of media that were never registered and that no inbox entry speaks of; count them.

        Call it only while nothing is being written, as at opening.
        """
        rows = self._vault.db.conn.execute("SELECT id FROM media")
        orphans = self.file_ids() - {row[0] for row in rows}
        if not orphans or self._vault.inbox_damaged():
            return 0
        spoken_of = " ".join(json.dumps(entry.payload) for entry in self._vault.pending_entries())
        gone = [media_id for media_id in orphans if media_id not in spoken_of]
        for media_id in gone:
            if stat.S_ISREG(self._file(media_id).lstat().st_mode):
                self._file(media_id).unlink()
        return len(gone)

    def _file(self, media_id: str) -> Path:
        return self._folder / f"{media_id}.sealed"
