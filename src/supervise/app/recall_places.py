"""Where the tape of a recall may go: the chosen segments, the step back, and how long ago the session was."""

from datetime import datetime, timedelta

from supervise.domain.recall import Setup, hours_since
from supervise.domain.session import Session
from supervise.domain.times import now_utc
from supervise.storage.store import Store


class Places:
    """The segments to be recalled of a session; all times in ms of the session."""

    def __init__(self, setup: Setup, duration_ms: int) -> None:
        self._spans = setup.segments.spans or ((0, duration_ms),)
        self._whole = not setup.segments.spans
        self._step_back_ms = setup.step_back_ms

    @property
    def begin_ms(self) -> int:
        """Where the tape begins."""
        return self._spans[0][0]

    def near(self, session_ms: int) -> int:
        """Return the place itself, or the nearest after it (else the last) that is to be recalled."""
        for start_ms, end_ms in self._spans:
            if session_ms < end_ms:
                return max(start_ms, session_ms)
        return max(self._spans[-1][0], min(session_ms, self._spans[-1][1]))

    def end_of(self, session_ms: int) -> int | None:
        """Return where the tape must stop when it plays from a place; None at the end of the session."""
        if self._whole:
            return None
        return next((end_ms for _, end_ms in self._spans if session_ms < end_ms), self._spans[-1][1])

    def after(self, session_ms: int) -> int:
        """Return where going on begins after a stop: some seconds back, or the next segment after an end."""
        for number, (start_ms, end_ms) in enumerate(self._spans):
            if session_ms == end_ms and number + 1 < len(self._spans):
                return self._spans[number + 1][0]
            if session_ms <= end_ms:
                return max(start_ms, session_ms - self._step_back_ms)
        return max(self._spans[-1][0], session_ms - self._step_back_ms)


def started_hours_ago(store: Store, session: Session) -> float:
    """Return the hours since a session: exact when it was recorded here, else by its day's noon."""
    return round(hours_since(ended_at(store, session), now_utc()), 2)


def day_only(store: Store, session: Session) -> bool:
    """Whether nobody knows more of a session's time than its day."""
    return store.recordings.of_session(session.session) is None


def ended_at(store: Store, session: Session) -> str:
    """Return when a session ended, in UTC, when it was recorded here; else its day."""
    recording = store.recordings.of_session(session.session)
    if recording is None:
        return session.held_on
    began = datetime.fromisoformat(recording.started_at.replace("Z", "+00:00"))
    return (began + timedelta(milliseconds=session.sound.duration_ms)).isoformat()
