"""Levels while recording: how loud each channel is, whether it clips, and how long nothing has been heard."""

from dataclasses import dataclass

import numpy as np

from supervise.audio.inputs import Samples

_FULL_SCALE = 32768.0
_CLIPPED = 32767
_SILENT_PEAK = 33  # -60 dB of full scale
FLOOR_DB = -96.0


@dataclass(frozen=True, slots=True)
class Level:
    """One channel since the last look, in dB of full scale; `silent_s`: how long it has been below -60 dB."""

    peak_db: float
    rms_db: float
    clipped: int
    silent_s: float


class Meter:
    """Adds up blocks; one thread adds, another looks."""

    def __init__(self, channels: int, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._channels = channels
        self._silent = np.zeros(channels, np.int64)
        self._last = tuple(Level(FLOOR_DB, FLOOR_DB, 0, 0.0) for _ in range(channels))
        self._clear()

    def _clear(self) -> None:
        self._frames = 0
        self._peak = np.zeros(self._channels, np.int32)
        self._squares = np.zeros(self._channels, np.float64)
        self._clipped = np.zeros(self._channels, np.int64)

    def add(self, block: Samples) -> None:
        """Take a block (frames, channels)."""
        size = np.abs(block.astype(np.int32))
        peak = size.max(axis=0)
        self._frames += len(block)
        self._peak = np.maximum(self._peak, peak)
        self._squares += (size.astype(np.float64) ** 2).sum(axis=0)
        self._clipped += (size >= _CLIPPED).sum(axis=0)
        self._silent = np.where(peak <= _SILENT_PEAK, self._silent + len(block), 0)

    def look(self) -> tuple[Level, ...]:
        """Return one level a channel since the last look; the same again when nothing came since."""
        if self._frames:
            rms = np.sqrt(self._squares / self._frames)
            self._last = tuple(
                Level(
                    decibels(float(self._peak[at])),
                    decibels(float(rms[at])),
                    int(self._clipped[at]),
                    float(self._silent[at]) / self._rate_hz,
                )
                for at in range(self._channels)
            )
            self._clear()
        return self._last


def decibels(size: float) -> float:
    """Return a size of 0 to 32768 in dB of full scale, at least FLOOR_DB."""
    return max(FLOOR_DB, round(20 * float(np.log10(max(size, 1e-9) / _FULL_SCALE)), 1))
