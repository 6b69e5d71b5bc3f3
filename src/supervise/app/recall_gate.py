"""Recall and consent: the one place that says what a client must have agreed to for a recall."""

from supervise.app.recall_seats import require_open, whose
from supervise.app.workspace import Workspace
from supervise.domain.consent import Scope, judge
from supervise.domain.errors import NotCoveredError
from supervise.domain.ids import ClientId, SessionId
from supervise.domain.recall import Setup
from supervise.domain.recall_scopes import scopes_for
from supervise.domain.roles import OWNER
from supervise.domain.session import Session
from supervise.storage.recalls import Recall

_LOOK = Scope.OWN_REVIEW


def require_recall(workspace: Workspace, session: SessionId, setup: Setup) -> Session:
    """Return the session if this recall of it is covered, now; raises NotCoveredError otherwise.

    Whoever is not the case's therapist needs a part in it besides.
    """
    gate = workspace.gate
    row = workspace.store.sessions.get(session)
    gate.require_not_apart(row.client, setup.recaller)
    for scope in scopes_for(setup):
        row = gate.require_session(session, scope)
    _require_inquirer(workspace, row, setup)
    if not gate.owns(row.client):
        row = gate.require_session(session, Scope.OWN_REVIEW)
    return row


def _require_inquirer(workspace: Workspace, row: Session, setup: Setup) -> None:
    """Whoever helps a therapist recall hears the session: the client has named them, or agreed to recalls."""
    asked_for = {Scope.CLIENT_RECALL, Scope.RESEARCH} & set(scopes_for(setup))
    if not setup.inquirer.strip() or asked_for or is_therapist(workspace, row.client, setup.inquirer):
        return
    if workspace.gate.verdict(row.client, row.client_code, Scope.CLIENT_RECALL).covered:
        return
    records = workspace.store.consents.of_client(row.client)
    own = workspace.gate.owns(row.client)
    name = setup.inquirer.strip()
    verdict = judge(records, Scope.SUPERVISOR, workspace.today(), row.client_code, name, own=own)
    if not verdict.covered:
        raise NotCoveredError(verdict.reason)


def require_look(workspace: Workspace, recall: Recall) -> Session:
    """Return the session if this recall may be read or heard here, now; raises NotCoveredError."""
    row = require_look_as(workspace, recall.session, recall.setup)
    require_open(workspace.gate, workspace.store, row, whose(recall))
    return row


def require_look_as(workspace: Workspace, session: SessionId, setup: Setup) -> Session:
    """Return the session if such a recall may be read as far as consent goes; raises NotCoveredError.

    What a client said in a recall rests on their consent to that, and is locked when it is taken back.
    """
    if Scope.CLIENT_RECALL in scopes_for(setup):
        row = workspace.gate.require_session(session, Scope.CLIENT_RECALL)
        return row if workspace.gate.owns(row.client) else workspace.gate.require_session(session, _LOOK)
    workspace.gate.require_not_apart(workspace.store.sessions.get(session).client, setup.recaller)
    try:
        return workspace.gate.require_session(session, Scope.OWN_REVIEW)
    except NotCoveredError:
        return require_recall(workspace, session, setup)


class Looks:
    """Judges many recalls: the gate is asked once for each client and all that a recall of theirs rests on.

    For one list, made and let go at once: what it knows is not asked again.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: dict[tuple[object, ...], bool] = {}
        self._studying: dict[ClientId, bool] = {}

    def may(self, session: Session, recall: Recall) -> bool:
        """Whether what was recalled may be read here."""
        setup = recall.setup
        apart = recall.recall if self._of_study(session) else ""  # whose study counts, recall by recall
        key = (session.client, setup.kind, setup.recaller, setup.inquirer.strip(), recall.made_by, apart)
        if key not in self._known:
            self._known[key] = self._asked(recall)
        return self._known[key]

    def _of_study(self, session: Session) -> bool:
        if session.client not in self._studying:
            seats = self._workspace.gate.seats(session.client)
            self._studying[session.client] = any(seat.scope is Scope.RESEARCH for seat in seats)
        return self._studying[session.client]

    def _asked(self, recall: Recall) -> bool:
        try:
            require_look(self._workspace, recall)
        except NotCoveredError:
            return False
        return True


def require_words(workspace: Workspace, recall: Recall) -> Session:
    """Return the session if what is said in this recall may be transcribed; raises NotCoveredError."""
    require_look(workspace, recall)
    return workspace.gate.require_session(recall.session, Scope.TRANSCRIBE)


def is_therapist(workspace: Workspace, client: ClientId, name: str) -> bool:
    """Whether a name is that of the profile whose case this is."""
    wanted = name.strip().casefold()
    store, everybody = workspace.store, workspace.profiles()
    found = [profile for profile in everybody if profile.name.casefold() == wanted]
    if not found:
        return False
    if found[0].profile == workspace.profile.profile:
        return workspace.gate.owns(client)
    owners = {part.profile for part in store.case_roles.of_client(client) if part.role == OWNER}
    if owners:
        return found[0].profile in owners
    return found[0].profile in (everybody[0].profile, store.consents.first_recorder(client))
