"""Dials, and traces on a session's time line: held values, gaps, passes, grids, spans taken out."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervise.domain.errors import UsageError
from supervise.domain.rating import (
    ACTIVATION,
    AFFECT,
    Dial,
    Rater,
    RatingSetup,
    check_setup,
    own_dial,
    parse_dial,
    setup_from_plain,
)
from supervise.domain.rating_trace import (
    Held,
    Point,
    Run,
    Sample,
    Trace,
    held,
    next_run,
    resampled,
    summary,
    without_spans,
)

DIALS = (AFFECT, ACTIVATION)
ONCE = Trace(
    (Run(1, 0, 1000, 0), Run(1, 1500, 2000, 4000)),
    (
        Point(0, 0, 0, 0, 0),
        Point(0, 1, 0, 5, 0),
        Point(0, 0, 300, 40, 300),
        Point(1, 0, 1500, 40, 4000),
        Point(1, 1, 1500, 5, 4000),
    ),
)


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    """A trace as it comes about: runs anywhere, dials turned while they go on."""
    runs: list[Run] = []
    points: list[Point] = []
    at_ms = 0
    for _ in range(draw(st.integers(0, 5))):
        run = next_run(runs, draw(st.integers(0, 5000)), at_ms)
        length = draw(st.integers(0, 2000))
        runs.append(run._replace(end_ms=run.start_ms + length))
        number = len(runs) - 1
        values = st.integers(-100, 100)
        points += [Point(number, dial, run.start_ms, draw(values), at_ms) for dial in (0, 1)]
        turns = draw(st.lists(st.tuples(st.integers(0, length), st.integers(0, 1), values), max_size=6))
        points += [
            Point(number, dial, run.start_ms + ms, value, at_ms + ms) for ms, dial, value in sorted(turns)
        ]
        at_ms += length + draw(st.integers(0, 3000))
    return Trace(tuple(runs), tuple(points))


def plainly_at(trace: Trace, dial: int, pass_no: int, ms: int) -> int | None:
    """What a dial stood at, found by looking at everything."""
    for number, run in enumerate(trace.runs):
        if run.pass_no == pass_no and run.start_ms <= ms < run.end_ms:
            mine = [p for p in trace.points if (p.run, p.dial) == (number, dial) and p.session_ms <= ms]
            return mine[-1].value
    return None


def test_a_value_holds_until_the_next_and_not_where_nothing_was_played() -> None:
    assert held(ONCE, 0) == (Held(1, 0, 300, 0), Held(1, 300, 1000, 40), Held(1, 1500, 2000, 40))
    assert resampled(ONCE, 0, 1, 250) == (
        Sample(0, 0),
        Sample(250, 0),
        Sample(500, 40),
        Sample(750, 40),
        Sample(1000, None),
        Sample(1250, None),
        Sample(1500, 40),
        Sample(1750, 40),
    )
    assert resampled(ONCE, 0, 2, 250) == ()
    assert ONCE.played_ms == 1500


@given(traces(), st.integers(1, 700))
def test_a_grid_shows_what_was_held_at_each_of_its_instants(trace: Trace, step_ms: int) -> None:
    for pass_no in trace.passes:
        for dial in (0, 1):
            samples = resampled(trace, dial, pass_no, step_ms)
            assert all(sample.session_ms % step_ms == 0 for sample in samples)
            assert [sample.session_ms for sample in samples] == sorted({s.session_ms for s in samples})
            for sample in samples:
                assert sample.value == plainly_at(trace, dial, pass_no, sample.session_ms)
            played = [r for r in trace.runs if r.pass_no == pass_no and r.end_ms > r.start_ms]
            wanted = {
                ms for r in played for ms in range(-(-r.start_ms // step_ms) * step_ms, r.end_ms, step_ms)
            }
            assert wanted == {sample.session_ms for sample in samples if sample.value is not None}


@given(traces())
def test_within_a_pass_time_only_goes_on(trace: Trace) -> None:
    assert trace.passes == tuple(range(1, len(trace.passes) + 1))
    for pass_no in trace.passes:
        runs = [run for run in trace.runs if run.pass_no == pass_no]
        assert all(a.end_ms <= b.start_ms for a, b in pairwise(runs))


def test_going_back_begins_a_pass_and_a_pause_does_not() -> None:
    runs = [Run(1, 0, 5000, 0)]
    assert next_run(runs, 4980, 9000) == Run(1, 5000, 5000, 9000)
    assert next_run(runs, 8000, 9000) == Run(1, 8000, 8000, 9000)
    assert next_run(runs, 2000, 9000) == Run(2, 2000, 2000, 9000)


@given(traces(), st.lists(st.tuples(st.integers(0, 6000), st.integers(1, 2000)), max_size=3))
def test_what_was_rated_in_a_span_goes_and_nothing_else(
    trace: Trace, starts: Sequence[tuple[int, int]]
) -> None:
    spans = [(start, start + length) for start, length in starts]
    kept = without_spans(trace, spans)
    for start, end in spans:
        assert not any(start <= point.session_ms < end for point in kept.points)
        assert not any(run.start_ms < end and run.end_ms > max(start, run.start_ms) for run in kept.runs)
    for pass_no in trace.passes:
        for ms in range(0, 7000, 97):
            gone = any(start <= ms < end for start, end in spans)
            for dial in (0, 1):
                wanted = None if gone else plainly_at(trace, dial, pass_no, ms)
                assert plainly_at(kept, dial, pass_no, ms) == wanted
    firsts = {(p.run, p.dial) for p in kept.points if p.session_ms == kept.runs[p.run].start_ms}
    assert firsts == {(number, dial) for number in range(len(kept.runs)) for dial in (0, 1)}


@given(traces())
def test_figures_say_what_was_held_and_no_more(trace: Trace) -> None:
    for number, row in enumerate(summary(trace, DIALS)):
        assert row.rated_ms == trace.played_ms
        values = [entry.value for entry in held(trace, number)]
        assert (row.lowest, row.highest) == (min(values, default=None), max(values, default=None))
        if row.mean is not None and row.lowest is not None and row.highest is not None:
            assert row.lowest - 0.1 <= row.mean <= row.highest + 0.1


def test_figures_of_a_trace() -> None:
    first, second = summary(ONCE, DIALS)
    assert (first.moves, first.lowest, first.highest, first.mean) == (1, 0, 40, 32.0)
    assert (second.moves, second.mean) == (0, 5.0)


def test_dials_are_read_and_written() -> None:
    assert parse_dial("affect") == AFFECT
    own = parse_dial("Closeness to her=distant .. close")
    assert own == Dial("closeness-to-her", "Closeness to her", "distant", "close")
    assert parse_dial("affect=bad..good") == Dial("affect", "Affect", "bad", "good")
    setup = RatingSetup(Rater.OTHER, (AFFECT, own), "Cara", "study")
    assert setup_from_plain(setup.plain()) == setup
    assert AFFECT.within(150) == 100
    assert Dial("x", "X", "a", "b", 0, 100).middle == 50


@pytest.mark.parametrize(
    "dials",
    [
        (),
        (AFFECT, ACTIVATION, own_dial("C", "a", "b")),
        (AFFECT, AFFECT),
        (own_dial("", "a", "b"),),
        (own_dial("C", "same", "Same"),),
        (own_dial("C", "a\n", "b" * 31),),
        (own_dial("C", "a", "b", step=0),),
        (Dial("c", "C", "a", "b", 10, 10),),
        (Dial("c", "C", "a", "b", -101, 10),),
    ],
)
def test_what_cannot_be_rated_with_is_refused(dials: tuple[Dial, ...]) -> None:
    with pytest.raises(UsageError):
        check_setup(RatingSetup(Rater.THERAPIST, dials))


@pytest.mark.parametrize("text", ["", "calm", "x=ab", "=a..b"])
def test_a_dial_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        check_setup(RatingSetup(Rater.THERAPIST, (parse_dial(text),)))
