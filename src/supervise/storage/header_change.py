"""Changing the header so that a kill at any moment leaves the old ways in or the new, never a mixture.

The new text is announced in the database, written to the files, and then confirmed in the database. Whoever
opens the vault next finishes an announced change that has reached a file, and forgets one that has not.
"""

import logging
from pathlib import Path

import sqlite_utils

from supervise.domain.errors import DamagedError, NoSpaceError
from supervise.domain.moments import Profile
from supervise.storage import meta, profiles
from supervise.storage.database import transaction
from supervise.storage.files import read_file
from supervise.storage.header import MOST_HEADER_BYTES, NAME, SPARE_NAME, Header, parse_header

_log = logging.getLogger(__name__)


def announce(db: sqlite_utils.Database, header: Header, added: Profile | None) -> None:
    """Say in the database which header comes next, with the profile that it brings if any."""
    with transaction(db):
        meta.write(db, meta.HEADER_NEXT, header.to_bytes())
        if added is not None:
            profiles.add(db, added)


def write_files(folder: Path, db: sqlite_utils.Database, header: Header) -> None:
    """Write the announced header; raises NoSpaceError with the old one still in force."""
    try:
        header.write(folder)
    except NoSpaceError:
        if header_texts(folder)[NAME] != header.to_bytes():
            forget(db)
            raise
        _log.warning("the spare header could not be written; the next opening does it")


def confirm(db: sqlite_utils.Database) -> None:
    """Make the announced header the one in force."""
    with transaction(db):
        announced = meta.find(db, meta.HEADER_NEXT)
        if announced is not None:
            meta.write(db, meta.HEADER, announced)
            meta.remove(db, meta.HEADER_NEXT)


def forget(db: sqlite_utils.Database) -> None:
    """Take an announced change back, with the profile it would have brought: nobody could have used it."""
    with transaction(db):
        announced = meta.find(db, meta.HEADER_NEXT)
        if announced is None:
            return
        kept = {slot.profile for slot in parse_header(meta.read(db, meta.HEADER)).slots}
        for profile in {slot.profile for slot in parse_header(announced).slots} - kept:
            db.conn.execute("DELETE FROM profiles WHERE id = ?", (profile,))
        meta.remove(db, meta.HEADER_NEXT)


def header_in_force(folder: Path, db: sqlite_utils.Database) -> Header:
    """Return the header that counts: an announced one if a file has it already, else the confirmed one."""
    announced = meta.find(db, meta.HEADER_NEXT)
    if announced is not None and announced in header_texts(folder).values():
        return parse_header(announced)
    return kept_header(db)


def settle(folder: Path, db: sqlite_utils.Database) -> Header:
    """As the holder: finish or forget a change cut off, put files right; return what is in force."""
    header = header_in_force(folder, db)
    if meta.find(db, meta.HEADER_NEXT) == header.to_bytes():
        confirm(db)
    else:
        forget(db)
    if any(text != header.to_bytes() for text in header_texts(folder).values()):
        _log.warning("the vault's header differed from the database and was put back")
        header.write(folder)
    return header


def kept_header(db: sqlite_utils.Database) -> Header:
    """Return the header as the database has it, which decides when the files differ."""
    return parse_header(meta.read(db, meta.HEADER))


def damaged_texts(folder: Path, db: sqlite_utils.Database) -> list[str]:
    """Return the names of header files that are neither what is in force nor a change under way."""
    known = {meta.read(db, meta.HEADER), meta.find(db, meta.HEADER_NEXT)}
    return [name for name, text in header_texts(folder).items() if text not in known]


def header_texts(folder: Path) -> dict[str, bytes]:
    """Return what the header's two files hold, by name; empty for one that cannot be read."""
    return {name: _text(folder / name) for name in (NAME, SPARE_NAME)}


def _text(path: Path) -> bytes:
    try:
        return read_file(path, MOST_HEADER_BYTES)
    except (OSError, DamagedError):
        return b""
