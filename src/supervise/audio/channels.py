"""What the channels of a recording are: one microphone each for two people, one room twice, or a dead one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from supervise.audio.master import MasterReader, as_float
from supervise.audio.peaks import Ints

ENERGIES_PER_S = 100
_BLOCK_S = 10
_STRETCHES, _STRETCH_S = 40, 6
_TINY = 1e-12
_SILENT_DB = -65.0
_LIVE_RANGE_DB = 8.0
_FAR_BELOW_DB = 20.0
_ACTIVE_OVER_FLOOR_DB = 9.0
_APART_DB = 12.0
_LEAST_ACTIVE = 20

Energies = npt.NDArray[np.float32]
Levels = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ChannelVerdict:
    """How to use the channels: `channel` names the one that carries the sound when only one does."""

    kind: Literal["mono", "separate", "same", "one_dead"]
    sentence: str
    channel: int | None = None


def judge_channels(reader: MasterReader) -> ChannelVerdict:
    """Judge by 40 stretches of 6 s spread over the recording (all of a short one); levels in 0.1 s.

    Two people on two microphones: the level difference between the channels swings by 12 dB or more with who
    speaks. One room on two microphones: it hardly moves, however loud they are.
    """
    channels = reader.sound.channels
    if channels == 1:
        return ChannelVerdict("mono", "One microphone: voices are told apart by their sound.")
    if channels > 2:
        return ChannelVerdict("same", f"The {channels} channels are mixed into one.")
    levels = _decibels(np.concatenate(list(_stretches(reader))))
    low, high = np.percentile(levels, 10, axis=0), np.percentile(levels, 95, axis=0)
    dead = [_is_dead(channel, low, high) for channel in (0, 1)]
    if dead == [True, True]:
        return ChannelVerdict("same", "Both channels are almost silent.")
    if any(dead):
        live = dead.index(False)
        side = ("left", "right")[1 - live]
        return ChannelVerdict(
            "one_dead", f"The {side} channel carries no voice; the other one is used.", live
        )
    if _swing(levels, low) >= _APART_DB:
        return ChannelVerdict(
            "separate", "Each channel carries one person; voices are told apart by channel."
        )
    return ChannelVerdict("same", "Both channels carry the same room: they count as one microphone.")


def channel_energies(reader: MasterReader) -> Energies:
    """Return the mean square (full scale 1) of every 10 ms and channel, shape (n, channels)."""
    block = _BLOCK_S * reader.sound.rate_hz
    parts = [_energies(part, reader.sound.rate_hz) for part in reader.blocks(0, block)]
    return np.concatenate(parts) if parts else np.zeros((0, reader.sound.channels), np.float32)


def louder_channel(energies: Energies, spans_ms: Sequence[tuple[int, int]]) -> list[int]:
    """Return for each span (start, end) the channel that is louder in it.

    `energies` come from `channel_energies`. Each channel is measured against its own loud moments, so that a
    microphone that is turned up does not win by that.
    """
    if len(energies) == 0:
        return [0] * len(spans_ms)
    loud = np.percentile(energies, 95, axis=0) + _TINY
    totals = np.concatenate([np.zeros((1, energies.shape[1])), np.cumsum(energies / loud, axis=0)])
    chosen = []
    for start_ms, end_ms in spans_ms:
        first = min(max(0, start_ms * ENERGIES_PER_S // 1000), len(energies) - 1)
        behind = min(max(first + 1, -(-end_ms * ENERGIES_PER_S // 1000)), len(energies))
        chosen.append(int(np.argmax(totals[behind] - totals[first])))
    return chosen


def _energies(block: Ints, rate_hz: int) -> Energies:
    """Mean squares of 10 ms steps; where these are no whole number of frames, steps differ by one frame."""
    squares = as_float(block) ** 2
    steps = -(-len(block) * ENERGIES_PER_S // rate_hz)
    starts = np.arange(steps) * rate_hz // ENERGIES_PER_S
    sums = np.add.reduceat(squares, starts, axis=0)
    counts = np.diff(np.append(starts, len(block)))[:, None].astype(np.float32)
    return np.asarray(sums / counts, np.float32)


def _stretches(reader: MasterReader) -> Iterator[Energies]:
    """Yield 0.1 s energies of evenly spread stretches."""
    sound = reader.sound
    length = _STRETCH_S * sound.rate_hz
    count = max(1, min(_STRETCHES, sound.samples // length))
    for number in range(count):
        start = (sound.samples - length) * number // max(1, count - 1) if count > 1 else 0
        fine = _energies(reader.read(max(0, start), length), sound.rate_hz)
        whole = max(1, len(fine) // 10)
        yield fine[: whole * 10].reshape(whole, -1, sound.channels).mean(axis=1)


def _decibels(energies: Energies) -> Levels:
    return 10 * np.log10(energies.astype(np.float64) + _TINY)


def _is_dead(channel: int, low: Levels, high: Levels) -> bool:
    other = 1 - channel
    steady = high[channel] - low[channel] < _LIVE_RANGE_DB and high[other] - low[other] >= _LIVE_RANGE_DB
    return bool(high[channel] < _SILENT_DB or (steady and high[channel] < high[other] - _FAR_BELOW_DB))


def _swing(levels: Levels, floor: Levels) -> float:
    active = levels[(levels > np.maximum(floor, _SILENT_DB) + _ACTIVE_OVER_FLOOR_DB).any(axis=1)]
    if len(active) < _LEAST_ACTIVE:
        return 0.0
    difference = active[:, 0] - active[:, 1]
    return float(np.percentile(difference, 97) - np.percentile(difference, 3))
