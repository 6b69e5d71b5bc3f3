"""Destroying one recall for good: with all that hangs on it, swept up, searched for traces, certified."""

from collections.abc import Mapping
from typing import Any

from supervise.app import changes, destroying, inventory, recall_gate, recall_inventory
from supervise.app.changes import Change
from supervise.app.recall_inventory import GONE
from supervise.app.recall_recovering import destroy_recall, require_answers_for
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from supervise.domain.ids import RecallId, new_id
from supervise.domain.keeping import RECALL
from supervise.domain.times import now_utc
from supervise.storage.recalls import DESTROYED, Recall
from supervise.storage.withdrawals import ONE_RECALL, Withdrawal


def goes_with(workspace: Workspace, recall: RecallId) -> int:
    """Return how many interviews go with a recall; raises UsageError, NotCoveredError as destroying does."""
    _require(workspace, workspace.store.recalls.get(recall))
    return len(workspace.store.interviews.of_recall(recall))


def destroy_for_good(workspace: Workspace, recall: RecallId) -> Mapping[str, Any] | None:
    """Destroy a recall and return the certificate; of one that a crash cut short there is none.

    Raises UsageError and NotCoveredError with nothing destroyed; NoSpaceError and VaultInUseError when the
    sweep must wait: the keys are gone by then, and the certificate follows at the next opening.
    """
    store, row = workspace.store, workspace.store.recalls.get(recall)
    _require(workspace, row)
    session = store.sessions.get(row.session)
    if row.unfinished:
        destroy_recall(workspace, recall)
        return None
    destroying.refuse_held(store, session, workspace.today())
    decision = _decision(workspace, row)
    store.withdrawals.add(decision)
    certificate = destroying.carry_out(store, decision)
    workspace.subscribers.tell(Change(changes.RECALL, (row.recall, row.session)))
    return certificate


def _require(workspace: Workspace, row: Recall) -> None:
    """Whoever recorded it in somebody else's case must still be allowed to read it."""
    require_answers_for(workspace, row)
    if row.state == DESTROYED:
        raise UsageError("This recall was destroyed before.")
    if not row.unfinished and not workspace.gate.owns(workspace.store.sessions.get(row.session).client):
        recall_gate.require_look(workspace, row)


def _decision(workspace: Workspace, row: Recall) -> Withdrawal:
    store = workspace.store
    session = store.sessions.get(row.session)
    there = recall_inventory.recollections(store, row.session)
    gone = [entry.id for entry in recall_inventory.with_held(there, {row.recall})]
    return Withdrawal(
        id=new_id(),
        client=session.client,
        scopes=(),
        withdrawn_at=now_utc(),
        recorded_by=workspace.profile.profile,
        choice=ONE_RECALL,
        due_on=workspace.today(),
        inventory={"sessions": [{**inventory.session_facts(store, session), "goes": [RECALL], GONE: gone}]},
    )
