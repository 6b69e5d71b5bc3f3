"""Every kind of recording comes in whole: sample-exact where the source is, in place where it is not."""

import hashlib
import io
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from sounds import (
    FILMS,
    KINDS,
    imported,
    speechlike,
    whole,
    write_amr,
    write_film,
    write_sound_file,
)
from supervise.audio.importing import import_sound, source_sha256

LOSSLESS = ["s16.wav", "s16.flac", "aiff.aiff", "caf.caf"]
WIDE = {"s24.wav": (24, 8), "s32.wav": (32, 0)}
SECONDS = 2


def shift(decoded: npt.NDArray[np.signedinteger], source: npt.NDArray[np.int16], around: int) -> int:
    """Return by how many frames the decoded sound lies late, by correlation of its first 30000 frames."""
    one, other = np.fft.rfft(decoded[:30000, 0], 65536), np.fft.rfft(source[:30000, 0], 65536)
    matches = np.fft.irfft(one * np.conj(other))
    lags = np.concatenate([matches[-around:], matches[: around + 1]])
    return int(np.argmax(lags)) - around


@pytest.mark.parametrize("kind", LOSSLESS)
@pytest.mark.parametrize(("rate_hz", "channels"), [(8000, 1), (44100, 2), (48000, 1), (96000, 2), (16000, 6)])
def test_lossless_sources_are_kept_exactly(tmp_path: Path, kind: str, rate_hz: int, channels: int) -> None:
    source = speechlike(rate_hz * SECONDS + 777, channels, rate_hz)
    path = write_sound_file(tmp_path / kind, source, kind, rate_hz)
    found, master = imported(path)
    assert (found.sound.rate_hz, found.sound.channels, found.sound.bits) == (rate_hz, channels, 16)
    assert found.sound.samples == len(source)
    assert found.sound.duration_ms == round(len(source) * 1000 / rate_hz)
    assert found.sound.source_sha256 == hashlib.sha256(path.read_bytes()).hexdigest() == source_sha256(path)
    assert np.array_equal(whole(found, master), source)


@pytest.mark.parametrize("kind", WIDE)
def test_wide_whole_numbers_keep_every_bit(tmp_path: Path, kind: str) -> None:
    bits, cut = WIDE[kind]
    random = np.random.default_rng(4)
    source = random.integers(-(2**31), 2**31, (30000, 2), dtype=np.int64).astype(np.int32) >> cut << cut
    found, master = imported(write_sound_file(tmp_path / kind, source, kind))
    assert found.sound.bits == bits
    assert np.array_equal(whole(found, master), source)


def test_floating_point_keeps_24_bits_and_clips_what_is_too_loud(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    steps = random.integers(-(2**23), 2**23, (30000, 1))
    source = (steps / 2**23).astype(np.float32)
    source[100] = 1.7
    source[101] = -1.7
    found, master = imported(write_sound_file(tmp_path / "f32.wav", source, "f32.wav"))
    assert found.sound.bits == 24
    expected = steps << 8
    expected[100], expected[101] = (2**31 - 1) >> 8 << 8, -(2**31)
    assert np.array_equal(whole(found, master), expected)


def test_alac_is_lossless_too(tmp_path: Path) -> None:
    source = speechlike(50000, 2).astype(np.int32) << 16
    found, master = imported(write_sound_file(tmp_path / "a.m4a", source, "alac.m4a"))
    assert found.source_format == "mov/alac"
    assert np.array_equal(whole(found, master), source)


@pytest.mark.parametrize(
    ("kind", "rate_hz", "channels", "source_format", "count"),
    [
        ("mp3.mp3", 44100, 1, "mp3/mp3float", "same"),
        ("mp3.mp3", 16000, 2, "mp3/mp3float", "same"),
        ("opus.opus", 48000, 1, "ogg/opus", "same"),
        ("opus.ogg", 48000, 2, "ogg/opus", "same"),
        ("webm.webm", 48000, 1, "matroska/opus", "same"),
        ("aac.m4a", 44100, 1, "mov/aac", 1024),
        ("aac.m4a", 48000, 2, "mov/aac", 1024),
        ("vorbis.ogg", 44100, 2, "ogg/vorbis", 64),
    ],
)
def test_lossy_sources_come_in_place_without_their_priming(
    tmp_path: Path, kind: str, rate_hz: int, channels: int, source_format: str, count: str | int
) -> None:
    """The counts are what ffmpeg's command line decodes: exact, or filled up to the last frame."""
    source = speechlike(rate_hz * SECONDS + 777, channels, rate_hz)
    found, master = imported(write_sound_file(tmp_path / kind, source, kind, rate_hz))
    assert found.source_format == source_format
    assert (found.sound.rate_hz, found.sound.channels, found.sound.bits) == (rate_hz, channels, 16)
    step = count if isinstance(count, int) else 1
    assert found.sound.samples == -(-len(source) // step) * step
    assert shift(whole(found, master), source, around=1200) == 0 or rate_hz == 16000


@pytest.mark.parametrize(("kind", "codec"), [("wma.wma", "asf/wmav2"), ("aac.aac", "aac/aac")])
def test_sources_without_exact_ends_come_within_their_frames(tmp_path: Path, kind: str, codec: str) -> None:
    source = speechlike(44100 * SECONDS, 1, 44100)
    found, _ = imported(write_sound_file(tmp_path / kind, source, kind, 44100))
    assert found.source_format == codec
    assert abs(found.sound.samples - len(source)) <= 2 * 2048


def test_amr_comes_in_at_20_ms_a_frame(tmp_path: Path) -> None:
    found, master = imported(write_amr(tmp_path / "call.amr", frames=75))
    assert found.source_format == "amr/amrnb"
    assert (found.sound.rate_hz, found.sound.samples) == (8000, 75 * 160)
    assert len(whole(found, master)) == 75 * 160


@pytest.mark.parametrize("kind", FILMS)
def test_the_sound_of_a_film_is_taken_and_the_pictures_are_passed_over(tmp_path: Path, kind: str) -> None:
    source = speechlike(48000 * SECONDS, 2)
    found, master = imported(write_film(tmp_path / kind, source, kind))
    assert found.source_format.endswith("/aac")
    assert abs(found.sound.samples - len(source)) <= 1024
    assert shift(whole(found, master), source, around=1200) == 0


@pytest.mark.parametrize("flags", ["faststart", "frag_keyframe+empty_moov", "frag_every_frame+delay_moov"])
def test_mp4_with_its_index_elsewhere(tmp_path: Path, flags: str) -> None:
    source = speechlike(44100 * SECONDS, 1, 44100)
    options = {"movflags": flags}
    found, _ = imported(write_sound_file(tmp_path / "a.m4a", source, "aac.m4a", 44100, options))
    assert abs(found.sound.samples - len(source)) <= 2 * 1024


def test_the_name_does_not_matter(tmp_path: Path) -> None:
    source = speechlike(20000)
    path = write_sound_file(tmp_path / "a.wav", source, "s16.flac")
    assert imported(path)[0].source_format == "flac/flac"


def test_a_change_of_rate_and_channels_on_the_way_is_converted(tmp_path: Path) -> None:
    first = write_sound_file(tmp_path / "1.aac", speechlike(44100, 1, 44100), "aac.aac", 44100)
    second = write_sound_file(tmp_path / "2.aac", speechlike(96000, 2, 48000), "aac.aac", 48000)
    both = tmp_path / "both.aac"
    both.write_bytes(first.read_bytes() + second.read_bytes())
    found, master = imported(both)
    assert (found.sound.rate_hz, found.sound.channels) == (44100, 1)
    assert found.sound.samples == pytest.approx(3 * 44100, abs=5000)
    decoded = whole(found, master)
    assert np.abs(decoded[44100 * 2 :]).max() > 3000


@pytest.mark.parametrize("between", [b"", b"TAG" + bytes(125), b"ID3\x03\0\0\0\0\x04\0" + bytes(512)])
def test_joined_mp3_files_with_their_tags_are_one_recording(tmp_path: Path, between: bytes) -> None:
    one = write_sound_file(tmp_path / "1.mp3", speechlike(44100, 1, 44100), "mp3.mp3", 44100).read_bytes()
    both = tmp_path / "both.mp3"
    both.write_bytes(one + between + one + b"TAG" + bytes(125))
    found, _ = imported(both)
    assert found.sound.samples == pytest.approx(2 * 44100, abs=4000)


def test_progress_rises_to_the_end_and_nothing_else_is_written(tmp_path: Path) -> None:
    path = write_sound_file(tmp_path / "a.m4a", speechlike(48000 * 20), "s16.wav")
    seen: list[int] = []
    before = sorted(tmp_path.iterdir())
    import_sound(path, io.BytesIO(), seen.append, lambda: False)
    assert seen == sorted(seen)
    assert seen[-1] == 1000
    assert len(set(seen)) > 5
    assert sorted(tmp_path.iterdir()) == before


def test_the_master_is_a_flac_stream_that_others_can_read(tmp_path: Path) -> None:
    source = speechlike(50000, 2)
    _, master = imported(write_sound_file(tmp_path / "a.wav", source, "s16.wav"))
    with av.open(master, format="flac") as container:
        decoded = [frame.to_ndarray().reshape(-1, 2) for frame in container.decode(audio=0)]
    assert np.array_equal(np.concatenate(decoded), source)


def test_kinds_are_all_tried() -> None:
    tried = {*LOSSLESS, *WIDE, "f32.wav", "alac.m4a", "mp3.mp3", "opus.opus", "opus.ogg", "webm.webm"}
    assert tried | {"aac.m4a", "vorbis.ogg", "wma.wma", "aac.aac"} == set(KINDS)
