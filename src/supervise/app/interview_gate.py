"""Interviews and consent: what a client must have agreed to for one, and who may hold or read it."""

from supervise.app import recall_gate, recall_seats
from supervise.app.workspace import Workspace
from supervise.domain.consent import Scope, Verdict, judge
from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.ids import ClientId, SessionId
from supervise.domain.interviews import Interview
from supervise.domain.recall import Party
from supervise.domain.session import Session

_RESEARCHER = "researcher="


def require_interview(workspace: Workspace, session: SessionId, study: str, party: Party) -> Session:
    """Return the session if an interview of a study with a party is covered, now; raises NotCoveredError.

    The client has agreed to this study by name, and to the therapist's own review or, for an interview
    with the client, to recall interviews. Whoever is not the case's therapist is a researcher of the study.
    """
    require_study(workspace, workspace.store.sessions.get(session), study)
    return workspace.gate.require_session(session, scope_for(party))


def require_study(workspace: Workspace, row: Session, study: str) -> None:
    """Raise NotCoveredError unless the client agreed to this study by name, and one has a part in it."""
    verdict = study_verdict(workspace, row.client, row.client_code, study)
    if not verdict.covered:
        raise NotCoveredError(verdict.reason)
    if not workspace.gate.owns(row.client) and not is_researcher(workspace, row.client, study):
        raise NotCoveredError(
            f"You have no part in the study {study} for {row.client_code}. The therapist can give you one: "
            f'supervise role give VAULT --client {row.client_code} --to NAME --role "researcher={study}"'
        )


def study_verdict(workspace: Workspace, client: ClientId, code: str, study: str) -> Verdict:
    """Judge whether a client has agreed to a study by name, as of today."""
    own = workspace.gate.owns(client)
    records = workspace.store.consents.of_client(client)
    return judge(records, Scope.RESEARCH, workspace.today(), code, study, own=own)


def scope_for(party: Party) -> Scope:
    """Return what is needed of a client for an interview with a party, besides the study."""
    return Scope.OWN_REVIEW if party is Party.THERAPIST else Scope.CLIENT_RECALL


def is_researcher(workspace: Workspace, client: ClientId, study: str) -> bool:
    """Whether the person who works here has the part of a researcher of this study in the case."""
    wanted, today = (_RESEARCHER + study).casefold(), workspace.today()
    return any(
        part.profile == workspace.profile.profile and part.role.casefold() == wanted and part.holds(today)
        for part in workspace.store.case_roles.of_client(client)
    )


def may(workspace: Workspace, session: SessionId, study: str, party: Party) -> bool:
    """Whether such an interview may be held and read here, now."""
    try:
        require_interview(workspace, session, study, party)
    except NotCoveredError:
        return False
    return True


def require_open(workspace: Workspace, session: Session, row: Interview) -> None:
    """Raise NotCoveredError when the recall an interview was held in is not open here."""
    if row.recall is None:
        return
    try:
        held = workspace.store.recalls.get(row.recall)
    except UsageError:
        return
    recall_seats.require_open(workspace.gate, workspace.store, session, recall_seats.whose(held))


def is_open(workspace: Workspace, session: Session, row: Interview) -> bool:
    """Whether the recall an interview was held in, if any, is open to whoever works here."""
    try:
        require_open(workspace, session, row)
    except NotCoveredError:
        return False
    return True


def require_other_than_therapist(workspace: Workspace, client: ClientId, party: Party, name: str) -> None:
    """Raise UsageError when a client's interviewer would be their therapist."""
    if party is Party.CLIENT and recall_gate.is_therapist(workspace, client, name):
        raise UsageError("A client is not interviewed by their therapist. Let somebody else do it.")
