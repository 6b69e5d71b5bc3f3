"""An output without a sound card: frames are heard when a test pulls them."""

from collections.abc import Callable

import numpy as np

from supervise.audio.inputs import steady_s
from supervise.audio.output import CHANNELS, NO_DEVICE, Block, Feed
from supervise.domain.errors import DeviceMissingError

Clock = Callable[[int], float]
_BLOCK_FRAMES = 512


class FakeOutput:
    """Plays as fast as it is pulled; `latency_frames` are handed over and not yet heard.

    With `own_rate_hz` it plays at that rate only; while `missing` it cannot be opened.
    """

    def __init__(
        self, own_rate_hz: int | None = None, latency_frames: int = 0, clock: Clock | None = None
    ) -> None:
        """`clock` says when a frame is handed over, on `steady_s`; by default it is now."""
        self.missing = False
        self.latency_frames = latency_frames
        self.stream: FakeStream | None = None
        self._own_rate_hz = own_rate_hz
        self._clock = clock

    def open(self, rate_hz: int, feed: Feed) -> "FakeStream":
        """Open; raises DeviceMissingError while `missing`."""
        if self.missing:
            raise DeviceMissingError(NO_DEVICE)
        self.stream = FakeStream(self._own_rate_hz or rate_hz, feed, self.latency_frames, self._clock)
        return self.stream

    def pull(self, frames: int) -> Block:
        """Let that many frames be handed over and return them, shape (frames, 2); silence when stopped."""
        out = np.zeros((frames, CHANNELS), np.float32)
        if self.stream is not None:
            self.stream.pull_into(out)
        return out

    def lose(self) -> None:
        """Unplug it: it stays `missing`, and an open stream is lost."""
        self.missing = True
        if self.stream is not None:
            self.stream.lost = True


class FakeStream:
    """One opening of a FakeOutput."""

    def __init__(self, rate_hz: int, feed: Feed, latency_frames: int, clock: Clock | None) -> None:
        self.rate_hz = rate_hz
        self.lost = False
        self.underflows = 0
        self.running = False
        self._feed = feed
        self._latency_frames = latency_frames
        self._clock = clock
        self._handed = self._heard = 0

    def start(self) -> None:
        """Let `pull_into` ask the feed."""
        self.running = True

    def stop(self) -> None:
        """Stop asking."""
        self.running = False
        self._heard = self._handed

    def close(self) -> None:
        """Stop for good."""
        self.running = False

    def heard_frames(self) -> int:
        """Return what was handed over less the latency."""
        self._heard = max(self._heard, self._handed - self._latency_frames)
        return self._heard

    def pull_into(self, out: Block) -> None:
        """Fill `out` in short blocks, each as soon as the feed has it."""
        for start in range(0, len(out), _BLOCK_FRAMES):
            if not self.running or self.lost:
                return
            part = out[start : start + _BLOCK_FRAMES]
            self._feed.wait(len(part))
            at_s = steady_s() if self._clock is None else self._clock(self._handed)
            self._feed.fill(part, at_s + self._latency_frames / self.rate_hz)
            self._handed += len(part)
