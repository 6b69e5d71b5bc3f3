"""The nudge: after a long silence in a stop the inquirer is told, once, quietly, and only if asked for."""

from collections.abc import Callable, Sequence

from supervise.app.recalling import RecallSession
from supervise.audio.inputs import steady_s
from supervise.audio.levels import Level
from supervise.domain.recall import StoppedBy
from supervise.domain.silence import Silence, nudge_words

_BY_PEOPLE = (StoppedBy.RECALLER, StoppedBy.INQUIRER)


class Nudge:
    """Watches one recall; call `look` with every reading of its levels, some ten times a second.

    Only stops that a person made are watched: where the tape ended, or a device or the lock stopped it,
    nothing is waited for.
    """

    def __init__(self, session: RecallSession, now_s: Callable[[], float] = steady_s) -> None:
        """Watch `session`, whose set-up says after how long a silence; 0 is never."""
        self._session, self._now_s = session, now_s
        self._after_s = session.setup.nudge_s
        self._stop = -1
        self._silence: Silence | None = None
        self._room_db: float | None = None
        self._told = False

    def look(self, levels: Sequence[Level]) -> str:
        """Return what to tell the inquirer now; empty nearly always.

        `levels` are what `RecallSession.levels` returned at this look, one a channel.
        """
        if not self._after_s or not self._session.running or not self._stands():
            self._silence = None
            return ""
        now_s = self._now_s()
        silence = self._silence or Silence(now_s, now_s, self._room_db)
        if self._session.heard().absent_s or not levels:
            self._silence = Silence(now_s, now_s, silence.room_db)
            return ""
        silence = self._silence = silence.after(now_s, max(level.rms_db for level in levels))
        self._room_db = silence.room_db
        if self._told or silence.quiet_s < self._after_s:
            return ""
        self._told = True
        return nudge_words(silence.quiet_s)

    def _stands(self) -> bool:
        """Whether the tape stands because somebody stopped it; notes when that is another stop."""
        stops = self._session.stops
        stop = stops[-1] if stops else None
        if stop is None or stop.recall_end_ms is not None or stop.stopped_by not in _BY_PEOPLE:
            return False
        if stop.seq != self._stop:
            self._stop, self._told, self._silence = stop.seq, False, None
        return True
