"""Frames: what is written is read, and nothing that is not a frame is taken for one."""

import io
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervise.speech.frames import FrameError, read_frame, read_message, write_message, write_sound


class Dribble(io.BytesIO):
    """A pipe that gives and takes a few bytes at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 0, 3))

    def write(self, data, /) -> int:
        return super().write(bytes(data[:5]))


def test_messages_and_sound_come_back_through_a_dribbling_pipe():
    pipe = Dribble()
    sound = np.linspace(-1, 1, 700, dtype=np.float32)
    write_message(pipe, {"terms": "Zoë “x”"})
    write_sound(pipe, sound)
    write_message(pipe, {"end": True})
    pipe.seek(0)
    assert read_frame(pipe) == {"terms": "Zoë “x”"}
    heard = read_frame(pipe)
    assert isinstance(heard, np.ndarray)
    assert np.array_equal(heard, sound)
    assert read_frame(pipe) == {"end": True}
    assert read_frame(pipe) is None


@given(st.binary(max_size=200))
def test_garbage_is_an_error_or_the_end_and_never_anything_else(garbage: bytes):
    stream = io.BytesIO(garbage)
    try:
        frame = read_frame(stream)
    except FrameError:
        return
    assert frame is None or isinstance(frame, dict | np.ndarray)


@pytest.mark.parametrize(
    "frame",
    [
        struct.pack(">I", 0xFFFFFFFF),
        struct.pack(">I", 4) + b"[1]",
        struct.pack(">I", 3) + b"[1]",
        struct.pack(">I", 12) + b'{"sound":-1}' + struct.pack(">I", 4) + b"0000",
        struct.pack(">I", 11) + b'{"sound":2}' + struct.pack(">I", 4) + b"0000",
        struct.pack(">I", 20) + b'{"sound":9999999999}' + struct.pack(">I", 4),
    ],
)
def test_impossible_frames_are_refused(frame: bytes):
    with pytest.raises(FrameError):
        read_frame(io.BytesIO(frame))


def test_a_stream_that_ends_inside_a_frame_is_told_from_one_that_ends():
    with pytest.raises(FrameError):
        read_message(io.BytesIO(b"\0\0"))
    with pytest.raises(FrameError):
        read_message(io.BytesIO(struct.pack(">I", 9) + b"{}"))
    assert read_message(io.BytesIO(b"")) is None
