"""A recall in a vault: stops, resumes, places, speeds, the gate, locking, and what a kill leaves."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from recall_rooms import THERAPIST, RecallRoom, add_sounding_session, recall_room, sound_of, whole
from supervise.app.changes import CONSENT, Change
from supervise.app.recall_reading import open_recall_sound, recall_view, recalls
from supervise.app.recall_recovering import (
    recovered_recalls,
)
from supervise.app.withdrawing import WithdrawWish, withdraw
from supervise.app.workspace import Workspace
from supervise.domain.consent import Grant, Scope
from supervise.domain.errors import (
    DeviceMissingError,
    NoSpaceError,
    NotCoveredError,
    UsageError,
)
from supervise.domain.recall import ChosenBy, Party, RecallKind, Segments, Setup, StoppedBy
from supervise.domain.recordings import GapReason
from two_clocks import RATE, numbered_session, until
from workspaces import CLIENT, OWN_USE, PASSPHRASE, TODAY, add_session, agree_to_supervisor

__all__ = ["recall_room"]


def test_a_recall_with_two_stops_from_start_to_end(workspace: Workspace, recall_room: RecallRoom) -> None:
    room, recall = recall_room, recall_room.recall
    assert recall.playing
    room.listen(10)
    first = recall.stop()
    assert not recall.playing
    assert workspace.store.recalls.stops(recall.recall)[0].session_ms == first.session_ms == 10_000
    recall.prompt("affect.feel")
    room.listen(3)
    assert recall.now().session_ms == 10_000
    on = recall.resume()
    assert on.session_ms == 6000
    room.listen(5)
    second = recall.stop(StoppedBy.INQUIRER)
    assert second.session_ms == 11_000
    room.listen(2)
    outcome = recall.end()
    assert (outcome.stops, outcome.gaps, outcome.overflows, outcome.dropped_frames) == (2, (), 0, 0)
    view = recall_view(workspace, outcome.recall)
    one, two = view.stops
    assert (one.stopped_by, two.stopped_by) == (StoppedBy.RECALLER, StoppedBy.INQUIRER)
    assert (one.about_from_ms, one.session_ms, one.replayed_from_ms) == (0, 10_000, 6000)
    assert (two.about_from_ms, two.session_ms, two.replayed_from_ms) == (6000, 11_000, None)
    assert one.recall_end_ms == pytest.approx(on.recall_ms, abs=100)
    assert two.recall_end_ms == outcome.duration_ms
    assert two.since_last_ms == pytest.approx(5000, abs=100)
    assert [(used.prompt, used.stop) for used in view.prompts] == [("affect.feel", 0)]
    assert view.map.session_at(one.recall_start_ms + 1000) == 10_000


def test_what_was_said_is_kept_to_the_frame_and_the_map_to_the_millisecond(
    workspace: Workspace, recall_room: RecallRoom
) -> None:
    room, recall = recall_room, recall_room.recall
    room.listen(3)
    recall.stop()
    room.listen(2)
    recall.resume()
    room.listen(2)
    outcome = recall.end()
    view = recall_view(workspace, outcome.recall)
    assert room.worst_ms(view.map) < 2
    assert (sound_of(workspace, outcome.recall) == np.concatenate(room.said)).all()
    assert view.recall.setup.hours_since is not None
    assert view.recall.setup.hours_from_day  # an imported session: its hour is not known
    assert {"recall", "play"} <= {line.action for line in workspace.log_lines(20)}
    assert whole(workspace)
    assert recovered_recalls(workspace) == ()


def test_every_stop_is_within_30_ms_over_forty_with_seeks_speeds_and_drifting_clocks(
    workspace: Workspace,
) -> None:
    room = RecallRoom(workspace, drift=(3e-4, -3e-4))
    room.begin()
    random = np.random.default_rng(11)
    for number in range(40):
        room.listen(float(random.uniform(0.2, 1.2)))
        if number % 5 == 1:
            room.recall.seek(int(random.integers(0, 50_000)))
            room.listen(0.5)
        room.recall.stop()
        room.listen(float(random.uniform(0.1, 0.5)))
        if number % 5 == 3:
            room.recall.seek(int(random.integers(0, 50_000)))
        room.recall.resume()
    room.listen(0.5)
    outcome = room.recall.end()
    view = recall_view(workspace, outcome.recall)
    assert len(view.stops) == 40
    for stop in view.stops:
        assert view.map.session_at(stop.recall_start_ms + 1) == pytest.approx(stop.session_ms, abs=2)
        assert stop.recall_end_ms is not None
        after = view.map.session_at(stop.recall_end_ms + 2)
        assert after == pytest.approx(stop.replayed_from_ms, abs=5)
    assert room.worst_ms(view.map) < 5


def test_seeks_and_speeds_are_told_on_both_clocks(recall_room: RecallRoom) -> None:
    room, recall = recall_room, recall_room.recall
    room.listen(2)
    assert recall.seek(30_000).session_ms == 30_000
    room.listen(1)
    assert recall.set_speed(2.0).session_ms == pytest.approx(31_000, abs=100)
    room.listen(2)
    rest = recall.stop()
    assert rest.session_ms == pytest.approx(35_000, abs=200)
    assert recall.seek(99_000_000).session_ms == 60_000
    assert recall.seek(5000) == (rest.recall_ms, 5000) or recall.now().session_ms == 5000
    assert recall.resume().session_ms == 5000
    for wrong in (
        lambda: recall.set_speed(9),
        recall.resume,
        lambda: recall.prompt(""),
        lambda: recall.prompt("\n"),
    ):
        with pytest.raises(UsageError):
            wrong()
    recall.stop()
    with pytest.raises(UsageError, match="stands"):
        recall.stop()


def test_an_inquirer_stops_only_if_that_was_agreed(workspace: Workspace) -> None:
    agree_to_supervisor(workspace, "Cara")
    room = RecallRoom(workspace, replace(THERAPIST, inquirer="Cara", inquirer_may_stop=False))
    room.begin()
    room.listen(1)
    with pytest.raises(UsageError, match="only the recaller"):
        room.recall.stop(StoppedBy.INQUIRER)
    assert room.recall.playing
    room.recall.abandon()


def test_only_the_chosen_segments_are_played_and_each_end_is_a_stop(workspace: Workspace) -> None:
    parts = Segments(((10_000, 12_000), (20_000, 23_000)), ChosenBy.MARKER, "a rupture marker")
    room = RecallRoom(workspace, replace(THERAPIST, segments=parts, step_back_ms=5000))
    room.begin()
    room.listen(3)
    assert not room.recall.playing
    assert room.recall.resume().session_ms == 20_000
    room.listen(1)
    room.recall.stop()
    assert room.recall.resume().session_ms == 20_000
    assert room.recall.seek(15_000).session_ms == 20_000
    room.listen(4)
    assert room.recall.resume().session_ms == 20_000
    room.recall.end()
    stops = workspace.store.recalls.stops(room.recall.recall)
    assert [(stop.session_ms, stop.stopped_by) for stop in stops] == [
        (12_000, StoppedBy.TAPE),
        (21_000, StoppedBy.RECALLER),
        (23_000, StoppedBy.TAPE),
    ]
    starts = [row.session_start for row in workspace.store.recalls.stretches(room.recall.recall)]
    assert starts[0] == 10 * RATE
    assert max(row.session_end for row in workspace.store.recalls.stretches(room.recall.recall)) == 23 * RATE


def test_the_end_of_the_session_is_a_stop_and_talking_goes_on(workspace: Workspace) -> None:
    room = RecallRoom(workspace, seconds=3)
    room.begin()
    room.listen(5)
    (stop,) = room.recall.stops
    assert (stop.session_ms, stop.stopped_by) == (3000, StoppedBy.TAPE)
    assert room.recall.end().duration_ms > 5000


def test_recalls_ask_the_gate(workspace: Workspace) -> None:
    session = add_sounding_session(workspace, numbered_session(2))
    client = Setup(RecallKind.CLIENT, recaller=Party.CLIENT, inquirer="Cara")
    research = Setup(RecallKind.RESEARCH, "significant-event")
    for setup in (client, replace(client, kind=RecallKind.MUTUAL, recaller=Party.BOTH), research):
        with pytest.raises(NotCoveredError):
            RecallRoom(workspace, setup, session)
    workspace.add_consent(CLIENT, OWN_USE | {Scope.CLIENT_RECALL}, TODAY)
    RecallRoom(workspace, client, session)
    with pytest.raises(UsageError, match="not their therapist"):
        RecallRoom(workspace, replace(client, inquirer="ada"), session)
    with pytest.raises(UsageError, match="inquirer"):
        RecallRoom(workspace, replace(client, inquirer=""), session)
    with pytest.raises(NotCoveredError):
        RecallRoom(workspace, research, session)
    workspace.gate._today = lambda: date(2020, 1, 1)
    with pytest.raises(NotCoveredError):
        RecallRoom(workspace, THERAPIST, session)


def test_without_a_device_or_room_nothing_is_left(workspace: Workspace) -> None:
    session = add_sounding_session(workspace, numbered_session(2))
    files = workspace.store.media.file_ids()
    for change, error in (("mic", DeviceMissingError), ("out", DeviceMissingError), ("free", NoSpaceError)):
        room = RecallRoom(workspace, session=session)
        room.mic.missing = change == "mic"
        room.output.missing = change == "out"
        room.free = 1 << 20 if change == "free" else room.free
        with pytest.raises(error):
            room.recall.start()
        assert not room.recall.running
    assert recalls(workspace) == ()
    assert workspace.store.media.file_ids() == files
    assert whole(workspace)


def test_the_vault_may_lock_meanwhile(workspace: Workspace, recall_room: RecallRoom) -> None:
    room, recall = recall_room, recall_room.recall
    room.listen(4)
    workspace.lock()
    assert not recall.playing
    room.listen(2)
    recall.prompt("cognition.mind")
    room.before = room.pulled
    workspace.unlock(PASSPHRASE)
    assert recall.resume().session_ms == 0
    room.listen(5)
    recall.stop()
    workspace.lock()
    outcome = recall.end()
    assert outcome.waiting
    workspace.unlock(PASSPHRASE)
    view = recall_view(workspace, outcome.recall)
    assert [stop.stopped_by for stop in view.stops] == [StoppedBy.LOCK, StoppedBy.RECALLER]
    assert [used.prompt for used in view.prompts] == ["cognition.mind"]
    assert view.recall.samples == room.spoken
    assert room.worst_ms(view.map) < 2
    assert whole(workspace)


def test_a_lost_microphone_stops_the_tape_until_it_is_back(
    workspace: Workspace, recall_room: RecallRoom
) -> None:
    room, recall = recall_room, recall_room.recall
    room.listen(2)
    room.mic.unplug()
    until(lambda: recall.heard().absent_s > 0)
    room.poll()
    assert not recall.playing
    assert recall.stops[-1].stopped_by is StoppedBy.DEVICE
    assert any("microphone is gone" in words for words in room.told)
    with pytest.raises(DeviceMissingError):
        recall.resume()
    room.mic.plug_in()
    until(lambda: recall.heard().absent_s == 0)
    room.listen(2)
    assert any("is back" in words for words in room.told)
    recall.resume()
    room.listen(2)
    outcome = recall.end()
    assert [gap.reason for gap in outcome.gaps] == [GapReason.DEVICE]
    assert recall_view(workspace, outcome.recall).recall.gaps == outcome.gaps


def test_a_lost_loudspeaker_is_a_stop_and_recording_goes_on(recall_room: RecallRoom) -> None:
    room, recall = recall_room, recall_room.recall
    room.listen(2)
    room.output.lose()
    room.speak(0.5)
    room.poll()
    assert not recall.playing
    assert recall.stops[-1].stopped_by is StoppedBy.DEVICE
    room.output.missing = False
    room.before = room.pulled
    recall.resume()
    room.listen(1)
    assert recall.end().samples == room.spoken


def test_withdrawn_consent_stops_the_tape(workspace: Workspace, recall_room: RecallRoom) -> None:
    room, recall = recall_room, recall_room.recall
    room.listen(1)
    workspace.gate._today = lambda: date(2020, 1, 1)
    workspace.subscribers.tell(Change(CONSENT, (room.session,)))
    assert not recall.playing
    with pytest.raises(NotCoveredError):
        recall.resume()
    assert isinstance(recall.heard().error, NotCoveredError)  # whoever drives it ends it at the next look


def test_recalls_are_listed_by_session_and_only_where_covered(workspace: Workspace) -> None:
    room = RecallRoom(workspace)
    room.begin()
    room.listen(1)
    done = room.recall.end()
    other = add_session(workspace, client="K-08")
    assert [row.recall for row in recalls(workspace)] == [done.recall]
    assert [row.recall for row in recalls(workspace, room.session)] == [done.recall]
    assert recalls(workspace, other) == ()
    workspace.gate._today = lambda: date(2020, 1, 1)
    assert recalls(workspace) == ()
    with pytest.raises(NotCoveredError):
        recall_view(workspace, done.recall)
    with pytest.raises(NotCoveredError):
        open_recall_sound(workspace, done.recall)


def test_what_a_client_recalled_is_locked_when_they_take_that_back(workspace: Workspace) -> None:
    workspace.add_consent(CLIENT, OWN_USE | {Scope.CLIENT_RECALL}, TODAY)
    client = Setup(RecallKind.CLIENT, recaller=Party.CLIENT, inquirer="Cara")
    done = []
    session = add_sounding_session(workspace, numbered_session(5))
    for setup in (client, THERAPIST):
        room = RecallRoom(workspace, setup, session)
        room.begin()
        room.listen(1)
        done.append(room.recall.end().recall)
    assert [row.recall for row in recalls(workspace)] == done
    withdraw(workspace, WithdrawWish(CLIENT, frozenset({Grant(Scope.CLIENT_RECALL)})))
    assert [row.recall for row in recalls(workspace)] == done[1:]
    for look in (recall_view, open_recall_sound):
        with pytest.raises(NotCoveredError, match="withdrawn"):
            look(workspace, done[0])


def test_somebody_who_helps_a_therapist_recall_hears_the_session_and_must_be_named(
    workspace: Workspace,
) -> None:
    session = add_sounding_session(workspace, numbered_session(2))
    helped = replace(THERAPIST, inquirer="Cara")
    with pytest.raises(NotCoveredError, match="the supervisor Cara"):
        RecallRoom(workspace, helped, session)
    RecallRoom(workspace, replace(THERAPIST, inquirer="ada"), session)
    agree_to_supervisor(workspace, "Cara")
    RecallRoom(workspace, helped, session)
    with pytest.raises(NotCoveredError, match="the supervisor Dan"):
        RecallRoom(workspace, replace(THERAPIST, inquirer="Dan"), session)
    workspace.add_consent(CLIENT, frozenset({Scope.CLIENT_RECALL}), TODAY)
    RecallRoom(workspace, replace(THERAPIST, inquirer="Dan"), session)
