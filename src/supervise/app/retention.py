"""The retention clock: how long each kind is kept, what falls due, what a hold stops; and destruction."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from supervise.app import changes, destroying, inventory, recall_inventory
from supervise.app.changes import Change
from supervise.app.recall_inventory import GONE
from supervise.app.workspace import Workspace
from supervise.domain.consent import ConsentRecord
from supervise.domain.errors import UsageError
from supervise.domain.ids import ClientId, SessionId, new_id
from supervise.domain.keeping import KINDS, OF_SESSION, RECALL
from supervise.domain.session import Session
from supervise.domain.times import now_utc
from supervise.storage.database import transaction
from supervise.storage.retention import LegalHold
from supervise.storage.store import Store
from supervise.storage.withdrawals import RETENTION, Withdrawal

WARNING_DAYS = 14


@dataclass(frozen=True, slots=True)
class DueThing:
    """One kind of thing of one session: `due_on` is the day from which it is destroyed.

    Recalls, interviews and ratings have a day each, counted from when they were made; `recall` is the id,
    `what` one of those three words of `recall_inventory`.
    `state` is `due`, `soon` (within the days of warning), `later`, or `held` by a legal hold.
    """

    session: SessionId
    client_code: str
    kind: str
    due_on: date
    state: str
    recall: str = ""
    what: str = ""


def set_rule(workspace: Workspace, kind: str, days: int | None) -> None:
    """Keep a kind for so many days after the meeting (a recall: after it), or with None as consent allows."""
    if kind not in KINDS:
        raise UsageError(f"“{kind}” is not a kind of thing. The kinds are: {', '.join(KINDS)}.")
    if days is not None and not 0 <= days <= 36_525:
        raise UsageError("A rule is a number of days from 0 to 36525.")
    with transaction(workspace.vault.db):
        workspace.store.retention.set_rule(kind, days)
        workspace.vault.log("retention", kind, "no rule" if days is None else f"{days} days")


def due_list(workspace: Workspace) -> list[DueThing]:
    """Return everything that has a day, the earliest first; what is already gone is left out."""
    store, today = workspace.store, workspace.today()
    rules, holds = store.retention.rules(), store.retention.holds()
    records = store.consents.by_client()
    found: list[DueThing] = []
    for row in store.sessions.all():
        held = any(hold.holds(row.client, row.session, today) for hold in holds)
        for kind, due_on, *which in _dated(store, row, _days(rules, records.get(row.client, []))):
            state = _state(due_on, today, held=held)
            found.append(DueThing(row.session, row.client_code, kind, due_on, state, *which))
    return sorted(
        found, key=lambda thing: (thing.due_on, thing.session, KINDS.index(thing.kind), thing.recall)
    )


def _dated(store: Store, row: Session, days_of: Mapping[str, int]) -> Iterator[tuple[str, date, str, str]]:
    """Yield each thing of a session that has a day: its kind, the day, and which recall (or what) it is."""
    present = inventory.kinds_present(store, row) if days_of else frozenset()
    for kind in OF_SESSION:
        if kind in days_of and kind in present:
            yield kind, date.fromisoformat(row.held_on) + timedelta(days=days_of[kind]), "", ""
    if RECALL in days_of:
        for entry in recall_inventory.recollections(store, row.session):
            if not entry.held_in:
                yield RECALL, entry.day + timedelta(days=days_of[RECALL]), entry.id, entry.what


def due_here(workspace: Workspace) -> list[DueThing]:
    """Return what `run` destroys: what is due of the cases of whoever works here."""
    store = workspace.store
    own = {row.session for row in store.sessions.all() if workspace.gate.owns(row.client)}
    return [thing for thing in due_list(workspace) if thing.state == "due" and thing.session in own]


def run(workspace: Workspace) -> list[Mapping[str, Any]]:
    """Destroy what is due and not held, a decision and certificate a client; return the certificates.

    Other people's cases wait for them.
    """
    due = due_here(workspace)
    goes: dict[SessionId, list[DueThing]] = {}
    for thing in due:
        goes.setdefault(thing.session, []).append(thing)
    by_client: dict[ClientId, list[Session]] = {}
    for row in workspace.store.sessions.all():
        if row.session in goes:
            by_client.setdefault(row.client, []).append(row)
    made = []
    for client, rows in by_client.items():
        decision = _decision(workspace, client, rows, goes)
        workspace.store.withdrawals.add(decision)
        made.append(destroying.carry_out(workspace.store, decision))
        ids = tuple(row.session for row in rows)
        workspace.subscribers.tell(Change(changes.CONSENT, ids))
        workspace.subscribers.tell(Change(changes.LIBRARY, ids))
        workspace.subscribers.tell(Change(changes.RECALL, ids))
    return made


@dataclass(frozen=True, slots=True)
class HoldShown:
    """A legal hold as a page shows it; `session` is empty for a whole client."""

    id: str
    client_code: str
    session: str
    reason: str
    expires_on: date


def holds(workspace: Workspace) -> list[HoldShown]:
    """Return the holds that were not lifted, oldest first."""
    codes = workspace.store.consents.codes()
    return [
        HoldShown(hold.id, codes[hold.client], hold.session, hold.reason, hold.expires_on)
        for hold in workspace.store.retention.holds()
    ]


def place_hold(workspace: Workspace, client: str, session: str, reason: str, expires_on: date) -> LegalHold:
    """Keep a client's things (or one session's) from being destroyed; a hold needs a reason and an end."""
    known = workspace.store.consents.client(client.strip())
    if known is None:
        raise UsageError(f"There is no client {client} in this vault.")
    if not reason.strip():
        raise UsageError("A hold needs a reason.")
    if expires_on < workspace.today():
        raise UsageError("A hold ends on a day to come; it can be placed anew then.")
    if session and workspace.store.sessions.get(SessionId(session)).client != known[0]:
        raise UsageError(f"That session is not one of {known[1]}.")
    with transaction(workspace.vault.db):
        made = workspace.store.retention.hold(known[0], session, reason.strip(), expires_on)
        workspace.vault.log("retention", made.id, f"hold until {expires_on}")
    return made


def lift_hold(workspace: Workspace, text: str) -> LegalHold:
    """Lift a hold before its end; raises UsageError when none or several fit, or in another's case."""
    with transaction(workspace.vault.db):
        lifted = workspace.store.retention.lift(text)
        code = workspace.store.consents.codes()[lifted.client]
        workspace.gate.require_owner(lifted.client, code, "lifts a hold")
        workspace.vault.log("retention", lifted.id, "hold lifted")
    return lifted


def _days(rules: Mapping[str, int], records: list[ConsentRecord]) -> dict[str, int]:
    """Return the rule in force for each kind: what the client was promised decides where it is shorter."""
    days = dict(rules)
    promised = [record for record in records if record.details.keep_days]
    if promised:
        newest = max(promised, key=lambda record: (record.created_at, record.consent))
        for kind, kept in newest.details.keep_days:
            days[kind] = min(kept, days.get(kind, kept))
    return days


def _state(due_on: date, today: date, *, held: bool) -> str:
    if held:
        return "held"
    if due_on <= today:
        return "due"
    return "soon" if due_on <= today + timedelta(days=WARNING_DAYS) else "later"


def _decision(
    workspace: Workspace, client: ClientId, rows: list[Session], goes: Mapping[SessionId, list[DueThing]]
) -> Withdrawal:
    """Decide for all of a client's sessions; when nothing else is left of one, it goes whole."""
    listed = []
    for row in rows:
        due = {thing.kind for thing in goes[row.session]}
        named = {thing.recall for thing in goes[row.session] if thing.kind == RECALL}
        there = recall_inventory.recollections(workspace.store, row.session)
        recalls = [entry.id for entry in recall_inventory.with_held(there, named)]
        facts = inventory.session_facts(workspace.store, row)
        left = inventory.kinds_present(workspace.store, row) - due
        if not left and len(recalls) == len(there):
            due |= set(OF_SESSION)
        listed.append({**facts, "goes": [kind for kind in KINDS if kind in due], GONE: recalls})
    return Withdrawal(
        id=new_id(),
        client=client,
        scopes=(),
        withdrawn_at=now_utc(),
        recorded_by=workspace.profile.profile,
        choice=RETENTION,
        due_on=workspace.today(),
        inventory={"sessions": listed},
    )
