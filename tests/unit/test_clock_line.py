"""A device's clock against one that nobody sets: jitter, drift, gaps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervise.audio.clock_line import ClockLine

RATE = 48000
BLOCK = 480


def line_of(late_s: list[float], drift: float = 0.0, start_s: float = 100.0) -> ClockLine:
    made = ClockLine(RATE)
    for number, late in enumerate(late_s):
        frame = number * BLOCK
        made.hear(frame, BLOCK, start_s + frame / (RATE * (1 + drift)) + late)
    return made


def test_nothing_is_known_before_the_first_block_and_something_right_after() -> None:
    made = ClockLine(RATE)
    assert not made.known
    made.hear(0, BLOCK, 5.0)
    assert made.known
    assert made.at(BLOCK) == pytest.approx(5.01)
    assert made.frame_at(5.005) == pytest.approx(240)


@given(st.integers(-300, 300), st.integers(0, 2**32 - 1))
def test_drift_is_followed_through_jitter_within_a_millisecond(parts: int, seed: int) -> None:
    drift = parts / 1e6
    random = np.random.default_rng(seed)
    jitter = random.normal(0, 0.004, 6000) + np.where(random.random(6000) < 0.05, 0.05, 0.0)
    made = line_of(list(jitter), drift)
    for frame in random.integers(0, 6000 * BLOCK, 50):
        truth_s = 100.0 + frame / (RATE * (1 + drift))
        assert made.at(int(frame)) == pytest.approx(truth_s, abs=0.003)
        assert made.frame_at(truth_s) == pytest.approx(frame, abs=0.003 * RATE)


def test_a_told_gap_has_sharp_edges_and_its_time_is_at_one_frame() -> None:
    made = line_of([0.0] * 130)
    made.cut()
    edge = 130 * BLOCK
    for number in range(130, 300):
        made.hear(number * BLOCK, BLOCK, 110.0 + number * BLOCK / RATE)
    assert made.frame_at(101.2) == pytest.approx(1.2 * RATE, abs=1)
    assert made.frame_at(101.3 + 5) == pytest.approx(edge, abs=1)
    assert made.frame_at(110.0 + 1.35) == pytest.approx(1.35 * RATE, abs=1)
    assert made.at(edge + 100) == pytest.approx(111.3 + 100 / RATE)


def test_an_untold_gap_is_found_where_the_times_jump() -> None:
    made = line_of([0.0] * 123 + [30.0] * 300)
    assert made.frame_at(101.0) == pytest.approx(RATE, abs=1)
    assert made.frame_at(120.0) == pytest.approx(123 * BLOCK, abs=BLOCK)
    assert made.frame_at(131.3) == pytest.approx(1.3 * RATE, abs=1)


def test_frames_and_times_are_each_others_inverse() -> None:
    made = line_of(list(np.random.default_rng(3).normal(0, 0.003, 1000)), 2e-4)
    for frame in range(0, 1100 * BLOCK, 7777):
        assert made.frame_at(made.at(frame)) == pytest.approx(frame, abs=0.01)
