"""What two channels are, judged on real voices and on made-up rooms."""

import numpy as np
import numpy.typing as npt
import pytest

from sounds import kept
from supervise.audio.channels import channel_energies, judge_channels, louder_channel
from supervise.audio.master import MasterReader

RATE = 16000
Sound = npt.NDArray[np.float64]


def voices(seconds: int = 40, seed: int = 1) -> tuple[Sound, Sound, list[tuple[int, int, int]]]:
    """Two people who take turns of 2 to 5 s; returns both, and (start_ms, end_ms, who)."""
    random = np.random.default_rng(seed)
    frames = seconds * RATE
    both = [np.zeros(frames), np.zeros(frames)]
    turns, start, who = [], 0, 0
    while start < frames:
        behind = min(frames, start + int(random.uniform(2, 5) * RATE))
        syllables = np.repeat(random.uniform(0.02, 1, (behind - start) // 2000 + 1), 2000)[: behind - start]
        both[who][start:behind] = random.normal(0, 3000, behind - start) * syllables
        turns.append((start * 1000 // RATE, behind * 1000 // RATE, who))
        start, who = behind + RATE // 2, 1 - who
    return both[0], both[1], turns


def hiss(frames: int, level: float, seed: int) -> Sound:
    return np.random.default_rng(seed).normal(0, level, frames)


def reader(*channels: Sound) -> MasterReader:
    return MasterReader(*kept(np.stack(channels, axis=1).clip(-32768, 32767).astype(np.int16)))


def db(decibels: float) -> float:
    return float(10 ** (decibels / 20))


def test_one_channel_is_one_microphone() -> None:
    first, second, _ = voices()
    assert judge_channels(reader(first + second)).kind == "mono"


@pytest.mark.parametrize("leak_db", [-40, -25, -15])
@pytest.mark.parametrize("gain_db", [0, -18])
def test_a_microphone_each_is_found_whatever_leaks_and_however_it_is_turned_up(
    leak_db: float, gain_db: float
) -> None:
    first, second, turns = voices()
    left = first + second * db(leak_db) + hiss(len(first), 8, 1)
    right = (second + first * db(leak_db) + hiss(len(first), 8, 2)) * db(gain_db)
    sound = reader(left, right)
    verdict = judge_channels(sound)
    assert verdict.kind == "separate"
    assert verdict.channel is None
    spans = [(start, end) for start, end, _ in turns]
    assert louder_channel(channel_energies(sound), spans) == [who for _, _, who in turns]


@pytest.mark.parametrize("tilt_db", [0, 3, -10])
def test_the_same_sound_twice_is_one_microphone(tilt_db: float) -> None:
    first, second, _ = voices()
    room = first + second
    verdict = judge_channels(
        reader(room + hiss(len(room), 10, 1), room * db(tilt_db) + hiss(len(room), 10, 2))
    )
    assert verdict.kind == "same"


def test_a_stereo_pair_in_one_room_is_one_microphone() -> None:
    first, second, _ = voices()
    left, right = first + second * db(-4), second + first * db(-4)
    assert judge_channels(reader(left, right)).kind == "same"


@pytest.mark.parametrize("dead", [0, 1])
@pytest.mark.parametrize("what", ["nothing", "hiss", "hum"])
def test_a_dead_channel_is_named_and_the_other_one_used(dead: int, what: str) -> None:
    first, second, _ = voices()
    room = first + second + hiss(len(first), 8, 1)
    time = np.arange(len(room)) / RATE
    silent = {"nothing": 0 * room, "hiss": hiss(len(room), 20, 2), "hum": 60 * np.sin(2 * np.pi * 50 * time)}
    channels = [room, room]
    channels[dead] = silent[what]
    verdict = judge_channels(reader(*channels))
    assert verdict.kind == "one_dead"
    assert verdict.channel == 1 - dead
    assert ("left" if dead == 0 else "right") in verdict.sentence


def test_silence_and_many_channels() -> None:
    nothing = np.zeros(RATE)
    assert "silent" in judge_channels(reader(nothing, nothing)).sentence
    assert judge_channels(reader(*[nothing] * 4)).kind == "same"


@pytest.mark.parametrize("rate_hz", [8000, 11025, 16000, 44100])
def test_energies_are_ten_milliseconds_apart_at_any_rate(rate_hz: int) -> None:
    sound = np.zeros((rate_hz * 25, 1), np.int16)
    sound[rate_hz * 13 : rate_hz * 14] = 16384
    energies = channel_energies(MasterReader(*kept(sound, rate_hz)))
    assert energies.shape == (2500, 1)
    loud = np.flatnonzero(energies[:, 0] > 0.1)
    assert (loud[0], loud[-1]) == (1300, 1399)
    assert energies[1350, 0] == pytest.approx(0.25)


def test_spans_at_the_borders() -> None:
    first, second, _ = voices(4)
    energies = channel_energies(reader(first, second))
    assert louder_channel(energies, [(-5, 0), (0, 0), (9_000_000, 9_000_001)])[0] in (0, 1)
    assert louder_channel(energies[:0], [(0, 10)]) == [0]
