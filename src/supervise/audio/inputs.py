"""Input devices: the narrow interface the recorder hears through, and the real one over PortAudio."""

import time
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from supervise.audio import portaudio, sound_server
from supervise.audio.sound_server import SourceWatch
from supervise.domain.errors import DeviceMissingError

MICROPHONE, MONITOR = "microphone", "monitor"
SERVER = "pulse"  # PortAudio's name for whatever PulseAudio or PipeWire hears
RATES_HZ = (8000, 16000, 22050, 32000, 44100, 48000, 96000)
_MONITOR_WORDS = ("monitor", "loopback", "stereo mix", "what u hear", "blackhole")
_LATENCY_S = 0.2
PREFERRED_HZ = 48000  # what microphones and sound servers run at; anything else is resampled on the way
NO_INPUT = "There is no device to record with. Plug in a microphone and try again."

Samples = npt.NDArray[np.int16]


def steady_s() -> float:
    """Return seconds on a clock that nobody sets and that runs on while the computer sleeps."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(boot) if boot is not None else time.monotonic()


class Sink(Protocol):
    """Where an input puts what it hears."""

    def take(self, block: Samples, captured_s: float, *, overflowed: bool) -> None:
        """Copy `block` (frames, channels), whose first frame was heard at `captured_s` of `steady_s`.

        Called from the device's thread; never waits. `overflowed`: the sound server lost sound before it.
        """


class InputStream(Protocol):
    """One opened device."""

    rate_hz: int
    channels: int

    @property
    def ended(self) -> bool:
        """Whether the device said that it is gone."""

    @property
    def heard(self) -> int:
        """How many blocks have come; one that stays the same for seconds is a dead device."""

    def start(self) -> None:
        """Begin to hear; raises DeviceMissingError."""

    def close(self) -> None:
        """Give the device back; nothing is put into the sink afterwards."""


class InputDevice(Protocol):
    """Something that can be opened to hear int16."""

    name: str

    def open(self, rate_hz: int | None, channels: int, sink: Sink) -> InputStream:
        """Open at `rate_hz` (None: 48 kHz), or at its own if it must; raises DeviceMissingError."""

    def look_again(self) -> None:
        """Notice devices that came or went; raises DeviceMissingError."""


@dataclass(frozen=True, slots=True)
class InputInfo:
    """One device as it is offered for choice; `kind` is `microphone` or `monitor` (the system's sound)."""

    name: str
    channels: int
    rates_hz: tuple[int, ...]
    kind: str
    default: bool


def kind_of(name: str) -> str:
    """Judge by its name whether a device hears a room or what the computer plays."""
    return MONITOR if any(word in name.lower() for word in _MONITOR_WORDS) else MICROPHONE


def list_inputs(*, rates: bool = True) -> tuple[InputInfo, ...]:
    """Return the devices that can hear, the default first; raises DeviceMissingError without PortAudio.

    Asking for the rates opens each device for a moment; without, `rates_hz` holds its own rate only.
    """
    portaudio.refresh()
    sounddevice = portaudio.loaded()
    default = sounddevice.default.device[0]
    found = [
        InputInfo(
            entry["name"],
            entry["max_input_channels"],
            _rates(sounddevice, index) if rates else (int(entry["default_samplerate"]),),
            kind_of(entry["name"]),
            index == default,
        )
        for index, entry in enumerate(sounddevice.query_devices())
        if entry["max_input_channels"] > 0
    ]
    found += _monitor_infos(found)
    return tuple(sorted((info for info in found if info.rates_hz), key=lambda info: not info.default))


def _monitor_infos(found: list[InputInfo]) -> list[InputInfo]:
    """Return the sound server's monitors, heard through PortAudio's device for the server if there is one."""
    door = next((info for info in found if info.name == SERVER), None)
    known = {info.name for info in found}
    if door is None:
        return []
    names = [name for name in sound_server.monitors() if name not in known]
    return [InputInfo(name, 2, door.rates_hz, MONITOR, default=False) for name in names]


def _rates(sounddevice: Any, index: int) -> tuple[int, ...]:
    return tuple(rate for rate in RATES_HZ if _takes(sounddevice, index, 1, rate))


def _takes(sounddevice: Any, index: int, channels: int, rate_hz: int) -> bool:
    try:
        sounddevice.check_input_settings(index, channels, "int16", samplerate=rate_hz)
    except (sounddevice.PortAudioError, ValueError):
        return False
    return True


class SoundDeviceInput:
    """The device of that name (its start will do), or the system's default with an empty name."""

    def __init__(self, name: str = "") -> None:
        self.name = name

    def open(self, rate_hz: int | None, channels: int, sink: Sink) -> InputStream:
        """Open the device; raises DeviceMissingError."""
        sounddevice = portaudio.loaded()
        try:
            entry = self._entry(sounddevice)
            if self._is_monitor(entry):
                with sound_server.heard_from(self.name):
                    return self._opened(sounddevice, entry, rate_hz, channels, sink)
            return self._opened(sounddevice, entry, rate_hz, channels, sink)
        except (sounddevice.PortAudioError, ValueError) as error:
            raise DeviceMissingError(self._missing()) from error

    def _opened(
        self, sounddevice: Any, entry: Any, rate_hz: int | None, channels: int, sink: Sink
    ) -> InputStream:
        own_hz = int(entry["default_samplerate"])
        index, heard = entry["index"], min(channels, entry["max_input_channels"])
        wanted = rate_hz or PREFERRED_HZ
        rate = wanted if _takes(sounddevice, index, heard, wanted) else own_hz
        return _PortAudioInput(sounddevice, index, rate, heard, sink)

    def _is_monitor(self, entry: Any) -> bool:
        return bool(entry["name"] == SERVER and not SERVER.startswith(self.name.casefold()))

    def look_again(self) -> None:
        """Start PortAudio anew unless something plays."""
        portaudio.refresh()

    def _entry(self, sounddevice: Any) -> Any:
        if not self.name:
            return sounddevice.query_devices(None, "input")
        inputs = [entry for entry in sounddevice.query_devices() if entry["max_input_channels"] > 0]
        wanted = self.name.casefold()
        exact = [entry for entry in inputs if entry["name"].casefold() == wanted]
        begun = [entry for entry in inputs if entry["name"].casefold().startswith(wanted)]
        door = [entry for entry in inputs if entry["name"] == SERVER]
        behind = door if not exact + begun and self.name in sound_server.monitors() else []
        for found in (exact, begun, behind):
            if found:
                return found[0]
        raise ValueError

    def _missing(self) -> str:
        if not self.name:
            return NO_INPUT
        return (
            f"“{self.name}” cannot be opened: it is not there, or another program has it to itself. "
            "`supervise devices` lists what can record."
        )


class _PortAudioInput:
    """A PortAudio stream whose callback copies sound on and says when it was heard."""

    def __init__(self, sounddevice: Any, index: int, rate_hz: int, channels: int, sink: Sink) -> None:
        self.rate_hz = rate_hz
        self.channels = channels
        self.heard = 0
        self.ended = False
        self._sink = sink
        self._error = sounddevice.PortAudioError
        self._closed = False
        self._watch = SourceWatch(self._note_end)
        self._stream = sounddevice.InputStream(
            samplerate=rate_hz,
            device=index,
            channels=channels,
            dtype="int16",
            latency=_LATENCY_S,
            callback=self._callback,
            finished_callback=self._note_end,
        )
        portaudio.opened()

    def _callback(self, block: Samples, frames: int, times: Any, status: Any) -> None:
        age = self._stream.time - times.inputBufferAdcTime  # now, not when the callback was due
        if not 0.0 <= age < 2.0:  # some systems leave the stamps empty
            age = frames / self.rate_hz
        self._sink.take(block, steady_s() - age, overflowed=bool(status.input_overflow))
        self.heard += 1

    def _note_end(self) -> None:
        self.ended = True

    def start(self) -> None:
        """Start; raises DeviceMissingError when the device is gone or taken."""
        try:
            self._stream.start()
        except self._error as error:
            raise DeviceMissingError(NO_INPUT) from error
        self._watch.start()

    def close(self) -> None:
        """Stop and give the device back, once."""
        if not self._closed:
            self._closed = True
            self._watch.close()
            self._stream.close(ignore_errors=True)
            portaudio.closed()
