"""A recall going on in a real vault, between two devices moved by hand."""

from collections.abc import Iterator
from typing import BinaryIO, cast

import pytest

from sounds import kept
from supervise.app.recall_reading import open_recall_sound
from supervise.app.recalled import map_of
from supervise.app.recalling import RecallSession
from supervise.app.workspace import Workspace
from supervise.audio.master import MasterReader
from supervise.audio.peaks import flat_peaks
from supervise.domain.ids import RecallId, SessionId, new_id
from supervise.domain.recall import RecallKind, Setup
from supervise.domain.recall_map import RecallMap
from supervise.domain.session import Session, SoundFacts
from supervise.domain.times import now_utc
from supervise.storage.database import transaction
from supervise.storage.verify import verify
from two_clocks import RATE, Sound, TwoClocks, numbered_session
from workspaces import CLIENT

THERAPIST = Setup(RecallKind.THERAPIST)


def add_sounding_session(
    desk: Workspace, sound: Sound, rate_hz: int = RATE, client: str = CLIENT, held_on: str = "2026-11-22"
) -> SessionId:
    """Add a session that sounds as given."""
    client_id, code = desk.store.consents.client(client) or (
        desk.store.consents.ensure_client(client),
        client,
    )
    stream, facts = kept(sound, rate_hz)
    master, peaks = desk.store.media.create("master"), desk.store.media.create("peaks")
    master.writer.write(stream.getvalue())
    peaks.writer.write(flat_peaks(facts.samples, facts.channels, rate_hz))
    master.finish()
    peaks.finish()
    facts = SoundFacts(facts.samples, rate_hz, facts.channels, facts.duration_ms, new_id() * 2, 16)
    ids = (master.media_id, peaks.media_id)
    row = Session(SessionId(new_id()), client_id, code, "", held_on, now_utc(), facts, *ids)
    with transaction(desk.vault.db) as db:
        master.register(db)
        peaks.register(db)
        desk.store.sessions.add(row, source_format="wav", attested_by=desk.profile.profile, original="keep")
    return row.session


def whole(desk: Workspace) -> bool:
    """Whether the vault verifies and holds no file without a row."""
    rows = {row[0] for row in desk.vault.db.execute("SELECT id FROM media")}
    return verify(desk.vault, lambda _: None).ok and desk.store.media.file_ids() == rows


def sound_of(desk: Workspace, recall: RecallId) -> Sound:
    """Return what a recall recorded."""
    row = desk.store.recalls.get(recall)
    with open_recall_sound(desk, recall) as stream:
        return cast("Sound", MasterReader(cast("BinaryIO", stream), row.sound).read(0, row.samples))


class RecallRoom(TwoClocks):
    """A recall in a vault; `recall` is begun with `begin`."""

    def __init__(
        self,
        desk: Workspace,
        setup: Setup = THERAPIST,
        session: SessionId | None = None,
        drift: tuple[float, float] = (0.0, 0.0),
        seconds: float = 60,
    ) -> None:
        super().__init__(*drift)
        self.desk, self.free = desk, 1 << 40
        self.session = session or add_sounding_session(desk, numbered_session(seconds))
        devices = (self.mic, self.output)
        self.recall = RecallSession(desk, self.session, setup, devices, lambda: self.free, self.now_s)
        self.told: list[str] = []

    def begin(self, *, spoken_s: float = 0.5) -> None:
        """Start it, let the microphone be heard and the tape begin."""
        self.recall.start()
        self.samples = lambda: self.recall.heard().samples
        self.poll = lambda: self.told.extend(self.recall.poll())
        self.speak(spoken_s)
        self.poll()

    def map(self) -> RecallMap:
        """Return the map as it is on the disk."""
        return map_of(self.desk.store, self.desk.store.recalls.get(self.recall.recall))


@pytest.fixture
def recall_room(workspace: Workspace) -> Iterator[RecallRoom]:
    """A therapist's recall that has begun."""
    room = RecallRoom(workspace)
    room.begin()
    yield room
    if room.recall.running:
        room.recall.abandon()
