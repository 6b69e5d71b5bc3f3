"""Transcription against plain faster-whisper: CPU, wall, memory, words wrong, words missing, word starts.

Run: python benchmarks/transcription.py [--runs 5] [--sounds ../shared/speech]. Plain is
`WhisperModel(base).transcribe(file, word_timestamps=True)` with its defaults, in a process of its own;
its CPU is counted from after the model is loaded, ours from before the child is started, so loading is
held against us. Runs are paired: plain, ours, plain, ours. CPU is user + system, all processes. On a busy
machine plain's threads burn CPU waiting for each other; `--plain-threads 1` keeps that from flattering us.
"""

import argparse
import json
import re
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import av
import numpy as np

from supervise.domain.transcript import TranscribeSettings
from supervise.speech.engine import ChildEngine, Failed, Finished, WindowResult

ROOT = Path(__file__).resolve().parent.parent
FILES = ("libri_p1", "libri_p2", "fest_words")
PLAIN = """
import json, sys, time, resource
from faster_whisper import WhisperModel
model = WhisperModel(sys.argv[1], cpu_threads=int(sys.argv[2]))
out = {}
for path in sys.argv[3:]:
    cpu, wall = time.process_time(), time.monotonic()
    segments, _ = model.transcribe(path, word_timestamps=True)
    words = [[w.word, w.start] for s in segments for w in s.words]
    out[path] = {"cpu_s": time.process_time() - cpu, "wall_s": time.monotonic() - wall, "words": words}
out["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(out))
"""
SPELLINGS = {"mr": "mister", "mrs": "missus", "dr": "doctor"}


def plain_words(text):
    """Return lower-case words without punctuation, titles written out."""
    words = re.sub(r"[^a-z0-9' ]", " ", text.lower().replace("’", "'").replace("-", " ")).split()
    return [SPELLINGS.get(word, word) for word in words]


def aligned(reference, heard):
    """Return (errors, pairs): for each reference word the index of the heard one equal to it, or None."""
    cost = np.zeros((len(reference) + 1, len(heard) + 1), int)
    cost[:, 0], cost[0] = np.arange(len(reference) + 1), np.arange(len(heard) + 1)
    for i, wanted in enumerate(reference, 1):
        for j, said in enumerate(heard, 1):
            change = cost[i - 1, j - 1] + (wanted != said)
            cost[i, j] = min(change, cost[i - 1, j] + 1, cost[i, j - 1] + 1)
    pairs, missing, i, j = {}, set(), len(reference), len(heard)
    while i or j:
        if i and j and cost[i, j] == cost[i - 1, j - 1] + (reference[i - 1] != heard[j - 1]):
            i, j = i - 1, j - 1
            if reference[i] == heard[j]:
                pairs[i] = j
        elif i and cost[i, j] == cost[i - 1, j] + 1:
            i -= 1
            missing.add(i)
        else:
            j -= 1
    return int(cost[-1, -1]), pairs, missing


def judged(name, words, sounds):
    """Score [text, start_s] words against a file's truth."""
    heard = [(word, start) for text, start in words for word in plain_words(text)]
    reference = plain_words((sounds / f"{name}.txt").read_text())
    errors, _, missing = aligned(reference, [word for word, _ in heard])
    found = {"errors": errors, "reference": len(reference), "missing": missing}
    turns = json.loads((sounds / f"{name}.json").read_text())["turns"]
    if turns[0].get("words"):
        exact = [(w, x["start"]) for turn in turns for x in turn["words"] for w in plain_words(x["w"])]
        _, pairs, _ = aligned([word for word, _ in exact], [word for word, _ in heard])
        late_ms = sorted(abs(heard[j][1] - exact[i][1]) * 1000 for i, j in pairs.items())
        found["start_median_ms"] = round(statistics.median(late_ms))
        found["start_p95_ms"] = round(late_ms[int(0.95 * len(late_ms))])
    return found


def run_plain(model, sounds, threads):
    """Transcribe all files plainly; returns name -> figures, and the peak in MB."""
    paths = [str(sounds / f"{name}.flac") for name in FILES]
    done = subprocess.run(
        [sys.executable, "-c", PLAIN, str(model), str(threads), *paths],
        check=True,
        capture_output=True,
        text=True,
    )
    out = json.loads(done.stdout)
    return {name: out[path] for name, path in zip(FILES, paths, strict=True)}, out["peak_mb"]


def seconds_used():
    """Return user and system seconds of this process and its ended children."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def decoded(path):
    """Yield a 16 kHz mono FLAC as float32, a block at a time."""
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            yield frame.to_ndarray().reshape(-1).astype(np.float32) / 32768


def run_ours(model, sounds, settings):
    """Transcribe all files as the product does; returns name -> figures, and the child's peak in MB."""
    out, peak_mb = {}, 0.0
    for name in FILES:
        cpu, wall = seconds_used(), time.monotonic()
        run = ChildEngine().transcribe(decoded(sounds / f"{name}.flac"), 1, settings, model)
        words = []
        while run.wait():
            for event in run.poll():
                if isinstance(event, Failed):
                    raise event.error
                if isinstance(event, WindowResult):
                    words += [[word.text, word.start_ms / 1000] for word in event.words]
                if isinstance(event, Finished):
                    peak_mb = max(peak_mb, event.stats.peak_mb)
        out[name] = {"cpu_s": seconds_used() - cpu, "wall_s": time.monotonic() - wall, "words": words}
    return out, peak_mb


def lost_run(ours, theirs):
    """Return the longest run of reference words missing from ours of which plain has at least one."""
    longest = run = has = 0
    for index in range(max(ours | {-1}) + 1):
        run, has = (run + 1, has + (index not in theirs)) if index in ours else (0, 0)
        longest = max(longest, run if has == run else 0)
    return longest


def pooled(figures, sounds, kind):
    """Return one line's worth of figures over all files."""
    scores = {name: judged(name, figures[name]["words"], sounds) for name in FILES}
    line = {kind: {"cpu_s": round(sum(f["cpu_s"] for f in figures.values()), 2)}}
    line[kind]["wall_s"] = round(sum(f["wall_s"] for f in figures.values()), 2)
    line[kind]["errors"] = sum(score["errors"] for score in scores.values())
    line[kind]["reference"] = sum(score["reference"] for score in scores.values())
    line[kind].update({k: v for k, v in scores["fest_words"].items() if k.startswith("start")})
    return line, scores


def main():
    """Print a line for each pair of runs and one with the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--accuracy", default="faster")
    parser.add_argument("--model", type=Path, default=ROOT / "models/whisper/base")
    parser.add_argument("--sounds", type=Path, default=ROOT.parent / "shared/speech")
    parser.add_argument(
        "--plain-threads", type=int, default=0, help="0 is plain's default; 1 on a busy machine"
    )
    chosen = parser.parse_args()
    settings = TranscribeSettings(accuracy=chosen.accuracy)
    ratios, walls = [], []
    for _ in range(chosen.runs):
        theirs, their_mb = run_plain(chosen.model, chosen.sounds, chosen.plain_threads)
        ours, our_mb = run_ours(chosen.model, chosen.sounds, settings)
        plain_line, plain_scores = pooled(theirs, chosen.sounds, "plain")
        our_line, our_scores = pooled(ours, chosen.sounds, "ours")
        lost = max(lost_run(our_scores[n]["missing"], plain_scores[n]["missing"]) for n in FILES)
        ratios.append(our_line["ours"]["cpu_s"] / plain_line["plain"]["cpu_s"])
        walls.append(our_line["ours"]["wall_s"] / plain_line["plain"]["wall_s"])
        line = {**plain_line, **our_line, "plain_mb": round(their_mb), "our_child_mb": round(our_mb)}
        line["longest_run_lost"] = lost
        print(json.dumps({**line, "cpu_ratio": round(ratios[-1], 3)}), flush=True)
    summary = {"benchmark": "transcription", "runs": chosen.runs, "accuracy": chosen.accuracy}
    summary["plain_threads"] = chosen.plain_threads or "default"
    summary["cpu_ratio_median"] = round(statistics.median(ratios), 3)
    summary["wall_ratio_median"] = round(statistics.median(walls), 3)
    print(json.dumps({**summary, "wanted": "cpu_ratio 0.45 at most, errors 4 more than plain at most"}))


if __name__ == "__main__":
    main()
