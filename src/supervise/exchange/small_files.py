"""Small files a person hands in: ordinary files only, with a bound, never waited for."""

import os
import stat
from pathlib import Path

from supervise.domain.errors import NotReadableError

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def read_small(path: Path, most_bytes: int, what: str, remedy: str) -> bytes:
    """Return a file's bytes, at most `most_bytes`; `what` names it in messages, `remedy` says what to do.

    Pipes, devices and folders are refused before they are read: a pipe would wait for its writer, a device
    may never end. Raises NotReadableError.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        raise NotReadableError(f"{what} cannot be read. {remedy}") from error
    try:
        ordinary = stat.S_ISREG(os.fstat(descriptor).st_mode)
        content = _all(descriptor, most_bytes + 1) if ordinary else b""
    except OSError as error:
        raise NotReadableError(f"{what} cannot be read. {remedy}") from error
    finally:
        os.close(descriptor)
    if not ordinary:
        raise NotReadableError(f"{what} is not an ordinary file. {remedy}")
    if len(content) > most_bytes:
        raise NotReadableError(f"{what} is larger than {_size(most_bytes)}. Is it the right file?")
    return content


def read_small_text(path: Path, most_bytes: int, what: str, remedy: str) -> str:
    """Return a UTF-8 file's text, likewise, every line end a newline."""
    try:
        text = read_small(path, most_bytes, what, remedy).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotReadableError(f"{what} is not UTF-8 text. {remedy}") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _all(descriptor: int, most_bytes: int) -> bytes:
    blocks = []
    while most_bytes > 0 and (block := os.read(descriptor, min(most_bytes, 1 << 20))):
        blocks.append(block)
        most_bytes -= len(block)
    return b"".join(blocks)


def _size(size_bytes: int) -> str:
    return f"{size_bytes // 1_000_000} MB" if size_bytes >= 1_000_000 else f"{size_bytes // 1000} kB"
