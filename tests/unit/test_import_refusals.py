"""What cannot be taken in is refused in a sentence that says what to do; nothing else is ever opened."""

import errno
import io
import os
import random
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sounds import KINDS, imported, speechlike, write_amr, write_film, write_sound_file
from supervise.audio.importing import import_sound, source_sha256
from supervise.domain.errors import CancelledError, NoSpaceError, NotReadableError

RATE = 44100


def refusal(path: Path) -> str:
    with pytest.raises(NotReadableError) as caught:
        imported(path)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert str(path) not in sentence
    return sentence


def example(folder: Path, kind: str) -> Path:
    rate_hz = 48000 if "opus" in kind or "webm" in kind else RATE
    return write_sound_file(folder / kind, speechlike(rate_hz, 2, rate_hz), kind, rate_hz)


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("examples")
    made = {kind: example(folder, kind).read_bytes() for kind in KINDS}
    made["film.mkv"] = write_film(folder / "f", speechlike(RATE, 1, RATE), "film.mkv", RATE).read_bytes()
    made["film.mov"] = write_film(folder / "f", speechlike(RATE, 1, RATE), "film.mov", RATE).read_bytes()
    return made


@pytest.mark.parametrize("kind", sorted({*KINDS, "film.mkv", "film.mov"} - {"aac.aac"}))
def test_a_file_cut_anywhere_is_refused(tmp_path: Path, examples: dict[str, bytes], kind: str) -> None:
    data = examples[kind]
    path = tmp_path / kind
    lengths = random.Random(kind)
    for length in [1, 4, 11, 12, 44, 100, len(data) - 1, *lengths.sample(range(1, len(data)), 25)]:
        path.write_bytes(data[:length])
        sentence = refusal(path)
        assert length < 3000 or "cut short" in sentence, length


def test_a_cut_amr_or_adts_is_refused_where_it_shows(tmp_path: Path, examples: dict[str, bytes]) -> None:
    """They are frames and nothing else: a cut between two frames makes a shorter file that is whole."""
    amr = write_amr(tmp_path / "a.amr").read_bytes()
    path = tmp_path / "cut"
    path.write_bytes(amr[:-7])
    assert "cut short" in refusal(path)
    path.write_bytes(examples["aac.aac"][:-100])
    assert "cut short" in refusal(path)


@pytest.mark.parametrize("kind", ["s16.flac", "opus.opus", "vorbis.ogg"])
def test_any_flipped_bit_is_noticed_where_the_file_has_checksums(
    tmp_path: Path, examples: dict[str, bytes], kind: str
) -> None:
    data = examples[kind]
    path = tmp_path / kind
    flips = random.Random(kind)
    for _ in range(25):
        place = flips.randrange(len(data) // 8, len(data))
        damaged = bytearray(data)
        damaged[place] ^= 1 << flips.randrange(8)
        path.write_bytes(damaged)
        sentence = refusal(path)
        assert "damaged" in sentence or "cut short" in sentence


@pytest.mark.parametrize(
    "kind", ["aac.m4a", "mp3.mp3", "webm.webm", "film.mkv", "opus.ogg", "wma.wma", "aac.aac", "s16.flac"]
)
def test_a_hole_in_the_middle_is_named(tmp_path: Path, examples: dict[str, bytes], kind: str) -> None:
    damaged = bytearray(examples[kind])
    middle = len(damaged) // 2
    damaged[middle : middle + 2000] = bytes(2000)
    path = tmp_path / kind
    path.write_bytes(damaged)
    assert "damaged" in refusal(path)


def test_empty_and_not_sound(tmp_path: Path) -> None:
    path = tmp_path / "session.wav"
    path.write_bytes(b"")
    assert "empty" in refusal(path)
    path.write_text("Dear diary, this is not a recording.\n" * 500)
    assert "not a sound recording" in refusal(path)
    path.write_bytes(random.Random(3).randbytes(300_000))
    refusal(path)
    path.write_bytes(bytes(300_000))
    refusal(path)
    path.write_bytes(b"%PDF-1.7\n" + bytes(5000))
    assert "not a sound recording" in refusal(path)


def test_a_film_without_sound(tmp_path: Path) -> None:
    for kind in ("film.mp4", "film.mkv"):
        assert "holds no sound" in refusal(write_film(tmp_path / kind, None, kind))


def test_a_header_without_any_sound(tmp_path: Path) -> None:
    path = write_sound_file(tmp_path / "a.wav", speechlike(100), "s16.wav")
    head = path.read_bytes().partition(b"data")[0]
    path.write_bytes(head + b"data" + bytes(4))
    refusal(path)


@pytest.mark.parametrize("entry", [b"drms", b"enca"])
def test_protected_sound_is_named_as_such(tmp_path: Path, entry: bytes) -> None:
    path = write_sound_file(tmp_path / "song.m4p", speechlike(RATE, 1, RATE), "aac.m4a", RATE)
    path.write_bytes(path.read_bytes().replace(b"mp4a", entry, 1))
    assert "copy-protected" in refusal(path)


def test_protected_films_and_windows_media_are_named_too(tmp_path: Path, examples: dict[str, bytes]) -> None:
    path = write_film(tmp_path / "film.mp4", speechlike(48000), "film.mp4")
    path.write_bytes(path.read_bytes().replace(b"mp4v", b"encv", 1))
    assert "copy-protected" in refusal(path)
    data = examples["wma.wma"]
    extension = bytes.fromhex("b503bf5f2ea9cf118ee300c00c205365")
    protection = bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e")
    assert extension in data
    path.write_bytes(data.replace(extension, protection, 1))
    assert "copy-protected" in refusal(path)


def test_folders_pipes_and_missing_files(tmp_path: Path) -> None:
    assert "folder" in refusal(tmp_path)
    assert "no such file" in refusal(tmp_path / "gone.wav")
    pipe = tmp_path / "pipe.wav"
    os.mkfifo(pipe)
    assert "ordinary file" in refusal(pipe)
    assert "ordinary file" in refusal(Path(os.devnull))
    with pytest.raises(NotReadableError):
        source_sha256(pipe)
    refusal(tmp_path / ("n" * 300))


@contextmanager
def nobody() -> Iterator[None]:
    """Give up root's right to read everything, where the tests run as root."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    yield
    os.seteuid(before)


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = write_sound_file(tmp_path / "a.wav", speechlike(100), "s16.wav")
    path.chmod(0)
    with nobody():
        sentence = refusal(path)
    assert "may not be read" in sentence


LISTS = {
    "list.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{}\n#EXT-X-ENDLIST\n",
    "list.ffconcat": "ffconcat version 1.0\nfile '{}'\n",
    "list.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
    "m=audio 5004 RTP/AVP 0\na={}\n",
    "list.mpd": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period>'
    "<AdaptationSet><Representation><BaseURL>{}</BaseURL></Representation></AdaptationSet></Period></MPD>",
    "list.wav": "#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/{}\n",
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_that_point_elsewhere_are_not_followed(tmp_path: Path, name: str) -> None:
    secret = write_sound_file(tmp_path / "secret.wav", speechlike(20000), "s16.wav")
    path = tmp_path / name
    path.write_text(LISTS[name].format(secret))
    assert "not a sound recording" in refusal(path)


def test_more_channels_than_flac_holds(tmp_path: Path) -> None:
    path = write_sound_file(tmp_path / "a.wav", speechlike(1000, 2), "s16.wav")
    data = bytearray(path.read_bytes())
    data[22:24] = (10).to_bytes(2, "little")
    data[32:34] = (20).to_bytes(2, "little")
    path.write_bytes(data)
    assert "channels" in refusal(path)


def test_it_stops_when_cancelled(tmp_path: Path) -> None:
    path = write_sound_file(tmp_path / "a.m4a", speechlike(RATE * 20, 1, RATE), "aac.m4a", RATE)
    seen: list[int] = []
    with pytest.raises(CancelledError):
        import_sound(path, io.BytesIO(), seen.append, lambda: len(seen) >= 2)
    assert len(seen) == 2
    with pytest.raises(CancelledError):
        import_sound(path, io.BytesIO(), seen.append, lambda: True)


class FullDisk(io.RawIOBase):
    """Takes a little and then fails as a full disk does."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.room = 20_000
        self.error = error

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.room -= len(data)
        if self.room < 0:
            raise self.error
        return len(data)


@pytest.mark.parametrize("error", [NoSpaceError("full"), OSError(errno.ENOSPC, "no space")])
def test_a_full_disk_is_said(tmp_path: Path, error: Exception) -> None:
    path = write_sound_file(tmp_path / "a.wav", speechlike(RATE * 5, 1, RATE), "s16.wav", RATE)
    with pytest.raises(NoSpaceError):
        import_sound(path, FullDisk(error), lambda permille: None, lambda: False)


def test_a_file_that_grows_meanwhile_is_refused(tmp_path: Path) -> None:
    path = write_sound_file(tmp_path / "a.mp3", speechlike(RATE * 5, 1, RATE), "mp3.mp3", RATE)

    def grow(permille: int) -> None:
        with path.open("ab") as file:
            file.write(b"more")

    with pytest.raises(NotReadableError, match="changed while"):
        import_sound(path, io.BytesIO(), grow, lambda: False)


@pytest.mark.parametrize("rate_hz", [1, 10, 1990])
def test_a_rate_that_holds_no_speech_is_refused_before_it_becomes_days(tmp_path: Path, rate_hz: int) -> None:
    """200 kB at 1 Hz would be 55 hours to transcribe."""
    path = tmp_path / "slow.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(rate_hz)
        file.writeframes(bytes(200_000))
    assert f"sample rate of {rate_hz} Hz" in refusal(path)
