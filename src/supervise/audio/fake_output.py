"""An output without a sound card: time goes on for it when a test pulls what is heard."""

from collections.abc import Callable

import numpy as np

from supervise.audio.inputs import steady_s
from supervise.audio.output import CHANNELS, NO_DEVICE, Block, Feed
from supervise.domain.errors import DeviceMissingError

Clock = Callable[[int], float]
_BLOCK_FRAMES = 512
_EARLY_S = 0.02  # what a device that fills up for the first time says too early


class FakeOutput:
    """Plays as fast as it is pulled; it holds `latency_frames` that are not heard yet, and a stop drops them.

    With `own_rate_hz` it plays at that rate only; while `missing` it cannot be opened.
    """

    def __init__(
        self, own_rate_hz: int | None = None, latency_frames: int = 0, clock: Clock | None = None
    ) -> None:
        """`clock` says when a frame since the opening is heard, on `steady_s`; by default it is now."""
        self.missing = False
        self.begins: Callable[[], object] = lambda: None  # what happens while it is started
        self.latency_frames = latency_frames
        self.stream: FakeStream | None = None
        self._own_rate_hz = own_rate_hz
        self._clock = clock

    def open(self, rate_hz: int, feed: Feed) -> "FakeStream":
        """Open; raises DeviceMissingError while `missing`."""
        if self.missing:
            raise DeviceMissingError(NO_DEVICE)
        self.stream = FakeStream(
            self._own_rate_hz or rate_hz, feed, self.latency_frames, self._clock, self._begin
        )
        return self.stream

    def _begin(self) -> None:
        self.begins()

    def pull(self, frames: int) -> Block:
        """Let that many frames be heard and return them, shape (frames, 2); silence when stopped."""
        out = np.zeros((frames, CHANNELS), np.float32)
        if self.stream is not None:
            self.stream.pull_into(out)
        return out

    def starve(self, silent_frames: int) -> Block:
        """Ask too late and return what is heard: what it holds but for the last block, then silence."""
        assert self.stream is not None
        return self.stream.starve(silent_frames)

    def lose(self) -> None:
        """Unplug it: it stays `missing`, and an open stream is lost."""
        self.missing = True
        if self.stream is not None:
            self.stream.lost = True


class FakeStream:
    """One opening of a FakeOutput."""

    def __init__(
        self,
        rate_hz: int,
        feed: Feed,
        latency_frames: int,
        clock: Clock | None,
        begins: Callable[[], object] = lambda: None,
    ) -> None:
        self.rate_hz = rate_hz
        self.lost = False
        self.underflows = 0
        self.running = False
        self._feed = feed
        self._latency_frames = latency_frames
        self._clock, self._begins = clock, begins
        self._passed = self._handed = self._heard = self._asked = 0
        self._held: list[Block] = []

    @property
    def _held_frames(self) -> int:
        return sum(map(len, self._held))

    def start(self) -> None:
        """Let `pull_into` ask the feed; raises DeviceMissingError once lost."""
        if self.lost:
            raise DeviceMissingError(NO_DEVICE)
        self._begins()
        self.running = True

    def stop(self) -> None:
        """Stop asking; what is not heard never will be."""
        self._heard = self.heard_frames()
        self.running = False
        self._held.clear()

    def close(self) -> None:
        """Stop for good."""
        self._heard = self.heard_frames()
        self.running = False

    def heard_frames(self) -> int:
        """Return what was handed over less what is held."""
        return max(self._heard, self._handed - self._held_frames) if self.running else self._heard

    def pull_into(self, out: Block) -> None:
        """Fill up, then let `out` be heard in short blocks, asking for each as soon as the feed has it."""
        if self.running and not self.lost and self._held_frames < self._latency_frames:
            self._ask(self._latency_frames - self._held_frames, settled=False)
        for start in range(0, len(out), _BLOCK_FRAMES):
            part = out[start : start + _BLOCK_FRAMES]
            if self.running and not self.lost:
                self._ask(len(part))
                part[:] = self._hear(len(part))
            self._passed += len(part)

    def starve(self, silent_frames: int) -> Block:
        """Let all but the last block be heard, then silence; what follows begins anew."""
        heard = self._hear(self._held_frames - self._asked)
        self._held.clear()
        out = np.concatenate([heard, np.zeros((silent_frames, CHANNELS), np.float32)])
        self._passed += len(out)
        self.underflows += 1
        self._feed.broke(self._asked)
        return out

    def _ask(self, frames: int, *, settled: bool = True) -> None:
        self._feed.wait(frames)
        block = np.zeros((frames, CHANNELS), np.float32)
        at_s = steady_s() if self._clock is None else self._clock(self._passed)
        early_s = 0.0 if settled else _EARLY_S
        self._feed.fill(block, at_s + self._held_frames / self.rate_hz - early_s, settled=settled)
        self._held.append(block)
        self._handed += frames
        self._asked = frames

    def _hear(self, frames: int) -> Block:
        held = np.concatenate([*self._held, np.zeros((0, CHANNELS), np.float32)])
        self._held = [held[frames:]] if len(held) > frames else []
        return held[:frames]
