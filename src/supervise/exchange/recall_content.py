"""What of a recall leaves the vault, as one value; and the same with its redactions carried out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from supervise.domain.ids import RecallId
from supervise.domain.moments import Rating
from supervise.domain.recall import PromptUse, Setup, Stop
from supervise.domain.recall_map import RecallMap
from supervise.domain.recall_utterances import Utterance
from supervise.domain.redaction import MASK, Span, touches
from supervise.domain.session import Session
from supervise.domain.speakers import SpeakerNames
from supervise.domain.transcript import Word


@dataclass(frozen=True, slots=True)
class RecallCoding:
    """What was marked in a recall from `start_ms` to `end_ms`: `then_now` is `then`, `now` or empty.

    `about` says whose words it is about, the recaller's or the inquirer's. `codes` are ids with their labels,
    `code_ratings` what each was rated. `author` is a name, `perspective` the seat it was made from.
    """

    start_ms: int
    end_ms: int
    about: str = "recaller"
    then_now: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    code_ratings: tuple[tuple[str, tuple[tuple[str, Rating], ...]], ...] = ()
    note: str = ""
    author: str = ""
    perspective: str = ""


@dataclass(frozen=True, slots=True)
class RecallRating:
    """What was rated or chosen in an interview, about a span of the session (the whole: both None).

    `item`, `time_point` and `protocol` are as the protocol names them, `party` whose answer it is.
    """

    item: str
    value: int | float | str | list[str]
    time_point: str = ""
    session_start_ms: int | None = None
    session_end_ms: int | None = None
    party: str = ""
    study: str = ""
    protocol: str = ""

    @property
    def value_text(self) -> str:
        """The value for people: `7.5`, or what was chosen."""
        if isinstance(self.value, list):
            return ", ".join(self.value)
        return f"{self.value:g}" if isinstance(self.value, float) else str(self.value)


@dataclass(frozen=True, slots=True)
class RecallContent:
    """A recall with everything its formats may show; `redacted` says that something was left out.

    Which ratings belong (blinding!) the caller decides; `hidden_ratings` counts those left out.
    """

    recall: RecallId
    session: Session
    setup: Setup
    started_at: str
    duration_ms: int
    stops: tuple[Stop, ...]
    prompts: tuple[PromptUse, ...]
    map: RecallMap
    utterances: tuple[Utterance, ...]
    speakers: SpeakerNames
    redacted: bool = False
    codings: tuple[RecallCoding, ...] = ()
    ratings: tuple[RecallRating, ...] = ()
    hidden_ratings: int = 0

    def codings_of(self, row: Utterance) -> tuple[RecallCoding, ...]:
        """Return what was marked in the recall's time of an utterance."""
        span = (row.recall_start_ms, row.recall_end_ms)
        return tuple(entry for entry in self.codings if touches(entry.start_ms, entry.end_ms, [span]))

    def ratings_of(self, row: Utterance) -> tuple[RecallRating, ...]:
        """Return what was rated about where the session stood for an utterance: the end of its span."""
        at = row.session_end_ms
        return tuple(
            entry
            for entry in self.ratings
            if entry.session_start_ms is not None
            and entry.session_start_ms <= at <= (entry.session_end_ms or entry.session_start_ms)
        )


def redacted_recall(content: RecallContent, spans: Sequence[Span]) -> RecallContent:
    """Return the content with every utterance masked that is about a redacted span of the session.

    So are the notes on what was said there, since they may quote it.
    """
    hit = [touches(row.session_start_ms, row.session_end_ms, spans) for row in content.utterances]
    kept = [_masked(row) if near else row for row, near in zip(content.utterances, hit, strict=True)]
    said = [
        (row.recall_start_ms, row.recall_end_ms)
        for row, near in zip(content.utterances, hit, strict=True)
        if near
    ]
    codings = [
        replace(entry, note=MASK) if entry.note.strip() and _about(entry, content, spans, said) else entry
        for entry in content.codings
    ]
    return replace(content, utterances=tuple(kept), codings=tuple(codings), redacted=bool(spans))


def _about(entry: RecallCoding, content: RecallContent, spans: Sequence[Span], said: Sequence[Span]) -> bool:
    """Whether what was marked was said about a redacted span, or where its end or start are about one."""
    if touches(entry.start_ms, entry.end_ms, said):
        return True
    about = content.map.session_span(entry.start_ms, entry.end_ms, content.stops)
    return touches(*about, spans)


def _masked(row: Utterance) -> Utterance:
    word = Word(MASK, row.recall_start_ms, row.recall_end_ms, 0.0, row.speaker)
    return replace(row, words=(word,))
