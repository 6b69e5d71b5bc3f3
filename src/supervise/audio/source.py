"""The file a person points at: opened safely, hashed, and shown to libav as a plain stream without a name."""

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from supervise.domain.errors import CancelledError, NotReadableError

if TYPE_CHECKING:
    from av.container import InputContainer

HASH_BLOCK_BYTES = 1 << 20
DEMUXERS = ("aac", "aiff", "amr", "asf", "caf", "flac", "matroska", "mov", "mp3", "ogg", "wav")
FORMATS_IN_WORDS = "WAV, FLAC, MP3, M4A, AAC, OGG, Opus, WMA, AMR, WebM, MP4, MOV or MKV"
NOT_SOUND = (
    f"This file is not a sound recording that can be read. Choose a {FORMATS_IN_WORDS} file, "
    "or convert it with another program first."
)
ELSEWHERE = "This file refers to other files or to the network, which is never followed."
_READ_BUFFER_BYTES = 1 << 16


class SourceStream:
    """A seekable, nameless view of an opened file, as PyAV reads it; the caller keeps and closes the file."""

    def __init__(self, raw: IO[bytes], size: int) -> None:
        self._raw = raw
        self.size = size
        self.position = 0

    @property
    def descriptor(self) -> int:
        """The opened file's, for a process that is to read it."""
        return self._raw.fileno()

    def read(self, count: int) -> bytes:
        """Return up to `count` bytes; empty at the end."""
        data = self._raw.read(count)
        self.position += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move and return the new position in bytes."""
        self.position = self._raw.seek(offset, whence)
        return self.position

    def tell(self) -> int:
        """Return the position in bytes."""
        return self.position

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True


@contextmanager
def opened_source(path: Path) -> Iterator[SourceStream]:
    """Open an ordinary file for reading; raises NotReadableError for anything else.

    Pipes and devices are refused before they are read (opening a pipe would wait for its writer). A file that
    grows or is written to meanwhile (a recorder or a download still at work) is refused at the end.
    """
    with _opened(path) as raw:
        before = os.fstat(raw.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise NotReadableError("This is not an ordinary file. Choose a sound recording.")
        if before.st_size == 0:
            raise NotReadableError("This file is empty: it holds no sound. Copy it again.")
        try:
            yield SourceStream(raw, before.st_size)
        except NotReadableError:
            _refuse_changed(raw, before)
            raise
        _refuse_changed(raw, before)


def _refuse_changed(raw: IO[bytes], before: os.stat_result) -> None:
    after = os.fstat(raw.fileno())
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise NotReadableError(
            "The file changed while it was read. Wait until the other program has finished with it, "
            "then import it again."
        )


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        if path.is_dir():
            raise NotReadableError("This is a folder. Choose one sound recording in it.")
        raw = open(path, "rb", buffering=0, opener=_open_without_waiting)  # noqa: SIM115 - needs an opener
    except FileNotFoundError:
        raise NotReadableError("There is no such file. Check the name and where it lies.") from None
    except PermissionError:
        raise NotReadableError(
            "This file may not be read by you. Ask its owner for permission, or copy it to a folder of yours."
        ) from None
    except (OSError, ValueError) as error:
        raise NotReadableError(f"The file cannot be opened: {_reason(error)}.") from None
    with raw:
        try:
            yield raw
        except OSError as error:
            if error.errno in {errno.EIO, errno.ENXIO, errno.ENODEV, errno.ESTALE, errno.EISDIR}:
                raise NotReadableError(
                    "The disk or stick with this file stopped answering. Check that it is plugged in, copy "
                    "the file to this computer and import the copy."
                ) from error
            raise


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _reason(error: OSError | ValueError) -> str:
    return (getattr(error, "strerror", None) or "its name is not valid").rstrip(".")


def source_sha256(path: Path, cancelled: Callable[[], bool] = lambda: False) -> str:
    """Return the hexadecimal SHA-256 of a file's bytes, reading 1 MiB at a time; raises NotReadableError."""
    with opened_source(path) as source:
        return stream_sha256(source, cancelled)


def stream_sha256(source: SourceStream, cancelled: Callable[[], bool]) -> str:
    """Return the SHA-256 of a whole opened source and go back to its start; raises CancelledError."""
    source.seek(0)
    digest = hashlib.sha256()
    while block := source.read(HASH_BLOCK_BYTES):
        if cancelled():
            raise CancelledError("The import was stopped; nothing was kept.")
        digest.update(block)
    source.seek(0)
    return digest.hexdigest()


@contextmanager
def opened_container(source: SourceStream, refusal: str = NOT_SOUND) -> "Iterator[InputContainer]":
    """Let libav recognise the source by its content; raises NotReadableError (`refusal`) when it cannot.

    Only `DEMUXERS` may take it: playlists, lists of files and network descriptions are refused before they
    are parsed, and whatever a demuxer would like to open beside the stream is refused too.
    """
    import av

    source.seek(0)
    try:
        container = av.open(
            source,
            mode="r",
            container_options=_CONTAINER_OPTIONS,
            buffer_size=_READ_BUFFER_BYTES,
            io_open=_refuse_to_open,
        )
    except av.FFmpegError as error:
        raise NotReadableError(refusal) from error
    with container:
        yield container


_CONTAINER_OPTIONS = {
    "format_whitelist": ",".join(DEMUXERS),
    "protocol_whitelist": "none",
    "enable_drefs": "0",
    "err_detect": "crccheck",
}


def _refuse_to_open(url: str, flags: int, options: dict[str, str]) -> object:
    raise NotReadableError(ELSEWHERE)
