"""Before a recall: what was set up, checked against the session and the consent; and how late it comes."""

from dataclasses import replace

from supervise.app import recall_gate
from supervise.app.protocols import protocol
from supervise.app.recall_places import day_only, started_hours_ago
from supervise.app.workspace import Workspace
from supervise.domain.ids import SessionId
from supervise.domain.recall import RecallKind, Setup, check_setup
from supervise.domain.session import Session


def prepared(workspace: Workspace, session: SessionId, setup: Setup) -> tuple[Session, Setup]:
    """Return the session and the set-up as it will be kept, now; nothing is opened or written.

    Raises NotCoveredError when the client's consent does not cover such a recall, UsageError when the
    set-up contradicts itself or names a protocol the vault does not know.
    """
    row = recall_gate.require_recall(workspace, session, setup)
    if setup.kind is RecallKind.RESEARCH:
        protocol(workspace, setup.protocol)
    helps = recall_gate.is_therapist(workspace, row.client, setup.inquirer)
    hours = started_hours_ago(workspace.store, row)
    setup = replace(
        setup,
        inquirer_is_therapist=setup.inquirer_is_therapist or helps,
        hours_since=hours,
        hours_from_day=day_only(workspace.store, row),
    )
    return row, check_setup(setup, row.sound.duration_ms)


def hours_ago(workspace: Workspace, session: SessionId) -> float:
    """Return how many hours ago a session was."""
    return started_hours_ago(workspace.store, workspace.store.sessions.get(session))
