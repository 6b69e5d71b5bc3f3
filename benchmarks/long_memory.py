"""Memory of transcribing two hours of talk: parent and child together, over the loaded model.

Run: python benchmarks/long_memory.py [--hours 2]. The talk is the test clips over and over with pauses of
changing length. "Over the loaded model" takes off what parent and child hold when the model is loaded and
nothing has been heard; the whole sum is given beside it.
"""

import argparse
import json
import time
from pathlib import Path

import av
import numpy as np

from supervise.domain.transcript import TranscribeSettings
from supervise.speech.engine import ChildEngine, Failed, Finished, WindowResult

ROOT = Path(__file__).resolve().parent.parent
RATE = 16000


def held_mb(pid, field="VmRSS"):
    """Return what a process holds now (VmRSS) or held at most (VmHWM), in MB; 0 when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        return int(status.split(f"{field}:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        return 0.0


def talk(hours):
    """Yield the clips over and over, a second at a time."""
    random = np.random.default_rng(4)
    parts = []
    for name in ("two_turns", "exact_words"):
        with av.open(str(ROOT / f"tests/data/speech/{name}.flac")) as container:
            clip = np.concatenate([f.to_ndarray().reshape(-1) for f in container.decode(audio=0)])
        parts.append(clip.astype(np.float32) / 32768)
    left = int(hours * 3600 * RATE)
    while left > 0:
        for part in parts:
            silence = random.normal(0, 0.0005, int(random.choice([0.5, 1.5, 4, 20]) * RATE))
            sound = np.concatenate([part, silence.astype(np.float32)])[: max(0, left)]
            left -= len(sound)
            for at in range(0, len(sound), RATE):
                yield sound[at : at + RATE]


def main():
    """Print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=2)
    parser.add_argument("--model", type=Path, default=ROOT / "models/whisper/base")
    chosen = parser.parse_args()
    duration_ms = int(chosen.hours * 3_600_000)
    parent_mb = held_mb("self")
    started = time.monotonic()
    run = ChildEngine().transcribe(talk(chosen.hours), duration_ms, TranscribeSettings(), chosen.model)
    loaded_mb = peak_mb = 0.0
    windows = words = 0
    while run.wait(0.2) or run.running:
        together = held_mb("self") + held_mb(run.child_pid or 0)
        peak_mb = max(peak_mb, together)
        for event in run.poll():
            if isinstance(event, Failed):
                raise event.error
            if isinstance(event, WindowResult):
                windows, words = windows + 1, words + len(event.words)
                loaded_mb = loaded_mb or together
            if isinstance(event, Finished):
                line = {"benchmark": "two-hour memory", "hours": chosen.hours, "windows": windows}
                line |= {
                    "words": words,
                    "cpu_s": event.stats.cpu_s,
                    "wall_s": round(time.monotonic() - started),
                }
                line |= {"parent_before_mb": round(parent_mb), "after_first_window_mb": round(loaded_mb)}
                line |= {"peak_together_mb": round(peak_mb), "child_peak_mb": round(event.stats.peak_mb)}
                print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
