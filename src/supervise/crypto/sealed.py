"""Sealed files: long streams kept as authenticated chunks, seekable, appendable while open.

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) on AES-256-GCM: the nonce of a chunk
is a random 7-byte prefix, a 4-byte counter and a last-chunk flag; header and media id are the associated
data.
"""

import io
import os
import struct
from collections import OrderedDict
from collections.abc import Callable
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from supervise.crypto.space import minding_space
from supervise.domain.errors import DamagedError, NoSpaceError

MAGIC = b"SPVSEAL"
VERSION = 1
CHUNK_BYTES = 65536
TAG_BYTES = 16
PREFIX_BYTES = 7
_HEADER = struct.Struct(f">{len(MAGIC)}sBI{PREFIX_BYTES}s")
HEADER_BYTES = _HEADER.size
LEAST_CHUNK, MOST_CHUNK = 16, 1 << 24
_MOST_CHUNKS = 1 << 32
_CACHED_CHUNKS = 4


class SealedWriter(io.RawIOBase):
    """Write-only stream that seals what it is given into `raw` (a binary file at its start, now owned).

    A full disk raises NoSpaceError. `close` writes the last-chunk flag; a file without it (a crash) can
    be read with `allow_open_end`. `abort` closes without it.
    """

    def __init__(self, raw: BinaryIO, key: bytes, media_id: str, chunk_bytes: int = CHUNK_BYTES) -> None:
        """Write the header at once."""
        super().__init__()
        self._raw = raw
        self._cipher = AESGCM(key)
        self._prefix = os.urandom(PREFIX_BYTES)
        self._chunk_bytes = chunk_bytes
        self._pending = bytearray()
        self._counter = 0
        self._written = 0
        self._failed = False
        header = _HEADER.pack(MAGIC, VERSION, chunk_bytes, self._prefix)
        self._associated = header + media_id.encode("utf-8")
        self._put(header)

    def writable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the number of plaintext bytes written so far."""
        return self._written

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        """Take all of `data`; a full chunk is sealed once more follows, since the last one is flagged."""
        if self.closed:
            raise ValueError("write to a closed sealed file")
        self._pending += data
        sealed = 0
        while len(self._pending) - sealed > self._chunk_bytes:
            self._seal(bytes(self._pending[sealed : sealed + self._chunk_bytes]), last=False)
            sealed += self._chunk_bytes
        del self._pending[:sealed]
        taken = memoryview(data).nbytes
        self._written += taken
        return taken

    def flush(self) -> None:
        """Hand every whole chunk to the system; what does not fill a chunk waits for more."""
        if self.closed or self._raw.closed:
            return
        if len(self._pending) == self._chunk_bytes:
            self._seal(bytes(self._pending), last=False)
            self._pending.clear()
        with minding_space():
            self._raw.flush()

    def sync(self) -> None:
        """Flush, and return when the system has the whole chunks on the disk."""
        self.flush()
        with minding_space():
            os.fsync(self._raw.fileno())

    def close(self) -> None:
        """Seal what is left as the last chunk, sync and close; does nothing the second time."""
        if self.closed:
            return
        try:
            if not self._failed:
                self._seal(bytes(self._pending), last=True)
                with minding_space():
                    self._raw.flush()
                    if _has_descriptor(self._raw):
                        os.fsync(self._raw.fileno())
        finally:
            self.abort()

    def abort(self) -> None:
        """Close without the last-chunk flag, dropping what does not fill a chunk."""
        self._pending.clear()
        self._failed = True
        with minding_space():
            try:
                self._raw.close()
            finally:
                super().close()

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        """Close, or abort when leaving by an exception: half a recording is never flagged as whole."""
        if kind is None:
            self.close()
        else:
            self.abort()

    def __del__(self) -> None:
        """Abort: a writer nobody closed did not finish."""
        if hasattr(self, "_pending"):
            self.abort()

    def _seal(self, plaintext: bytes, *, last: bool) -> None:
        if self._counter >= _MOST_CHUNKS:
            raise NoSpaceError("The recording is longer than a sealed file can be.")
        nonce = _nonce(self._prefix, self._counter, last=last)
        self._put(self._cipher.encrypt(nonce, plaintext, self._associated))
        self._counter += 1

    def _put(self, sealed: bytes) -> None:
        if self._failed:
            raise NoSpaceError("This recording could not be written further, since an earlier write failed.")
        view = memoryview(sealed)
        self._failed = True
        with minding_space():
            while view:
                view = view[self._raw.write(view) :]
        self._failed = False


def _has_descriptor(raw: BinaryIO) -> bool:
    try:
        raw.fileno()
    except (io.UnsupportedOperation, AttributeError):
        return False
    return True


def _nonce(prefix: bytes, counter: int, *, last: bool) -> bytes:
    return prefix + counter.to_bytes(4, "big") + bytes([last])


class SealedReader(io.RawIOBase):
    """Seekable stream of the plaintext of a sealed file; owns `raw` from here on. One thread at a time.

    Damage elsewhere does not disturb: reading raises DamagedError only where a chunk does not
    authenticate, and at the end when the last chunk is missing. With `allow_open_end` a file that its
    writer could not close ends after the last whole chunk.
    """

    def __init__(self, raw: BinaryIO, key: bytes, media_id: str, *, allow_open_end: bool = False) -> None:
        """Read the header and the last chunk; raises DamagedError when the header is not one."""
        super().__init__()
        self._raw = raw
        self._cipher = AESGCM(key)
        self._cache: OrderedDict[int, bytes] = OrderedDict()
        self._position = 0
        header = _read_all(raw, HEADER_BYTES)
        self._chunk_bytes, self._prefix = _parse_header(header)
        self._associated = header + media_id.encode("utf-8")
        sealed_bytes = raw.seek(0, os.SEEK_END) - HEADER_BYTES
        self._step = self._chunk_bytes + TAG_BYTES
        self._chunks, rest = divmod(sealed_bytes, self._step)
        self._chunks += rest > 0
        self._complete = self._opens(self._chunks - 1, last=True)
        if not self._complete and allow_open_end:
            self._chunks -= rest > 0
            rest = 0
        self._open_end = allow_open_end and not self._complete
        short = rest - self._step if rest else 0
        self._size = max(0, self._chunks * self._chunk_bytes + max(short, -self._chunk_bytes))

    @property
    def size(self) -> int:
        """Bytes of plaintext, as far as the file's length tells."""
        return self._size

    @property
    def complete(self) -> bool:
        """Whether the file ends with its flagged last chunk, as one that was closed does."""
        return self._complete

    @property
    def chunk_bytes(self) -> int:
        """Plaintext bytes a chunk."""
        return self._chunk_bytes

    @property
    def chunks(self) -> int:
        """Number of chunks on the disk, a cut one included."""
        return self._chunks

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the position in the plaintext."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to a position in the plaintext; reading beyond the end gives nothing."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("negative position")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Fill `buffer` as far as the plaintext goes; raises DamagedError naming a chunk that fails."""
        if self.closed:
            raise ValueError("read from a closed sealed file")
        target = memoryview(buffer).cast("B")
        filled = 0
        while filled < len(target) and self._position < self._size:
            index, start = divmod(self._position, self._chunk_bytes)
            piece = self._chunk(index)[start : start + len(target) - filled]
            target[filled : filled + len(piece)] = piece
            filled += len(piece)
            self._position += len(piece)
        if not filled and len(target):
            self._demand_end()
        return filled

    def close(self) -> None:
        """Close the file and forget what was read."""
        if not self.closed:
            self._cache.clear()
            try:
                self._raw.close()
            finally:
                super().close()

    def damaged(self, step: Callable[[int], None] = lambda _: None) -> list[int]:
        """Read every chunk; return the numbers of those that do not authenticate, a missing last included.

        `step` is told the bytes read after each chunk; what it raises ends the reading.
        """
        bad = []
        for index in range(self._chunks):
            if not self._whole(index):
                bad.append(index)
            step(self._step)
        if not self._complete and not self._open_end and not (bad and bad[-1] == self._chunks - 1):
            bad.append(self._chunks)
        return bad

    def _whole(self, index: int) -> bool:
        last = index == self._chunks - 1
        return self._opens(index, last=last) or (last and self._opens(index, last=False))

    def _demand_end(self) -> None:
        if not (self._complete or self._open_end):
            last = self._chunks - 1
            raise _damaged_chunk(last if last >= 0 and not self._whole(last) else self._chunks)

    def _chunk(self, index: int) -> bytes:
        if index in self._cache:
            self._cache.move_to_end(index)
            return self._cache[index]
        flagged = self._complete and index == self._chunks - 1
        try:
            plaintext = self._decrypt(index, last=flagged)
        except InvalidTag:
            raise _damaged_chunk(index) from None
        self._cache[index] = plaintext
        if len(self._cache) > _CACHED_CHUNKS:
            self._cache.popitem(last=False)
        return plaintext

    def _opens(self, index: int, *, last: bool) -> bool:
        try:
            self._decrypt(index, last=last)
        except InvalidTag:
            return False
        return True

    def _decrypt(self, index: int, *, last: bool) -> bytes:
        if index < 0:
            raise InvalidTag
        self._raw.seek(HEADER_BYTES + index * self._step)
        sealed = _read_all(self._raw, self._step)
        if len(sealed) < TAG_BYTES:
            raise InvalidTag
        return self._cipher.decrypt(_nonce(self._prefix, index, last=last), sealed, self._associated)


def _damaged_chunk(index: int) -> DamagedError:
    return DamagedError(f"The recording cannot be read at chunk {index}; the rest of it may be intact.")


def _parse_header(header: bytes) -> tuple[int, bytes]:
    if len(header) < HEADER_BYTES or not header.startswith(MAGIC):
        raise DamagedError(
            "The start of a sealed recording is missing or damaged, so none of it can be read."
        )
    _, version, chunk_bytes, prefix = _HEADER.unpack(header)
    if version > VERSION:
        raise DamagedError("A recording was sealed by a newer version of the program. Please update it.")
    if version < 1 or not LEAST_CHUNK <= chunk_bytes <= MOST_CHUNK:
        raise DamagedError("The start of a sealed recording is damaged, so none of it can be read.")
    return int(chunk_bytes), bytes(prefix)


def _read_all(raw: BinaryIO, count: int) -> bytes:
    """Read `count` bytes unless the file ends before; unbuffered files may give fewer at a time."""
    parts = bytearray()
    while len(parts) < count:
        piece = raw.read(count - len(parts))
        if not piece:
            break
        parts += piece
    return bytes(parts)


def damaged_chunks(raw: BinaryIO, key: bytes, media_id: str) -> list[int]:
    """Return the numbers of the chunks that do not authenticate, in order; empty when the file is whole.

    A file that ends without its last chunk names the missing one. Raises DamagedError for a damaged header.
    """
    return SealedReader(raw, key, media_id).damaged()
