"""A write-up: what somebody takes with them from a recall, in their own words, apart from any judging."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from supervise.domain.errors import UsageError
from supervise.domain.ids import ProfileId, RecallId, SessionId, WriteUpId

TEXT_LIMIT = 50_000


@dataclass(frozen=True, slots=True)
class WriteUp:
    """One person's write-up of one recall; a private one is sealed with its author's own key."""

    write_up: WriteUpId
    recall: RecallId
    session: SessionId
    author: ProfileId
    text: str
    private: bool
    created_at: str
    changed_at: str


def plain_write_up(entry: WriteUp) -> dict[str, object]:
    """Return a write-up as JSON-able values; `write_up_from_plain` reads them back."""
    return {
        "write_up": entry.write_up,
        "recall": entry.recall,
        "session": entry.session,
        "author": entry.author,
        "text": entry.text,
        "private": entry.private,
        "created_at": entry.created_at,
        "changed_at": entry.changed_at,
    }


def write_up_from_plain(plain: Mapping[str, Any]) -> WriteUp:
    """Read what `plain_write_up` wrote; unknown keys are ignored."""
    return WriteUp(**{name: value for name, value in plain.items() if name in WriteUp.__slots__})


def checked_text(text: str) -> str:
    """Return the text as it is kept; raises UsageError when it is too long."""
    if len(text) > TEXT_LIMIT:
        raise UsageError(f"A write-up may have at most {TEXT_LIMIT} letters.")
    return text.replace("\0", "").rstrip()
