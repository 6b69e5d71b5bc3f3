"""Utterances of a recall: what one voice said without the tape stopping or starting, tied to its session."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from supervise.domain.recall import PromptUse, Stop
from supervise.domain.recall_map import RecallMap, stop_at
from supervise.domain.transcript import Word, turns_of

UTTERANCE_GAP_MS = 2000
# A machine's word may begin where the last one ended, long before it is heard; where it ends is right.
# Longer than this is not believed, so that a word begun in one stop and ended in the next is in the next.
LONGEST_WORD_MS = 1000
# One word in twenty is timed worse than 140 ms (docs/adr/0008): a word this near to a stop, said in one
# breath with a word in it, was said in it.
EDGE_MS = 200


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words of one voice on the recall's time line, and the span of the session they are about.

    `stop` is the stop they were said in, None over the playing tape or before the first; `prompt` the
    last one used in that stop before them, `prompt_words` its wording then.
    """

    recall_start_ms: int
    recall_end_ms: int
    session_start_ms: int
    session_end_ms: int
    stop: Stop | None
    over_playing: bool
    prompt: str
    speaker: str
    words: tuple[Word, ...]
    prompt_words: str = ""

    @property
    def text(self) -> str:
        """The words joined by single spaces."""
        return " ".join(word.text for word in self.words)


def utterances(
    words: Sequence[Word], stops: Sequence[Stop], prompts: Sequence[PromptUse], found: RecallMap
) -> tuple[Utterance, ...]:
    """Group words (in time order) into utterances; each is about one stop, or was said over the playing."""
    made: list[Utterance] = []
    for stop, run in _runs(words, stops):
        start_ms, end_ms = run[0].start_ms, max(word.end_ms for word in run)
        if stop is None:
            about = found.session_span(start_ms, end_ms, ())
        else:
            about = stop.about_from_ms, stop.session_ms
            start_ms = start_ms if start_ms >= stop.recall_start_ms - EDGE_MS else stop.recall_start_ms
        over = stop is None and found.playing_at(_middle(run[0]))
        used = [p for p in prompts if stop is not None and p.stop == stop.seq and p.recall_ms <= end_ms]
        prompt, asked = (used[-1].prompt, used[-1].words) if used else ("", "")
        said = run[0].speaker, tuple(run)
        made.append(Utterance(start_ms, end_ms, *about, stop, over, prompt, *said, prompt_words=asked))
    return tuple(made)


def _runs(words: Sequence[Word], stops: Sequence[Stop]) -> Iterator[tuple[Stop | None, list[Word]]]:
    """Yield words of one voice, in one stop (or between two), without a long gap, and that stop."""
    for turn in turns_of(words, UTTERANCE_GAP_MS):
        tied = zip(_stops_of(turn.words, stops), turn.words, strict=True)
        for _, run in groupby(tied, key=lambda pair: pair[0].seq if pair[0] else None):
            pairs = list(run)
            yield pairs[0][0], [word for _, word in pairs]


def _stops_of(words: Sequence[Word], stops: Sequence[Stop]) -> list[Stop | None]:
    """Return the stop each word of a turn was said in, None over the playing tape or before the first."""
    tied = [stop_at(stops, _middle(word)) for word in words]
    for at in range(1, len(words)):
        before = tied[at - 1]
        if tied[at] is None and before is not None and before.recall_end_ms is not None:
            late_ms = _middle(words[at]) - before.recall_end_ms
            tied[at] = before if late_ms <= EDGE_MS and _one_breath(words, at) else None
    for at in range(len(words) - 1, 0, -1):
        after = tied[at]
        if tied[at - 1] is None and after is not None:
            early_ms = after.recall_start_ms - _middle(words[at - 1])
            tied[at - 1] = after if early_ms <= EDGE_MS and _one_breath(words, at) else None
    return tied


def _one_breath(words: Sequence[Word], at: int) -> bool:
    return words[at].start_ms - words[at - 1].end_ms <= EDGE_MS


def _middle(word: Word) -> int:
    return word.end_ms - min(word.end_ms - word.start_ms, LONGEST_WORD_MS) // 2
