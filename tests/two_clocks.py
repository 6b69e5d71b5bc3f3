"""A microphone and a loudspeaker, each with a clock of its own, moved by hand; session frames are numbers."""

import threading
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from sounds import speechlike
from supervise.audio.fake_input import FakeInput
from supervise.audio.fake_output import FakeOutput
from supervise.audio.inputs import steady_s
from supervise.domain.recall_map import RecallMap

RATE = 16000
LATENCY = 640
TURN = 65521
Sound = npt.NDArray[np.int16]


def until(holds: Callable[[], bool]) -> None:
    """Wait until something that another thread does has happened."""
    pause, end = threading.Event(), steady_s() + 30
    while not holds():
        assert steady_s() < end, "it did not happen"
        pause.wait(0.002)


def numbered_session(seconds: float) -> Sound:
    """Sound of which every frame says where it is, starting over every four seconds."""
    return (np.arange(round(RATE * seconds)) % TURN - 32768).astype(np.int16).reshape(-1, 1)


class TwoClocks:
    """Both devices; `drift_out` and `drift_in` say by how much they run fast.

    Set `samples` to what tells how many frames were recorded, and `poll` to what must be called often.
    """

    def __init__(self, drift_out: float = 0.0, drift_in: float = 0.0) -> None:
        self.rate_out, self.rate_in = RATE * (1 + drift_out), RATE * (1 + drift_in)
        self.start_s = steady_s()
        self.output = FakeOutput(own_rate_hz=RATE, latency_frames=LATENCY, clock=self.handed_s)
        self.mic = FakeInput(rate_hz=RATE, own_rate=True)
        self.spoken = self.pulled = self.before = 0
        self.truth: list[tuple[float, int]] = []  # (recall frame, session frame) heard
        self.said: list[Sound] = []
        self.samples: Callable[[], int] = lambda: self.spoken
        self.poll: Callable[[], object] = lambda: None

    def handed_s(self, frame: int) -> float:
        """When so many frames have passed at the loudspeaker, counted from its opening."""
        return self.start_s + (self.before + frame) / self.rate_out

    def now_s(self) -> float:
        """As late as the loudspeaker is."""
        return self.start_s + self.pulled / self.rate_out

    def speak(self, seconds: float) -> None:
        """Let the microphone hear on, and wait until that is recorded."""
        self._hear(seconds)
        until(lambda: self.samples() >= self.spoken)

    def _hear(self, seconds: float) -> None:
        sound = speechlike(round(seconds * RATE), 1, RATE, seed=self.spoken + 1)
        self.said.append(sound)
        for start in range(0, len(sound), 160):
            part = sound[start : start + 160]
            self.mic.speak(part, self.start_s + self.spoken / self.rate_in)
            self.spoken += len(part)

    def listen(self, seconds: float) -> None:
        """Let the loudspeaker and the microphone go on for so long, and note what was heard when."""
        for _ in range(round(seconds * 10)):
            self._hear_played(self.output.pull(RATE // 10)[:, 0])
            self.poll()
        self.speak(0.0)

    def starve(self, seconds: float) -> None:
        """Let the loudspeaker be asked too late, so that it falls silent for so long."""
        self._hear_played(self.output.starve(round(seconds * RATE))[:, 0])
        self.speak(0.0)

    def _hear_played(self, block: npt.NDArray[np.float32]) -> None:
        value = np.rint(block * 32768).astype(np.int64) + 32768
        for at in range(0, len(block), 97):
            if block[at] and value[at]:
                heard_s = (self.pulled + at) / self.rate_out
                self.truth.append((heard_s * self.rate_in, int(value[at])))
        self.pulled += len(block)
        self._hear(max(0.0, self.pulled / self.rate_out - self.spoken / self.rate_in + 0.05))

    def worst_ms(self, found: RecallMap) -> float:
        """Return by how much a map is off at worst; a millisecond beside a jump counts for either side."""
        off = []
        for frame, value in self.truth:
            at_ms = round(frame * 1000 / RATE)
            told = [found.session_at(near) * RATE / 1000 for near in (at_ms - 1, at_ms, at_ms + 1)]
            differences = [(place - value + TURN / 2) % TURN - TURN / 2 for place in told]
            off.append(min(abs(difference) for difference in differences) * 1000 / RATE)
        return max(off)
