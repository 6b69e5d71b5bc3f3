"""Sound in which every frame says its own number, so that what was lost can be counted to the frame."""

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

RATE_HZ = 48000
_TURN = 30011  # frames until the left side starts over; the right side counts the turns


def numbered(frames: int) -> npt.NDArray[np.int16]:
    """Return (frames, 2) int16; no two frames are alike for half an hour and more."""
    number = np.arange(frames)
    return np.stack([number % _TURN + 1, number // _TURN + 1], axis=1).astype(np.int16)


def write_numbered(path: Path, seconds: float) -> Path:
    """Write it as a WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(numbered(round(seconds * RATE_HZ)).astype("<i2").tobytes())
    return path


def numbers(sound: npt.NDArray[np.signedinteger]) -> npt.NDArray[np.int64]:
    """Return each frame's number; -1 for silence before, after and in between."""
    left, right = sound[:, 0].astype(np.int64), sound[:, 1].astype(np.int64)
    number = (right - 1) * _TURN + left - 1
    return np.where((left == 0) & (right == 0), -1, number)


def holes(sound: npt.NDArray[np.signedinteger]) -> list[tuple[int, int, int]]:
    """Return (last frame before, first frame after, frames lost) wherever the numbers do not go on by one.

    Other sound in between (a server may give another microphone for a moment) is counted as recorded.
    """
    number = numbers(sound)
    heard = np.flatnonzero(number >= 0)
    found = []
    for before, after in pairwise_breaks(heard, number):
        lost = int(number[after] - number[before] - (after - before))
        found.append((int(before), int(after), lost))
    return found


def pairwise_breaks(heard: npt.NDArray[np.int64], number: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return neighbouring heard frames that do not follow each other, in place or in number."""
    apart = (np.diff(heard) != 1) | (np.diff(number[heard]) != 1)
    return [(int(heard[at]), int(heard[at + 1])) for at in np.flatnonzero(apart)]
