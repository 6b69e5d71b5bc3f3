"""The write-ahead log's own checksums: SQLite drops a damaged tail silently, and we say so instead."""

import os
import shutil
import struct
from pathlib import Path
from typing import BinaryIO, NamedTuple

from supervise.storage.files import create_file, open_file

_HEADER_BYTES, _FRAME_HEADER_BYTES = 32, 24
_MAGICS = {0x377F0682: "<", 0x377F0683: ">"}
DAMAGED_NAME = "vault.db-wal.damaged"


def keep_damaged_wal(database: Path) -> bool:
    """Before its only process opens the database: keep a copy of a log with a damaged tail; tell whether.

    The copy is as sealed as the database. The last changes before a crash may be missing then.
    """
    wal = database.with_name(f"{database.name}-wal")
    if not wal.exists() or not is_damaged(wal):
        return False
    kept = database.with_name(DAMAGED_NAME)
    kept.unlink(missing_ok=True)
    with open_file(wal) as source, create_file(kept) as target:
        shutil.copyfileobj(source, target)
        os.fsync(target.fileno())
    return True


class _Frame(NamedTuple):
    """One whole frame; `commit` says whether a transaction ends with it."""

    commit: bool
    salt: bytes
    stored: tuple[int, int]
    summed: bytes

    @classmethod
    def read(cls, stream: BinaryIO, page_bytes: int) -> "_Frame | None":
        """Read the next frame; None at the end, a frame that was cut off there included."""
        raw = stream.read(_FRAME_HEADER_BYTES + page_bytes)
        if len(raw) < _FRAME_HEADER_BYTES + page_bytes:
            return None
        _, pages, salt, first, second = struct.unpack(">II8sII", raw[:_FRAME_HEADER_BYTES])
        return cls(pages != 0, salt, (first, second), raw[:8] + raw[_FRAME_HEADER_BYTES:])


def is_damaged(wal: Path) -> bool:
    """Whether something that was committed does not carry its checksum.

    A transaction that was given up (killed, or no room) leaves frames that nothing follows on from and no
    commit ends: these are no damage. Format: sqlite.org/fileformat2.html#walformat.
    """
    with open_file(wal) as stream:
        header = stream.read(_HEADER_BYTES)
        if len(header) < _HEADER_BYTES:
            return False
        magic, _, page_bytes, _, salt, expected = struct.unpack(">IIII8s8s", header)
        order = _MAGICS.get(magic)
        if order is None:
            return True
        state = _sum(header[:24], (0, 0), order)
        if struct.pack(">II", *state) != expected or not 512 <= page_bytes <= 65536:
            return True
        while (frame := _Frame.read(stream, page_bytes)) is not None:
            right = _sum(frame.summed, state, order) == frame.stored
            if not right or frame.salt != salt:
                whole_but_for_its_salt = right or (frame.commit and frame.salt == salt)
                return whole_but_for_its_salt or _goes_on(stream, page_bytes, salt, frame.stored, order)
            state = frame.stored
    return False


def _goes_on(stream: BinaryIO, page_bytes: int, salt: bytes, before: tuple[int, int], order: str) -> bool:
    """Whether a committed frame of the present run follows on from the one before it."""
    while (frame := _Frame.read(stream, page_bytes)) is not None:
        follows = frame.commit and frame.salt == salt
        if follows and _sum(frame.summed, before, order) == frame.stored:
            return True
        before = frame.stored
    return False


def _sum(data: bytes, state: tuple[int, int], order: str) -> tuple[int, int]:
    first, second = state
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for at in range(0, len(words), 2):
        first = (first + words[at] + second) & 0xFFFFFFFF
        second = (second + words[at + 1] + first) & 0xFFFFFFFF
    return first, second
