"""Where sound is found in other sound: what of a session a loudspeaker played, and until when."""

import numpy as np
import numpy.typing as npt

from virtual_card import RATE_HZ, Recording

SECONDS, PIECE = 30, RATE_HZ // 5
_FRAME_BYTES = 4
_LOUD = 1e-6
Sound = npt.NDArray[np.float64]


def noisy_session() -> npt.NDArray[np.int16]:
    """A session of half a minute at the card's rate, always the same; no two fifths of a second alike."""
    return np.random.default_rng(3).integers(-6000, 6000, (RATE_HZ * SECONDS, 1)).astype(np.int16)


def frames(recording: Recording) -> int:
    """How many frames the loudspeaker's monitor has recorded by now."""
    return recording.size // _FRAME_BYTES


def heard_ms(sound: bytes, frame: int) -> float:
    """Return the place of the session whose sound the recording holds up to `frame`."""
    heard = np.frombuffer(sound, np.int16).reshape(-1, 2)[frame - PIECE : frame, 0].astype(np.float64)
    session = noisy_session()[:, 0].astype(np.float64)
    return (place(heard, session) + PIECE) * 1000 / RATE_HZ


def place(piece: Sound, around: Sound) -> int:
    """Return the frame of `around` at which a piece of it begins."""
    size = 1 << (len(around) + len(piece)).bit_length()
    product = np.fft.rfft(around, size) * np.conj(np.fft.rfft(piece, size))
    return int(np.argmax(np.fft.irfft(product, size)[: len(around) - len(piece) + 1]))


def likeness(piece: Sound, around: Sound) -> float:
    """Return how much of a piece is found in `around`: 1 all of it and nothing else there, 0 nothing."""
    begins = place(piece, around)
    there = around[begins : begins + len(piece)]
    return float(piece @ there / max(np.linalg.norm(piece) * np.linalg.norm(there), _LOUD))


def played(sound: bytes) -> Sound:
    """Return what the loudspeaker's monitor recorded as one channel, 1 being the loudest."""
    whole = np.frombuffer(sound[: len(sound) // _FRAME_BYTES * _FRAME_BYTES], "<i2")
    return whole.astype(np.float64).reshape(-1, 2).mean(axis=1) / 32768


def runs(sound: Sound, rate_hz: int = RATE_HZ, apart_s: float = 0.2) -> list[tuple[int, int]]:
    """Return from where to where something is heard, in frames; `apart_s` of silence part two."""
    loud = np.flatnonzero(np.abs(sound) > _LOUD)
    breaks = np.flatnonzero(np.diff(loud) > apart_s * rate_hz)
    return list(zip(loud[np.r_[0, breaks + 1]], loud[np.r_[breaks, len(loud) - 1]] + 1, strict=True))
