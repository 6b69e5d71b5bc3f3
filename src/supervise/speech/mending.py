"""Finding speech a hearing passed over, and hearing it again on its own, in halves if need be."""

from collections.abc import Callable, Sequence

import numpy as np

from supervise.speech.whisper import HeardWord
from supervise.speech.windows import FRAMES_PER_S, QUIET, Probabilities, runs

SPOKEN = 0.5
BASE_S = 0.4
LETTER_S = 0.1
MISSING_S = 0.7
TOGETHER_S = 3.0
GUESS = 0.3
EDGE_S = 0.6
HALVINGS = 4

Stretch = tuple[float, float]
Hear = Callable[[Stretch], list[HeardWord]]


class SpeechClock:
    """How many seconds of speech, and which pauses, lie between two times of a window."""

    def __init__(self, probabilities: Probabilities) -> None:
        """Count frames that are more likely speech than not."""
        self._sums = np.concatenate([[0], np.cumsum(probabilities >= SPOKEN)]) / FRAMES_PER_S
        self._times_s = np.arange(len(self._sums)) / FRAMES_PER_S
        self._pauses_s = runs(probabilities < QUIET) / FRAMES_PER_S

    @property
    def length_s(self) -> float:
        """The window's length."""
        return float(self._times_s[-1])

    def spoken_s(self, start_s: float, end_s: float) -> float:
        """Return the seconds of speech from `start_s` to `end_s`."""
        at = np.interp([start_s, end_s], self._times_s, self._sums)
        return float(at[1] - at[0])

    def longest_pause(self, stretch: Stretch) -> float | None:
        """Return the middle of the longest pause inside a stretch, away from its edges, in seconds."""
        middles = self._pauses_s.mean(axis=1)
        inside = self._pauses_s[(middles > stretch[0] + EDGE_S) & (middles < stretch[1] - EDGE_S)]
        if not len(inside):
            return None
        longest = inside[np.argmax(inside[:, 1] - inside[:, 0])]
        return float(longest.mean())


def mended(words: Sequence[HeardWord], clock: SpeechClock, hear: Hear) -> list[HeardWord]:
    """Return the words with those of stretches that were passed over heard again by `hear`."""
    mending = list(words)
    for stretch in passed_over(words, clock, (0.0, clock.length_s)):
        mending = spliced(mending, stretch, _filled(stretch, clock, hear, HALVINGS))
    return mending


def _filled(stretch: Stretch, clock: SpeechClock, hear: Hear, halvings: int) -> list[HeardWord]:
    """Hear a stretch; where speech is still without words, hear the sound on each side of a pause."""
    heard = [word for word in hear(stretch) if stretch[0] - LETTER_S <= word.start_s < stretch[1]]
    if not halvings or not passed_over(heard, clock, stretch):
        return heard
    pause_s = clock.longest_pause(stretch)
    if pause_s is None:
        return heard
    halves = ((stretch[0], pause_s), (pause_s, stretch[1]))
    apart = [word for half in halves for word in _filled(half, clock, hear, halvings - 1)]
    return apart if len(apart) > len(heard) else heard


def passed_over(words: Sequence[HeardWord], clock: SpeechClock, within: Stretch) -> list[Stretch]:
    """Return stretches (start_s, end_s) that hold markedly more speech than their words can fill."""
    starts_s = [within[0], *(word.start_s for word in words), within[1]]
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
    if len(heard) <= len(old):
        return list(words)
    before = [word for word in words if word.start_s < start_s]
    return [*before, *heard, *(word for word in words if word.start_s >= end_s)]
