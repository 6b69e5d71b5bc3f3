"""Reading ratings: which series there are of a session, and each with its trace; deleting one."""

from dataclasses import dataclass

from supervise.app import changes, destroying, rating_gate, underway
from supervise.app.changes import Change
from supervise.app.readable import readable
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from supervise.domain.ids import ProfileId, SeriesId, SessionId
from supervise.domain.rating_trace import DialSummary, Trace, summary
from supervise.domain.session import Session
from supervise.storage.database import transaction
from supervise.storage.rating import Amount, Series

__all__ = [
    "RatingRow",
    "RatingView",
    "Series",
    "delete_rating",
    "find_rating",
    "rating_rows",
    "rating_view",
    "ratings",
    "read_rating",
    "row_of",
]


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


@dataclass(frozen=True, slots=True)
class RatingRow:
    """One series in a list; `author` is the name of whoever worked at the program."""

    series: Series
    client_code: str
    amount: Amount
    author: str


def ratings(workspace: Workspace, session: SessionId | None = None) -> tuple[Series, ...]:
    """Return the series that may be read here, of one session or all, oldest first.

    Raises NotCoveredError, and UsageError while somebody rates: nobody's ratings are shown then.
    """
    underway.refuse_while_rating()
    may = rating_gate.Looks(workspace).may
    return readable(workspace, workspace.store.ratings, session, may, rating_gate.require_look)


def rating_rows(workspace: Workspace, session: SessionId | None = None) -> tuple[RatingRow, ...]:
    """Return the series that may be read here with how much there is in each; raises as `ratings` does."""
    found, store = ratings(workspace, session), workspace.store
    held = [store.sessions.get(session)] if session is not None else store.sessions.all()
    codes = {row.session: row.client_code for row in held}
    amounts, names = store.ratings.amounts(session), _names(workspace)
    return tuple(
        RatingRow(row, codes[row.session], amounts[row.series], names.get(row.author, "")) for row in found
    )


def row_of(view: RatingView) -> RatingRow:
    """Return a series that was read as it stands in a list."""
    trace = view.trace
    amount = Amount(trace.played_ms, len(trace.passes), len(trace.points))
    return RatingRow(view.series, view.session.client_code, amount, view.author)


def _names(workspace: Workspace) -> dict[ProfileId, str]:
    return {profile.profile: profile.name for profile in workspace.profiles()}


def find_rating(workspace: Workspace, text: str) -> SeriesId:
    """Return the series whose id is or begins with `text`; raises UsageError."""
    return workspace.store.ratings.find(text)


def rating_view(workspace: Workspace, series: SeriesId) -> RatingView:
    """Return one series with all that was rated; raises NotCoveredError, UsageError."""
    underway.refuse_while_rating()
    row = workspace.store.ratings.get(series)
    session = rating_gate.require_look(workspace, row)
    trace = workspace.store.ratings.trace(series)
    return RatingView(row, session, trace, _names(workspace).get(row.author, ""))


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
