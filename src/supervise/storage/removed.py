"""Spans that were deleted from a session for good: where, when and by whom, never what."""

from supervise.domain.ids import SessionId
from supervise.domain.redaction import joined
from supervise.domain.times import now_utc
from supervise.storage.database import transaction
from supervise.storage.vault import Vault


class RemovedSpanStore:
    """The deleted spans of one vault's sessions."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def add(self, session: SessionId, start_ms: int, end_ms: int) -> None:
        """Note a span, in the transaction that deletes it."""
        sql = "INSERT INTO removed_spans VALUES (?, ?, ?, ?, ?) ON CONFLICT (session_id, start_ms) "
        sql += "DO UPDATE SET end_ms = max(end_ms, excluded.end_ms)"
        with transaction(self._vault.db) as db:
            db.execute(sql, [session, start_ms, end_ms, now_utc(), self._vault.profile.profile])

    def of_session(self, session: SessionId) -> tuple[tuple[int, int], ...]:
        """Return the spans in time order, overlapping ones joined."""
        sql = "SELECT start_ms, end_ms FROM removed_spans WHERE session_id = ?"
        return joined((row[0], row[1]) for row in self._vault.db.execute(sql, [session]).fetchall())

    def sessions(self) -> tuple[SessionId, ...]:
        """Return the sessions that have any."""
        rows = self._vault.db.execute("SELECT DISTINCT session_id FROM removed_spans").fetchall()
        return tuple(SessionId(row[0]) for row in rows)
