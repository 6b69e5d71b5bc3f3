"""How long each kind of thing is kept, and the holds that stop its destruction."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from supervise.domain.errors import UsageError
from supervise.domain.ids import ClientId, new_id
from supervise.domain.times import now_utc
from supervise.storage.database import transaction
from supervise.storage.vault import Vault


@dataclass(frozen=True, slots=True)
class LegalHold:
    """What must not be destroyed until a day: a whole client, or one session if `session` is not empty."""

    id: str
    client: ClientId
    session: str
    reason: str
    expires_on: date

    def holds(self, client: ClientId, session: str, today: date) -> bool:
        """Whether it stops the destruction of a session (any, if empty) today."""
        if self.client != client or today > self.expires_on:
            return False
        return not self.session or not session or self.session == session


class RetentionStore:
    """Rules and holds of one vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def rules(self) -> dict[str, int]:
        """Return the days each kind is kept after the meeting; a kind without a rule is kept."""
        rows = self._vault.db.execute("SELECT kind, days FROM retention_rules ORDER BY kind")
        return {row[0]: row[1] for row in rows}

    def set_rule(self, kind: str, days: int | None) -> None:
        """Set or, with None, take away the rule for a kind."""
        with transaction(self._vault.db) as db:
            db.execute("DELETE FROM retention_rules WHERE kind = ?", [kind])
            if days is not None:
                values = [kind, days, now_utc(), self._vault.profile.profile]
                db.execute("INSERT INTO retention_rules VALUES (?, ?, ?, ?)", values)

    def hold(self, client: ClientId, session: str, reason: str, expires_on: date) -> LegalHold:
        """Place a hold."""
        made = LegalHold(new_id(), client, session, reason, expires_on)
        values: list[object] = [made.id, client, session, reason, expires_on.isoformat(), now_utc()]
        values += [self._vault.profile.profile, None]
        with transaction(self._vault.db) as db:
            db.execute("INSERT INTO holds VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
        return made

    def lift(self, text: str) -> LegalHold:
        """Lift the hold whose id is or begins with `text`; raises UsageError."""
        found = [hold for hold in self.holds() if len(text) >= 6 and hold.id.startswith(text.lower())]
        if len(found) != 1:
            raise UsageError(
                f"No one hold begins with “{text}”. `supervise retention show VAULT` lists them."
            )
        with transaction(self._vault.db) as db:
            db.execute("UPDATE holds SET lifted_at = ? WHERE id = ?", [now_utc(), found[0].id])
        return found[0]

    def holds(self) -> list[LegalHold]:
        """Return the holds that were not lifted, oldest first."""
        sql = "SELECT * FROM holds WHERE lifted_at IS NULL ORDER BY placed_at, rowid"
        return [_hold(row) for row in self._vault.db.query(sql)]


def _hold(row: dict[str, Any]) -> LegalHold:
    expires_on = date.fromisoformat(row["expires_on"])
    return LegalHold(row["id"], ClientId(row["client_id"]), row["session_id"], row["reason"], expires_on)
