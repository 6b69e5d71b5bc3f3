"""What the decoding child says: a kind, a length, that many bytes."""

import struct
from typing import BinaryIO

HEAD, BLOCK, FAILED, END = b"H", b"B", b"F", b"E"
MOST_BYTES = 8 << 20
LENGTH = struct.Struct(">cI")


def write_frame(stream: BinaryIO, kind: bytes, body: bytes) -> None:
    """Write one frame whole; a pipe may take it in parts."""
    for part in (LENGTH.pack(kind, len(body)), body):
        view = memoryview(part)
        while view:
            view = view[stream.write(view) or 0 :]
