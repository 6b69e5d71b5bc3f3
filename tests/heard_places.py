"""Where in a session a loudspeaker was, by its sound: noise, no two fifths of a second of it alike."""

import numpy as np
import numpy.typing as npt

from virtual_card import RATE_HZ, Recording

SECONDS, PIECE = 30, RATE_HZ // 5
_FRAME_BYTES = 4


def noisy_session() -> npt.NDArray[np.int16]:
    """A session of half a minute at the card's rate, always the same."""
    return np.random.default_rng(3).integers(-6000, 6000, (RATE_HZ * SECONDS, 1)).astype(np.int16)


def frames(recording: Recording) -> int:
    """How many frames the loudspeaker's monitor has recorded by now."""
    return recording.size // _FRAME_BYTES


def heard_ms(sound: bytes, frame: int) -> float:
    """Return the place of the session whose sound the recording holds up to `frame`."""
    heard = np.frombuffer(sound, np.int16).reshape(-1, 2)[frame - PIECE : frame, 0].astype(np.float64)
    session = noisy_session()[:, 0].astype(np.float64)
    size = 1 << (len(session) + len(heard)).bit_length()
    product = np.fft.rfft(session, size) * np.conj(np.fft.rfft(heard, size))
    begins = int(np.argmax(np.fft.irfft(product, size)[: len(session) - len(heard) + 1]))
    return (begins + PIECE) * 1000 / RATE_HZ
