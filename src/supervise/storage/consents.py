"""Clients by their codes, and the consent records that were ever added for them."""

import json
from datetime import date
from typing import Any

from supervise.domain.consent import ConsentRecord, Grant, Scope
from supervise.domain.consent_details import details_from_plain
from supervise.domain.errors import UsageError
from supervise.domain.ids import ClientId, ConsentId, ProfileId, new_id
from supervise.domain.times import now_utc
from supervise.storage.database import transaction
from supervise.storage.vault import Vault


class ConsentStore:
    """Append-only: a record is added and never changed; the newest that names a scope decides."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def client(self, code: str) -> tuple[ClientId, str] | None:
        """Return the client's id and code as first written, or None when there is no such client."""
        rows = self._vault.db.execute("SELECT id, code FROM clients WHERE code = ?", [code]).fetchall()
        return (ClientId(rows[0][0]), rows[0][1]) if rows else None

    def ensure_client(self, code: str) -> ClientId:
        """Return the id of the client with this code, adding the client when new.

        Raises UsageError when the code is empty, longer than 40 characters or holds control characters.
        """
        code = code.strip()
        if not code or len(code) > 40 or not code.isprintable():
            raise UsageError(
                "A client code has 1 to 40 printable characters, for example K-07. Use no names."
            )
        found = self.client(code)
        if found:
            return found[0]
        client = ClientId(new_id())
        with transaction(self._vault.db) as db:
            db.execute("INSERT INTO clients VALUES (?, ?, ?)", [client, code, now_utc()])
        return client

    def codes(self) -> dict[ClientId, str]:
        """Return every client's code by id."""
        return {ClientId(row[0]): row[1] for row in self._vault.db.execute("SELECT id, code FROM clients")}

    def add(self, record: ConsentRecord, recorded_by: ProfileId) -> None:
        """Add one record."""
        values = [
            record.consent,
            record.client,
            json.dumps(sorted(record.granted)),
            json.dumps(sorted(record.refused)),
            record.signed_on.isoformat(),
            record.expires_on.isoformat() if record.expires_on else None,
            record.created_at,
            recorded_by,
            json.dumps(_details(record)),
        ]
        with transaction(self._vault.db) as db:
            columns = (
                "id, client_id, granted, refused, signed_on, expires_on, created_at, recorded_by, details"
            )
            db.execute(f"INSERT INTO consents ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)  # noqa: S608

    def first_recorder(self, client: ClientId) -> str:
        """Return the profile that recorded the client's first consent; empty when there is none."""
        sql = "SELECT recorded_by FROM consents WHERE client_id = ? ORDER BY created_at, rowid LIMIT 1"
        row = self._vault.db.execute(sql, [client]).fetchone()
        return str(row[0]) if row else ""

    def of_client(self, client: ClientId) -> list[ConsentRecord]:
        """Return the client's records, oldest first."""
        sql = "SELECT * FROM consents WHERE client_id = ? ORDER BY created_at, rowid"
        return [_record(row) for row in self._vault.db.query(sql, [client])]

    def by_client(self) -> dict[ClientId, list[ConsentRecord]]:
        """Return all records, oldest first, grouped by client."""
        grouped: dict[ClientId, list[ConsentRecord]] = {}
        for row in self._vault.db.query("SELECT * FROM consents ORDER BY created_at, rowid"):
            record = _record(row)
            grouped.setdefault(record.client, []).append(record)
        return grouped


def _details(record: ConsentRecord) -> dict[str, Any]:
    """Everything version 1 had no column for; what is left out is what a version 1 record says."""
    values = record.details.plain()
    if record.withdrawn:
        values["withdrawn"] = sorted(record.withdrawn)
    if record.targets:
        values["targets"] = [[grant.scope, grant.target] for grant in sorted(record.targets)]
    return values


def _record(row: dict[str, Any]) -> ConsentRecord:
    details = json.loads(row["details"])
    return ConsentRecord(
        consent=ConsentId(row["id"]),
        client=ClientId(row["client_id"]),
        granted=frozenset(Scope(scope) for scope in json.loads(row["granted"])),
        refused=frozenset(Scope(scope) for scope in json.loads(row["refused"])),
        signed_on=date.fromisoformat(row["signed_on"]),
        expires_on=date.fromisoformat(row["expires_on"]) if row["expires_on"] else None,
        created_at=row["created_at"],
        withdrawn=frozenset(Scope(scope) for scope in details.get("withdrawn", [])),
        targets=frozenset(Grant(Scope(scope), target) for scope, target in details.get("targets", [])),
        details=details_from_plain(details),
    )
