"""`devices`, `record` and `recover` as scripts use them, on a microphone that a thread speaks into."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from test_terminal import SCOPES, Call, call, services, vault

from sounds import speechlike
from supervise.audio.fake_input import FakeInput
from supervise.audio.inputs import InputInfo
from supervise.bootstrap import Services

__all__ = ["call", "services", "vault"]

RATE = 16_000


class Speaker:
    """Somebody who talks into a fake microphone for as long as it is open, faster than time."""

    def __init__(self, mic: FakeInput) -> None:
        self.mic = mic
        self.said = 0
        self.then: Callable[[int], None] = lambda _: None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._talk)
        self._thread.start()

    def _talk(self) -> None:
        sound = speechlike(RATE // 10, 1, RATE)
        while not self._over.wait(0.005):
            if self.mic.speak(sound):
                self.said += len(sound)
                self.then(self.said)

    def close(self) -> None:
        self._over.set()
        self._thread.join()


@pytest.fixture
def speaker(services: Services) -> Iterator[Speaker]:
    mic = FakeInput(rate_hz=RATE)
    services.make_input = lambda _: mic
    services.list_inputs = lambda: (InputInfo("test mic", 2, (RATE,), "microphone", default=True),)
    made = Speaker(mic)
    yield made
    made.close()


@pytest.fixture
def consented(call: Call, vault: Path) -> Path:
    call("consent", "add", vault, "--client", "K-07", *SCOPES, "--signed", "2026-11-01")
    return vault


def test_devices(call: Call, speaker: Speaker) -> None:
    (found,) = call("devices").json["devices"]
    assert {"name", "channels", "rates_hz", "kind"} <= set(found)
    assert (found["name"], found["kind"], found["rates_hz"]) == ("test mic", "microphone", [RATE])
    assert "test mic" in call("devices", as_json=False).out


def test_record_so_many_seconds(call: Call, consented: Path, speaker: Speaker) -> None:
    words = ("--client", "K-07", "--device", "test mic", "--seconds", 2.5, "--rate", RATE, "--levels")
    said = call("record", consented, *words)
    assert said.code == 0, said.err
    made = said.json
    assert {"session", "samples", "rate_hz", "gaps", "overflows"} <= set(made)
    assert (made["samples"], made["rate_hz"], made["gaps"], made["overflows"]) == (2.5 * RATE, RATE, [], 0)
    (row,) = call("list", consented).json["sessions"]
    assert (row["session"], row["duration_ms"], row["client"]) == (made["session"], 2500, "K-07")
    assert call("verify", consented).code == 0


def test_a_second_device_is_the_right_channel(
    call: Call, consented: Path, speaker: Speaker, services: Services
) -> None:
    other = FakeInput("system sound", RATE)
    services.make_input = lambda name: other if name == "system sound" else speaker.mic
    words = ("--seconds", 1, "--rate", RATE, "--second", "system sound")
    made = call("record", consented, "--client", "K-07", *words).json
    assert made["samples"] == RATE
    assert other.openings == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_keeps_everything(
    call: Call, consented: Path, speaker: Speaker, number: signal.Signals
) -> None:
    def press(said: int) -> None:
        if said >= RATE:
            speaker.then = lambda _: None
            os.kill(os.getpid(), number)

    speaker.then = press
    said = call("record", consented, "--client", "K-07", "--rate", RATE, "--channels", 2)
    assert said.code == 0
    assert said.json["samples"] >= RATE
    assert call("show", consented, said.json["session"]).code == 0


def test_usr1_sets_a_mark(call: Call, consented: Path, speaker: Speaker) -> None:
    marked = []

    def press(said: int) -> None:
        if said >= RATE and not marked:
            marked.append(said)
            os.kill(os.getpid(), signal.SIGUSR1)
        if said >= RATE * 20:
            os.kill(os.getpid(), signal.SIGINT)
            speaker.then = lambda _: None

    speaker.then = press
    made = call("record", consented, "--client", "K-07", "--rate", RATE, "--lag", 0).json
    (moment,) = call("show", consented, made["session"]).json["moments"]
    assert moment["codes"] == ["wf.flag"]


def test_a_device_that_never_returns_is_exit_9_with_the_session_kept(
    call: Call, consented: Path, speaker: Speaker
) -> None:
    def pull(said: int) -> None:
        if said >= RATE:
            speaker.mic.unplug()

    speaker.then = pull
    said = call("record", consented, "--client", "K-07", "--rate", RATE, "--patience", 0.3)
    assert said.code == 9
    assert said.json["samples"] >= RATE
    assert [gap["reason"] for gap in said.json["gaps"]] == ["device"]
    (row,) = call("list", consented).json["sessions"]
    assert row["session"] == said.json["session"]


def test_refusals(call: Call, consented: Path, speaker: Speaker) -> None:
    refused = call("record", consented, "--client", "stranger", "--seconds", 1)
    assert (refused.code, refused.error["code"]) == (5, "no_consent")
    speaker.mic.missing = True
    refused = call("record", consented, "--client", "K-07", "--seconds", 1)
    assert (refused.code, refused.error["code"]) == (9, "device_missing")
    assert call("recover", consented).json == {"recordings": []}


def test_recover_keeps_or_destroys(call: Call, consented: Path, speaker: Speaker, services: Services) -> None:
    from supervise.app.recording import RecordingWish
    from workspaces import PASSPHRASE

    for _ in range(2):
        desk = services.open_vault(consented, PASSPHRASE)
        session = services.recording(desk, RecordingWish("K-07", rate_hz=RATE), "")
        heard, behind = threading.Event(), speaker.said + 2 * RATE
        speaker.then = lambda said, behind=behind, heard=heard: heard.set() if said > behind else None  # type: ignore[misc]
        session.start()
        assert heard.wait(20)
        session.abandon()
        desk.close()
    first, second = call("recover", consented).json["recordings"]
    assert first["duration_ms"] >= 1000
    assert "2 s" not in call("recover", consented, as_json=False).err
    kept = call("recover", consented, first["recording"][:8]).json
    assert kept["samples"] >= RATE
    assert call("recover", consented, second["recording"], "--destroy").code == 2
    assert call("recover", consented, second["recording"], "--destroy", "--yes").code == 0
    assert call("recover", consented).json == {"recordings": []}
    (row,) = call("list", consented).json["sessions"]
    assert row["session"] == kept["session"]
