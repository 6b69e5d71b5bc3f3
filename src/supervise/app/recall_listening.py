"""Hearing a recall from any place of it: asked at the gate each time, logged, silenced before a lock."""

from typing import BinaryIO, cast

from supervise.app import changes, recall_gate
from supervise.app.changes import Change
from supervise.app.hearing import OneSound
from supervise.app.listening import refuse_while_recording
from supervise.app.recall_reading import open_recall_sound
from supervise.app.workspace import Workspace
from supervise.audio.output import OutputDevice
from supervise.audio.peaks import Peaks
from supervise.domain.errors import SuperviseError, UsageError
from supervise.domain.ids import RecallId, SessionId
from supervise.domain.times import clock

__all__ = ["Peaks", "RecallListening", "recall_peaks"]


class RecallListening(OneSound):
    """Plays one recall; positions are milliseconds on its own time line."""

    def __init__(self, workspace: Workspace, recall: RecallId, output: OutputDevice) -> None:
        """Open nothing yet."""
        super().__init__(workspace, output)
        self._workspace, self._recall = workspace, recall

    @property
    def session(self) -> SessionId:
        """The session recalled."""
        return self._workspace.store.recalls.get(self._recall).session

    def play_from(self, position_ms: int) -> None:
        """Go to a place and play; raises NotCoveredError, DeviceMissingError, DamagedError, UsageError."""
        refuse_while_recording()
        row = self._workspace.store.recalls.get(self._recall)
        recall_gate.require_look(self._workspace, row)
        if not row.samples:
            raise UsageError("This recall has no sound to hear yet.")
        if self._stream is None:
            self._stream = open_recall_sound(self._workspace, self._recall)
            self._player.load(self._stream, row.sound)
        self._player.seek(position_ms)
        self._player.play()
        self._workspace.vault.log("play", row.session, f"recall from {clock(position_ms)}")

    def pause(self) -> None:
        """Pause where it is."""
        self._player.pause()

    def seek(self, position_ms: int) -> None:
        """Go to a place, once something was played."""
        if self._stream is not None:
            self._player.seek(position_ms)

    def set_speed(self, speed: float) -> None:
        """Play at 0.5 to 2 times, pitch kept."""
        self._player.set_speed(speed)

    def _heed(self, change: Change) -> None:
        gone = change.topic == changes.CONSENT and not self._still_there()
        if change.topic == changes.LOCKING or gone:
            self.stop()

    def _still_there(self) -> bool:
        try:
            row = self._workspace.store.recalls.get(self._recall)
            recall_gate.require_look(self._workspace, row)
        except SuperviseError:
            return False
        return True


def recall_peaks(workspace: Workspace, recall: RecallId) -> Peaks | None:
    """Return the outline of a recall's sound; None while it has not ended. Raises NotCoveredError."""
    row = workspace.store.recalls.get(recall)
    recall_gate.require_look(workspace, row)
    if not row.samples:
        return None
    return Peaks.load(cast("BinaryIO", workspace.store.media.open(row.peaks)))
