"""A session played while a recall is recorded: what was heard when, against the known truth, with drift."""

import gc
import io
from collections.abc import Iterator

import numpy as np
import pytest

from sounds import kept
from supervise.audio.output import DEVICE_LOST
from supervise.audio.takes import Ring
from supervise.audio.tape import Tape
from supervise.domain.recall_map import RecallMap
from two_clocks import RATE, TURN, TwoClocks, numbered_session

SECONDS = 60


class Memory(io.BytesIO):
    """A target that keeps everything."""

    def sync(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Stay readable."""

    def abort(self) -> None:
        """Do nothing."""


class Room(TwoClocks):
    """A tape between two devices."""

    def __init__(self, drift_out: float = 0.0, drift_in: float = 0.0) -> None:
        super().__init__(drift_out, drift_in)
        self.tape = Tape(self.mic, self.output, 1, RATE, self.now_s)
        self.tape.start(Memory(), 1, lambda: 1 << 40)
        self.samples = lambda: self.tape.recorder.heard().samples
        self.poll = self.tape.poll
        self.session, self.facts = kept(numbered_session(SECONDS), RATE)

    def worst(self) -> float:
        """Return by how much the map is off at worst, in ms."""
        return self.worst_ms(RecallMap(self.tape.stretches(self.spoken), RATE, RATE, self.spoken))


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    made.speak(0.5)
    made.tape.load(made.session, made.facts)
    yield made
    made.tape.stop()


@pytest.fixture
def far() -> Iterator[Room]:
    """A loudspeaker that holds half a second."""
    made = Room()
    made.output.latency_frames = RATE // 2
    made.speak(0.5)
    made.tape.load(made.session, made.facts)
    yield made
    made.tape.stop()


def test_after_going_on_elsewhere_it_is_never_said_to_be_where_it_was(room: Room) -> None:
    room.tape.play(20_000)
    room.listen(1)
    room.tape.pause()
    room.listen(0.3)
    room.tape.play(5000)
    room.output.pull(256)  # handed over, and not heard yet
    assert room.tape.now().session_ms == pytest.approx(5000, abs=60)


def test_what_is_heard_is_known_to_the_millisecond(room: Room) -> None:
    room.tape.play(5000)
    room.listen(3)
    assert room.tape.now().session_ms == pytest.approx(8000, abs=100)
    rest = room.tape.pause()
    room.listen(1)
    (stretch,) = room.tape.stretches()
    assert stretch.session_start == 5 * RATE
    assert rest.session_ms == round(stretch.session_end * 1000 / RATE)
    assert rest.recall_ms == pytest.approx(stretch.recall_end * 1000 / RATE, abs=1)
    assert room.worst() < 1.5


def test_a_stop_falls_silent_at_once_and_rests_at_what_was_heard_last(room: Room) -> None:
    room.tape.play(1000)
    room.listen(1)
    rest = room.tape.pause()
    assert rest.session_ms == 2000
    assert not room.output.pull(RATE)[:, 0].any()
    room.pulled += RATE
    room.tape.play(rest.session_ms)
    room.listen(1)
    again = room.tape.pause()
    assert again.session_ms == 3000
    assert [stretch.session_start for stretch in room.tape.stretches()] == [RATE, 2 * RATE]


def test_a_moments_silence_of_a_busy_machine_moves_the_map_and_loses_nothing(room: Room) -> None:
    room.tape.play(1000)
    room.listen(2)
    room.starve(0.3)
    room.listen(2)
    rest = room.tape.pause()
    steps = np.diff([place for _, place in room.truth]) % TURN
    assert ((steps > 0) & (steps <= 97)).all()  # nothing skipped, nothing heard twice
    last = rest.session_ms * RATE // 1000 % TURN
    assert last == pytest.approx(room.truth[-1][1], abs=113)
    assert room.worst() < 3
    first, second = room.tape.stretches()
    assert first.run == second.run
    assert second.session_start == first.session_end
    assert second.recall_start - first.recall_end == pytest.approx(0.3 * RATE, abs=32)


def test_seeks_speeds_and_replays_with_two_drifting_clocks_stay_within_a_few_milliseconds() -> None:
    room = Room(drift_out=2.5e-4, drift_in=-2.5e-4)
    room.speak(0.5)
    room.tape.load(room.session, room.facts)
    random = np.random.default_rng(4)
    for number in range(12):
        room.tape.play(int(random.integers(0, 30_000)))
        room.listen(float(random.uniform(0.3, 4)))
        if number % 3 == 0:
            room.tape.seek(int(random.integers(0, 30_000)))
            room.listen(1.5)
        room.tape.pause()
        room.listen(float(random.uniform(0.2, 2)))
    assert len(room.truth) > 1000
    assert room.worst() < 3
    room.tape.stop()


def test_a_change_of_speed_is_a_new_stretch_that_goes_on_where_the_old_one_ended(room: Room) -> None:
    room.tape.play(0)
    room.listen(2)
    room.tape.set_speed(2.0)
    room.listen(2)
    room.tape.pause()
    first, second = room.tape.stretches()
    assert (first.speed, second.speed) == (1.0, 2.0)
    assert second.session_start == pytest.approx(first.session_end, abs=2)
    assert second.recall_start == pytest.approx(first.recall_end, abs=2)
    passed = (second.session_end - second.session_start) / (second.recall_end - second.recall_start)
    assert passed == pytest.approx(2, abs=0.001)


def test_playing_up_to_a_place_ends_there_to_the_sample(room: Room) -> None:
    room.tape.play(2000, 2500)
    room.listen(1)
    assert not room.tape.playing
    (stretch,) = room.tape.stretches()
    assert (stretch.session_start, stretch.session_end) == (2 * RATE, 2 * RATE + RATE // 2)
    assert room.tape.now().session_ms == 2500


def test_the_recording_goes_on_exact_while_it_plays(room: Room) -> None:
    room.tape.play(0)
    room.listen(2)
    room.tape.unload()
    room.speak(0.5)
    assert room.tape.recorder.heard().samples == room.spoken
    room.session.seek(0)
    room.before = room.pulled
    room.tape.load(room.session, room.facts)
    room.tape.play(10_000)
    room.listen(1)
    starts = [stretch.session_start for stretch in room.tape.stretches()]
    assert starts == [0, 10 * RATE]


def test_before_the_microphone_is_heard_nothing_is_mapped() -> None:
    room = Room()
    room.tape.load(room.session, room.facts)
    assert not room.tape.hears
    assert room.tape.now() == (0, 0)
    assert room.tape.stretches() == ()
    room.tape.stop()


def test_a_loudspeaker_unplugged_right_before_a_stop_stops_all_the_same(room: Room) -> None:
    room.tape.play(1000)
    room.listen(1)
    room.output.lose()
    rest = room.tape.pause()
    assert rest.session_ms == 2000
    assert not room.tape.playing
    after, said = room.tape.poll()
    assert after is None
    assert str(said) == DEVICE_LOST
    assert room.tape.poll() == (None, None)
    room.output.missing = False
    room.before = room.pulled
    room.tape.play(2000)
    room.listen(1)
    assert room.tape.pause().session_ms == 3000


def test_a_loudspeaker_unplugged_right_before_a_seek_is_a_stop_where_it_was_sent_to(room: Room) -> None:
    room.tape.play(1000)
    room.listen(1)
    room.output.lose()
    room.tape.seek(9000)
    rest, said = room.tape.poll()
    assert rest is not None
    assert rest.session_ms == 9000
    assert str(said) == DEVICE_LOST
    assert not room.tape.playing


def test_a_recall_ends_whole_when_the_loudspeaker_was_unplugged_right_before() -> None:
    room = Room()
    room.speak(0.5)
    room.tape.load(room.session, room.facts)
    room.tape.play(1000)
    room.listen(1)
    room.output.lose()
    done = room.tape.stop()
    assert done.complete
    assert done.samples == room.spoken


def test_a_stop_before_a_new_speed_is_heard_rests_at_what_was_heard(far: Room) -> None:
    far.tape.play(1000)
    far.listen(2)
    far.tape.set_speed(2.0)
    far.listen(0.3)
    rest = far.tape.pause()
    assert rest.session_ms == pytest.approx(3300, abs=2)
    assert rest.session_ms * RATE // 1000 == pytest.approx(far.truth[-1][1], abs=113)
    assert rest.recall_ms == pytest.approx(2300, abs=2)


def test_a_stop_before_a_place_sought_is_heard_rests_at_that_place_and_is_no_later(far: Room) -> None:
    far.tape.play(1000)
    far.listen(2)
    far.tape.seek(9000)
    far.before += RATE // 5  # so long it takes until what is handed over now is heard
    far.output.pull(256)
    rest = far.tape.pause()
    far.pulled += RATE // 5 + 256
    assert rest.session_ms == 9000
    assert 2000 <= rest.recall_ms <= 2050  # what a sound server has mixed may be heard still


def test_a_stop_is_when_the_key_went_down_however_long_the_device_takes_to_fall_silent(room: Room) -> None:
    room.tape.play(1000)
    room.listen(2)
    room.output.begins = lambda: setattr(room, "pulled", room.pulled + RATE)
    rest = room.tape.pause()
    room.output.begins = lambda: None
    assert rest.recall_ms == pytest.approx(2000, abs=2)
    (stretch,) = room.tape.stretches()
    assert stretch.recall_end == pytest.approx(2 * RATE, abs=32)


def test_a_device_stopped_twice_before_it_asks_again_loses_nothing_that_was_heard(room: Room) -> None:
    ends = []
    for twice in (False, True):
        room.tape.play(1000)
        room.listen(1)
        room.tape.pause()
        if twice:
            room.tape.play(5000)
            room.tape.pause()
        room.pulled, room.before = room.pulled + RATE // 25, room.before + RATE // 25  # what it has mixed
        room.listen(1)
        stretch = room.tape.stretches()[-1]
        ends.append(stretch.session_end - stretch.session_start)
    assert ends == [pytest.approx(1.02 * RATE, abs=32)] * 2


def test_once_unloaded_nothing_of_the_sound_is_held(room: Room) -> None:
    of_others = {id(ring) for ring in rings()}
    for place in (1000, 4000, 8000):
        room.tape.play(place)
        room.listen(0.5)
        room.tape.pause()
    room.tape.unload()
    room.tape.now()
    assert not [ring for ring in rings() if ring.written and id(ring) not in of_others]
    assert len(room.tape.stretches()) == 3


def rings() -> list[Ring]:
    """Return every ring that somebody holds."""
    gc.collect()
    return [found for found in gc.get_objects() if isinstance(found, Ring)]
