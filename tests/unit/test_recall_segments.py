"""Which parts of a session are recalled: typed, around moments, drawn from a seed."""

from dataclasses import replace
from itertools import pairwise

import pytest

from supervise.domain.errors import UsageError
from supervise.domain.ids import MomentId, ProfileId, SessionId
from supervise.domain.moments import Moment, Perspective
from supervise.domain.recall_segments import around, drawn, parse_span

POINT = Moment(
    MomentId("m"), SessionId("s"), 5000, None, (), "", ProfileId("p"), Perspective.THERAPIST, "b@1", "", ""
)


def test_the_same_seed_draws_the_same_parts() -> None:
    assert drawn(600_000, 3, 60_000, 7) == ((63_055, 123_055), (196_362, 256_362), (394_091, 454_091))


def test_another_seed_draws_others() -> None:
    assert drawn(600_000, 3, 60_000, 7) != drawn(600_000, 3, 60_000, 8)


@pytest.mark.parametrize("seed", range(50))
def test_parts_lie_in_the_session_and_apart(seed: int) -> None:
    spans = drawn(100_000, 4, 20_000, seed)
    assert all(end - start == 20_000 for start, end in spans)
    assert spans[0][0] >= 0
    assert spans[-1][1] <= 100_000
    assert all(after[0] - before[1] >= 1000 for before, after in pairwise(spans))


def test_every_place_is_as_likely() -> None:
    starts = [drawn(110_000, 1, 10_000, seed)[0][0] for seed in range(2000)]
    quarters = [sum(at // 25_000 == number for at in starts) for number in range(4)]
    assert all(400 < count < 600 for count in quarters), quarters


@pytest.mark.parametrize(("count", "length_ms"), [(0, 1000), (1, 0), (3, 40_000), (2, 50_000)])
def test_what_does_not_fit_is_refused(count: int, length_ms: int) -> None:
    with pytest.raises(UsageError, match="do not fit"):
        drawn(100_000, count, length_ms, 1)


def test_a_part_is_typed_from_to() -> None:
    assert parse_span("1:03-1:35.5") == (63_000, 95_500)
    assert parse_span("63 – 95") == (63_000, 95_000)
    with pytest.raises(UsageError, match="starts and ends"):
        parse_span("1:03")


def test_moments_become_parts() -> None:
    span = replace(POINT, start_ms=40_000, end_ms=70_000)
    assert around((span, POINT), 60_000) == ((0, 25_000), (40_000, 60_000))
    assert around((replace(POINT, start_ms=60_000, end_ms=70_000),), 60_000) == ()
