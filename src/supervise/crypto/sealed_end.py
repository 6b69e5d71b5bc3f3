"""Giving a sealed file whose writer was killed its flagged end, in place and without a second copy."""

import os
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from supervise.crypto import sealed
from supervise.crypto.space import minding_space


def end_sealed(raw: BinaryIO, key: bytes, media_id: str) -> int:
    """Drop what does not fill a chunk, add an empty last chunk, sync; return the bytes of plaintext kept.

    `raw` is readable and writable and stays the caller's. A file that has its end stays as it is. Raises
    DamagedError when the header is not one, NoSpaceError.

    The last chunk's nonce may have been used once for a last chunk that was cut off before its tag was
    whole; an empty text under it tells nothing about that one's bytes, which are gone from the file.
    """
    descriptor = os.dup(raw.fileno())
    with sealed.SealedReader(
        os.fdopen(descriptor, "rb", buffering=0), key, media_id, allow_open_end=True
    ) as reader:
        if reader.complete:
            return reader.size
        chunks, size, step = reader.chunks, reader.size, reader.chunk_bytes + sealed.TAG_BYTES
    raw.seek(0)
    header = raw.read(sealed.HEADER_BYTES)
    prefix = header[-sealed.PREFIX_BYTES :]
    nonce = prefix + chunks.to_bytes(4, "big") + b"\x01"
    tail = AESGCM(key).encrypt(nonce, b"", header + media_id.encode("utf-8"))
    with minding_space():
        raw.truncate(sealed.HEADER_BYTES + chunks * step)
        raw.seek(0, os.SEEK_END)
        raw.write(tail)
        raw.flush()
        os.fsync(raw.fileno())
    return size
