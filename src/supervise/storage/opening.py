"""Opening a vault: from a header and a secret to keys, database and profile."""

import logging
from dataclasses import dataclass
from pathlib import Path

import sqlite_utils

from supervise.crypto.keys import subkey
from supervise.domain.errors import DamagedError, UsageError, WrongKeyError
from supervise.domain.moments import Profile
from supervise.storage import profiles
from supervise.storage.creation import DATABASE_NAME, INBOX_NAME, MEDIA_NAME
from supervise.storage.database import connect
from supervise.storage.files import make_folder, refuse_link
from supervise.storage.header import (
    PASSPHRASE,
    Header,
    Keys,
    Slot,
    ways_in,
)
from supervise.storage.header_change import header_in_force, settle
from supervise.storage.holding import is_held
from supervise.storage.migrations import forget_words_wholly, migrate, refuse_newer, schema_number
from supervise.storage.wal import keep_damaged_wal

_log = logging.getLogger(__name__)
_FIRST_PAGE = "The vault's database is missing or damaged at its root. Restore the vault from a backup."
_REPLACED = "This passphrase or recovery key has been replaced by a newer one. Use the new one."


@dataclass(frozen=True, slots=True)
class Entrance:
    """What an opening found."""

    header: Header
    profile: Profile
    keys: Keys
    db: sqlite_utils.Database

    def __repr__(self) -> str:
        """Show no key and no person."""
        return "Entrance(...)"


def enter(
    folder: Path, header: Header, kind: str, secret: str, profile_name: str | None, *, beside: bool
) -> Entrance:
    """Try the slots of one kind with `secret`; without a name, the first passphrase slot only.

    Raises WrongKeyError, UsageError for a name that no profile has, DamagedError.
    """
    for name in (DATABASE_NAME, f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm", MEDIA_NAME, INBOX_NAME):
        refuse_link(folder / name)
    if not beside:
        _tidy(folder)
    first = profile_name is None and kind == PASSPHRASE
    refusal: Exception | None = None
    for slot, keys in ways_in(header, kind, secret, first=first):
        db = _connect(folder, keys, beside=beside)
        try:
            return _check(folder, db, slot, keys, profile_name, beside=beside)
        except (WrongKeyError, UsageError) as error:
            db.close()
            refusal = error
        except BaseException:
            db.close()
            raise
    raise refusal or WrongKeyError(_REPLACED)


def _tidy(folder: Path) -> None:
    """As the holder: make folders good that somebody removed, and drop what a killed writer left."""
    for name in (MEDIA_NAME, INBOX_NAME):
        make_folder(folder / name)
    for left in folder.glob(".vault.*.new"):
        left.unlink()


def _connect(folder: Path, keys: Keys, *, beside: bool) -> sqlite_utils.Database:
    path = folder / DATABASE_NAME
    if not path.is_file():
        raise DamagedError(_FIRST_PAGE)
    if not (beside and is_held(folder)):
        keep_damaged_wal(path)
    key = subkey(keys.master, "database")
    try:
        db = connect(path, key, read_only=beside)
    except DamagedError as error:
        raise DamagedError(_FIRST_PAGE) from error
    try:
        if schema_number(db) == 0:  # an empty file is a valid empty database, never a vault's
            raise DamagedError(_FIRST_PAGE)
        if beside:
            refuse_newer(db)
        else:
            migrate(db, path, key)
            forget_words_wholly(db)
    except BaseException:
        db.close()
        raise
    return db


def _check(
    folder: Path, db: sqlite_utils.Database, slot: Slot, keys: Keys, profile_name: str | None, *, beside: bool
) -> Entrance:
    header = header_in_force(folder, db) if beside else settle(folder, db)
    profile = profiles.get(db, slot.profile)
    if profile is None:
        raise WrongKeyError(_REPLACED)
    if profile_name is not None:
        wanted = profiles.find(db, profile_name)
        if wanted is None:
            raise UsageError("There is no profile of that name in this vault. See “supervise profile list”.")
        if wanted.profile != profile.profile:
            raise WrongKeyError(f"The passphrase is not the one of {wanted.name}.")
    if slot not in header.slots:
        raise WrongKeyError(_REPLACED)
    return Entrance(header, profile, keys, db)
