"""The sound check: ten seconds in memory, played back, levels judged; and keeping awake."""

import shutil
import threading
from pathlib import Path

import pytest

from sounds import speechlike
from supervise.app import awake
from supervise.app.awake import KeepAwake
from supervise.app.sound_check import SoundCheck, advice
from supervise.audio.fake_input import FakeInput
from supervise.audio.inputs import steady_s
from supervise.audio.levels import Level
from supervise.audio.master import MasterReader
from supervise.domain.errors import DeviceMissingError

RATE = 48000


def test_what_was_heard_is_played_back_and_nothing_is_written(tmp_path: Path) -> None:
    mic = FakeInput(rate_hz=RATE)
    check = SoundCheck(mic, channels=2, length_ms=1500)
    sound = speechlike(RATE * 2, 2)
    for start in range(0, len(sound), 4800):
        mic.speak(sound[start : start + 4800])
    pause, end = threading.Event(), steady_s() + 20
    while not check.heard().full:
        assert steady_s() < end
        pause.wait(0.01)
    assert len(check.levels()) == 2
    stream, facts = check.end()
    assert (facts.samples, facts.duration_ms, check.heard().full) == (RATE * 3 // 2, 1500, True)
    assert (MasterReader(stream, facts).read(0, facts.samples) == sound[: facts.samples]).all()
    assert check.levels() == ()
    assert list(tmp_path.iterdir()) == []


def test_without_a_device_it_says_so() -> None:
    mic = FakeInput()
    mic.missing = True
    with pytest.raises(DeviceMissingError):
        SoundCheck(mic)


def test_advice_on_levels() -> None:
    fine, loud = Level(-12, -30, 0, 0), Level(0, -3, 9, 0)
    dead, longer = Level(-96, -96, 0, 4), Level(-96, -96, 0, 11)
    assert advice((fine, fine)) == advice(()) == ""
    assert "too loud" in advice((fine, loud))
    assert "Nothing has been heard" in advice((dead,))
    assert "left" in advice((longer, fine))
    assert "right" in advice((fine, longer))


def test_keeping_awake_ends_with_the_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    sleep = shutil.which("sleep")
    assert sleep is not None
    monkeypatch.setattr(awake, "_command", lambda: [sleep, "600"])
    with KeepAwake() as kept:
        assert kept.kept
    assert not kept.kept
    monkeypatch.setattr(awake, "_command", lambda: None)
    with KeepAwake() as kept:
        assert not kept.kept


def test_the_helper_is_told_whose_life_it_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/systemd-inhibit")
    command = awake._command()
    assert command is not None
    assert command[-1].isdigit()
    assert any("sleep" in word for word in command)
