"""Research protocols: who is interviewed when, in which steps, and what stays hidden until both are done."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

from supervise.domain.errors import UsageError
from supervise.domain.recall import LATE_H, Party

Answer = int | float | str | list[str] | None
MOST_LETTERS = 10_000
_NEAR = 1e-6


class StepKind(StrEnum):
    """What happens in a step."""

    SAY = "say"  # the interviewer says it; nothing is answered
    QUESTION = "question"  # asked and answered aloud; a note may be kept
    TEXT = "text"  # answered in writing
    RATING = "rating"
    CHOICE = "choice"
    EVENT = "event"  # a passage of the session is chosen
    PEAKS = "peaks"  # instants inside each event
    RECALL = "recall"  # a recall is held
    CUE = "cue"  # the passage the other party chose is found and played


ANSWERED = (StepKind.QUESTION, StepKind.TEXT, StepKind.RATING, StepKind.CHOICE)
_MOVABLE = frozenset(ANSWERED)


@dataclass(frozen=True, slots=True)
class RatingScale:
    """Numbers from `minimum` to `maximum` in steps, some of them with words."""

    minimum: float
    maximum: float
    step: float = 1
    anchors: tuple[tuple[float, str], ...] = ()

    def holds(self, value: float) -> bool:
        """Whether a number is one of the scale's."""
        steps = (value - self.minimum) / self.step
        return self.minimum - _NEAR <= value <= self.maximum + _NEAR and abs(steps - round(steps)) < _NEAR

    def words(self) -> str:
        """The scale for people: `1 to 9 in steps of 0.5`."""
        steps = "" if self.step == 1 else f" in steps of {self.step:g}"
        return f"{self.minimum:g} to {self.maximum:g}{steps}"

    def values(self) -> tuple[float, ...]:
        """Every number of the scale, in order."""
        count = round((self.maximum - self.minimum) / self.step)
        return tuple(round(self.minimum + self.step * number, 6) for number in range(count + 1))


@dataclass(frozen=True, slots=True)
class TimePoint:
    """When a party is interviewed: `days` after the session (0: at once), with some days of leeway."""

    point: str
    title: str = ""
    days: int = 0
    leeway_days: int = 7


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `item` names it for good, also in what is taken out.

    `parties` and `points` say whose interviews it belongs to, and at which time points; empty: all.
    `blind` answers are hidden until every party has finished. `stay` keeps it in place in a random order.
    `speaker` is whose instants a `peaks` step asks for; `most` how many events an `event` step takes.
    """

    item: str
    kind: StepKind
    words: str
    scale: RatingScale | None = None
    choices: tuple[str, ...] = ()
    many: bool = False
    required: bool = False
    per_event: bool = False
    blind: bool = False
    stay: bool = False
    parties: tuple[Party, ...] = ()
    points: tuple[str, ...] = ()
    speaker: Party = Party.THERAPIST
    most: int = 1

    def belongs(self, party: Party, point: str, *, cued: bool) -> bool:
        """Whether it is part of an interview with a party at a time point, cued or not."""
        if self.kind is (StepKind.EVENT if cued else StepKind.CUE):
            return False
        return party in (self.parties or (party,)) and point in (self.points or (point,))

    def check(self, value: Answer) -> Answer:
        """Return an answer as it is kept; raises UsageError for one that does not fit."""
        if self.kind in (StepKind.SAY, StepKind.CUE) or (value is not None and self.kind not in ANSWERED):
            raise UsageError(f"Nothing is answered in the step “{self.item}”.")
        if value is None:  # declined
            return None
        if self.kind is StepKind.RATING:
            return self._rated(value)
        if self.kind is StepKind.CHOICE:
            return self._chosen(value)
        if not isinstance(value, str) or not value.strip() or len(value) > MOST_LETTERS:
            raise UsageError(f"Write the answer to “{self.item}” in 1 to {MOST_LETTERS} letters.")
        return value.strip()

    def _rated(self, value: Answer) -> Answer:
        assert self.scale is not None
        try:
            number = float(value) if isinstance(value, (str, int, float)) else float("nan")
        except ValueError:
            number = float("nan")
        if not self.scale.holds(number):
            raise UsageError(f"“{self.item}” takes a number from {self.scale.words()}, not “{value}”.")
        return int(number) if number == int(number) else round(number, 6)

    def _chosen(self, value: Answer) -> Answer:
        values = value if isinstance(value, list) else [str(value)]
        wrong = next((entry for entry in values if entry not in self.choices), None)
        if wrong is not None or not values or len(set(values)) != len(values):
            known = ", ".join(self.choices)
            raise UsageError(f"“{self.item}” is {'any' if self.many else 'one'} of: {known}.")
        if not self.many and len(values) > 1:
            raise UsageError(f"“{self.item}” takes one answer.")
        return list(values) if self.many else values[0]

    def plain(self) -> dict[str, Any]:
        """Return the step as the terminal shows it."""
        found: dict[str, Any] = {"item": self.item, "kind": str(self.kind), "words": self.words}
        if self.scale is not None:
            scale = self.scale
            anchors = {f"{number:g}": words for number, words in scale.anchors}
            found["scale"] = {"min": scale.minimum, "max": scale.maximum, "step": scale.step}
            found["scale"]["anchors"] = anchors
        if self.choices:
            found["choices"], found["many"] = list(self.choices), self.many
        if self.kind is StepKind.PEAKS:
            found["speaker"] = str(self.speaker)
        return {**found, "required": self.required, "per_event": self.per_event, "blind": self.blind}


@dataclass(frozen=True, slots=True)
class Protocol:
    """A whole protocol; `first` is the party whose events the other is cued to, None where nobody is."""

    protocol: str
    version: str
    title: str
    language: str
    parties: tuple[Party, ...]
    points: tuple[TimePoint, ...]
    steps: tuple[Step, ...]
    first: Party | None = None
    window_hours: float = LATE_H
    random_order: bool = False
    notes: str = ""
    source: str = ""

    @property
    def key(self) -> str:
        """`id@version`, under which it is kept."""
        return f"{self.protocol}@{self.version}"

    @property
    def blind(self) -> bool:
        """Whether any answer stays hidden until both are done."""
        return any(step.blind for step in self.steps)

    def step(self, item: str) -> Step:
        """Return a step by its item; raises UsageError."""
        found = next((step for step in self.steps if step.item == item), None)
        if found is None:
            known = ", ".join(step.item for step in self.steps)
            raise UsageError(f"“{item}” is not a step of {self.key}. Its steps are: {known}.")
        return found

    def point(self, name: str) -> TimePoint:
        """Return a time point by its name (empty: the first); raises UsageError."""
        wanted = name or self.points[0].point
        found = next((point for point in self.points if point.point == wanted), None)
        if found is None:
            known = ", ".join(point.point for point in self.points)
            raise UsageError(f"“{name}” is not a time point of {self.key}. They are: {known}.")
        return found

    def takes_part(self, party: Party, point: str) -> bool:
        """Whether a party is interviewed at a time point at all."""
        kinds = [step for step in self.steps if step.belongs(party, point, cued=False)]
        return party in self.parties and any(step.kind is not StepKind.SAY for step in kinds)

    def points_up_to(self, point: str) -> tuple[str, ...]:
        """Return the time points up to and with one, in order."""
        names = [entry.point for entry in self.points]
        return tuple(names[: names.index(point) + 1])

    def steps_for(self, party: Party, point: str, *, cued: bool, seed: int | None = None) -> tuple[Step, ...]:
        """Return the steps of one interview, in the order they are taken.

        In a random order, answered steps change places with each other between two that stay.
        """
        own = [step for step in self.steps if step.belongs(party, point, cued=cued)]
        if not self.random_order or seed is None:
            return tuple(own)
        ordered: list[Step] = []
        for moves, run in groupby(own, key=lambda step: step.kind in _MOVABLE and not step.stay):
            steps = list(run)
            ordered += shuffled(steps, seed) if moves else steps
        return tuple(ordered)


def shuffled(steps: Iterable[Step], seed: int) -> list[Step]:
    """Return steps in the order a seed draws: by SHA-256 of `SEED/ITEM`, the same everywhere and for good."""
    return sorted(steps, key=lambda step: hashlib.sha256(f"{seed}/{step.item}".encode()).digest())
