"""Devices, disks and hands that are too quick for a recall keep no stop, lock or end from happening."""

from itertools import pairwise

import pytest

from recall_rooms import RecallRoom, recall_room
from supervise.app.changes import LOCK, LOCKING
from supervise.app.recall_reading import recall_view
from supervise.app.workspace import Workspace
from supervise.domain.errors import DamagedError, UsageError, VaultLockedError
from supervise.domain.recall import StoppedBy
from two_clocks import RATE
from workspaces import PASSPHRASE

__all__ = ["recall_room"]


def test_the_vault_locks_though_the_loudspeaker_was_unplugged_right_before(
    workspace: Workspace, recall_room: RecallRoom
) -> None:
    room, recall = recall_room, recall_room.recall
    room.listen(3)
    room.output.lose()
    workspace.lock()
    assert workspace.locked
    assert not recall.playing
    room.speak(1)
    workspace.unlock(PASSPHRASE)
    outcome = recall.end()
    assert outcome.duration_ms > 4000
    (stop,) = recall_view(workspace, outcome.recall).stops
    assert (stop.stopped_by, stop.session_ms) == (StoppedBy.LOCK, 3000)


def test_the_vault_locks_though_nothing_can_be_written(workspace: Workspace, recall_room: RecallRoom) -> None:
    room, recall = recall_room, recall_room.recall
    room.listen(3)
    workspace.vault.db.execute("PRAGMA query_only = ON")  # as with a full disk
    told: list[str] = []
    workspace.subscribers.add(lambda change: told.append(change.topic))
    with pytest.raises(UsageError):
        workspace.lock()
    assert workspace.locked
    assert told == [LOCKING, LOCK]
    assert not recall.playing
    with pytest.raises(VaultLockedError):
        recall.resume()
    room.speak(1)
    workspace.unlock(PASSPHRASE)
    outcome = recall.end()
    (stop,) = recall_view(workspace, outcome.recall).stops
    assert (stop.stopped_by, stop.session_ms) == (StoppedBy.LOCK, 3000)


def test_a_loudspeaker_unplugged_right_before_a_seek_is_a_stop_by_the_device(recall_room: RecallRoom) -> None:
    room, recall = recall_room, recall_room.recall
    room.listen(3)
    room.output.lose()
    recall.seek(20_000)
    room.poll()
    assert any("sound device is gone" in words for words in room.told)
    assert not recall.playing
    assert recall.stops[-1].stopped_by is StoppedBy.DEVICE
    room.output.missing = False
    room.before = room.pulled
    recall.resume()
    room.listen(1)
    assert recall.playing


def test_a_stop_right_after_going_on_begins_after_what_was_before(recall_room: RecallRoom) -> None:
    room, recall = recall_room, recall_room.recall
    room.listen(10)
    recall.stop()
    room.listen(1)
    for _ in range(3):
        recall.resume()
        recall.stop()
        room.listen(0.2)
    room.listen(1)
    recall.end()
    stops = recall.stops
    assert len(stops) == 4
    for one in stops:
        assert one.about_from_ms <= one.session_ms
        assert one.recall_start_ms <= (one.recall_end_ms or 0)
    for one, two in pairwise(stops):
        assert (one.recall_end_ms or 0) <= two.recall_start_ms


def test_the_map_is_on_the_disk_up_to_a_stop_at_the_next_look(
    workspace: Workspace, recall_room: RecallRoom
) -> None:
    room, recall = recall_room, recall_room.recall
    room.listen(2.5)
    rest = recall.stop()
    room.poll()
    last = workspace.store.recalls.stretches(recall.recall)[-1]
    assert last.session_end == rest.session_ms * RATE // 1000


@pytest.mark.parametrize("kept", [0, 200], ids=["nothing", "its beginning"])
def test_a_session_found_damaged_after_a_lock_is_said_at_every_go_on_until_it_is_back(
    workspace: Workspace, recall_room: RecallRoom, kept: int
) -> None:
    room, recall = recall_room, recall_room.recall
    room.listen(3)
    workspace.lock()
    workspace.unlock(PASSPHRASE)
    master = workspace.store.media.path(workspace.store.sessions.get(room.session).master)
    sound = master.read_bytes()
    master.write_bytes(sound[:kept])
    for _ in range(2):
        with pytest.raises(DamagedError):
            recall.resume()
        assert not recall.playing
    assert [stop.stopped_by for stop in recall.stops] == [StoppedBy.LOCK]
    master.write_bytes(sound)
    assert recall.resume().session_ms == 0
    room.listen(2)
    assert recall.stop().session_ms == pytest.approx(2000, abs=100)
