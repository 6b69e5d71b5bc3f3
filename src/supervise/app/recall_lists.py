"""Lists of recalls: what a person needs to tell them apart, read for all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from supervise.app import recalled
from supervise.app.reading import NONE, PARTIAL, WHOLE
from supervise.app.recall_gate import Looks
from supervise.app.recall_reading import recalls
from supervise.app.workspace import Workspace
from supervise.domain.consent import Scope
from supervise.domain.ids import ClientId, RecallId, SessionId
from supervise.domain.recall import Party, Setup
from supervise.domain.session import Session
from supervise.storage.recalls import Recall


@dataclass(frozen=True, slots=True)
class RecallRow:
    """A recall in a list; `words` is `none` (also when they are locked), `partial` or `whole`."""

    recall: RecallId
    session: SessionId
    client_code: str
    setup: Setup
    started_at: str
    duration_ms: int
    stops: int
    words: str
    finished: bool


def recall_list(workspace: Workspace, session: SessionId | None = None) -> tuple[RecallRow, ...]:
    """Return the recalls of one session or all, oldest first.

    Raises NotCoveredError where there are some of the session and none may be read.
    """
    return _rows(workspace, recalls(workspace, session), session)


def recall_rows(workspace: Workspace, session: SessionId) -> tuple[RecallRow, ...]:
    """Return the recalls of a session that may be read here, oldest first."""
    held, looks = workspace.store.sessions.get(session), Looks(workspace)
    rows = [row for row in workspace.store.recalls.of_session(session) if looks.may(held, row)]
    return _rows(workspace, rows, session)


def closed_recalls(workspace: Workspace, session: SessionId) -> int:
    """Return how many recalls of a session its therapist may not read; nobody else is told, and gets 0."""
    held, looks = workspace.store.sessions.get(session), Looks(workspace)
    if not workspace.gate.owns(held.client):
        return 0
    return sum(not looks.may(held, row) for row in workspace.store.recalls.of_session(session))


def closed_to_therapist(workspace: Workspace, recall: RecallId) -> bool | None:
    """Whether a recall is closed to the therapist until the client shares it; None where that is no question.

    It is none where the client did not recall alone, or has agreed to share. What was recorded in the
    therapist's own profile is open to them: False.
    """
    row = workspace.store.recalls.get(recall)
    held = workspace.store.sessions.get(row.session)
    if row.setup.recaller is not Party.CLIENT:
        return None
    if workspace.gate.verdict(held.client, held.client_code, Scope.SHARE_RECALL).covered:
        return None
    return not workspace.gate.owns(held.client)


def _rows(workspace: Workspace, rows: Sequence[Recall], session: SessionId | None) -> tuple[RecallRow, ...]:
    store = workspace.store
    stops, finished = store.recalls.stop_counts(session), store.recall_transcripts.states(session)
    held = [store.sessions.get(session)] if session is not None else store.sessions.all()
    sessions, covered = {row.session: row for row in held}, _Covered(workspace)
    found = []
    for row in rows:
        one, state = sessions[row.session], finished.get(row.recall)
        words = NONE if state is None or not covered.of(one) else WHOLE if state else PARTIAL
        duration_ms = row.sound.duration_ms or recalled.map_of(store, row).duration_ms
        facts = (row.recall, row.session, one.client_code, row.setup, row.started_at, duration_ms)
        found.append(RecallRow(*facts, stops.get(row.recall, 0), words, finished=not row.unfinished))
    return tuple(found)


class _Covered:
    """Whether what was said in sessions may be read, asked once for each client."""

    def __init__(self, workspace: Workspace) -> None:
        self._gate = workspace.gate
        self._known: dict[ClientId, bool] = {}

    def of(self, session: Session) -> bool:
        if session.client not in self._known:
            self._known[session.client] = self._gate.words(session).covered
        return self._known[session.client]
