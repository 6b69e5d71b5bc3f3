"""The inbox: what a process can add while it cannot read the vault, sealed to the vault's public key.

The public key stands in clear text in the header, so it proves nothing: an entry opens only if its writer
also had the sender key, which comes from the master key and is all that a locked vault keeps of it.
"""

import json
import os
import re
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from supervise.crypto.box import open_box, seal_to
from supervise.crypto.space import minding_space
from supervise.domain.errors import DamagedError
from supervise.storage.files import create_file, make_folder, read_file, sync_folder, write_all

_NAME = re.compile(r"[0-9a-f]{20}-[0-9a-f]{32}")
_ENDING = ".sealed"
_MOST_BYTES = 1 << 28
_STALE_S = 24 * 3600


class Entry(NamedTuple):
    """One entry: `id` orders entries by time and names them once and for all."""

    id: str
    kind: str
    payload: dict[str, Any]


class Inbox:
    """A folder of sealed entries, one file each; who has the sender key adds, only the private key reads."""

    def __init__(self, path: Path, public_key: bytes, sender_key: bytes) -> None:
        """Use the folder at `path`, making it if it is not there."""
        self._sender_key = sender_key
        self._path = path
        self._public_key = public_key
        self._latest = 0
        make_folder(path)

    def append(self, kind: str, payload: dict[str, Any]) -> str:
        """Add an entry and return its id once it is on the disk; raises NoSpaceError with nothing added."""
        entry_id = f"{self._next_tick():020x}-{uuid.uuid4().hex}"
        text = json.dumps({"kind": kind, "payload": payload}).encode("ascii")
        sealed = seal_to(self._public_key, text, _context(entry_id), self._sender_key)
        new = self._path / f".{entry_id}.new"
        try:
            with create_file(new) as stream, minding_space():
                write_all(stream, sealed)
                os.fsync(stream.fileno())
            new.replace(self._file(entry_id))
        except BaseException:
            new.unlink(missing_ok=True)
            raise
        sync_folder(self._path)
        return entry_id

    def drain(self, private_key: bytes) -> Iterator[Entry]:
        """Yield every entry that can be read, oldest first; what is damaged stays where it is."""
        for entry_id in self.entry_ids():
            try:
                yield self._read(entry_id, private_key)
            except (DamagedError, FileNotFoundError):
                continue

    def done(self, entry_id: str) -> None:
        """Remove an entry that has been taken in and committed; does nothing when it is gone."""
        self._file(entry_id).unlink(missing_ok=True)
        sync_folder(self._path)

    def damaged(self, private_key: bytes) -> list[str]:
        """Return the ids of entries that cannot be read."""
        bad = []
        for entry_id in self.entry_ids():
            try:
                self._read(entry_id, private_key)
            except DamagedError:
                bad.append(entry_id)
            except FileNotFoundError:
                continue
        return bad

    def entry_ids(self) -> list[str]:
        """Return the ids of the entries that are there, oldest first."""
        names = (path.name.removesuffix(_ENDING) for path in self._path.glob(f"[!.]*{_ENDING}"))
        return sorted(name for name in names if _NAME.fullmatch(name))

    def sweep(self) -> None:
        """Remove what writers that died a day ago or more left unfinished."""
        for left in self._path.glob(".*.new"):
            if time.time() - left.lstat().st_mtime > _STALE_S:
                left.unlink(missing_ok=True)

    def _next_tick(self) -> int:
        """Nanoseconds since 1970, never the same or less twice in one process, whatever the clock does."""
        self._latest = max(self._latest + 1, time.time_ns())
        return self._latest

    def _file(self, entry_id: str) -> Path:
        return self._path / f"{entry_id}{_ENDING}"

    def _read(self, entry_id: str, private_key: bytes) -> Entry:
        sealed = read_file(self._file(entry_id), _MOST_BYTES)
        values = json.loads(open_box(private_key, sealed, _context(entry_id), self._sender_key))
        return Entry(entry_id, values["kind"], values["payload"])


def _context(entry_id: str) -> bytes:
    return b"supervise inbox 1 " + entry_id.encode("ascii")
