"""When each frame of a device was heard: its own clock laid against one that nobody sets, drift followed."""

from bisect import bisect_right
from itertools import pairwise
from statistics import median

_WINDOW_S = 0.5
_JUMP_S = 0.1


class ClockLine:
    """Told each block's place and time (one thread); asked for frames and times (any thread).

    The lateness of a block against a clock of exactly `rate_hz` jitters; of every half second the median
    counts, and between those it is interpolated. Beyond the ends the nominal rate holds. A time that is only
    guessed counts as long as there is no other.
    """

    def __init__(self, rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self._frames: list[float] = []  # of each knot, and beside it:
        self._times: list[float] = []
        self._window: list[tuple[int, float]] = []
        self._end = 0
        self._edge = False
        self._guess: tuple[int, float] | None = None

    def guess(self, frame: int, at_s: float) -> None:
        """Say that `frame` is heard about then: what holds until something is known."""
        if self._guess is None:
            self._guess = frame, at_s

    def hear(self, frame: int, frames: int, at_s: float) -> None:
        """Take note of a block that begins at `frame` and was, or will be, heard at `at_s`."""
        self._window.append((frame, at_s - frame / self.rate_hz))
        self._end = frame + frames
        if self._end - self._window[0][0] >= _WINDOW_S * self.rate_hz:
            self._close()

    def cut(self) -> None:
        """Say that time passes without frames before the next block."""
        if self._window:
            self._close()
        if self._times:
            self._knot(self._end, self._times[-1] - self._frames[-1] / self.rate_hz)
        self._edge = True

    def _close(self) -> None:
        window = self._window
        steps = [(abs(after[1] - before[1]), at) for at, (before, after) in enumerate(pairwise(window), 1)]
        widest, at = max(steps, default=(0.0, 0))
        if widest > _JUMP_S and at < len(window):
            self._close_part(window[:at], window[at][0], cut=True)
            window = window[at:]
        self._close_part(window, self._end, cut=False)
        self._window = []  # only now: whoever asks meanwhile finds one or the other

    def _close_part(self, part: list[tuple[int, float]], end: int, *, cut: bool) -> None:
        late_s = median(late for _, late in part)
        if self._edge:
            self._knot(part[0][0], late_s)
        self._knot((part[0][0] + end) / 2, late_s)
        if cut:
            self._knot(end, late_s)
        self._edge = cut

    def _knot(self, frame: float, late_s: float) -> None:
        at_s = frame / self.rate_hz + late_s
        if not self._times or (frame >= self._frames[-1] and at_s > self._times[-1]):
            self._times.append(at_s)
            self._frames.append(frame)

    @property
    def settled(self) -> bool:
        """Whether something is known that was not guessed."""
        return bool(self._frames) or bool(self._window)

    @property
    def known(self) -> bool:
        """Whether anything was heard, or guessed."""
        return self.settled or self._guess is not None

    def at(self, frame: float) -> float:
        """Return when a frame was or will be heard; the line must be `known`."""
        frames, times, count = self._lists()
        number = bisect_right(frames, frame, 0, count)
        if number in (0, count):
            near = max(0, number - 1)
            return times[near] + (frame - frames[near]) / self.rate_hz
        return _between(frame, frames[number - 1 : number + 1], times[number - 1 : number + 1])

    def frame_at(self, time_s: float) -> float:
        """Return the frame that was or will be heard then; the line must be `known`."""
        frames, times, count = self._lists()
        number = bisect_right(times, time_s, 0, count)
        if number in (0, count):
            near = max(0, number - 1)
            return frames[near] + (time_s - times[near]) * self.rate_hz
        return _between(time_s, times[number - 1 : number + 1], frames[number - 1 : number + 1])

    def _lists(self) -> tuple[list[float], list[float], int]:
        """Return frames, times and how many there are; of the first half second, what is there of it."""
        window = self._window.copy()
        if count := len(self._frames):  # a knot's frame is added last
            return self._frames, self._times, count
        if not window:
            assert self._guess is not None
            return [float(self._guess[0])], [self._guess[1]], 1
        late_s = median(late for _, late in window)
        return [float(window[0][0])], [window[0][0] / self.rate_hz + late_s], 1


def _between(value: float, known: list[float], wanted: list[float]) -> float:
    span = known[1] - known[0]
    part = (value - known[0]) / span if span else 1.0
    return wanted[0] + part * (wanted[1] - wanted[0])
