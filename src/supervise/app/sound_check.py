"""Trying a microphone before a session: ten seconds kept in memory only, to be played back and forgotten."""

import io
from collections.abc import Callable
from typing import BinaryIO

from supervise.audio.inputs import MONITOR, InputDevice, InputInfo, Samples
from supervise.audio.levels import Level, Meter
from supervise.audio.recorder import Heard, Recorder
from supervise.domain.session import SoundFacts
from supervise.domain.times import ms_to_samples, samples_to_ms

__all__ = ["CHECK_MS", "MONITOR", "InputInfo", "Level", "LiveLevels", "SoundCheck", "advice", "verdict"]

CHECK_MS = 10_000
_ENOUGH = 1 << 40
TOO_LOUD = "It is too loud: the sound is cut off at its peaks. Turn the microphone down or move it away."


class InMemory:
    """Where a check goes: nothing of it touches the disk."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        self.write: Callable[[bytes], object] = self._bytes.write
        self.tell: Callable[[], int] = self._bytes.tell

    def sync(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing; the bytes stay readable."""

    def abort(self) -> None:
        """Do nothing."""

    def stream(self) -> BinaryIO:
        """Return what was written, from its start."""
        self._bytes.seek(0)
        return self._bytes


class SoundCheck:
    """Hears a device for ten seconds, with levels to show meanwhile."""

    def __init__(self, device: InputDevice, channels: int = 1, length_ms: int = CHECK_MS) -> None:
        """Begin to hear; raises DeviceMissingError."""
        self._memory = InMemory()
        self._recorder: Recorder | None = Recorder(device, channels, None)
        self.rate_hz, self.channels = self._recorder.rate_hz, channels
        limit = ms_to_samples(length_ms, self.rate_hz)
        try:
            self._recorder.start(self._memory, 1, lambda: _ENOUGH, limit)
        except BaseException:
            self._recorder.give_up()
            raise
        self._last = self._recorder.heard()

    def levels(self) -> tuple[Level, ...]:
        """Return one level a channel since the last look; empty once it has ended."""
        return self._recorder.levels() if self._recorder is not None else ()

    def heard(self) -> Heard:
        """Return how it stands; `full` says that the ten seconds are over."""
        if self._recorder is not None:
            self._last = self._recorder.heard()
        return self._last

    def end(self) -> tuple[BinaryIO, SoundFacts]:
        """Stop, and return the sound for `Player.load`; it is gone when the stream is closed."""
        samples, sha256 = self._last.samples, ""
        if self._recorder is not None:
            done = self._recorder.stop()
            self._last, self._recorder = self._recorder.heard(), None
            samples, sha256 = done.samples, done.sha256
        duration_ms = samples_to_ms(samples, self.rate_hz)
        facts = SoundFacts(samples, self.rate_hz, self.channels, duration_ms, sha256, 16)
        return self._memory.stream(), facts


class LiveLevels:
    """Hears a device for its levels only: nothing is kept, not even for a moment."""

    def __init__(self, device: InputDevice, channels: int = 1) -> None:
        """Begin to hear; raises DeviceMissingError."""
        self._stream = device.open(None, channels, self)
        self._meter = Meter(channels, self._stream.rate_hz)
        try:
            self._stream.start()
        except BaseException:
            self._stream.close()
            raise

    def take(self, block: Samples, captured_s: float, *, overflowed: bool) -> None:
        """Measure a block and forget it; called from the device's thread."""
        self._meter.add(block)

    @property
    def gone(self) -> bool:
        """Whether the device went away."""
        return self._stream.ended

    def levels(self) -> tuple[Level, ...]:
        """Return one level a channel since the last look."""
        return self._meter.look()

    def close(self) -> None:
        """Give the device back."""
        self._stream.close()


def verdict(peak_db: float, clipped: bool) -> str:
    """Say in a sentence how a whole sound check sounded."""
    if clipped:
        return TOO_LOUD
    if peak_db < -60:
        return "Nothing was heard. Is the microphone on, and is it the right one?"
    if peak_db < -34:
        return "It is very quiet. Move the microphone nearer, or turn it up."
    return "The level is good."


def advice(levels: tuple[Level, ...]) -> str:
    """Say in a sentence what is wrong with the levels; empty when nothing is."""
    if any(level.clipped for level in levels):
        return TOO_LOUD
    if levels and all(level.silent_s > 3 for level in levels):
        return "Nothing has been heard for a while. Is the microphone on, and is it the right one?"
    silent = [place for place, level in enumerate(levels) if level.silent_s > 10]
    if silent and len(levels) == 2:
        return f"Nothing is heard on the {'left' if silent[0] == 0 else 'right'} side."
    return ""
