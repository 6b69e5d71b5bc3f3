"""Telling words that were spoken from words a model makes up where nobody speaks."""

from collections.abc import Sequence

import numpy as np

from supervise.speech.whisper import HeardWord, Hearing
from supervise.speech.windows import FRAMES_PER_S, Probabilities, Window, runs

SPOKEN = 0.5
LEAST_SPOKEN_S = 0.15
EVIDENCE = 0.35
REACH_S = 0.15
NO_SPEECH = 0.6
UNLIKELY = -1.0
LITTLE_SPOKEN_S = 1.5
LITTLE_CONFIDENCE = 0.3


def worth_hearing(window: Window) -> bool:
    """Return whether a window holds enough likely speech to be given to Whisper at all."""
    return _longest_s(window) >= LEAST_SPOKEN_S


def trusted(hearing: Hearing, window: Window) -> bool:
    """Return whether a window's text as a whole is believable.

    Text that Whisper itself finds unlikely is not, when Whisper also takes the window for silence, when
    it still loops, or when there is little speech in the window.
    """
    if not hearing.words:
        return True
    if hearing.weak and (hearing.no_speech > NO_SPEECH or hearing.log_prob < 2 * UNLIKELY):
        return False
    spoken_s = float(np.count_nonzero(window.probabilities >= SPOKEN)) / FRAMES_PER_S
    confidence = float(np.mean([word.confidence for word in hearing.words]))
    little = spoken_s < LITTLE_SPOKEN_S
    return not (little and (hearing.log_prob < UNLIKELY or confidence < LITTLE_CONFIDENCE))


def spoken_words(words: Sequence[HeardWord], probabilities: Probabilities) -> list[HeardWord]:
    """Return the words with speech under them."""
    return [word for word in words if _evidence(word, probabilities) >= EVIDENCE]


def _longest_s(window: Window) -> float:
    spoken = runs(window.probabilities >= SPOKEN)
    return float(np.max(spoken[:, 1] - spoken[:, 0], initial=0)) / FRAMES_PER_S


def _evidence(word: HeardWord, probabilities: Probabilities) -> float:
    first = max(0, int((word.start_s - REACH_S) * FRAMES_PER_S))
    last = int((word.end_s + REACH_S) * FRAMES_PER_S) + 1
    under: list[float] = probabilities[first:last].tolist()
    return max(under, default=0.0)
