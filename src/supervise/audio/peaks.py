"""The drawn outline of a sound: lowest, highest and RMS value of each stretch, at several zooms.

A pyramid: level 0 has one bin for every 256 frames, each further level one for 4 bins of the one below.
Stored as a header, then the levels one after the other, three little-endian 16-bit numbers a bin, so that a
view reads only the few kilobytes it draws.
"""

import io
import struct
from typing import TYPE_CHECKING, BinaryIO, cast

import numpy as np
import numpy.typing as npt

from supervise.domain.errors import DamagedError

if TYPE_CHECKING:
    from av import AudioFrame

MAGIC = b"SPVPEAKS"
_DAMAGED = "The drawn outline of this session is damaged; the sound itself is not touched by that."
VERSION = 1
BIN_FRAMES = 256
FACTOR = 4
_TOP_BINS = 64
_HEAD = struct.Struct("<8sHHHHIQ")
_BIN_BYTES = 6
_FULL_SCALE = 32768.0

Ints = npt.NDArray[np.signedinteger]
Columns = npt.NDArray[np.float32]
_Bins = npt.NDArray[np.int16]


def as_ints(frame: "AudioFrame", channels: int) -> Ints:
    """Return a packed s16 or s32 frame as (frames, channels)."""
    return cast("Ints", frame.to_ndarray().reshape(-1, channels))


class PeaksBuilder:
    """Collects the outline of blocks as they pass by; holds 6 bytes for every 256 frames."""

    def __init__(self, channels: int, rate_hz: int) -> None:
        self._channels = channels
        self._rate_hz = rate_hz
        self._frames = 0
        self._rest: Ints = np.zeros((0, channels), np.int16)
        self._bins = bytearray()

    def add(self, block: Ints) -> None:
        """Take a block of shape (frames, channels), int16 or full-scale int32."""
        self._frames += len(block)
        if len(self._rest):
            block = np.concatenate([self._rest, block])
        whole = len(block) // BIN_FRAMES * BIN_FRAMES
        if whole:
            self._keep(_outline(block[:whole].reshape(-1, BIN_FRAMES * self._channels)))
        self._rest = block[whole:].copy()

    def finish(self) -> bytes:
        """Return the whole pyramid as stored."""
        if len(self._rest):
            self._keep(_outline(self._rest.reshape(1, -1)))
        levels = [np.frombuffer(self._bins, "<i2").reshape(-1, 3)]
        while len(levels[-1]) > _TOP_BINS:
            levels.append(_coarser(levels[-1]))
        head = _HEAD.pack(MAGIC, VERSION, BIN_FRAMES, FACTOR, len(levels), self._rate_hz, self._frames)
        return head + b"".join(level.astype("<i2").tobytes() for level in levels)

    def _keep(self, bins: _Bins) -> None:
        """Append to one growing buffer.

        Kept as thousands of small arrays between large passing ones, they split the heap so that two hours of
        sound held 1.1 GB.
        """
        self._bins += bins.astype("<i2").tobytes()


def flat_peaks(samples: int, channels: int, rate_hz: int) -> bytes:
    """Return the outline of silence."""
    builder = PeaksBuilder(channels, rate_hz)
    block = np.zeros((1 << 16, channels), np.int16)
    for start in range(0, samples, len(block)):
        builder.add(block[: samples - start])
    return builder.finish()


def _outline(rows: Ints) -> _Bins:
    """One bin a row; all channels of a frame count together."""
    shift = 16 if rows.dtype == np.int32 else 0
    bins = np.empty((len(rows), 3), np.int16)
    bins[:, 0] = rows.min(axis=1) >> shift
    bins[:, 1] = rows.max(axis=1) >> shift
    values = rows.astype(np.float32)
    if shift:
        values /= 1 << shift
    bins[:, 2] = np.rint(np.sqrt(np.einsum("ij,ij->i", values, values) / rows.shape[1])).clip(0, 32767)
    return bins


def _coarser(bins: _Bins) -> _Bins:
    starts = np.arange(0, len(bins), FACTOR)
    squares = np.add.reduceat(bins[:, 2].astype(np.float64) ** 2, starts)
    counts = np.diff(np.append(starts, len(bins)))
    above = np.empty((len(starts), 3), np.int16)
    above[:, 0] = np.minimum.reduceat(bins[:, 0], starts)
    above[:, 1] = np.maximum.reduceat(bins[:, 1], starts)
    above[:, 2] = np.rint(np.sqrt(squares / counts))
    return above


class Peaks:
    """A stored outline, read bin by bin as it is drawn; `rate_hz` and `frames` are the master's."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        head = stream.read(_HEAD.size)
        if len(head) < _HEAD.size or not head.startswith(MAGIC):
            raise DamagedError(_DAMAGED)
        _, version, self._bin_frames, self._factor, levels, self.rate_hz, self.frames = _HEAD.unpack(head)
        if version > VERSION:
            raise DamagedError("The outline of this session was made by a newer program. Please update it.")
        self._levels: list[tuple[int, int]] = []
        offset, bins = _HEAD.size, -(-self.frames // self._bin_frames)
        for _ in range(levels):
            self._levels.append((offset, bins))
            offset, bins = offset + bins * _BIN_BYTES, -(-bins // self._factor)

    @classmethod
    def load(cls, stored: BinaryIO | bytes) -> "Peaks":
        """Read the header of bytes or of a seekable stream, which is read from later; raises DamagedError."""
        return cls(io.BytesIO(stored) if isinstance(stored, bytes) else stored)

    def columns(self, start_ms: int, end_ms: int, columns: int) -> Columns:
        """Return (columns, 3) float32: lowest, highest and RMS, -1 to 1, of equal stretches of a time span.

        Each column covers every bin it touches, at the coarsest level that is finer than a column. Where
        there is no sound, all three are 0.
        """
        drawn = np.zeros((columns, 3), np.float32)
        edges = np.linspace(start_ms, end_ms, columns + 1) * (self.rate_hz / 1000)
        level = self._level_for((edges[-1] - edges[0]) / columns)
        offset, count = self._levels[level]
        width = self._bin_frames * self._factor**level
        first = np.floor(edges[:-1] / width).astype(np.int64)
        behind = np.maximum(np.ceil(edges[1:] / width).astype(np.int64), first + 1)
        inside = np.flatnonzero((edges[1:] > 0) & (edges[:-1] < self.frames))
        if len(inside) == 0 or count == 0:
            return drawn
        first, behind = first[inside].clip(0, count - 1), behind[inside].clip(1, count)
        bins = self._read(offset, int(first[0]), int(behind[-1]))
        drawn[inside] = _reduced(bins, first - first[0], behind - first[0])
        return drawn

    def _level_for(self, frames_per_column: float) -> int:
        fitting = [
            level
            for level in range(len(self._levels))
            if self._bin_frames * self._factor**level <= frames_per_column
        ]
        return max(fitting, default=0)

    def _read(self, offset: int, first: int, behind: int) -> _Bins:
        self._stream.seek(offset + first * _BIN_BYTES)
        data = self._stream.read((behind - first) * _BIN_BYTES)
        if len(data) < (behind - first) * _BIN_BYTES:
            raise DamagedError(_DAMAGED)
        return np.frombuffer(data, "<i2").reshape(-1, 3)


def _reduced(bins: _Bins, first: npt.NDArray[np.int64], behind: npt.NDArray[np.int64]) -> Columns:
    """Lowest, highest and RMS over bins[first:behind] for each pair; pairs may overlap."""
    guarded = np.concatenate([bins, bins[-1:]])
    pairs = np.stack([first, behind], axis=1).reshape(-1)
    result = np.empty((len(first), 3), np.float32)
    result[:, 0] = np.minimum.reduceat(guarded[:, 0], pairs)[::2]
    result[:, 1] = np.maximum.reduceat(guarded[:, 1], pairs)[::2]
    squares = np.add.reduceat(guarded[:, 2].astype(np.float64) ** 2, pairs)[::2]
    result[:, 2] = np.sqrt(squares / (behind - first))
    return result / np.float32(_FULL_SCALE)
