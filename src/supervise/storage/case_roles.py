"""Who has which part in which case: given, perhaps until a day, and ended; nothing is ever erased."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from supervise.domain.errors import UsageError
from supervise.domain.ids import ClientId, ProfileId, new_id
from supervise.domain.times import now_utc
from supervise.storage.database import transaction
from supervise.storage.vault import Vault


@dataclass(frozen=True, slots=True)
class CaseRole:
    """One part in one case; `role` is as `domain.roles` writes it, `until_on` the last day it holds."""

    id: str
    client: ClientId
    profile: ProfileId
    role: str
    until_on: date | None

    def holds(self, today: date) -> bool:
        """Whether its time has not run out."""
        return self.until_on is None or today <= self.until_on


class CaseRoleStore:
    """The parts people have in cases, as far as they were not ended."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def give(self, client: ClientId, profile: ProfileId, role: str, until_on: date | None) -> str:
        """Add a part and return its id."""
        until = until_on.isoformat() if until_on else None
        made = new_id()
        values = [made, client, profile, role, until, now_utc(), self._vault.profile.profile, None]
        with transaction(self._vault.db) as db:
            db.execute("INSERT INTO case_roles VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
        return made

    def end(self, text: str) -> CaseRole:
        """End the part whose id is or begins with `text`; raises UsageError when none or several fit."""
        found = [role for role in self._rows("ended_at IS NULL") if text and role.id.startswith(text)]
        if len(found) != 1:
            raise UsageError(f"No one part begins with “{text}”. `supervise role list VAULT` shows them.")
        with transaction(self._vault.db) as db:
            db.execute("UPDATE case_roles SET ended_at = ? WHERE id = ?", [now_utc(), found[0].id])
        return found[0]

    def of_client(self, client: ClientId) -> list[CaseRole]:
        """Return a case's parts that were not ended, oldest first."""
        return self._rows("client_id = ? AND ended_at IS NULL", client)

    def all(self) -> list[CaseRole]:
        """Return every part that was not ended, oldest first."""
        return self._rows("ended_at IS NULL")

    def _rows(self, condition: str, *values: str) -> list[CaseRole]:
        sql = f"SELECT * FROM case_roles WHERE {condition} ORDER BY given_at, rowid"  # noqa: S608
        return [_role(row) for row in self._vault.db.query(sql, list(values))]


def _role(row: dict[str, Any]) -> CaseRole:
    return CaseRole(
        id=row["id"],
        client=ClientId(row["client_id"]),
        profile=ProfileId(row["profile_id"]),
        role=row["role"],
        until_on=date.fromisoformat(row["until_on"]) if row["until_on"] else None,
    )
