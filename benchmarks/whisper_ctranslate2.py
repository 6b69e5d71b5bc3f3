"""Transcription against whisper-ctranslate2, the quickest open command line: CPU, memory, words wrong.

Run: python benchmarks/whisper_ctranslate2.py [--sounds ../shared/speech]. It transcribes three files with the
same `base` model, word times and its own voice activity filter, in a process of its own; ours is the child
engine with default settings. Starting and loading count for both. One JSON line.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from transcription import FILES, ROOT, judged, run_ours

from supervise.domain.transcript import TranscribeSettings

MODEL = ROOT / "models" / "whisper" / "base"


def theirs(sounds: Path, folder: Path) -> tuple[float, int]:
    """Run the command line once over all files and return CPU seconds and peak MB; texts go to `folder`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [str(Path(sys.executable).with_name("whisper-ctranslate2"))]
    command += [str(sounds / f"{name}.flac") for name in FILES]
    command += ["--model_directory", str(MODEL), "--language", "en", "--compute_type", "int8"]
    command += ["--word_timestamps", "True", "--vad_filter", "True", "--output_format", "txt"]
    command += ["--output_dir", str(folder)]
    own = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environment = {**own, "HF_HUB_OFFLINE": "1", "ORT_DISABLE_TELEMETRY": "1"}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu_s, after.ru_maxrss // 1024


def main() -> None:
    """Measure both and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sounds", type=Path, default=ROOT.parent / "shared" / "speech")
    sounds = parser.parse_args().sounds
    with tempfile.TemporaryDirectory() as folder:
        their_cpu_s, their_mb = theirs(sounds, Path(folder))
        texts = {name: (Path(folder) / f"{name}.txt").read_text(encoding="utf-8") for name in FILES}
    mine, our_mb = run_ours(MODEL, sounds, TranscribeSettings(language="en"))
    our_cpu_s = sum(entry["cpu_s"] for entry in mine.values())
    found = {
        "benchmark": "whisper_ctranslate2",
        "their_cpu_s": round(their_cpu_s, 1),
        "their_mb": their_mb,
        "their_errors": sum(judged(name, [(text, 0.0)], sounds)["errors"] for name, text in texts.items()),
        "our_cpu_s": round(our_cpu_s, 1),
        "our_child_mb": round(our_mb),
        "our_errors": sum(judged(name, mine[name]["words"], sounds)["errors"] for name in FILES),
        "cpu_ratio": round(our_cpu_s / their_cpu_s, 3),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
