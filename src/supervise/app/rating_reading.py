"""Reading ratings: which series there are of a session, and each with its trace; deleting one."""

from dataclasses import dataclass

from supervise.app import changes, destroying, rating_gate, underway
from supervise.app.changes import Change
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from supervise.domain.ids import SeriesId, SessionId
from supervise.domain.rating_trace import DialSummary, Trace, summary
from supervise.domain.session import Session
from supervise.storage.database import transaction
from supervise.storage.rating import Series

__all__ = ["RatingView", "Series", "delete_rating", "find_rating", "rating_view", "ratings", "read_rating"]


@dataclass(frozen=True, slots=True)
class RatingView:
    """One series as it is read; `author` is the name of whoever worked at the program."""

    series: Series
    session: Session
    trace: Trace
    author: str

    @property
    def figures(self) -> tuple[DialSummary, ...]:
        """Plain figures, dial by dial."""
        return summary(self.trace, self.series.setup.dials)


def ratings(workspace: Workspace, session: SessionId | None = None) -> tuple[Series, ...]:
    """Return the series that may be read here, of one session or all, oldest first.

    Raises NotCoveredError, and UsageError while somebody rates: nobody's ratings are shown then.
    """
    underway.refuse_while_rating()
    store = workspace.store.ratings
    rows = store.all() if session is None else store.of_session(session)
    kept = tuple(row for row in rows if rating_gate.may_look(workspace, row.session, row.setup))
    if session is not None and rows and not kept:
        rating_gate.require_look(workspace, session, rows[0].setup)
    return kept


def find_rating(workspace: Workspace, text: str) -> SeriesId:
    """Return the series whose id is or begins with `text`; raises UsageError."""
    return workspace.store.ratings.find(text)


def rating_view(workspace: Workspace, series: SeriesId) -> RatingView:
    """Return one series with all that was rated; raises NotCoveredError, UsageError."""
    underway.refuse_while_rating()
    row = workspace.store.ratings.get(series)
    session = rating_gate.require_look(workspace, row.session, row.setup)
    names = {profile.profile: profile.name for profile in workspace.profiles()}
    return RatingView(row, session, workspace.store.ratings.trace(series), names.get(row.author, ""))


def read_rating(workspace: Workspace, series: SeriesId) -> RatingView:
    """Return one series as `rating_view` does, for a person to read: the access log says so."""
    view = rating_view(workspace, series)
    workspace.vault.log("rate", view.series.session, "read")
    return view


def delete_rating(workspace: Workspace, series: SeriesId) -> None:
    """Delete one series for good; only whoever made it, and the therapist whose case it is."""
    underway.refuse_while_rating()
    store, row = workspace.store, workspace.store.ratings.get(series)
    client = store.sessions.get(row.session).client
    if not workspace.gate.owns(client) and row.author != workspace.profile.profile:
        raise UsageError("Only the therapist whose case it is, and who made it, delete a series of ratings.")
    destroying.refuse_held(store, store.sessions.get(row.session), workspace.today())
    with transaction(workspace.vault.db):
        store.ratings.delete(series)
        workspace.vault.log("delete", row.session, "rating")
    workspace.subscribers.tell(Change(changes.RATING, (series, row.session)))
