"""What was played and spoken when, read from a recording of both made on one clock: no program involved."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

RATE_HZ = 48000
Sound = npt.NDArray[np.int16]
_SNIPPET, _STEP = RATE_HZ // 4, RATE_HZ // 4
_SHORT = RATE_HZ // 100
_SAME = 2  # the way over float32 and back may cost a step of 16 bits
_LOUD = 60
_ROUGH = 8


def _rough(sound: Sound) -> npt.NDArray[np.float64]:
    whole = len(sound) // _ROUGH * _ROUGH
    return sound[:whole].reshape(-1, _ROUGH).mean(axis=1)


class Finder:
    """Finds where in a long sound a snippet of it lies: roughly first, by eight frames, then to the frame."""

    def __init__(self, sound: Sound) -> None:
        self.sound = sound
        rough = _rough(sound)
        self._size = 1 << (len(rough) + RATE_HZ).bit_length()
        self._spectrum = np.fft.rfft(rough, self._size)
        self._energy = np.concatenate([[0.0], np.cumsum(rough**2)])

    def place(self, snippet: Sound) -> int:
        """Return the likeliest place."""
        rough = _rough(snippet)
        product = self._spectrum * np.conj(np.fft.rfft(rough, self._size))
        places = len(self._energy) - len(rough)
        loud = np.sqrt(self._energy[len(rough) :] - self._energy[:places] + 1.0)
        near = int(np.argmax(np.fft.irfft(product, self._size)[:places] / loud)) * _ROUGH
        head = snippet[:RATE_HZ].astype(np.int32)
        best, found = np.inf, near
        for place in range(max(0, near - 2 * _ROUGH), near + 2 * _ROUGH + 1):
            there = self.sound[place : place + len(head)]
            off = float(np.abs(there - head).mean()) if len(there) == len(head) else np.inf
            if off < best:
                best, found = off, place
        return found

    def near(self, snippet: Sound, place: int) -> int:
        """Return the likeliest place soon after another."""
        there = self.sound[max(0, place - _SHORT) : place + RATE_HZ // 4].astype(np.int32)
        windows = np.lib.stride_tricks.sliding_window_view(there, len(snippet))
        return max(0, place - _SHORT) + int(np.abs(windows - snippet).mean(axis=1).argmin())

    def like(self, snippet: Sound, place: int) -> bool:
        """Whether the snippet is there, frame by frame."""
        there = self.sound[place : place + len(snippet)].astype(np.int32)
        return len(there) == len(snippet) and int(np.abs(there - snippet).max()) <= _SAME


@dataclass
class Run:
    """Frames [begin, end) of the recording are the session's [place, place_end), at its own speed."""

    begin: int
    end: int
    place: int
    place_end: int


@dataclass
class Heard:
    """What the loudspeaker played, in runs; everything counts frames of the recall's own recording."""

    runs: list[Run] = field(default_factory=list)

    def before(self, frame: int) -> Run:
        """Return the last run that ended before a frame; a moment's silence of a busy card ends none."""
        parts = [run for run in self.runs if run.end <= frame]
        whole = parts.pop()
        while parts and _goes_on(parts[-1], whole):
            whole = Run(parts[-1].begin, whole.end, parts[-1].place, whole.place_end)
            parts.pop()
        return whole

    def after(self, frame: int) -> Run | None:
        """Return the first run that begins after a frame."""
        return next((run for run in self.runs if run.begin >= frame), None)

    def place_at(self, frame: int) -> int | None:
        """Return the session's frame heard at a frame of the recall."""
        run = next((run for run in self.runs if run.begin <= frame < run.end), None)
        return None if run is None else run.place + frame - run.begin

    def holes(self, begin: int = 0, end: int = 1 << 60) -> list[int]:
        """Return for how many frames the card fell silent, each time it did between two frames."""
        pairs = [(one, other) for one, other in pairwise(self.runs) if begin <= one.end < end]
        gaps = [other.begin - one.end for one, other in pairs if _goes_on(one, other)]
        return [gap for gap in gaps if gap < RATE_HZ // 2]


def _goes_on(one: Run, other: Run) -> bool:
    """Whether nothing of the session was left out between two runs: another speed, or a card in arrears."""
    gap, on = other.begin - one.end, other.place - one.place_end
    slack = RATE_HZ // 50
    return -slack <= on <= gap + slack if gap < RATE_HZ // 2 else gap // 2 <= on <= 2 * gap


def heard(played: Sound, session: Finder, shift: int) -> Heard:
    """Return the runs in what was played; `shift` frames are before the recall's own recording begins."""
    found = Heard()
    at, free = 0, 0
    while True:
        loud = np.flatnonzero(np.abs(played[at : len(played) - _SNIPPET].astype(np.int32)) > _LOUD)
        if not len(loud):
            return found
        at += int(loud[0])
        snippet = played[at : at + _SNIPPET]
        place = session.place(snippet)
        if not session.like(snippet, place) and found.runs:  # a little before a stop, say
            snippet, place = snippet[:_SHORT], session.near(snippet[:_SHORT], found.runs[-1].place_end)
        if not session.like(snippet, place):
            at += _STEP if not found.runs or at - free > RATE_HZ // 2 else _SHORT
            continue
        begin = at - _same(played[free:at][::-1], session.sound[:place][::-1])
        end = at + _same(played[at:], session.sound[place:])
        place_end = place + end - at
        found.runs.append(Run(begin - shift, end - shift, place - (at - begin), place_end))
        at = free = end


def _same(one: Sound, other: Sound) -> int:
    """Return for how many frames two sounds are the same."""
    length = min(len(one), len(other))
    for start in range(0, length, RATE_HZ):
        piece = one[start : min(length, start + RATE_HZ)].astype(np.int32)
        off = np.abs(piece - other[start : start + len(piece)]) > _SAME
        if off.any():
            return start + int(np.argmax(off))
    return length
