"""Playing a session: asked at the gate each time, logged, and silenced before the vault locks."""

from typing import BinaryIO, cast

from supervise.app import changes, underway
from supervise.app.changes import Change
from supervise.app.recalling import recalling_now
from supervise.app.recording import recording_now
from supervise.app.workspace import Workspace
from supervise.audio.output import OutputDevice
from supervise.audio.player import Player
from supervise.domain.consent import Scope
from supervise.domain.errors import SuperviseError, UsageError
from supervise.domain.ids import SessionId
from supervise.domain.moments import Moment
from supervise.domain.times import clock

__all__ = ["Listening", "OutputDevice", "refuse_while_recording"]

PRE_ROLL_MS = 3000
NOT_WHILE_RECORDING = (
    "Nothing is played while a session is being recorded: it would be heard in the room and in the recording."
)

NOT_WHILE_RECALLING = "During a recall nothing is played but its tape. End the recall first; it is kept."


def refuse_while_recording() -> None:
    """Raise UsageError while something is recorded, recalled or rated: what is played would be heard then."""
    if recording_now():
        raise UsageError(NOT_WHILE_RECORDING)
    if recalling_now():
        raise UsageError(NOT_WHILE_RECALLING)
    underway.refuse_while_rating()


class Listening:
    """The one player of a workspace. Positions are milliseconds on the session's master."""

    def __init__(self, workspace: Workspace, output: OutputDevice) -> None:
        self._workspace = workspace
        self.player = Player(output)
        self.session: SessionId | None = None
        self._stream: BinaryIO | None = None
        self._leave = workspace.subscribe(self._heed)

    def open(self, session: SessionId) -> None:
        """Make a session ready to play from its start; raises NotCoveredError."""
        self.unload()
        row = self._workspace.gate.require_session(session, Scope.OWN_REVIEW)
        self._stream = cast("BinaryIO", self._workspace.store.media.open(row.master))
        self.player.load(self._stream, row.sound)
        self._loaded = (row.master, row.peaks)
        self.session = session

    def unload(self) -> None:
        """Stop and let the sound go."""
        self.player.close()
        if self._stream is not None:
            self._stream.close()
        self._stream = None
        self.session = None

    def play(self) -> None:
        """Play from here; raises NotCoveredError, DeviceMissingError, VaultLockedError."""
        if self.session is None:
            raise UsageError("Open a session first.")
        self._workspace.gate.require_session(self.session, Scope.OWN_REVIEW)
        refuse_while_recording()
        self.player.play()
        self._workspace.vault.log("play", self.session, f"from {clock(self.player.position_ms)}")

    def pause(self) -> None:
        """Pause where it is."""
        self.player.pause()

    def use_output(self, output: OutputDevice) -> None:
        """Play to another device from now on; pauses where it stands."""
        self.player.use_output(output)

    def toggle(self) -> None:
        """Play or pause."""
        if self.player.playing:
            self.pause()
        else:
            self.play()

    def seek(self, ms: int) -> None:
        """Go to a place, playing or not."""
        self.player.seek(ms)

    def skip(self, by_ms: int) -> None:
        """Go on or back."""
        self.player.skip(by_ms)

    def set_speed(self, speed: float) -> None:
        """Play at 0.5 to 2 times, pitch kept."""
        self.player.set_speed(speed)

    def loop(self, span: tuple[int, int] | None) -> None:
        """Play a span again and again, or no longer."""
        self.player.set_loop(span)

    @property
    def position_ms(self) -> int:
        """What is being heard."""
        return self.player.position_ms

    @property
    def playing(self) -> bool:
        """Whether sound comes out."""
        return self.player.playing

    def poll(self) -> None:
        """Take in what happened on the sound thread; raises DeviceMissingError when the device is gone."""
        error = self.player.poll()
        if error is not None:
            raise error

    def play_from(self, position_ms: int) -> None:
        """Go to a place and play."""
        self.player.set_loop(None)
        self.player.seek(position_ms)
        self.play()

    def play_moment(self, moment: Moment, *, loop: bool = False, pre_roll_ms: int = PRE_ROLL_MS) -> None:
        """Play a moment with a little of what came before; `loop` repeats it until paused or moved."""
        start_ms = max(0, moment.start_ms - pre_roll_ms)
        end_ms = moment.end_ms if moment.end_ms is not None else moment.start_ms + pre_roll_ms
        self.player.set_loop((start_ms, end_ms) if loop else None)
        self.player.seek(start_ms)
        self.play()

    def close(self) -> None:
        """Stop for good and let the device go."""
        self._leave()
        self.unload()

    def _heed(self, change: Change) -> None:
        gone = change.topic == changes.CONSENT and self.session in change.ids and not self._still_there()
        if change.topic == changes.LOCKING or gone:
            self.unload()

    def _still_there(self) -> bool:
        """Whether what is loaded is covered and the session's sound still."""
        try:
            row = self._workspace.gate.require_session(SessionId(str(self.session)), Scope.OWN_REVIEW)
        except SuperviseError:
            return False
        return (row.master, row.peaks) == self._loaded
