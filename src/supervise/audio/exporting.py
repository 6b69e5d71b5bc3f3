"""Writing a master out as FLAC or WAV: exact to the sample, with spans muted where they must not be heard."""

import hashlib
import struct
from collections.abc import Callable, Sequence
from typing import BinaryIO, Literal, Protocol

import numpy as np

from supervise.audio.flac import FlacWriter, Sink
from supervise.audio.master import MasterReader
from supervise.audio.peaks import Ints, PeaksBuilder
from supervise.domain.errors import CancelledError
from supervise.domain.session import SoundFacts

_BLOCK_FRAMES = 1 << 16
_MOST_RIFF_BYTES = 0xFFFFFFFF - 1024
_STREAMINFO_TAIL_AT = 18
Spans = Sequence[tuple[int, int]]


class _Writer(Protocol):
    def write(self, block: Ints) -> None: ...

    def finish(self) -> None: ...


def write_sound(
    stream: BinaryIO,
    sound: SoundFacts,
    fmt: Literal["flac", "wav"],
    target: BinaryIO,
    mutes: Spans,
    report: Callable[[int], None],
    cancelled: Callable[[], bool],
) -> int:
    """Write the master on `stream` to `target` (FLAC needs it seekable); returns the number of muted frames.

    `mutes` are (start_ms, end_ms): every frame they touch is zero, all others are exactly the master's.
    `report` gets 0 to 1000. Raises CancelledError and DamagedError; what `target` raises passes through.
    """
    writer: _Writer = _WavTarget(target, sound) if fmt == "wav" else _FlacTarget(target, sound)
    reader = MasterReader(stream, sound)
    muted = done = 0
    for block in reader.blocks(0, _BLOCK_FRAMES):
        if cancelled():
            raise CancelledError("Taking out was stopped; no file was kept.")
        kept, zeros = _muted(block, done, sound.rate_hz, mutes)
        writer.write(kept)
        muted += zeros
        done += len(block)
        report(done * 1000 // sound.samples)
    writer.finish()
    return muted


def _muted(block: Ints, first: int, rate_hz: int, mutes: Spans) -> tuple[Ints, int]:
    """Return the block (a copy if anything in it is muted) and how many of its frames are."""
    silent = np.zeros(len(block), bool)
    for start_ms, end_ms in mutes:
        start = start_ms * rate_hz // 1000 - first
        behind = -(-end_ms * rate_hz // 1000) - first
        silent[max(0, start) : max(0, behind)] = True
    if silent.any():
        block = np.where(silent[:, None], block.dtype.type(0), block)
    return block, int(silent.sum())


def _packed(block: Ints, bits: int) -> bytes:
    """Little-endian whole numbers of 16, 24 or 32 bits, channels interleaved."""
    if bits == 24:
        return block.astype("<i4").reshape(-1, 1).view(np.uint8)[:, 1:].tobytes()
    return block.astype("<i2" if bits == 16 else "<i4").tobytes()


class _WavTarget:
    """RIFF with its sizes known from the start; RF64 (EBU Tech 3306) when they exceed 32 bits."""

    def __init__(self, target: BinaryIO, sound: SoundFacts) -> None:
        self._target = target
        self._bits = sound.bits
        width = sound.channels * sound.bits // 8
        size = sound.samples * width
        rate = sound.rate_hz
        fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, sound.channels, rate, rate * width, width, sound.bits)
        if size <= _MOST_RIFF_BYTES:
            head = struct.pack("<4sI4s", b"RIFF", 36 + size + (size & 1), b"WAVE") + fmt
            head += struct.pack("<4sI", b"data", size)
        else:
            head = struct.pack("<4sI4s", b"RF64", 0xFFFFFFFF, b"WAVE")
            head += struct.pack("<4sIQQQI", b"ds64", 28, 72 + size + (size & 1), size, sound.samples, 0) + fmt
            head += struct.pack("<4sI", b"data", 0xFFFFFFFF)
        self._pad = b"\0" * (size & 1)
        target.write(head)

    def write(self, block: Ints) -> None:
        self._target.write(_packed(block, self._bits))

    def finish(self) -> None:
        self._target.write(self._pad)


class _FlacTarget:
    """FLAC whose header is completed at the end: sample count and MD5 of the sound (RFC 9639, 8.2)."""

    def __init__(self, target: BinaryIO, sound: SoundFacts) -> None:
        self._target = target
        self._sound = sound
        self._start = target.tell()
        self._digest = hashlib.md5(usedforsecurity=False)
        self._flac = FlacWriter(target, sound.rate_hz, _layout(sound.channels), sound.bits)

    def write(self, block: Ints) -> None:
        import av

        self._digest.update(_packed(block, self._sound.bits))
        packed = np.ascontiguousarray(block).reshape(1, -1)
        sample_format = "s16" if self._sound.bits == 16 else "s32"
        frame = av.AudioFrame.from_ndarray(packed, sample_format, _layout(self._sound.channels))
        frame.sample_rate = self._sound.rate_hz
        self._flac.write(frame)

    def finish(self) -> None:
        self._flac.finish()
        sound = self._sound
        fields = sound.rate_hz << 44 | (sound.channels - 1) << 41 | (sound.bits - 1) << 36 | sound.samples
        self._target.seek(self._start + _STREAMINFO_TAIL_AT)
        self._target.write(fields.to_bytes(8, "big") + self._digest.digest())
        self._target.seek(0, 2)


def _layout(channels: int) -> str:
    return ("mono", "stereo", "3.0", "quad", "5.0", "5.1", "6.1", "7.1")[channels - 1]


def write_silenced(
    stream: BinaryIO,
    sound: SoundFacts,
    target: Sink,
    spans: Spans,
    report: Callable[[int], None],
    cancelled: Callable[[], bool],
) -> bytes:
    """Write the master on `stream` anew to `target`, spans silenced, and return its outline.

    Every frame a span touches is zero, all others are exactly what they were. Raises CancelledError,
    DamagedError and NoSpaceError.
    """
    import av

    layout = _layout(sound.channels)
    writer, outline = (
        FlacWriter(target, sound.rate_hz, layout, sound.bits),
        PeaksBuilder(sound.channels, sound.rate_hz),
    )
    done = 0
    for block in MasterReader(stream, sound).blocks(0, _BLOCK_FRAMES):
        if cancelled():
            raise CancelledError("Stopped. Nothing was deleted.")
        kept, _ = _muted(block, done, sound.rate_hz, spans)
        packed = np.ascontiguousarray(kept).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, "s16" if sound.bits == 16 else "s32", layout)
        frame.sample_rate = sound.rate_hz
        writer.write(frame)
        outline.add(kept)
        done += len(block)
        report(done * 1000 // sound.samples)
    writer.finish()
    return outline.finish()
