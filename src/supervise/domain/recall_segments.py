"""Which parts of a session are recalled: typed by hand, around moments, or drawn at random from a seed."""

from collections.abc import Iterable
from random import Random

from supervise.domain.errors import UsageError
from supervise.domain.moments import Moment
from supervise.domain.times import clock, parse_seconds

Span = tuple[int, int]
APART_MS = 1000
BEFORE_MS, AFTER_MS = 10_000, 20_000  # around a moment that is a point


def parse_span(text: str) -> Span:
    """Read `63-95.5` or `1:03-1:35` and return milliseconds; raises UsageError."""
    begin, dash, end = text.replace("–", "-").partition("-")
    if not dash:
        raise UsageError(f"“{text}” is not a segment. Write where it starts and ends: 63-95.5 or 1:03-1:35.")
    return parse_seconds(begin), parse_seconds(end)


def around(moments: Iterable[Moment], duration_ms: int) -> tuple[Span, ...]:
    """Return a part for each moment, in order: a span as it is, a point with what surrounds it."""
    found = []
    for moment in moments:
        start_ms, end_ms = moment.start_ms, moment.end_ms
        if end_ms is None or end_ms <= start_ms:
            start_ms, end_ms = max(0, start_ms - BEFORE_MS), start_ms + AFTER_MS
        end_ms = min(end_ms, duration_ms)
        if start_ms < end_ms:
            found.append((start_ms, end_ms))
    return tuple(sorted(found))


def drawn(duration_ms: int, count: int, length_ms: int, seed: int) -> tuple[Span, ...]:
    """Draw `count` parts of `length_ms`, a second or more apart, every place as likely as any other.

    The same seed draws the same parts again, in every version of Python: only `Random.random` is used,
    which is promised to stay. Raises UsageError when they do not fit.
    """
    free_ms = duration_ms - count * length_ms - (count - 1) * APART_MS
    if count < 1 or length_ms < 1 or free_ms < 0:
        raise UsageError(
            f"{count} times {clock(length_ms)} do not fit into a session of {clock(duration_ms)}. "
            "Draw fewer, or shorter ones."
        )
    chance = Random(seed)  # noqa: S311 -- a draw that can be repeated, not a secret
    places = sorted(int(chance.random() * (free_ms + 1)) for _ in range(count))
    step_ms = length_ms + APART_MS
    return tuple(
        (at + step_ms * number, at + step_ms * number + length_ms) for number, at in enumerate(places)
    )
