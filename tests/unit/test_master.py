"""Reading a master back: any frame from anywhere, and speech that does not depend on where it starts."""

import io

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sounds import kept, speechlike
from supervise.audio.master import MasterReader, as_float, speech_blocks
from supervise.crypto.sealed import SealedReader, SealedWriter
from supervise.domain.errors import DamagedError

SOUND = speechlike(200_001, 2, 44100)
MASTER, FACTS = kept(SOUND, 44100)


@settings(max_examples=200)
@given(start=st.integers(0, 200_100), frames=st.integers(0, 30_000))
def test_any_span_is_exact(start: int, frames: int) -> None:
    block = MasterReader(MASTER, FACTS).read(start, frames)
    assert np.array_equal(block, SOUND[start : start + frames])


def test_reading_on_and_jumping_give_the_same() -> None:
    reader = MasterReader(MASTER, FACTS)
    jumps = np.random.default_rng(2).integers(0, len(SOUND), 300)
    for start in jumps:
        assert np.array_equal(reader.read(int(start), 700), SOUND[start : start + 700])
        assert np.array_equal(reader.read(int(start) + 700, 5), SOUND[start + 700 : start + 705])
    assert np.array_equal(np.concatenate(list(reader.blocks(123, 10_000))), SOUND[123:])


@pytest.mark.parametrize("frames", [1, 2, 4607, 4608, 4609, 9216])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_short_sounds_and_whole_frames(frames: int, channels: int) -> None:
    sound = speechlike(frames, channels)
    reader = MasterReader(*kept(sound, 48000))
    assert np.array_equal(reader.read(0, 99_999), sound)
    assert np.array_equal(reader.read(frames - 1, 5), sound[-1:])
    assert len(reader.read(frames, 5)) == 0


def test_noise_as_loud_as_can_be_is_found_again() -> None:
    """Frames that do not compress hold any bytes, also those that look like the start of a frame."""
    random = np.random.default_rng(3)
    sound = random.integers(-(2**31), 2**31, (300_000, 2), dtype=np.int64).astype(np.int32)
    reader = MasterReader(*kept(sound, 48000))
    for start in random.integers(0, len(sound) - 100, 100):
        assert np.array_equal(reader.read(int(start), 100), sound[start : start + 100])


def test_a_damaged_chunk_does_not_take_the_rest_with_it(tmp_path: pytest.TempPathFactory) -> None:
    key, path = bytes(32), tmp_path / "master.sealed"
    with SealedWriter(path.open("wb"), key, "m") as sealed:
        sealed.write(MASTER.getvalue())
    data = bytearray(path.read_bytes())
    data[3 * 65552 + 500] ^= 1
    reader = MasterReader(SealedReader(io.BytesIO(data), key, "m"), FACTS)
    readable = []
    for start in range(0, len(SOUND), 2000):
        try:
            same = np.array_equal(reader.read(start, 100), SOUND[start : start + 100])
        except DamagedError:
            readable.append(False)
        else:
            assert same
            readable.append(True)
    share = 65536 / len(MASTER.getvalue())
    assert readable[0]
    assert readable[-1]
    assert readable.count(False) <= len(readable) * share * 1.5 + 3


def test_a_master_cut_short_or_damaged_says_so() -> None:
    data = MASTER.getvalue()
    with pytest.raises(DamagedError):
        MasterReader(io.BytesIO(b""), FACTS)
    with pytest.raises(DamagedError):
        MasterReader(io.BytesIO(b"RIFF" + data[4:]), FACTS)
    with pytest.raises(DamagedError):
        MasterReader(io.BytesIO(data[:-500]), FACTS).read(len(SOUND) - 10, 10)
    damaged = bytearray(data)
    damaged[len(data) // 2] ^= 4
    with pytest.raises(DamagedError):
        list(MasterReader(io.BytesIO(damaged), FACTS).blocks())


def joined(rate_hz: int, start_ms: int, channel: int | None = None) -> npt.NDArray[np.float32]:
    sound = speechlike(rate_hz * 4 + 321, 2, rate_hz)
    return np.concatenate(list(speech_blocks(*kept(sound, rate_hz), start_ms, channel)))


@pytest.mark.parametrize("rate_hz", [8000, 11025, 16000, 22050, 44100, 48000, 96000])
def test_speech_from_the_middle_is_the_same_as_from_the_start(rate_hz: int) -> None:
    whole = joined(rate_hz, 0)
    assert len(whole) == pytest.approx((rate_hz * 4 + 321) * 16000 / rate_hz, abs=16)
    for start_ms in (1, 137, 2000, 3999):
        assert joined(rate_hz, start_ms) == pytest.approx(whole[16 * start_ms :], abs=1e-5)


def test_speech_comes_in_even_blocks_of_the_channel_that_was_asked_for() -> None:
    sound = speechlike(16000 * 3 + 100, 2, 16000)
    master, facts = kept(sound)
    blocks = list(speech_blocks(master, facts, 0, 1, block_ms=500))
    assert [len(block) for block in blocks] == [8000] * 6 + [100]
    assert np.concatenate(blocks) == pytest.approx(as_float(sound)[:, 1])
    mixed = np.concatenate(list(speech_blocks(master, facts)))
    assert mixed == pytest.approx(as_float(sound).mean(axis=1), abs=1e-6)
    assert list(speech_blocks(master, facts, 99_000)) == []


def test_speech_keeps_its_time_through_resampling() -> None:
    sound = np.zeros((44100 * 3, 1), np.int16)
    sound[44100 * 2 : 44100 * 2 + 441] = 20000
    speech = np.concatenate(list(speech_blocks(*kept(sound, 44100))))
    loud = np.flatnonzero(np.abs(speech) > 0.3)
    assert loud[0] == pytest.approx(32000, abs=2)
    assert loud[-1] == pytest.approx(32160, abs=2)
