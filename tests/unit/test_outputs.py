"""The real output on a virtual card: the right samples, in time, and a card that is taken away."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from supervise.audio import output
from supervise.domain.errors import DeviceMissingError
from virtual_card import RATE_HZ, VirtualCard, virtual_card

__all__ = ["virtual_card"]

CHILD = """
import json, sys, threading, time
sys.path.insert(0, sys.argv[2])
import numpy as np
from sounds import kept
from supervise.audio.output import SoundDeviceOutput, list_outputs
from supervise.audio.player import Player
from supervise.domain.errors import SuperviseError

RATE = 48000
clock = threading.Event()
sound = (np.arange(RATE * 30) % 30011 + 1).astype(np.int16).reshape(-1, 1)
player = Player(SoundDeviceOutput("vspeaker"))
player.load(*kept(sound, RATE))

def until(done, limit=30):
    failure, end = None, time.monotonic() + limit
    while not done() and failure is None and time.monotonic() < end:
        failure = player.poll()
        clock.wait(0.005)
    return failure

def say(**facts):
    print(json.dumps(facts), flush=True)
"""
PLAYS = """
player.seek(1000)
began = time.monotonic()
player.play()
until(lambda: player.position_ms > 1000)
first_s = time.monotonic() - began
marks = []
def note():
    marks.append((time.monotonic(), player.position_ms))
    return player.position_ms > 3000
until(note)
player.pause()
until(lambda: not player._running)
rest = player.position_ms
player.play()
until(lambda: player.position_ms > 4000)
player.close()
say(names=[info.name for info in list_outputs()], rest=rest, marks=marks, first_s=first_s)
"""
IS_UNPLUGGED = """
player.play()
until(lambda: player.position_ms > 500)
say(playing=player.playing)
failure = until(lambda: False)
position = player.position_ms
say(playing=player.playing, failure=type(failure).__name__, sentence=str(failure), position=position)
try:
    player.play()
    again = ""
except SuperviseError as error:
    again = type(error).__name__
say(again=again, position=player.position_ms)
player.close()
"""
IS_UNPLUGGED_WHILE_IT_STANDS = """
player.play()
until(lambda: player.position_ms > 300)
player.pause()
until(lambda: not player._running)
say(position=player.position_ms)
sys.stdin.readline()
said = []
for _ in range(2):
    try:
        player.play()
    except SuperviseError as error:
        said.append(type(error).__name__)
say(said=said, playing=player.playing, position=player.position_ms)
sys.stdin.readline()
player.play()
until(lambda: player.position_ms > 1000)
say(position=player.position_ms)
player.close()
"""


def child(script: str, card: VirtualCard) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", CHILD + script, "child", str(Path(__file__).resolve().parents[1])],
        env=card.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_it_plays_the_right_samples_at_the_right_time(virtual_card: VirtualCard) -> None:
    recording = virtual_card.record()
    with child(PLAYS, virtual_card) as player:
        answer = json.loads(player.communicate(timeout=90)[0])
    heard = np.frombuffer(recording.stop(), np.int16).reshape(-1, 2)
    assert "vspeaker" in answer["names"]
    sounding = heard[heard[:, 0] != 0]
    assert (sounding[:, 0] == sounding[:, 1]).all()
    expected = np.arange(RATE_HZ, RATE_HZ + len(sounding)) % 30011 + 1
    exact = int((sounding[:, 0] == expected).sum())
    assert exact >= answer["rest"] * 48 - RATE_HZ - 2, (
        "no frame lost, doubled or changed, also over the pause"
    )
    assert 3000 < answer["rest"] < 3300
    (began, first), (ended, last) = answer["marks"][0], answer["marks"][-1]
    assert last - first == pytest.approx((ended - began) * 1000, abs=120)
    steps = np.diff([position for _, position in answer["marks"]])
    assert steps.min() >= 0


def test_a_card_taken_away_pauses_where_it_was(virtual_card: VirtualCard) -> None:
    with child(IS_UNPLUGGED, virtual_card) as player:
        assert player.stdout is not None
        assert json.loads(player.stdout.readline())["playing"]
        virtual_card.unplug()
        answer = json.loads(player.stdout.readline())
        assert answer["failure"] == "DeviceMissingError"
        assert not answer["playing"]
        assert 500 <= answer["position"] < 2500
        again = json.loads(player.stdout.readline())
        assert again == {"again": "DeviceMissingError", "position": answer["position"]}
        assert player.wait(30) == 0


def test_a_card_taken_away_while_it_stands_is_never_waited_for(virtual_card: VirtualCard) -> None:
    """PortAudio then waits for ever to start it, and the window with it."""
    with child(IS_UNPLUGGED_WHILE_IT_STANDS, virtual_card) as player:
        assert player.stdin is not None
        assert player.stdout is not None
        before = json.loads(player.stdout.readline())
        virtual_card.unplug()
        stuck = threading.Timer(30, player.kill)
        stuck.start()
        player.stdin.write("go\n")
        player.stdin.flush()
        answer = json.loads(player.stdout.readline())
        assert answer == {"said": ["DeviceMissingError"] * 2, "playing": False, **before}
        virtual_card.plug_in()
        assert json.loads(player.communicate("go\n")[0])["position"] > 1000
        stuck.cancel()
        assert player.returncode == 0


def test_without_portaudio_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing:
        def find_spec(self, name: str, *rest: object) -> None:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    with pytest.raises(DeviceMissingError, match="libportaudio2"):
        output.list_outputs()
    with pytest.raises(DeviceMissingError, match="libportaudio2"):
        output.SoundDeviceOutput().open(48000, feed=None)  # type: ignore[arg-type]
