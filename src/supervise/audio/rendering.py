"""From the master to what is played: stereo, at the device's rate, at any speed with the same pitch."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
import numpy.typing as npt

from supervise.audio.master import MasterReader, as_float
from supervise.audio.peaks import Ints

if TYPE_CHECKING:
    from av.filter import Graph

_DECODED_FRAMES = 2048
_LEAST_TEMPO_RATE_HZ = 44100
_FORM = "sample_fmts=flt:channel_layouts=stereo:sample_rates="

Stereo = npt.NDArray[np.float32]


class Rendering(NamedTuple):
    """How a stretch is to sound: `speed` 1 is as recorded, `rate_hz` the device's."""

    speed: float
    rate_hz: int


def frames_step(reader: MasterReader, how: Rendering) -> float:
    """Return how many of the master's frames pass in one rendered frame."""
    return how.speed * reader.sound.rate_hz / how.rate_hz


def rendered(reader: MasterReader, start: int, behind: int, how: Rendering) -> Iterator[Stereo]:
    """Yield the master's frames [start, behind) as blocks of (frames, 2); the first frame is `start` exactly.

    At speed 1 and the master's own rate the samples are the master's. Otherwise libav's `atempo` (which
    keeps the pitch) and resampler work on it.
    """
    rate_hz = reader.sound.rate_hz
    lead = _tempo_lead(rate_hz, how.speed) if how.speed != 1.0 else 0
    parts = chain(_stereo_parts(reader, start - lead, behind), _silence(-lead))
    if how.speed == 1.0 and how.rate_hz == rate_hz:
        yield from parts
    else:
        yield from _filtered(parts, rate_hz, how)


def _tempo_rate_hz(rate_hz: int) -> int:
    """Return the rate atempo works at: it shifts by whole frames, which at 16 kHz bends the pitch."""
    return max(rate_hz, _LEAST_TEMPO_RATE_HZ)


def _tempo_lead(rate_hz: int, speed: float) -> int:
    """Return how far atempo's first frame lies behind the first it was given (negative: before it).

    Measured by the loudness of speech and of marked noise at 0.5 to 2 times: the same in parts of its
    window at every rate to a twentieth, which is 2 ms. 0.28 when slower; when faster from -0.36 up by a
    third each whole.
    """
    tempo_rate_hz = _tempo_rate_hz(rate_hz)
    window = 1 << (tempo_rate_hz // 24 - 1).bit_length()
    part = 0.28 if speed < 1 else -0.36 + 0.33 * (speed - 1)
    return round(part * window * rate_hz / tempo_rate_hz)


def _silence(frames: int) -> Iterator[Stereo]:
    if frames > 0:
        yield np.zeros((frames, 2), np.float32)


def _stereo_parts(reader: MasterReader, start: int, behind: int) -> Iterator[Stereo]:
    if start < 0:
        yield np.zeros((-start, 2), np.float32)
        start = 0
    for first in range(start, behind, _DECODED_FRAMES):
        yield _stereo(reader.read(first, min(_DECODED_FRAMES, behind - first)))


def _stereo(block: Ints) -> Stereo:
    """One channel goes to both sides, two stay, more are averaged to both."""
    values = as_float(block)
    if values.shape[1] == 2:
        return values
    return np.repeat(values.mean(axis=1, dtype=np.float32, keepdims=True), 2, axis=1)


def _filtered(parts: Iterator[Stereo], rate_hz: int, how: Rendering) -> Iterator[Stereo]:
    import av
    from av.filter import Graph

    graph = Graph()
    nodes = [
        graph.add_abuffer(sample_rate=rate_hz, format="flt", layout="stereo", time_base=Fraction(1, rate_hz))
    ]
    if how.speed != 1.0:
        nodes.append(graph.add("aformat", _FORM + str(_tempo_rate_hz(rate_hz))))
        nodes.append(graph.add("atempo", f"{how.speed:.6f}"))
    nodes += [graph.add("aformat", _FORM + str(how.rate_hz)), graph.add("abuffersink")]
    graph.link_nodes(*nodes).configure()
    pushed = 0
    for part in parts:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(part).reshape(1, -1), "flt", "stereo")
        frame.sample_rate, frame.time_base, frame.pts = rate_hz, Fraction(1, rate_hz), pushed
        pushed += len(part)
        graph.push(frame)
        yield from _pulled(graph)
    graph.push(None)
    yield from _pulled(graph)


def _pulled(graph: "Graph") -> Iterator[Stereo]:
    import av

    while True:
        try:
            frame = graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
        yield cast("Stereo", frame.to_ndarray().reshape(-1, 2))
