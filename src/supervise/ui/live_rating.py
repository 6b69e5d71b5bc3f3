"""The rating that is going on: looked at twenty times a second, whatever is on the screen."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from supervise.app.rating import RatingSession
from supervise.ui.live import Live

SAID_LOOKS = 120


@dataclass(frozen=True, slots=True)
class RatingStanding:
    """How it stands; `values` are those of the dials, in order."""

    playing: bool
    position_ms: int
    duration_ms: int
    values: tuple[int, ...]
    said: str


class LiveRating(Live):
    """Begins with `start`; `ended` comes once, however it ends."""

    ended = Signal()

    def __init__(self, session: RatingSession, parent: QObject) -> None:
        """Nothing plays before it is told to."""
        super().__init__(parent)
        self.session = session
        self._said, self._said_for = "", 0
        self._over = False

    def start(self, at_ms: int) -> None:
        """Begin, paused at a place; raises what `RatingSession.start` raises, with nothing left."""
        self.session.start()
        self.session.seek(at_ms)
        self._begin()

    def look(self) -> None:
        """Take in what happened and tell how it stands."""
        for words in self.session.poll():
            self._said, self._said_for = words, SAID_LOOKS
        if not self.session.running:
            self.rest()
            return
        self._said_for = max(0, self._said_for - 1)
        said = self._said if self._said_for else ""
        values = tuple(self.session.value(dial.key) for dial in self.session.setup.dials)
        place = self.session.position_ms, self.session.duration_ms
        self.changed.emit(RatingStanding(self.session.playing, *place, values, said))

    def toggle(self) -> None:
        """Play or pause; raises what playing raises."""
        if self.session.playing:
            self.session.pause()
        else:
            self._said_for = 0
            self.session.play()
        self.look()

    def end(self, why: str = "") -> None:
        """End it; raises NoSpaceError with it going on."""
        self.session.end(why)
        self.rest()

    def rest(self) -> None:
        """It has ended: look no more, and say so once."""
        if not self._over:
            self._over = True
            self._rest()
            self.ended.emit()
