"""Makes resources/demo from demo_script.toml: the sound, spoken by two offline voices, and its truth.

Needs `flite` (apt install flite). The same script, flite and FFmpeg give the same bytes again.
Run it with the project's Python: `python scripts/make_demo_session.py`.
"""

import io
import json
import re
import subprocess
import tomllib
import wave
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

RATE_HZ = 16_000
PAUSE_MS = 1_000
NOISE_DBFS = -60.0
PEAK_DBFS = -3.0
QUIET_DBFS = -48.0
TAIL_MS = 1_600
SEED = 20_261_101
ROOT = Path(__file__).parents[1]
TARGET = ROOT / "resources" / "demo"
LICENCE = "Script and sample moments: CC0-1.0. Voices: flite 2.2, CMU (see README.md beside this file)."

Samples = npt.NDArray[np.float64]
Json = dict[str, Any]


def speak(text: str, voice: Json) -> Samples:
    """Return the text as spoken by the voice (-1..1, 16 kHz), without the quiet at both ends."""
    stretch = f"duration_stretch={voice['stretch']}"
    command = ["flite", "-voice", voice["flite"], "--setf", stretch, "-t", text, "-o", "/dev/stdout"]
    said = subprocess.run(command, check=True, capture_output=True).stdout
    with wave.open(io.BytesIO(said)) as file:
        if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE_HZ, 1, 2):
            raise ValueError("flite answered in another format")
        frames = file.readframes(file.getnframes())
    sound = np.frombuffer(frames, "<i2").astype(np.float64) / 32_768
    loud = np.flatnonzero(np.abs(sound) > 10 ** (QUIET_DBFS / 20))
    sound = sound[loud[0] : loud[-1] + 1]
    level = np.sqrt(np.mean(sound**2))
    return np.asarray(sound * (0.07 / level) * 10 ** (voice["gain_db"] / 20))


def in_samples(ms: int) -> int:
    """Return the number of samples in `ms`."""
    return ms * RATE_HZ // 1_000


def render(script: Json) -> tuple[Samples, list[Json]]:
    """Return the whole sound and each piece with its times in milliseconds."""
    parts: list[Samples] = []
    pieces: list[Json] = []
    at_ms = 0
    for piece in script["piece"]:
        sound = speak(piece["text"], script["voices"][piece["speaker"]] | piece)
        long_ms = -(-len(sound) * 1_000 // RATE_HZ)
        start_ms = at_ms + piece["before_ms"]
        at_ms = start_ms + long_ms
        parts += [np.zeros(in_samples(piece["before_ms"])), sound, np.zeros(in_samples(long_ms) - len(sound))]
        pieces.append({**piece, "start_ms": start_ms, "end_ms": at_ms})
    parts.append(np.zeros(in_samples(TAIL_MS)))
    speech = np.concatenate(parts)
    return speech + room(len(speech)), pieces


def room(length: int) -> Samples:
    """Return the sound of a still room: noise that falls towards the high frequencies, about -60 dBFS."""
    white = np.random.default_rng(SEED).standard_normal(length)
    spectrum = np.fft.rfft(white)
    hz = np.fft.rfftfreq(length, 1 / RATE_HZ)
    brown = np.fft.irfft(spectrum / np.maximum(hz, 60.0), length)
    return np.asarray(brown / np.sqrt(np.mean(brown**2)) * 10 ** (NOISE_DBFS / 20))


def whole_numbers(sound: Samples) -> npt.NDArray[np.int16]:
    """Return the sound as 16-bit samples, its loudest at -3 dBFS at most."""
    peak = np.max(np.abs(sound))
    scale = min(1.0, 10 ** (PEAK_DBFS / 20) / peak)
    return np.round(sound * scale * 32_767).astype(np.int16)


def write_flac(samples: npt.NDArray[np.int16], target: Path) -> None:
    """Write the samples as FLAC, mono, 16 kHz."""
    with av.open(str(target), "w", format="flac") as container:
        stream = container.add_stream("flac", rate=RATE_HZ, layout="mono", format="s16")
        stream.options = {"compression_level": "8"}
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.rate = RATE_HZ
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def turns_of(pieces: list[Json]) -> list[Json]:
    """Return the turns: consecutive pieces of one speaker."""
    turns: list[Json] = []
    for piece in pieces:
        part = {name: piece[name] for name in ("start_ms", "end_ms", "text")}
        if turns and turns[-1]["speaker"] == piece["speaker"]:
            turns[-1]["pieces"].append(part)
        else:
            turns.append({"speaker": piece["speaker"], "pieces": [part]})
    return [
        {
            "speaker": turn["speaker"],
            "start_ms": turn["pieces"][0]["start_ms"],
            "end_ms": turn["pieces"][-1]["end_ms"],
            "text": " ".join(part["text"] for part in turn["pieces"]),
            "pieces": turn["pieces"],
        }
        for turn in turns
    ]


def pauses_of(pieces: list[Json], duration_ms: int) -> list[Json]:
    """Return the stretches of a second or more in which nobody speaks."""
    ends = [0, *(piece["end_ms"] for piece in pieces)]
    starts = [*(piece["start_ms"] for piece in pieces), duration_ms]
    quiet = zip(ends, starts, strict=True)
    return [{"start_ms": end, "end_ms": start} for end, start in quiet if start - end >= PAUSE_MS]


def moments_of(script: Json, pieces: list[Json]) -> list[Json]:
    """Return the sample moments with their marks turned into times."""
    by_id = {piece["id"]: piece for piece in pieces}

    def at(mark: str) -> int:
        piece, _, side = mark.partition(".")
        return int(by_id[piece][f"{side}_ms"])

    moments = []
    for moment in script["moment"]:
        codes = [
            {"code": entry["code"], "ratings": {name: entry[name] for name in entry if name != "code"}}
            for entry in moment["codes"]
        ]
        end_ms = at(moment["until"]) if "until" in moment else None
        moments.append(
            {"start_ms": at(moment["from"]), "end_ms": end_ms, "codes": codes, "note": moment["note"]}
        )
    return sorted(moments, key=lambda moment: moment["start_ms"])


def main() -> None:
    """Make session.flac and truth.json anew and print what they hold."""
    script = tomllib.loads((Path(__file__).parent / "demo_script.toml").read_text(encoding="utf-8"))
    sound, pieces = render(script)
    samples = whole_numbers(sound)
    duration_ms = len(samples) * 1_000 // RATE_HZ
    TARGET.mkdir(parents=True, exist_ok=True)
    write_flac(samples, TARGET / "session.flac")
    truth = {
        "language": "en",
        "rate_hz": RATE_HZ,
        "samples": len(samples),
        "duration_ms": duration_ms,
        "voices": {name: f"flite {voice['flite']}" for name, voice in script["voices"].items()},
        "licence": LICENCE,
        "turns": turns_of(pieces),
        "pauses": pauses_of(pieces, duration_ms),
        "moments": moments_of(script, pieces),
    }
    text = json.dumps(truth, indent=1, ensure_ascii=False)
    (TARGET / "truth.json").write_text(f"{text}\n", encoding="utf-8")
    words = sum(len(re.findall(r"[\w']+", turn["text"])) for turn in truth["turns"])
    size_kb = (TARGET / "session.flac").stat().st_size // 1_024
    still = samples[: in_samples(script["piece"][0]["before_ms"])] / 32_768
    room_dbfs = 20 * np.log10(np.sqrt(np.mean(still**2)))
    print(f"{duration_ms / 1_000:.1f} s, {len(truth['turns'])} turns, {words} words, {size_kb} kB")
    print(f"room {room_dbfs:.1f} dBFS, peak {np.max(np.abs(samples)) / 32_768:.2f}")


if __name__ == "__main__":
    main()
