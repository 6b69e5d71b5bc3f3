"""The seek benchmark's ear: it knows when a place is first heard, and takes no other place for it."""

import sys
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))

from seek_to_sound import PERIOD, RATE_HZ, ramp, starts_of, waits_ms

PIECE = 480


def heard_of(*parts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the parts as a monitor gives them, 10 ms at a time from the time 100 s on."""
    heard = np.concatenate(parts)
    ends = np.arange(PIECE, len(heard) + 1, PIECE)
    return heard[: ends[-1]], ends, 100.0 + ends / RATE_HZ


def test_a_new_place_is_timed_by_the_piece_that_brings_it() -> None:
    old, new = ramp(5000, 9600), ramp(5000 + PERIOD // 2, 9600)
    order = {"at": 100.1, "sample": 5000 + PERIOD // 2, "paused": False}
    assert waits_ms([order], *heard_of(old, new)) == [np.float64((100.0 + 10_080 / RATE_HZ - 100.1) * 1000)]


def test_silence_before_it_does_not_count_and_an_old_place_is_no_answer() -> None:
    silence = np.zeros(4800, "<i2")
    firsts, numbers = starts_of(heard_of(silence, ramp(777, 4800))[0])
    assert (list(firsts), list(numbers)) == ([4800], [777])
    order = {"at": 100.0, "sample": 20_000, "paused": True}
    assert waits_ms([order], *heard_of(silence, ramp(777, 4800))) == [None]
