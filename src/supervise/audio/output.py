"""Output devices: the narrow interface the player plays to, and the real one over PortAudio."""

import sys
from dataclasses import dataclass
from threading import Thread
from time import monotonic
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from supervise.audio import portaudio
from supervise.audio.inputs import steady_s
from supervise.domain.errors import DeviceMissingError

CHANNELS = 2
_LATENCY_S = 0.3  # a machine busy for so long is not heard; pausing and seeking drop what waits
_BLOCK_S = 0.02  # what a sound server has mixed already is heard after a stop: as much as this, or more
_SETTLING_S = 0.1  # a device that begins asks for all this at once, and says too early times meanwhile
_STAMPED_S = 2.0
_SILENT_FOR_S = 2.0
_STARTED_IN_S = 1.5  # PortAudio gives up after a second itself, but for a device that went while it stood
NO_DEVICE = "There is no device to play sound on. Plug in headphones or loudspeakers and press play again."
NO_SUCH_DEVICE = (
    "“{name}” cannot play: it is not there, or another program has it to itself. Plug it in, or choose "
    "another under Settings, and press play again."
)
DEVICE_LOST = (
    "The sound device is gone; playing is paused where it stopped. Plug it in again or choose another, "
    "and press play."
)

Block = npt.NDArray[np.float32]


class Feed(Protocol):
    """Where an output gets its sound from."""

    def fill(self, out: Block, heard_s: float, *, settled: bool = True) -> None:
        """Fill all of `out` (frames, 2), whose first frame will be heard at `heard_s` of `steady_s`.

        While the device has not `settled`, that is a guess. Called from the device's thread; never waits.
        """

    def broke(self, lost: int) -> None:
        """Take note that silence was heard before the next fill, and never the last `lost` frames before it.

        Called from the device's thread; never waits.
        """

    def wait(self, frames: int) -> None:
        """Return when `frames` can be filled without gap; for outputs that run faster than time."""


class OutputStream(Protocol):
    """One opened device; frames count from the opening on and never go back."""

    rate_hz: int
    underflows: int  # how often the machine was too busy to hand sound over in time: silence was heard

    @property
    def lost(self) -> bool:
        """Whether the device has gone away while playing."""

    def start(self) -> None:
        """Begin to ask the feed for sound; raises DeviceMissingError."""

    def stop(self) -> None:
        """Stop at once: what was asked for and has not been heard never will be."""

    def close(self) -> None:
        """Give the device back at once."""

    def heard_frames(self) -> int:
        """Return how many of the frames asked for have left the loudspeaker by now."""


class OutputDevice(Protocol):
    """Something that can be opened to play stereo float32."""

    def open(self, rate_hz: int, feed: Feed) -> OutputStream:
        """Open at `rate_hz`, or at a rate of its own if it must; raises DeviceMissingError."""


@dataclass(frozen=True, slots=True)
class OutputInfo:
    """One device as it is offered for choice; `name` is what `SoundDeviceOutput` takes."""

    name: str
    default: bool


def list_outputs() -> tuple[OutputInfo, ...]:
    """Return the devices that can play, the default first; raises DeviceMissingError without PortAudio."""
    portaudio.refresh()
    sounddevice = portaudio.loaded()
    default = sounddevice.default.device[1]
    found = [
        OutputInfo(entry["name"], index == default)
        for index, entry in enumerate(sounddevice.query_devices())
        if entry["max_output_channels"] > 0
    ]
    return tuple(sorted(found, key=lambda info: not info.default))


class SoundDeviceOutput:
    """The device of that name, or the system's default; PortAudio is loaded when it is first opened."""

    def __init__(self, name: str | None = None) -> None:
        self._name = name

    def open(self, rate_hz: int, feed: Feed) -> OutputStream:
        """Open the device, looking for newly plugged ones if it is not there; raises DeviceMissingError."""
        try:
            return self._open(rate_hz, feed)
        except DeviceMissingError:
            if not portaudio.refresh():
                raise
        return self._open(rate_hz, feed)

    def _open(self, rate_hz: int, feed: Feed) -> OutputStream:
        sounddevice = portaudio.loaded()
        try:
            entry = sounddevice.query_devices(self._name, "output")
            rate = _offered_rate(sounddevice, entry["index"], rate_hz, int(entry["default_samplerate"]))
            return _PortAudioStream(sounddevice, entry["index"], rate, feed)
        except (sounddevice.PortAudioError, ValueError) as error:
            raise DeviceMissingError(_missing(self._name)) from error


def _missing(name: str | None) -> str:
    return NO_DEVICE if name is None else NO_SUCH_DEVICE.format(name=name)


def _offered_rate(sounddevice: Any, index: int, rate_hz: int, own_rate_hz: int) -> int:
    try:
        sounddevice.check_output_settings(index, CHANNELS, "float32", samplerate=rate_hz)
    except sounddevice.PortAudioError:
        return own_rate_hz
    return rate_hz


class _PortAudioStream:
    """A PortAudio stream whose callback copies sound and notes when it will be heard."""

    def __init__(self, sounddevice: Any, index: int, rate_hz: int, feed: Feed) -> None:
        self.rate_hz = rate_hz
        self._feed = feed
        self._error = sounddevice.PortAudioError
        self._handed = self._heard = self.underflows = 0
        self._stamp = (0, 0.0)
        self._begun_s = 0.0
        self._last = (0, 0.0)  # how many frames were asked for last, and how long before they were due
        self._running = self._finished = False
        self._called_at = 0.0
        self._closed = self._gone = False
        self._stream = sounddevice.OutputStream(
            samplerate=rate_hz,
            device=index,
            channels=CHANNELS,
            dtype="float32",
            blocksize=round(_BLOCK_S * rate_hz),
            latency=_LATENCY_S,
            callback=self._callback,
            finished_callback=self._note_end,
        )
        portaudio.opened()

    def _callback(self, out: Block, frames: int, time: Any, status: Any) -> None:
        if self._closed:  # given up, and awake after all
            out[:] = 0.0
            return
        now_s = self._stream.time
        ahead_s = time.outputBufferDacTime - now_s
        if abs(ahead_s) > _STAMPED_S:  # some systems leave the stamps empty
            ahead_s = self._stream.latency
        self._begun_s = self._begun_s or now_s
        if status.output_underflow:
            self.underflows += 1
            self._begun_s = now_s
            frames_before, before_s = self._last
            self._feed.broke(frames_before if before_s <= 0.0 else 0)  # what comes too late is thrown away
        self._feed.fill(out, steady_s() + ahead_s, settled=now_s - self._begun_s > _SETTLING_S)
        self._last = (frames, time.outputBufferDacTime - self._stream.time)
        self._stamp = (self._handed, time.outputBufferDacTime)
        self._handed += frames
        self._called_at = monotonic()

    def _note_end(self) -> None:
        self._finished = True

    @property
    def lost(self) -> bool:
        """Whether the stream ended by itself, or the device asked for nothing in two seconds."""
        late = monotonic() - self._called_at > _SILENT_FOR_S
        return self._running and (self._finished or late)

    def start(self) -> None:
        """Start; raises DeviceMissingError when the device is gone."""
        if self._gone:
            raise DeviceMissingError(NO_DEVICE)
        self._finished = False
        self._called_at = monotonic()
        self._stamp, self._last = (self._handed, 0.0), (0, 0.0)
        self._begun_s = 0.0
        failed: list[Exception] = []
        if sys.platform == "linux":
            self._start_in_time(failed)
        else:
            self._start(failed)
        if failed:
            raise DeviceMissingError(NO_DEVICE) from failed[0]
        self._running = True

    def _start(self, failed: list[Exception]) -> None:
        try:
            self._stream.start()
        except self._error as error:
            failed.append(error)

    def _start_in_time(self, failed: list[Exception]) -> None:
        """Start on a thread of its own: from a device that went while it stood, ALSA never comes back."""
        helper = Thread(target=self._start, args=(failed,), name="loudspeaker", daemon=True)
        helper.start()
        helper.join(_STARTED_IN_S)
        if helper.is_alive():
            self._gone = self._closed = True  # nor would it come back from closing
            portaudio.stuck()
            failed.append(TimeoutError())

    def stop(self) -> None:
        """Stop at once, whatever is still waiting to be heard."""
        self._heard = self.heard_frames()
        self._running, self._gone = False, self._gone or self.lost
        self._stream.abort(ignore_errors=True)

    def close(self) -> None:
        """Drop what has not been heard and give the device back."""
        self._heard = self.heard_frames()
        self._running = False
        if not self._closed:
            self._closed = True
            self._stream.close(ignore_errors=True)
            portaudio.closed()

    def heard_frames(self) -> int:
        """Return the count by the device's own clock, which never runs backwards."""
        first, heard_at = self._stamp
        if self._running and heard_at > 0.0:
            since = self._stream.time - heard_at
            self._heard = min(self._handed, max(self._heard, first + int(since * self.rate_hz)))
        return self._heard
