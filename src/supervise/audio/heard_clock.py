"""Noticing that sound is missing although the device never said so: the computer slept, a server stood still.

A late callback is no gap: what waited comes right after it. So a second of sound must pass, none of which
came on time, before a gap is believed; the device's clock may drift against ours as it likes.
"""

from itertools import pairwise
from typing import NamedTuple

_WINDOW_S = 1.0
_LEAST_S = 0.35


class Missing(NamedTuple):
    """At `sample` of the sound, `lost_s` are missing."""

    sample: int
    lost_s: float


class HeardClock:
    """Told each block's place and time; one for each stretch between other gaps.

    `on_time` is how late the most punctual block of the last second was, the steadiest measure there is.
    """

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self.on_time: float | None = None
        self._window: list[tuple[int, float]] = []
        self._before: list[tuple[int, float]] = []

    @property
    def best(self) -> float | None:
        """The least of `on_time` and what the blocks since then say; None before the first."""
        known = [late for _, late in self._window]
        return min(known if self.on_time is None else [*known, self.on_time], default=None)

    def hear(self, sample: int, frames: int, captured_s: float) -> Missing | None:
        """Take note of a block that starts at `sample`; return a gap that is certain by now."""
        late_s = captured_s - sample / self._rate_hz
        self._window.append((sample, late_s))
        if sample + frames - self._window[0][0] < _WINDOW_S * self._rate_hz:
            return None
        window, self._window = self._window, []
        least_s = min(late for _, late in window)
        lost_s = 0.0 if self.on_time is None else least_s - self.on_time
        self.on_time = least_s
        found = Missing(self._place(window), lost_s) if lost_s > _LEAST_S else None
        self._before = window
        return found

    def _place(self, window: list[tuple[int, float]]) -> int:
        """Return where the lateness grew most, in this second or the one before."""
        row = [*self._before, *window]
        return max(((after[1] - before[1], after[0]) for before, after in pairwise(row)))[1]
