"""Which recalls of a session can be taken out, with what a person needs to tell them apart."""

from dataclasses import dataclass

from supervise.app.reading import NONE
from supervise.app.recall_lists import recall_rows
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
    return tuple(
        RecallToTakeOut(
            recall=row.recall,
            setup=row.setup,
            started_at=row.started_at,
            duration_ms=row.duration_ms,
            stops=row.stops,
            has_words=row.words != NONE,
        )
        for row in reversed(recall_rows(workspace, session))
        if row.finished
    )
