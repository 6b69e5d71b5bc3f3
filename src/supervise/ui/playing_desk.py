"""What works on a page where something is heard: polled while it lives, saying small things for a while."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from supervise.domain.errors import SuperviseError
from supervise.ui.desk import Desk
from supervise.ui.player_bar import PlayerBar

POLL_MS = 30
SKIP_MS = 5000
SAID_MS = 6000
Pair = tuple[object, Callable[..., object]]


class PlayingDesk(QObject):
    """Lives as long as its page shows one thing; subclasses `_poll`, and end what they heard themselves."""

    failed = Signal(object)

    def __init__(self, desk: Desk, view: QWidget, player: PlayerBar) -> None:
        """Nothing is polled before `_begin`."""
        super().__init__(view)
        self._desk, self._message = desk, player.message
        self._pairs: list[Pair] = []
        self._silent = QTimer(self)
        self._silent.setSingleShot(True)
        self._silent.setInterval(SAID_MS)
        self._silent.timeout.connect(player.message.clear)
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)

    def _begin(self, pairs: list[Pair]) -> None:
        """Follow what the page and the bridge tell, until `_rest`, and poll."""
        for signal, deed in pairs:
            signal.connect(deed)  # type: ignore[attr-defined]
        self._pairs = pairs
        self._timer.start()

    def _rest(self) -> None:
        self._timer.stop()
        self._silent.stop()
        for signal, deed in self._pairs:
            signal.disconnect(deed)  # type: ignore[attr-defined]
        self._pairs = []

    @Slot()
    def _poll(self) -> None:
        """Take in where the sound is and show it."""
        raise NotImplementedError

    def say(self, words: str) -> None:
        """Say something small beside the player, for a while."""
        self._message.setText(words)
        self._silent.start()

    def _fail(self, error: SuperviseError) -> None:
        self.failed.emit(error)
