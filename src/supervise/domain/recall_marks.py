"""Marks on a recall: what was recalled in a span of it, from then or from now, and how it was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from supervise.domain.codebook import Code, Codebook, check_rating
from supervise.domain.errors import UsageError
from supervise.domain.ids import ProfileId, RecallId, RecallMarkId, SessionId
from supervise.domain.moments import MomentCode, Perspective, codes_from_plain, plain_codes

DRIFT = "ip.drift"
NOTE_LIMIT = 20_000
_MADE_BY_THE_RECALL = ("ip.stop", "ip.stop_q")  # stops are stops, and never marked by hand


class About(StrEnum):
    """Whose words a mark is about: what was recalled, or how it was asked."""

    RECALLER = "recaller"
    INQUIRER = "inquirer"


class TimeFrame(StrEnum):
    """Whether a comment tells what went on then (there-and-then) or what is thought of it now."""

    OPEN = ""
    THEN = "then"
    NOW = "now"


_LETTER = {About.RECALLER: "R", About.INQUIRER: "Q"}


@dataclass(frozen=True, slots=True)
class RecallMark:
    """A mark on the recall's own time line, both ends in ms; a point ends where it starts.

    `codebook` is `id@version`, what the codes meant when the mark was made.
    """

    mark: RecallMarkId
    recall: RecallId
    session: SessionId
    author: ProfileId
    perspective: Perspective
    about: About
    start_ms: int
    end_ms: int
    time_frame: TimeFrame
    codes: tuple[MomentCode, ...]
    note: str
    codebook: str
    created_at: str
    changed_at: str

    @property
    def says_something(self) -> bool:
        """Whether there is a code, a note or a time frame."""
        return bool(self.codes or self.note.strip() or self.time_frame)


def plain_recall_mark(mark: RecallMark) -> dict[str, object]:
    """Return a mark as JSON-able values; `recall_mark_from_plain` reads them back."""
    return {
        "mark": mark.mark,
        "recall": mark.recall,
        "session": mark.session,
        "author": mark.author,
        "perspective": mark.perspective.value,
        "about": mark.about.value,
        "start_ms": mark.start_ms,
        "end_ms": mark.end_ms,
        "time_frame": mark.time_frame.value,
        "codes": plain_codes(mark.codes),
        "note": mark.note,
        "codebook": mark.codebook,
        "created_at": mark.created_at,
        "changed_at": mark.changed_at,
    }


def recall_mark_from_plain(plain: Mapping[str, Any]) -> RecallMark:
    """Read what `plain_recall_mark` wrote; unknown keys are ignored, so that newer rows stay readable."""
    known = {name: value for name, value in plain.items() if name in RecallMark.__slots__}
    return RecallMark(
        **{
            **known,
            "perspective": Perspective(known["perspective"]),
            "about": About(known["about"]),
            "time_frame": TimeFrame(known["time_frame"]),
            "codes": codes_from_plain(known["codes"]),
        }
    )


def recall_codes(codebook: Codebook, about: About) -> tuple[Code, ...]:
    """Return the codes a recall can be marked with: of the recaller's words, or of the inquirer's."""
    letter = _LETTER[about]
    return tuple(
        code
        for code in codebook.codes
        if letter in code.speakers and code.code not in (*_MADE_BY_THE_RECALL, DRIFT)
    )


def check_recall_mark(mark: RecallMark, codebook: Codebook, duration_ms: int) -> None:
    """Raise UsageError unless the mark lies on the recall, says something, and its codes fit `about`."""
    check_place(mark, duration_ms)
    if not mark.says_something:
        raise UsageError("A mark needs a code, a note, or whether this is from then or from now.")
    if len({entry.code for entry in mark.codes}) != len(mark.codes):
        raise UsageError("A mark carries each code once.")
    _check_codes(mark, codebook)
    if mark.time_frame is TimeFrame.THEN and any(entry.code == DRIFT for entry in mark.codes):
        raise UsageError(f"{DRIFT} says that this is from now; it cannot be from then as well.")


def _check_codes(mark: RecallMark, codebook: Codebook) -> None:
    for entry in mark.codes:
        code = codebook.code(entry.code)
        if _LETTER[mark.about] not in code.speakers or code.code in _MADE_BY_THE_RECALL:
            fit = ", ".join(code.code for code in recall_codes(codebook, mark.about))
            raise UsageError(
                f"The code {code.code} is not one for what the {mark.about} says in a recall. "
                + (f"These are: {fit}." if fit else "This codebook has none: load one that has.")
            )
        for name, value in entry.ratings:
            if name not in code.rates:
                raise UsageError(f"The code {code.code} has no attribute “{name}”.")
            check_rating(codebook.scale(name), value)


def check_place(mark: RecallMark, duration_ms: int) -> None:
    """Raise UsageError unless both ends lie on the recall."""
    if not 0 <= mark.start_ms <= mark.end_ms <= duration_ms:
        raise UsageError("The mark lies outside the recall, or ends before it starts.")


def check_author(mark: RecallMark, profile: ProfileId) -> None:
    """Raise UsageError unless `profile` made the mark."""
    if mark.author != profile:
        raise UsageError("Only the person who made a mark can change it. You can make one of your own.")


def about_of(codebook: Codebook, codes: Sequence[str]) -> About:
    """Return whose words codes are about: the inquirer's when they are codes of the inquirer's alone."""
    speakers = {letter for code in codes for letter in codebook.code(code).speakers}
    return About.INQUIRER if speakers == {_LETTER[About.INQUIRER]} else About.RECALLER
