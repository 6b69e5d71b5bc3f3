"""What a series of ratings means: a trace on the session's time line, and what can be asked of it.

It consists of *runs*, what was heard in one go, and of points: from a point on a dial stands at its value
until its next point in the same run, or the run's end. Every run begins with a point of every dial. Between
runs nothing was played, so nothing was rated. Whoever hears a place again begins another *pass*; within one
pass the time only goes on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from supervise.domain.rating import Dial

_SAME_PLACE_MS = 60  # a device's clock may tell a place a little earlier again after a pause


class Run(NamedTuple):
    """What was heard in one go: session ms [start, end), begun `at_ms` after the rating began."""

    pass_no: int
    start_ms: int
    end_ms: int
    at_ms: int


class Point(NamedTuple):
    """From `session_ms` on, in run number `run` (from 0), dial number `dial` (from 0) stands at `value`."""

    run: int
    dial: int
    session_ms: int
    value: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class Trace:
    """All that was rated in one series, in the order it happened."""

    runs: tuple[Run, ...] = ()
    points: tuple[Point, ...] = ()

    @property
    def passes(self) -> tuple[int, ...]:
        """The numbers of the passes, from 1."""
        return tuple(dict.fromkeys(run.pass_no for run in self.runs))

    @property
    def played_ms(self) -> int:
        """How much was heard, places heard twice counted twice."""
        return sum(run.end_ms - run.start_ms for run in self.runs)


def next_run(runs: Sequence[Run], start_ms: int, at_ms: int) -> Run:
    """Return the run that begins at a place: of the last pass, or of a new one if that is further on."""
    if not runs:
        return Run(1, start_ms, start_ms, at_ms)
    last = runs[-1]
    if start_ms < last.end_ms - _SAME_PLACE_MS:
        return Run(last.pass_no + 1, start_ms, start_ms, at_ms)
    start_ms = max(start_ms, last.end_ms)
    return Run(last.pass_no, start_ms, start_ms, at_ms)


class Held(NamedTuple):
    """A dial stood at `value` from session ms `start_ms` to `end_ms`, without a break."""

    pass_no: int
    start_ms: int
    end_ms: int
    value: int


def held(trace: Trace, dial: int) -> tuple[Held, ...]:
    """Return where one dial stood how long, in order; values that lasted no time are left out."""
    found: list[Held] = []
    by_run = _by_run(trace)
    for number, run in enumerate(trace.runs):
        mine = [point for point in by_run[number] if point.dial == dial]
        ends = [*(point.session_ms for point in mine[1:]), run.end_ms]
        for point, end_ms in zip(mine, ends, strict=False):
            if end_ms > point.session_ms:
                found.append(Held(run.pass_no, point.session_ms, end_ms, point.value))
    return tuple(found)


def _by_run(trace: Trace) -> list[list[Point]]:
    rows: list[list[Point]] = [[] for _ in trace.runs]
    for point in trace.points:
        rows[point.run].append(point)
    return rows


class Sample(NamedTuple):
    """One instant of a grid: the value held then, or None where nothing was played."""

    session_ms: int
    value: int | None


def resampled(trace: Trace, dial: int, pass_no: int, step_ms: int) -> tuple[Sample, ...]:
    """Return one dial of one pass at every multiple of `step_ms`, from the first heard to the last."""
    if step_ms < 1:
        raise ValueError(step_ms)
    mine = [row for row in held(trace, dial) if row.pass_no == pass_no]
    if not mine:
        return ()
    found: list[Sample] = []
    at = 0
    first = -(-mine[0].start_ms // step_ms)
    for number in range(first, -(-mine[-1].end_ms // step_ms)):
        ms = number * step_ms
        while mine[at].end_ms <= ms:
            at += 1
        found.append(Sample(ms, mine[at].value if mine[at].start_ms <= ms else None))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class DialSummary:
    """Plain figures about one dial over all passes; what they mean is for people to say."""

    dial: str
    rated_ms: int
    moves: int
    lowest: int | None
    highest: int | None
    mean: float | None


def summary(trace: Trace, dials: Sequence[Dial]) -> tuple[DialSummary, ...]:
    """Return for every dial how long it was held, how often moved, how far, and its mean over time."""
    return tuple(_summary(trace, number, dial.key) for number, dial in enumerate(dials))


def _summary(trace: Trace, number: int, key: str) -> DialSummary:
    rows = held(trace, number)
    rated_ms = sum(row.end_ms - row.start_ms for row in rows)
    values = [point.value for point in trace.points if point.dial == number]
    moves = sum(after != before for before, after in pairwise(values))
    if not rows:
        return DialSummary(key, 0, moves, None, None, None)
    stood = [row.value for row in rows]
    weighed = sum((row.end_ms - row.start_ms) * row.value for row in rows)
    return DialSummary(key, rated_ms, moves, min(stood), max(stood), round(weighed / rated_ms, 1))


def without_spans(trace: Trace, spans: Iterable[tuple[int, int]]) -> Trace:
    """Return the trace without what was rated in those spans of the session.

    Runs are cut there. Where one goes on behind a span, it begins with what the dials stood at then: that
    is what was said about the part that stays.
    """
    for start_ms, end_ms in spans:
        trace = _without(trace, start_ms, end_ms)
    return trace


def _without(trace: Trace, start_ms: int, end_ms: int) -> Trace:
    runs: list[Run] = []
    points: list[Point] = []
    for run, mine in zip(trace.runs, _by_run(trace), strict=True):
        if run.end_ms < start_ms or run.start_ms >= end_ms:
            points += [point._replace(run=len(runs)) for point in mine]
            runs.append(run)
            continue
        if run.start_ms < start_ms:
            points += [point._replace(run=len(runs)) for point in mine if point.session_ms < start_ms]
            runs.append(run._replace(end_ms=min(run.end_ms, start_ms)))
        if run.end_ms > end_ms:
            later = run.at_ms + end_ms - run.start_ms
            points += _carried(mine, len(runs), end_ms, later)
            runs.append(run._replace(start_ms=end_ms, at_ms=later))
    return Trace(tuple(runs), tuple(points))


def _carried(mine: Sequence[Point], run: int, from_ms: int, at_ms: int) -> list[Point]:
    """Return a run's points from a place on, beginning with what each dial stood at there."""
    stood = {point.dial: point.value for point in mine if point.session_ms <= from_ms}
    begun = [Point(run, dial, from_ms, value, at_ms) for dial, value in sorted(stood.items())]
    return begun + [point._replace(run=run) for point in mine if point.session_ms > from_ms]
