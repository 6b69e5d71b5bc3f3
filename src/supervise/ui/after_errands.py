"""What follows a recording: its gaps are told, and the consent spoken at its start can be kept."""

from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from supervise.app.after_recording import gaps_of, keep_spoken_consent
from supervise.domain.errors import SuperviseError
from supervise.domain.ids import SessionId
from supervise.domain.times import clock
from supervise.ui.after_strip import AfterStrip
from supervise.ui.desk import Desk, attempt
from supervise.ui.session_desk import SessionDesk

SPOKEN_MS = 30_000
SPOKEN_KEPT = "Kept as the spoken consent, from the start to {end}, and written on the consent record."


class Host(Protocol):
    """What this needs of the window."""

    desk: Desk | None
    session: SessionDesk | None

    def fail(self, error: SuperviseError) -> None:
        """Show an expected failure."""


class AfterErrands(QObject):
    """Works on the session that is open."""

    def __init__(self, window: QWidget, host: Host) -> None:
        """Work for `host`."""
        super().__init__(window)
        self._host = host
        self._fresh = ""
        self.strip = AfterStrip()
        self.strip.spoken_wished.connect(self.keep_spoken)

    def recorded(self, session: str) -> None:
        """Remember that this session was recorded just now."""
        self._fresh = session

    def opened(self, session: str) -> None:
        """Say what is worth knowing about a session that was opened."""
        fresh, self._fresh = self._fresh == session, ""
        desk = self._host.desk
        if desk is not None:
            self.strip.tell(gaps_of(desk.workspace, SessionId(session)), fresh)

    def keep_spoken(self) -> None:
        """Keep the start of the open session, up to the place one is at, as the spoken consent."""
        desk, session = self._host.desk, self._host.session
        if desk is None or desk.workspace.locked or session is None:
            return
        end_ms = min(session.position_ms or SPOKEN_MS, session.session.sound.duration_ms)
        here = session.session.session
        if attempt(lambda: keep_spoken_consent(desk.workspace, here, end_ms), self._host.fail):
            session.say(SPOKEN_KEPT.format(end=clock(end_ms)))
