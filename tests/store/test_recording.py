"""Recording into a vault: sessions, live marks, locking meanwhile, the client's wish, what a kill leaves."""

import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import pytest

from sounds import speechlike
from supervise.app import withdrawing
from supervise.app.recording import RecordingOutcome, RecordingSession, RecordingWish, why_stopped
from supervise.app.recovering import (
    destroy_recovered,
    find_recovered,
    keep_recovered,
    listen_to_recovered,
    offer,
    recovered,
)
from supervise.app.withdrawing import ALL, WithdrawWish
from supervise.app.workspace import Workspace
from supervise.audio.fake_input import FakeInput
from supervise.audio.inputs import Samples, steady_s
from supervise.audio.master import MasterReader
from supervise.domain.consent import Grant, Scope
from supervise.domain.errors import DeviceMissingError, NoSpaceError, NotCoveredError, UsageError
from supervise.domain.ids import SessionId
from supervise.domain.recordings import GapReason, Wish
from supervise.storage.verify import verify
from workspaces import CLIENT, OWN_USE, PASSPHRASE, TODAY

RATE = 16000


def until(holds: Callable[[], bool]) -> None:
    pause, end = threading.Event(), steady_s() + 20
    while not holds():
        assert steady_s() < end, "it did not happen"
        pause.wait(0.005)


class Room:
    """A recording going on in a vault."""

    def __init__(self, desk: Workspace, channels: int = 1, free: int = 1 << 40) -> None:
        self.desk, self.mic, self.free = desk, FakeInput(rate_hz=RATE), free
        wish = RecordingWish(CLIENT, channels, RATE, "first meeting")
        self.session = RecordingSession(desk, wish, self.mic, lambda: self.free)
        self.at_s = steady_s()

    def speak(self, sound: Samples) -> None:
        """Speak and wait until all of it is on the disk."""
        behind = self.session.heard().samples + len(sound)
        for start in range(0, len(sound), 1600):
            part = sound[start : start + 1600]
            self.mic.speak(part, self.at_s)
            self.at_s += len(part) / RATE
        until(lambda: self.session.heard().synced_samples >= behind)


@pytest.fixture
def room(workspace: Workspace) -> Iterator[Room]:
    made = Room(workspace)
    made.session.start()
    yield made
    if made.session.running:
        made.session._running().stop()


def kept_sound(desk: Workspace, session: SessionId | None) -> Samples:
    assert session is not None
    row = desk.session(session)
    with desk.store.media.open(row.master) as stream:
        found = MasterReader(cast("BinaryIO", stream), row.sound).read(0, row.sound.samples)
    assert desk.peaks(session).frames == row.sound.samples
    return cast("Samples", found)


def whole(desk: Workspace) -> bool:
    """Whether the vault verifies and holds no file without a row."""
    found = verify(desk.vault, lambda _: None)
    rows = {row[0] for row in desk.vault.db.execute("SELECT id FROM media")}
    return found.ok and desk.store.media.file_ids() == rows


def test_a_recording_becomes_a_session_with_its_marks(workspace: Workspace, room: Room) -> None:
    sound = speechlike(RATE * 5, 1, RATE)
    room.speak(sound)
    room.session.lag_ms = 1000
    at_ms = room.session.mark()
    outcome = room.session.stop()
    assert outcome == RecordingOutcome(outcome.session, len(sound), RATE, (), 0, 0)
    assert (kept_sound(workspace, outcome.session) == sound).all()
    row = workspace.session(cast("SessionId", outcome.session))
    assert (row.client_code, row.title, row.sound.duration_ms) == (CLIENT, "first meeting", 5000)
    (moment,) = workspace.moments(row.session)
    assert (moment.start_ms, moment.codes[0].code) == (min(at_ms, 5000), "wf.flag")
    assert whole(workspace)
    assert recovered(workspace) == ()
    assert "record" in [line.action for line in workspace.log_lines(20)]


def test_recording_asks_the_gate(workspace: Workspace) -> None:
    with pytest.raises(NotCoveredError):
        RecordingSession(workspace, RecordingWish("nobody"), FakeInput())
    with pytest.raises(UsageError):
        RecordingSession(workspace, RecordingWish(CLIENT, channels=3), FakeInput())


def test_without_a_device_or_room_nothing_is_left(workspace: Workspace) -> None:
    for change, error in (("missing", DeviceMissingError), ("free", NoSpaceError)):
        room = Room(workspace, free=1 << 20 if change == "free" else 1 << 40)
        room.mic.missing = change == "missing"
        with pytest.raises(error):
            room.session.start()
    assert workspace.store.recordings.unfinished() == []
    assert whole(workspace)


def test_the_vault_may_lock_while_it_records(workspace: Workspace, room: Room) -> None:
    first, second = speechlike(RATE, 1, RATE), speechlike(RATE, 1, RATE, seed=2)
    room.speak(first)
    workspace.lock()
    room.speak(second)
    room.session.lag_ms = 0
    room.session.mark()
    room.session.poll()
    outcome = room.session.stop()
    assert outcome.waiting
    assert outcome.session is None
    workspace.unlock(PASSPHRASE)
    (row,) = workspace.library().rows
    assert (kept_sound(workspace, row.session.session) == np.concatenate([first, second])).all()
    assert len(workspace.moments(row.session.session)) == 1
    assert whole(workspace)


def test_a_kill_leaves_all_but_the_last_second_and_every_mark(
    workspace: Workspace, reopen: Callable[[], Workspace], tmp_path: Path
) -> None:
    room = Room(workspace, channels=2)
    room.session.start()
    sound = speechlike(RATE * 4, 2, RATE)
    room.speak(sound[: RATE * 3])
    room.session.lag_ms = 0
    marks = [room.session.mark(), room.session.mark()]
    room.speak(sound[RATE * 3 :])
    master = workspace.store.media.path(room.session._master.media_id)
    left = master.read_bytes()
    room.session.abandon()
    master.write_bytes(left)  # as the file was before the end was written
    desk = reopen()
    (found,) = recovered(desk)
    assert 3000 < found.duration_ms <= 4000
    assert found.marks == 2
    assert CLIENT in offer(found)
    assert verify(desk.vault, lambda _: None).ok
    stream, facts = listen_to_recovered(desk, found.recording)
    with stream:
        heard = MasterReader(stream, facts).read(0, facts.samples)
    assert (heard == sound[: facts.samples]).all()
    session = keep_recovered(desk, find_recovered(desk, found.recording[:8]))
    assert session is not None
    assert (kept_sound(desk, session.session) == sound[: facts.samples]).all()
    assert sorted(m.start_ms for m in desk.moments(session.session)) == sorted(marks)
    assert recovered(desk) == ()
    assert whole(desk)


def test_what_was_recovered_can_be_destroyed(workspace: Workspace, reopen: Callable[[], Workspace]) -> None:
    room = Room(workspace)
    room.session.start()
    room.speak(speechlike(RATE * 2, 1, RATE))
    room.session.abandon()
    desk = reopen()
    (found,) = recovered(desk)
    destroy_recovered(desk, found.recording)
    assert recovered(desk) == ()
    assert desk.store.media.file_ids() == set()
    assert whole(desk)
    with pytest.raises(UsageError):
        destroy_recovered(desk, found.recording)


def test_the_client_asks_for_the_last_part_to_go(workspace: Workspace, room: Room) -> None:
    sound = speechlike(RATE * 6, 1, RATE)
    room.session.lag_ms = 0
    room.speak(sound[: RATE * 2])
    early = room.session.mark()
    room.speak(sound[RATE * 2 :])
    room.session.mark()
    old = workspace.store.media.data_key(room.session._master.media_id)
    outcome = room.session.stop(Wish.DELETE_LAST, minutes=3 / 60)
    assert outcome.samples == RATE * 3
    assert (kept_sound(workspace, outcome.session) == sound[: RATE * 3]).all()
    assert outcome.session is not None
    assert [m.start_ms for m in workspace.moments(outcome.session)] == [early]
    row = workspace.store.recordings.of_session(outcome.session)
    assert row is not None
    assert row.asked is not None
    assert (row.asked.wish, row.asked.minutes) == (Wish.DELETE_LAST, 3 / 60)
    new = workspace.store.media.data_key(workspace.session(outcome.session).master)
    assert old != new
    assert whole(workspace)


@pytest.mark.parametrize("wish", [Wish.DELETE_ALL, Wish.DELETE_LAST])
def test_the_client_asks_for_everything_to_go(workspace: Workspace, room: Room, wish: Wish) -> None:
    room.speak(speechlike(RATE * 2, 1, RATE))
    outcome = room.session.stop(wish, minutes=5)
    assert (outcome.session, outcome.samples) == (None, 0)
    assert workspace.store.media.file_ids() == set()
    assert workspace.library().rows == ()
    assert recovered(workspace) == ()
    row = workspace.store.recordings.get(room.session.recording)
    assert row.asked is not None
    assert row.asked.wish is wish
    assert whole(workspace)


def test_a_wish_made_while_locked_is_done_at_the_next_unlocking(workspace: Workspace, room: Room) -> None:
    sound = speechlike(RATE * 3, 1, RATE)
    room.speak(sound)
    workspace.lock()
    assert room.session.stop(Wish.DELETE_LAST, minutes=1 / 60).waiting
    workspace.unlock(PASSPHRASE)
    (row,) = workspace.library().rows
    assert (kept_sound(workspace, row.session.session) == sound[: RATE * 2]).all()
    assert whole(workspace)


def test_a_lost_device_is_told_and_its_gap_is_kept(workspace: Workspace, room: Room) -> None:
    room.speak(speechlike(RATE, 1, RATE))
    room.mic.unplug()
    until(lambda: room.session.heard().absent_s > 0)
    assert any("gone" in words for words in room.session.poll())
    assert room.session.poll() == []
    room.mic.plug_in()
    until(lambda: room.session.heard().absent_s == 0)
    room.at_s += 4
    room.speak(speechlike(RATE, 1, RATE, seed=4))
    assert any("4.0 s" in words for words in room.session.poll())
    (kept,) = workspace.store.recordings.get(room.session.recording).gaps
    assert kept.reason is GapReason.DEVICE
    outcome = room.session.stop()
    assert outcome.session is not None
    assert workspace.store.recordings.gaps(outcome.session) == (kept,)
    assert (kept.start_ms, kept.lost_ms) == (1000, 4000)


def test_a_disk_nearly_full_ends_it_with_a_sentence_and_a_session(workspace: Workspace, room: Room) -> None:
    sound = speechlike(RATE, 1, RATE)
    room.speak(sound)
    room.free = 1 << 20
    room.mic.speak(sound[:1600], room.at_s)
    until(lambda: room.session.heard().error is not None)
    assert any("nearly full" in words for words in room.session.poll())
    error = room.session.heard().error
    outcome = room.session.stop()
    assert isinstance(why_stopped(error, outcome), NoSpaceError)
    assert len(kept_sound(workspace, outcome.session)) == len(sound) + 1600


def test_withdrawn_consent_keeps_a_recovered_recording_from_becoming_a_session(
    workspace: Workspace, reopen: Callable[[], Workspace]
) -> None:
    room = Room(workspace)
    room.session.start()
    room.speak(speechlike(RATE, 1, RATE))
    room.session.abandon()
    desk = reopen()
    desk.gate._today = lambda: date(2020, 1, 1)
    (found,) = recovered(desk)
    with pytest.raises(NotCoveredError):
        keep_recovered(desk, found.recording)
    with pytest.raises(NotCoveredError):
        listen_to_recovered(desk, found.recording)
    destroy_recovered(desk, found.recording)


def test_a_withdrawal_ends_the_recording_and_takes_it_along(room: Room, workspace: Workspace) -> None:
    room.speak(speechlike(RATE, 2))
    room.session.mark()
    done = withdrawing.withdraw(workspace, WithdrawWish(CLIENT, ALL))
    heard = room.session.heard()
    assert isinstance(heard.error, NotCoveredError)
    assert "withdrawn" in str(heard.error)
    assert room.session.levels() == ()
    with pytest.raises(NotCoveredError):
        room.session.mark()
    outcome = room.session.stop()
    assert not room.session.running
    assert outcome.session is not None
    (entry,) = done.decision.inventory["sessions"]
    assert (entry["session"], entry["moments"], entry["goes"][0]) == (outcome.session, 1, "sound")
    with pytest.raises(NotCoveredError, match="has withdrawn"):
        workspace.open_session(outcome.session)
    withdrawing.finish(workspace, done.decision.id)
    assert workspace.store.sessions.all() == []
    assert list((workspace.vault.path / "media").iterdir()) == []


def test_withdrawing_something_else_lets_the_recording_go_on(room: Room, workspace: Workspace) -> None:
    withdrawing.withdraw(workspace, WithdrawWish(CLIENT, frozenset({Grant(Scope.TRANSCRIBE)})))
    room.speak(speechlike(RATE, 1))
    assert room.session.heard().error is None
    assert room.session.stop().session is not None


def test_a_recording_begun_after_the_withdrawal_is_not_destroyed_with_it(workspace: Workspace) -> None:
    """The client withdrew, said yes again, and is being recorded when the destruction falls due."""
    done = withdrawing.withdraw(workspace, WithdrawWish(CLIENT, ALL, chosen=frozenset({"sound"})))
    workspace.add_consent(CLIENT, OWN_USE, TODAY)
    again = Room(workspace)
    again.session.start()
    again.speak(speechlike(RATE, 1))
    withdrawing.finish(workspace, done.decision.id)
    outcome = again.session.stop()
    assert len(kept_sound(workspace, outcome.session)) == RATE
