"""A sound card for tests: a private PulseAudio with a loudspeaker and a microphone, no sound heard.

PortAudio reads ALSA_CONFIG_PATH when it starts, so what plays or records must run in a child process with
`VirtualCard.environment`. The devices are then called `vspeaker` and `vmic`; `vloop` is a microphone
that hears the loudspeaker.
"""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

RATE_HZ = 48000
_NEEDED = ("pulseaudio", "pactl", "parec", "paplay")
_PACKAGES = "pulseaudio pulseaudio-utils libasound2-plugins libportaudio2"
_PLACES = ("front-left", "front-right", "rear-left", "rear-right")
_PULSE = """
load-module module-native-protocol-unix auth-anonymous=1 socket={socket}
load-module module-null-sink sink_name=speaker rate=48000 format=s16le channels=2 norewinds=1
load-module module-null-sink sink_name=mic_feed rate=48000 format=s16le channels=2 norewinds=1
load-module module-remap-source master=mic_feed.monitor source_name=mic
set-default-sink speaker
set-default-source mic
"""
_ALSA = """
</usr/share/alsa/alsa.conf>
pcm.vspeaker {{
  type pulse
  server "{server}"
  device speaker
  hint {{ show on description "Virtual speaker" }}
}}
pcm.vmic {{
  type pulse
  server "{server}"
  device mic
  hint {{ show on description "Virtual mic" }}
}}
pcm.vloop {{
  type pulse
  server "{server}"
  device speaker.monitor
  hint {{ show on description "What the virtual speaker plays" }}
}}
pcm.!default {{ type pulse server "{server}" }}
ctl.!default {{ type pulse server "{server}" }}
"""


@dataclass
class VirtualCard:
    """The running card; `environment` is for children that shall see it."""

    environment: dict[str, str]
    server: subprocess.Popen[bytes]
    folder: Path
    recorders: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def record(self, source: str = "speaker.monitor", channels: int = 2) -> "Recording":
        """Start to record what is played on the loudspeaker: interleaved s16 at 48 kHz."""
        command = [
            "parec",
            f"--device={source}",
            "--raw",
            "--format=s16le",
            f"--rate={RATE_HZ}",
            f"--channels={channels}",
            f"--channel-map={','.join(_PLACES[:channels])}",
        ]
        command += ["--latency-msec=20"]
        process = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE)
        self.recorders.append(process)
        return Recording(process)

    def speak(self, path: Path) -> None:
        """Play a WAV file into the microphone, to its end."""
        subprocess.run(["paplay", "--device=mic_feed", path], env=self.environment, check=True, timeout=120)

    def speak_on(self, path: Path) -> None:
        """Play a WAV file into the microphone while the test goes on."""
        command = ["paplay", "--device=mic_feed", str(path)]
        self.recorders.append(subprocess.Popen(command, env=self.environment))

    def pull_microphone(self) -> None:
        """Take the microphone away; what is played into it goes on unheard."""
        subprocess.run(["pactl", "unload-module", "module-remap-source"], env=self.environment, check=True)

    def return_microphone(self) -> None:
        """Plug the microphone in again."""
        words = ["module-remap-source", "master=mic_feed.monitor", "source_name=mic"]
        subprocess.run(
            ["pactl", "load-module", *words], env=self.environment, check=True, stdout=subprocess.DEVNULL
        )

    def unplug(self) -> None:
        """Take the card away."""
        self.server.kill()
        self.server.wait()

    def plug_in(self) -> None:
        """Put a card back that was unplugged."""
        self.server = _served(self.folder, self.environment)
        _await_devices(self)

    def close(self) -> None:
        """End all that runs."""
        for process in [*self.recorders, self.server]:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


@contextmanager
def card_of(folder: Path) -> Iterator[VirtualCard]:
    """The card that a test made around this process; what was started at it ends with the block."""
    nobody = subprocess.Popen([sys.executable, "-c", ""])
    card = VirtualCard(dict(os.environ), nobody, folder)
    try:
        yield card
    finally:
        card.close()


class Recording:
    """Sound that is being recorded; `stop` returns its bytes."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self._data = bytearray()
        self._first = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        self._first.wait(10)

    def _read(self) -> None:
        assert self._process.stdout is not None
        while piece := os.read(self._process.stdout.fileno(), 65536):
            self._data += piece
            self._first.set()

    @property
    def size(self) -> int:
        """How many bytes have been recorded."""
        return len(self._data)

    def stop(self) -> bytes:
        """Stop and return all that was recorded."""
        self._process.terminate()
        self._thread.join()
        return bytes(self._data)


def _environment(folder: Path) -> dict[str, str]:
    server = f"unix:{folder}/native"
    alsa = folder / "alsa.conf"
    alsa.write_text(_ALSA.format(server=server))
    return {
        **os.environ,
        "PULSE_RUNTIME_PATH": str(folder),
        "PULSE_SERVER": server,
        "PULSE_COOKIE": str(folder / "cookie"),
        "ALSA_CONFIG_PATH": str(alsa),
        "PYTHONPATH": str(Path(__file__).resolve().parents[1] / "src"),
    }


def started(folder: Path, pulse: str = _PULSE) -> VirtualCard:
    """Start a card whose socket and settings lie in `folder`; the caller closes it.

    `pulse` is PulseAudio's script; it makes the sinks `speaker` and `mic_feed` and the source `mic`.
    """
    environment = _environment(folder)
    script = folder / "card.pa"
    script.write_text(pulse.format(socket=folder / "native"))
    card = VirtualCard(environment, _served(folder, environment), folder)
    try:
        _await_devices(card)
    except AssertionError:
        card.close()
        raise
    return card


def _served(folder: Path, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    options = ["-n", "-F", str(folder / "card.pa"), "--daemonize=no", "--exit-idle-time=-1"]
    return subprocess.Popen(
        ["pulseaudio", *options, "--use-pid-file=no", "--log-target=file:" + str(folder / "log")],
        env={key: value for key, value in environment.items() if key != "PULSE_SERVER"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _await_devices(card: VirtualCard) -> None:
    for _ in range(100):
        answer = subprocess.run(
            ["pactl", "list", "short", "sources"], env=card.environment, capture_output=True, check=False
        )
        if b"mic_feed.monitor" in answer.stdout and b"\tmic\t" in answer.stdout:
            return
        if card.server.poll() is not None:
            break
        threading.Event().wait(0.1)
    raise AssertionError("PulseAudio did not start: " + (card.folder / "log").read_text()[-2000:])


def what_is_lacking() -> str:
    """Return the packages to install where a card cannot be; empty where it can."""
    missing = [name for name in _NEEDED if shutil.which(name) is None]
    if missing or not Path("/usr/share/alsa/alsa.conf").exists():
        return _PACKAGES
    return ""


@pytest.fixture
def virtual_card(tmp_path: Path) -> Iterator[VirtualCard]:
    """A card for one test; skipped with what to install where it cannot be."""
    lacking = what_is_lacking()
    if lacking:
        pytest.skip(f"needs a virtual sound card; as root type: apt-get install {lacking}")
    folder = tmp_path / "card"
    folder.mkdir(mode=0o700)
    card = started(folder)
    yield card
    card.close()
