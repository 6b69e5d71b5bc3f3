"""What the window works with while a vault is open: the workspace, its queue, its player, the settings."""

from collections.abc import Callable

from supervise.app.listening import Listening, OutputDevice
from supervise.app.preferences import read_preferences, write_preferences
from supervise.app.queue import TranscriptionQueue
from supervise.app.workspace import Workspace
from supervise.domain.errors import SuperviseError
from supervise.ui.bridge import Bridge
from supervise.ui.settings import Settings, settings_from


class Desk:
    """One open vault as the window sees it."""

    def __init__(self, workspace: Workspace, queue: TranscriptionQueue, listening: Listening) -> None:
        """Take over what bootstrap built."""
        self.workspace = workspace
        self.queue = queue
        self.listening = listening
        self.bridge = Bridge(workspace)
        self._output = ""
        self.read_settings()

    def read_settings(self) -> None:
        """Take the settings of whoever works here now."""
        self.settings = settings_from(read_preferences(self.workspace))

    def keep(self, settings: Settings) -> None:
        """Use and keep settings."""
        self.settings = settings
        write_preferences(self.workspace, settings.plain())

    def use_output(self, make: Callable[[str], OutputDevice]) -> None:
        """Play to the device that is set, pausing where it stands when that is another one."""
        if self.settings.output != self._output:
            self._output = self.settings.output
            self.listening.use_output(make(self._output))

    def close(self) -> None:
        """Stop everything and close the vault."""
        self.bridge.close()
        self.listening.close()
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
