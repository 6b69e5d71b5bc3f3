"""Which sessions this process lets somebody rate right now: nothing else is heard or recorded meanwhile."""

from supervise.domain.errors import UsageError
from supervise.domain.ids import SessionId

NOT_WHILE_RATING = "A session is being rated. End that first."
_rated: list[SessionId] = []


def begin_rating(session: SessionId) -> None:
    """Note that a rating begins."""
    _rated.append(session)


def end_rating(session: SessionId) -> None:
    """Note that it has ended."""
    _rated.remove(session)


def rating(session: SessionId | None = None) -> bool:
    """Whether a session (or any) is being rated."""
    return bool(_rated) if session is None else session in _rated


def refuse_while_rating() -> None:
    """Raise UsageError while something is being rated."""
    if _rated:
        raise UsageError(NOT_WHILE_RATING)
