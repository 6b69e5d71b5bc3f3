"""What a kill leaves of a recall: every stop, the whole map, all but a second of sound; kept or destroyed."""

from collections.abc import Callable

import numpy as np
import pytest

from recall_rooms import RecallRoom, sound_of, whole
from supervise.app.recall_reading import recall_view, recalls
from supervise.app.recall_recovering import (
    destroy_recall,
    keep_recovered_recall,
    offer_recall,
    recovered_recalls,
)
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from two_clocks import RATE, until
from workspaces import CLIENT


def test_a_kill_leaves_every_stop_the_whole_map_and_all_but_a_second(
    workspace: Workspace, reopen: Callable[[], Workspace]
) -> None:
    room = RecallRoom(workspace)
    room.begin()
    room.listen(4)
    room.recall.stop()
    room.recall.prompt("body.image")
    room.listen(2)
    room.recall.resume()
    room.listen(3.4)
    until(lambda: room.recall.heard().synced_samples == room.spoken)
    master = workspace.store.media.path(room.recall._master.media_id)
    left = master.read_bytes()
    room.recall.abandon()
    master.write_bytes(left)  # as the file was before the end was written
    desk = reopen()
    (found,) = recovered_recalls(desk)
    assert found.stops == 1
    assert found.duration_ms >= room.spoken * 1000 // RATE - 1000
    assert CLIENT in offer_recall(found)
    before = recall_view(desk, found.recall)
    assert len(before.stops) == 1
    row = keep_recovered_recall(desk, found.recall)
    assert row is not None
    view = recall_view(desk, row.recall)
    assert view.stops[0].replayed_from_ms == 0
    room.truth = [pair for pair in room.truth if pair[0] < row.samples]
    assert room.worst_ms(view.map) < 3
    assert (sound_of(desk, row.recall) == np.concatenate(room.said)[: row.samples]).all()
    assert whole(desk)
    with pytest.raises(UsageError):
        keep_recovered_recall(desk, row.recall)


@pytest.mark.parametrize("order", ["resume", "seek"])
def test_a_kill_right_after_an_order_does_not_forget_it(
    workspace: Workspace, reopen: Callable[[], Workspace], order: str
) -> None:
    room = RecallRoom(workspace)
    room.begin()
    room.listen(10)
    if order == "resume":
        room.recall.stop()
        room.listen(2)
        room.recall.resume()
    else:
        room.recall.seek(40_000)
    room.poll = lambda: None  # the program gets no further
    room.listen(0.8)
    until(lambda: room.recall.heard().synced_samples == room.spoken)
    master = workspace.store.media.path(room.recall._master.media_id)
    left, noted = master.read_bytes(), workspace.store.recalls.stretches(room.recall.recall)
    room.recall.abandon()
    assert workspace.store.recalls.stretches(room.recall.recall) == noted
    master.write_bytes(left)
    desk = reopen()
    row = keep_recovered_recall(desk, room.recall.recall)
    assert row is not None
    room.truth = [pair for pair in room.truth if pair[0] < row.samples]
    assert room.worst_ms(recall_view(desk, row.recall).map) < 10


def test_a_kill_in_a_stop_lets_the_stop_end_with_the_sound(
    workspace: Workspace, reopen: Callable[[], Workspace]
) -> None:
    room = RecallRoom(workspace)
    room.begin()
    room.listen(2)
    room.recall.stop()
    room.listen(3)
    room.recall.abandon()
    desk = reopen()
    (found,) = recovered_recalls(desk)
    row = keep_recovered_recall(desk, found.recall)
    assert row is not None
    (stop,) = recall_view(desk, row.recall).stops
    assert stop.recall_end_ms == row.sound.duration_ms
    assert recall_view(desk, row.recall).map.session_at(row.sound.duration_ms) == 2000


def test_a_recall_can_be_destroyed_before_and_after_it_was_kept(
    workspace: Workspace, reopen: Callable[[], Workspace]
) -> None:
    room = RecallRoom(workspace)
    room.begin()
    room.listen(1)
    with pytest.raises(UsageError, match="going on"):
        destroy_recall(workspace, room.recall.recall)
    room.recall.abandon()
    desk = reopen()
    destroy_recall(desk, room.recall.recall)
    assert (recalls(desk), recovered_recalls(desk)) == ((), ())
    assert len(desk.store.media.file_ids()) == 2
    assert whole(desk)
