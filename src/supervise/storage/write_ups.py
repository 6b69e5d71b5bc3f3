"""Write-ups of recalls on disk; a private one is one sealed value only its author can read."""

import json
from typing import Any

from supervise.domain.errors import UsageError
from supervise.domain.ids import ProfileId, RecallId, SessionId, WriteUpId
from supervise.domain.write_ups import WriteUp, plain_write_up, write_up_from_plain
from supervise.storage.database import transaction
from supervise.storage.vault import Vault


class WriteUpStore:
    """The write-ups of one vault as the open profile may see them."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def put(self, entry: WriteUp) -> None:
        """Add the write-up, or replace the one with its id; raises UsageError for a second of one author."""
        text: str | None = entry.text
        sealed: bytes | None = None
        if entry.private:
            plain = json.dumps(plain_write_up(entry)).encode()
            text, sealed = None, self._vault.private_seal(plain, _context(entry.write_up))
        values = [entry.write_up, entry.recall, entry.session, entry.author, text, int(entry.private)]
        changed_at = None if entry.private else entry.changed_at
        with transaction(self._vault.db) as db:
            sql = "SELECT id FROM recall_writeups WHERE recall_id = ? AND author_id = ? AND id <> ?"
            if db.execute(sql, [entry.recall, entry.author, entry.write_up]).fetchone():
                raise UsageError("You have written this recall up already. Change what you wrote.")
            db.execute(
                "INSERT OR REPLACE INTO recall_writeups VALUES (?,?,?,?,?,?,?,?,?)",
                [*values, sealed, entry.created_at, changed_at],
            )

    def remove(self, write_up: WriteUpId) -> None:
        """Take a write-up away."""
        with transaction(self._vault.db) as db:
            db.execute("DELETE FROM recall_writeups WHERE id = ?", [write_up])

    def get(self, write_up: WriteUpId) -> WriteUp:
        """Return one write-up; raises UsageError when it is gone or is another's private one."""
        rows = list(self._vault.db.query("SELECT * FROM recall_writeups WHERE id = ?", [write_up]))
        if not rows or not self._visible(rows[0]):
            raise UsageError("There is no such write-up (any more).")
        return self._write_up(rows[0])

    def own(self, recall: RecallId) -> WriteUp | None:
        """Return this profile's write-up of a recall, or None."""
        sql = "SELECT * FROM recall_writeups WHERE recall_id = ? AND author_id = ?"
        rows = list(self._vault.db.query(sql, [recall, self._vault.profile.profile]))
        return self._write_up(rows[0]) if rows else None

    def of_recall(self, recall: RecallId) -> tuple[WriteUp, ...]:
        """Return this profile's write-up and those that others share, oldest first."""
        sql = "SELECT * FROM recall_writeups WHERE recall_id = ? ORDER BY created_at, rowid"
        rows = [row for row in self._vault.db.query(sql, [recall]) if self._visible(row)]
        return tuple(self._write_up(row) for row in rows)

    def _visible(self, row: dict[str, Any]) -> bool:
        return not row["private"] or row["author_id"] == self._vault.profile.profile

    def _write_up(self, row: dict[str, Any]) -> WriteUp:
        if row["private"]:
            sealed = self._vault.private_open(row["sealed"], _context(row["id"]))
            return write_up_from_plain(json.loads(sealed))
        return WriteUp(
            write_up=WriteUpId(row["id"]),
            recall=RecallId(row["recall_id"]),
            session=SessionId(row["session_id"]),
            author=ProfileId(row["author_id"]),
            text=row["text"],
            private=False,
            created_at=row["created_at"],
            changed_at=row["changed_at"],
        )


def _context(write_up: str) -> bytes:
    return b"write-up:" + write_up.encode()
