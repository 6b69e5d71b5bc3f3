"""Telling voices apart: sound in block by block, stretches of voice `A`, `B` … and doubts out."""

from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from supervise.speech.events import VoiceSegment
from supervise.speech.frames import Samples
from supervise.speech.voice_groups import Groups, group
from supervise.speech.voice_models import RATE_HZ, VoiceModels
from supervise.speech.voice_pieces import Piece, PieceStream, frame_ms, runs
from supervise.speech.voice_words import assign_voices

__all__ = ["VoiceSegment", "VoiceSeparator", "assign_voices"]

LABELS = "ABCD"
_GROUPED_S = 0.5
_CHANGE = 0.05
_TOGETHER = 0.1
_GAP_FADE_MS = 200
_BRIDGED_FRAMES = 18
_LITTLE_MS = 10_000
# Cosine of two true voices: 0.6 to 0.72 close by, to 0.84 far off; of one voice split: 0.66 to 0.92.
_ALIKE = 0.78
_ONE_SIDED = 0.95

_NO_SPEECH = "No speech was found, so no voices were told apart."

Findings = tuple[tuple[VoiceSegment, ...], tuple[str, ...]]


class VoiceSeparator:
    """Tells a given number of voices apart in a stream of which it holds ten seconds.

    What it keeps of the rest is a vector for each second and a half of speech: 4 MB for two hours.
    """

    def __init__(self, models_dir: Path, speakers: int) -> None:
        """Load the networks. `speakers` is 1 to 4; with 1 there is one label for all speech.

        Raises NotReadableError when the networks are not in `models_dir`.
        """
        if not 1 <= speakers <= len(LABELS):
            raise ValueError("one to four speakers can be told apart")
        self._speakers = speakers
        self._stream = PieceStream(VoiceModels.load(models_dir), with_vectors=speakers > 1)
        self._pieces: list[Piece] = []

    def add(self, block: Samples) -> None:
        """Take the next block: 16 kHz mono float32 of any length."""
        self._pieces.extend(self._stream.add(block))

    def finish(self) -> Findings:
        """Return segments in order of time, labelled by first speech, and notes on what to doubt."""
        self._pieces.extend(self._stream.finish())
        pieces = sorted(self._pieces, key=lambda piece: piece.start)
        if not pieces:
            return (), (_NO_SPEECH,)
        groups = self._groups(pieces)
        voices = _voice_of_each(pieces, groups.centres) if groups else [0] * len(pieces)
        segments = _segments(pieces, voices, self._stream.samples * 1000 // RATE_HZ)
        return segments, tuple(_notes(segments, groups, self._speakers))

    def _groups(self, pieces: list[Piece]) -> Groups | None:
        heard = [piece for piece in pieces if piece.vector is not None]
        firm = [piece for piece in heard if piece.clean_s >= _GROUPED_S]
        used = firm if len(firm) >= self._speakers else heard
        vectors = [piece.vector for piece in used if piece.vector is not None]
        if self._speakers == 1 or not vectors:
            return None
        weights = np.array([piece.clean_s for piece in used], np.float32)
        return group(np.stack(vectors), weights, self._speakers)


def _voice_of_each(pieces: list[Piece], centres: NDArray[np.float32]) -> list[int]:
    """Return the most likely path of voices through the pieces (Viterbi 1967).

    A change of voice costs a little within what the first network heard as one voice; the same voice
    twice at one time costs a little too.
    """
    voices = len(centres)
    paths = np.zeros((len(pieces), voices), np.intp)
    total = np.zeros(voices)
    for place, piece in enumerate(pieces):
        if place:
            change = _change_cost(pieces[place - 1], piece)
            reached = total[:, None] - change * (1 - np.eye(voices))
            paths[place] = reached.argmax(axis=0)
            total = reached.max(axis=0)
        if piece.vector is not None:
            total = total + centres @ piece.vector * piece.clean_s
    path = [int(total.argmax())]
    for place in range(len(pieces) - 1, 0, -1):
        path.append(int(paths[place][path[-1]]))
    return path[::-1]


def _change_cost(before: Piece, piece: Piece) -> float:
    gap_ms = frame_ms(piece.start) - frame_ms(before.end)
    if before.local == piece.local:
        return _CHANGE * float(np.exp(-max(0, gap_ms) / _GAP_FADE_MS))
    if before.local[0] == piece.local[0]:
        return -_TOGETHER if gap_ms < 0 else 0.0
    return _CHANGE / 2 if gap_ms <= 0 else 0.0


def _segments(pieces: list[Piece], voices: list[int], end_ms: int) -> tuple[VoiceSegment, ...]:
    """Join the pieces of each voice over short gaps, and name voices in order of first speech."""
    order = list(dict.fromkeys(voices))
    found = []
    for rank, voice in enumerate(order):
        own = [piece for piece, heard in zip(pieces, voices, strict=True) if heard == voice]
        spans = _spoken(own, _BRIDGED_FRAMES)
        times = [(frame_ms(start), min(frame_ms(end), end_ms)) for start, end in spans]
        found += [VoiceSegment(start, end, LABELS[rank]) for start, end in times if start < end]
    return tuple(sorted(found, key=lambda segment: (segment.start_ms, segment.label)))


def _spoken(pieces: list[Piece], bridged_frames: int = 0) -> list[tuple[int, int]]:
    """Return (start, end) in frames where any piece is, gaps up to `bridged_frames` closed."""
    if not pieces:
        return []
    mask = np.zeros(max(piece.end for piece in pieces), np.bool_)
    for piece in pieces:
        mask[piece.start : piece.end] = True
    first = int(mask.argmax())
    for start, end in runs(~mask[first:]):
        if end - start <= bridged_frames:
            mask[first + start : first + end] = True
    return runs(mask)


def _notes(segments: tuple[VoiceSegment, ...], groups: Groups | None, speakers: int) -> list[str]:
    if not segments:
        return [_NO_SPEECH]
    notes = []
    spoken_ms: Counter[str] = Counter()
    for segment in segments:
        spoken_ms[segment.label] += segment.end_ms - segment.start_ms
    if spoken_ms.total() < _LITTLE_MS:
        notes.append(
            f"Only {spoken_ms.total() / 1000:.1f} s of speech were found: too little to tell voices apart by."
        )
    if groups is None or speakers == 1:
        return notes
    if len(spoken_ms) < speakers:
        notes.append(f"Only {len(spoken_ms)} of {speakers} voices could be told apart.")
    largest = max(spoken_ms.values()) / spoken_ms.total()
    if largest > _ONE_SIDED and len(spoken_ms) > 1:
        notes.append(f"One voice speaks {largest:.0%} of the time; the split may be wrong.")
    if groups.alike > _ALIKE:
        notes.append("The voices sound much alike, or fewer people speak than expected: check the split.")
    return notes
