"""The map between a recall and its session: what was heard when, both ways, exact to the sample."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from supervise.domain.errors import UsageError
from supervise.domain.recall import Stop
from supervise.domain.times import ms_to_samples, samples_to_ms

ABOUT_MS = 15_000
_SAME_FRAMES = 64  # rounding at a change of speed, well under 2 ms


class Stretch(NamedTuple):
    """Recall frames [recall_start, recall_end) heard the session's [session_start, session_end).

    Each counts frames of its own sound. `run` numbers what was played without a seek or change of speed.
    """

    recall_start: int
    recall_end: int
    session_start: int
    session_end: int
    speed: float = 1.0
    run: int = 0


class RecallSpan(NamedTuple):
    """From `start_ms` to `end_ms` of the recall a session's instant was the one in question.

    `playing` says that it was heard there, an instant of no length; else the tape stood still at it.
    """

    start_ms: int
    end_ms: int
    playing: bool


@dataclass(frozen=True, slots=True)
class RecallMap:
    """The stretches of one recall in order, with the rates of both clocks and the recall's length in frames.

    `begin_ms` is where the tape stood before anything was played.
    """

    stretches: tuple[Stretch, ...]
    recall_hz: int
    session_hz: int
    samples: int
    begin_ms: int = 0

    def __post_init__(self) -> None:
        """Raise UsageError when the stretches overlap or run backwards."""
        reached = 0
        for stretch in self.stretches:
            if stretch.recall_start < reached or stretch.recall_end < stretch.recall_start:
                raise UsageError("The map of this recall contradicts itself.")
            reached = stretch.recall_end

    @property
    def duration_ms(self) -> int:
        """The recall's length."""
        return self._recall_ms(self.samples)

    def _frame(self, recall_ms: int) -> int:
        return ms_to_samples(recall_ms, self.recall_hz)

    def _recall_ms(self, frame: float) -> int:
        return samples_to_ms(round(frame), self.recall_hz)

    def _session_ms(self, frame: float) -> int:
        return samples_to_ms(round(frame), self.session_hz)

    def _last_begun(self, frame: int) -> int:
        """Return the number of the last stretch that begins at or before a recall frame; -1 before all."""
        return bisect_right(self.stretches, frame, key=lambda stretch: stretch.recall_start) - 1

    def playing_at(self, recall_ms: int) -> bool:
        """Whether the session was being heard at that instant of the recall."""
        frame = self._frame(recall_ms)
        number = self._last_begun(frame)
        return number >= 0 and frame < self.stretches[number].recall_end

    def session_at(self, recall_ms: int) -> int:
        """Return the session's instant in question at an instant of the recall, in ms."""
        frame = self._frame(recall_ms)
        number = self._last_begun(frame)
        if number < 0:
            return self._session_ms(self.stretches[0].session_start) if self.stretches else self.begin_ms
        return self._session_ms(_session_frame(self.stretches[number], frame))

    def recalls_of(self, session_ms: int) -> tuple[RecallSpan, ...]:
        """Return where on the recall a session's instant was heard or stood still at, in order."""
        frame = ms_to_samples(session_ms, self.session_hz)
        found: list[RecallSpan] = []
        for number, stretch in enumerate(self.stretches):
            if stretch.session_start <= frame < stretch.session_end:
                at_ms = self._recall_ms(_recall_frame(stretch, frame))
                found.append(RecallSpan(at_ms, at_ms, playing=True))
            still = self._still_after(number)
            if still is not None and self._session_ms(stretch.session_end) == session_ms:
                found.append(still)
        return tuple(found)

    def _still_after(self, number: int) -> RecallSpan | None:
        begin = self.stretches[number].recall_end
        last = number + 1 == len(self.stretches)
        end = max(begin, self.samples) if last else self.stretches[number + 1].recall_start
        if end <= begin:
            return None
        return RecallSpan(self._recall_ms(begin), self._recall_ms(end), playing=False)

    def heard_spans(self) -> tuple[tuple[int, int], ...]:
        """Return the spans of the recall, in ms, in which the session was heard, joined where they meet."""
        spans: list[tuple[int, int]] = []
        for stretch in self.stretches:
            begin, end = self._recall_ms(stretch.recall_start), self._recall_ms(stretch.recall_end)
            if spans and begin <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            elif end > begin:
                spans.append((begin, end))
        return tuple(spans)

    def runs(self) -> tuple[tuple[Stretch, ...], ...]:
        """Return the stretches grouped by what was played without a seek or change of speed."""
        groups: list[list[Stretch]] = []
        for stretch in self.stretches:
            if groups and groups[-1][-1].run == stretch.run:
                groups[-1].append(stretch)
            else:
                groups.append([stretch])
        return tuple(tuple(group) for group in groups)

    def session_span(self, start_ms: int, end_ms: int, stops: Sequence[Stop]) -> tuple[int, int]:
        """Return the session's span that words from `start_ms` to `end_ms` of the recall are about.

        Said while the tape stood still: what was heard up to that stop. Said over the playing: what was
        heard meanwhile.
        """
        stop = stop_at(stops, (start_ms + end_ms) // 2)
        if stop is not None:
            return stop.about_from_ms, stop.session_ms
        first, last = self.session_at(start_ms), self.session_at(max(start_ms, end_ms))
        return (first, last) if first <= last else (last, last)


def _session_frame(stretch: Stretch, frame: int) -> float:
    """Return the session's frame heard at a recall frame; past the end, the one it stands still at."""
    length = stretch.recall_end - stretch.recall_start
    if frame >= stretch.recall_end or not length:
        return stretch.session_end
    part = (frame - stretch.recall_start) / length
    return stretch.session_start + part * (stretch.session_end - stretch.session_start)


def _recall_frame(stretch: Stretch, frame: int) -> float:
    part = (frame - stretch.session_start) / (stretch.session_end - stretch.session_start)
    return stretch.recall_start + part * (stretch.recall_end - stretch.recall_start)


def stop_at(stops: Sequence[Stop], recall_ms: int) -> Stop | None:
    """Return the stop (they are in order) that lasts at an instant of the recall, or None."""
    number = bisect_right(stops, recall_ms, key=lambda stop: stop.recall_start_ms) - 1
    if number < 0:
        return None
    stop = stops[number]
    return stop if stop.recall_end_ms is None or recall_ms < stop.recall_end_ms else None


def heard_from(stretches: Iterable[Stretch], after_frame: int, about_frames: int) -> int | None:
    """Return the session's frame from which on it was heard without a jump up to the last stretch's end.

    Looks back to recall frame `after_frame` and `about_frames` of the session at most; None when nothing
    was heard after that.
    """
    begin: int | None = None
    end = 0
    for stretch in stretches:
        if stretch.recall_end <= after_frame:
            continue
        if begin is None or abs(stretch.session_start - end) > _SAME_FRAMES:
            begin = stretch.session_start
        end = stretch.session_end
    return None if begin is None else max(begin, end - about_frames)
