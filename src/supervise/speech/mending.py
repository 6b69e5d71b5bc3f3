"""Finding speech a hearing passed over, and hearing it again on its own, in halves if need be."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

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
# Nobody is silent within a word: one that has speech on both sides of a pause stands for more than itself.
# Less than this before the pause is the tail of the word before, since attention begins a word early.
TORN_PAUSE_S = 0.7
TORN_BEFORE_S = 0.3
TORN_AFTER_S = 0.1

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

    def torn(self, word: HeardWord) -> bool:
        """Return whether a word claims speech from before and from after a long pause."""
        starts_s, ends_s = self._pauses_s.T
        long = ends_s - starts_s >= TORN_PAUSE_S
        inside = self._pauses_s[long & (starts_s > word.start_s) & (ends_s < word.end_s)]
        return any(
            self.spoken_s(word.start_s, begin) >= TORN_BEFORE_S
            and self.spoken_s(end, word.end_s) >= TORN_AFTER_S
            for begin, end in inside.tolist()
        )

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
    heard = _within(hear(stretch), stretch)
    if not halvings or not passed_over(heard, clock, stretch):
        return heard
    pause_s = clock.longest_pause(stretch)
    if pause_s is None:
        return heard
    halves = ((stretch[0], pause_s), (pause_s, stretch[1]))
    apart = [word for half in halves for word in _filled(half, clock, hear, halvings - 1)]
    return apart if len(apart) > len(heard) else heard


def _within(heard: Sequence[HeardWord], stretch: Stretch) -> list[HeardWord]:
    """Return the words of a stretch: the first may begin with the lead it was heard with, and is kept."""
    start_s, end_s = stretch
    return [
        replace(word, start_s=max(word.start_s, start_s), end_s=max(word.end_s, start_s))
        for word in heard
        if word.start_s < end_s and (word.start_s >= start_s - LETTER_S or word.end_s > start_s + LETTER_S)
    ]


def passed_over(words: Sequence[HeardWord], clock: SpeechClock, within: Stretch) -> list[Stretch]:
    """Return stretches (start_s, end_s) that hold markedly more speech than their words can fill.

    So does a word that goes on after a long pause, whatever its length: sentences said long apart meet in
    a window, and a model then may pass one over and stretch a word of the other across it.
    """
    starts_s = [within[0], *(word.start_s for word in words), within[1]]
    filled_s = [0.0, *(BASE_S + LETTER_S * len(word.text) for word in words)]
    found: list[Stretch] = []
    torn = [False, *(clock.torn(word) for word in words)]
    for start_s, end_s, fill_s, goes_on in zip(starts_s[:-1], starts_s[1:], filled_s, torn, strict=True):
        if not goes_on and clock.spoken_s(start_s, end_s) - fill_s < MISSING_S:
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


def untorn(words: Sequence[HeardWord], clock: SpeechClock, cuts_s: Sequence[float]) -> list[HeardWord]:
    """Return the words with those that reach across a cut, where a silence was left out, kept to one side.

    In the window a second lies between the sides, in the sound any length. Attention is right about where
    a word ends, so the last side with speech under the word has it, or the last where none has.
    """
    return [_one_side(word, clock, cuts_s) for word in words]


def _one_side(word: HeardWord, clock: SpeechClock, cuts_s: Sequence[float]) -> HeardWord:
    within = [cut_s for cut_s in cuts_s if word.start_s < cut_s < word.end_s]
    sides = list(pairwise([word.start_s, *within, word.end_s]))
    sides = [side for side in sides if side[1] - side[0] >= TORN_AFTER_S] or sides
    spoken = [side for side in sides if clock.spoken_s(*side) >= TORN_AFTER_S]
    start_s, end_s = (spoken or sides)[-1]
    return replace(word, start_s=start_s, end_s=end_s) if within else word
