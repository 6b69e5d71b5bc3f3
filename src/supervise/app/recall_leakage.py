"""Whether the microphone of a recall hears the loudspeaker, measured while it goes on; nothing is kept."""

from collections.abc import Callable
from dataclasses import replace

from supervise.app import recall_gate, recalled
from supervise.app.recall_transcribing import opener
from supervise.app.workspace import Workspace
from supervise.audio.echo import measure
from supervise.audio.recovered import count_samples
from supervise.domain.errors import DamagedError
from supervise.domain.ids import RecallId

ADVISE_DB = -50.0
Report = Callable[[int], None]
Cancelled = Callable[[], bool]


class LeakageLook:
    """One measurement: made on the workspace's thread, run on any. The vault may lock meanwhile."""

    def __init__(self, workspace: Workspace, recall: RecallId) -> None:
        """Ask the gate and take what is needed; raises NotCoveredError, VaultLockedError."""
        store, self._row = workspace.store, workspace.store.recalls.get(recall)
        session = recall_gate.require_recall(workspace, self._row.session, self._row.setup)
        self._map, self._session = recalled.map_of(store, self._row), session.sound
        self._recall_sound = opener(store, self._row.master, allow_open_end=True)
        self._session_sound = opener(store, session.master)

    def run(self, _report: Report, _cancelled: Cancelled) -> float | None:
        """Return how loud the playing is in the recording, in dB of what was played; None when it is not."""
        with self._recall_sound() as recall, self._session_sound() as session:
            try:
                samples = count_samples(recall)
                sound = replace(self._row, samples=samples).sound
                return measure(recall, sound, session, self._session, self._map).db if samples else None
            except DamagedError:  # its end was just being written: no advice is no harm
                return None
