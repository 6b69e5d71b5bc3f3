"""An input for tests, and for machines without one: it hears what a test says, when the test says so."""

import numpy as np

from supervise.audio.inputs import Samples, Sink, steady_s
from supervise.domain.errors import DeviceMissingError


class FakeInput:
    """A device named `name` that a test speaks into, unplugs and plugs in again."""

    def __init__(
        self,
        name: str = "fake microphone",
        rate_hz: int = 48000,
        channels: int = 2,
        *,
        own_rate: bool = False,
    ) -> None:
        """With `own_rate` it takes no other rate than `rate_hz`."""
        self.name = name
        self.rate_hz = rate_hz
        self.channels = channels
        self.own_rate = own_rate
        self.missing = False
        self.openings = 0
        self.stream: FakeInputStream | None = None

    def open(self, rate_hz: int | None, channels: int, sink: Sink) -> "FakeInputStream":
        """Open; raises DeviceMissingError while `missing`."""
        if self.missing:
            raise DeviceMissingError(f"“{self.name}” cannot be opened: it is not there.")
        self.openings += 1
        rate = self.rate_hz if self.own_rate or rate_hz is None else rate_hz
        self.stream = FakeInputStream(rate, min(channels, self.channels), sink)
        return self.stream

    def look_again(self) -> None:
        """Do nothing: what is there is known."""

    def speak(self, sound: Samples, captured_s: float | None = None, *, overflowed: bool = False) -> bool:
        """Let it hear (frames, channels), which began at `captured_s`; False when nobody listens."""
        stream = self.stream
        return stream is not None and stream.hear(sound, captured_s, overflowed=overflowed)

    def unplug(self) -> None:
        """Take it away."""
        self.missing = True
        if self.stream is not None:
            self.stream.ended = True

    def plug_in(self) -> None:
        """Let it be found again."""
        self.missing = False


class FakeInputStream:
    """One opening of a FakeInput."""

    def __init__(self, rate_hz: int, channels: int, sink: Sink) -> None:
        self.rate_hz = rate_hz
        self.channels = channels
        self.heard = 0
        self.ended = False
        self.running = False
        self._sink = sink

    def start(self) -> None:
        """Listen."""
        self.running = True

    def close(self) -> None:
        """Listen no more."""
        self.running = False

    def hear(self, sound: Samples, captured_s: float | None, *, overflowed: bool) -> bool:
        """Pass the sound on if listening."""
        if not self.running or self.ended:
            return False
        began = steady_s() - len(sound) / self.rate_hz if captured_s is None else captured_s
        self._sink.take(np.ascontiguousarray(sound), began, overflowed=overflowed)
        self.heard += 1
        return True
