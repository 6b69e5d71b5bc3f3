"""Of what is kept about sessions, what may be read here: one rule for recalls and for ratings."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from supervise.app.workspace import Workspace
from supervise.domain.ids import SessionId
from supervise.domain.session import Session


class _OfSession(Protocol):
    @property
    def session(self) -> SessionId:
        """Whose it is."""
        ...


Row = TypeVar("Row", bound=_OfSession)
_Row_co = TypeVar("_Row_co", covariant=True)


class _Kept(Protocol[_Row_co]):
    def all(self) -> Sequence[_Row_co]:
        """Return every row, oldest first."""
        ...

    def of_session(self, session: SessionId, /) -> Sequence[_Row_co]:
        """Return those of one session, oldest first."""
        ...


def readable(
    workspace: Workspace,
    kept: _Kept[Row],
    session: SessionId | None,
    may: Callable[[Session, Row], bool],
    require: Callable[[Workspace, Row], object],
) -> tuple[Row, ...]:
    """Return what may be read here, of one session or all, oldest first.

    Raises what `require` raises where there are some of the session and none may be read.
    """
    sessions = workspace.store.sessions
    if session is None:
        known = {held.session: held for held in sessions.all()}
        return tuple(row for row in kept.all() if row.session in known and may(known[row.session], row))
    rows, held = kept.of_session(session), sessions.get(session)
    found = tuple(row for row in rows if may(held, row))
    if rows and not found:
        require(workspace, rows[0])
    return found
