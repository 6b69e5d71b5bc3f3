"""How far a transcript is from the truth: word errors, and words given to the wrong speaker."""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from supervise.domain.transcript import Word

_EDIT = 1 << 24
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SAME = {"ok": "okay", "alright": "all right", "mr": "mister", "mrs": "missus", "dr": "doctor"}


class WordErrors(NamedTuple):
    """Edits that turn the reference into the hypothesis, and the number of reference words."""

    substitutions: int
    deletions: int
    insertions: int
    words: int

    @property
    def rate(self) -> float:
        """Word error rate, 0 upwards; 0 where both are empty, 1 a word where only the reference is."""
        edits = self.substitutions + self.deletions + self.insertions
        return edits / self.words if self.words else float(edits)


def spoken_words(text: str) -> list[str]:
    """Return the words of `text` as they are compared.

    Lower case, without punctuation (apostrophes inside a word stay, hyphens part words); whole numbers
    up to 9999 as they are spoken, and a few spellings of one word made the same (ok, okay).
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = plain.replace("\u2019", "'").replace("&", " and ").replace("%", " percent ")
    words: list[str] = []
    for word in _WORD.findall(_THOUSANDS.sub("", plain)):
        words.extend(_number(word) if word.isdecimal() and len(word) <= 4 else _SAME.get(word, word).split())
    return words


def _number(digits: str) -> list[str]:
    value = int(digits)
    if value < 20:
        return [_ONES[value]]
    if value < 100:
        return [_TENS[value // 10], *(_number(str(value % 10)) if value % 10 else [])]
    size, name = (100, "hundred") if value < 1000 else (1000, "thousand")
    rest = value % size
    return [*_number(str(value // size)), name, *(_number(str(rest)) if rest else [])]


def word_errors(reference: str, hypothesis: str) -> WordErrors:
    """Return the fewest edits between the two texts' spoken words (Levenshtein 1966).

    Among equally few edits the one with most words right is counted. Memory grows with the hypothesis
    only, so an hour of speech fits.
    """
    truth, heard = spoken_words(reference), spoken_words(hypothesis)
    numbers: dict[str, int] = {}
    codes = np.array([numbers.setdefault(word, len(numbers)) for word in heard], dtype=np.int64)
    steps = np.arange(len(heard) + 1, dtype=np.int64) * _EDIT
    row = steps.copy()
    for word in truth:
        wrong = np.where(codes == numbers.get(word, -1), 0, _EDIT + 1)
        reached = row + _EDIT
        reached[1:] = np.minimum(reached[1:], row[:-1] + wrong)
        row = np.minimum.accumulate(reached - steps) + steps
    edits, substitutions = divmod(int(row[-1]), _EDIT)
    moved, surplus = edits - substitutions, len(truth) - len(heard)
    return WordErrors(substitutions, (moved + surplus) // 2, (moved - surplus) // 2, len(truth))


class TrueSpan(NamedTuple):
    """A stretch in which `speaker` truly speaks."""

    speaker: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class SpeakerErrors:
    """How many words, and how much speech, stand under the wrong speaker.

    `names` is the best one-to-one naming of voice labels that was used. Words outside all true speech
    are not counted; words without a label count as wrong.
    """

    words: int
    wrong_words: int
    speech_ms: int
    confused_ms: int
    names: tuple[tuple[str, str], ...]

    @property
    def word_share(self) -> float:
        """Share of counted words under the wrong speaker, 0 to 1."""
        return self.wrong_words / self.words if self.words else 0.0

    @property
    def time_share(self) -> float:
        """Confusion as in a diarisation error rate: confused time over true speech, 0 to 1."""
        return self.confused_ms / self.speech_ms if self.speech_ms else 0.0


def speaker_errors(truth: Sequence[TrueSpan], words: Sequence[Word]) -> SpeakerErrors:
    """Compare the words' voice labels with the truth, under the naming of labels that fits best."""
    shared: Counter[tuple[str, str]] = Counter()
    counted: list[tuple[str, str]] = []
    for word in words:
        met = _met(truth, word)
        for speaker, long_ms in met.items():
            shared[word.speaker, speaker] += long_ms
        if met:
            counted.append((word.speaker, max(met, key=lambda speaker: met[speaker])))
    names = _best_names(shared)
    return SpeakerErrors(
        words=len(counted),
        wrong_words=sum(names.get(label) != speaker for label, speaker in counted),
        speech_ms=sum(span.end_ms - span.start_ms for span in truth),
        confused_ms=sum(
            long_ms for (label, speaker), long_ms in shared.items() if names.get(label) != speaker
        ),
        names=tuple(sorted(names.items())),
    )


def _met(truth: Sequence[TrueSpan], word: Word) -> Counter[str]:
    met: Counter[str] = Counter()
    for span in truth:
        long_ms = min(span.end_ms, word.end_ms) - max(span.start_ms, word.start_ms)
        if long_ms > 0:
            met[span.speaker] += long_ms
    return met


def _best_names(shared: Counter[tuple[str, str]]) -> dict[str, str]:
    """Return the one-to-one naming that puts most time right; labels beyond six stay unnamed."""
    time_of: Counter[str] = Counter()
    for (label, _), long_ms in shared.items():
        if label:
            time_of[label] += long_ms
    labels = [label for label, _ in time_of.most_common(6)]
    speakers = sorted({speaker for _, speaker in shared})
    choices = itertools.permutations([*speakers, *[""] * len(labels)], len(labels))
    best = max(choices, key=lambda names: sum(shared[pair] for pair in zip(labels, names, strict=True)))
    return {label: name for label, name in zip(labels, best, strict=True) if name}
