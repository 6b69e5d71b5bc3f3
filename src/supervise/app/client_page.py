"""Everything about a client's consent on one page: records, what stands today, decisions, copies, parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from supervise.app import destroying, inventory
from supervise.app.workspace import Workspace
from supervise.domain.consent import ConsentRecord
from supervise.domain.consent_overview import Standing, attention, standing_of
from supervise.domain.errors import UsageError
from supervise.domain.ids import ClientId
from supervise.storage.withdrawals import RESTRICT, Withdrawal


@dataclass(frozen=True, slots=True)
class Decision:
    """A withdrawal, or what fell due: `due_on` while it waits, `destroyed_on` once it was carried out.

    `kind` is `destroy`, `restrict`, `taken_back`, `retention` or `portion`. `held`: a legal hold stops it.
    """

    id: str
    kind: str
    scopes: tuple[str, ...]
    decided_on: date
    due_on: date | None
    destroyed_on: date | None
    held: bool
    goes: bool
    certificate: Mapping[str, Any] | None

    @property
    def can_be_taken_back(self) -> bool:
        """Whether nothing has been destroyed yet that could not come back."""
        return self.due_on is not None or self.kind == RESTRICT


@dataclass(frozen=True, slots=True)
class CopyOut:
    """A copy that left and was not called back; a backup has no session of its own."""

    id: str
    kind: str
    made_on: str
    place: str
    recipient: str
    session: str


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody's part in the case; `part` is as `domain.roles` writes it."""

    id: str
    person: str
    part: str
    until_on: date | None


@dataclass(frozen=True, slots=True)
class ClientPage:
    """One client as the page shows them, on one day; the newest record and decision first."""

    code: str
    today: date
    owned: bool
    records: tuple[ConsentRecord, ...]
    standing: tuple[Standing, ...]
    attention: tuple[str, ...]
    decisions: tuple[Decision, ...]
    copies: tuple[CopyOut, ...]
    parts: tuple[Part, ...]


def client_page(workspace: Workspace, code: str) -> ClientPage:
    """Read the page; like the record itself it needs no consent. Raises UsageError for no such client."""
    found = workspace.store.consents.client(code.strip())
    if found is None:
        raise UsageError(f"There is no client {code} in this vault.")
    client, known = found
    today = workspace.today()
    records = workspace.store.consents.of_client(client)
    return ClientPage(
        code=known,
        today=today,
        owned=workspace.gate.owns(client),
        records=tuple(reversed(records)),
        standing=tuple(standing_of(records, today, known)),
        attention=tuple(attention(records, today, known)),
        decisions=tuple(decisions(workspace, client)),
        copies=copies(workspace, client),
        parts=_parts(workspace, client),
    )


def decisions(workspace: Workspace, client: ClientId) -> list[Decision]:
    """Return what was decided about a client, newest first."""
    rows = [row for row in workspace.store.withdrawals.all() if row.client == client]
    return [_decision(workspace, row) for row in reversed(rows)]


def _decision(workspace: Workspace, row: Withdrawal) -> Decision:
    today = workspace.today()
    return Decision(
        id=row.id,
        kind=row.choice,
        scopes=row.scopes,
        decided_on=date.fromisoformat(row.withdrawn_at[:10]),
        due_on=row.due_on if row.waits else None,
        destroyed_on=date.fromisoformat(row.done_at[:10]) if row.done_at else None,
        held=row.waits and destroying.held(workspace.store, row, today),
        goes=any(entry["goes"] for entry in row.inventory.get("sessions", [])),
        certificate=row.certificate,
    )


def copies(workspace: Workspace, client: ClientId) -> tuple[CopyOut, ...]:
    """Return the copies of a client's sessions that must be called back, each once."""
    return tuple(_copy(row) for row in inventory.copies_out(workspace.store, client))


def _copy(row: Mapping[str, Any]) -> CopyOut:
    return CopyOut(
        row["copy"], row["kind"], row["made_at"][:10], row["place"], row["recipient"], row["session"] or ""
    )


def call_back(workspace: Workspace, copy: str) -> str:
    """Note that a copy came back or was destroyed where it was; return its whole id. Raises UsageError."""
    done = workspace.store.copies.call_back(copy)
    workspace.vault.log("export", done.session, f"copy {done.id[:8]} called back")
    return done.id


def _parts(workspace: Workspace, client: ClientId) -> tuple[Part, ...]:
    names = {entry.profile: entry.name for entry in workspace.profiles()}
    given = workspace.store.case_roles.of_client(client)
    return tuple(Part(row.id, names[row.profile], row.role, row.until_on) for row in given)
