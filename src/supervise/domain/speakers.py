"""Naming voices: who a voice label stands for, kept apart from the words and never certain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from supervise.domain.errors import UsageError
from supervise.domain.transcript import Word

UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class SpeakerNames:
    """Role or free name for each voice label of a session, e.g. {"A": "therapist", "B": "client"}."""

    names: tuple[tuple[str, str], ...] = ()

    def name(self, label: str) -> str:
        """Return the given name, or `Speaker A` style wording while it is unnamed."""
        return dict(self.names).get(label) or (f"Speaker {label}" if label else "Unknown")

    def with_name(self, label: str, name: str) -> "SpeakerNames":
        """Return names in which `label` is called `name` (trimmed; empty takes the name away)."""
        if len(name) > 60:
            raise UsageError("A speaker's name may have at most 60 letters.")
        kept = {**dict(self.names), label: name.strip()}
        return SpeakerNames(tuple(sorted((k, v) for k, v in kept.items() if v)))

    def swapped(self, first: str, second: str) -> "SpeakerNames":
        """Return names in which two labels have exchanged their names."""
        names = dict(self.names)
        one, other = names.get(first, ""), names.get(second, "")
        return self.with_name(first, other).with_name(second, one)


def relabel(words: Iterable[Word], labels: Mapping[str, str]) -> tuple[Word, ...]:
    """Return the words with each voice label replaced through `labels`; others stay (merging)."""
    return tuple(word._replace(speaker=labels.get(word.speaker, word.speaker)) for word in words)


def reassign(words: Iterable[Word], start_ms: int, end_ms: int, label: str) -> tuple[Word, ...]:
    """Return the words with those starting in [start_ms, end_ms) given to `label`."""
    return tuple(
        word._replace(speaker=label) if start_ms <= word.start_ms < end_ms else word for word in words
    )


def label_by_channel(words: Iterable[Word], louder: str, bin_ms: int) -> tuple[Word, ...]:
    """Return the words labelled by the channel that is louder under them: `A` the left, `B` the right.

    `louder` holds one digit for each `bin_ms` of sound, 0 for left and 1 for right; the majority under a
    word decides.
    """
    labelled = []
    for word in words:
        first = word.start_ms // bin_ms
        under = louder[first : max(first + 1, -(-word.end_ms // bin_ms))]
        right = 2 * under.count("1") > len(under)
        labelled.append(word._replace(speaker="B" if right else "A"))
    return tuple(labelled)
