"""Asking a client: what is covered today, and that they were asked again at the start of a meeting."""

from dataclasses import dataclass

from supervise.app.workspace import Workspace
from supervise.domain.consent import Scope
from supervise.domain.errors import UsageError
from supervise.domain.ids import ClientId


@dataclass(frozen=True, slots=True)
class Standing:
    """What a client's consent covers today, and why recording is not covered when it is not."""

    covered: frozenset[Scope] = frozenset()
    reason: str = ""


def standing(workspace: Workspace, code: str) -> Standing:
    """Return how a client code stands; a code nobody knows is covered for nothing, without a reason."""
    found = workspace.store.consents.client(code.strip())
    if found is None:
        return Standing()
    verdicts = {scope: workspace.gate.verdict(found[0], found[1], scope) for scope in Scope}
    covered = frozenset(scope for scope, verdict in verdicts.items() if verdict.covered)
    return Standing(covered, verdicts[Scope.RECORD].reason)


def refused_again(workspace: Workspace, code: str) -> None:
    """Write down that the client, asked at the start of this meeting, said no; consent stays as it is."""
    found = workspace.store.consents.client(code.strip())
    if found is None:
        raise UsageError(f"There is no client {code} in this vault.")
    note_answer(workspace, found[0], agreed=False)


def note_answer(workspace: Workspace, client: ClientId, *, agreed: bool) -> None:
    """Add the answer to the access log, where nothing is ever changed."""
    workspace.vault.log("consent", client, f"asked again before recording: {'yes' if agreed else 'no'}")
