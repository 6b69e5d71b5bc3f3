"""A take: sound decoded ahead from one place on, in a ring, and which moment each of its frames is."""

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from supervise.audio.output import CHANNELS, Block
from supervise.domain.errors import SuperviseError


class Ring:
    """Frames between one writer and one reader; each side only ever moves its own counter.

    The last `kept` frames that were read can be given back.
    """

    def __init__(self, frames: int, kept: int = 0) -> None:
        self._kept = kept
        self._data = np.zeros((frames, CHANNELS), np.float32)
        self.written = 0
        self.read = 0

    @property
    def space(self) -> int:
        """How many frames the writer may add now."""
        return len(self._data) - self._kept - (self.written - self.read)

    def write(self, block: Block) -> int:
        """Take as much of `block` as there is space for; returns the number of frames taken."""
        count = max(0, min(len(block), self.space))
        start = self.written % len(self._data)
        first = min(count, len(self._data) - start)
        self._data[start : start + first] = block[:first]
        self._data[: count - first] = block[first:count]
        self.written += count
        return count

    def read_into(self, out: Block, limit: int | None) -> int:
        """Copy what is there, up to frame number `limit`, to the start of `out`; returns how many."""
        behind = self.written if limit is None else min(limit, self.written)
        count = max(0, min(len(out), behind - self.read))
        start = self.read % len(self._data)
        first = min(count, len(self._data) - start)
        out[:first] = self._data[start : start + first]
        out[first:count] = self._data[: count - first]
        self.read += count
        return count

    def give_back(self, frames: int) -> bool:
        """Let the last so many frames be read once more; False when they are no longer kept."""
        if frames > self._kept:
            return False
        self.read -= frames
        return True


class Span(NamedTuple):
    """Frames of a take from number `frame` on: the first is the master's `sample`, then `step` each."""

    frame: int
    sample: float
    step: float
    behind: int


@dataclass(slots=True)
class Take:
    """What plays from `start` (a sample of the master) on, at one speed and device rate, maybe looping.

    It goes up to the master's sample `end` (None: to the last). `limit` ends it early at a frame of the
    ring, where `after` goes on without a gap. A take with a new `era` begins somewhere else; one of the
    same era follows on.
    """

    start: int
    speed: float
    rate_hz: int
    loop: tuple[int, int] | None
    ring: Ring
    era: int
    limit: int | None = None
    after: "Take | None" = None
    end: int | None = None
    finished: bool = False
    failure: SuperviseError | None = None
    spans: list[Span] = field(default_factory=list)
    mark: object = field(default_factory=object)  # to know it by, without holding its sound

    def sample_at(self, frame: int) -> float:
        """Return the master's sample that a frame of the ring is; `start` while nothing is decoded."""
        spans = self.spans
        if not spans:
            return float(self.start)
        span = spans[max(0, bisect_right(spans, frame, key=lambda entry: entry.frame) - 1)]
        return min(span.sample + (frame - span.frame) * span.step, float(span.behind))

    def waiting(self) -> int:
        """Return the frames that can still be read without waiting, in this take and those after it."""
        behind = self.ring.written if self.limit is None else min(self.limit, self.ring.written)
        more = self.after.waiting() if self.after is not None else 0
        return max(0, behind - self.ring.read) + more

    def over(self) -> bool:
        """Whether all of it has been read and nothing will come."""
        if self.after is not None:
            return self.after.over()
        return self.finished and self.ring.read >= self.ring.written
