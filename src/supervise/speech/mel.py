"""The log-mel picture of sound that Whisper reads (Radford et al. 2022; Slaney's mel scale)."""

import numpy as np
from numpy.typing import NDArray

from supervise.speech.frames import Samples

Features = NDArray[np.float32]

FFT = 400
HOP = 160
FRAMES = 3000
RATE_HZ = 16000


def mel_filters(bands: int) -> Features:
    """Return triangular filters of equal area, (bands, 201), linear to 1 kHz and logarithmic above."""
    step_hz, corner_hz = 200 / 3, 1000.0
    corner_mel = corner_hz / step_hz
    log_step = np.log(6.4) / 27
    top_mel = corner_mel + np.log(RATE_HZ / 2 / corner_hz) / log_step
    mels = np.linspace(0, top_mel, bands + 2)
    above = corner_hz * np.exp(log_step * (mels - corner_mel))
    edges = np.where(mels < corner_mel, mels * step_hz, above)
    bins = np.fft.rfftfreq(FFT, 1 / RATE_HZ)
    rising = (bins - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - bins) / np.diff(edges)[1:, None]
    weights = np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None]
    return np.asarray(weights, np.float32)


class LogMel:
    """Computes log-mel features in single precision."""

    def __init__(self, bands: int = 80) -> None:
        """Prepare filters for `bands` mel bands."""
        self._filters = mel_filters(bands)
        self._hann = np.hanning(FFT + 1)[:-1].astype(np.float32)

    def __call__(self, samples: Samples) -> Features:
        """Return features of shape (bands, 3000); sound after 30 s is not looked at, a rest is blank."""
        sound = np.pad(samples[: FRAMES * HOP], (0, HOP))
        sound = np.pad(sound, FFT // 2, mode="reflect")
        frames = np.lib.stride_tricks.sliding_window_view(sound, FFT)[::HOP][:-1]
        power = np.abs(np.fft.rfft(frames * self._hann, axis=1)) ** 2
        logs = np.log10(np.maximum(self._filters @ power.T.astype(np.float32), 1e-10))
        logs = (np.maximum(logs, logs.max() - 8) + 4) / 4
        features = np.zeros((len(self._filters), FRAMES), np.float32)
        count = min(FRAMES, logs.shape[1])
        features[:, :count] = logs[:, :count]
        return features
