"""A moment: a point or span on a session's time line with codes, a note, an author and a view."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from supervise.domain.codebook import Codebook, check_rating
from supervise.domain.errors import UsageError
from supervise.domain.ids import CommentId, MomentId, ProfileId, SessionId

FLAG = "wf.flag"
REDACT = "wf.redact"
Rating = int | float | str


class Perspective(StrEnum):
    """From whose seat a moment was made; side by side, differing perspectives are the finding."""

    THERAPIST = "therapist"
    SUPERVISOR = "supervisor"
    CLIENT = "client"
    RESEARCHER = "researcher"


@dataclass(frozen=True, slots=True)
class MomentCode:
    """One code on a moment with its ratings, attribute name to value."""

    code: str
    ratings: tuple[tuple[str, Rating], ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """A marked moment; `end_ms` is None for a point or while the end is still open.

    `codebook` is `id@version`, what the codes meant when the moment was made. A private moment is
    sealed with its author's own key.
    """

    moment: MomentId
    session: SessionId
    start_ms: int
    end_ms: int | None
    codes: tuple[MomentCode, ...]
    note: str
    author: ProfileId
    perspective: Perspective
    codebook: str
    created_at: str
    changed_at: str
    private: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """What one profile wrote about another's moment."""

    comment: CommentId
    moment: MomentId
    author: ProfileId
    text: str
    created_at: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A person who works in the vault; `role` is the perspective their moments carry."""

    profile: ProfileId
    name: str
    role: Perspective
    created_at: str
    slot: str = field(default="")


def plain_moment(moment: Moment) -> dict[str, object]:
    """Return the moment as JSON-able values; `moment_from_plain` reads it back."""
    return {
        "moment": moment.moment,
        "session": moment.session,
        "start_ms": moment.start_ms,
        "end_ms": moment.end_ms,
        "codes": plain_codes(moment.codes),
        "note": moment.note,
        "author": moment.author,
        "perspective": moment.perspective.value,
        "codebook": moment.codebook,
        "created_at": moment.created_at,
        "changed_at": moment.changed_at,
        "private": moment.private,
    }


def moment_from_plain(plain: Mapping[str, Any]) -> Moment:
    """Read what `plain_moment` wrote; unknown keys are ignored, so that newer rows stay readable."""
    return Moment(
        moment=MomentId(plain["moment"]),
        session=SessionId(plain["session"]),
        start_ms=plain["start_ms"],
        end_ms=plain["end_ms"],
        codes=codes_from_plain(plain["codes"]),
        note=plain["note"],
        author=ProfileId(plain["author"]),
        perspective=Perspective(plain["perspective"]),
        codebook=plain["codebook"],
        created_at=plain["created_at"],
        changed_at=plain["changed_at"],
        private=bool(plain["private"]),
    )


def plain_codes(codes: Iterable[MomentCode]) -> list[dict[str, object]]:
    """Return codes with ratings as JSON-able values."""
    return [{"code": entry.code, "ratings": dict(entry.ratings)} for entry in codes]


def codes_from_plain(plain: Iterable[Mapping[str, Any]]) -> tuple[MomentCode, ...]:
    """Read what `plain_codes` wrote; ratings come back sorted by name."""
    return tuple(MomentCode(entry["code"], tuple(sorted(entry["ratings"].items()))) for entry in plain)


def check_moment(moment: Moment, codebook: Codebook, duration_ms: int) -> None:
    """Raise UsageError unless the moment lies on the session and its codes and ratings exist."""
    check_place(moment, duration_ms)
    if not moment.codes:
        raise UsageError("A moment needs at least one code; use wf.flag to decide later.")
    if len({entry.code for entry in moment.codes}) != len(moment.codes):
        raise UsageError("A moment carries each code once.")
    for entry in moment.codes:
        code = codebook.code(entry.code)
        for name, value in entry.ratings:
            if name not in code.rates:
                raise UsageError(f"The code {code.code} has no attribute “{name}”.")
            check_rating(codebook.scale(name), value)


def check_place(moment: Moment, duration_ms: int) -> None:
    """Raise UsageError unless start and end lie on the session."""
    if not 0 <= moment.start_ms <= duration_ms:
        raise UsageError("The moment lies outside the session.")
    if moment.end_ms is not None and not moment.start_ms < moment.end_ms <= duration_ms:
        raise UsageError("A moment must end after it starts and before the session is over.")


def check_owner(moment: Moment, profile: ProfileId) -> None:
    """Raise UsageError unless `profile` made the moment; others comment instead."""
    if moment.author != profile:
        raise UsageError("Only the person who made a moment can change it. You can comment on it.")
