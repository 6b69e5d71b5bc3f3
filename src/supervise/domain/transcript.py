"""A transcript: words with times, grouped in turns, with pauses as things of their own."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from supervise.domain.ids import SessionId, TranscriptId

PAUSE_MS = 1000
TURN_GAP_MS = 6000


class Word(NamedTuple):
    """One word as heard: times on the master's clock, `confidence` 0 to 1, `speaker` a voice label.

    `speaker` is a label such as `A` or `B` (never a name), or empty when no voice was told apart. A tuple,
    for there are tens of thousands of them: made in half the time of a frozen dataclass.
    """

    text: str
    start_ms: int
    end_ms: int
    confidence: float
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch of at least `PAUSE_MS` in which nobody speaks. Silence is data.

    `deleted`: no pause at all, but a portion that was deleted for good.
    """

    start_ms: int
    end_ms: int
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """Consecutive words of one speaker; `speaker` is the voice label until it is named."""

    speaker: str
    start_ms: int
    end_ms: int
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The turn's words joined by single spaces."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class TranscribeSettings:
    """What a person chose for one run; stored with its transcript.

    `language` is an ISO 639-1 code or empty for detection, `accuracy` is `faster` or `accurate`,
    `speakers` the number of voices (1 keeps everybody together), `terms` names to expect.
    """

    model: str = "base"
    language: str = ""
    accuracy: str = "faster"
    speakers: int = 2
    terms: str = ""
    keep_fillers: bool = True


@dataclass(frozen=True, slots=True)
class TranscriptVersion:
    """One run's result as listed: an older version is kept when a new run is made."""

    transcript: TranscriptId
    session: SessionId
    created_at: str
    settings: TranscribeSettings
    finished: bool
    notes: tuple[str, ...] = field(default=())


def turns_of(words: Sequence[Word], gap_ms: int = TURN_GAP_MS) -> tuple[Turn, ...]:
    """Group words (in time order) into turns: a new one at each change of voice or long gap."""
    turns: list[Turn] = []
    run: list[Word] = []
    for word in words:
        if run and (word.speaker != run[-1].speaker or word.start_ms - run[-1].end_ms > gap_ms):
            turns.append(_turn(run))
            run = []
        run.append(word)
    if run:
        turns.append(_turn(run))
    return tuple(turns)


def _turn(run: list[Word]) -> Turn:
    end_ms = max(word.end_ms for word in run)
    return Turn(run[0].speaker, run[0].start_ms, end_ms, tuple(run))


def rows_of(turns: Sequence[Turn], pauses: Sequence[Pause]) -> list[Turn | Pause]:
    """Return turns and pauses in time order, as they are read: a pause inside a turn stands where it fell.

    A turn with pauses inside comes in pieces, none of which has a pause inside; no word is lost or repeated.
    """
    ends = [pause.end_ms for pause in pauses]
    pieces = [piece for turn in turns for piece in _pieces(turn, ends)]
    return sorted((*pieces, *pauses), key=lambda row: (row.start_ms, row.end_ms))


def _pieces(turn: Turn, ends: list[int]) -> list[Turn]:
    """`ends`: when the pauses are over, in order."""
    pieces: list[Turn] = []
    run: list[Word] = []
    for word in turn.words:
        if run and bisect_right(ends, word.start_ms) > bisect_right(ends, run[-1].start_ms):
            pieces.append(_turn(run))
            run = []
        run.append(word)
    return [*pieces, _turn(run)]


def pauses_of(words: Iterable[Word], duration_ms: int) -> tuple[Pause, ...]:
    """Return the stretches of `PAUSE_MS` or more that no word covers, start and end included."""
    pauses: list[Pause] = []
    reached_ms = 0
    for word in sorted(words, key=lambda w: w.start_ms):
        if word.start_ms - reached_ms >= PAUSE_MS:
            pauses.append(Pause(reached_ms, word.start_ms))
        reached_ms = max(reached_ms, word.end_ms)
    if duration_ms - reached_ms >= PAUSE_MS:
        pauses.append(Pause(reached_ms, duration_ms))
    return tuple(pauses)


def with_deleted(pauses: Sequence[Pause], spans: Sequence[tuple[int, int]]) -> tuple[Pause, ...]:
    """Return `pauses` without what lies in deleted portions, and the portions in their places.

    What is left of a pause beside a portion is shown if it is long enough to be one.
    """
    kept: list[Pause] = []
    for pause in pauses:
        start = pause.start_ms
        for begin, end in [*sorted(spans), (pause.end_ms, pause.end_ms)]:
            if end <= start or begin > pause.end_ms:
                continue
            if begin - start >= PAUSE_MS:
                kept.append(Pause(start, begin))
            start = max(start, end)
        if pause.end_ms - start >= PAUSE_MS:
            kept.append(Pause(start, pause.end_ms))
    portions = [Pause(begin, end, deleted=True) for begin, end in spans]
    return tuple(sorted([*kept, *portions], key=lambda entry: (entry.start_ms, entry.end_ms)))
