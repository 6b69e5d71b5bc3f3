"""The recall that is going on: polled here, whatever page is shown, the vault locked or not."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from supervise.app.awake import KeepAwake
from supervise.app.nudge import Nudge
from supervise.app.recall_outcome import RecallOutcome
from supervise.app.recalling import RecallSession
from supervise.app.sound_check import Level
from supervise.domain.errors import SuperviseError
from supervise.domain.recall import Setup, StoppedBy
from supervise.ui.live import LiveSound
from supervise.ui.recording_parts import ABSENT, ON

SAID_LOOKS = 160  # eight seconds; what is wrong now stays
SEEK_MS = 5000
SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)


@dataclass(frozen=True, slots=True)
class RecallStanding:
    """How it stands: `state` is one of the red light's; `begun` says that the tape has run, or could have.

    `stopped_by` says why the tape stands, None while it runs, and `stopped_ms` where in the session it was
    stopped; `session_ms` is elsewhere once somebody went to another place. `nudge` is what the inquirer is
    told, if they asked for that.
    """

    state: str
    begun: bool
    playing: bool
    stopped_by: StoppedBy | None
    recall_ms: int
    session_ms: int
    speed: float
    stops: int
    levels: tuple[Level, ...]
    said: str
    nudge: str = ""
    stopped_ms: int = 0


class LiveRecall(LiveSound):
    """Begins with `start`, ends once with `ended`."""

    session: RecallSession

    def __init__(self, session: RecallSession, parent: QObject, awake: KeepAwake | None = None) -> None:
        """Nothing is heard before `start`."""
        super().__init__(session, parent, awake)
        self._nudge = Nudge(session)
        self._nudged, self._begun = "", False
        self._state = ON

    @property
    def playing(self) -> bool:
        """Whether the tape runs."""
        return self.running and self.session.playing

    @property
    def setup(self) -> Setup:
        """What was agreed before."""
        return self.session.setup

    def look(self) -> None:
        """Write news down, tell how it stands, and end it when it cannot go on."""
        self._take_news()
        heard = self.session.heard()
        if heard.error is not None or heard.full:
            self.end(heard.error)
            return
        self._looks += 1
        self._state = ABSENT if heard.absent_s else ON
        if self._state == ON and self._looks - self._said_at > SAID_LOOKS:
            self._said = ""
        self.changed.emit(self.standing())

    def standing(self) -> RecallStanding:
        """Return how it stands now."""
        session, playing = self.session, self.playing
        self._begun = self._begun or not session.waiting
        at, stops = session.now(), session.stops
        levels = session.levels() if self._state == ON else ()
        self._nudged = "" if playing else self._nudge.look(levels) or self._nudged
        waits = bool(stops) and stops[-1].recall_end_ms is None
        return RecallStanding(
            state=self._state,
            begun=self._begun,
            playing=playing,
            stopped_by=stops[-1].stopped_by if waits and not playing else None,
            recall_ms=at.recall_ms,
            session_ms=at.session_ms,
            speed=session.speed,
            stops=len(stops),
            levels=levels,
            said=self._said,
            nudge=self._nudged,
            stopped_ms=stops[-1].session_ms if session.sought and stops else at.session_ms,
        )

    def refuse(self, words: str) -> None:
        """Say at once why an order was not followed."""
        self.say(words)
        self.changed.emit(self.standing())

    # --- orders

    def _order(self, deed: Callable[[], object], words: str = "") -> None:
        deed()
        self.say(words)
        self.changed.emit(self.standing())

    def turn(self) -> None:
        """Stop the tape for the recaller, or go on; raises what going on raises."""
        if not self._begun:
            return
        self._order(self.session.stop if self.playing else self.session.resume)

    def inquirer_stops(self) -> None:
        """Stop the tape for the inquirer; raises UsageError when that was not agreed, or it stands."""
        self._order(lambda: self.session.stop(StoppedBy.INQUIRER))

    def move(self, step_ms: int) -> None:
        """Go back or forward in the session."""
        at_ms = self.session.now().session_ms
        self._order(lambda: self.session.seek(max(0, at_ms + step_ms)))

    def faster(self, step: int) -> None:
        """Go up or down the list of speeds."""
        speed = self.session.speed
        near = min(range(len(SPEEDS)), key=lambda number: abs(SPEEDS[number] - speed))
        wanted = SPEEDS[min(max(near + step, 0), len(SPEEDS) - 1)]
        self._order(lambda: self.session.set_speed(wanted))

    def prompt(self, card: str) -> None:
        """Note that a prompt card was used."""
        self._order(lambda: self.session.prompt(card))

    # --- its end

    def end(self, error: SuperviseError | None = None) -> RecallOutcome:
        """End it; everything heard is kept."""
        outcome = self.session.end()
        self._rest()
        self.ended.emit(outcome, error)
        return outcome
