"""The ledger of copies: what left the vault, when, where to and for whom, until it is called back."""

import errno
from dataclasses import asdict, dataclass
from typing import Any

from supervise.domain.errors import UsageError
from supervise.domain.ids import SessionId, new_id
from supervise.domain.times import now_utc
from supervise.storage.database import transaction
from supervise.storage.vault import Vault

COPY = "copy"  # the kind of an inbox entry that tells of a copy made beside a holder
BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy; a backup has an empty `session`, since it holds all that were covered when it was made."""

    id: str
    session: str
    kind: str
    made_at: str
    made_by: str
    place: str
    recipient: str = ""
    called_back_at: str | None = None


def new_copy(session: str, kind: str, made_by: str, place: str, recipient: str = "") -> Copy:
    """Return an entry for a copy made now."""
    return Copy(new_id(), session, kind, now_utc(), made_by, place, recipient)


def tell_of_copy(vault: Vault, copy: Copy) -> None:
    """Enter a copy, by way of the inbox while the vault is locked or held by another process."""
    if not (vault.locked or vault.beside):
        CopyStore(vault).add(copy)
        return
    try:
        vault.inbox.append(COPY, asdict(copy))
    except OSError as error:
        if error.errno != errno.EROFS:
            raise


class CopyStore:
    """The copies of one vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def add(self, copy: Copy) -> None:
        """Add an entry; adding the same one again changes nothing."""
        values = [copy.id, copy.session, copy.kind, copy.made_at, copy.made_by, copy.place, copy.recipient]
        with transaction(self._vault.db) as db:
            db.execute("INSERT OR IGNORE INTO copies VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [*values, None])

    def remove(self, copy: Copy) -> None:
        """Take an entry out again, of a copy that was never written."""
        with transaction(self._vault.db) as db:
            db.execute("DELETE FROM copies WHERE id = ?", [copy.id])

    def of(self, sessions: dict[SessionId, str]) -> list[Copy]:
        """Return the copies of sessions that are still out; of backups, those made since a session was added.

        `sessions` gives the moment each was added.
        """
        first = min(sessions.values(), default="9")
        return [
            copy
            for copy in self.all()
            if copy.called_back_at is None
            and (copy.session in sessions or (copy.kind == BACKUP and copy.made_at >= first))
        ]

    def all(self) -> list[Copy]:
        """Return every copy, oldest first."""
        return [_copy(row) for row in self._vault.db.query("SELECT * FROM copies ORDER BY made_at, rowid")]

    def call_back(self, text: str) -> Copy:
        """Note that a copy has been destroyed or returned; raises UsageError."""
        found = [copy for copy in self.all() if len(text) >= 6 and copy.id.startswith(text.lower())]
        if len(found) != 1:
            raise UsageError(f"No one copy begins with “{text}”. `supervise copies list VAULT` lists them.")
        with transaction(self._vault.db) as db:
            db.execute("UPDATE copies SET called_back_at = ? WHERE id = ?", [now_utc(), found[0].id])
        return found[0]


def _copy(row: dict[str, Any]) -> Copy:
    return Copy(
        id=row["id"],
        session=row["session_id"],
        kind=row["kind"],
        made_at=row["made_at"],
        made_by=row["made_by"],
        place=row["place"],
        recipient=row["recipient"],
        called_back_at=row["called_back_at"],
    )
