"""The profiles of a vault as rows: who works in it, in the order they came."""

import sqlite_utils

from supervise.domain.errors import UsageError
from supervise.domain.ids import ProfileId
from supervise.domain.moments import Perspective, Profile
from supervise.domain.times import now_utc
from supervise.storage.database import transaction

_MOST_LETTERS = 60
_COLUMNS = "SELECT id, name, role, created_at, slot FROM profiles"


def new_profile(profile: ProfileId, name: str, role: Perspective) -> Profile:
    """Return a profile with a checked name; raises UsageError for an empty or endless one."""
    trimmed = " ".join(name.split())
    if not 1 <= len(trimmed) <= _MOST_LETTERS:
        raise UsageError(f"A profile's name has 1 to {_MOST_LETTERS} letters.")
    return Profile(profile, trimmed, role, now_utc(), slot=profile)


def add(db: sqlite_utils.Database, profile: Profile) -> None:
    """Insert a profile; raises UsageError when the name is taken, whatever its capitals."""
    with transaction(db):
        if find(db, profile.name) is not None:
            raise UsageError(f"There is a profile called {profile.name} already. Choose another name.")
        db.conn.execute(
            "INSERT INTO profiles (id, name, role, slot, created_at) VALUES (?,?,?,?,?)",
            (profile.profile, profile.name, profile.role.value, profile.slot, profile.created_at),
        )


def every(db: sqlite_utils.Database) -> list[Profile]:
    """Return all profiles, oldest first."""
    return [_profile(row) for row in db.conn.execute(f"{_COLUMNS} ORDER BY created_at, rowid")]


def get(db: sqlite_utils.Database, profile: str) -> Profile | None:
    """Return the profile with that id, or None."""
    row = db.conn.execute(f"{_COLUMNS} WHERE id = ?", (profile,)).fetchone()
    return _profile(row) if row else None


def find(db: sqlite_utils.Database, name: str) -> Profile | None:
    """Return the profile with that name, whatever its capitals, or None."""
    wanted = " ".join(name.split()).casefold()
    return next((profile for profile in every(db) if profile.name.casefold() == wanted), None)


def _profile(row: tuple[str, str, str, str, str]) -> Profile:
    return Profile(ProfileId(row[0]), row[1], Perspective(row[2]), row[3], row[4])
