"""Cutting a stream of sound into windows at pauses, with long silences left out of what is transcribed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from supervise.domain.times import samples_to_ms
from supervise.speech.frames import Samples
from supervise.speech.vad import FRAME, RATE_HZ, VoiceActivity

Mask = NDArray[np.bool_]
Probabilities = NDArray[np.float32]

FRAMES_PER_S = RATE_HZ / FRAME
HEARD_FRAMES = int(28 * FRAMES_PER_S)
BUFFER_FRAMES = int(46 * FRAMES_PER_S)
FEWEST_FRAMES = int(12 * FRAMES_PER_S)
MARGIN_FRAMES = int(0.5 * FRAMES_PER_S)
POSSIBLE = 0.2
QUIET = 0.35
PAUSE_WEIGHT = 0.6


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the stream that a window hears, in samples from the stream's start."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Window:
    """Sound to transcribe in one go; `pieces` joined are `samples`, silences between them left out.

    `start` and `end` are in samples from the stream's start and meet the windows before and after.
    `probabilities` hold one speech probability for each 512 of `samples`.
    """

    start: int
    end: int
    pieces: tuple[Piece, ...]
    samples: Samples
    probabilities: Probabilities

    @property
    def cuts_s(self) -> tuple[float, ...]:
        """Where in the window a silence was left out, in the window's seconds."""
        lengths = [piece.end - piece.start for piece in self.pieces]
        return tuple(end / RATE_HZ for end in accumulate(lengths[:-1]))

    def stream_sample(self, sample: int) -> int:
        """Return where in the stream the window's own `sample` lies."""
        left = sample
        for piece in self.pieces:
            if left < piece.end - piece.start:
                return piece.start + left
            left -= piece.end - piece.start
        return self.pieces[-1].end if self.pieces else self.start


def widened(mask: Mask, before: int, after: int) -> Mask:
    """Return a mask that also holds `before` frames ahead of and `after` behind each True."""
    found = np.flatnonzero(mask)
    edges = np.zeros(len(mask) + 1, np.int32)
    np.add.at(edges, np.maximum(found - before, 0), 1)
    np.add.at(edges, np.minimum(found + after + 1, len(mask)), -1)
    return np.cumsum(edges[:-1]) > 0


def runs(mask: Mask) -> NDArray[np.int64]:
    """Return the (start, end) of each run of True, end exclusive, as an array of two columns."""
    steps = np.diff(np.concatenate([[0], mask.astype(np.int8), [0]]))
    return np.stack([np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)], axis=1)


class WindowCutter:
    """Takes sound block by block and gives windows; holds 46 s of sound at most."""

    def __init__(self, activity: VoiceActivity) -> None:
        """Ask `activity` where the pauses are."""
        self._activity = activity
        self._loose: list[Samples] = []
        self._loose_length = 0
        self._samples = np.zeros(0, np.float32)
        self._probabilities = np.zeros(0, np.float32)
        self._base = 0

    def add(self, block: Samples) -> Iterator[Window]:
        """Take the next block and give the windows that are complete."""
        self._loose.append(block)
        self._loose_length += len(block)
        if self._loose_length >= RATE_HZ:
            self._settle()
        while len(self._probabilities) >= BUFFER_FRAMES:
            yield self._cut(last=False)

    def finish(self) -> Iterator[Window]:
        """Give what is left."""
        length = self._loose_length + len(self._samples)
        missing = -self._loose_length % FRAME
        self._loose.append(np.zeros(missing, np.float32))
        self._loose_length += missing
        self._settle()
        end = self._base + length
        while len(self._probabilities):
            window = self._cut(last=True)
            if window.end > end:
                window = Window(window.start, end, window.pieces, window.samples, window.probabilities)
            yield window

    def _settle(self) -> None:
        """Judge the whole frames among the loose blocks and keep the rest loose."""
        sound = np.concatenate(self._loose)
        whole = len(sound) // FRAME * FRAME
        if whole:
            found = self._activity.probabilities(sound[:whole])
            self._samples = np.concatenate([self._samples, sound[:whole]])
            self._probabilities = np.concatenate([self._probabilities, found])
        self._loose = [sound[whole:]]
        self._loose_length = len(sound) - whole

    def _cut(self, *, last: bool) -> Window:
        """Take one window from the start of what is held."""
        possible = widened(self._probabilities[:BUFFER_FRAMES] >= POSSIBLE, MARGIN_FRAMES, MARGIN_FRAMES)
        frames = self._end_of_window(possible, last=last)
        kept = possible[:frames]
        window = self._window(frames, kept)
        self._samples = self._samples[frames * FRAME :].copy()
        self._probabilities = self._probabilities[frames:].copy()
        self._base += frames * FRAME
        return window

    def _window(self, frames: int, kept: Mask) -> Window:
        pieces = tuple(
            Piece(self._base + int(start) * FRAME, self._base + int(end) * FRAME) for start, end in runs(kept)
        )
        heard = self._samples[: frames * FRAME].reshape(-1, FRAME)[kept].reshape(-1)
        end = self._base + frames * FRAME
        return Window(self._base, end, pieces, heard, self._probabilities[:frames][kept].copy())

    def _end_of_window(self, possible: Mask, *, last: bool) -> int:
        """Choose where the window ends, in frames: all of it, or at the best pause in reach."""
        heard: NDArray[np.int_] = np.cumsum(possible, dtype=np.int_)
        total = len(possible)
        if heard[-1] <= HEARD_FRAMES and (last or not possible[-MARGIN_FRAMES:].any()):
            return total if last else total - MARGIN_FRAMES
        reach = min(total, int(np.searchsorted(heard, HEARD_FRAMES, side="right")))
        return self._best_pause(heard, reach)

    def _best_pause(self, heard: NDArray[np.int_], reach: int) -> int:
        """Weigh how long a pause is against how much sound is dealt with by going up to it."""
        probabilities = self._probabilities[:reach]
        best, best_score = 0, -1.0
        for start, end in runs(probabilities < QUIET):
            middle = int(start + end + 1) // 2
            if heard[middle - 1] < FEWEST_FRAMES and middle < reach - MARGIN_FRAMES:
                continue
            pause_s = min((end - start) / FRAMES_PER_S, 1.0)
            score = heard[middle - 1] / HEARD_FRAMES + PAUSE_WEIGHT * pause_s
            if score > best_score:
                best, best_score = middle, score
        if best:
            return best
        tail = max(1, reach - int(4 * FRAMES_PER_S))
        return tail + int(np.argmin(probabilities[tail:])) if tail < reach else reach


def ms_of(sample: int) -> int:
    """Return the millisecond of a 16 kHz sample."""
    return samples_to_ms(sample, RATE_HZ)
