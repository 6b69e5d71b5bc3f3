"""What is to be destroyed, what was, and the stubs that stay: without content, and never erased."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from supervise.domain.errors import UsageError
from supervise.domain.ids import ClientId, SessionId
from supervise.domain.times import now_utc
from supervise.storage.database import transaction
from supervise.storage.vault import Vault

DESTROY, RESTRICT, TAKEN_BACK, RETENTION, PORTION, ONE_RECALL = (
    "destroy",
    "restrict",
    "taken_back",
    "retention",
    "portion",
    "recall",
)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One decision to destroy or restrict; `choice` is one of the words above, `inventory` holds no content.

    `due_on` is the day from which it is carried out, `done_at` when it was; the certificate follows then.
    """

    id: str
    client: ClientId
    scopes: tuple[str, ...]
    withdrawn_at: str
    recorded_by: str
    choice: str
    due_on: date
    inventory: Mapping[str, Any]
    done_at: str | None = None
    certificate: Mapping[str, Any] | None = None

    @property
    def waits(self) -> bool:
        """Whether something is still to be destroyed."""
        return self.done_at is None and self.choice not in (RESTRICT, TAKEN_BACK)


class WithdrawalStore:
    """The decisions of one vault, and the stubs of what is gone."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def add(self, row: Withdrawal) -> None:
        """Add one decision."""
        values: list[object] = [
            row.id,
            row.client,
            json.dumps(row.scopes),
            row.withdrawn_at,
            row.recorded_by,
            row.choice,
        ]
        values += [row.due_on.isoformat(), row.done_at, json.dumps(dict(row.inventory))]
        certificate = json.dumps(dict(row.certificate)) if row.certificate is not None else None
        with transaction(self._vault.db) as db:
            db.execute(
                "INSERT INTO withdrawals VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [*values, certificate]
            )

    def find(self, text: str) -> Withdrawal:
        """Return the one whose id is or begins with `text`; raises UsageError when none or several fit."""
        found = [row for row in self.all() if len(text) >= 6 and row.id.startswith(text.lower())]
        if len(found) != 1:
            raise UsageError(
                f"No one decision begins with “{text}”. `supervise consent withdrawals` lists them."
            )
        return found[0]

    def all(self) -> list[Withdrawal]:
        """Return every decision, oldest first."""
        sql = "SELECT * FROM withdrawals ORDER BY withdrawn_at, rowid"
        return [_withdrawal(row) for row in self._vault.db.query(sql)]

    def take_back(self, withdrawal: str) -> None:
        """Mark a decision that was not carried out as taken back."""
        with transaction(self._vault.db) as db:
            sql = "UPDATE withdrawals SET choice = ? WHERE id = ? AND done_at IS NULL"
            db.execute(sql, [TAKEN_BACK, withdrawal])

    def done(self, withdrawal: str, inventory: Mapping[str, Any]) -> None:
        """Mark as carried out, with what went, in the transaction that destroys."""
        with transaction(self._vault.db) as db:
            sql = "UPDATE withdrawals SET done_at = ?, inventory = ? WHERE id = ?"
            db.execute(sql, [now_utc(), json.dumps(dict(inventory)), withdrawal])

    def certify(self, withdrawal: str, certificate: Mapping[str, Any]) -> None:
        """Keep the certificate."""
        with transaction(self._vault.db) as db:
            sql = "UPDATE withdrawals SET certificate = ? WHERE id = ?"
            db.execute(sql, [json.dumps(dict(certificate)), withdrawal])

    def add_stub(self, session: SessionId, client: ClientId, certificate: str) -> None:
        """Let a destroyed session's id be known as that; `certificate` is the decision's id."""
        with transaction(self._vault.db) as db:
            sql = "INSERT OR IGNORE INTO stubs VALUES (?, ?, ?, ?)"
            db.execute(sql, [session, client, now_utc(), certificate])

    def stubs(self, client: ClientId) -> dict[SessionId, str]:
        """Return a client's destroyed sessions with the ids of their certificates."""
        sql = "SELECT session_id, certificate FROM stubs WHERE client_id = ?"
        return {SessionId(row[0]): row[1] for row in self._vault.db.execute(sql, [client])}


def _withdrawal(row: dict[str, Any]) -> Withdrawal:
    return Withdrawal(
        id=row["id"],
        client=ClientId(row["client_id"]),
        scopes=tuple(json.loads(row["scopes"])),
        withdrawn_at=row["withdrawn_at"],
        recorded_by=row["recorded_by"],
        choice=row["choice"],
        due_on=date.fromisoformat(row["due_at"][:10]),
        inventory=json.loads(row["inventory"]),
        done_at=row["done_at"],
        certificate=json.loads(row["certificate"]) if row["certificate"] else None,
    )
