"""Import of a two-hour recording: seconds of sound for each second of CPU time, everything included.

A child process is started, hashes the file, has it decoded by one of its own, as the program does, writes the
FLAC master through a SealedWriter to a file, makes the peaks and seals them too; the whole CPU time of both
counts (user and system, all threads). The M4A is made on the spot from real speech, cut and mixed anew every
20 s. Prints one JSON line.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
SPEECH = (ROOT.parent / "shared" / "speech", ROOT / "resources" / "demo")
SECONDS = int(os.environ.get("SUPERVISE_BENCH_SECONDS", "7200"))
PIECE_S = 20
IMPORT = """
import os, sys
from pathlib import Path
from supervise.audio.apart import decoded_apart
from supervise.audio.importing import import_sound
from supervise.crypto.sealed import SealedWriter
source, folder = Path(sys.argv[1]), Path(sys.argv[2])
def sealed(name):
    return SealedWriter((folder / name).open("wb", buffering=0), os.urandom(32), name)
with sealed("master") as master:
    found = import_sound(source, master, lambda permille: None, lambda: False, decoded_apart)
with sealed("peaks") as peaks:
    peaks.write(found.peaks)
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
peak_kb = next((line.split()[1] for line in lines if line.startswith("VmHWM")), 0)
print(found.sound.samples, found.sound.rate_hz, peak_kb)
"""


def voices(rate_hz):
    """Decode the speech there is to mono int16 at one rate."""
    folder = next(place for place in SPEECH if place.is_dir() and list(place.glob("*.flac")))
    found = []
    for path in sorted(folder.glob("*.flac")):
        with av.open(str(path)) as container:
            resampler = av.AudioResampler("s16", "mono", rate_hz)
            frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
            frames += resampler.resample(None)
            found.append(np.concatenate([frame.to_ndarray()[0] for frame in frames]))
    return found


def piece(found, frames, random):
    """Cut a piece anywhere, at a level and with a hiss of its own."""
    voice = found[random.integers(len(found))]
    start = int(random.integers(0, max(1, len(voice) - frames)))
    cut = np.zeros(frames)
    part = voice[start : start + frames]
    cut[: len(part)] = part
    loud = cut * random.uniform(0.4, 1.1) + random.normal(0, 30, frames)
    return np.clip(loud, -32768, 32767).astype(np.int16)


def make_m4a(path, rate_hz, channels, bit_rate):
    """Encode two hours of speech as AAC."""
    random, found = np.random.default_rng(1), voices(rate_hz)
    layout = {1: "mono", 2: "stereo"}[channels]
    with av.open(str(path), "w", format="ipod") as out:
        stream = out.add_stream("aac", rate=rate_hz, layout=layout)
        stream.bit_rate = bit_rate
        for start in range(0, SECONDS, PIECE_S):
            pieces = [piece(found, PIECE_S * rate_hz, random) for _ in range(channels)]
            packed = np.ascontiguousarray(np.stack(pieces, axis=1)).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(packed, "s16", layout)
            frame.sample_rate, frame.time_base, frame.pts = rate_hz, Fraction(1, rate_hz), start * rate_hz
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def measure(path, folder):
    """Import it in a process of its own; returns figures."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    answer = subprocess.run(
        [sys.executable, "-c", IMPORT, path, folder],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    )
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    samples, rate_hz, peak_kb = map(int, answer.stdout.split())
    seconds = samples / rate_hz
    return {
        "seconds": round(seconds),
        "source_mb": round(path.stat().st_size / 1e6, 1),
        "master_mb": round((folder / "master").stat().st_size / 1e6, 1),
        "cpu_s": round(cpu, 2),
        "wall_s": round(wall, 2),
        "peak_mb": round(peak_kb / 1024),
        "x_real_time_cpu": round(seconds / cpu),
    }


def main():
    """Measure mono 44.1 kHz 64 kbit/s (the target) and stereo 48 kHz 128 kbit/s beside it."""
    kinds = {"m4a_mono_44100": (44100, 1, 64000), "m4a_stereo_48000": (48000, 2, 128000)}
    result = {"benchmark": "import_speed", "target_x_real_time_cpu": 250}
    shm = Path("/dev/shm")  # noqa: S108 - synthetic input, kept in memory where that is possible
    for name, (rate_hz, channels, bit_rate) in kinds.items():
        with tempfile.TemporaryDirectory(dir=shm if shm.is_dir() else None) as folder:
            path = Path(folder) / "source.m4a"
            make_m4a(path, rate_hz, channels, bit_rate)
            result[name] = measure(path, Path(folder))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
