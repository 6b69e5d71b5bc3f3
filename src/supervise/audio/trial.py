"""A few notes to try a loudspeaker with: made, so that nobody's session is heard for it."""

import io
from fractions import Fraction
from functools import lru_cache
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from supervise.audio.flac import FlacWriter
from supervise.domain.session import SoundFacts

RATE_HZ = 48000
_NOTES_HZ = (330, 494, 659, 880, 659, 494, 330, 247)
_NOTE_S, _FADE_S, _ATTACK_S = 0.33, 0.09, 0.008
_PEAK = 0.25
_OVERTONES = 6  # so that every band an echo is looked for in has something


def trial_sound() -> tuple[BinaryIO, SoundFacts]:
    """Return 2.6 s of sound for a player, as of a session."""
    data, samples = _encoded()
    return io.BytesIO(data), SoundFacts(samples, RATE_HZ, 1, samples * 1000 // RATE_HZ, "", 16)


@lru_cache(maxsize=1)
def _encoded() -> tuple[bytes, int]:
    import av

    sound = np.concatenate([_note(hz) for hz in _NOTES_HZ])
    packed = (sound * 32767).round().astype(np.int16).reshape(1, -1)
    target = io.BytesIO()
    writer = FlacWriter(target, RATE_HZ, "mono", 16)
    frame = av.AudioFrame.from_ndarray(packed, "s16", "mono")
    frame.sample_rate, frame.time_base = RATE_HZ, Fraction(1, RATE_HZ)
    writer.write(frame)
    writer.finish()
    return target.getvalue(), packed.shape[1]


def _note(hz: float) -> npt.NDArray[np.float64]:
    """Return one struck note that dies away, as of a bell."""
    time = np.arange(round(_NOTE_S * RATE_HZ)) / RATE_HZ
    numbers = np.arange(1, _OVERTONES + 1).reshape(-1, 1)
    tones: npt.NDArray[np.float64] = (np.sin(2 * np.pi * hz * numbers * time) / numbers).sum(axis=0)
    struck = tones * np.minimum(time / _ATTACK_S, 1) * np.exp(-time / _FADE_S)
    return np.asarray(struck * (_PEAK / np.abs(struck).max()))
