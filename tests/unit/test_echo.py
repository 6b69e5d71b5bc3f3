"""Session sound in the recall's microphone: found and silenced, the recaller kept, headphones left alone."""

import numpy as np
import numpy.typing as npt
import pytest

from sounds import kept
from supervise.audio.echo import FRAME, Leakage, masked, measure
from supervise.domain.recall_map import RecallMap, Stretch

RATE = 16000
Floats = npt.NDArray[np.float64]


def talk(seconds: float, seed: int) -> Floats:
    """Noise in syllables and words, coloured differently from one to the next."""
    chance = np.random.default_rng(seed)
    parts: list[Floats] = []
    while sum(map(len, parts)) < seconds * RATE:
        tone = chance.uniform(150, 3000, 4)
        time = np.arange(int(chance.uniform(0.08, 0.25) * RATE)) / RATE
        shape = np.hanning(len(time))
        voice = np.sin(2 * np.pi * tone[:, None] * time + chance.uniform(0, 6, 4)[:, None]).sum(axis=0)
        parts.append(shape * (voice + chance.normal(0, 0.7, len(time))) * chance.uniform(0.3, 1))
        if chance.random() < 0.3:
            parts.append(np.zeros(int(chance.uniform(0.1, 0.5) * RATE)))
    return np.concatenate(parts)[: round(seconds * RATE)] / 3


def in_room(sound: Floats, reverb_s: float, seed: int = 5) -> Floats:
    time = np.arange(round(reverb_s * RATE)) / RATE
    response = np.random.default_rng(seed).normal(0, 1, len(time)) * np.exp(-6.9 * time / reverb_s)
    response[0] = 3.0
    response /= np.sqrt((response**2).sum())
    return np.convolve(sound, response)[: len(sound)]


class Recalled:
    """Twelve seconds played, six of talking in a stop, twelve replayed with a remark over it."""

    def __init__(self, leak_db: float | None, reverb_s: float = 0.1) -> None:
        session = talk(40, 1)
        stretches = (
            Stretch(RATE, 13 * RATE, 5 * RATE, 17 * RATE, 1.0, 0),
            Stretch(20 * RATE, 32 * RATE, 13 * RATE, 25 * RATE, 1.0, 1),
        )
        self.map = RecallMap(stretches, RATE, RATE, 34 * RATE)
        self.own, leak = np.zeros(34 * RATE), np.zeros(34 * RATE)
        self.own[14 * RATE : 19 * RATE] = talk(5, 2)
        self.own[25 * RATE : 27 * RATE] = talk(2, 3)
        for row in stretches:
            leak[row.recall_start : row.recall_end] = session[row.session_start : row.session_end]
        if leak_db is None:
            leak[:] = 0
        else:
            leak = in_room(leak, reverb_s) * 10 ** (leak_db / 20)
        sound = self.own + leak + np.random.default_rng(9).normal(0, 2e-4, len(leak))
        self.sound = sound.astype(np.float32)
        pair = [
            kept((part * 16000).round().astype(np.int16).reshape(-1, 1), RATE) for part in (sound, session)
        ]
        self.leakage = measure(*pair[0], *pair[1], self.map)

    def left(self, begin_s: float, end_s: float) -> float:
        """Return how much of the power in a stretch the transcriber still hears, 0 to 1."""
        heard = np.concatenate(list(masked(iter([self.sound]), self.leakage, 0))) ** 2
        span = slice(round(begin_s * RATE), round(end_s * RATE))
        return float(heard[span].sum() / (self.sound[span] ** 2).sum())


@pytest.mark.parametrize("reverb_s", [0.03, 0.1, 0.2])
def test_an_echo_is_silenced_and_the_recaller_is_not(reverb_s: float) -> None:
    found = Recalled(-20, reverb_s)
    assert found.leakage.db is not None
    assert found.leakage.db == pytest.approx(-20, abs=6)
    assert found.left(1, 13.5) < 0.15
    assert found.left(20, 24.7) < 0.15
    assert found.left(27.4, 33) < 0.15
    assert found.left(14, 19) > 0.99
    assert found.left(25, 27) > 0.99


def test_with_headphones_nothing_is_touched() -> None:
    found = Recalled(None)
    assert found.leakage.db is None
    assert not found.leakage.silent.any()


def test_a_recall_in_which_nothing_was_played_is_left_alone() -> None:
    sound, facts = kept((talk(3, 4) * 9000).astype(np.int16).reshape(-1, 1), RATE)
    found = measure(
        sound, facts, *kept(np.zeros((RATE, 1), np.int16), RATE), RecallMap((), RATE, RATE, 3 * RATE)
    )
    assert found.db is None
    assert len(found.silent) == 300


def test_blocks_are_silent_where_they_should_be_wherever_one_begins() -> None:
    silent = np.zeros(100, bool)
    silent[30:60] = True
    leakage = Leakage(-20.0, 1.0, silent)
    sound = np.ones(100 * FRAME, np.float32)
    whole = np.concatenate(list(masked(iter(np.split(sound, 4)), leakage, 0)))
    assert (whole == np.repeat(~silent, FRAME)).all()
    later = np.concatenate(list(masked(iter([sound[40 * FRAME :]]), leakage, 400)))
    assert (later == whole[40 * FRAME :]).all()
