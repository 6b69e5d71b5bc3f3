"""Playing what is no session: a sound check, or what a crash left; silenced before the vault locks."""

from typing import BinaryIO

from supervise.app import changes
from supervise.app.changes import Change
from supervise.app.listening import refuse_while_recording
from supervise.app.workspace import Workspace
from supervise.audio.output import OutputDevice
from supervise.audio.player import Player
from supervise.domain.session import SoundFacts


class OneSound:
    """One sound at a time, let go before a lock and when consent changes; its stream is closed with it."""

    def __init__(self, workspace: Workspace, output: OutputDevice) -> None:
        self._player = Player(output)
        self._stream: BinaryIO | None = None
        self._leave = workspace.subscribe(self._heed)

    @property
    def playing(self) -> bool:
        """Whether sound comes out."""
        return self._player.playing

    @property
    def position_ms(self) -> int:
        """What is being heard."""
        return self._player.position_ms

    def poll(self) -> None:
        """Notice the end and a lost device; raises DeviceMissingError, DamagedError."""
        error = self._player.poll()
        if error is not None:
            raise error

    def stop(self) -> None:
        """Stop and let the sound go."""
        self._player.close()
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()

    def close(self) -> None:
        """Stop for good."""
        self._leave()
        self.stop()

    def _heed(self, change: Change) -> None:
        if change.topic in (changes.LOCKING, changes.CONSENT):
            self.stop()


class Hearing(OneSound):
    """Plays a stream it is given, from its start."""

    def play(self, stream: BinaryIO, sound: SoundFacts) -> None:
        """Play a sound from its start; raises DeviceMissingError, DamagedError, UsageError."""
        self.stop()
        self._stream = stream
        try:
            refuse_while_recording()
            self._player.load(stream, sound)
            self._player.play()
        except BaseException:
            self.stop()
            raise
