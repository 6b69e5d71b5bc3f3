"""Sound that leaves the vault: exact to the sample, muted where it must be, readable by others."""

import hashlib
import io
import struct
import wave

import av
import numpy as np
import numpy.typing as npt
import pytest

from sounds import kept, speechlike
from supervise.audio import exporting
from supervise.audio.exporting import write_sound
from supervise.domain.errors import CancelledError, NoSpaceError
from supervise.domain.session import SoundFacts


def decoded(target: io.BytesIO) -> npt.NDArray[np.signedinteger]:
    target.seek(0)
    with av.open(target) as container:
        stream = container.streams.audio[0]
        parts = [
            frame.to_ndarray().reshape(-1, stream.layout.nb_channels) for frame in container.decode(stream)
        ]
    return np.concatenate(parts)


def written(sound: npt.NDArray[np.signedinteger], fmt: str, rate_hz: int = 44100, mutes=()) -> io.BytesIO:
    target = io.BytesIO()
    seen: list[int] = []
    write_sound(*kept(sound, rate_hz), fmt, target, mutes, seen.append, lambda: False)
    assert seen[-1] == 1000
    return target


@pytest.mark.parametrize("fmt", ["flac", "wav"])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_it_is_exact_to_the_sample(fmt: str, channels: int) -> None:
    sound = speechlike(150_001, channels, 44100)
    assert np.array_equal(decoded(written(sound, fmt)), sound)


@pytest.mark.parametrize("fmt", ["flac", "wav"])
def test_wide_samples_stay_exact(fmt: str) -> None:
    sound = speechlike(100_000, 2).astype(np.int32) * 65536 + 12345
    assert np.array_equal(decoded(written(sound, fmt)), sound)


@pytest.mark.parametrize("fmt", ["flac", "wav"])
def test_24_bits_stay_24_bits(fmt: str) -> None:
    sound = speechlike(100_000, 2).astype(np.int32) * 65536 + (77 << 8)
    master, facts = kept(sound)
    as_24 = SoundFacts(facts.samples, facts.rate_hz, 2, facts.duration_ms, facts.source_sha256, 24)
    target = io.BytesIO()
    write_sound(master, as_24, fmt, target, [], lambda permille: None, lambda: False)
    assert np.array_equal(decoded(target), sound)
    assert target.getbuffer().nbytes < 100_000 * 6 + 100


@pytest.mark.parametrize("fmt", ["flac", "wav"])
def test_muted_spans_are_zero_and_all_else_is_untouched(fmt: str) -> None:
    sound = speechlike(44100 * 5, 2, 44100)
    sound[sound == 0] = 1
    mutes = [(1001, 1501), (1400, 1600), (4990, 99_000), (3000, 3001)]
    taken = decoded(written(sound, fmt, 44100, mutes))
    silent = np.zeros(len(sound), bool)
    for start_ms, end_ms in mutes:
        silent[int(start_ms * 44.1) : int(np.ceil(end_ms * 44.1))] = True
    assert not taken[silent].any()
    assert np.array_equal(taken[~silent], sound[~silent])


def test_the_flac_header_is_complete() -> None:
    sound = speechlike(50_000, 2, 44100)
    data = written(sound, "flac").getvalue()
    assert int.from_bytes(data[18:26], "big") & (1 << 36) - 1 == 50_000
    assert data[26:42] == hashlib.md5(sound.astype("<i2").tobytes(), usedforsecurity=False).digest()


def test_the_wav_is_one_that_python_reads_too() -> None:
    sound = speechlike(50_001, 1, 8000)
    target = written(sound, "wav", 8000)
    target.seek(0)
    with wave.open(target) as reader:
        assert reader.getparams()[:4] == (1, 2, 8000, 50_001)
        assert reader.readframes(50_001) == sound.astype("<i2").tobytes()


def test_a_wav_beyond_4_gigabytes_is_rf64(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "_MOST_RIFF_BYTES", 1000)
    sound = speechlike(20_000, 2)
    target = written(sound, "wav")
    data = target.getvalue()
    assert data[:4] == b"RF64"
    assert struct.unpack("<QQQ", data[20:44]) == (len(data) - 8, 80_000, 20_000)
    assert np.array_equal(decoded(target), sound)


def test_it_stops_when_cancelled_and_passes_a_full_disk_on() -> None:
    sound = speechlike(200_000)
    with pytest.raises(CancelledError):
        write_sound(*kept(sound), "wav", io.BytesIO(), [], lambda permille: None, lambda: True)

    class Full(io.BytesIO):
        def write(self, data: bytes, /) -> int:  # type: ignore[override]
            raise NoSpaceError("full")

    for fmt in ("flac", "wav"):
        with pytest.raises(NoSpaceError):
            write_sound(*kept(sound), fmt, Full(), [], lambda permille: None, lambda: False)
