"""The recording that is going on: polled here, whatever page is shown, the vault locked or not."""

from dataclasses import dataclass

from PySide6.QtCore import QObject

from supervise.app.awake import KeepAwake
from supervise.app.recording import RecordingOutcome, RecordingSession
from supervise.app.sound_check import Level
from supervise.domain.errors import SuperviseError
from supervise.domain.recordings import Wish
from supervise.domain.times import clock
from supervise.ui.live import LiveSound
from supervise.ui.recording_parts import ABSENT, ON, PAUSED

ROOM_LOOKS = 20
SAID_LOOKS = 200  # ten seconds; what is wrong now stays


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands: `state` is one of the red light's, `hours_left` what the disk has room for."""

    state: str
    duration_ms: int
    hours_left: float
    levels: tuple[Level, ...]
    marks: int
    gaps: int
    said: str

    @property
    def room_words(self) -> str:
        """The room on the disk in words."""
        if self.hours_left >= 100:
            return "Room for more than 100 hours"
        if self.hours_left >= 2:
            return f"Room for {self.hours_left:.0f} hours"
        return f"Room for {max(0, round(self.hours_left * 60))} minutes"

    @property
    def count_words(self) -> str:
        """Marks and gaps in words; empty when there are none."""
        found = []
        if self.marks:
            found.append("1 mark" if self.marks == 1 else f"{self.marks} marks")
        if self.gaps:
            found.append("1 gap" if self.gaps == 1 else f"{self.gaps} gaps")
        return " · ".join(found)


class LiveRecording(LiveSound):
    """Begins with `start`, ends once with `ended`."""

    session: RecordingSession

    def __init__(self, session: RecordingSession, parent: QObject, awake: KeepAwake | None = None) -> None:
        """Nothing is heard before `start`."""
        super().__init__(session, parent, awake)
        self._marks, self._hours = 0, 0.0
        self._state = ON

    def start(self) -> None:
        """Begin; raises DeviceMissingError, NoSpaceError, NotCoveredError, with nothing left."""
        super().start()
        self.look()

    @property
    def paused(self) -> bool:
        """Whether nothing is kept of what is said."""
        return self.running and self.session.heard().paused

    def look(self) -> None:
        """Write news down, tell how it stands, and end it when it cannot go on."""
        heard = self.session.heard()
        state = ABSENT if heard.absent_s else PAUSED if heard.paused else ON
        if self._state == ABSENT and state != ABSENT:
            self._said = ""
        self._state = state
        self._take_news()
        if heard.error is not None or heard.full:
            self.stop(error=heard.error)
            return
        if self._looks % ROOM_LOOKS == 0:
            self._hours = self.session.hours_left()
        self._looks += 1
        if state == ON and self._looks - self._said_at > SAID_LOOKS:
            self._said = ""
        levels = self.session.levels() if state == ON else ()
        gaps = len(heard.gaps)
        self.changed.emit(
            Standing(state, heard.duration_ms, self._hours, levels, self._marks, gaps, self._said)
        )

    # --- deeds

    def mark(self, lag_ms: int) -> None:
        """Set a live mark, on disk when this returns."""
        self.session.lag_ms = lag_ms
        at_ms = self.session.mark()
        self._marks += 1
        self.say(f"Marked {clock(at_ms)}.")
        self.look()

    def pause_or_go_on(self) -> None:
        """Pause, or go on with the gap kept."""
        if self.paused:
            self.session.resume()
            self.say("Recording goes on; the gap is kept as a gap.")
        else:
            self.session.pause()
            self.say("Paused. Nothing of what is said now is kept.")
        self.look()

    def pause_as_asked(self) -> None:
        """The client asks to stop: pause at once."""
        self.session.pause_as_asked()
        self.say("Paused, as the client asked. Nothing of what is said now is kept.")
        self.look()

    def go_on_as_asked(self) -> None:
        """The client lets it go on."""
        self.session.go_on_as_asked()
        self.say("Recording goes on; the gap is kept as a gap.")
        self.look()

    def stop(
        self,
        wish: Wish = Wish.KEEP,
        minutes: float = 0.0,
        *,
        asked: bool = False,
        error: SuperviseError | None = None,
    ) -> RecordingOutcome:
        """End it; raises UsageError with the recording going on."""
        outcome = self.session.stop(wish, minutes, asked=asked)
        self._rest()
        self.ended.emit(outcome, error)
        return outcome
