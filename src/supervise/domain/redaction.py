"""Redaction: which stretches must not leave the vault, and words with those stretches masked."""

from collections.abc import Iterable, Sequence

from supervise.domain.errors import UsageError
from supervise.domain.moments import REDACT, Moment
from supervise.domain.times import clock
from supervise.domain.transcript import PAUSE_MS, Word

MASK = "[redacted]"
Span = tuple[int, int]


def redaction_spans(moments: Iterable[Moment]) -> tuple[Span, ...]:
    """Return the spans coded `wf.redact`, whoever marked them, joined where they meet, in time order.

    Raises UsageError for one that has no end yet: masking nothing would let out what was to stay in.
    """
    spans: list[Span] = []
    for moment in moments:
        if all(entry.code != REDACT for entry in moment.codes):
            continue
        if moment.end_ms is None:
            where = clock(moment.start_ms)
            raise UsageError(
                f"What is to be redacted from {where} on has no end yet. "
                "Set its end, then take the copy out again."
            )
        spans.append((moment.start_ms, moment.end_ms))
    return joined(spans)


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans in time order, overlapping and touching ones made one."""
    result: list[Span] = []
    for start_ms, end_ms in sorted(spans):
        if result and start_ms <= result[-1][1]:
            result[-1] = (result[-1][0], max(end_ms, result[-1][1]))
        else:
            result.append((start_ms, end_ms))
    return tuple(result)


def touches(start_ms: int, end_ms: int | None, spans: Iterable[Span]) -> bool:
    """Return whether a point, or the span [start_ms, end_ms), shares a millisecond with any of `spans`."""
    reach_ms = start_ms + 1 if end_ms is None else max(end_ms, start_ms + 1)
    return any(start_ms < end and begin < reach_ms for begin, end in spans)


def mask_words(words: Sequence[Word], spans: Sequence[Span]) -> tuple[Word, ...]:
    """Return the words (in time order) with those that touch a span replaced.

    A run of masked words of one voice becomes a single `[redacted]`, so that not even their number is
    told; it ends at a pause, so that pauses stay what they were.
    """
    masked: list[Word] = []
    for word in words:
        if not touches(word.start_ms, word.end_ms, spans):
            masked.append(word)
        elif masked and _continues(masked[-1], word):
            last = masked[-1]
            masked[-1] = Word(MASK, last.start_ms, max(last.end_ms, word.end_ms), 0.0, word.speaker)
        else:
            masked.append(Word(MASK, word.start_ms, word.end_ms, 0.0, word.speaker))
    return tuple(masked)


def _continues(last: Word, word: Word) -> bool:
    return last.text == MASK and last.speaker == word.speaker and word.start_ms - last.end_ms < PAUSE_MS
