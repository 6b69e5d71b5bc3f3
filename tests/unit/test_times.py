"""Times on the master's clock: rounding once, reading what a person types, writing for people and files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervise.domain.errors import UsageError
from supervise.domain.times import clock, clock_ms, ms_to_samples, parse_seconds, samples_to_ms

RATES = st.sampled_from([8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000])


@given(ms=st.integers(0, 4 * 3600 * 1000), rate_hz=RATES)
def test_a_millisecond_survives_the_way_to_samples_and_back(ms: int, rate_hz: int) -> None:
    assert samples_to_ms(ms_to_samples(ms, rate_hz), rate_hz) == ms


@given(samples=st.integers(0, 192_000 * 3600), rate_hz=RATES)
def test_rounding_is_at_most_half_a_millisecond(samples: int, rate_hz: int) -> None:
    assert abs(samples_to_ms(samples, rate_hz) - 1000 * samples / rate_hz) <= 0.5


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("83.5", 83_500),
        ("1:23.5", 83_500),
        ("0:01:23.5", 83_500),
        ("0", 0),
        (" 7 ", 7000),
        ("1:00:00", 3_600_000),
    ],
)
def test_times_as_people_type_them(text: str, ms: int) -> None:
    assert parse_seconds(text) == ms


@pytest.mark.parametrize("text", ["", "soon", "-1", "1:2:3:4", "nan", "inf", "1e99", "1:-2"])
def test_what_is_not_a_time_is_said(text: str) -> None:
    with pytest.raises(UsageError, match="is not a time"):
        parse_seconds(text)


def test_clocks() -> None:
    assert [clock(ms) for ms in (0, 999, 61_000, 3_661_000)] == ["0:00", "0:00", "1:01", "1:01:01"]
    assert clock_ms(3_661_007) == "01:01:01.007"
