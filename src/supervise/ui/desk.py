"""What the window works with while a vault is open: the workspace, its queue, its player, the settings."""

from collections.abc import Callable
from typing import Protocol

from supervise.app.preferences import read_preferences, write_preferences
from supervise.app.queue import TranscriptionQueue
from supervise.app.workspace import Workspace
from supervise.domain.errors import SuperviseError
from supervise.domain.ids import SessionId
from supervise.ui.bridge import Bridge
from supervise.ui.settings import Settings, settings_from


class Listener(Protocol):
    """Plays one session at a time; all calls on the window's thread, times in ms on the master."""

    def open(self, session: SessionId) -> None:
        """Be ready to play a session from its start."""

    def close(self) -> None:
        """Let go of the sound and the device."""

    def play(self) -> None:
        """Play on from where it is."""

    def pause(self) -> None:
        """Stop at the place being heard."""

    def seek(self, ms: int) -> None:
        """Go to a place, playing or not."""

    def skip(self, by_ms: int) -> None:
        """Go on or back."""

    def set_speed(self, speed: float) -> None:
        """Play at 0.5 to 2 times, pitch kept."""

    def loop(self, span: tuple[int, int] | None) -> None:
        """Play a span again and again, or no longer."""

    @property
    def position_ms(self) -> int:
        """What is being heard."""

    @property
    def playing(self) -> bool:
        """Whether sound comes out."""

    def poll(self) -> None:
        """Call often: takes in what happened on the sound thread."""


class Desk:
    """One open vault as the window sees it."""

    def __init__(self, workspace: Workspace, queue: TranscriptionQueue, listener: Listener) -> None:
        """Take over what bootstrap built."""
        self.workspace = workspace
        self.queue = queue
        self.listener = listener
        self.bridge = Bridge(workspace)
        self.settings = settings_from(read_preferences(workspace))

    def keep(self, settings: Settings) -> None:
        """Use and keep settings."""
        self.settings = settings
        write_preferences(self.workspace, settings.plain())

    def close(self) -> None:
        """Stop everything and close the vault."""
        self.bridge.close()
        self.listener.close()
        self.queue.close()
        self.workspace.close()


def attempt(deed: Callable[[], object], failed: Callable[[SuperviseError], object]) -> bool:
    """Do something; an expected failure goes to `failed`. Returns whether it was done."""
    try:
        deed()
    except SuperviseError as error:
        failed(error)
        return False
    return True
