"""Sound for speaker tests: licensed clips with their turns, and sounds nobody speaks in."""

from pathlib import Path

import av
import numpy as np

from supervise.domain.transcript import Word
from supervise.exchange.scoring import TrueSpan
from supervise.speech.events import VoiceSegment
from supervise.speech.frames import Samples
from supervise.speech.speakers import Findings, VoiceSeparator

RATE = 16000
DATA = Path(__file__).resolve().parent.parent / "data" / "speech"

# When each reader speaks, in ms, from the truth the clips were made with.
TWO_TURNS = [
    TrueSpan("first", 700, 11970),
    TrueSpan("second", 12070, 17120),
    TrueSpan("first", 17230, 19360),
    TrueSpan("first", 19700, 21060),
    TrueSpan("second", 22610, 35210),
]
QUICK_TURNS = [
    TrueSpan("first", 180, 8960),
    TrueSpan("second", 9070, 12760),
    TrueSpan("second", 13310, 15280),
    TrueSpan("second", 15620, 18120),
    TrueSpan("first", 18330, 23970),
    TrueSpan("second", 24780, 25910),
    TrueSpan("second", 26670, 28280),
]


def clip(name: str) -> Samples:
    with av.open(str(DATA / name)) as container:
        parts = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
    return np.concatenate(parts).astype(np.float32) / 32768


def noise(seconds: float, level: float = 0.05, seed: int = 1) -> Samples:
    return np.random.default_rng(seed).normal(0, level, int(seconds * RATE)).astype(np.float32)


def separated(sound: Samples, models_dir: Path, speakers: int = 2, block: int = RATE) -> Findings:
    separator = VoiceSeparator(models_dir, speakers)
    for start in range(0, len(sound), block):
        separator.add(sound[start : start + block])
    return separator.finish()


def as_words(segments: tuple[VoiceSegment, ...]) -> list[Word]:
    return [Word("x", one.start_ms, one.end_ms, 1.0, one.label) for one in segments]
