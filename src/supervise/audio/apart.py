"""Decoding in a process of its own: a file nobody vouches for is never parsed where the keys are (ADR 0019).

The child gets the opened file and hands back samples, which are written anew here. Nothing it says is taken
without a look: a decoder that was taken over can lie about the sound of the file, and no more.
"""

import json
import os
import re
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn, TypeVar

import numpy as np
from numpy.typing import NDArray

from supervise.audio.decoding import BLOCK_SAMPLES, MOST_CHANNELS, possible_rate, refuses
from supervise.audio.frames import BLOCK, END, FAILED, HEAD, LENGTH, MOST_BYTES
from supervise.audio.source import SourceStream
from supervise.domain.errors import CancelledError, NotReadableError

if TYPE_CHECKING:
    from av import AudioFrame

_Int = TypeVar("_Int", np.int16, np.int32)
DECODER = (sys.executable, "-P", "-m", "supervise.audio.decoder")
GAVE_UP = (
    "This file cannot be read: reading it failed as it does with files that are damaged or do harm. "
    "If you trust where it comes from, let another program (VLC, for example) convert it to WAV."
)
NOT_STARTED = "The file could not be read, as no other program can be started now. Close some and try again."
_KEPT = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "SYSTEMROOT")
_LOOK_S = 0.1
_READ_BYTES = 1 << 20
_MOST_ERRNO = 4095
_WORD = re.compile(r"[a-z0-9_]{1,40}")
_LAYOUT = re.compile(r"[A-Za-z0-9.()+@ ]{1,200}")


def _environment() -> dict[str, str]:
    """Return next to nothing: neither secrets nor a home."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    root = str(Path(__file__).resolve().parents[2])
    return {**kept, "PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": "1"}


@contextmanager
def decoded_apart(
    stream: SourceStream, refusal: str, cancelled: Callable[[], bool], command: tuple[str, ...] = ()
) -> "Iterator[SoundApart]":
    """Yield the sound of a recording as a child decodes it; the child is gone when the block ends.

    Raises NotReadableError (`refusal` when it is no sound), CancelledError.
    """
    stream.seek(0)
    child = _started([*(command or DECODER), str(stream.size), refusal, str(os.getpid())], stream.descriptor)
    assert child.stdout is not None
    try:
        yield SoundApart(child.stdout, cancelled, refusal)
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


def _started(command: list[str], source: int) -> subprocess.Popen[bytes]:
    """Start the child on an opened file; raises NotReadableError when the system lets nothing be started."""
    try:
        return subprocess.Popen(
            command,
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            bufsize=0,
        )
    except OSError as error:
        raise NotReadableError(NOT_STARTED) from error


class SoundApart:
    """What a `SoundSource` is, at the other end of a pipe; `position` is how far the child has read."""

    def __init__(self, pipe: IO[bytes], cancelled: Callable[[], bool], refusal: str) -> None:
        """Wait for the first sound; raises NotReadableError (`refusal` when it is none), CancelledError."""
        self._pipe, self._cancelled, self._refusal = pipe, cancelled, refusal
        kind, body = self._frame()
        if kind != HEAD:
            _refuse()
        try:
            self._take(json.loads(body))
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            _refuse()
        self.position = 0

    def _take(self, head: dict[str, Any]) -> None:
        self.rate_hz, self.channels = int(head["rate_hz"]), int(head["channels"])
        self.bits, self.layout = int(head["bits"]), str(head["layout"])
        self.codec, self.container = str(head["codec"]), str(head["container"])
        possible = possible_rate(self.rate_hz) and 0 < self.channels <= MOST_CHANNELS
        if not possible or self.bits not in (16, 24, 32) or not _LAYOUT.fullmatch(self.layout):
            raise ValueError
        if not _WORD.fullmatch(self.codec) or not _WORD.fullmatch(self.container):
            raise ValueError
        import av

        if av.AudioLayout(self.layout).nb_channels != self.channels:
            raise ValueError

    def blocks(self) -> "Iterator[AudioFrame]":
        """Yield packed s16 (`bits` 16) or s32 frames, as `SoundSource.blocks` does."""
        while True:
            kind, body = self._frame()
            if kind == END:
                return
            if kind != BLOCK or len(body) < LENGTH.size:
                _refuse()
            self.position = int.from_bytes(body[:8], "big")
            yield self._block(body[8:])

    def _block(self, body: bytes) -> "AudioFrame":
        from av import AudioFrame

        narrow = self.bits == 16
        width = self.channels * (2 if narrow else 4)
        if not body or len(body) % width or len(body) > 2 * BLOCK_SAMPLES * width:
            _refuse()
        if narrow:
            frame = AudioFrame.from_ndarray(_row(body, np.int16), format="s16", layout=self.layout)
        else:
            frame = AudioFrame.from_ndarray(_row(body, np.int32), format="s32", layout=self.layout)
        frame.sample_rate = self.rate_hz
        return frame

    def demand_all(self, samples: int, size: int) -> None:
        """Nothing is left to demand: the child did before it said that this is the end."""

    def _frame(self) -> tuple[bytes, bytes]:
        kind, length = LENGTH.unpack(self._exactly(LENGTH.size))
        if length > MOST_BYTES:
            _refuse()
        body = self._exactly(length)
        if kind == FAILED:
            self._raise(body)
        return kind, body

    def _exactly(self, count: int) -> bytes:
        parts = []
        while count:
            self._wait()
            part = self._pipe.read(min(count, _READ_BYTES))
            if not part:
                _refuse()
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def _wait(self) -> None:
        """Wait for something to read, looking now and then whether it is still wanted."""
        while True:
            if self._cancelled():
                raise CancelledError("The import was stopped; nothing was kept.")
            if sys.platform == "win32" or select.select([self._pipe], [], [], _LOOK_S)[0]:
                return

    def _raise(self, body: bytes) -> NoReturn:
        """Raise what failed in the child: a sentence that decoding has, or what the disk said."""
        try:
            told = json.loads(body)
            text, number = str(told.get("text", "")), int(told.get("errno", 0))
        except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
            _refuse()
        if 0 < number <= _MOST_ERRNO:
            raise OSError(number, os.strerror(number))
        if text != self._refusal and not refuses(text):  # nobody else speaks in the program's name
            _refuse()
        raise NotReadableError(text)


def _row(body: bytes, kind: type[_Int]) -> NDArray[_Int]:
    return np.frombuffer(body, kind).reshape(1, -1)


def _refuse() -> NoReturn:
    raise NotReadableError(GAVE_UP)
