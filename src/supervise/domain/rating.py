"""Rating while replaying: the dials somebody holds, and who rates."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from supervise.domain.errors import UsageError

LOWEST, HIGHEST = -100, 100
MOST_DIALS = 2
_TITLE, _ANCHOR, _STEP = 40, 30, 50


class Rater(StrEnum):
    """From whose seat a series was made."""

    THERAPIST = "therapist"
    CLIENT = "client"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Dial:
    """A scale between two opposite words; it begins in the middle. `step` is what a press of a key moves."""

    key: str
    title: str
    low: str
    high: str
    minimum: int = LOWEST
    maximum: int = HIGHEST
    step: int = 5

    @property
    def middle(self) -> int:
        """Where it begins, and where the key for the middle sends it."""
        return (self.minimum + self.maximum) // 2

    def within(self, value: int) -> int:
        """Return the nearest value that the dial has."""
        return max(self.minimum, min(self.maximum, value))

    def plain(self) -> dict[str, Any]:
        """Return it as stored and exported."""
        return {
            "dial": self.key,
            "title": self.title,
            "low": self.low,
            "high": self.high,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "step": self.step,
        }


AFFECT = Dial("affect", "Affect", "unpleasant", "pleasant")
ACTIVATION = Dial("activation", "Activation", "calm", "activated")
STANDARD_DIALS = (AFFECT, ACTIVATION)


@dataclass(frozen=True, slots=True)
class RatingSetup:
    """Who rates on which dials. `name` says who somebody else is; `study` names a study it is made for."""

    rater: Rater
    dials: tuple[Dial, ...] = (AFFECT,)
    name: str = ""
    study: str = ""

    def plain(self) -> dict[str, Any]:
        """Return it as stored and exported."""
        dials = [dial.plain() for dial in self.dials]
        return {"rater": str(self.rater), "name": self.name, "study": self.study, "dials": dials}

    def dial(self, key: str) -> Dial:
        """Return one dial by its key; raises UsageError."""
        for dial in self.dials:
            if dial.key == key:
                return dial
        raise UsageError(f"There is no dial “{key}” here, but: {', '.join(dial.key for dial in self.dials)}.")


def setup_from_plain(plain: Mapping[str, Any]) -> RatingSetup:
    """Read what `RatingSetup.plain` wrote."""
    dials = [{**row, "key": row["dial"]} for row in plain["dials"]]
    for row in dials:
        del row["dial"]
    return RatingSetup(
        Rater(plain["rater"]), tuple(Dial(**row) for row in dials), plain["name"], plain["study"]
    )


def check_setup(setup: RatingSetup) -> RatingSetup:
    """Return the set-up if it can be rated with; raises UsageError saying what to change."""
    keys = [dial.key for dial in setup.dials]
    if not 1 <= len(keys) <= MOST_DIALS:
        raise UsageError("Rate with one dial, or with two.")
    if len(set(keys)) < len(keys):
        raise UsageError("The two dials have the same name. Give one of them another.")
    for dial in setup.dials:
        _check_dial(dial)
    if not (setup.name + setup.study).isprintable() or max(len(setup.name), len(setup.study)) > 80:
        raise UsageError("A name is at most 80 letters on one line.")
    return setup


def _check_dial(dial: Dial) -> None:
    words = ((dial.title, _TITLE), (dial.low, _ANCHOR), (dial.high, _ANCHOR))
    if any(not text.strip() or not text.isprintable() or len(text) > most for text, most in words):
        raise UsageError(
            f"A dial needs a name of at most {_TITLE} letters, and a word of at most {_ANCHOR} for each end."
        )
    if dial.low.strip().casefold() == dial.high.strip().casefold():
        raise UsageError(f"The two ends of “{dial.title}” have the same word. Give them opposite ones.")
    if not LOWEST <= dial.minimum < dial.maximum <= HIGHEST or not 1 <= dial.step <= _STEP:
        raise UsageError(f"A dial goes from {LOWEST} to {HIGHEST} at most, in steps of 1 to {_STEP}.")


def own_dial(title: str, low: str, high: str, step: int = AFFECT.step) -> Dial:
    """Make a dial in one's own words; its key is made of the title."""
    words = "".join(letter if letter.isalnum() else " " for letter in title.lower()).split()
    return Dial("-".join(words)[:_TITLE] or "dial", title.strip(), low.strip(), high.strip(), step=step)


def parse_dial(text: str) -> Dial:
    """Read `affect`, `activation`, or one's own words as `Closeness=distant..close`; raises UsageError."""
    name, equals, ends = text.partition("=")
    standard = {dial.key: dial for dial in STANDARD_DIALS}.get(name.strip().casefold())
    low, dots, high = ends.partition("..")
    if not equals and standard is not None:
        return standard
    if not dots:
        known = ", ".join(dial.key for dial in STANDARD_DIALS)
        raise UsageError(f"“{text}” is not a dial. Write {known}, or your own: Closeness=distant..close")
    return own_dial(standard.title if standard is not None else name, low, high)
