"""Words invented where nobody speaks: ten minutes each of household sounds at three levels, real pauses too.

Run: python benchmarks/silence.py [--seconds 600] [--model base]. One JSON line for each sound and level.
The sounds are made here, seeds fixed; no recorded coughs or breaths were to be had, so bursts of shaped
noise, resonances and ticks stand in for them. Words wanted: none, and every word of the turns around a
silence.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from supervise.domain.transcript import TranscribeSettings, Word
from supervise.speech.engine import ChildEngine, Failed, Finished, WindowResult

RATE = 16000
LEVELS_DB = (-20, -35, -50)
Sound = NDArray[np.float32]
Random = np.random.Generator
ROOT = Path(__file__).resolve().parent.parent


def at_level(sound: NDArray[np.float64], level_db: float) -> Sound:
    """Scale so that the loudest half second has `level_db` dBFS (root mean square), peaks clipped."""
    half = RATE // 2
    power = [float(np.mean(sound[i : i + half] ** 2)) for i in range(0, max(1, len(sound) - half), half)]
    return np.clip(sound / np.sqrt(max(power) + 1e-20) * 10 ** (level_db / 20), -1, 1).astype(np.float32)


def shaped(
    count: int, random: Random, weight: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Return noise whose spectrum is `weight` of the frequency in Hz."""
    spectrum = np.fft.rfft(random.standard_normal(count))
    return np.fft.irfft(spectrum * weight(np.fft.rfftfreq(count, 1 / RATE)), count)


def band(low_hz: float, high_hz: float) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """Return a weight with soft edges that passes `low_hz` to `high_hz`."""
    return lambda f: 1 / (1 + (low_hz / np.maximum(f, 1)) ** 6) / (1 + (f / high_hz) ** 6)


def pink(seconds: float, level_db: float, random: Random) -> Sound:
    """Pink noise."""
    return at_level(shaped(int(seconds * RATE), random, lambda f: 1 / np.sqrt(np.maximum(f, 20))), level_db)


def hum(seconds: float, level_db: float, random: Random) -> Sound:
    """Mains hum of 50 Hz with eleven harmonics, beating slowly, and a little hiss."""
    t = np.arange(int(seconds * RATE)) / RATE
    tones = sum(
        random.uniform(0.2, 1) / k * np.sin(2 * np.pi * (50.0 * k + random.normal(0, 0.05)) * t + k)
        for k in range(1, 12)
    )
    return at_level(
        tones * (1 + 0.2 * np.sin(2 * np.pi * 0.13 * t)) + 0.01 * random.standard_normal(len(t)), level_db
    )


def clock_and_rain(seconds: float, level_db: float, random: Random) -> Sound:
    """A clock's tick and tock over rain: steady hiss with drops."""
    count = int(seconds * RATE)
    sound = 0.25 * shaped(count, random, band(800, 7000))
    t = np.arange(RATE // 20) / RATE
    for number, at in enumerate(range(0, count - len(t), RATE)):
        pitch_hz = 2400 if number % 2 else 1900
        sound[at : at + len(t)] += 2 * np.exp(-t * 180) * np.sin(2 * np.pi * pitch_hz * t)
    for at in random.integers(0, count - 400, int(seconds * 40)):
        sound[at : at + 400] += (
            random.uniform(0.2, 1.5) * np.exp(-np.arange(400) / 40) * random.standard_normal(400)
        )
    return at_level(sound, level_db)


def breath(random: Random) -> NDArray[np.float64]:
    """One breath: noise coloured as by an open throat, swelling and falling."""
    count = int(random.uniform(0.6, 1.8) * RATE)
    low, high = random.uniform(300, 700), random.uniform(2500, 5000)
    return shaped(count, random, band(low, high)) * np.sin(np.linspace(0, np.pi, count)) ** random.uniform(
        0.7, 2
    )


def cough(random: Random) -> NDArray[np.float64]:
    """One cough: a burst, a voiced middle through a throat's resonances, a tail; often twice."""
    count = int(random.uniform(0.25, 0.5) * RATE)
    t = np.arange(count) / RATE
    pitch_hz = random.uniform(90, 220) * (1 - 0.3 * t / t[-1])
    buzz = np.sign(np.sin(2 * np.pi * np.cumsum(pitch_hz) / RATE)) * random.uniform(0, 0.6)
    noise = shaped(count, random, band(400, 4500))
    once = (
        throat(noise / np.std(noise) + buzz, random)
        * np.minimum(1, t * 120)
        * np.exp(-t * random.uniform(6, 14))
    )
    gap = np.zeros(int(random.uniform(0.1, 0.3) * RATE))
    return np.concatenate([once, gap, once * 0.7]) if random.random() < 0.5 else once


def throat(sound: NDArray[np.float64], random: Random) -> NDArray[np.float64]:
    """Pass sound through three resonances such as a vowel has."""
    f = np.fft.rfftfreq(len(sound), 1 / RATE)
    peaks = [
        (random.uniform(500, 800), 120),
        (random.uniform(1100, 1700), 160),
        (random.uniform(2300, 2900), 220),
    ]
    gain = 0.1 + sum(1 / (1 + ((f - centre) / width) ** 2) for centre, width in peaks)
    return np.fft.irfft(np.fft.rfft(sound) * gain, len(sound))


def sigh(random: Random) -> NDArray[np.float64]:
    """One sigh: a long breath out through a throat."""
    count = int(random.uniform(1.0, 2.2) * RATE)
    swell = np.minimum(1, np.linspace(0, 6, count)) * np.exp(-np.linspace(0, 4, count))
    return throat(shaped(count, random, band(200, 4000)), random) * swell


def creak(random: Random) -> NDArray[np.float64]:
    """One creak of a chair: a slow train of clicks ringing through two resonances."""
    count = int(random.uniform(0.3, 1.2) * RATE)
    clicks = np.zeros(count)
    at = 0.0
    while at < count:
        clicks[int(at)] = random.uniform(0.3, 1)
        at += RATE / random.uniform(25, 90)
    t = np.arange(800) / RATE
    ring = sum(np.exp(-t * 150) * np.sin(2 * np.pi * random.uniform(250, 2200) * t) for _ in range(3))
    return np.convolve(clicks, ring)[:count]


def body_sounds(seconds: float, level_db: float, random: Random) -> Sound:
    """Breaths, sighs, coughs and creaks, one every second or two, over a faint room."""
    count = int(seconds * RATE)
    sound = 0.003 * shaped(count, random, band(80, 3000))
    at = RATE
    while at < count - 3 * RATE:
        one = (breath, cough, creak, sigh)[random.integers(4)](random)
        one = one / np.sqrt(np.mean(one**2)) * 10 ** (random.uniform(-6, 0) / 20)
        sound[at : at + len(one)] += one[: count - at]
        at += len(one) + int(random.uniform(0.3, 2.5) * RATE)
    return at_level(sound, level_db)


SOUNDS: dict[str, Callable[[float, float, Random], Sound]] = {
    "pink": pink,
    "hum": hum,
    "clock_and_rain": clock_and_rain,
    "body_sounds": body_sounds,
}


def words_in(sound: Sound, model: Path) -> tuple[list[Word], int]:
    """Transcribe `sound` as a session; return its words and how many were taken out."""
    duration_ms = len(sound) * 1000 // RATE
    blocks = (sound[i : i + RATE] for i in range(0, len(sound), RATE))
    run = ChildEngine().transcribe(blocks, duration_ms, TranscribeSettings(), model)
    words: list[Word] = []
    while run.wait():
        for event in run.poll():
            if isinstance(event, Failed):
                raise event.error
            if isinstance(event, WindowResult):
                words += event.words
            if isinstance(event, Finished):
                return words, event.stats.dropped_words
    raise RuntimeError("the run ended without a last event")


def turns(path: Path) -> tuple[Sound, Sound]:
    """Return two real turns at about -23 dBFS."""
    first = decode(path, 0.6, 17.3)
    second = decode(path, 17.3, 33.0)
    return first, second


def decode(path: Path, start_s: float, end_s: float) -> Sound:
    """Read part of a 16 kHz mono FLAC."""
    with av.open(str(path)) as container:
        sound = np.concatenate([frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)])
    return sound[int(start_s * RATE) : int(end_s * RATE)].astype(np.float32) / 32768


def between_turns(
    name: str, level_db: float, gain_db: float, seed: int, model: Path, speech: Path
) -> dict[str, object]:
    """Transcribe turn, 90 s of `name`, turn; words in the gap are invented, words missing around it lost."""
    gain = np.float32(10 ** (gain_db / 20))
    first, second = (turn * gain for turn in turns(speech))
    silence = (
        SOUNDS[name](90, level_db, np.random.default_rng(seed)) if name else np.zeros(90 * RATE, np.float32)
    )
    found, dropped = words_in(np.concatenate([first, silence, second]), model)
    start_ms, end_ms = len(first) // 16, (len(first) + len(silence)) // 16
    inside = [word for word in found if start_ms + 300 < word.start_ms < end_ms - 300]
    return {
        "silence": name or "digital zero",
        "level_db": level_db,
        "turns_gain_db": gain_db,
        "invented": len(inside),
        "words_around": len(found) - len(inside),
        "dropped": dropped,
        "which": [word.text for word in inside],
    }


def main() -> None:
    """Print one JSON line for each sound and level, and one with the total."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--model", type=Path, default=ROOT / "models/whisper/base")
    parser.add_argument("--speech", type=Path, default=ROOT / "tests/data/speech/two_turns.flac")
    chosen = parser.parse_args()
    invented = 0
    for name, make in SOUNDS.items():
        for seed, level_db in enumerate(LEVELS_DB):
            found, dropped = words_in(
                make(chosen.seconds, level_db, np.random.default_rng(seed)), chosen.model
            )
            invented += len(found)
            line = {"sound": name, "seconds": chosen.seconds, "level_db": level_db, "invented": len(found)}
            print(
                json.dumps({**line, "dropped": dropped, "which": [word.text for word in found]}), flush=True
            )
    for name in ("", *SOUNDS):
        for seed, (level_db, gain_db) in enumerate(zip(LEVELS_DB, (0, -15, -30), strict=True)):
            row = between_turns(name, level_db, gain_db, seed + 10, chosen.model, chosen.speech)
            invented += int(str(row["invented"]))
            print(json.dumps(row), flush=True)
    print(json.dumps({"benchmark": "words invented in silence", "invented": invented, "wanted": 0}))


if __name__ == "__main__":
    main()
