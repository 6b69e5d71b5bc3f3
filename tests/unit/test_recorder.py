"""The recorder: every frame sealed in order, gaps measured, a lost device, a full disk, a killed writer."""

import io
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sounds import speechlike
from supervise.audio.fake_input import FakeInput
from supervise.audio.gap_record import GapRecord
from supervise.audio.heard_clock import HeardClock
from supervise.audio.inputs import Samples, kind_of, steady_s
from supervise.audio.levels import Meter
from supervise.audio.master import MasterReader
from supervise.audio.peaks import Peaks
from supervise.audio.recorder import Recorder
from supervise.audio.recovered import count_samples
from supervise.audio.ring import Ring
from supervise.crypto.keys import new_key
from supervise.crypto.sealed import SealedReader, SealedWriter
from supervise.domain.errors import DeviceMissingError, NoSpaceError
from supervise.domain.recordings import GapReason
from supervise.domain.session import SoundFacts

RATE = 48000
CHUNK = 2048
PATIENCE_S = 20.0


def until(holds: Callable[[], bool]) -> None:
    """Wait for what another thread does."""
    pause, end = threading.Event(), steady_s() + PATIENCE_S
    while not holds():
        assert steady_s() < end, "it did not happen"
        pause.wait(0.005)


class Desk:
    """A recorder on a fake microphone, sealing into a file."""

    def __init__(
        self, path: Path, channels: int = 1, rate_hz: int | None = RATE, room: int = 1 << 40
    ) -> None:
        self.mic = FakeInput()
        self.key, self.path = new_key(), path
        self.recorder = Recorder(self.mic, channels, RATE)
        self.writer = SealedWriter(path.open("wb", buffering=0), self.key, "m", CHUNK)
        self.room = 1 << 40

    def start(self, limit: int | None = None) -> None:
        self.recorder.start(self.writer, CHUNK, lambda: self.room, limit)

    def speak(self, sound: Samples, block: int = 960, at_s: float | None = None) -> float:
        """Speak in blocks, each captured right after the one before; return the time of the end."""
        at_s = steady_s() if at_s is None else at_s
        for start in range(0, len(sound), block):
            part = sound[start : start + block]
            self.mic.speak(part, at_s)
            at_s += len(part) / RATE
        return at_s

    def sound(self, samples: int, *, open_end: bool = False) -> Samples:
        facts = SoundFacts(samples, self.recorder.rate_hz, self.recorder.channels, 0, "", 16)
        with SealedReader(self.path.open("rb"), self.key, "m", allow_open_end=open_end) as reader:
            return MasterReader(reader, facts).read(0, samples)  # type: ignore[arg-type]


@pytest.mark.parametrize("channels", [1, 2])
def test_every_frame_is_kept_in_order(tmp_path: Path, channels: int) -> None:
    desk = Desk(tmp_path / "m", channels)
    desk.start()
    sound = speechlike(RATE * 3 + 17, channels)
    desk.speak(sound)
    recorded = desk.recorder.stop()
    assert recorded.complete
    assert (recorded.samples, recorded.gaps) == (len(sound), ())
    assert (desk.sound(len(sound)) == sound).all()
    assert Peaks.load(recorded.peaks).frames == len(sound)
    assert desk.recorder.heard().dropped_frames == 0


def test_a_killed_writer_leaves_all_that_was_synced_bit_exact(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "m")
    desk.start()
    sound = np.concatenate([speechlike(RATE, 1), np.zeros((RATE, 1), np.int16), speechlike(RATE, 1, seed=3)])
    for start in range(0, len(sound), RATE // 2):
        desk.speak(sound[start : start + RATE // 2])
        until(lambda behind=start + RATE // 2: desk.recorder.heard().synced_samples >= behind)
    left = (tmp_path / "m").read_bytes()
    desk.recorder.stop()
    (tmp_path / "m").write_bytes(left[:-100])
    with SealedReader((tmp_path / "m").open("rb"), desk.key, "m", allow_open_end=True) as reader:
        kept = count_samples(reader)  # type: ignore[arg-type]
    assert len(sound) - RATE * 0.2 < kept <= len(sound)
    assert (desk.sound(kept, open_end=True) == sound[:kept]).all()


def test_digital_silence_is_as_safe_as_speech(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "m")
    desk.start()
    desk.speak(np.zeros((RATE * 2, 1), np.int16))
    until(lambda: desk.recorder.heard().synced_samples == RATE * 2)
    with SealedReader((tmp_path / "m").open("rb"), desk.key, "m", allow_open_end=True) as reader:
        assert count_samples(reader) > RATE * 1.85  # type: ignore[arg-type]
    desk.recorder.stop()


def test_a_pause_is_a_gap_of_its_own_length(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "m")
    desk.start()
    first, second = speechlike(RATE, 1), speechlike(RATE, 1, seed=2)
    ended = desk.speak(first)
    desk.recorder.pause()
    assert desk.recorder.heard().paused
    desk.speak(speechlike(RATE, 1, seed=9), at_s=ended)
    desk.recorder.resume()
    desk.speak(second, at_s=ended + 61.5)
    recorded = desk.recorder.stop()
    assert (desk.sound(recorded.samples) == np.concatenate([first, second])).all()
    assert [gap.plain() for gap in recorded.gaps] == [{"start_ms": 1000, "lost_ms": 61500, "reason": "pause"}]


def test_a_device_that_goes_and_comes_back_leaves_one_gap(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "m")
    desk.start()
    first, second = speechlike(RATE, 1), speechlike(RATE, 1, seed=2)
    ended = desk.speak(first)
    desk.mic.unplug()
    until(lambda: desk.recorder.heard().absent_s > 0)
    assert desk.recorder.position_ms() <= 1000
    desk.mic.plug_in()
    until(lambda: desk.recorder.heard().absent_s == 0)
    desk.speak(second, at_s=ended + 7.25)
    recorded = desk.recorder.stop()
    assert desk.mic.openings == 2
    assert (desk.sound(recorded.samples) == np.concatenate([first, second])).all()
    (gap,) = recorded.gaps
    assert (gap.start_ms, gap.lost_ms, gap.reason) == (1000, 7250, GapReason.DEVICE)


def test_a_late_first_block_after_a_gap_does_not_make_it_longer(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "m")
    desk.start()
    ended = desk.speak(speechlike(RATE, 1)[: RATE * 6 // 10])
    desk.mic.unplug()
    until(lambda: desk.recorder.heard().absent_s > 0)
    desk.mic.plug_in()
    until(lambda: desk.recorder.heard().absent_s == 0)
    back = ended + 2.0
    desk.speak(speechlike(RATE, 1, seed=2)[:960], at_s=back + 0.665)
    desk.speak(speechlike(RATE, 1, seed=3)[: RATE * 4 // 10], at_s=back + 0.02)
    (gap,) = desk.recorder.stop().gaps
    assert abs(gap.lost_ms - 2000) <= 1


def test_a_device_that_comes_back_at_another_rate_is_resampled(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "m")
    desk.start()
    desk.speak(speechlike(RATE, 1))
    desk.mic.unplug()
    until(lambda: desk.recorder.heard().absent_s > 0)
    desk.mic.own_rate, desk.mic.rate_hz = True, 16000
    desk.mic.plug_in()
    until(lambda: desk.recorder.heard().absent_s == 0)
    for start in range(0, 16000, 320):
        desk.mic.speak(speechlike(16000, 1, 16000)[start : start + 320])
    recorded = desk.recorder.stop()
    assert recorded.samples == pytest.approx(2 * RATE, abs=400)


def test_a_device_that_never_returns_keeps_what_was_heard(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "m")
    desk.start()
    sound = speechlike(RATE, 1)
    desk.speak(sound)
    desk.mic.unplug()
    until(lambda: desk.recorder.heard().absent_s > 0.2)
    recorded = desk.recorder.stop()
    assert (desk.sound(len(sound)) == sound).all()
    assert [gap.reason for gap in recorded.gaps] == [GapReason.DEVICE]


def test_it_stops_at_the_wanted_length_to_the_frame(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "m")
    desk.start(limit=RATE + 5)
    sound = speechlike(RATE * 2, 1)
    desk.speak(sound)
    until(lambda: desk.recorder.heard().full)
    recorded = desk.recorder.stop()
    assert recorded.samples == RATE + 5
    assert (desk.sound(RATE + 5) == sound[: RATE + 5]).all()


def test_it_stops_by_itself_before_the_disk_is_full(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "m")
    desk.start()
    sound = speechlike(RATE, 1)
    desk.speak(sound)
    desk.room = 1 << 20
    until(lambda: desk.recorder.heard().error is not None)
    assert isinstance(desk.recorder.heard().error, NoSpaceError)
    recorded = desk.recorder.stop()
    assert recorded.complete
    assert (desk.sound(len(sound)) == sound).all()


class FullDisk(io.FileIO):
    """A file on a disk that takes so many bytes and no more."""

    room = 1 << 20

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if self.tell() + len(data) > self.room:
            raise OSError(28, "No space left on device")
        return super().write(data)


def test_a_disk_that_is_full_at_once_loses_nothing_written(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "m")
    raw = FullDisk(tmp_path / "full", "wb")
    raw.room = 200_000
    desk.path = tmp_path / "full"
    desk.writer = SealedWriter(raw, desk.key, "m", CHUNK)  # type: ignore[arg-type]
    desk.start()
    sound = np.random.default_rng(1).integers(-9000, 9000, (RATE * 4, 1)).astype(np.int16)
    desk.speak(sound)
    until(lambda: desk.recorder.heard().error is not None)
    assert not desk.recorder.stop().complete
    with SealedReader(desk.path.open("rb"), desk.key, "m", allow_open_end=True) as reader:
        kept = count_samples(reader)  # type: ignore[arg-type]
    assert kept > RATE
    assert (desk.sound(kept, open_end=True) == sound[:kept]).all()


def test_no_device_is_said_before_anything_is_made() -> None:
    mic = FakeInput()
    mic.missing = True
    with pytest.raises(DeviceMissingError):
        Recorder(mic, 1, RATE)


class ShyInput(FakeInput):
    """A device that is not in the list before it has been looked for `looks` times more."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.looks, self.missing = looks, looks > 0

    def look_again(self) -> None:
        self.looks -= 1
        self.missing = self.looks > 0


def test_a_device_not_seen_at_the_first_look_is_looked_for_again() -> None:
    shy = ShyInput(2)
    recorder = Recorder(shy, 1, RATE)
    assert shy.openings == 1
    recorder.give_up()
    with pytest.raises(DeviceMissingError):
        Recorder(ShyInput(3), 1, RATE)


def test_a_full_ring_drops_and_counts_and_notes_a_gap() -> None:
    ring = Ring(100, 1, RATE)
    block = np.arange(60, dtype=np.int16).reshape(-1, 1)
    ring.take(block, 1.0, overflowed=False)
    ring.take(block, 2.0, overflowed=True)
    assert (ring.dropped_frames, ring.overflows) == (60, 1)
    assert (ring.pieces()[0].block == block).all()
    ring.take(block, 3.0, overflowed=False)
    (piece,) = ring.pieces()
    assert piece.gap is GapReason.OVERRUN
    assert (piece.block == block).all()


def test_one_channel_fills_both_sides_and_further_channels_are_left_out() -> None:
    ring = Ring(100, 2, RATE)
    ring.take(np.array([[1], [2]], np.int16), 0.0, overflowed=False)
    ring.take(np.array([[3, 4, 5]], np.int16), 0.0, overflowed=False)
    assert [piece.block.tolist() for piece in ring.pieces()] == [[[1, 1], [2, 2]], [[3, 4]]]


def heard_gaps(late_s: list[float], drift: float = 0.0) -> list[tuple[int, float]]:
    """Feed blocks of 10 ms whose times are off by `late_s`; return the gaps in (sample, seconds)."""
    told, block = HeardClock(RATE), 480
    found = []
    for number, late in enumerate(late_s):
        sample = number * block
        missing = told.hear(sample, block, 100 + sample / RATE * (1 + drift) + late)
        if missing is not None:
            found.append((missing.sample, round(missing.lost_s, 2)))
    return found


def test_late_blocks_and_drifting_clocks_are_no_gaps() -> None:
    jitter = np.random.default_rng(5).uniform(0, 0.08, 3000)
    assert heard_gaps(list(jitter), drift=3e-4) == []
    stall = [0.0] * 500 + [1.5 - 0.05 * step for step in range(30)] + [0.0] * 500
    assert heard_gaps(stall) == []


def test_a_minute_asleep_is_a_gap_where_it_began() -> None:
    assert heard_gaps([0.0] * 730 + [60.0] * 500) == [(730 * 480, 60.0)]


def test_sound_that_makes_up_for_a_standstill_shrinks_its_gap() -> None:
    record, at_s, sample = GapRecord(RATE), 100.0, 0

    def hear(seconds: float, faster: float = 1.0) -> None:
        nonlocal at_s, sample
        for _ in range(round(seconds * 100)):
            record.hear(sample, 480, at_s)
            sample, at_s = sample + 480, at_s + 0.01 / faster

    hear(5)
    at_s += 60
    hear(2, faster=100)
    (first,) = record.gaps
    assert (first.start_ms, first.reason) == (5000, GapReason.ASLEEP)
    assert first.lost_ms > 57_000
    hear(54.5, faster=100)
    hear(3)
    (gap,) = record.gaps
    assert (gap.start_ms, gap.reason) == (5000, GapReason.ASLEEP)
    assert abs(sample / RATE + gap.lost_ms / 1000 - (at_s - 100)) < 0.02
    hear(20, faster=1.0005)
    assert record.gaps == (gap,)


def test_a_delay_that_is_made_up_for_was_no_gap_but_a_standstill_stays_marked() -> None:
    for delay_s, stays in ((1.5, False), (6.0, True)):
        record = GapRecord(RATE)
        for number in range(3000):
            behind_s = max(0.0, delay_s - max(0, number - 500) * 0.009) if number >= 500 else 0.0
            record.hear(number * 480, 480, 100 + number * 0.01 + behind_s)
        assert [gap.lost_ms for gap in record.gaps] == ([0] if stays else [])


def test_frames_dropped_within_the_burst_are_gaps_that_add_up(tmp_path: Path) -> None:
    record, sample, real = GapRecord(RATE), 0, 0
    lost, begun_s, note = 0, 100.0, False
    for number in range(7000):  # blocks of 10 ms; from the 501st on they come in a burst, 60 s late
        due_s = 100 + number * 0.01
        at_s = due_s if number < 500 else max(due_s, 160 + 5 + (number - 500) * 0.0001)
        if 2000 <= number < 3000 or 4000 <= number < 4100:
            lost, note = lost + 480, True
            continue
        if note:
            record.note(GapReason.OVERRUN, sample, begun_s, at_s)
            note = False
        record.hear(sample, 480, at_s)
        sample, begun_s, real = sample + 480, at_s + 0.01, number
    record.settle()
    missing_s = sum(gap.lost_ms for gap in record.gaps) / 1000
    assert abs(sample / RATE + missing_s - (real + 1) * 0.01) < 0.05, record.gaps


def test_levels_clipping_and_silence() -> None:
    meter = Meter(2, 1000)
    block = np.zeros((1000, 2), np.int16)
    block[:, 0] = 16384
    block[:3, 0] = 32767
    meter.add(block)
    meter.add(block)
    left, right = meter.look()
    assert (left.peak_db, left.clipped, left.silent_s) == (0.0, 6, 0.0)
    assert left.rms_db == pytest.approx(-6.0, abs=0.1)
    assert (right.peak_db, right.silent_s) == (-96.0, 2.0)
    assert meter.look()[1] == right


def test_what_hears_the_computer_itself_is_told_by_its_name() -> None:
    assert kind_of("Monitor of Built-in Audio") == "monitor"
    assert kind_of("USB microphone") == "microphone"
