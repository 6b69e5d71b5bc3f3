"""The one thread's work while recording: encode what was heard, seal it, sync it, and keep count."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from supervise.audio.clock_line import ClockLine
from supervise.audio.flac import FlacWriter
from supervise.audio.gap_record import GapRecord
from supervise.audio.inputs import Samples, steady_s
from supervise.audio.levels import Meter
from supervise.audio.peaks import PeaksBuilder
from supervise.audio.ring import Piece
from supervise.domain.errors import NoSpaceError
from supervise.domain.recordings import Gap, GapReason
from supervise.domain.times import clock, samples_to_ms

if TYPE_CHECKING:
    import av

SYNC_S = 0.5
RESERVE_BYTES = 8 << 20


class Target(Protocol):
    """Where the master goes: sealed chunks, of which only whole ones can be synced."""

    def write(self, data: bytes, /) -> object:
        """Take all of `data`; raises NoSpaceError."""

    def tell(self) -> int:
        """Bytes written so far."""

    def sync(self) -> None:
        """Return when every whole chunk is on the disk."""

    def close(self) -> None:
        """Write the end and sync."""

    def abort(self) -> None:
        """Close without the end."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a recording; `complete` is False when its end could not be written."""

    samples: int
    sha256: str
    peaks: bytes
    gaps: tuple[Gap, ...]
    complete: bool


def room_sentence(samples: int, rate_hz: int) -> str:
    """Say that the disk is full."""
    length = clock(samples_to_ms(samples, rate_hz))
    return (
        f"The disk is nearly full, so recording has stopped. The {length} recorded before are safe. "
        "Make room before you record again."
    )


class SealedSound:
    """Everything that was heard, in order, on its way to `target`; for one thread.

    `limit` frames are kept at most. `room` gives the bytes free on the disk. Between two syncs at most
    half a second passes, and each sync is filled up to a whole chunk: zeros between two FLAC frames, which
    every reader of ours skips and which no frame begins with (ADR 0010).
    """

    def __init__(
        self,
        target: Target,
        chunk_bytes: int,
        rate_hz: int,
        channels: int,
        room: Callable[[], int],
        limit: int | None,
    ) -> None:
        self.samples = self.synced_samples = 0
        self.nearly_full = False
        self.meter = Meter(channels, rate_hz)
        self.anchor: tuple[int, float] | None = None  # so many frames had been heard at that time
        self._target, self._chunk_bytes = target, chunk_bytes
        self._rate_hz, self._channels = rate_hz, channels
        self._layout = {1: "mono", 2: "stereo"}[channels]
        self._room, self._limit = room, limit
        self._flac = FlacWriter(target, rate_hz, self._layout, 16)
        self._peaks = PeaksBuilder(channels, rate_hz)
        self._digest = hashlib.sha256()
        self._gaps = GapRecord(rate_hz)
        self.line = ClockLine(rate_hz)
        self._synced_s = steady_s()
        self._resampler: tuple[int, av.AudioResampler] | None = None

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Where sound is missing, by all that is known so far."""
        return self._gaps.gaps

    @property
    def full(self) -> bool:
        """Whether as much is there as was wanted."""
        return self._limit is not None and self.samples >= self._limit

    def add(self, piece: Piece) -> None:
        """Encode one piece; raises NoSpaceError."""
        if self.full:
            return
        if piece.gap is not None:
            self.line.cut()
            self._note_gap(piece.gap, piece.captured_s)
        self._gaps.hear(self.samples, len(piece.block), piece.captured_s)
        block = self._at_our_rate(piece)
        self.line.hear(self.samples, len(block), piece.captured_s)
        if self._limit is not None:
            block = block[: self._limit - self.samples]
        if len(block):
            self._keep(block)
        self.anchor = (self.samples, piece.captured_s + len(piece.block) / piece.rate_hz)

    def _keep(self, block: Samples) -> None:
        self.meter.add(block)
        self._peaks.add(block)
        self._digest.update(block.astype("<i2").tobytes())
        self._flac.write(self._frame(block, self._rate_hz))
        self.samples += len(block)

    def _frame(self, block: Samples, rate_hz: int) -> "av.AudioFrame":
        import av

        packed = np.ascontiguousarray(block).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, "s16", self._layout)
        frame.sample_rate = rate_hz
        return frame

    def _at_our_rate(self, piece: Piece) -> Samples:
        """Return the piece at the recording's rate; a device that came back may have another."""
        if piece.rate_hz == self._rate_hz:
            self._resampler = None
            return piece.block
        import av

        if self._resampler is None or self._resampler[0] != piece.rate_hz:
            self._resampler = (piece.rate_hz, av.AudioResampler("s16", self._layout, self._rate_hz))
        frames = self._resampler[1].resample(self._frame(piece.block, piece.rate_hz))
        parts = [frame.to_ndarray().reshape(-1, self._channels) for frame in frames]
        return np.concatenate(parts) if parts else np.zeros((0, self._channels), np.int16)

    def _note_gap(self, reason: GapReason, until_s: float) -> None:
        if self.anchor is not None:
            self._gaps.note(reason, self.samples, self.anchor[1], until_s)

    def end_in_gap(self, reason: GapReason) -> None:
        """Say that sound is missing up to the end, which is now."""
        if not self.full:
            self._note_gap(reason, steady_s())

    def sync_when_due(self) -> None:
        """Sync twice a second; raises NoSpaceError when the disk is full."""
        if steady_s() - self._synced_s < SYNC_S:
            return
        self._synced_s = steady_s()
        if self.samples == self.synced_samples:
            return
        encoded = self.samples
        self._target.write(bytes(-self._target.tell() % self._chunk_bytes))
        self._target.sync()
        self.synced_samples = encoded
        self.nearly_full = self._room() < RESERVE_BYTES

    def finish(self, *, broken: bool = False) -> Recorded:
        """Write the end; not after a write failed (`broken`), when what was synced before stays."""
        complete = not broken
        self._gaps.settle()
        try:
            if broken:
                self._target.abort()
            else:
                self._flac.finish()
                self._target.close()
        except (NoSpaceError, OSError):
            complete = False
            self._target.abort()
        digest = self._digest.hexdigest()
        return Recorded(self.samples, digest, self._peaks.finish(), self.gaps, complete)
