"""Finding speech a first hearing passed over, so that it is heard again on its own."""

from collections.abc import Sequence

import numpy as np

from supervise.speech.whisper import HeardWord
from supervise.speech.windows import FRAMES_PER_S, Probabilities

SPOKEN = 0.5
BASE_S = 0.4
LETTER_S = 0.1
MISSING_S = 1.0
TOGETHER_S = 1.0
GUESS = 0.3

Stretch = tuple[float, float]


class SpeechClock:
    """How many seconds of speech lie between two times of a window."""

    def __init__(self, probabilities: Probabilities) -> None:
        """Count frames that are more likely speech than not."""
        self._sums = np.concatenate([[0], np.cumsum(probabilities >= SPOKEN)]) / FRAMES_PER_S
        self._times_s = np.arange(len(self._sums)) / FRAMES_PER_S

    def spoken_s(self, start_s: float, end_s: float) -> float:
        """Return the seconds of speech from `start_s` to `end_s`."""
        at = np.interp([start_s, end_s], self._times_s, self._sums)
        return float(at[1] - at[0])


def passed_over(words: Sequence[HeardWord], probabilities: Probabilities) -> list[Stretch]:
    """Return stretches (start_s, end_s) that hold a second more speech than their words can fill."""
    clock = SpeechClock(probabilities)
    length_s = len(probabilities) / FRAMES_PER_S
    starts_s = [0.0, *(word.start_s for word in words), length_s]
    filled_s = [0.0, *(BASE_S + LETTER_S * len(word.text) for word in words)]
    found: list[Stretch] = []
    for start_s, end_s, fill_s in zip(starts_s[:-1], starts_s[1:], filled_s, strict=True):
        if clock.spoken_s(start_s, end_s) - fill_s < MISSING_S:
            continue
        if found and start_s - found[-1][1] < TOGETHER_S:
            found[-1] = (found[-1][0], end_s)
        else:
            found.append((start_s, end_s))
    return [(_with_guesses(start_s, words), end_s) for start_s, end_s in found]


def _with_guesses(start_s: float, words: Sequence[HeardWord]) -> float:
    """Move a stretch's start back over words just before it that were hardly more than guesses."""
    for word in reversed(words):
        if word.start_s < start_s:
            if word.confidence >= GUESS:
                break
            start_s = word.start_s
    return start_s


def spliced(words: Sequence[HeardWord], stretch: Stretch, heard: Sequence[HeardWord]) -> list[HeardWord]:
    """Return the words with those that start in `stretch` replaced by `heard`, if that is more words."""
    start_s, end_s = stretch
    old = [word for word in words if start_s <= word.start_s < end_s]
    new = [word for word in heard if start_s - 0.1 <= word.start_s < end_s]
    if len(new) <= len(old):
        return list(words)
    before = [word for word in words if word.start_s < start_s]
    return [*before, *new, *(word for word in words if word.start_s >= end_s)]
