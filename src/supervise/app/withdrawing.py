"""A client takes a yes back: locked at once, listed, and destroyed when a grace period is over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from supervise.app import changes, destroying, inventory, recall_inventory
from supervise.app.changes import Change
from supervise.app.consenting import Statement
from supervise.app.ending import end_all
from supervise.app.recall_inventory import GONE
from supervise.app.recalling import live
from supervise.app.recording import end_withdrawn
from supervise.app.workspace import Workspace
from supervise.domain.consent import Grant, Scope, standing_scopes, stands
from supervise.domain.consent_details import ConsentDetails
from supervise.domain.errors import UsageError
from supervise.domain.ids import ClientId, RecallId, SessionId, new_id
from supervise.domain.keeping import GRACE_DAYS, KINDS, OF_SESSION, RECALL, SOUND, TRANSCRIPT, without_basis
from supervise.domain.session import Session
from supervise.domain.times import now_utc
from supervise.storage.database import transaction
from supervise.storage.store import Store
from supervise.storage.withdrawals import DESTROY, RESTRICT, Withdrawal

DESTROYS = "destroys what was made; anybody may lock it"
ALL = frozenset(Grant(scope) for scope in Scope)


@dataclass(frozen=True, slots=True)
class WithdrawWish:
    """What a client takes back: `grants` (ALL for everything).

    `choice` is `destroy` (what nothing allows any longer) or `restrict` (locked, and kept). `chosen` are
    kinds to destroy although another scope would allow them. `now` skips the grace period.
    """

    client: str
    grants: frozenset[Grant]
    choice: str = DESTROY
    chosen: frozenset[str] = frozenset()
    now: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What followed: the decision, what goes, the copies to call back, the certificate if it is done.

    `held` says that a legal hold keeps it from being destroyed; it is locked all the same.
    """

    decision: Withdrawal
    copies: list[dict[str, Any]]
    held: bool
    certificate: Mapping[str, Any] | None


def preview(workspace: Workspace, wish: WithdrawWish) -> dict[str, Any]:
    """Return the inventory as it would be decided on, for the person to look at first."""
    client, code = _client(workspace, wish.client)
    records = workspace.store.consents.of_client(client)
    standing = standing_scopes(records)
    for grant in wish.grants:
        named = {name for record in records for name in record.grants([grant.scope]) if name.target}
        others = {name for name in named if grant.target and not grant.meets(name.scope, name.target)}
        if not others:
            standing -= {grant.scope}
    store = workspace.store
    return {
        "client": code,
        "scopes": sorted(str(grant) for grant in wish.grants),
        "choice": wish.choice,
        "chosen": sorted(wish.chosen),
        "reason": wish.reason,
        "sessions": [_touched(store, row, wish, standing) for row in inventory.of_client(store, client)],
    }


def _touched(store: Store, row: Session, wish: WithdrawWish, standing: frozenset[Scope]) -> dict[str, Any]:
    """Return what there is of a session and what of it goes."""
    facts = inventory.session_facts(store, row)
    if wish.choice == RESTRICT:
        return {**facts, "goes": [], GONE: []}
    found = recall_inventory.recollections(store, row.session)
    records = store.consents.of_client(row.client)

    def in_study(study: str) -> bool:
        taken = any(grant.meets(Scope.RESEARCH, study) for grant in wish.grants)
        return not taken and stands(records, Scope.RESEARCH, study)

    loose = recall_inventory.without_basis(found, standing, in_study)
    recalls = found if RECALL in wish.chosen else loose
    goes = [kind for kind in OF_SESSION if kind in {*without_basis(standing), *wish.chosen}]
    asked = TRANSCRIPT in wish.chosen or any(grant.scope is Scope.TRANSCRIBE for grant in wish.grants)
    if SOUND not in goes and not asked:
        goes = [kind for kind in goes if kind != TRANSCRIPT]  # decided on before, or there is none
    return {**facts, "goes": [*goes, RECALL] if recalls else goes, GONE: [entry.id for entry in recalls]}


def withdraw(workspace: Workspace, wish: WithdrawWish) -> Withdrawn:
    """Lock at once, keep the decision, and destroy if `now`.

    Raises UsageError for no such client, and for destroying more or sooner in a case that is not one's own.
    """
    _check(wish)
    client, code = _client(workspace, wish.client)
    if wish.now or wish.chosen:
        workspace.gate.require_owner(client, code, DESTROYS)
    if SOUND in wish.chosen or any(grant.scope is Scope.RECORD for grant in wish.grants):
        end_withdrawn(workspace, client)
    end_all(workspace, client)
    today = workspace.today()
    listed = preview(workspace, wish)
    if wish.now and wish.choice == DESTROY:
        _refuse_going_on(listed)
    due_on = today if wish.now else today + timedelta(days=GRACE_DAYS)
    store = workspace.store
    with transaction(workspace.vault.db):
        details = ConsentDetails(note=wish.reason)
        said = Statement(wish.client, today, withdrawn=wish.grants, details=details)
        listed["consent"] = workspace.record_consent(said).consent
        decision = Withdrawal(
            id=new_id(),
            client=client,
            scopes=tuple(listed["scopes"]),
            withdrawn_at=now_utc(),
            recorded_by=workspace.profile.profile,
            choice=wish.choice,
            due_on=due_on,
            inventory=listed,
        )
        store.withdrawals.add(decision)
        workspace.vault.log("withdraw", decision.id, f"{len(wish.grants)} scopes, {wish.choice}")
    _tell(workspace, listed)
    copies = inventory.copies_out(store, client)
    is_held = wish.choice == DESTROY and destroying.held(store, decision, today)
    certificate = None
    if wish.now and wish.choice == DESTROY and not is_held:
        certificate = destroying.carry_out(store, decision)
        _tell(workspace, listed)
    return Withdrawn(decision, copies, is_held, certificate)


def take_back(workspace: Workspace, text: str) -> Withdrawal:
    """Undo a withdrawal in its grace period: what was granted before is granted again, and says so."""
    found = workspace.store.withdrawals.find(text)
    if not found.waits and found.choice != RESTRICT:
        raise UsageError("This was carried out or taken back already. What was destroyed cannot come back.")
    code = workspace.store.consents.codes()[found.client]
    details = ConsentDetails(method="correction", takes_back=str(found.inventory["consent"]))
    with transaction(workspace.vault.db):
        workspace.record_consent(Statement(code, workspace.today(), details=details))
        workspace.store.withdrawals.take_back(found.id)
        workspace.vault.log("withdraw", found.id, "taken back")
    _tell(workspace, found.inventory)
    return found


def finish(workspace: Workspace, text: str) -> Mapping[str, Any]:
    """Carry out a decision now, before its grace period is over, and return the certificate."""
    found = workspace.store.withdrawals.find(text)
    if not found.waits:
        raise UsageError("There is nothing left to destroy for this decision.")
    code = workspace.store.consents.codes()[found.client]
    workspace.gate.require_owner(found.client, code, DESTROYS)
    if destroying.held(workspace.store, found, workspace.today()):
        raise UsageError("A legal hold stops this destruction. It stays locked; lift the hold first.")
    _refuse_going_on(found.inventory)
    certificate = destroying.carry_out(workspace.store, found)
    _tell(workspace, found.inventory)
    return certificate


def _client(workspace: Workspace, code: str) -> tuple[ClientId, str]:
    found = workspace.store.consents.client(code.strip())
    if found is None:
        raise UsageError(f"There is no client {code} in this vault.")
    return found


def _check(wish: WithdrawWish) -> None:
    if not wish.grants:
        raise UsageError("Say what is withdrawn: --scope SCOPE, or --all.")
    if wish.choice not in (DESTROY, RESTRICT):
        raise UsageError("What was made is destroyed (destroy) or locked and kept (restrict).")
    unknown = wish.chosen - set(KINDS)
    if unknown:
        raise UsageError(f"“{min(unknown)}” cannot be destroyed by itself; {', '.join(KINDS)} can.")


def _refuse_going_on(listed: Mapping[str, Any]) -> None:
    going = (recall for entry in listed["sessions"] for recall in entry.get(GONE, ()))
    if any(live(RecallId(recall)) for recall in going):
        raise UsageError("A recall of this client is going on. End it first, then destroy.")


def _tell(workspace: Workspace, listed: Mapping[str, Any]) -> None:
    """Tell everybody who shows or plays the client's sessions."""
    ids = tuple(SessionId(entry["session"]) for entry in listed["sessions"])
    workspace.subscribers.tell(Change(changes.CONSENT, ids))
    workspace.subscribers.tell(Change(changes.LIBRARY, ids))
    workspace.subscribers.tell(Change(changes.RECALL, ids))
