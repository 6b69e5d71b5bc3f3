"""What a player handed to its device and when it was heard: runs of frames, laid on a recording's clock."""

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

from supervise.audio.clock_line import ClockLine
from supervise.audio.takes import Take
from supervise.domain.recall_map import Stretch

_CUT_S = 5.0
_MIXED_S = 0.1


class _Fill(NamedTuple):
    """The device asked for `frames` from its frame `first` on, heard from `heard_s` on."""

    first: int
    frames: int
    heard_s: float
    settled: bool


class _Broke(NamedTuple):
    """Silence was heard, and never the device's frames from `first` on that were handed over before."""

    first: int


class _Dropped(NamedTuple):
    """What would have been heard from `at_s` on never was."""

    at_s: float


class _Tail(NamedTuple):
    """A run that was cut at `at_s`, once `frames` long; the device went on with its frame `first`."""

    run: "Run"
    frames: int
    at_s: float
    first: int


class _Handed(NamedTuple):
    """From its frame `first` on, the device was given so many frames of a take, from frame `at` on."""

    first: int
    take: Take
    at: int
    frames: int


@dataclass(slots=True)
class Run:
    """Frames of the device that follow on without a break; the first is the master's `sample`."""

    line: ClockLine
    first: int
    frames: int
    sample: float
    step: float
    take: object  # the mark of one: its sound must not be held
    number: int  # one more after a seek, a change of speed or a pause, not after a moment's silence

    def follows_on(self, note: _Handed, line: ClockLine) -> bool:
        """Whether what was handed goes on where this ends."""
        return self.line is line and self.take is note.take.mark and self.first + self.frames == note.first

    @property
    def behind(self) -> float:
        """The master's sample after the last."""
        return self.sample + self.frames * self.step


class PlayLog:
    """Two threads meet here without a lock: the device's adds notes, the player's settles them into runs."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self._line = ClockLine(1)
        self._asked = 0
        self._broken = False
        self._tail: _Tail | None = None
        self._notes: deque[_Fill | _Handed | _Broke | _Dropped | int] = deque()

    # ------------------------------------------------------------------ the device's thread
    def filled(self, first: int, frames: int, heard_s: float, *, settled: bool = True) -> None:
        """Note when the device will be heard, or (not `settled`) perhaps."""
        self._notes.append(_Fill(first, frames, heard_s, settled))

    def broke(self, first: int) -> None:
        """Note a silence, and that the frames from `first` on so far were never heard."""
        self._notes.append(_Broke(first))

    def handed(self, first: int, take: Take, at: int, frames: int) -> None:
        """Note what it was given."""
        self._notes.append(_Handed(first, take, at, frames))

    # ------------------------------------------------------------------ the player's thread
    def device_opened(self, rate_hz: int) -> None:
        """Note that the device counts its frames from 0 again."""
        self._notes.append(rate_hz)

    def dropped(self, at_s: float) -> None:
        """Note that the device stopped then, and counts its frames on when it begins again."""
        self._notes.append(_Dropped(at_s))

    @property
    def begun(self) -> int:
        """How often something was played without a break, up to now."""
        return self.runs[-1].number + 1 if self.runs else 0

    def settle(self) -> None:
        """Take in what was noted."""
        while self._notes:
            note = self._notes.popleft()
            if isinstance(note, _Handed):
                self._add(note)
            elif isinstance(note, _Fill):
                self._hear(note)
            elif isinstance(note, int):
                self._line, self._asked, self._broken, self._tail = ClockLine(note), 0, False, None
            else:
                self._cut(note)
        if self._line.settled:
            self._place_tail()

    def _hear(self, note: _Fill) -> None:
        if note.settled:
            self._line.hear(note.first, note.frames, note.heard_s)
        else:
            self._line.guess(note.first, note.heard_s)
        self._asked = note.first + note.frames

    def _cut(self, note: _Broke | _Dropped) -> None:
        """Take back what was not heard; a line of its own is for what comes now."""
        self._broken = isinstance(note, _Broke)
        if not self._line.known:  # nothing has come since the last time, so that still holds
            return
        self._place_tail()
        self._tail = None
        self._line.cut()
        first = note.first if isinstance(note, _Broke) else round(self._line.frame_at(note.at_s))
        for run in reversed(self.runs):
            if run.line is not self._line or run.first + run.frames <= first:
                break
            if isinstance(note, _Dropped):
                self._tail = _Tail(run, run.frames, note.at_s, self._asked)
            run.frames = max(0, first - run.first)
        self._line = ClockLine(self._line.rate_hz)

    def _place_tail(self) -> None:
        """Let what was dropped end half-way between the stop and where the device's next frames begin.

        A stop drops what waits, but not what a sound server has mixed already; what comes next is heard
        after that, or one piece of the server's later. So it is half a piece off at most: 25 ms.
        """
        if self._tail is None:
            return
        run, frames, at_s, first = self._tail
        end_s = at_s + min(max(0.0, self._line.at(first) - at_s), _MIXED_S) / 2
        run.frames = min(frames, max(0, round(run.line.frame_at(end_s)) - run.first))

    def _add(self, note: _Handed) -> None:
        last = self.runs[-1] if self.runs else None
        if last is not None and last.follows_on(note, self._line):
            last.frames += note.frames
            return
        goes_on = self._broken and last is not None and last.take is note.take.mark
        number = self.begun - 1 if goes_on else self.begun
        sample, step = note.take.sample_at(note.at), note.take.spans[-1].step
        self.runs.append(Run(self._line, note.first, note.frames, sample, step, note.take.mark, number))
        self._broken = False

    def next_s(self) -> float | None:
        """Return when the next frames that the device asks for will be heard; None before the first."""
        return self._line.at(self._asked) if self._line.known else None

    def sample_at(self, time_s: float, since: int = 0) -> float | None:
        """Return the master's sample that is heard at a time, or was last; None when nothing has been.

        Only runs from number `since` on count.
        """
        for run in reversed(self.runs):
            if run.number < since:
                break
            if not run.line.known:
                continue
            frames = run.line.frame_at(time_s) - run.first
            if frames >= 0:
                return run.sample + min(frames, run.frames) * run.step
        return None

    def last(self, since: int = 0) -> Run | None:
        """Return the last run that was heard, of number `since` or more; None when none was."""
        runs = (run for run in reversed(self.runs) if run.frames)
        found = next(runs, None)
        return found if found is not None and found.number >= since else None

    def silent_from(self) -> float | None:
        """Return when the last that was handed over and not dropped has been heard; None when nothing was."""
        last = self.last()
        return last.line.at(last.first + last.frames) if last is not None and last.line.known else None

    def stretches(self, heard: ClockLine, session_hz: int, most: int | None = None) -> tuple[Stretch, ...]:
        """Return what was played when, on the clock of a recording whose line is `heard`.

        `most` is the recording's length in frames, once it is known.
        """
        found: list[Stretch] = []
        if not heard.known:
            return ()
        for run in self.runs:
            if not run.line.known:
                continue
            speed = round(run.step * run.line.rate_hz / session_hz, 4)
            pieces = max(1, round(run.frames / (_CUT_S * run.line.rate_hz)))
            ends = [run.frames * piece // pieces for piece in range(pieces + 1)]
            places = [heard.frame_at(run.line.at(run.first + end)) for end in ends]
            for piece in range(pieces):
                begin, end = places[piece], places[piece + 1]
                samples = run.sample + ends[piece] * run.step, run.sample + ends[piece + 1] * run.step
                reached = found[-1].recall_end if found else 0
                stretch = _within((begin, end), samples, reached, most)
                if stretch is not None:
                    found.append(Stretch(*stretch, speed, run.number))
        return tuple(found)


def _within(
    recall: tuple[float, float], session: tuple[float, float], reached: int, most: int | None
) -> tuple[int, int, int, int] | None:
    """Cut what lies before `reached` or beyond `most` off both sides alike; None when nothing is left."""
    begin, end = max(recall[0], reached), recall[1] if most is None else min(recall[1], most)
    if round(end) <= round(begin):
        return None
    slope = (session[1] - session[0]) / (recall[1] - recall[0])
    first = session[0] + (begin - recall[0]) * slope
    last = session[0] + (end - recall[0]) * slope
    return round(begin), round(end), round(first), round(last)
