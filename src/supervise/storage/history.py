"""What can be undone: each profile's commands and inverses, sealed with the profile's own key."""

import json
from typing import Any

from supervise.domain.ids import SessionId
from supervise.storage.database import transaction
from supervise.storage.vault import Vault

_CONTEXT = b"history"


class HistoryStore:
    """A stack on disk: `undone` rows lie above the others and vanish when something new is done."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def append(self, session: SessionId, entry: dict[str, Any]) -> None:
        """Put a done entry on top; what was undone can no longer be redone."""
        sealed = self._vault.private_seal(json.dumps(entry).encode(), _CONTEXT)
        who = self._vault.profile.profile
        with transaction(self._vault.db) as db:
            db.execute("DELETE FROM history WHERE profile_id = ? AND undone = 1", [who])
            sql = "INSERT INTO history (profile_id, session_id, sealed, undone) VALUES (?, ?, ?, 0)"
            db.execute(sql, [who, session, sealed])

    def top(self) -> tuple[int, dict[str, Any]] | None:
        """Return (seq, entry) of the newest entry that is not undone."""
        return self._one("undone = 0 ORDER BY seq DESC")

    def top_undone(self) -> tuple[int, dict[str, Any]] | None:
        """Return (seq, entry) of the entry to redo next."""
        return self._one("undone = 1 ORDER BY seq ASC")

    def mark(self, seq: int, *, undone: bool) -> None:
        """Set whether the entry is undone."""
        with transaction(self._vault.db) as db:
            db.execute("UPDATE history SET undone = ? WHERE seq = ?", [int(undone), seq])

    def _one(self, condition: str) -> tuple[int, dict[str, Any]] | None:
        sql = f"SELECT seq, sealed FROM history WHERE profile_id = ? AND {condition} LIMIT 1"  # noqa: S608
        row = self._vault.db.execute(sql, [self._vault.profile.profile]).fetchone()
        return (row[0], json.loads(self._vault.private_open(row[1], _CONTEXT))) if row else None
