"""The outline against a plain reckoning over the samples, at every zoom."""

import io

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervise.audio.peaks import BIN_FRAMES, Peaks, PeaksBuilder
from supervise.domain.errors import DamagedError


def built(sound: npt.NDArray[np.signedinteger], rate_hz: int, block: int = 5000) -> bytes:
    builder = PeaksBuilder(sound.shape[1], rate_hz)
    for start in range(0, len(sound), block):
        builder.add(sound[start : start + block])
    return builder.finish()


def noise(frames: int, channels: int = 1, seed: int = 1) -> npt.NDArray[np.int16]:
    random = np.random.default_rng(seed)
    loud = np.repeat(random.uniform(50, 9000, frames // 1000 + 1), 1000)[:frames, None]
    return (random.normal(0, 1, (frames, channels)) * loud).clip(-32768, 32767).astype(np.int16)


def reckoned(
    sound: npt.NDArray[np.signedinteger], rate_hz: int, span_ms: tuple[float, float], columns: int, width: int
) -> npt.NDArray[np.float64]:
    """Lowest, highest and RMS of the bins each column touches, straight from the samples."""
    edges = np.linspace(*span_ms, columns + 1) * rate_hz / 1000
    result = np.zeros((columns, 3))
    for column in range(columns):
        if edges[column + 1] <= 0 or edges[column] >= len(sound):
            continue
        first = max(0, int(edges[column] // width))
        behind = max(int(np.ceil(edges[column + 1] / width)), first + 1)
        part = sound[first * width : behind * width].astype(np.float64)
        result[column] = part.min(), part.max(), np.sqrt((part**2).mean())
    return result / 32768


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(
    ("span_ms", "columns", "width"),
    [
        ((0, 30000), 300, 256 * 16),
        ((0, 30000), 1600, 256),
        ((4000, 9000), 77, 1024),
        ((1000, 1100), 900, 256),
    ],
)
def test_columns_are_what_a_plain_reckoning_gives(
    channels: int, span_ms: tuple[int, int], columns: int, width: int
) -> None:
    sound = noise(44100 * 30, channels)
    drawn = Peaks.load(built(sound, 44100)).columns(*span_ms, columns)
    expected = reckoned(sound, 44100, span_ms, columns, width)
    assert drawn.shape == (columns, 3)
    assert drawn.dtype == np.float32
    assert drawn[:, :2] == pytest.approx(expected[:, :2], abs=1e-6)
    assert drawn[:, 2] == pytest.approx(expected[:, 2], rel=0.02, abs=1e-4)


@settings(max_examples=60)
@given(
    start=st.integers(-5000, 12000),
    length=st.integers(1, 30000),
    columns=st.integers(1, 500),
    frames=st.integers(0, 80000),
)
def test_no_view_hides_or_invents_a_sample(start: int, length: int, columns: int, frames: int) -> None:
    rate_hz = 8000
    sound = noise(frames) if frames else np.zeros((0, 1), np.int16)
    drawn = Peaks.load(built(sound, rate_hz)).columns(start, start + length, columns)
    inside = sound[max(0, start) * rate_hz // 1000 : max(0, start + length) * rate_hz // 1000]
    if len(inside):
        assert drawn[:, 0].min() <= inside.min() / 32768
        assert drawn[:, 1].max() >= inside.max() / 32768
    if frames:
        assert drawn[:, 0].min() >= min(0, sound.min() / 32768)
        assert drawn[:, 1].max() <= max(0, sound.max() / 32768)
    edges = np.linspace(start, start + length, columns + 1)
    outside = (edges[1:] <= 0) | (edges[:-1] >= frames / 8)
    assert not drawn[outside].any()


def test_the_block_size_does_not_matter() -> None:
    sound = noise(100_000, 2)
    assert built(sound, 16000, 777) == built(sound, 16000, 65536) == built(sound, 16000, 255)


def test_wide_samples_are_drawn_at_full_scale() -> None:
    narrow = noise(20000)
    wide = narrow.astype(np.int32) << 16
    assert Peaks.load(built(wide, 8000)).columns(0, 2500, 50) == pytest.approx(
        Peaks.load(built(narrow, 8000)).columns(0, 2500, 50), abs=1e-4
    )


class Counting(io.BytesIO):
    """Counts the bytes that were read."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


def test_opening_reads_the_header_and_drawing_a_few_kilobytes() -> None:
    stored = built(np.tile(noise(44100 * 60), (20, 1)), 44100, 1 << 20)
    stream = Counting(stored)
    peaks = Peaks.load(stream)
    assert stream.taken < 100
    assert peaks.frames == 44100 * 60 * 20
    peaks.columns(0, 20 * 60_000, 1600)
    peaks.columns(60_000, 70_000, 1600)
    assert stream.taken < 100_000
    assert len(stored) > 1_500_000


def test_damage_is_said_in_plain_words() -> None:
    stored = built(noise(50000), 8000)
    with pytest.raises(DamagedError):
        Peaks.load(b"nothing of the kind")
    with pytest.raises(DamagedError):
        Peaks.load(stored[:10])
    with pytest.raises(DamagedError, match="newer"):
        Peaks.load(stored[:8] + b"\x63\x00" + stored[10:])
    with pytest.raises(DamagedError):
        Peaks.load(stored[:500]).columns(0, 6000, 100)
    assert BIN_FRAMES == 256
