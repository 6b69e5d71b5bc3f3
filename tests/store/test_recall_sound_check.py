"""Trying the devices of a recall: notes played, heard or not, both devices given back, nothing written."""

from pathlib import Path

import numpy as np
import pytest

from supervise.app.recall_sound_check import GIVE_UP_S, RecallSoundCheck, TriedSound
from supervise.audio.fake_input import FakeInput
from supervise.audio.fake_output import FakeOutput
from supervise.audio.master import MasterReader
from supervise.audio.trial import RATE_HZ, trial_sound
from supervise.domain.errors import DeviceMissingError
from two_clocks import until

BLOCK = RATE_HZ // 20
LATENCY = 960


class Bench:
    """A loudspeaker and a microphone in one room, moved by hand."""

    def __init__(self, leak: float, noise: float = 20, talk: float = 0.0) -> None:
        self.at_s, self.leak, self.noise, self.talk = 1000.0, leak, noise, talk
        self.pulled = self.spoken = 0
        self.mic = FakeInput(rate_hz=RATE_HZ)
        self.output = FakeOutput(RATE_HZ, LATENCY, clock=lambda frame: self.at_s + frame / RATE_HZ)
        self.chance = np.random.default_rng(5)
        self.stands = False  # a loudspeaker that asks for nothing
        self.loudest = 0.0
        self.check = RecallSoundCheck(self.mic, self.output, self.now_s)

    def now_s(self) -> float:
        return self.at_s + self.pulled / RATE_HZ

    def step(self) -> TriedSound | None:
        """Let a twentieth of a second pass."""
        sounding = np.zeros(BLOCK) if self.stands else self.output.pull(BLOCK)[:, 0].astype(np.float64)
        self.loudest = max(self.loudest, float(np.abs(sounding).max()))
        self.pulled += BLOCK
        said = self.talk * np.sin(np.arange(BLOCK) / 9) * (self.pulled // BLOCK % 5 < 2)
        heard = sounding * self.leak * 32767 + self.chance.normal(0, self.noise, BLOCK) + said * 32767
        block = np.clip(heard, -32767, 32767).astype(np.int16).reshape(-1, 1)
        self.mic.speak(block, self.at_s + self.spoken / RATE_HZ)
        self.spoken += BLOCK
        until(lambda: self.check._tape is None or self.check._tape.recorder.heard().samples >= self.spoken)
        self.check.levels()
        return self.check.poll()

    def run(self, seconds: float = 8) -> TriedSound:
        for _ in range(round(seconds * 20)):
            found = self.step()
            if found is not None:
                return found
        raise AssertionError("it never ends")


@pytest.mark.parametrize(("leak", "leaks"), [(0.3, True), (0.05, True), (0.0, False)])
def test_whether_the_microphone_hears_the_loudspeaker(leak: float, leaks: bool, tmp_path: Path) -> None:
    bench = Bench(leak)
    found = bench.run()
    assert found.leaks is leaks
    assert 0.1 < bench.loudest <= 0.26
    assert found.peak_db > -60
    if leaks:
        assert found.leaked_db is not None
        assert abs(found.leaked_db - 20 * np.log10(leak)) < 3
    assert not bench.mic.stream.running
    assert not bench.output.stream.running
    assert bench.check.levels() == ()
    assert list(tmp_path.iterdir()) == []


def test_somebody_who_talks_meanwhile_is_not_taken_for_the_loudspeaker() -> None:
    assert not Bench(0.0, talk=0.2).run().leaks


def test_the_notes_last_over_two_seconds_and_are_heard_whole() -> None:
    stream, facts = trial_sound()
    sound = MasterReader(stream, facts).read(0, facts.samples)
    assert facts.duration_ms == 2640
    assert len(sound) == facts.samples
    bench = Bench(0.0)
    assert bench.run() is not None
    assert bench.pulled / RATE_HZ < 5


def test_closed_halfway_both_devices_are_given_back() -> None:
    bench = Bench(0.1)
    for _ in range(20):
        bench.step()
    assert bench.check.playing
    bench.check.close()
    assert not bench.mic.stream.running
    assert not bench.output.stream.running
    assert bench.check.poll() is None


def test_a_loudspeaker_that_goes_or_is_not_there_is_said() -> None:
    bench = Bench(0.1)
    for _ in range(20):
        bench.step()
    bench.output.lose()
    with pytest.raises(DeviceMissingError):
        bench.run()
    assert not bench.mic.stream.running
    missing = FakeOutput()
    missing.missing = True
    mic = FakeInput(rate_hz=RATE_HZ)
    with pytest.raises(DeviceMissingError):
        RecallSoundCheck(mic, missing)
    assert not mic.stream.running


def test_a_loudspeaker_that_plays_nothing_is_given_up() -> None:
    bench = Bench(0.1)
    bench.stands = True
    with pytest.raises(DeviceMissingError, match="No sound came out"):
        bench.run(GIVE_UP_S + 1)
    assert not bench.mic.stream.running


def test_a_microphone_that_says_nothing_is_given_up() -> None:
    bench = Bench(0.1)
    bench.pulled = round((GIVE_UP_S + 1) * RATE_HZ)
    with pytest.raises(DeviceMissingError, match="Nothing comes from the microphone"):
        bench.check.poll()
    assert not bench.mic.stream.running
