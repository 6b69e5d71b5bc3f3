"""Hearing a recall and its session in turn, never both: each on its own time line."""

from supervise.app.listening import Listening
from supervise.app.recall_listening import RecallListening
from supervise.app.workspace import Workspace
from supervise.audio.output import OutputDevice
from supervise.domain.ids import RecallId, SessionId

SESSION, RECALL = "session", "recall"


class TwoSounds:
    """One of the two is heard, or was last: `line` says which. Both ask the gate, and are logged."""

    def __init__(
        self, workspace: Workspace, session: SessionId, recall: RecallId, output: OutputDevice
    ) -> None:
        """Open nothing yet."""
        self.line = RECALL
        self._id = session
        self._session = Listening(workspace, output)
        self._recall = RecallListening(workspace, recall, output)
        self._speed = 1.0

    @property
    def playing(self) -> bool:
        """Whether sound comes out."""
        return self._session.playing or self._recall.playing

    @property
    def position_ms(self) -> int:
        """What is being heard, on the time line that is heard."""
        return self._session.position_ms if self.line == SESSION else self._recall.position_ms

    def play_session(self, from_ms: int) -> None:
        """Hear the session from an instant; raises what `Listening.play` raises."""
        self.line = SESSION
        self._recall.stop()
        if self._session.session is None:
            self._session.open(self._id)
        self._session.set_speed(self._speed)
        self._session.play_from(from_ms)

    def play_recall(self, from_ms: int) -> None:
        """Hear the recall from an instant; raises what `RecallListening.play_from` raises."""
        self.line = RECALL
        self._session.unload()
        self._recall.set_speed(self._speed)
        self._recall.play_from(from_ms)

    def pause(self) -> None:
        """Pause whatever is heard."""
        self._session.pause()
        self._recall.pause()

    def seek(self, position_ms: int) -> None:
        """Go to a place of what is heard."""
        (self._session if self.line == SESSION else self._recall).seek(position_ms)

    def set_speed(self, speed: float) -> None:
        """Play both at 0.5 to 2 times, pitch kept, from now on."""
        self._speed = speed
        for sound in (self._session, self._recall):
            sound.set_speed(speed)

    def poll(self) -> None:
        """Notice the end and a lost device; raises DeviceMissingError, DamagedError."""
        (self._session if self.line == SESSION else self._recall).poll()

    def close(self) -> None:
        """Stop for good."""
        self._session.close()
        self._recall.close()
