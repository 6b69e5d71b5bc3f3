"""A recording on its way to become a session: its gaps, its live marks, and what the client asked for."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class GapReason(StrEnum):
    """Why sound is missing at a place."""

    PAUSE = "pause"
    DEVICE = "device"  # the device, or the sound server, went away and came back
    ASLEEP = "asleep"  # computer or program stood still
    OVERRUN = "overrun"  # this program did not keep up


@dataclass(frozen=True, slots=True)
class Gap:
    """At `start_ms` of the sound, `lost_ms` of the meeting are missing; nothing is put in their place."""

    start_ms: int
    lost_ms: int
    reason: GapReason

    def plain(self) -> dict[str, Any]:
        """Return JSON-able values; `gap_from_plain` reads them back."""
        return {"start_ms": self.start_ms, "lost_ms": self.lost_ms, "reason": self.reason.value}


def gap_from_plain(plain: dict[str, Any]) -> Gap:
    """Read what `Gap.plain` wrote."""
    return Gap(plain["start_ms"], plain["lost_ms"], GapReason(plain["reason"]))


@dataclass(frozen=True, slots=True)
class LiveMark:
    """A point set while recording; its meaning is added later. `at_ms` is on the recording's own sound."""

    mark: str
    at_ms: int
    author: str
    perspective: str
    codebook: str
    created_at: str

    def plain(self) -> dict[str, Any]:
        """Return JSON-able values; `LiveMark(**values)` reads them back."""
        return {name: getattr(self, name) for name in self.__slots__}


class Wish(StrEnum):
    """What is to become of the sound when a recording ends."""

    KEEP = "keep"
    DELETE_LAST = "delete_last"
    DELETE_ALL = "delete_all"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the client asked for, when, and (DELETE_LAST) how many minutes before the end are to go."""

    wish: Wish
    asked_at: str
    minutes: float = 0.0

    def plain(self) -> dict[str, Any]:
        """Return JSON-able values; `asked_from_plain` reads them back."""
        return {"wish": self.wish.value, "asked_at": self.asked_at, "minutes": self.minutes}


def asked_from_plain(plain: dict[str, Any]) -> Asked:
    """Read what `Asked.plain` wrote."""
    return Asked(Wish(plain["wish"]), plain["asked_at"], plain["minutes"])
