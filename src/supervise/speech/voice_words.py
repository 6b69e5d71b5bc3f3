"""Voices given to words: by overlap, then mended where a word strayed from its sentence."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import groupby

from supervise.domain.transcript import Word
from supervise.speech.events import VoiceSegment

_SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！")
_QUOTES = "\"'”’»)"
_STRAY_WORDS = 1
_STRAY_GAP_MS = 250


def assign_voices(words: Sequence[Word], segments: Sequence[VoiceSegment]) -> tuple[Word, ...]:
    """Return the words, in the order given, each with the label of the voice heard under it.

    The voice that covers most of a word has it, the nearest where none does. A word alone in the middle of
    another's sentence, without a pause or a full stop on either side, is given back to that sentence; so
    is a first or last word that fell just over a change of voice. Replies of one word ("Mm.") stay.
    Without segments the words come back as they are.
    """
    if not segments:
        return tuple(words)
    voices = _Voices(segments)
    labels = [voices.under(word) for word in words]
    labels = _edges_mended(words, labels)
    labels = _strays_mended(words, labels)
    return tuple(word._replace(speaker=label) for word, label in zip(words, labels, strict=True))


class _Voices:
    """Segments of each label, joined where they overlap, for quick look-up by time."""

    def __init__(self, segments: Sequence[VoiceSegment]) -> None:
        self._spans: dict[str, list[tuple[int, int]]] = {}
        for segment in sorted(segments, key=lambda one: (one.label, one.start_ms)):
            spans = self._spans.setdefault(segment.label, [])
            if spans and segment.start_ms <= spans[-1][1]:
                spans[-1] = spans[-1][0], max(spans[-1][1], segment.end_ms)
            else:
                spans.append((segment.start_ms, segment.end_ms))

    def under(self, word: Word) -> str:
        """Return the label with most sound under the word, else the one nearest to it."""
        return max(self._spans, key=lambda label: self._nearness(label, word))

    def _nearness(self, label: str, word: Word) -> int:
        """Return ms of overlap, or less than zero: ms of distance."""
        spans = self._spans[label]
        first = bisect_right(spans, word.start_ms, key=lambda span: span[1])
        end = bisect_left(spans, max(word.end_ms, word.start_ms + 1), key=lambda span: span[0])
        if first < end:
            return sum(
                max(1, min(span[1], word.end_ms) - max(span[0], word.start_ms)) for span in spans[first:end]
            )
        before = word.start_ms - spans[first - 1][1] if first else None
        after = spans[first][0] - word.end_ms if first < len(spans) else None
        return -min(gap for gap in (before, after) if gap is not None)


def _strays_mended(words: Sequence[Word], labels: list[str]) -> list[str]:
    mended = list(labels)
    for start, end in _label_runs(labels)[1:-1]:
        around = mended[start - 1]
        if end - start <= _STRAY_WORDS and labels[end] == around:
            flows = not any(_breaks(words[at - 1], words[at]) for at in (start, end))
            mended[start:end] = [around if flows else label for label in labels[start:end]]
    return mended


def _edges_mended(words: Sequence[Word], labels: list[str]) -> list[str]:
    """Move a change of voice by one word where the sentence ends one word earlier or later."""
    mended = list(labels)
    for at in range(1, len(words)):
        before, after = labels[at - 1], labels[at]
        if before == after or _ends_sentence(words[at - 1]):
            continue
        ends_late = _ends_sentence(words[at]) and labels[at : at + 2] == [after, after]
        ends_early = at >= 2 and _ends_sentence(words[at - 2]) and labels[at - 2] == before
        if ends_late and not _apart(words[at - 1], words[at]):
            mended[at] = before
        elif ends_early and not _apart(words[at - 1], words[at]):
            mended[at - 1] = after
    return mended


def _label_runs(labels: Sequence[str]) -> list[tuple[int, int]]:
    found, start = [], 0
    for _, run in groupby(labels):
        end = start + len(list(run))
        found.append((start, end))
        start = end
    return found


def _breaks(before: Word, after: Word) -> bool:
    return _ends_sentence(before) or _apart(before, after)


def _apart(before: Word, after: Word) -> bool:
    return after.start_ms - before.end_ms >= _STRAY_GAP_MS


def _ends_sentence(word: Word) -> bool:
    return word.text.rstrip(_QUOTES).endswith(_SENTENCE_ENDS)
