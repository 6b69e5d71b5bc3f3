"""Sound in, pieces of one voice out: a stream cut into windows, runs and pieces with their vectors."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from supervise.speech.frames import Samples
from supervise.speech.voice_models import (
    FRAME_SAMPLES,
    LOCAL_VOICES,
    RATE_HZ,
    WINDOW_FRAMES,
    WINDOW_SAMPLES,
    Activity,
    Vector,
    VoiceModels,
)

HOP_FRAMES = 474
PIECE_FRAMES = 89
# The middle second of a piece tells the voice as well as all of it (measured), for a quarter less CPU.
_HEARD_SAMPLES = RATE_HZ
_MARGIN_FRAMES = (WINDOW_FRAMES - HOP_FRAMES) // 2
_LEAST_CLEAN_FRAMES = 6
_LEAST_VECTOR_SAMPLES = RATE_HZ // 5
_CONTEXT_SAMPLES = 180
_CENTRE_SAMPLES = 360


@dataclass(frozen=True, slots=True)
class Piece:
    """At most a second and a half of one local voice, in frames of 16.875 ms from the start.

    `local` is (window, number of the voice in it). `vector` is None when nothing of the piece could be
    heard without another voice; `clean_s` is how much of it was used.
    """

    start: int
    end: int
    local: tuple[int, int]
    vector: Vector | None
    clean_s: float


def frame_ms(frame: int) -> int:
    """Return when a frame begins, in ms."""
    return (frame * FRAME_SAMPLES + _CENTRE_SAMPLES) * 1000 // RATE_HZ


def runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return (start, end) of each stretch of True in a row."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


class PieceStream:
    """Cuts a stream into windows of ten seconds that share two, and each window into pieces.

    A window answers for its middle; only the sound of one window and the last block is held. `samples`
    counts what was taken so far.
    """

    def __init__(self, models: VoiceModels, *, with_vectors: bool = True) -> None:
        """Without vectors, pieces only say that somebody speaks."""
        self._models = models
        self._with_vectors = with_vectors
        self._held: Samples = np.zeros(0, np.float32)
        self._window = 0
        self.samples = 0

    def add(self, block: Samples) -> Iterator[Piece]:
        """Take the next block (16 kHz mono float32, any length) and yield the pieces now known."""
        self.samples += len(block)
        for start in range(0, len(block), WINDOW_SAMPLES):
            self._held = np.concatenate([self._held, block[start : start + WINDOW_SAMPLES]])
            # More than a window is awaited: whether a window is the last decides what it answers for.
            while len(self._held) > WINDOW_SAMPLES:
                yield from self._pieces(self._held[:WINDOW_SAMPLES], last=False)
                self._held = self._held[HOP_FRAMES * FRAME_SAMPLES :]
                self._window += 1

    def finish(self) -> Iterator[Piece]:
        """Yield the pieces of the rest; call once."""
        if len(self._held):
            window = np.zeros(WINDOW_SAMPLES, np.float32)
            window[: len(self._held)] = self._held
            yield from self._pieces(window, last=True)
        self._held = np.zeros(0, np.float32)

    def _pieces(self, window: Samples, *, last: bool) -> Iterator[Piece]:
        activity = self._models.activity(window)
        first = _MARGIN_FRAMES if self._window else 0
        end = WINDOW_FRAMES if last else HOP_FRAMES + _MARGIN_FRAMES
        spans = sorted(
            (first + start, first + stop, local)
            for local in range(LOCAL_VOICES)
            for run in runs(activity[first:end, local])
            for start, stop in _parts(*run)
        )
        sounds = [_clean_sound(window, activity, start, stop) for start, stop, _ in spans]
        known = [place for place, sound in enumerate(sounds) if len(sound) >= _LEAST_VECTOR_SAMPLES]
        vectors: dict[int, Vector] = {}
        if self._with_vectors and known:
            found = self._models.vectors([sounds[place] for place in known])
            vectors = dict(zip(known, found, strict=True))
        base = self._window * HOP_FRAMES
        for place, (start, stop, local) in enumerate(spans):
            clean_s = len(sounds[place]) / RATE_HZ
            mark = self._window, local
            yield Piece(base + start, base + stop, mark, vectors.get(place), clean_s)


def _parts(start: int, end: int) -> list[tuple[int, int]]:
    """Cut a run into equal parts of at most `PIECE_FRAMES`."""
    count = -(-(end - start) // PIECE_FRAMES)
    edges = [start + (end - start) * part // count for part in range(count + 1)]
    return list(pairwise(edges))


def _clean_sound(window: Samples, activity: Activity, start: int, end: int) -> Samples:
    """Return the middle of what a piece holds of one voice alone, put together, a second at most."""
    alone = activity[start:end].sum(axis=1) == 1
    parts = []
    for first, stop in runs(alone):
        if stop - first >= _LEAST_CLEAN_FRAMES:
            begin = (start + first) * FRAME_SAMPLES + _CENTRE_SAMPLES - _CONTEXT_SAMPLES
            finish = (start + stop) * FRAME_SAMPLES + _CENTRE_SAMPLES + _CONTEXT_SAMPLES
            parts.append(window[max(0, begin) : finish])
    sound = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    surplus = max(0, len(sound) - _HEARD_SAMPLES)
    return sound[surplus // 2 : len(sound) - (surplus - surplus // 2)]
