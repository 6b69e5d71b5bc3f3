"""Transcribing a recall through the one queue, with the session's echo silenced: never the session twice."""

from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

import numpy as np
import numpy.typing as npt

from supervise.app import recalled
from supervise.audio.echo import Leakage, masked, measure
from supervise.audio.master import speech_blocks
from supervise.crypto.sealed import SealedReader
from supervise.domain.errors import NotReadableError
from supervise.domain.ids import MediaId
from supervise.domain.recall_map import RecallMap
from supervise.domain.session import SoundFacts
from supervise.storage.files import open_file
from supervise.storage.recalls import Recall
from supervise.storage.store import Store

HEADPHONES = (
    "The microphone heard the session from the loudspeaker ({db} dB). What was only that was left out. "
    "Headphones make a recall easier to transcribe."
)
Opener = Callable[[], BinaryIO]


class RecallSound:
    """A recall's sound for the transcriber; needs two data keys only, so the vault may lock meanwhile."""

    def __init__(self, store: Store, row: Recall) -> None:
        """Take what is needed from the open vault."""
        session = store.sessions.get(row.session)
        self._map: RecallMap = recalled.map_of(store, row)
        self._sounds: tuple[SoundFacts, SoundFacts] = row.sound, session.sound
        self._openers = opener(store, row.master), opener(store, session.master)
        self.leakage: Leakage | None = None

    def blocks(self, start_ms: int) -> Iterator[npt.NDArray[np.float32]]:
        """Yield mono at 16 kHz from `start_ms`, silent where only the session's echo is heard."""
        if self.leakage is None:
            self.leakage = self._measured()
        stream = self._openers[0]()
        try:
            yield from masked(speech_blocks(stream, self._sounds[0], start_ms), self.leakage, start_ms)
        finally:
            stream.close()

    def _measured(self) -> Leakage:
        streams = [make() for make in self._openers]
        try:
            return measure(streams[0], self._sounds[0], streams[1], self._sounds[1], self._map)
        finally:
            for stream in streams:
                stream.close()

    def notes(self) -> tuple[str, ...]:
        """Return what the person should know of it."""
        if self.leakage is None or self.leakage.db is None:
            return ()
        return (HEADPHONES.format(db=round(self.leakage.db)),)


def opener(store: Store, master: MediaId, *, allow_open_end: bool = False) -> Opener:
    """Return what opens a sound with its own data key alone, also one that is being written."""
    key, path = store.media.data_key(master), store.media.path(master)

    def opened() -> BinaryIO:
        try:
            file = open_file(path)
        except FileNotFoundError:  # destroyed since, as when consent is taken back while this waits
            raise NotReadableError("This sound is no longer in the vault.") from None
        return cast("BinaryIO", SealedReader(file, key, master, allow_open_end=allow_open_end))

    return opened
