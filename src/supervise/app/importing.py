"""Importing a recording: ask the gate, read it into a sealed master, add the session; or leave nothing."""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeAlias

from supervise.app import changes
from supervise.app.changes import Change
from supervise.app.workspace import Workspace
from supervise.audio.apart import decoded_apart
from supervise.audio.importing import Imported, import_sound, source_sha256
from supervise.domain.consent import Scope
from supervise.domain.errors import NotReadableError, UsageError
from supervise.domain.ids import ClientId, SessionId, new_id
from supervise.domain.session import Session
from supervise.domain.times import now_utc
from supervise.storage.database import transaction
from supervise.storage.media import NewMedia

KEEP, DELETE = "keep", "delete"
SAFE = "The recording is safe in the vault, but"
LEFT_REFUSED = f"{SAFE} the original file could not be deleted. Delete it yourself."
LEFT_OTHER = (
    f"{SAFE} what now has the original's name is a link or another file, so it was not deleted. "
    "Look for the original and delete it yourself."
)
LEFT_SECOND_NAME = f"{SAFE} the original has a second name (a hard link) and is still there under it."
LEFT_DUPLICATE = "The recording was in the vault already, so this file was left where it is. Delete it."
Report = Callable[[int], None]
Cancelled = Callable[[], bool]
FileIdentity: TypeAlias = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class ImportWish:
    """What a person asks for; naming the client attests that the client consented to this recording.

    `held_on` is the ISO day of the meeting (empty: the file's own date), `original` what becomes of
    the file: `keep` or `delete`.
    """

    source: Path
    client_code: str
    title: str = ""
    held_on: str = ""
    original: str = KEEP


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """The session, whether it was there already, and a warning to show (empty when all is well)."""

    session: Session
    duplicate: bool
    warning: str = ""


class ImportJob:
    """One import in three steps: made on the workspace's thread, run on any, finished on the first.

    `run` touches neither the database nor the master key, so the vault may lock meanwhile.
    """

    def __init__(self, workspace: Workspace, wish: ImportWish) -> None:
        if wish.original not in (KEEP, DELETE):
            raise UsageError("The original can be kept (keep) or deleted (delete).")
        self._workspace = workspace
        self._wish = wish
        self._client: tuple[ClientId, str] = workspace.gate.require_client(wish.client_code, Scope.RECORD)
        self._held_on = _day(wish)
        self._known = workspace.store.sessions.sources()
        self._master: NewMedia = workspace.store.media.create("master")
        self._peaks: NewMedia = workspace.store.media.create("peaks")
        self._imported: Imported | None = None
        self._duplicate = ""
        self._identity: FileIdentity | None = None

    def run(self, report: Report, cancelled: Cancelled) -> None:
        """Read the file to the end; on any failure nothing is left of it. Progress is in permille."""
        try:
            self._run(report, cancelled)
        except BaseException:
            self.discard()
            raise

    def _run(self, report: Report, cancelled: Cancelled) -> None:
        self._identity = _identity(self._wish.source)
        sha256 = source_sha256(self._wish.source)
        if sha256 in self._known:
            self._duplicate = sha256
            self.discard()
            return
        imported = import_sound(self._wish.source, self._master.writer, report, cancelled, decoded_apart)
        if imported.sound.source_sha256 != sha256:
            raise NotReadableError("The file changed while it was read. Import it again.")
        self._peaks.writer.write(imported.peaks)
        self._master.finish()
        self._peaks.finish()
        self._imported = imported

    def discard(self) -> None:
        """Remove what was written so far."""
        self._master.discard()
        self._peaks.discard()

    def finish(self) -> ImportOutcome:
        """Add the session in one transaction, then deal with the original file.

        Raises VaultLockedError while the vault is locked; call it again after unlocking.
        """
        workspace, store = self._workspace, self._workspace.store
        known = store.sessions.by_source(self._duplicate or self._sha256())
        if known is not None:
            self.discard()
            workspace.gate.require_client(known.client_code, Scope.RECORD)
            left = "" if self._wish.original == KEEP else LEFT_DUPLICATE
            return ImportOutcome(known, duplicate=True, warning=left)
        session = self._session()
        try:
            with transaction(workspace.vault.db) as db:
                self._master.register(db)
                self._peaks.register(db)
                store.sessions.add(
                    session,
                    source_format=self._facts().source_format,
                    attested_by=workspace.profile.profile,
                    original=self._wish.original,
                )
                workspace.vault.log("import", session.session, f"original {self._wish.original}")
        except BaseException:
            self.discard()
            raise
        workspace.subscribers.tell(Change(changes.LIBRARY, (session.session,)))
        return ImportOutcome(session, duplicate=False, warning=self._deal_with_original())

    def _facts(self) -> Imported:
        if self._imported is None:
            raise UsageError("Nothing has been imported.")
        return self._imported

    def _sha256(self) -> str:
        return self._facts().sound.source_sha256

    def _session(self) -> Session:
        return Session(
            session=SessionId(new_id()),
            client=self._client[0],
            client_code=self._client[1],
            title=self._wish.title.strip()[:200],
            held_on=self._held_on,
            created_at=now_utc(),
            sound=self._facts().sound,
            master=self._master.media_id,
            peaks=self._peaks.media_id,
        )

    def _deal_with_original(self) -> str:
        """Delete the very file that was read, nothing that has its name now; return a warning or nothing."""
        if self._wish.original == KEEP:
            return ""
        try:
            found = self._wish.source.lstat()
            if stat.S_ISLNK(found.st_mode) or _identity_of(found) != self._identity:
                return LEFT_OTHER
            self._wish.source.unlink()
        except OSError:
            return LEFT_REFUSED
        return LEFT_SECOND_NAME if found.st_nlink > 1 else ""


def import_file(
    workspace: Workspace, wish: ImportWish, report: Report, cancelled: Cancelled
) -> ImportOutcome:
    """Import in one go on the calling thread."""
    job = ImportJob(workspace, wish)
    job.run(report, cancelled)
    return job.finish()


def _identity_of(found: os.stat_result) -> FileIdentity:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _identity(source: Path) -> FileIdentity | None:
    """Say which file this is before it is read; None when there is none, which reading will say."""
    try:
        return _identity_of(source.stat())
    except OSError:
        return None


def _day(wish: ImportWish) -> str:
    if wish.held_on:
        try:
            return date.fromisoformat(wish.held_on).isoformat()
        except ValueError:
            raise UsageError(f"“{wish.held_on}” is not a day. Write it as 2026-11-01.") from None
    try:
        changed = wish.source.stat().st_mtime
    except OSError:
        changed = datetime.now(UTC).timestamp()
    return datetime.fromtimestamp(changed, UTC).astimezone().date().isoformat()
