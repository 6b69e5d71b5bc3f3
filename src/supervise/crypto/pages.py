"""The pages of an encrypted database file as they are on disk, free ones included, to search for traces."""

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

# SQLCipher 4: 4096-byte pages that end in a 16-byte IV and a 64-byte HMAC (zetetic.net/sqlcipher/design).
PAGE_BYTES = 4096
_RESERVED, _IV_BYTES, _SALT_BYTES = 80, 16, 16
_WAL_HEADER, _FRAME_HEADER = 32, 24


def database_pages(path: Path, key: bytes) -> Iterator[bytes]:
    """Yield the plaintext of every page of a database file under a raw key, whatever it is used for."""
    with path.open("rb") as stream:
        first = True
        while len(page := stream.read(PAGE_BYTES)) == PAGE_BYTES:
            yield _opened(page, key, _SALT_BYTES if first else 0)
            first = False


def log_pages(path: Path, key: bytes) -> Iterator[bytes]:
    """Yield the plaintext of every page in a write-ahead log, old ones behind its end included."""
    if not path.exists():
        return
    with path.open("rb") as stream:
        stream.read(_WAL_HEADER)
        while len(frame := stream.read(_FRAME_HEADER + PAGE_BYTES)) == _FRAME_HEADER + PAGE_BYTES:
            number = int.from_bytes(frame[:4], "big")
            yield _opened(frame[_FRAME_HEADER:], key, _SALT_BYTES if number == 1 else 0)


def _opened(page: bytes, key: bytes, skip: int) -> bytes:
    if not any(page):
        return page  # never written
    at = PAGE_BYTES - _RESERVED
    # SQLCipher's own mode; each page carries an HMAC, which `verify` checks. Here only traces are looked for.
    opener = Cipher(algorithms.AES256(key), modes.CBC(page[at : at + _IV_BYTES])).decryptor()
    return opener.update(page[skip:at]) + opener.finalize()
