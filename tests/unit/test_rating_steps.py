"""A dial's steps as arrays: the same at every instant, and the same line with fewer points."""

import random

import numpy as np

from supervise.domain.rating_trace import Held
from supervise.ui.rating_steps import Steps


def long_rating() -> list[Held]:
    """Two passes of many short steps, the first with a gap."""
    chance, rows = random.Random(4), []
    for pass_no, spans in ((1, ((0, 300_000), (400_000, 700_000))), (2, ((50_000, 200_000),))):
        for start_ms, end_ms in spans:
            at = start_ms
            while at < end_ms:
                to = min(at + chance.randint(20, 180), end_ms)
                rows.append(Held(pass_no, at, to, chance.randint(-100, 100)))
                at = to
    return rows


def test_every_instant_says_what_was_held() -> None:
    rows = long_rating()
    steps = Steps(rows)
    for ms in (0, 49_999, 50_000, 123_456, 199_999, 200_000, 299_999, 300_000, 399_999, 699_999, 700_000):
        assert steps.at(ms) == [row for row in rows if row.start_ms <= ms < row.end_ms]
    assert Steps(()).at(0) == Steps(()).lines(1) == []


def test_a_line_with_fewer_points_covers_the_same_heights() -> None:
    rows = long_rating()
    px_a_ms = 600 / 700_000
    lines = Steps(rows).lines(px_a_ms)
    assert [(x[0], x[-1]) for x, _ in lines] == [
        (start * px_a_ms, end * px_a_ms)
        for start, end in ((0, 300_000), (400_000, 700_000), (50_000, 200_000))
    ]
    assert sum(len(x) for x, _ in lines) <= 10 * (600 + 130)
    first, y = lines[0]
    assert np.all(np.diff(first) >= 0)
    played = [(row.start_ms * px_a_ms, row.end_ms * px_a_ms, row.value) for row in rows]
    played = played[: next(n for n, row in enumerate(rows) if row.start_ms == 400_000)]
    for column in range(250):
        drawn = y[(first >= column) & (first < column + 1)]
        begun = [value for begins, _, value in played if column <= begins < column + 1]
        there = [value for begins, ends, value in played if begins < column + 1 and ends >= column]
        assert set(drawn) >= {min(begun), max(begun)}
        assert set(drawn) <= set(there)


def test_few_steps_are_drawn_as_they_are() -> None:
    ((x, y),) = Steps([Held(1, 0, 1000, 5), Held(1, 1000, 3000, -5)]).lines(0.1)
    assert (x.tolist(), y.tolist()) == ([0, 100, 100, 300], [5, 5, -5, -5])
