"""The gaps of a recording: measured by the blocks around them, and shrunk by sound that makes up for them."""

from dataclasses import replace

from supervise.audio.heard_clock import HeardClock
from supervise.domain.recordings import Gap, GapReason
from supervise.domain.times import samples_to_ms

_OPEN_S = 10.0
_JITTER_S = 0.02
_STANDSTILL_MS = 3000


class GapRecord:
    """Told each block and each known gap, in order; `gaps` is what is missing by all that is known.

    After a standstill a device may hand over, faster than time passes, what it held back or made up. Each
    second of that is a second less missing: while the most punctual block of a second of sound comes earlier
    than what was told allows, the gap told last shrinks, then the one before it. Ten seconds without such a
    correction close a gap, so that a device's clock that runs fast never eats into one.
    """

    def __init__(self, rate_hz: int) -> None:
        self.gaps: tuple[Gap, ...] = ()
        self._rate_hz = rate_hz
        self._clock = HeardClock(rate_hz)
        self._open: list[Gap] = []  # what may yet shrink
        self._told_late_s = (
            0.0  # how late the most punctual block is, if what was told of the open ones is true
        )
        self._mended_s = 0.0
        self._rough: tuple[Gap, float] | None = None  # not measured yet; how late the blocks before it were
        self._long: set[int] = set()  # places where a standstill was: they stay, even if nothing is missing

    def note(self, reason: GapReason, samples: int, begun_s: float, until_s: float) -> None:
        """Sound is missing at `samples`, from `begun_s` until about `until_s`."""
        self.settle()
        before_s, self._clock = self._clock.best, HeardClock(self._rate_hz)
        lost_ms = max(0, round((until_s - begun_s) * 1000))
        gap = self._add(Gap(samples_to_ms(samples, self._rate_hz), lost_ms, reason))
        self._rough = None if before_s is None else (gap, before_s)

    def hear(self, sample: int, frames: int, captured_s: float) -> None:
        """Take note of a block that starts at `sample`."""
        on_time_s = self._clock.on_time
        missing = self._clock.hear(sample, frames, captured_s)
        if missing is not None:
            self._insert(missing.sample, missing.lost_s)
            if len(self._open) == 1:
                self._told_late_s = on_time_s or 0.0
            self._told_late_s += missing.lost_s
            self._mended_s = captured_s
        if self._clock.on_time is None or self._clock.on_time == on_time_s:
            return
        self._measure(self._clock.on_time, captured_s)
        if captured_s - self._mended_s > _OPEN_S:
            self._open = []

    def settle(self) -> None:
        """Measure by what the blocks so far say, as before another gap and at the end."""
        if self._clock.best is not None:
            self._measure(self._clock.best, self._mended_s)

    def _measure(self, late_s: float, now_s: float) -> None:
        if self._rough is not None:
            (gap, before_s), self._rough = self._rough, None
            lost_ms = round((late_s - before_s) * 1000)
            self._open.append(self._change(gap, max(0, lost_ms)))
            if len(self._open) > 1 and lost_ms < 0:
                self._shrink(-lost_ms)
            self._told_late_s, self._mended_s = late_s, now_s
        elif self._open and self._told_late_s - late_s > _JITTER_S:
            self._shrink(round((self._told_late_s - late_s) * 1000))
            self._told_late_s, self._mended_s = late_s, now_s

    def _shrink(self, surplus_ms: int) -> None:
        """Take what was made up off the last gap told, then off those before it."""
        for at in range(len(self._open) - 1, -1, -1):
            gap = self._open[at]
            less_ms = min(surplus_ms, gap.lost_ms)
            surplus_ms -= less_ms
            self._open[at] = self._change(gap, gap.lost_ms - less_ms)
        for gap in [gap for gap in self._open if self._was_none(gap)]:
            self._open.remove(gap)
            self.gaps = tuple(known for known in self.gaps if known is not gap)

    def _was_none(self, gap: Gap) -> bool:
        """Whether nothing is missing after all: a delay that was no standstill."""
        late = gap.reason is GapReason.ASLEEP and gap.start_ms not in self._long
        return late and gap.lost_ms <= _JITTER_S * 1000

    def _change(self, gap: Gap, lost_ms: int) -> Gap:
        better = replace(gap, lost_ms=lost_ms)
        self.gaps = tuple(better if known is gap else known for known in self.gaps)
        return better

    def _insert(self, sample: int, lost_s: float) -> None:
        lost_ms = round(lost_s * 1000)
        gap = self._add(Gap(samples_to_ms(sample, self._rate_hz), lost_ms, GapReason.ASLEEP))
        if lost_ms >= _STANDSTILL_MS:
            self._long.add(gap.start_ms)
        self._open.append(gap)

    def _add(self, gap: Gap) -> Gap:
        self.gaps = tuple(sorted((*self.gaps, gap), key=lambda known: known.start_ms))
        return gap
