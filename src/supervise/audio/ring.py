"""The ring between a device's thread and the one that seals: copies in, copies out, never waits."""

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from supervise.audio.inputs import Samples
from supervise.domain.recordings import GapReason


class Piece(NamedTuple):
    """A block taken out: when it began to be heard, at which rate, and why sound is missing before it."""

    block: Samples
    captured_s: float
    rate_hz: int
    gap: GapReason | None


@dataclass(frozen=True, slots=True)
class _Note:
    frames: int
    captured_s: float
    rate_hz: int
    gap: GapReason | None


class Ring:
    """A fixed store of `frames` frames; one thread puts, one takes.

    Frames of a device with fewer channels are repeated on the missing ones, further channels are dropped.
    `rate_hz` is what the putting device hears at; set it before the device starts.
    """

    def __init__(self, frames: int, channels: int, rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self.paused = self.closed = False
        self.overflows = 0
        self.dropped_frames = 0
        self._store = np.zeros((frames, channels), np.int16)
        self._notes: deque[_Note] = deque()
        self._put = self._taken = 0
        self._gap: GapReason | None = None

    def note_gap(self, reason: GapReason) -> None:
        """Say that sound is missing before whatever comes next; the first reason stays."""
        self._gap = self._gap or reason

    def take(self, block: Samples, captured_s: float, *, overflowed: bool) -> None:
        """Copy a block in; called from the device's thread. Without room it is dropped and counted."""
        if self.paused or self.closed:
            return
        self.overflows += overflowed
        frames, size = len(block), len(self._store)
        if frames > size - (self._put - self._taken):
            self.dropped_frames += frames
            self.note_gap(GapReason.OVERRUN)
            return
        start = self._put % size
        first = min(frames, size - start)
        self._copy(start, block[:first])
        self._copy(0, block[first:])
        gap, self._gap = self._gap, None
        self._put += frames
        self._notes.append(_Note(frames, captured_s, self.rate_hz, gap))

    def _copy(self, start: int, part: Samples) -> None:
        target = self._store[start : start + len(part)]
        common = min(part.shape[1], target.shape[1])
        target[:, :common] = part[:, :common]
        if common < target.shape[1]:
            target[:, common:] = part[:, common - 1 : common]

    def pieces(self) -> list[Piece]:
        """Take everything that is there, in order."""
        found = []
        while self._notes:
            note = self._notes.popleft()
            start = self._taken % len(self._store)
            indices = np.arange(start, start + note.frames) % len(self._store)
            found.append(Piece(self._store[indices], note.captured_s, note.rate_hz, note.gap))
            self._taken += note.frames
        return found
