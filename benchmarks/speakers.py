"""Telling voices apart: confusion for each clip with truth, CPU for each second, memory for two hours.

Run: python benchmarks/speakers.py [--sounds ../shared/speech] [--hours 2] [--words]. Everything runs in the
child as in the product, so its start and loading the networks are counted. `confusion` is without a collar,
`der` is given without and with one of 250 ms; the AMI clips (a real room, 30 s) are reported, not promised.
`--words` transcribes the clips as well and counts words under the wrong speaker.
"""

import argparse
import json
from pathlib import Path

import av
import numpy as np
from voice_score import voice_errors

from supervise.domain.transcript import TranscribeSettings
from supervise.exchange.scoring import TrueSpan, speaker_errors
from supervise.speech.engine import ChildEngine, Failed, Finished, VoicesFound, WindowResult
from supervise.speech.speakers import assign_voices

ROOT = Path(__file__).resolve().parent.parent
RATE = 16000
PROMISED = ("libri_p1", "libri_p2", "libri_s1", "demo")
CLIPS = (*PROMISED[:3], "fest_words", "ami_dev00", "ami_trn03")


def sound_of(path):
    """Return a file as 16 kHz mono float32."""
    resampler = av.AudioResampler("flt", "mono", RATE)
    with av.open(str(path)) as container:
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames])


def clips(folder):
    """Yield (name, sound, true spans in ms)."""
    demo = json.loads((ROOT / "resources/demo/truth.json").read_text())
    pieces = [(piece, turn["speaker"]) for turn in demo["turns"] for piece in turn["pieces"]]
    truth = [(piece["start_ms"], piece["end_ms"], speaker) for piece, speaker in pieces]
    yield "demo", sound_of(ROOT / "resources/demo/session.flac"), truth
    for name in CLIPS:
        rows = [line.split() for line in (folder / f"{name}.rttm").read_text().splitlines() if line.strip()]
        spans = [(float(row[3]), float(row[3]) + float(row[4]), row[7]) for row in rows]
        truth = [(round(start * 1000), round(end * 1000), who) for start, end, who in spans]
        yield name, sound_of(folder / f"{name}.flac"), truth


def seconds_of(sound):
    """Yield a sound a second at a time."""
    for start in range(0, len(sound), RATE):
        yield sound[start : start + RATE]


def long_talk(sounds, hours):
    """Yield the clips over and over, each time at another level, with pauses of changing length."""
    chance = np.random.default_rng(2)
    left = int(hours * 3600 * RATE)
    while left > 0:
        for sound in sounds:
            pause = chance.normal(0, 0.0005, int(chance.choice([0.5, 2, 10]) * RATE))
            level = 10 ** (chance.uniform(-20, 6) / 20)
            part = np.concatenate([sound * level, pause]).astype(np.float32)[: max(0, left)]
            left -= len(part)
            yield from seconds_of(part)


def answers(run):
    """Return all events of a run."""
    events = []
    while run.wait(0.5) or run.running:
        events += run.poll()
    for event in events:
        if isinstance(event, Failed):
            raise event.error
    return events


def separated(blocks, duration_ms):
    """Return (segments, notes, stats) of a run in the child."""
    events = answers(ChildEngine().separate(blocks, duration_ms, 2, ROOT / "models/speakers"))
    found = next(event for event in events if isinstance(event, VoicesFound))
    return found.segments, found.notes, next(event.stats for event in events if isinstance(event, Finished))


def words_wrong(sound, segments, truth):
    """Transcribe, and return [words under the wrong speaker, words]."""
    settings = TranscribeSettings(language="en")
    run = ChildEngine().transcribe(
        seconds_of(sound), len(sound) // 16, settings, ROOT / "models/whisper/base"
    )
    heard = [word for event in answers(run) if isinstance(event, WindowResult) for word in event.words]
    spans = [TrueSpan(who, start_ms, end_ms) for start_ms, end_ms, who in truth]
    errors = speaker_errors(spans, assign_voices(heard, segments))
    return [errors.wrong_words, errors.words]


def scored(sound, truth, with_words):
    """Return a clip's figures."""
    segments, notes, stats = separated(seconds_of(sound), len(sound) // 16)
    found = [(segment.start_ms, segment.end_ms, segment.label) for segment in segments]
    plain, collared = voice_errors(truth, found), voice_errors(truth, found, 250)
    figures = {
        "confusion": round(plain.confused, 2),
        "der": round(plain.rate, 2),
        "der_250ms": round(collared.rate, 2),
        "confusion_250ms": round(collared.confused, 2),
        "cpu_per_s": round(stats.cpu_s * RATE / len(sound), 4),
        "notes": len(notes),
    }
    if with_words:
        figures["wrong_words"] = words_wrong(sound, segments, truth)
    return figures


def main():
    """Print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sounds", type=Path, default=ROOT.parent / "shared/speech")
    parser.add_argument("--hours", type=float, default=2)
    parser.add_argument("--words", action="store_true")
    chosen = parser.parse_args()
    table, sounds = {}, []
    for name, sound, truth in clips(chosen.sounds):
        table[name] = scored(sound, truth, chosen.words)
        sounds.append(sound)
    duration_ms = int(chosen.hours * 3_600_000)
    segments, _, stats = separated(long_talk(sounds, chosen.hours), duration_ms)
    line = {
        "benchmark": "speakers",
        "worst_confusion": max(table[name]["confusion"] for name in PROMISED),
        "clips": table,
        "long_hours": chosen.hours,
        "long_segments": len(segments),
        "long_peak_mb": stats.peak_mb,
        "long_cpu_per_s": round(stats.cpu_s * 1000 / duration_ms, 4),
    }
    print(json.dumps(line))


if __name__ == "__main__":
    main()
