"""The session's sound while it is recalled: on the tape as long as the vault is open, let go of otherwise."""

from typing import BinaryIO, cast

from supervise.app.workspace import Workspace
from supervise.audio.tape import Tape
from supervise.domain.session import Session


class TapeSound:
    """Opens a session's sound for a tape and closes it again; whether it may be heard is asked before."""

    def __init__(self, workspace: Workspace, session: Session) -> None:
        """Open nothing yet."""
        self._workspace, self._session = workspace, session
        self._stream: BinaryIO | None = None

    @property
    def loaded(self) -> bool:
        """Whether a tape has it."""
        return self._stream is not None

    def load(self, tape: Tape) -> None:
        """Give it to the tape, or hold nothing; raises DamagedError, DeviceMissingError, VaultLockedError."""
        self._stream = cast("BinaryIO", self._workspace.store.media.open(self._session.master))
        given = False
        try:
            tape.load(self._stream, self._session.sound)
            given = True
        finally:
            if not given:
                self.let_go(tape)

    def let_go(self, tape: Tape) -> None:
        """Take it from the tape and close it; recording goes on."""
        tape.unload()
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()
