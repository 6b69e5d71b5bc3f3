"""Playing a session: asked at the gate each time, logged, and silenced before the vault locks."""

from supervise.app import changes
from supervise.app.changes import Change
from supervise.app.workspace import Workspace
from supervise.audio.player import OutputDevice, Player
from supervise.domain.consent import Scope
from supervise.domain.errors import UsageError
from supervise.domain.ids import SessionId
from supervise.domain.moments import Moment
from supervise.domain.times import clock

PRE_ROLL_MS = 3000


class Listening:
    """The one player of a workspace. Positions are milliseconds on the session's master."""

    def __init__(self, workspace: Workspace, output: OutputDevice) -> None:
        self._workspace = workspace
        self.player = Player(output)
        self.session: SessionId | None = None
        self._leave = workspace.subscribe(self._heed)

    def load(self, session: SessionId) -> None:
        """Make a session ready to play; raises NotCoveredError."""
        self.unload()
        row = self._workspace.gate.require_session(session, Scope.OWN_REVIEW)
        self.player.load(self._workspace.store.media.open(row.master), row.sound)
        self.session = session

    def unload(self) -> None:
        """Stop and let the sound go."""
        self.player.unload()
        self.session = None

    def play(self) -> None:
        """Play from here; raises NotCoveredError, DeviceMissingError, VaultLockedError."""
        if self.session is None:
            raise UsageError("Open a session first.")
        self._workspace.gate.require_session(self.session, Scope.OWN_REVIEW)
        self.player.play()
        self._workspace.vault.log("play", self.session, f"from {clock(self.player.position_ms)}")

    def pause(self) -> None:
        """Pause where it is."""
        self.player.pause()

    def toggle(self) -> None:
        """Play or pause."""
        if self.player.playing:
            self.pause()
        else:
            self.play()

    def play_from(self, position_ms: int) -> None:
        """Go to a place and play."""
        self.player.loop(None)
        self.player.seek(position_ms)
        self.play()

    def play_moment(self, moment: Moment, *, loop: bool = False, pre_roll_ms: int = PRE_ROLL_MS) -> None:
        """Play a moment with a little of what came before; `loop` repeats it until paused or moved."""
        start_ms = max(0, moment.start_ms - pre_roll_ms)
        end_ms = moment.end_ms if moment.end_ms is not None else moment.start_ms + pre_roll_ms
        self.player.loop((start_ms, end_ms) if loop else None)
        self.player.seek(start_ms)
        self.play()

    def close(self) -> None:
        """Stop for good and let the device go."""
        self._leave()
        self.unload()
        self.player.close()

    def _heed(self, change: Change) -> None:
        if change.topic == changes.LOCKING:
            self.unload()
