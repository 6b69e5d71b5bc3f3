"""Cues: a transcript cut into pieces short enough to read on a screen, at word borders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from supervise.domain.transcript import PAUSE_MS, Word, turns_of
from supervise.exchange.plain_text import one_line

CUE_MS = 7000
CUE_LETTERS = 84


@dataclass(frozen=True, slots=True)
class Cue:
    """One piece: `start_ms` < `end_ms`; `speaker` is a voice label or empty."""

    start_ms: int
    end_ms: int
    speaker: str
    text: str


def cues_of(words: Sequence[Word]) -> tuple[Cue, ...]:
    """Return cues of at most 7 s and 84 letters (a single longer word stays whole), in time order.

    A cue never spans a change of voice or a pause, prefers to end with a sentence, and ends no later
    than the next begins unless both begin together. No word is lost or repeated.
    """
    shown = [word._replace(text=one_line(word.text)) for word in words]
    shown = sorted((word for word in shown if word.text), key=lambda word: word.start_ms)
    cues = [_cue(piece) for turn in turns_of(shown) for piece in _pieces(turn.words)]
    cut = list(cues)
    for index, (cue, after) in enumerate(pairwise(cues)):
        if cue.start_ms < after.start_ms < cue.end_ms:
            cut[index] = replace(cue, end_ms=after.start_ms)
    return tuple(cut)


def _cue(words: Sequence[Word]) -> Cue:
    start_ms = words[0].start_ms
    end_ms = max(start_ms + 1, *(word.end_ms for word in words))
    return Cue(start_ms, end_ms, words[0].speaker, " ".join(word.text for word in words))


def _pieces(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    begin = 0
    while begin < len(words):
        end = _fitting_end(words, begin)
        if end < len(words) and words[end].start_ms - words[end - 1].end_ms < PAUSE_MS:
            end = _sentence_end(words, begin, end)
        yield words[begin:end]
        begin = end


def _fitting_end(words: Sequence[Word], begin: int) -> int:
    end, letters = begin + 1, len(words[begin].text)
    while end < len(words):
        word = words[end]
        letters += 1 + len(word.text)
        too_long = letters > CUE_LETTERS or word.end_ms - words[begin].start_ms > CUE_MS
        if too_long or word.start_ms - words[end - 1].end_ms >= PAUSE_MS:
            break
        end += 1
    return end


def _sentence_end(words: Sequence[Word], begin: int, end: int) -> int:
    """Return where the last sentence (or else clause) in the later half of the piece ends, or `end`."""
    half = begin + (end - begin + 1) // 2
    for marks in (".?!…", ",;:"):
        for cut in range(end, half, -1):
            if words[cut - 1].text[-1] in marks:
                return cut
    return end
