"""A whole recall on a real conversation, and every row that leaves it held against what was played and said.

A conversation is played into a virtual loudspeaker, a recaller's words with known times into a virtual
microphone; the tape is stopped, sought, slowed and resumed; the recall is transcribed by the real model and
taken out as table and document. What was played and spoken when is read from one recording of both devices
on one clock (`recall_heard.py`), not from the program. One line of JSON: rows checked, rows wrong, worst
errors. SPEECH names a folder with libri_p2 and fest_words (default: shared/speech beside the clone, else
the demo session and tests/data/speech). Takes about four minutes.
"""

import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import av
import numpy as np
from recall_heard import RATE_HZ, Finder, heard
from soak.recall_duplex import write_wav
from transcription import aligned, plain_words

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from recall_rooms import add_sounding_session, sound_of
from supervise.crypto.keys import KdfParams
from supervise.domain.ids import RecallId
from supervise.domain.moments import Perspective
from supervise.storage.vault import Vault
from virtual_card import started, what_is_lacking
from workspaces import CLIENT, OWN_USE, PASSPHRASE, opened

ROOT = Path(__file__).resolve().parents[1]
SPEECH = Path(os.environ.get("SPEECH", "") or ROOT.parent / "shared" / "speech")
SPAN_MS = 30  # what the issue allows the map
WORD_MS = 600  # what a transcriber's word may be off
MOST_WER = 50  # percent: a synthetic voice in cut sentences and the small model; 40 was measured
SESSION_S, WORDS = 90, 13
CHEAP = KdfParams(iterations=1, memory_kib=8, lanes=1)
ONE_CLOCK = """
load-module module-native-protocol-unix auth-anonymous=1 socket={socket}
load-module module-null-sink sink_name=card rate=48000 format=s16le channels=4 \
channel_map=front-left,front-right,rear-left,rear-right norewinds=1
load-module module-remap-sink sink_name=speaker master=card channels=2 remix=no \
master_channel_map=front-left,front-right channel_map=front-left,front-right
load-module module-remap-sink sink_name=mic_feed master=card channels=2 remix=no \
master_channel_map=rear-left,rear-right channel_map=front-left,front-right
load-module module-remap-source source_name=mic master=card.monitor channels=2 remix=no \
master_channel_map=rear-left,rear-right channel_map=front-left,front-right
set-default-sink speaker
set-default-source mic
"""
# Seconds to wait, then an order; `say N` speaks clip N to its end, `say_on N` while the tape goes on.
SCRIPT = (
    (12, "stop recaller"), (1, "say 0"), (1, "resume"),
    (8, "stop inquirer"), (0.5, "prompt affect.feel"), (0.5, "say 1"), (1, "resume"),
    (6, "seek 40"), (9, "stop recaller"), (1, "say 2"), (0.5, "seek 20"), (0.5, "resume"),
    (5, "speed 1.25"), (4, "speed 1"), (7, "stop recaller"), (1, "say 3"), (1, "resume"),
    (3, "say_on 4"), (9, "stop inquirer"), (1, "say 5"), (1, "resume"),
    (20, "stop recaller"), (1, "say 6"), (2, "end"),
)  # fmt: skip
IN_STOP = {0: 0, 1: 1, 2: 2, 3: 3, 5: 4, 6: 5}  # the stop each clip is said in
STOPPED_BY = ("recaller", "inquirer", "recaller", "recaller", "inquirer", "recaller")


@dataclass
class Clip:
    """What the recaller says at once: sound, and its words with when each begins and ends, in ms."""

    sound: np.ndarray
    words: list[tuple[str, float, float]]
    begin: int = -1  # frame of the recall, found later


def sound_at(path):
    """Return a file's sound, mono at 48 kHz."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler("s16", "mono", RATE_HZ)
        parts = [out.to_ndarray()[0] for f in container.decode(audio=0) for out in resampler.resample(f)]
    return np.concatenate(parts)


def material():
    """Return the conversation, and the recaller's clips."""
    if (SPEECH / "fest_words.json").exists():
        turns = json.loads((SPEECH / "fest_words.json").read_text())["turns"]
        told = [[(w["w"], w["start"] * 1000, w["end"] * 1000) for w in turn["words"]] for turn in turns]
        talk, speech = sound_at(SPEECH / "libri_p2.flac"), sound_at(SPEECH / "fest_words.flac")
    else:
        found = json.loads((ROOT / "tests/data/speech/exact_words.json").read_text())["words"]
        told = [[tuple(word) for word in found[at : at + WORDS]] for at in range(0, len(found), 6)]
        talk = sound_at(ROOT / "resources/demo/session.flac")
        speech = sound_at(ROOT / "tests/data/speech/exact_words.flac")
    long = [words for words in told if len(words) >= WORDS - 2] or told
    clips = [clip(speech, long[number % len(long)][:WORDS]) for number in range(7)]
    hiss = np.random.default_rng(3).integers(-6, 7, SESSION_S * RATE_HZ)  # silence is told apart from a stop
    return (talk[: SESSION_S * RATE_HZ] + hiss).clip(-32768, 32767).astype(np.int16), clips


def clip(speech, words):
    """Cut words out, with a little room around them."""
    first = max(0.0, words[0][1] - 100)
    begin, end = round(first * RATE_HZ / 1000), round((words[-1][2] + 150) * RATE_HZ / 1000)
    return Clip(
        speech[begin:end].copy(), [(word, start - first, stop - first) for word, start, stop in words]
    )


class Table:
    """A vault with one session, a card, and a recall on them."""

    def __init__(self, folder, talk, clips):
        self.folder, self.clips = folder, clips
        vault, _ = Vault.create(folder / "v", "Ada", Perspective.THERAPIST, PASSPHRASE, kdf=CHEAP)
        vault.close()
        desk = opened(folder / "v", CHEAP)
        desk.add_consent(CLIENT, OWN_USE, date(2026, 11, 1))
        self.session = add_sounding_session(desk, talk.reshape(-1, 1), RATE_HZ, CLIENT)
        desk.close()
        (folder / "card").mkdir(mode=0o700)
        self.card = started(folder / "card", ONE_CLOCK)
        self.env = {**self.card.environment, "SUPERVISE_PASSPHRASE": PASSPHRASE}
        for number, one in enumerate(clips):
            write_wav(folder / f"{number}.wav", one.sound)

    def call(self, *words):
        """Run one command to its end and return its JSON."""
        command = [sys.executable, "-m", "supervise", *map(str, words), "--json"]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        return json.loads(done.stdout)

    def hold(self):
        """Hold the recall; return what it answered, and what both devices carried."""
        command = [sys.executable, "-m", "supervise", "recall", "start", self.folder / "v", self.session]
        command += ["--kind", "therapist", "--input", "vmic", "--output", "vspeaker", "--commands", "-"]
        recording = self.card.record("card.monitor", 4)
        child = subprocess.Popen(
            [*map(str, command), "--json"],
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        child.stderr.readline()  # ready
        rest = threading.Thread(target=child.stderr.read)
        rest.start()
        for wait_s, order in SCRIPT:
            time.sleep(wait_s)
            self.obey(child, order)
        out = child.stdout.read()
        rest.join()
        child.wait()
        return json.loads(out), np.frombuffer(recording.stop(), dtype="<i2").reshape(-1, 4)

    def obey(self, child, order):
        """Say a clip, or hand the order on."""
        word, _, rest = order.partition(" ")
        if word in {"say", "say_on"}:
            file = self.folder / f"{rest}.wav"
            self.card.speak(file) if word == "say" else self.card.speak_on(file)
            return
        child.stdin.write(order.encode() + b"\n")
        child.stdin.flush()

    def recorded(self, recall):
        """Return what the recall recorded."""
        desk = opened(self.folder / "v", CHEAP)
        sound = sound_of(desk, RecallId(recall))[:, 0].copy()
        desk.close()
        return sound

    def taken_out(self, recall):
        """Return table and document."""
        made = {}
        for fmt in ("csv", "json"):
            target = self.folder / f"r.{fmt}"
            self.call("recall", "export", self.folder / "v", recall, "--format", fmt, "--to", target)
            made[fmt] = target.read_text(encoding="utf-8-sig")
        return list(csv.DictReader(io.StringIO(made["csv"]))), json.loads(made["json"])


class Check:
    """Holds rows against the truth; `faults` are sentences, one for each thing that is wrong."""

    def __init__(self, clips, found):
        self.clips, self.found = clips, found
        self.faults, self.spans, self.times, self.beside_holes = [], [], [], []
        self.wrong, self.errors, self.wanted = set(), 0, 0

    def hold(self, number, holds, what):
        """Note what does not hold about a row."""
        if not holds:
            self.wrong.add(number)
            self.faults.append(f"row {number}: {what}")

    def near(self, number, told_ms, frame, what, holes=()):
        """Hold a place of the session against the frame really heard.

        `holes`: the card fell silent nearby for so many frames; a map has no corner inside a stretch there.
        """
        off = 1e6 if frame is None else abs(told_ms - frame * 1000 / RATE_HZ)
        if holes:
            self.beside_holes.append(off)
            self.hold(number, off <= SPAN_MS + sum(holes) * 1000 / RATE_HZ, f"{what} is {off:.0f} ms off")
            return
        self.spans.append(off)
        self.hold(number, off <= SPAN_MS, f"{what} is {off:.0f} ms off")

    def row(self, number, row, said, stops):
        """Check one row of the table, and the document's utterance of it."""
        begin, end = int(row["recall_start_ms"]), int(row["recall_end_ms"])
        spoken = [at for at, one in enumerate(self.clips) if self.overlap(one, begin, end)]
        self.hold(number, len(spoken) == 1, f"is about {len(spoken)} of the things said: {row['text']!r}")
        if len(spoken) != 1:
            return
        (at,) = spoken
        for name in ("recall_start_ms", "recall_end_ms", "session_start_ms", "session_end_ms", "text"):
            self.hold(number, str(said[name]) == row[name], f"{name} differs between table and document")
        one = self.clips[at]
        base = one.begin * 1000 / RATE_HZ
        for told, true in ((begin, base + one.words[0][1]), (end, base + one.words[-1][2])):
            self.times.append(abs(told - true))
            self.hold(number, self.times[-1] <= WORD_MS, f"was said {self.times[-1]:.0f} ms off")
        if at in IN_STOP:
            self.in_stop(number, row, one, IN_STOP[at], stops)
        else:
            self.hold(number, (row["stop"], row["over_playing"]) == ("", "true"), "was said over the playing")
            for told_ms, name in ((begin, "session_start_ms"), (end, "session_end_ms")):
                frame = told_ms * RATE_HZ // 1000
                holes = self.found.holes(frame - 6 * RATE_HZ, frame + 6 * RATE_HZ)
                self.near(number, int(row[name]), self.found.place_at(frame), name, holes)

    @staticmethod
    def overlap(one, begin, end):
        """Whether a clip was said between two instants of the recall, in ms."""
        base = one.begin * 1000 / RATE_HZ
        return begin < base + one.words[-1][2] and end > base + one.words[0][1]

    def in_stop(self, number, row, one, stop, stops):
        """Check which stop it was, and the session's span it is about."""
        run, then = self.found.before(one.begin), self.found.after(one.begin)
        told = stops[stop]
        self.hold(number, row["stop"] == str(stop + 1), f"stop {row['stop']}, not {stop + 1}")
        self.hold(number, row["stopped_by"] == STOPPED_BY[stop], "another stopped the tape")
        self.hold(number, row["over_playing"] == "false", "was said in a stop")
        self.hold(number, row["prompt"] == ("affect.feel" if stop == 1 else ""), "prompt")
        self.near(number, int(row["session_end_ms"]), run.place_end, "session_end_ms")
        self.near(number, int(row["stop_session_ms"]), run.place_end, "stop_session_ms")
        first = max(run.place, run.place_end - 15 * RATE_HZ)
        self.near(number, int(row["session_start_ms"]), first, "session_start_ms")
        self.near(number, told["recall_start_ms"], run.end, "when silence fell")
        if then is None:
            self.hold(number, row["replayed_from_ms"] == "", "nothing was played after")
            return
        self.near(number, int(row["replayed_from_ms"]), then.place, "replayed_from_ms")
        self.near(number, told["recall_end_ms"], then.begin, "when it went on")

    def words(self, rows):
        """Count words wrong, clip by clip."""
        for one in self.clips:
            base = one.begin * 1000 / RATE_HZ
            span = base + one.words[0][1], base + one.words[-1][2]
            mine = [
                r for r in rows if int(r["recall_start_ms"]) < span[1] and int(r["recall_end_ms"]) > span[0]
            ]
            heard_words = [word for row in mine for word in plain_words(row["text"])]
            wanted = [plain for word, _, _ in one.words for plain in plain_words(word)]
            self.hold(-1, bool(mine), "something said is in no row")
            self.errors += aligned(wanted, heard_words)[0]
            self.wanted += len(wanted)


def located(clips, recorded, both):
    """Find the clips in the recall's own recording, and by how much the card's recording began before it."""
    own, card = Finder(recorded), Finder(both[:, 2].copy())
    for one in clips:
        one.begin = own.place(one.sound)
        if not own.like(one.sound, one.begin):
            raise SystemExit("something said is not in the recording as it was said")
    shifts = {card.place(one.sound) - one.begin for one in clips}
    if len(shifts) != 1:
        raise SystemExit(f"the recording is not whole: {sorted(shifts)}")
    return shifts.pop()


def main():
    """Hold it, transcribe it, take it out, check it."""
    if lacking := what_is_lacking():
        raise SystemExit(f"As root: apt-get install {lacking}")
    began = time.monotonic()
    talk, clips = material()
    with tempfile.TemporaryDirectory() as folder:
        table = Table(Path(folder), talk, clips)
        try:
            made, both = table.hold()
        finally:
            table.card.close()
        recorded = table.recorded(made["recall"])
        shift = located(clips, recorded, both)
        found = heard(both[:, 0].copy(), Finder(talk), shift)
        table.call(
            "recall", "transcribe", table.folder / "v", made["recall"], "--language", "en", "--speakers", 1
        )
        rows, document = table.taken_out(made["recall"])
    check = Check(clips, found)
    check.hold(-1, len(document["stops"]) == len(STOPPED_BY), f"{len(document['stops'])} stops")
    check.hold(-1, len(rows) == len(document["utterances"]), "table and document have other numbers of rows")
    for number, (row, said) in enumerate(zip(rows, document["utterances"], strict=False), 1):
        check.row(number, row, said, document["stops"])
    check.words(rows)
    wer = round(100 * check.errors / check.wanted, 1)
    result = {
        "bench": "recall_truth",
        "ok": not check.faults and wer <= MOST_WER,
        "rows_checked": len(rows),
        "rows_wrong": len(check.wrong),
        "places_checked": len(check.spans),
        "worst_place_ms": round(max(check.spans, default=0), 1),
        "worst_beside_silence_ms": round(max(check.beside_holes, default=0), 1),
        "worst_word_ms": round(max(check.times, default=0)),
        "words": check.wanted,
        "wer_percent": wer,
        "recall_s": round(made["duration_ms"] / 1000),
        "took_s": round(time.monotonic() - began),
        "gaps": len(made["gaps"]),
        "underflows": made["underflows"],
        "card_silent_ms": [round(hole * 1000 / RATE_HZ) for hole in found.holes()],
        "faults": check.faults,
    }
    print(json.dumps(result))
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
