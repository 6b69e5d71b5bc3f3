"""Two devices as one with two channels: two microphones, or a microphone and the system's own sound.

Each device has a clock of its own. The first one carries the recording; the second one's sound is laid
beside it by the times both were heard, and moved when it has drifted by more than 40 ms. When the second
one falls silent or goes away, its channel is silent and the first goes on.
"""

import threading
from collections import deque

import numpy as np

from supervise.audio.inputs import InputDevice, InputStream, Samples, Sink
from supervise.domain.errors import DeviceMissingError

_WAIT_S = 0.5
_DRIFT_S = 0.04
_SMOOTH = 0.02
OTHER_RATE = "The two devices cannot record at the same rate. Choose another second device."


class PairedInput:
    """An input device made of two: the first heard on the left, the second on the right."""

    def __init__(self, first: InputDevice, second: InputDevice) -> None:
        self.name = f"{first.name} + {second.name}"
        self._first, self._second = first, second
        self._begun = False

    def open(self, rate_hz: int | None, channels: int, sink: Sink) -> InputStream:
        """Open both; raises DeviceMissingError when the first is not there, or the second at the start."""
        join = _Join(sink)
        first = self._first.open(rate_hz, 1, _Left(join))
        join.rate_hz = first.rate_hz
        try:
            second = self._second_stream(first.rate_hz, join)
        except DeviceMissingError:
            if not self._begun:
                first.close()
                raise
            second = None
        self._begun = True
        return _PairedStream(first, second)

    def _second_stream(self, rate_hz: int, join: "_Join") -> InputStream:
        stream = self._second.open(rate_hz, 1, _Right(join))
        if stream.rate_hz != rate_hz:
            stream.close()
            raise DeviceMissingError(OTHER_RATE)
        return stream

    def look_again(self) -> None:
        """Notice devices that came or went."""
        self._first.look_again()
        self._second.look_again()


class _PairedStream:
    """Both streams; the first says how it stands."""

    def __init__(self, first: InputStream, second: InputStream | None) -> None:
        self._first, self._second = first, second
        self.rate_hz, self.channels = first.rate_hz, 2

    @property
    def ended(self) -> bool:
        """Whether the first device is gone."""
        return self._first.ended

    @property
    def heard(self) -> int:
        """How many blocks of the first have come."""
        return self._first.heard

    def start(self) -> None:
        """Hear both; raises DeviceMissingError."""
        if self._second is not None:
            self._second.start()
        self._first.start()

    def close(self) -> None:
        """Give both back."""
        self._first.close()
        if self._second is not None:
            self._second.close()


class _Left:
    def __init__(self, join: "_Join") -> None:
        self._join = join

    def take(self, block: Samples, captured_s: float, *, overflowed: bool) -> None:
        self._join.left(block, captured_s, overflowed=overflowed)


class _Right:
    def __init__(self, join: "_Join") -> None:
        self._join = join

    def take(self, block: Samples, captured_s: float, *, overflowed: bool) -> None:
        self._join.right(block, captured_s)


class _Join:
    """Lays the right side beside the left; called from both devices' threads."""

    def __init__(self, sink: Sink) -> None:
        self.rate_hz = 1
        self._sink = sink
        self._lock = threading.Lock()
        self._waiting: deque[tuple[Samples, float, bool]] = deque()
        self._spare = np.zeros(0, np.int16)
        self._spare_s: float | None = None  # when the first spare frame was heard

    def left(self, block: Samples, captured_s: float, *, overflowed: bool) -> None:
        """Keep a block of the first device until its counterpart is here, for half a second at most."""
        with self._lock:
            self._waiting.append((block[:, 0].copy(), captured_s, overflowed))
            self._pass_on(captured_s + len(block) / self.rate_hz)

    def right(self, block: Samples, captured_s: float) -> None:
        """Keep a block of the second device."""
        with self._lock:
            follows_s = self._spare_end()
            if follows_s is None or abs(captured_s - follows_s) > _WAIT_S:
                self._spare, self._spare_s = block[:, 0].copy(), captured_s
            else:
                self._spare = np.concatenate([self._spare, block[:, 0]])
                assert self._spare_s is not None
                self._spare_s += (captured_s - follows_s) * _SMOOTH
            self._pass_on(captured_s)

    def _spare_end(self) -> float | None:
        return None if self._spare_s is None else self._spare_s + len(self._spare) / self.rate_hz

    def _pass_on(self, now_s: float) -> None:
        while self._waiting:
            block, at_s, overflowed = self._waiting[0]
            end = self._spare_end()
            here = end is not None and end >= at_s + len(block) / self.rate_hz + _DRIFT_S
            if not here and now_s - at_s < _WAIT_S:
                return
            self._waiting.popleft()
            both = np.stack([block, self._beside(len(block), at_s)], axis=1)
            self._sink.take(both, at_s, overflowed=overflowed)

    def _beside(self, frames: int, at_s: float) -> Samples:
        """Take the right side's frames for a stretch of the left; zeros where there are none."""
        if self._spare_s is None:
            return np.zeros(frames, np.int16)
        off_s = at_s - self._spare_s
        if off_s > _DRIFT_S:
            self._drop(round(off_s * self.rate_hz))
        lead = min(frames, round(-off_s * self.rate_hz)) if off_s < -_DRIFT_S else 0
        part = self._drop(frames - lead)
        side = np.zeros(frames, np.int16)
        side[lead : lead + len(part)] = part
        return side

    def _drop(self, frames: int) -> Samples:
        part, self._spare = self._spare[:frames], self._spare[frames:]
        if self._spare_s is not None:
            self._spare_s = self._spare_s + len(part) / self.rate_hz if len(self._spare) else None
        return part
