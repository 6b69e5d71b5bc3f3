"""Which recalls of a session can be taken out, with what a person needs to tell them apart."""

from dataclasses import dataclass

from supervise.app.recall_reading import recalls
from supervise.app.workspace import Workspace
from supervise.domain.ids import RecallId, SessionId
from supervise.domain.recall import Setup


@dataclass(frozen=True, slots=True)
class RecallToTakeOut:
    """One recall that has ended; `has_words` says that there is a transcript, finished or not."""

    recall: RecallId
    setup: Setup
    started_at: str
    duration_ms: int
    stops: int
    has_words: bool


def recalls_to_take_out(workspace: Workspace, session: SessionId) -> tuple[RecallToTakeOut, ...]:
    """Return those that may be read here, newest first."""
    store = workspace.store
    words = store.recall_transcripts.current_of_session(session)
    rows = [row for row in recalls(workspace) if row.session == session and not row.unfinished]
    return tuple(
        RecallToTakeOut(
            recall=row.recall,
            setup=row.setup,
            started_at=row.started_at,
            duration_ms=row.sound.duration_ms,
            stops=len(store.recalls.stops(row.recall)),
            has_words=row.recall in words,
        )
        for row in sorted(rows, key=lambda row: row.started_at, reverse=True)
    )
