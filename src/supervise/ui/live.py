"""What goes on by itself while any page is shown: looked at twenty times a second, the machine kept awake."""

from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from supervise.app.awake import KeepAwake
from supervise.domain.errors import SuperviseError

POLL_MS = 50


class Live(QObject):
    """Subclasses look (`look`) and tell with `changed` how it stands."""

    changed = Signal(object)

    def __init__(self, parent: QObject, awake: KeepAwake | None = None) -> None:
        """Nothing goes on yet."""
        super().__init__(parent)
        self._awake = awake or KeepAwake()
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.look)

    def look(self) -> None:
        """Take in what happened and tell how it stands."""
        raise NotImplementedError

    def _begin(self) -> None:
        self._awake.__enter__()
        self._timer.start()

    def _rest(self) -> None:
        self._timer.stop()
        self._awake.__exit__(None, None, None)


class Recorded(Protocol):
    """What records: a recording, or a recall."""

    @property
    def running(self) -> bool:
        """Whether it has begun and not ended."""

    def start(self) -> None:
        """Begin."""

    def poll(self) -> list[str]:
        """Take in what happened; return sentences to show, each once."""

    def abandon(self) -> None:
        """End it without more ado."""


class LiveSound(Live):
    """Sound that is recorded: ends once with `ended`, the outcome and why it ended by itself, or None."""

    ended = Signal(object, object)
    session: Recorded

    def __init__(self, session: Recorded, parent: QObject, awake: KeepAwake | None = None) -> None:
        """Nothing is heard before `start`."""
        super().__init__(parent, awake)
        self.session = session
        self._said, self._looks, self._said_at = "", 0, 0

    def start(self) -> None:
        """Begin; raises DeviceMissingError, NoSpaceError, NotCoveredError, with nothing left."""
        self.session.start()
        self._begin()

    @property
    def running(self) -> bool:
        """Whether it has begun and not ended."""
        return self.session.running

    def say(self, words: str) -> None:
        """Say something beside the clock, for a while."""
        self._said, self._said_at = words, self._looks

    def _take_news(self) -> None:
        try:
            for words in self.session.poll():
                self.say(words)
        except SuperviseError as refused:  # a full disk: the sound itself says so
            self.say(str(refused))

    def abandon(self) -> None:
        """End it without more ado, as when the program must go: it is offered at the next opening."""
        self.session.abandon()
        self._rest()
