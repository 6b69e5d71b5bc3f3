"""Backup beside a running holder, and restoring with proof: whole or nothing."""

import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import sqlite_utils

from supervise.crypto.space import minding_space
from supervise.domain.errors import CancelledError, DamagedError, UsageError, VaultInUseError
from supervise.domain.ids import ClientId, SessionId
from supervise.storage import destruction, meta
from supervise.storage.copies import BACKUP, new_copy, tell_of_copy
from supervise.storage.creation import (
    DATABASE_NAME,
    INBOX_NAME,
    MEDIA_NAME,
    check_target,
    put_in_place,
    staging_folder,
)
from supervise.storage.database import connect, transaction
from supervise.storage.files import create_file, make_folder, open_file, refuse_link, sync_folder, write_all
from supervise.storage.header import NAME, PASSPHRASE, SPARE_NAME, read_header, ways_in
from supervise.storage.header_change import confirm, forget, header_in_force, kept_header
from supervise.storage.holding import is_held
from supervise.storage.recall_destruction import RecallIds
from supervise.storage.vault import Vault
from supervise.storage.verify import VerifyReport, verify

Report = Callable[[int], None]
Cancelled = Callable[[], bool]
_PIECE_BYTES = 1 << 20
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a copy must not hold: sessions, and clients whose unfinished recordings stay out too.

    `recalls` are those of other sessions, with interviews and ratings; `words` sessions whose transcripts,
    and those of their recalls, stay out.
    """

    sessions: tuple[SessionId, ...] = ()
    clients: tuple[ClientId, ...] = ()
    recalls: tuple[tuple[SessionId, RecallIds], ...] = ()
    words: tuple[SessionId, ...] = ()

    @property
    def recall_count(self) -> int:
        """How many recalls, interviews and ratings of sessions that are in the copy are not."""
        return sum(len(ids) for _, ids in self.recalls)


def backup(
    vault: Vault, target: Path, report: Report, cancelled: Cancelled, left_out: LeftOut | None = None
) -> None:
    """Copy the vault as it is at one instant to a new folder, while its holder goes on working.

    The copy is a vault itself, opened by the same passphrases. Progress in permille. The log gets a line,
    and the list of copies an entry.
    Raises UsageError (something is at `target`), NoSpaceError, DamagedError, CancelledError; nothing is left.
    """
    folder = target.expanduser().resolve()
    _refuse_inside(folder, vault.path)
    check_target(folder)
    staging = staging_folder(folder)
    try:
        count = _Copying(vault, staging, report, cancelled, left_out or LeftOut()).run()
        put_in_place(staging, folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    report(1000)
    vault.log("backup", detail=f"{count} media")
    tell_of_copy(vault, new_copy("", BACKUP, vault.profile.profile, str(folder)))


def _refuse_inside(folder: Path, vault: Path) -> None:
    if folder == vault or vault in folder.parents:
        raise UsageError("A backup cannot be kept inside the vault itself. Choose another folder.")


class _Copying:
    """One backup into a staging folder."""

    def __init__(
        self, vault: Vault, staging: Path, report: Report, cancelled: Cancelled, left_out: LeftOut
    ) -> None:
        self._vault = vault
        self._staging = staging
        self._left_out = left_out
        self._pieces = _Pieces(report, cancelled)

    def run(self) -> int:
        """Copy everything and return the number of media.

        The inbox goes first: an entry taken in meanwhile is marked so in the database copied after it.
        """
        for name in (MEDIA_NAME, INBOX_NAME):
            make_folder(self._staging / name)
        self._copy_inbox()
        wanted = self._copy_consistently()
        kept = self._staging / MEDIA_NAME
        for left in kept.iterdir():
            if left.name not in wanted:
                left.unlink()
        for folder in (kept, self._staging / INBOX_NAME, self._staging):
            sync_folder(folder)
        return len(wanted)

    def _copy_consistently(self) -> set[str]:
        """Copy the database and then its media; begin again when the holder deleted a session in between."""
        for _ in range(_ATTEMPTS):
            sizes = self._copy_database()
            self._pieces.total_bytes = sum(sizes.values()) or 1
            missing = [name for name in sizes if not self._copy_medium(name)]
            if not missing or self._still_wanted(missing):
                return set(sizes)
        raise VaultInUseError("The vault changed all the time while it was copied. Try again in a moment.")

    def _copy_database(self) -> dict[str, int]:
        """Snapshot the database in one step, and its header; return media names and sizes."""
        path = self._staging / DATABASE_NAME
        for old in self._staging.glob(f"{DATABASE_NAME}*"):
            old.unlink()
        create_file(path).close()
        copy = connect(path, self._vault.database_key)
        try:
            with minding_space():
                self._vault.db.conn.backup(copy.conn)
            # One plain file, which opens from a read-only disk too.
            copy.conn.execute("PRAGMA journal_mode=DELETE").fetchall()
            self._write_header(copy)
            self._leave_out(copy)
            return self._media_of(copy)
        finally:
            copy.close()

    def _leave_out(self, copy: sqlite_utils.Database) -> None:
        """Take out of the copied database what must not be in it, without a trace."""
        left_out = self._left_out
        if not (left_out.sessions or left_out.clients or left_out.recalls or left_out.words):
            return
        with transaction(copy):
            for session in left_out.sessions:
                destruction.delete_session(copy, session)
            for session, ids in left_out.recalls:
                destruction.delete_recalls(copy, session, ids)
                for recall in ids.recalls:  # it is not destroyed: it is in the vault, and not here
                    copy.execute("DELETE FROM recalls WHERE id = ?", [recall])
            for client in left_out.clients:
                destruction.delete_unfinished_recordings(copy, client)
            for session in left_out.words:
                destruction.delete_transcripts(copy, session)
            meta.remove(copy, destruction.PURGE_DUE)
            copy.execute("INSERT INTO search(search) VALUES ('rebuild')")
        copy.conn.execute("VACUUM")

    def _write_header(self, copy: sqlite_utils.Database) -> None:
        """Write the header that the copied database goes with, and leave no change half-made in it."""
        if header_in_force(self._vault.path, copy) != kept_header(copy):
            confirm(copy)
        forget(copy)
        kept_header(copy).write(self._staging)

    def _media_of(self, copy: sqlite_utils.Database) -> dict[str, int]:
        rows = copy.conn.execute("SELECT id, size_bytes FROM media WHERE wrapped_key IS NOT NULL").fetchall()
        sizes = {f"{row[0]}.sealed": int(row[1]) for row in rows}
        spoken_of = " ".join(json.dumps(entry.payload) for entry in self._vault.pending_entries())
        for path in (self._vault.path / MEDIA_NAME).glob("*.sealed"):
            if path.stem in spoken_of:
                sizes.setdefault(path.name, 0)
        return sizes

    def _copy_medium(self, name: str) -> bool:
        """Copy one file unless it is there from an earlier attempt; False when the source is gone."""
        target = self._staging / MEDIA_NAME / name
        if target.exists():
            return True
        try:
            self._pieces.copy(self._vault.path / MEDIA_NAME / name, target)
        except FileNotFoundError:
            return False
        return True

    def _still_wanted(self, missing: Iterable[str]) -> bool:
        """Whether the live vault still lists a missing file: then it is damaged, and the rest is copied."""
        rows = self._vault.db.conn.execute("SELECT id FROM media WHERE wrapped_key IS NOT NULL").fetchall()
        listed = {f"{row[0]}.sealed" for row in rows}
        return all(name in listed for name in missing)

    def _copy_inbox(self) -> None:
        for source in sorted((self._vault.path / INBOX_NAME).glob("[!.]*.sealed")):
            target = self._staging / INBOX_NAME / source.name
            try:
                self._pieces.copy(source, target)
            except FileNotFoundError:
                target.unlink(missing_ok=True)


class _Pieces:
    """Copies files piece by piece, asking between pieces whether to go on."""

    def __init__(self, report: Report, cancelled: Cancelled) -> None:
        self._report = report
        self._cancelled = cancelled
        self._done_bytes = 0
        self.total_bytes = 1

    def copy(self, source: Path, target: Path) -> None:
        """Copy a file and return when it is on the disk; raises FileNotFoundError when the source is gone."""
        with open_file(source) as stream, create_file(target) as out, minding_space():
            while piece := stream.read(_PIECE_BYTES):
                if self._cancelled():
                    raise CancelledError("Stopped. Nothing was copied.")
                write_all(out, piece)
                self._done_bytes += len(piece)
                self._report(min(999, self._done_bytes * 1000 // self.total_bytes))
            os.fsync(out.fileno())


def restore(
    source: Path,
    target: Path,
    passphrase: str,
    report: Report,
    cancelled: Cancelled,
) -> VerifyReport:
    """Copy a backup (or a closed vault) to a new folder, open it there and verify it.

    A backup with damage is restored with what is whole; the report names the rest. Raises UsageError
    (something is at `target`), NotReadableError (no vault at `source`), WrongKeyError, DamagedError (it
    does not open), VaultInUseError, NoSpaceError, CancelledError; nothing is left then.
    """
    origin, folder = source.expanduser().resolve(), target.expanduser().resolve()
    _refuse_inside(folder, origin)
    check_target(folder)
    _try_passphrase(origin, passphrase)
    staging = staging_folder(folder)
    try:
        _copy_folder(origin, staging, report, cancelled)
        with Vault.open(staging, passphrase) as vault:
            found = verify(vault, lambda permille: report(500 + permille // 2), cancelled)
            vault.log("restore", detail=f"{len(found.damaged)} damaged")
        put_in_place(staging, folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return found


def _try_passphrase(origin: Path, passphrase: str) -> None:
    """Find out at once what would otherwise show after copying for minutes."""
    header = read_header(origin)
    if is_held(origin):
        message = "This vault is open in another window or command. Make a backup of it, and restore that."
        raise VaultInUseError(message)
    next(ways_in(header, PASSPHRASE, passphrase, first=True))


def _copy_folder(origin: Path, staging: Path, report: Report, cancelled: Cancelled) -> None:
    names = [NAME, SPARE_NAME, DATABASE_NAME, f"{DATABASE_NAME}-wal"]
    sources = [origin / name for name in names if os.path.lexists(origin / name)]
    for name in (MEDIA_NAME, INBOX_NAME):
        refuse_link(origin / name)
        make_folder(staging / name)
        sources += (origin / name).glob("[!.]*.sealed") if (origin / name).is_dir() else []
    pieces = _Pieces(lambda permille: report(permille // 2), cancelled)
    pieces.total_bytes = sum(path.lstat().st_size for path in sources) or 1
    for path in sources:
        try:
            pieces.copy(path, staging / path.relative_to(origin))
        except DamagedError:
            continue
    for folder in (staging / MEDIA_NAME, staging / INBOX_NAME, staging):
        sync_folder(folder)
