"""What was handed to the device, what of it has been heard, and what comes next.

Two threads meet here without a lock: the device's calls `fill`, which alone moves `_current` and the rings'
reading ends; the player's calls everything else.
"""

from collections import deque
from time import sleep
from typing import NamedTuple

from supervise.audio.ahead import DecodeAhead
from supervise.audio.output import Block
from supervise.audio.played import PlayLog
from supervise.audio.takes import Ring, Take

_RING_S = 1.0
_KEPT_S = 0.2  # as long as the longest block that a device may throw away
_AT_ONCE_S = 0.4  # a device that begins asks for so much in one go
_DECODED_IN_S = 0.25
_HANDOVER_S = 0.1
_LOG_ENTRIES = 1024
_SHORT_LOOKS, _SHORT_S = 20, 0.0005


class _Handed(NamedTuple):
    """One callback: device frame `first` is frame `at` of the take; so many frames, then silence."""

    first: int
    take: Take
    at: int
    frames: int


class Playhead:
    """The feed of the device, made of takes; begins at rest at sample 0 with nothing to decode."""

    def __init__(self) -> None:
        self.ahead: DecodeAhead | None = None
        self.gate = False
        self.end: int | None = None
        self.played: PlayLog | None = None
        self._filling = False
        self.rate_hz = 48000
        self._handed = self._era = 0
        self._tail = self._jump = self._current = Take(0, 1.0, 1, None, Ring(1), 0, finished=True)
        self._log: deque[_Handed] = deque(maxlen=_LOG_ENTRIES)

    # ------------------------------------------------------------------ orders
    def begin(self, sample: int, speed: float, loop: tuple[int, int] | None) -> None:
        """Go to `sample` at once; what was decoded ahead is dropped."""
        self._era += 1
        self._tail = self._jump = self._new_take(sample, speed, loop)
        self._decode_tail()

    def follow_on(self, speed: float, loop: tuple[int, int] | None) -> None:
        """Go on at this speed and loop without a gap, a tenth of a second after what was handed over."""
        last = self._tail
        last.limit = min(last.ring.written, last.ring.read + round(_HANDOVER_S * self.rate_hz))
        sample = round(last.sample_at(last.limit))
        if loop is not None and sample >= loop[1]:
            self.begin(loop[0], speed, loop)
            return
        self._tail = last.after = self._new_take(sample, speed, loop)
        self._decode_tail()

    def shut(self) -> None:
        """Hand over no more sound; when this returns, the last that will be heard has been handed over."""
        self.gate = False
        for _ in range(_SHORT_LOOKS):
            if not self._filling:
                return
            sleep(_SHORT_S)

    def await_sound(self) -> None:
        """Wait a moment for what a device that begins will ask for."""
        frames = round(_AT_ONCE_S * self.rate_hz)
        if self.ahead is not None:
            self.ahead.wait_until(lambda: self._ready(frames), _DECODED_IN_S)

    def dropped(self, at_s: float) -> None:
        """Take note that the device stopped: what would be heard from `at_s` of `steady_s` on never is."""
        if self.played is not None:
            self.played.dropped(at_s)

    def device_opened(self, rate_hz: int) -> None:
        """Count frames from 0 again, at the device's rate; a `begin` must follow."""
        self.rate_hz = rate_hz
        self._handed = 0
        self._log.clear()
        if self.played is not None:
            self.played.device_opened(rate_hz)

    def let_go(self) -> None:
        """Hold no sound of what was played; the device must be closed, and a `begin` come before."""
        self._log.clear()
        self._current = self._jump

    def _new_take(self, sample: int, speed: float, loop: tuple[int, int] | None) -> Take:
        ring = Ring(round(_RING_S * self.rate_hz), round(_KEPT_S * self.rate_hz))
        return Take(sample, speed, self.rate_hz, loop, ring, self._era, end=self.end)

    def _decode_tail(self) -> None:
        if self.ahead is not None:
            self.ahead.work_on(self._tail)

    # ------------------------------------------------------------------ what is
    @property
    def last_take(self) -> Take:
        """The take that is decoded, and plays last."""
        return self._tail

    def sample_at(self, heard: int | None) -> float:
        """Return the master's sample that is heard when `heard` device frames have been (None: all handed).

        That of the last callback whose first frame was heard, counted on; before any, where the era begins.
        """
        for handed in reversed(self._log.copy()):
            if handed.take.era != self._era:
                break
            if heard is None or handed.first <= heard:
                beyond = handed.frames if heard is None else min(heard - handed.first, handed.frames)
                return handed.take.sample_at(handed.at + beyond)
        return float(self._jump.start)

    def heard_all(self, heard: int) -> bool:
        """Whether all sound handed over (silence does not count) is within the first `heard` frames."""
        last = self._log[-1] if self._log else None
        return last is None or heard >= last.first + last.frames

    def over(self) -> bool:
        """Whether the device has been handed the last there is."""
        return self._current is self._tail and self._tail.over()

    # ------------------------------------------------------------------ the device's thread
    def broke(self, lost: int) -> None:
        """Hand over again what was lost, if that was one piece of the take that still plays."""
        last = self._log[-1] if lost and self._log else None
        if last is not None and last.take is self._current and last.first == self._handed - lost:
            last.take.ring.give_back(last.frames)
        if self.played is not None:
            self.played.broke(self._handed - lost)

    def fill(self, out: Block, heard_s: float, *, settled: bool = True) -> None:
        """Copy the next frames to `out`, silence where there are none."""
        self._filling = True
        if self.played is not None:
            self.played.filled(self._handed, len(out), heard_s, settled=settled)
        self._copy_to(out)
        self._filling = False

    def _copy_to(self, out: Block) -> None:
        done = 0
        if self.gate and self._jump.era != self._current.era:
            self._current = self._jump
        while self.gate and done < len(out):
            take = self._current
            at = take.ring.read
            frames = take.ring.read_into(out[done:], take.limit)
            if frames:
                self._log.append(_Handed(self._handed + done, take, at, frames))
            if frames and self.played is not None:
                self.played.handed(self._handed + done, take, at, frames)
            done += frames
            if take.after is None or take.limit is None or take.ring.read < take.limit:
                break
            self._current = take.after
        out[done:] = 0.0
        self._handed += len(out)

    def wait(self, frames: int) -> None:
        """Wait until so many frames (a quarter second at most) can be copied in one, or no more come."""
        if self.ahead is not None:
            self.ahead.wait_until(lambda: not self.gate or self._ready(frames))

    def _ready(self, frames: int) -> bool:
        take = self._jump if self._jump.era != self._current.era else self._current
        return take.waiting() >= frames or self._tail.finished
