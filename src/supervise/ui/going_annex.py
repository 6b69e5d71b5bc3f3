"""What goes on and is in the way of closing: said before the vault closes, asked before the program does."""

from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from supervise.ui.annex import Annex, Host
from supervise.ui.failures import ask, show_notice
from supervise.ui.live import Live


@dataclass(frozen=True, slots=True)
class InTheWay:
    """What is said of it: a title, what to do before the vault closes, what closing ends, the button."""

    title: str
    still: str
    close: str
    go: str


class GoingAnnex(Annex):
    """At most one thing goes on, `live`."""

    live: Live | None
    in_the_way: InTheWay

    def __init__(self, window: QWidget, host: Host) -> None:
        """Work for `host`, whose dialogs lie above `window`."""
        super().__init__(window, host)
        self._closing = False

    def end(self) -> None:
        """End it; everything is kept."""
        raise NotImplementedError

    def may_leave(self) -> bool:
        """Whether the vault may be closed; says so when it is in the way."""
        if self.live is None:
            self._leaving()
            return True
        show_notice(self._window, self.in_the_way.title, self.in_the_way.still)
        return False

    def _leaving(self) -> None:
        """The vault is about to close, and nothing is in the way."""

    def may_close(self) -> bool:
        """Whether the program may be closed; asks when it is in the way, and closes it then."""
        if self.live is None:
            return True
        box = ask(self._window, self.in_the_way.title, self.in_the_way.close, self.in_the_way.go)
        box.accepted.connect(self._end_and_close)
        return False

    def _end_and_close(self) -> None:
        self._closing = True
        self.end()
        QTimer.singleShot(0, self._window, self._window.close)
