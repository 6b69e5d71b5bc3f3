"""The vault: one sealed folder, opened by one profile at a time in one process."""

import errno
import logging
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import sqlite_utils

from supervise.crypto.keys import KdfParams, new_key, subkey
from supervise.crypto.recovery import new_recovery_key
from supervise.crypto.sealed import SealedReader
from supervise.crypto.small import open_small, seal_small
from supervise.domain.errors import SuperviseError, VaultLockedError, WrongKeyError
from supervise.domain.ids import ProfileId, new_id
from supervise.domain.moments import Perspective, Profile
from supervise.domain.times import now_utc
from supervise.storage import access_log, header_change, meta, profiles
from supervise.storage.creation import DATABASE_NAME, INBOX_NAME, build_vault, check_passphrase
from supervise.storage.database import connect, is_poisoned, transaction
from supervise.storage.header import PASSPHRASE, RECOVERY, Header, Keys, Slot, read_header, ways_in
from supervise.storage.holding import Hold
from supervise.storage.inbox import Entry, Inbox
from supervise.storage.media import MediaStore
from supervise.storage.opening import Entrance, enter

_LOG_KIND = "log"
_log = logging.getLogger(__name__)


class Vault:
    """An open vault. Made by `create`, `open`, `open_with_recovery` or `open_beside`; ends with `close`."""

    def __init__(self, path: Path, entrance: Entrance, hold: Hold | None) -> None:
        """Take over what an opening found; use the class methods instead."""
        self.path = path
        self._hold = hold
        self._profile = entrance.profile
        self._keys: Keys | None = entrance.keys
        self._db: sqlite_utils.Database | None = entrance.db
        self._header = entrance.header
        self._readers: weakref.WeakSet[SealedReader] = weakref.WeakSet()
        self._views: weakref.WeakSet[Vault] = weakref.WeakSet()
        sender_key = subkey(entrance.keys.master, "inbox sender")  # kept while locked: adds, reads nothing
        self._inbox = Inbox(path / INBOX_NAME, entrance.header.inbox, sender_key)

    @classmethod
    def create(
        cls, path: Path, name: str, role: Perspective, passphrase: str, *, kdf: KdfParams | None = None
    ) -> "tuple[Vault, str]":
        """Make a vault with its first profile and open it; returns it with its recovery key, shown only now.

        The folder is complete or nothing is left. `kdf` is for tests. Raises UsageError when something
        is there.
        """
        folder = path.expanduser().resolve()
        recovery_key = new_recovery_key()
        build_vault(folder, name, role, passphrase, recovery_key, kdf=kdf or KdfParams())
        return cls.open_with_recovery(folder, recovery_key), recovery_key

    @classmethod
    def open(cls, path: Path, passphrase: str, profile_name: str | None = None) -> "Vault":
        """Open a vault and hold it; by default for its first profile.

        Raises NotReadableError (no vault there), VaultInUseError, WrongKeyError, DamagedError, NoSpaceError.
        """
        return cls._open(path, PASSPHRASE, passphrase, profile_name)

    @classmethod
    def open_with_recovery(cls, path: Path, recovery_key: str) -> "Vault":
        """Open a vault for the profile whose recovery key this is; a new passphrase should follow."""
        return cls._open(path, RECOVERY, recovery_key, None)

    @classmethod
    def open_beside(cls, path: Path, passphrase: str, profile_name: str | None = None) -> "Vault":
        """Open a vault for reading while another process may hold it; log lines go to the inbox."""
        folder = path.expanduser().resolve()
        header = read_header(folder)
        entrance = enter(folder, header, PASSPHRASE, passphrase, profile_name, beside=True)
        return cls(folder, entrance, None)

    def view(self) -> "Vault":
        """Return a view for a job on another thread, as `open_beside` gives; end it with `close`.

        When this vault locks, the view can read no more either. Raises VaultLockedError.
        """
        keys = self._unlocked()
        db = connect(self.path / DATABASE_NAME, self.database_key, read_only=True)
        view = Vault(self.path, Entrance(self._header, self._profile, keys, db), None)
        self._views.add(view)
        return view

    @classmethod
    def _open(cls, path: Path, kind: str, secret: str, profile_name: str | None) -> "Vault":
        folder = path.expanduser().resolve()
        read_header(folder)
        hold = Hold(folder)
        try:
            entrance = enter(folder, read_header(folder), kind, secret, profile_name, beside=False)
            vault = cls(folder, entrance, hold)
        except BaseException:
            hold.release()
            raise
        try:
            vault._settle("open")
        except BaseException:
            vault._drop()
            hold.release()
            raise
        return vault

    def __repr__(self) -> str:
        """Name the state, no key and no person."""
        return f"<Vault {'locked' if self.locked else 'open'}>"

    @property
    def db(self) -> sqlite_utils.Database:
        """The database; do not keep it, since it is another one after damage or unlocking.

        Raises VaultLockedError while locked or closed.
        """
        self._unlocked()
        if self._db is None or (is_poisoned(self._db) and not self._db.conn.in_transaction):
            if self._db is not None:
                self._db.close()
            self._db = connect(self.path / DATABASE_NAME, self.database_key, read_only=self.beside)
        return self._db

    def reopen(self) -> None:
        """Let the next use of `db` start on a new connection, as is needed after a damaged page."""
        if self._db is not None:
            self._db.conn.poisoned = True  # type: ignore[attr-defined]

    @property
    def beside(self) -> bool:
        """Whether this is a view beside a holder: nothing can be written but the inbox."""
        return self._hold is None

    @property
    def profile(self) -> Profile:
        """Who is working; known while locked too."""
        return self._profile

    @property
    def locked(self) -> bool:
        """Whether the keys have been dropped, by `lock` or `close`."""
        return self._keys is None

    @property
    def inbox(self) -> Inbox:
        """Where results go while the vault is locked; usable at any time."""
        return self._inbox

    @property
    def media_key(self) -> bytes:
        """The key that wraps data keys; raises VaultLockedError."""
        return subkey(self._unlocked().master, "media")

    @property
    def database_key(self) -> bytes:
        """The raw key of the database and of copies of it; raises VaultLockedError."""
        return subkey(self._unlocked().master, "database")

    @property
    def header(self) -> Header:
        """The key slots as the database knows them."""
        return self._header

    def watch(self, reader: SealedReader) -> None:
        """Close `reader` when the vault locks."""
        self._readers.add(reader)

    def private_seal(self, plaintext: bytes, context: bytes) -> bytes:
        """Seal bytes under the profile's own key, which no other profile has; raises VaultLockedError."""
        return seal_small(self._unlocked().own, plaintext, context)

    def private_open(self, sealed: bytes, context: bytes) -> bytes:
        """Open what this profile sealed; raises DamagedError for anything else, VaultLockedError."""
        return open_small(self._unlocked().own, sealed, context)

    def lock(self) -> None:
        """Drop the keys, close readers and database; other processes stay out. Does nothing when locked."""
        if self.locked:
            return
        self._say("lock")
        self._drop()

    def unlock(self, passphrase: str, profile_name: str | None = None) -> None:
        """Open again, for the same profile unless another is named; raises WrongKeyError and stays locked."""
        if self.locked and self._hold is not None:
            self.come_in(self.knock(passphrase, profile_name))

    def unlock_with_recovery(self, recovery_key: str) -> None:
        """Open again for the profile whose recovery key this is; raises WrongKeyError and stays locked."""
        if self.locked and self._hold is not None:
            self.come_in(self.knock_with_recovery(recovery_key))

    def knock(self, passphrase: str, profile_name: str | None = None) -> Entrance:
        """Do the slow half of `unlock`, on any thread, changing nothing here; `come_in` does the rest."""
        name = profile_name or self._profile.name
        return enter(self.path, read_header(self.path), PASSPHRASE, passphrase, name, beside=False)

    def knock_with_recovery(self, recovery_key: str) -> Entrance:
        """Do the slow half of `unlock_with_recovery`, as `knock` does."""
        return enter(self.path, read_header(self.path), RECOVERY, recovery_key, None, beside=False)

    def come_in(self, entrance: Entrance) -> None:
        """Take in what knocking found; does nothing when the vault is open already."""
        if not self.locked or self._hold is None:
            entrance.db.close()
            return
        self._keys, self._db = entrance.keys, entrance.db
        self._profile, self._header = entrance.profile, entrance.header
        try:
            self._settle("unlock")
        except BaseException:
            self._drop()
            raise

    def close(self) -> None:
        """Drop everything and let other processes in; does nothing the second time."""
        if self._hold is not None:
            self._say("close")
        self._drop()
        if self._hold is not None:
            self._hold.release()

    def __enter__(self) -> "Vault":
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def change_passphrase(self, old: str, new: str, *, kdf: KdfParams | None = None) -> None:
        """Rewrite this profile's slot; `old` may be its passphrase or its recovery key.

        Data keys and sealed files stay as they are. Raises WrongKeyError when `old` opens nothing.
        """
        check_passphrase(new)
        self.put_passphrase(self.passphrase_slot(self._profile, self.check_old(old), new, kdf))

    def check_old(self, old: str) -> Keys:
        """Return the keys if `old` is this profile's passphrase or recovery key; else WrongKeyError."""
        keys = self._unlocked()
        self._demand(old)
        return keys

    def passphrase_slot(self, profile: Profile, keys: Keys, new: str, kdf: KdfParams | None) -> Slot:
        """Make a way in with a new passphrase; slow, for any thread, and changes nothing here."""
        check_passphrase(new)
        return Slot.seal(profile.profile, PASSPHRASE, new, keys, (kdf or self._cost()).fresh())

    def put_passphrase(self, slot: Slot) -> None:
        """Let a slot made by `passphrase_slot` replace that profile's passphrase."""
        self._change_header(self._header.with_slot(slot), slot.profile, "passphrase")

    def replace_recovery_key(self) -> str:
        """Make a new recovery key for this profile and return it; the old one opens nothing from now on."""
        text = new_recovery_key()
        slot = Slot.seal(self._profile.profile, RECOVERY, text, self._unlocked(), KdfParams())
        self._change_header(self._header.with_slot(slot), slot.profile, "recovery key")
        return text

    def add_profile(
        self, name: str, role: Perspective, passphrase: str, *, kdf: KdfParams | None = None
    ) -> tuple[Profile, str]:
        """Add a person with a passphrase of their own; returns the profile and its recovery key."""
        return self.admit(*self.ways_for(name, role, passphrase, kdf))

    def ways_for(
        self, name: str, role: Perspective, passphrase: str, kdf: KdfParams | None
    ) -> tuple[Profile, tuple[Slot, Slot], str]:
        """Do the slow half of `add_profile`, on any thread, changing nothing here; `admit` does the rest."""
        keys, recovery_key = Keys(self._unlocked().master, new_key()), new_recovery_key()
        profile = profiles.new_profile(ProfileId(new_id()), name, role)
        slot = self.passphrase_slot(profile, keys, passphrase, kdf)
        spare = Slot.seal(profile.profile, RECOVERY, recovery_key, keys, KdfParams())
        return profile, (slot, spare), recovery_key

    def admit(self, profile: Profile, slots: tuple[Slot, Slot], recovery_key: str) -> tuple[Profile, str]:
        """Add the person whose ways in were made; returns the profile and its recovery key."""
        header = self._header.with_slot(slots[0]).with_slot(slots[1])
        self._change_header(header, profile.profile, "added", profile)
        return profile, recovery_key

    def profiles(self) -> list[Profile]:
        """Return everybody who works in this vault, oldest first."""
        return profiles.every(self.db)

    def log(self, action: str, subject: str = "", detail: str = "") -> None:
        """Add a line without content to the access log, or to the inbox while locked or beside a holder."""
        access_log.check_action(action)
        line = access_log.LogLine(now_utc(), self._profile.profile, action, subject, detail)
        if self.locked or self.beside:
            self._log_in_inbox(line)
        else:
            access_log.append(self.db, line)

    def _log_in_inbox(self, line: access_log.LogLine) -> None:
        try:
            self._inbox.append(_LOG_KIND, asdict(line))
        except OSError as error:
            if error.errno != errno.EROFS:
                raise
            _log.warning("nothing can be logged on a read-only disk")

    def pending_entries(self) -> list[Entry]:
        """Return what others left in the inbox for `app`, oldest first; take each in with `taking`."""
        return [entry for entry in self._untaken() if entry.kind != _LOG_KIND]

    @contextmanager
    def taking(self, entry: Entry) -> Iterator[sqlite_utils.Database]:
        """Run the block that stores an entry in one transaction, once even over a crash; then remove it."""
        if self.db.conn.in_transaction:
            raise RuntimeError("an inbox entry is taken in by a transaction of its own")
        with transaction(self.db) as db:
            meta.mark_taken(db, entry.id)
            yield db
        self._inbox.done(entry.id)

    def inbox_damaged(self) -> list[str]:
        """Return the ids of inbox entries that cannot be read."""
        return self._inbox.damaged(meta.read(self.db, meta.INBOX_PRIVATE))

    def _unlocked(self) -> Keys:
        if self._keys is None:
            raise VaultLockedError("The vault is locked. Unlock it with your passphrase first.")
        return self._keys

    def _drop(self) -> None:
        for reader in list(self._readers):
            reader.close()
        for view in list(self._views):
            view._keys = None  # its own thread closes the rest
        self._keys = None
        db, self._db = self._db, None
        if db is not None:
            db.close()

    def _say(self, action: str) -> None:
        """Log what must happen even when the disk is full."""
        try:
            self.log(action)
        except SuperviseError as error:
            _log.warning("could not log %s: %s", action, error.code)

    def _settle(self, action: str) -> None:
        """After opening or unlocking: take log lines in, remove what a killed process left, say who came."""
        lines = [entry for entry in self._untaken() if entry.kind == _LOG_KIND]
        with transaction(self.db) as db:
            for entry in lines:
                if meta.mark_taken(db, entry.id):
                    access_log.append(db, access_log.LogLine(**entry.payload))
            self.log(action)
        for entry in lines:
            self._inbox.done(entry.id)
        if action == "open":
            self._inbox.sweep()
            MediaStore(self).sweep()

    def _untaken(self) -> Iterator[Entry]:
        for entry in self._inbox.drain(meta.read(self.db, meta.INBOX_PRIVATE)):
            if not meta.is_taken(self.db, entry.id):
                yield entry
            elif not self.beside:
                self._inbox.done(entry.id)

    def _cost(self) -> KdfParams:
        """What new slots cost: never below the floor, and no less than this profile's own."""
        floor = KdfParams()
        own = self._header.slots_of(PASSPHRASE, self._profile.profile)
        stronger = [
            s.kdf
            for s in own
            if s.kdf.memory_kib >= floor.memory_kib and s.kdf.iterations >= floor.iterations
        ]
        return stronger[0] if stronger else floor

    def _demand(self, secret: str) -> None:
        """Raise WrongKeyError unless `secret` is this profile's passphrase or recovery key."""
        for kind in (PASSPHRASE, RECOVERY):
            try:
                for _ in ways_in(self._header, kind, secret, profile=self._profile.profile, first=False):
                    return
            except WrongKeyError:
                continue
        raise WrongKeyError("The old passphrase is not right. Nothing was changed.")

    def _change_header(self, header: Header, subject: str, what: str, added: Profile | None = None) -> None:
        header_change.announce(self.db, header, added)
        header_change.write_files(self.path, self.db, header)
        self._header = header
        with transaction(self.db) as db:
            header_change.confirm(db)
            self.log("profile", subject, what)
