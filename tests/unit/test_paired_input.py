"""Two devices on two channels: laid beside each other by time, drift made up for, the second may die."""

import numpy as np
import pytest

from supervise.audio.fake_input import FakeInput
from supervise.audio.inputs import Samples
from supervise.audio.paired_input import PairedInput
from supervise.domain.errors import DeviceMissingError

RATE, BLOCK = 16000, 320


class Kept:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.blocks: list[Samples] = []
        self.times: list[float] = []

    def take(self, block: Samples, captured_s: float, *, overflowed: bool) -> None:
        self.blocks.append(block.copy())
        self.times.append(captured_s)

    @property
    def sound(self) -> Samples:
        return np.concatenate(self.blocks)


def clicks(blocks: int) -> Samples:
    """A click once a second."""
    sound = np.zeros((blocks * BLOCK, 1), np.int16)
    sound[RATE // 2 :: RATE] = 10_000
    return sound


def heard(blocks: int, *, late_s: float = 0.0, drift: float = 0.0, dies_at: int = 1 << 30) -> Samples:
    """Play the same clicks to both; the second begins `late_s` later and its clock runs off by `drift`."""
    first, second = FakeInput("a", RATE, 1), FakeInput("b", RATE, 1)
    kept, sound = Kept(), clicks(blocks)
    stream = PairedInput(first, second).open(RATE, 2, kept)
    stream.start()
    skipped = round(late_s * RATE)
    for number in range(blocks):
        start = number * BLOCK
        first.speak(sound[start : start + BLOCK], 100 + start / RATE)
        from_s = (start + skipped) / RATE
        place = round(from_s * RATE * (1 + drift))
        part = sound[place : place + BLOCK]
        if number < dies_at and len(part) == BLOCK:
            second.speak(part, 100 + from_s)
    stream.close()
    return kept.sound


@pytest.mark.parametrize("late_s", [0.0, 0.1, 1.3])
def test_both_sides_are_heard_at_the_same_time(late_s: float) -> None:
    sound = heard(500, late_s=late_s)
    left, right = np.flatnonzero(sound[:, 0]), np.flatnonzero(sound[:, 1])
    assert len(left) >= 8
    assert len(right) >= len(left) - 2
    assert max(int(np.abs(left - click).min()) for click in right) <= 0.04 * RATE


def test_a_drifting_clock_is_made_up_for() -> None:
    sound = heard(3000, drift=5e-4)
    left, right = np.flatnonzero(sound[:, 0]), np.flatnonzero(sound[:, 1])
    assert max(int(np.abs(left - click).min()) for click in right) <= 0.06 * RATE


def test_the_first_goes_on_when_the_second_dies() -> None:
    sound = heard(500, dies_at=100)
    assert len(sound) >= 500 * BLOCK - 0.6 * RATE
    assert (sound[: len(sound), 0] == clicks(500)[: len(sound), 0]).all()
    assert not sound[RATE * 3 :, 1].any()


def test_a_second_at_another_rate_or_missing_is_refused_at_the_start() -> None:
    first, second = FakeInput("a", RATE), FakeInput("b", 44100, own_rate=True)
    with pytest.raises(DeviceMissingError, match="same rate"):
        PairedInput(first, second).open(RATE, 2, Kept())
    second.missing = True
    with pytest.raises(DeviceMissingError):
        PairedInput(first, second).open(RATE, 2, Kept())
    assert PairedInput(first, second).name == "a + b"


def test_when_it_is_opened_again_the_first_will_do() -> None:
    first, second = FakeInput("a", RATE, 1), FakeInput("b", RATE, 1)
    pair, kept = PairedInput(first, second), Kept()
    pair.open(RATE, 2, kept).close()
    second.missing = True
    stream = pair.open(RATE, 2, kept)
    stream.start()
    for number in range(60):
        first.speak(clicks(1) + 7, 100 + number * BLOCK / RATE)
    stream.close()
    assert (kept.sound[:, 0] == 7).all()
    assert not kept.sound[:, 1].any()
