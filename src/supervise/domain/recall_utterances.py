"""Utterances of a recall: what one voice said without the tape stopping or starting, tied to its session."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from supervise.domain.recall import PromptUse, Stop
from supervise.domain.recall_map import RecallMap, stop_at
from supervise.domain.transcript import Word, turns_of

UTTERANCE_GAP_MS = 2000


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
    for run in _runs(words, stops):
        start_ms, end_ms = run[0].start_ms, max(word.end_ms for word in run)
        stop = stop_at(stops, _middle(run[0]))
        if stop is None:
            about = found.session_span(start_ms, end_ms, ())
        else:
            about = stop.about_from_ms, stop.session_ms
        over = stop is None and found.playing_at(_middle(run[0]))
        used = [p for p in prompts if stop is not None and p.stop == stop.seq and p.recall_ms <= end_ms]
        prompt, asked = (used[-1].prompt, used[-1].words) if used else ("", "")
        said = run[0].speaker, tuple(run)
        made.append(Utterance(start_ms, end_ms, *about, stop, over, prompt, *said, prompt_words=asked))
    return tuple(made)


def _runs(words: Sequence[Word], stops: Sequence[Stop]) -> Iterator[list[Word]]:
    """Yield words of one voice, in one stop (or between two), without a long gap."""
    for turn in turns_of(words, UTTERANCE_GAP_MS):
        run: list[Word] = []
        for word in turn.words:
            if run and stop_at(stops, _middle(word)) != stop_at(stops, _middle(run[-1])):
                yield run
                run = []
            run.append(word)
        if run:
            yield run


def _middle(word: Word) -> int:
    return (word.start_ms + word.end_ms) // 2
