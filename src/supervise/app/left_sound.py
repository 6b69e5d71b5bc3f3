"""The sound that a crash left of a recording or a recall: opened without an end, read to where it stops."""

from collections.abc import Callable
from datetime import datetime
from typing import BinaryIO, cast

from supervise.app.workspace import Workspace
from supervise.audio.recovered import Outline, count_samples, outline
from supervise.domain.errors import VaultLockedError
from supervise.domain.ids import MediaId
from supervise.domain.session import SoundFacts
from supervise.domain.times import day_words

Report = Callable[[int], None]
Cancelled = Callable[[], bool]


def open_left(workspace: Workspace, master: MediaId) -> BinaryIO:
    """Return sound that was never ended; raises DamagedError, NotCoveredError when its key is gone."""
    return cast("BinaryIO", workspace.store.media.open(master, allow_open_end=True))


def begun_words(started_at: str) -> str:
    """When it was begun, as people say it here."""
    begun = datetime.fromisoformat(started_at.replace("Z", "+00:00")).astimezone()
    return f"begun {day_words(begun.date())} at {begun:%H:%M}"


def _silent(_permille: int) -> None:
    return


def _never() -> bool:
    return False


class LeftSoundJob:
    """Reads it through: made on the workspace's thread, run on any; `locked` is said when it was locked."""

    def __init__(
        self, workspace: Workspace, master: MediaId, facts: Callable[[int], SoundFacts], locked: str
    ) -> None:
        """Open it; `facts` tells of so many samples of it. Raises NotCoveredError, DamagedError."""
        self._workspace, self._facts, self._words = workspace, facts, locked
        self._stream = open_left(workspace, master)
        self._samples = 0
        self._found: Outline | None = None

    def run(self, _report: Report = _silent, _cancelled: Cancelled = _never) -> None:
        """Read it to its end; raises DamagedError, and VaultLockedError when it is locked meanwhile."""
        try:
            with self._stream as stream:
                self._samples = count_samples(stream)
                if self._samples:
                    self._found = outline(stream, self._facts(self._samples))
        except ValueError:
            if not self._workspace.locked:
                raise
            raise VaultLockedError(self._words) from None
