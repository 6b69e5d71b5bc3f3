"""Reading a kept master: exact frames from anywhere, and 16 kHz mono for the speech models."""

from collections.abc import Iterator
from math import gcd
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from supervise.audio.flac_frames import DAMAGED, FlacFrames
from supervise.audio.peaks import Ints, as_ints
from supervise.domain.errors import DamagedError
from supervise.domain.session import SoundFacts

SPEECH_RATE_HZ = 16000
_PRE_ROLL_MS = 200


class MasterReader:
    """Random access to the frames of a FLAC master on a seekable stream, which the caller closes afterwards.

    Blocks are (frames, channels): int16 for masters of 16 bits, else int32 using its full scale (24-bit
    sound is shifted left by 8). Reading raises DamagedError where the stored bytes do not decode. One
    thread at a time.
    """

    def __init__(self, stream: BinaryIO, sound: SoundFacts) -> None:
        """Read the master's header."""
        self.sound = sound
        self._frames = FlacFrames(stream)
        self._position = 0
        self._spare: Ints = self._empty()
        self._coming = self._decoded(0)

    def read(self, start_sample: int, frames: int) -> Ints:
        """Return exactly the frames from `start_sample` on, fewer only at the end of the sound."""
        behind = min(start_sample + frames, self.sound.samples)
        if start_sample >= behind:
            return self._empty()
        if start_sample != self._position:
            self._position, self._spare = start_sample, self._empty()
            self._coming = self._decoded(start_sample)
        parts, held = [self._spare], len(self._spare)
        while held < behind - start_sample:
            part = next(self._coming, None)
            if part is None:
                raise DamagedError(DAMAGED)
            parts.append(part)
            held += len(part)
        joined = np.concatenate(parts)
        self._spare, self._position = joined[behind - start_sample :], behind
        return joined[: behind - start_sample]

    def blocks(self, start_sample: int = 0, frames_per_block: int = 1 << 16) -> Iterator[Ints]:
        """Yield the sound from `start_sample` to its end, block by block."""
        for start in range(start_sample, self.sound.samples, frames_per_block):
            yield self.read(start, frames_per_block)

    def _empty(self) -> Ints:
        dtype = np.int16 if self.sound.bits == 16 else np.int32
        return np.zeros((0, self.sound.channels), dtype)

    def _decoded(self, start_sample: int) -> Iterator[Ints]:
        for first, frame in self._frames.decoded_from(start_sample):
            block = as_ints(frame, self.sound.channels)
            yield block[max(0, start_sample - first) :]


def as_float(block: Ints) -> npt.NDArray[np.float32]:
    """Return a block as float32 from -1 to 1."""
    return block.astype(np.float32) / np.float32(1 << (31 if block.dtype == np.int32 else 15))


def speech_blocks(
    stream: BinaryIO, sound: SoundFacts, start_ms: int = 0, channel: int | None = None, block_ms: int = 1000
) -> Iterator[npt.NDArray[np.float32]]:
    """Yield mono float32 at 16 kHz from `start_ms` to the end, `block_ms` at a time (the last one shorter).

    `channel` picks one; None averages all. The k-th sample of a run from the start lies at k/16000 s, and a
    run from `start_ms` gives the same samples from k = 16 * start_ms on: it starts earlier, at a frame that
    falls on the 16 kHz clock, and drops what it decoded to settle the resampling filter.
    """
    wanted = SPEECH_RATE_HZ * block_ms // 1000
    parts: list[npt.NDArray[np.float32]] = []
    held = 0
    for part in _resampled(stream, sound, start_ms, channel):
        parts.append(part)
        held += len(part)
        while held >= wanted:
            joined = np.concatenate(parts)
            yield joined[:wanted]
            parts, held = [joined[wanted:]], held - wanted
    if held:
        yield np.concatenate(parts)


def _resampled(
    stream: BinaryIO, sound: SoundFacts, start_ms: int, channel: int | None
) -> Iterator[npt.NDArray[np.float32]]:
    step = gcd(sound.rate_hz, SPEECH_RATE_HZ)
    in_step, out_step = sound.rate_hz // step, SPEECH_RATE_HZ // step
    first_out = start_ms * SPEECH_RATE_HZ // 1000
    steps = max(0, first_out - _PRE_ROLL_MS * SPEECH_RATE_HZ // 1000) // out_step
    drop = first_out - steps * out_step
    reader = MasterReader(stream, sound)
    for part in _to_speech_rate(_mono(reader, steps * in_step, channel), sound.rate_hz):
        kept = part[min(drop, len(part)) :]
        drop -= len(part) - len(kept)
        if len(kept):
            yield kept


def _mono(reader: MasterReader, start_sample: int, channel: int | None) -> Iterator[npt.NDArray[np.float32]]:
    for block in reader.blocks(start_sample):
        values = as_float(block)
        yield values.mean(axis=1, dtype=np.float32) if channel is None else values[:, channel]


def _to_speech_rate(
    parts: Iterator[npt.NDArray[np.float32]], rate_hz: int
) -> Iterator[npt.NDArray[np.float32]]:
    import av

    if rate_hz == SPEECH_RATE_HZ:
        yield from parts
        return
    resampler = av.AudioResampler("flt", "mono", SPEECH_RATE_HZ)
    for part in parts:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(part).reshape(1, -1), "flt", "mono")
        frame.sample_rate = rate_hz
        for resampled in resampler.resample(frame):
            yield resampled.to_ndarray()[0]
    for resampled in resampler.resample(None):
        yield resampled.to_ndarray()[0]
