"""A session of which recalls are kept and destroyed."""

import pytest

from recall_rooms import add_sounding_session
from supervise.app.consenting import Statement
from supervise.app.workspace import Workspace
from supervise.domain.consent import Grant, Scope
from supervise.domain.ids import SessionId
from two_clocks import numbered_session
from workspaces import CLIENT, OWN_USE, TODAY, add_transcript, spoken


@pytest.fixture
def session(workspace: Workspace) -> SessionId:
    """A session that sounds and was transcribed; its client agreed to recalls."""
    workspace.add_consent(CLIENT, OWN_USE | {Scope.CLIENT_RECALL}, TODAY)
    workspace.record_consent(Statement(CLIENT, TODAY, frozenset({Grant(Scope.RESEARCH, "S")})))
    made = add_sounding_session(workspace, numbered_session(8), held_on="2026-11-20")
    add_transcript(workspace, made, spoken("what was said in the hour itself"))
    return made
