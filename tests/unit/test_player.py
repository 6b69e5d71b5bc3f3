"""The player on an output that is pulled: exact places, kept pitch, gapless pauses, loops, lost devices."""

import io
from collections.abc import Iterator

import av
import numpy as np
import numpy.typing as npt
import pytest

from sounds import kept
from supervise.audio.fake_output import FakeOutput
from supervise.audio.player import Player
from supervise.domain.errors import DamagedError, DeviceMissingError, UsageError
from supervise.domain.session import SoundFacts

RATE = 16000
Block = npt.NDArray[np.float32]


@pytest.fixture
def output() -> FakeOutput:
    return FakeOutput()


@pytest.fixture
def player(output: FakeOutput) -> Iterator[Player]:
    made = Player(output)
    yield made
    made.close()


def ramp(seconds: float = 8.0) -> npt.NDArray[np.int16]:
    """Every frame tells its own place: the value counts up through 16 bits."""
    return (np.arange(int(RATE * seconds)) % 65536 - 32768).astype(np.int16).reshape(-1, 1)


def tone(hz: float, seconds: float, rate_hz: int = RATE) -> npt.NDArray[np.int16]:
    time = np.arange(int(rate_hz * seconds)) / rate_hz
    return (20000 * np.sin(2 * np.pi * hz * time)).astype(np.int16).reshape(-1, 1)


def places(block: Block) -> npt.NDArray[np.int64]:
    """Return the ramp frames a block holds."""
    return np.rint(block[:, 0] * 32768).astype(np.int64) + 32768


def pitch(block: Block, rate_hz: int) -> float:
    """Return the loudest frequency, to a few hundredths of a hertz."""
    values = block[:, 0] * np.hanning(len(block))
    spectrum = np.abs(np.fft.rfft(values, 8 * len(values)))
    return float(np.argmax(spectrum) * rate_hz / (8 * len(values)))


def test_plays_exactly_what_is_kept_from_the_start(player: Player, output: FakeOutput) -> None:
    player.load(*kept(ramp()))
    player.play()
    heard = output.pull(5 * RATE)
    assert (places(heard) == np.arange(5 * RATE) % 65536).all()
    assert (heard[:, 0] == heard[:, 1]).all()
    assert player.position_ms == 5000


def test_a_seek_is_exact_to_the_sample_while_playing_and_while_paused(
    player: Player, output: FakeOutput
) -> None:
    player.load(*kept(ramp()))
    player.seek(1234)
    assert player.position_ms == 1234
    player.play()
    assert places(output.pull(100))[0] == 1234 * 16
    player.seek(777)
    assert player.position_ms == 777
    assert (places(output.pull(800)) == 777 * 16 + np.arange(800)).all()
    assert player.position_ms == 827
    player.skip(-5000)
    assert player.position_ms == 0
    player.skip(99000)
    assert player.position_ms == 8000


def test_a_pause_is_silent_at_once_and_going_on_skips_nothing(player: Player, output: FakeOutput) -> None:
    output.latency_frames = 700
    player.load(*kept(ramp()))
    player.play()
    heard = [output.pull(3000)]
    player.pause()
    assert player.position_ms == round(3000 / 16)
    assert not output.pull(1000).any()
    assert player.poll() is None
    assert output.stream is not None
    assert not output.stream.running
    assert player.position_ms == round(3000 / 16)
    player.play()
    heard.append(output.pull(3000))
    assert (places(np.concatenate(heard)) == np.arange(6000)).all()


def test_a_seek_while_playing_does_not_wait_for_what_the_device_holds(
    player: Player, output: FakeOutput
) -> None:
    output.latency_frames = 4800
    player.load(*kept(ramp()))
    player.play()
    assert (places(output.pull(1000)) == np.arange(1000)).all()
    player.seek(3000)
    assert player.position_ms == 3000
    assert (places(output.pull(9000)) == 3000 * 16 + np.arange(9000)).all()


def test_what_a_busy_machine_hands_over_too_late_is_handed_over_again(
    player: Player, output: FakeOutput
) -> None:
    output.latency_frames = 4800
    player.load(*kept(ramp()))
    player.play()
    first, starved, after = output.pull(3000), output.starve(700), output.pull(3000)
    assert not starved[-700:].any()
    heard = np.concatenate([first, starved[:-700], after])
    assert (places(heard) == np.arange(len(heard))).all()
    assert player.position_ms == round(len(heard) / 16)
    assert player.underflows == 1


def test_the_position_is_what_has_left_the_loudspeaker(player: Player, output: FakeOutput) -> None:
    output.latency_frames = 1600
    player.load(*kept(ramp()))
    player.seek(2000)
    player.play()
    assert player.position_ms == 2000
    output.pull(1600)
    assert player.position_ms == 2100
    player.seek(4000)
    assert player.position_ms == 4000
    output.pull(800)
    assert player.position_ms == 4050


@pytest.mark.parametrize("speed", [0.5, 0.75, 1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("own_rate", [None, 48000])
def test_the_pitch_stays_and_time_runs_at_the_speed(speed: float, own_rate: int | None) -> None:
    output = FakeOutput(own_rate_hz=own_rate)
    player = Player(output)
    player.load(*kept(tone(440, 8)))
    player.set_speed(speed)
    player.seek(1000)
    player.play()
    rate_hz = own_rate or RATE
    heard = output.pull(3 * rate_hz)
    assert pitch(heard[rate_hz // 2 :], rate_hz) == pytest.approx(440, abs=0.15)
    assert player.position_ms == pytest.approx(1000 + 3000 * speed, abs=1)
    player.close()


def loudness(sound: npt.NDArray[np.float64], frames: int) -> npt.NDArray[np.float64]:
    """Return the loudness of each so many frames."""
    whole = len(sound) // frames * frames
    power = (sound[:whole].reshape(-1, frames) ** 2).mean(axis=1)
    return np.asarray(np.log(np.sqrt(power) + 1e-3))


@pytest.mark.parametrize("speed", [0.5, 0.75, 1.25, 1.5, 2.0])
def test_what_is_heard_and_the_position_agree_at_every_speed(
    player: Player, output: FakeOutput, speed: float
) -> None:
    """Noise whose loudness changes at random is heard where the position says, to 10 ms on the whole.

    Single edges are no measure: what keeps the pitch fades one window over the next.
    """
    chance, step = np.random.default_rng(3), RATE // 500
    gain = np.repeat(chance.choice([0.05, 0.3, 1.0], 12 * 25), RATE // 25)
    sound = (chance.uniform(-9000, 9000, len(gain)) * gain).astype(np.int16).reshape(-1, 1)
    player.load(*kept(sound))
    player.set_speed(speed)
    player.seek(1500)
    player.play()
    output.pull(RATE // 4)
    told, parts = [], []
    for _ in range(1500):
        told.append(player.position_ms)
        parts.append(output.pull(step)[:, 0].astype(np.float64))
    heard, kept_loud = loudness(np.concatenate(parts), step), loudness(sound[:, 0] / 32768, step)
    places = np.array(told) / 2
    likeness = {
        off: np.corrcoef(kept_loud[np.rint(places + off / 2).astype(int)], heard)[0, 1]
        for off in range(-60, 61, 2)
    }
    assert abs(max(likeness, key=lambda off: float(likeness[off]))) <= 10


def test_a_change_of_speed_follows_on_without_a_gap_or_a_jump(player: Player, output: FakeOutput) -> None:
    player.load(*kept(tone(440, 8)))
    player.play()
    output.pull(8000)
    player.set_speed(2.0)
    before = player.position_ms
    heard = output.pull(8000)
    assert before == 500
    windows = np.abs(heard[:, 0]).reshape(-1, 80).max(axis=1)
    assert windows.min() > 0.3
    at_once, after_the_handover = 500 + 2 * 500, 500 + 100 + 2 * 400
    assert after_the_handover - 2 <= player.position_ms <= at_once + 2


def test_a_loop_repeats_exactly_its_span(player: Player, output: FakeOutput) -> None:
    player.load(*kept(ramp()))
    player.set_loop((1000, 1500))
    assert player.loop == (1000, 1500)
    assert player.position_ms == 1000
    player.play()
    heard = places(output.pull(8000 * 5 // 2))
    expected = np.tile(np.arange(16000, 24000), 3)[: len(heard)]
    assert (heard == expected).all()
    assert player.position_ms == 1250


def test_a_loop_set_while_playing_goes_on_and_can_be_taken_away(player: Player, output: FakeOutput) -> None:
    player.load(*kept(ramp()))
    player.play()
    output.pull(RATE)
    player.set_loop((500, 2000))
    heard = places(output.pull(2 * RATE))
    assert (heard[:RATE] == RATE + np.arange(RATE)).all()
    assert (heard[RATE:] == RATE // 2 + np.arange(RATE)).all()
    player.set_loop(None)
    heard = places(output.pull(RATE))
    assert (heard == 3 * RATE // 2 + np.arange(RATE)).all()
    player.set_loop((100, 200))
    assert player.position_ms == 100
    with pytest.raises(UsageError):
        player.set_loop((200, 200))


def test_a_loop_keeps_its_borders_at_another_speed(player: Player, output: FakeOutput) -> None:
    player.load(*kept(ramp()))
    player.set_speed(1.5)
    player.set_loop((1000, 2000))
    player.play()
    seen = []
    for _ in range(400):
        output.pull(160)
        seen.append(player.position_ms)
    assert min(seen) >= 1000
    assert max(seen) <= 2000
    falls = int((np.diff(seen) < 0).sum())
    assert falls == pytest.approx(400 * 0.01 * 1.5, abs=1)


def test_it_pauses_at_the_end_and_begins_again_on_play(player: Player, output: FakeOutput) -> None:
    changes: list[tuple[bool, int]] = []
    output.latency_frames = 300
    player.load(*kept(ramp(1)))
    player.on_change.append(lambda: changes.append((player.playing, player.position_ms)))
    player.seek(900)
    player.play()
    assert player.poll() is None
    heard = output.pull(1700)
    assert places(heard[1599:1600])[0] == 15999
    assert player.playing
    output.pull(300)
    assert player.poll() is None
    assert not player.playing
    assert player.position_ms == player.duration_ms == 1000
    assert changes == [(True, 900), (False, 1000)]
    player.play()
    assert places(output.pull(10))[0] == 0


def test_a_lost_device_pauses_at_what_was_heard_and_play_goes_on_there(
    player: Player, output: FakeOutput
) -> None:
    output.latency_frames = 160
    player.load(*kept(ramp()))
    player.play()
    output.pull(16000)
    output.lose()
    failure = player.poll()
    assert isinstance(failure, DeviceMissingError)
    assert "press play" in str(failure)
    assert player.poll() is None
    assert not player.playing
    assert player.position_ms == 1000
    with pytest.raises(DeviceMissingError):
        player.play()
    assert not player.playing
    assert player.position_ms == 1000
    output.missing = False
    player.play()
    assert places(output.pull(10))[0] == 16000


def test_damaged_sound_is_played_up_to_the_damage_and_then_said(player: Player, output: FakeOutput) -> None:
    stream, sound = kept(ramp(6))
    data = bytearray(stream.getvalue())
    data[len(data) // 2 : len(data) // 2 + 64] = bytes(64)
    player.load(io.BytesIO(data), sound)
    player.play()
    failure = None
    for _ in range(120):
        output.pull(1600)
        failure = failure or player.poll()
    assert isinstance(failure, DamagedError)
    assert not player.playing
    assert 500 < player.position_ms < 5500
    player.seek(5500)
    player.play()
    assert places(output.pull(10))[0] == 5500 * 16 % 65536


def test_closing_ends_the_thread_and_gives_the_stream_back(player: Player, output: FakeOutput) -> None:
    stream, sound = kept(ramp())
    player.load(stream, sound)
    player.play()
    output.pull(1000)
    player.close()
    assert player.duration_ms == player.position_ms == 0
    assert not stream.closed
    player.play()
    assert not player.playing
    player.load(stream, sound)
    player.play()
    assert places(output.pull(10))[0] == 0


def test_two_channels_stay_apart_and_more_are_mixed(player: Player, output: FakeOutput) -> None:
    sound = np.stack([np.full(RATE, 8192), np.full(RATE, -8192)], axis=1).astype(np.int16)
    player.load(*kept(sound))
    player.play()
    assert output.pull(100)[50] == pytest.approx([0.25, -0.25])
    player.load(*kept(np.repeat(sound, 2, axis=1)[:, [0, 0, 0, 2]]))
    player.play()
    assert output.pull(100)[50] == pytest.approx([0.125, 0.125])


def test_speeds_beyond_the_range_are_refused(player: Player) -> None:
    with pytest.raises(UsageError):
        player.set_speed(2.5)
    assert player.speed == 1.0


def test_nothing_is_named_to_libav(player: Player) -> None:
    stream, sound = kept(ramp(1))
    assert isinstance(sound, SoundFacts)
    player.load(stream, sound)
    assert av.logging.get_level() is None
