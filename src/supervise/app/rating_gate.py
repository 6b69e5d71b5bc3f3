"""Rating and consent: what a client must have agreed to before their session is rated, or that is read."""

from supervise.app import interview_gate, recall_gate
from supervise.app.recall_seats import require_open, whose_series
from supervise.app.workspace import Workspace
from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.ids import SessionId
from supervise.domain.rating import Rater, RatingSetup
from supervise.domain.recall import Party, RecallKind, Setup
from supervise.domain.session import Session
from supervise.storage.rating import Series

_WHO = "Say who rates: somebody who is neither the therapist nor the client hears the session too."


def require_rating(workspace: Workspace, session: SessionId, setup: RatingSetup) -> Session:
    """Return the session if it may be rated by that person now; raises NotCoveredError, UsageError."""
    _require_study(workspace, session, setup)
    return recall_gate.require_recall(workspace, session, _as_recall(workspace, session, setup))


def require_look(workspace: Workspace, series: Series) -> Session:
    """Return the session if that series may be read here now; raises NotCoveredError."""
    _require_study(workspace, series.session, series.setup)
    setup = _as_recall(workspace, series.session, series.setup, reading=True)
    row = recall_gate.require_look_as(workspace, series.session, setup)
    require_open(workspace.gate, workspace.store, row, whose_series(series))
    return row


def may_look(workspace: Workspace, series: Series) -> bool:
    """Whether that series may be read here now."""
    try:
        require_look(workspace, series)
    except NotCoveredError:
        return False
    return True


class Looks:
    """Judges many series: the gate is asked once for each client and all that a series of theirs rests on.

    For one list, made and let go at once: what it knows is not asked again.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: dict[tuple[object, ...], bool] = {}

    def may(self, session: Session, series: Series) -> bool:
        """Whether that series may be read here."""
        setup = series.setup
        key = (session.client, setup.rater, setup.name.strip(), setup.study.strip(), series.author)
        if key not in self._known:
            self._known[key] = may_look(self._workspace, series)
        return self._known[key]


def _require_study(workspace: Workspace, session: SessionId, setup: RatingSetup) -> None:
    """A series for a study rests on that study besides, by name, as its interviews do."""
    if study := setup.study.strip():
        interview_gate.require_study(workspace, workspace.store.sessions.get(session), study)


def _as_recall(
    workspace: Workspace, session: SessionId, setup: RatingSetup, *, reading: bool = False
) -> Setup:
    """Return the recall that rests on the same consent: who rates stands for who recalls or helps.

    Somebody else with a profile of their own is judged by their part in the case.
    """
    party = Party.CLIENT if setup.rater is Rater.CLIENT else Party.THERAPIST
    kind = RecallKind.CLIENT if setup.rater is Rater.CLIENT else RecallKind.THERAPIST
    helper = ""
    if setup.rater is Rater.OTHER:
        client = workspace.store.sessions.get(session).client
        if workspace.gate.owns(client):
            helper = setup.name.strip()
            if not helper and not reading:
                raise UsageError(_WHO)
    if setup.study.strip():
        kind = RecallKind.RESEARCH
    return Setup(kind, recaller=party, inquirer=helper, protocol=setup.study.strip())
