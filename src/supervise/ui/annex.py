"""What the window is extended by: things with pages, strips and keys of their own, told of the lock."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QStackedWidget, QWidget

from supervise.bootstrap import Services
from supervise.domain.errors import SuperviseError
from supervise.ui.actions import Actions
from supervise.ui.client_errands import ClientErrands
from supervise.ui.desk import Desk
from supervise.ui.idle import IdleWatch
from supervise.ui.library_view import LibraryView
from supervise.ui.session_desk import SessionDesk
from supervise.ui.unlock import UnlockPage


class Host(Protocol):
    """What an annex needs of the window."""

    desk: Desk | None
    session: SessionDesk | None
    services: Services
    actions_: Actions
    client_errands: ClientErrands
    pages: QStackedWidget
    library: LibraryView
    view: QWidget
    door: UnlockPage
    idle: IdleWatch

    def show_page(self, page: QWidget) -> None:
        """Go to a page."""

    def show_library(self) -> None:
        """Go to the library."""

    def open_session(self, session: str, start_ms: int = -1) -> None:
        """Open a session, at a time if there is one."""

    def recorded(self, session: str) -> None:
        """Open the session that was just recorded."""

    def fail(self, error: SuperviseError) -> None:
        """Show an expected failure."""

    def say(self, words: str) -> None:
        """Say something small, for a while."""

    def show_dialog(self, dialog: QDialog) -> None:
        """Open a dialog in place of another."""

    def refresh(self) -> None:
        """Turn actions and strips on and off for what is shown now."""


class Annex(QObject):
    """Does nothing by itself; each method is called by the window and may be overridden."""

    def __init__(self, window: QWidget, host: Host) -> None:
        """Work for `host`, whose dialogs lie above `window`."""
        super().__init__(window)
        self._window, self._host = window, host

    @property
    def _desk(self) -> Desk | None:
        """The open vault's desk; None while there is none, or it is locked."""
        desk = self._host.desk
        return None if desk is None or desk.workspace.locked else desk

    def pages(self) -> list[QWidget]:
        """Return its pages; the window shows them by `show_page`."""
        return []

    def others_look(self, page: QWidget) -> bool:
        """Whether a page may be seen by a client: then the session is left and nobody is named."""
        del page
        return False

    def leaves_session(self, page: QWidget) -> bool:
        """Whether the session that is open is let go when a page is shown."""
        return self.others_look(page)

    def undoes(self, page: QWidget) -> bool:
        """Whether undo and redo apply on a page."""
        del page
        return False

    def panes(self, page: QWidget) -> list[QWidget]:
        """Return the parts of a page of its own that F6 goes through."""
        del page
        return []

    def client(self, page: QWidget) -> str:
        """Return the code of the client a page is about; empty where it is about nobody."""
        del page
        return ""

    def strips(self) -> list[QWidget]:
        """Return what lies above the pages, from the top."""
        return []

    def show_strips(self) -> None:
        """Let each strip be where it belongs."""

    def places(self, page: QWidget) -> tuple[str, ...]:
        """Return the places (of `actions.py`) whose actions apply now, besides the window's own."""
        del page
        return ()

    def deeds(self) -> dict[str, Callable[[], object]]:
        """Return what its actions do, by name."""
        return {}

    def adopted(self) -> None:
        """A vault was opened."""

    def session_opened(self, session: str) -> None:
        """A session was opened."""
        del session

    def locking(self) -> None:
        """The vault is about to lock; the keys are still there. Empty every view."""

    def unlocked(self) -> None:
        """The vault was unlocked, and the library is shown."""

    def may_leave(self) -> bool:
        """Whether the vault may be closed; says so when something is in the way."""
        return True

    def may_close(self) -> bool:
        """Whether the program may be closed; asks when something is in the way, and closes it then."""
        return True

    def give_up(self) -> None:
        """The program must go at once."""
