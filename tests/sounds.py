"""Sound files for tests, made on the spot: any container and codec PyAV writes, and a hand-made AMR."""

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from supervise.audio.flac import FlacWriter
from supervise.audio.importing import Imported, import_sound
from supervise.audio.master import MasterReader
from supervise.domain.session import SoundFacts

AMR_FRAME = bytes.fromhex("3c91171624be6f1b4000000000000000000000000000000000000000000000cc")
KINDS = {
    "s16.wav": ("wav", "pcm_s16le", "s16"),
    "s24.wav": ("wav", "pcm_s24le", "s32"),
    "s32.wav": ("wav", "pcm_s32le", "s32"),
    "f32.wav": ("wav", "pcm_f32le", "flt"),
    "s16.flac": ("flac", "flac", "s16"),
    "mp3.mp3": ("mp3", "libmp3lame", "fltp"),
    "aac.m4a": ("ipod", "aac", "fltp"),
    "alac.m4a": ("ipod", "alac", "s16p"),
    "aac.aac": ("adts", "aac", "fltp"),
    "vorbis.ogg": ("ogg", "vorbis", "fltp"),
    "opus.opus": ("opus", "libopus", "flt"),
    "opus.ogg": ("ogg", "libopus", "flt"),
    "wma.wma": ("asf", "wmav2", "fltp"),
    "webm.webm": ("webm", "libopus", "flt"),
    "aiff.aiff": ("aiff", "pcm_s16be", "s16"),
    "caf.caf": ("caf", "pcm_s16le", "s16"),
}
FILMS = {"film.mp4": "mp4", "film.mov": "mov", "film.mkv": "matroska"}


def speechlike(frames: int, channels: int = 1, rate_hz: int = 48000, seed: int = 1) -> npt.NDArray[np.int16]:
    """Tones, noise and silences that no codec finds trivial; (frames, channels)."""
    random = np.random.default_rng(seed)
    time = np.arange(frames) / rate_hz
    columns = []
    for channel in range(channels):
        tone = np.sin(2 * np.pi * (180 + 70 * channel) * time) * np.clip(np.sin(2 * np.pi * 1.3 * time), 0, 1)
        columns.append(9000 * tone + random.normal(0, 150, frames))
    return np.stack(columns, axis=1).round().astype(np.int16)


def _frames(sound: npt.NDArray[np.generic], sample_format: str, rate_hz: int) -> list[av.AudioFrame]:
    layout = {1: "mono", 2: "stereo", 4: "quad", 6: "5.1"}[sound.shape[1]]
    made = []
    for start in range(0, len(sound), 4096):
        part = np.ascontiguousarray(sound[start : start + 4096])
        frame = av.AudioFrame.from_ndarray(part.reshape(1, -1), sample_format, layout)
        frame.sample_rate, frame.time_base, frame.pts = rate_hz, Fraction(1, rate_hz), start
        made.append(frame)
    return made


def write_sound_file(
    path: Path,
    sound: npt.NDArray[np.generic],
    kind: str,
    rate_hz: int = 48000,
    options: dict[str, str] | None = None,
) -> Path:
    """Encode (frames, channels) int16, full-scale int32 or float32 as one of KINDS (or `kind` of it)."""
    container_format, codec, _ = KINDS[kind]
    sample_format = {"i": {2: "s16", 4: "s32"}, "f": {4: "flt"}}[sound.dtype.kind][sound.dtype.itemsize]
    with path.open("wb") as file, av.open(file, "w", format=container_format, options=options or {}) as out:
        frames = _frames(sound, sample_format, rate_hz)
        stream = out.add_stream(codec, rate=rate_hz, layout=frames[0].layout.name)
        if codec == "vorbis":
            stream.codec_context.options = {"strict": "experimental"}
        if codec == "wmav2":
            stream.bit_rate = 64000
        for frame in [*frames, None]:
            out.mux(stream.encode(frame))
    return path


def write_film(path: Path, sound: npt.NDArray[np.int16] | None, kind: str, rate_hz: int = 48000) -> Path:
    """Write a film of one second a 25 frames with AAC sound, or without any."""
    with path.open("wb") as file, av.open(file, "w", format=FILMS[kind]) as out:
        pictures = out.add_stream("mpeg4", rate=25)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
        frames = _frames(sound, "s16", rate_hz) if sound is not None else []
        stream = out.add_stream("aac", rate=rate_hz, layout=frames[0].layout.name) if frames else None
        seconds = max(1, len(frames) * 4096 // rate_hz)
        for number in range(25 * seconds):
            picture = av.VideoFrame.from_ndarray(
                np.full((48, 64, 3), number * 9 % 255, np.uint8), format="rgb24"
            )
            picture.pts = number
            out.mux(pictures.encode(picture))
        out.mux(pictures.encode(None))
        for frame in [*frames, None] if stream is not None else []:
            out.mux(stream.encode(frame))
    return path


def write_amr(path: Path, frames: int = 50) -> Path:
    """Write AMR narrow-band (RFC 4867): 20 ms a frame at 12.2 kbit/s."""
    path.write_bytes(b"#!AMR\n" + AMR_FRAME * frames)
    return path


def imported(path: Path) -> tuple[Imported, io.BytesIO]:
    """Import a file; returns what was found and the master as a stream at its start."""
    master = io.BytesIO()
    found = import_sound(path, master, lambda permille: None, lambda: False)
    master.seek(0)
    return found, master


def whole(found: Imported, master: io.BytesIO) -> npt.NDArray[np.signedinteger]:
    """Return every frame of an imported master."""
    reader = MasterReader(master, found.sound)
    return reader.read(0, found.sound.samples)


def kept(sound: npt.NDArray[np.signedinteger], rate_hz: int = 16000) -> tuple[io.BytesIO, SoundFacts]:
    """Return (frames, channels) int16 or full-scale int32 as a master and its facts."""
    bits = 8 * sound.dtype.itemsize
    master = io.BytesIO()
    frames = _frames(sound, f"s{bits}", rate_hz)
    writer = FlacWriter(master, rate_hz, frames[0].layout, bits)
    for frame in frames:
        writer.write(frame)
    writer.finish()
    master.seek(0)
    duration_ms = round(len(sound) * 1000 / rate_hz)
    return master, SoundFacts(len(sound), rate_hz, sound.shape[1], duration_ms, "0" * 64, bits)
