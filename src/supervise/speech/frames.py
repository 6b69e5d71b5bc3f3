"""The one frame both directions of the speech pipe use: a length, then UTF-8 JSON or raw sound.

A frame is a 4-byte big-endian length and that many bytes (ADR 0003). A JSON frame `{"sound": N}` says
that the next frame holds N samples of 16 kHz mono float32 in little-endian order.
"""

import json
import struct
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Message = dict[str, Any]

MESSAGE_BYTES = 8 << 20
SOUND_SAMPLES = 16000 * 60
_LENGTH = struct.Struct(">I")


class FrameError(Exception):
    """The bytes on the pipe are not frames, or the pipe ended inside one."""


class ReadableStream(Protocol):
    """What frames are read from."""

    def read(self, size: int, /) -> bytes | None:
        """Return at most `size` bytes; empty at the end."""
        ...


class WritableStream(Protocol):
    """What frames are written to; may take fewer bytes than given, as pipes do."""

    def write(self, data: bytes | memoryview, /) -> int | None:
        """Write and return how many bytes were taken."""
        ...


def write_message(stream: WritableStream, message: Message) -> None:
    """Write one JSON frame."""
    body = json.dumps(message, ensure_ascii=False, allow_nan=False).encode()
    _write(stream, _LENGTH.pack(len(body)) + body)


def write_sound(stream: WritableStream, samples: Samples) -> None:
    """Write sound as announcement and raw frames, a minute at most in each."""
    for start in range(0, len(samples), SOUND_SAMPLES):
        part = np.ascontiguousarray(samples[start : start + SOUND_SAMPLES], dtype="<f4")
        write_message(stream, {"sound": len(part)})
        _write(stream, _LENGTH.pack(part.nbytes))
        _write(stream, part.tobytes())


def read_frame(stream: ReadableStream) -> Message | Samples | None:
    """Read one message or one stretch of sound; None at the end of the stream.

    Raises FrameError for anything else, without reading more than a frame may hold.
    """
    message = read_message(stream)
    if message is None or "sound" not in message:
        return message
    count = message["sound"]
    if not isinstance(count, int) or not 0 < count <= SOUND_SAMPLES:
        raise FrameError("sound announced with an impossible length")
    body = _read_body(stream, count * 4)
    if body is None or len(body) != count * 4:
        raise FrameError("sound of another length than announced")
    return np.frombuffer(body, dtype="<f4").astype(np.float32, copy=False)


def read_message(stream: ReadableStream) -> Message | None:
    """Read one JSON frame; None at the end of the stream, FrameError when it is not one."""
    body = _read_body(stream, MESSAGE_BYTES)
    if body is None:
        return None
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FrameError("a frame that is not JSON") from error
    if not isinstance(message, dict):
        raise FrameError("a frame that is not an object")
    return message


def _read_body(stream: ReadableStream, limit_bytes: int) -> bytes | None:
    head = _read_exactly(stream, _LENGTH.size)
    if head is None:
        return None
    (size,) = _LENGTH.unpack(head)
    if size > limit_bytes:
        raise FrameError("a frame longer than any may be")
    body = _read_exactly(stream, size)
    if body is None and size:
        raise FrameError("the stream ended inside a frame")
    return body or b""


def _read_exactly(stream: ReadableStream, size: int) -> bytes | None:
    parts: list[bytes] = []
    missing = size
    while missing:
        part = stream.read(missing)
        if not part:
            if parts:
                raise FrameError("the stream ended inside a frame")
            return None
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _write(stream: WritableStream, data: bytes | memoryview) -> None:
    view = memoryview(data)
    while view:
        view = view[stream.write(view) or 0 :]
