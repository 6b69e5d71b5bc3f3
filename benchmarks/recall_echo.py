"""Open loudspeakers in a recall: how much of the session is transcribed again, how much of the recaller lost.

Two readers of the speech folder (SPEECH, beside the clone by default) are the session, two others the
recaller. The session leaks into the microphone at -20 dB through rooms of 30 to 200 ms. One line of JSON.
"""

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from transcription import aligned, plain_words

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from sounds import kept
from supervise.audio.echo import masked, measure
from supervise.audio.master import speech_blocks
from supervise.domain.recall_map import RecallMap, Stretch
from supervise.domain.transcript import TranscribeSettings
from supervise.resources import resource_path
from supervise.speech.engine import ChildEngine, Failed, Finished, WindowResult

ROOT = Path(__file__).resolve().parents[1]
SPEECH = Path(os.environ.get("SPEECH", "") or ROOT.parent / "shared" / "speech")
ROOMS_S = [float(room) for room in os.environ.get("ROOMS_S", "0.03,0.1,0.2").split(",")]
LEAK_DB = -20
RATE = 16000


def sound_of(name):
    """Return a speech file's sound at 16 kHz and its turns."""
    with av.open(str(SPEECH / f"{name}.flac")) as container:
        resampler = av.AudioResampler("flt", "mono", RATE)
        parts = [
            out.to_ndarray()[0] for frame in container.decode(audio=0) for out in resampler.resample(frame)
        ]
    return np.concatenate(parts).astype(np.float64), json.loads((SPEECH / f"{name}.json").read_text())[
        "turns"
    ]


def in_room(sound, reverb_s):
    """Return sound as a microphone hears it from a loudspeaker in a room, as loud on the whole."""
    time = np.arange(round(reverb_s * RATE)) / RATE
    response = np.random.default_rng(5).normal(0, 1, len(time)) * np.exp(-6.9 * time / reverb_s)
    response[0] = 3.0
    response /= np.sqrt((response**2).sum())
    size = 1 << (len(sound) + len(time)).bit_length()
    return np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(response, size), size)[: len(sound)]


@dataclass
class Scene:
    """A recall: what was played when, and what the recaller said (begin_s, end_s, text), also over it."""

    sound: np.ndarray
    clean: np.ndarray  # the same without the leak
    map: RecallMap
    session: np.ndarray
    inside: list = field(default_factory=list)
    over: list = field(default_factory=list)


def scene(reverb_s):
    """Play the session in pieces; between them, and twice over them, the recaller speaks."""
    session, _ = sound_of("libri_p1")
    own, turns = sound_of("libri_p2")
    pieces, stretches, said, over = [], [], [], []
    at = RATE
    place = 0
    for number, turn in enumerate(turns):
        length = min(12 * RATE, len(session) - place)
        if length < 6 * RATE:
            break
        stretches.append(Stretch(at, at + length, place, place + length, 1.0, number))
        speech = own[round(turn["start"] * RATE) : round(turn["end"] * RATE)]
        begin = (
            at + 3 * RATE if number % 5 == 4 and len(speech) < 8 * RATE else at + length + round(0.7 * RATE)
        )
        (over if begin < at + length else said).append(
            (begin / RATE, (begin + len(speech)) / RATE, turn["text"])
        )
        pieces.append((begin, speech))
        place += length - 4 * RATE
        at = max(at + length, begin + len(speech)) + RATE
    recall, leak = np.zeros(at + RATE), np.zeros(at + RATE)
    for begin, speech in pieces:
        recall[begin : begin + len(speech)] += speech
    for row in stretches:
        leak[row.recall_start : row.recall_end] = session[row.session_start : row.session_end]
    loud = np.sqrt((recall[recall != 0] ** 2).mean())
    leak = in_room(leak, reverb_s) * loud / np.sqrt((leak[leak != 0] ** 2).mean()) * 10 ** (LEAK_DB / 20)
    noise = np.random.default_rng(1).normal(0, 3e-4, len(recall))
    found = RecallMap(tuple(stretches), RATE, RATE, len(recall))
    return Scene(recall + leak + noise, recall + noise, found, session, said, over)


def transcribed(blocks, duration_ms):
    """Return the words of sound at 16 kHz as (word, middle_s)."""
    settings = TranscribeSettings(language="en", speakers=1)
    model = resource_path("models", "whisper", "base")
    place = os.environ.get("SUPERVISE_MODELS")
    run = ChildEngine().transcribe(
        iter(blocks), duration_ms, settings, Path(place) / "base" if place else model
    )
    words, over = [], False
    while not over:
        run.wait(1.0)
        for event in run.poll():
            if isinstance(event, WindowResult):
                words += [
                    (plain, (word.start_ms + word.end_ms) / 2000)
                    for word in event.words
                    for plain in plain_words(word.text)
                ]
            over = over or isinstance(event, Finished | Failed)
            if isinstance(event, Failed):
                raise event.error
    return words


def judged(made, words):
    """Count session words in what plays (not where the recaller speaks over it), and own words lost."""
    spans = [(begin / 1000, end / 1000) for begin, end in made.map.heard_spans()]
    own = [(begin - 0.3, end + 0.3) for begin, end, _ in made.inside + made.over]
    again = [
        word
        for word, at in words
        if any(b <= at <= e for b, e in spans) and not any(b <= at <= e for b, e in own)
    ]
    lost = {}
    for name, rows in (("own", made.inside), ("over", made.over)):
        missing = count = 0
        for begin, end, text in rows:
            heard = [word for word, at in words if begin - 0.3 <= at <= end + 0.3]
            wanted = plain_words(text)
            missing += len(aligned(wanted, heard)[2])
            count += len(wanted)
        lost[f"{name}_lost"], lost[f"{name}_words"] = missing, count
    return {"session_words": len(again), **lost}


def main():
    """Measure each room, with the echo silenced and, for comparison, as recorded."""
    played = sum(len(plain_words(turn["text"])) for turn in sound_of("libri_p1")[1])
    rows = []
    for reverb_s in ROOMS_S:
        made = scene(reverb_s)
        sound = (made.sound * 32768).clip(-32768, 32767).astype(np.int16).reshape(-1, 1)
        session = (made.session * 32768).clip(-32768, 32767).astype(np.int16).reshape(-1, 1)
        recall, facts = kept(sound, RATE)
        found = measure(recall, facts, *kept(session, RATE), made.map)
        recall.seek(0)
        words = transcribed(masked(speech_blocks(recall, facts), found, 0), facts.duration_ms)
        row = {"room_ms": round(reverb_s * 1000), "leak_db": found.db, **judged(made, words)}
        clean = judged(
            made, transcribed(np.array_split(made.clean.astype(np.float32), 200), facts.duration_ms)
        )
        row["clean_own_lost"] = clean["own_lost"]
        if os.environ.get("COMPARE"):
            recall.seek(0)
            bare = judged(made, transcribed(speech_blocks(recall, facts), facts.duration_ms))
            row["bare_session_words"], row["bare_own_lost"] = bare["session_words"], bare["own_lost"]
        heard_s = sum(end - begin for begin, end in made.map.heard_spans()) / 1000
        about = played * heard_s / (len(made.session) / RATE)
        row["session_percent"] = round(100 * row["session_words"] / about, 2)
        more = row["own_lost"] - row["clean_own_lost"]  # the transcriber alone loses some
        row["own_lost_percent"] = round(100 * more / max(1, row["own_words"]), 2)
        rows.append(row)
        print(json.dumps(row), file=sys.stderr, flush=True)
    good = all(row["session_percent"] < 2 and row["own_lost_percent"] < 2 for row in rows)
    print(json.dumps({"bench": "recall_echo", "ok": good, "rooms": rows}))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
