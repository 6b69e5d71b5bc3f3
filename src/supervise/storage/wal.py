"""The write-ahead log's own checksums: SQLite drops a damaged tail silently, and we say so instead."""

import os
import shutil
import struct
from pathlib import Path
from typing import BinaryIO

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


def is_damaged(wal: Path) -> bool:
    """Whether a whole frame of the present run does not carry its checksum.

    Format: sqlite.org/fileformat2.html#walformat.
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
        while len(frame := stream.read(_FRAME_HEADER_BYTES + page_bytes)) == _FRAME_HEADER_BYTES + page_bytes:
            if frame[8:16] != salt:
                # An older run's frame, or a damaged salt: then later frames still carry the present one.
                return _later_frames(stream, page_bytes, salt)
            state = _sum(frame[:8] + frame[_FRAME_HEADER_BYTES:], state, order)
            if struct.pack(">II", *state) != frame[16:24]:
                return True
    return False


def _later_frames(stream: BinaryIO, page_bytes: int, salt: bytes) -> bool:
    while len(frame := stream.read(_FRAME_HEADER_BYTES + page_bytes)) == _FRAME_HEADER_BYTES + page_bytes:
        if frame[8:16] == salt:
            return True
    return False


def _sum(data: bytes, state: tuple[int, int], order: str) -> tuple[int, int]:
    first, second = state
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for at in range(0, len(words), 2):
        first = (first + words[at] + second) & 0xFFFFFFFF
        second = (second + words[at + 1] + first) & 0xFFFFFFFF
    return first, second
