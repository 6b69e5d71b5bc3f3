"""A reading copy: a session's words, and what was recalled about them beside them, ready to be set."""

from dataclasses import dataclass
from enum import StrEnum


class LineKind(StrEnum):
    """What a line of a reading copy is; each way of setting it knows them all."""

    SAID = "said"
    PAUSE = "pause"
    DELETED = "deleted"
    APART = "apart"  # not part of this recall
    STOP = "stop"
    OVER = "over"  # said while the tape ran
    PROMPT = "prompt"
    RATING = "rating"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph: when (a clock), who, what; `tags` are short words such as `then` or a code's label.

    `mute` says that the text is ours and not what somebody said.
    """

    kind: LineKind
    text: str = ""
    clock: str = ""
    who: str = ""
    tags: tuple[str, ...] = ()

    @property
    def mute(self) -> bool:
        """Whether the text is the program's own."""
        return self.kind not in (LineKind.SAID, LineKind.OVER)


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A stretch of the session with its words, and for each recall what was recalled about it."""

    clock: str
    session: tuple[Line, ...]
    recalled: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a heading: `name`, and what there is to say of it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class RecallHeading:
    """What is said above about one recall; `column` heads its column."""

    column: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class ReadingCopy:
    """Everything a reading copy shows, in the order in which it is read.

    `language` is that of the session's words (empty: unknown); the copy's own words are English.
    """

    title: str
    language: str
    facts: tuple[Fact, ...]
    recalls: tuple[RecallHeading, ...]
    notices: tuple[str, ...]
    legend: tuple[Fact, ...]
    prompts: tuple[Fact, ...]
    rows: tuple[CopyRow, ...]
