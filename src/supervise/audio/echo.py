"""Session sound that a recall's microphone heard from the loudspeaker: measured, and silenced for words.

What was played when is known, so the same sound is rendered again and its loudness, band by band, laid
beside that of the recording. Where there is no likeness (headphones) nothing is touched. Else a stretch in
which nothing but the expected echo is heard becomes silence; louder than that is the recaller, and stays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from supervise.audio.master import SPEECH_RATE_HZ, MasterReader, speech_blocks
from supervise.audio.rendering import Rendering, rendered
from supervise.domain.recall_map import RecallMap, Stretch
from supervise.domain.session import SoundFacts

FRAME = 160  # 10 ms
_EDGES_HZ = (100, 300, 500, 800, 1200, 1800, 2600, 3800, 7900)
_DECAYS = (2.0, 5.0, 10.0, 20.0)  # frames in which an echo falls to a third
_SMOOTH = 5
_LIKENESS = 0.5
_LOUDER = 12.0  # 11 dB over what the echo alone would be
_BANDS = 3
_MARGIN = 20
_LEAST = 1e-9

Loudness = npt.NDArray[np.float64]
Speech = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Leakage:
    """How much of the playing the microphone heard: `db` against what was played, None when nothing.

    `silent` says of each 10 ms of the recall whether only echo is heard there.
    """

    db: float | None
    likeness: float
    silent: npt.NDArray[np.bool_]


def measure(
    recall: BinaryIO, recall_sound: SoundFacts, session: BinaryIO, session_sound: SoundFacts, found: RecallMap
) -> Leakage:
    """Compare a recall's recording with what was played meanwhile; raises DamagedError."""
    heard = _loudness(speech_blocks(recall, recall_sound))
    played = np.zeros_like(heard)
    reader = MasterReader(session, session_sound)
    for run in found.runs():
        _lay(played, run, reader, found.recall_hz)
    return judged(heard, played)


def masked(blocks: Iterator[Speech], leakage: Leakage, start_ms: int) -> Iterator[Speech]:
    """Pass sound at 16 kHz on that begins at `start_ms`, silent where only echo is heard."""
    at = start_ms * SPEECH_RATE_HZ // 1000
    for block in blocks:
        frames = (np.arange(at, at + len(block)) // FRAME).clip(0, max(0, len(leakage.silent) - 1))
        silent = leakage.silent[frames] if len(leakage.silent) else np.zeros(len(block), bool)
        at += len(block)
        yield np.where(silent, np.float32(0), block)


def judged(heard: Loudness, played: Loudness) -> Leakage:
    """Judge loudness of (frames, bands) of the recording against that of what was played."""
    nothing = np.zeros(len(heard), bool)
    playing = played.sum(axis=1) > _LEAST
    if playing.sum() < 2 * SPEECH_RATE_HZ // FRAME:
        return Leakage(None, 0.0, nothing)
    heard, floor = _smooth(heard), np.percentile(heard, 5, axis=0) + _LEAST
    best: tuple[float, Loudness, float] | None = None
    for decay in _DECAYS:
        tail = _tail(played, decay)
        loud = tail[:, :].sum(axis=1) > np.percentile(tail[playing].sum(axis=1), 40)
        gain = np.median(heard[loud & playing] / (tail[loud & playing] + _LEAST), axis=0)
        echo = tail * gain
        likeness = _likeness(heard[playing], echo[playing] + floor)
        if best is None or likeness > best[0]:
            ratio = float(echo[playing].sum() / played[playing].sum())
            best = likeness, echo, ratio
    assert best is not None
    likeness, echo, ratio = best
    if likeness < _LIKENESS:
        return Leakage(None, round(likeness, 3), nothing)
    louder = (heard > _LOUDER * (echo + floor)).sum(axis=1) >= _BANDS
    speaking = _wide(louder & np.roll(louder, 1), _MARGIN)
    expected = _wide(echo.sum(axis=1) > floor.sum() / 2, _SMOOTH)
    return Leakage(round(10 * np.log10(ratio + _LEAST), 1), round(likeness, 3), expected & ~speaking)


def _likeness(heard: Loudness, expected: Loudness) -> float:
    one, other = np.log(heard.sum(axis=1) + _LEAST), np.log(expected.sum(axis=1))
    if one.std() < _LEAST or other.std() < _LEAST:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def _loudness(blocks: Iterator[Speech]) -> Loudness:
    """Return the power in each band of each 10 ms."""
    parts: list[Loudness] = [np.zeros((0, len(_EDGES_HZ) - 1))]
    rest = np.zeros(0, np.float32)
    for block in blocks:
        joined = np.concatenate([rest, block])
        whole = len(joined) // FRAME * FRAME
        parts.append(_bands(joined[:whole].reshape(-1, FRAME)))
        rest = joined[whole:]
    return np.concatenate(parts)


def _bands(frames: Speech) -> Loudness:
    power = np.abs(np.fft.rfft(frames * np.hanning(FRAME), axis=1)) ** 2 / FRAME
    edges = [hz * FRAME // SPEECH_RATE_HZ for hz in _EDGES_HZ]
    sums = [power[:, low:high].sum(axis=1) for low, high in pairwise(edges)]
    return np.stack(sums, axis=1)


def _lay(played: Loudness, run: Sequence[Stretch], reader: MasterReader, recall_hz: int) -> None:
    """Lay the loudness of what was played in one go on the recall's frames."""
    how = Rendering(run[0].speed, SPEECH_RATE_HZ)
    sound = rendered(reader, run[0].session_start, run[-1].session_end, how)
    loud = _loudness(block.mean(axis=1, dtype=np.float32) for block in sound)
    if not len(loud):
        return
    begin, end = (
        frame * SPEECH_RATE_HZ / recall_hz / FRAME for frame in (run[0].recall_start, run[-1].recall_end)
    )
    places = np.rint(begin + np.arange(len(loud)) * (end - begin) / len(loud)).astype(int)
    inside = places < len(played)
    played[places[inside]] = np.maximum(played[places[inside]], loud[inside])


def _tail(played: Loudness, decay: float) -> Loudness:
    """Let each loudness die away, as in a room; blurred by a frame either way."""
    near = np.maximum(played, np.maximum(np.roll(played, 1, axis=0), np.roll(played, -1, axis=0)))
    keep, out = np.exp(-1 / decay), np.empty_like(near)
    level = np.zeros(near.shape[1])
    for number, row in enumerate(near):
        level = row + keep * level
        out[number] = level
    return out


def _smooth(values: Loudness) -> Loudness:
    ones = np.ones(_SMOOTH) / _SMOOTH
    return np.stack([np.convolve(column, ones, "same") for column in values.T], axis=1)


def _wide(flags: npt.NDArray[np.bool_], frames: int) -> npt.NDArray[np.bool_]:
    """Widen what is true by so many frames on both sides."""
    return np.convolve(flags.astype(np.int32), np.ones(2 * frames + 1, np.int32), "same") > 0
