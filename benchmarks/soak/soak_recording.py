"""Recording under attack, on the virtual sound card: killed, its device taken away, its disk filled.

SOAK_PARTS names parts (kill, device, disk, mark, still, long); SOAK_ROUNDS is how often a part is tried and
SOAK_MINUTES how long `long` lasts (30). Every trial is added to bench-out/recording.jsonl, and a new start
goes on from there: delete the file to begin anew. The parts but `mark` need pulseaudio; `disk` needs root.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from ground import (
    CLIENT,
    PASSPHRASE,
    ROOT,
    Count,
    bring_in,
    damages,
    new_vault,
    opened,
    say,
    size,
    speech,
    workplace,
)
from recording_child import RecordingChild

sys.path.insert(0, str(ROOT / "tests"))
from numbered import RATE_HZ, holes, numbered, numbers, write_numbered
from standstill import press, stand_still, unaccounted_ms
from supervise.app.after_recording import gaps_of
from supervise.app.recording import RecordingSession, RecordingWish
from supervise.app.recovering import keep_recovered, recovered
from supervise.app.workspace import Workspace
from supervise.audio.fake_input import FakeInput
from supervise.audio.master import MasterReader
from supervise.domain.ids import SessionId
from virtual_card import VirtualCard, started

RESULTS = Path(os.environ.get("SOAK_RESULTS", "") or ROOT / "bench-out" / "recording.jsonl")
ROUNDS = {"kill": 100, "device": 20, "disk": 10, "mark": 200, "still": 3, "long": 1}
STILL_S = 60.0
Trial = dict[str, Any]


class Ground:
    """The card, the vaults and what is played into the microphone."""

    def __init__(self, folder: Path, count: Count) -> None:
        """Start the card."""
        self.folder, self.count = folder, count
        self.pattern = folder / "pattern"
        new_vault(self.pattern).close()
        card = folder / "card"
        card.mkdir(mode=0o700)
        self.card: VirtualCard = started(card)
        self._sounds: dict[float, Path] = {}

    def speak(self, seconds: float = 120) -> None:
        """Play numbered sound into the microphone, from the start."""
        if seconds not in self._sounds:
            self._sounds[seconds] = write_numbered(self.folder / f"{seconds:g}.wav", seconds)
        for player in self.card.recorders:
            player.kill()
            player.wait()
        self.card.recorders.clear()
        self.card.speak_on(self._sounds[seconds])

    def vault(self) -> Path:
        """Return a fresh vault."""
        vault = self.folder / "v"
        shutil.rmtree(vault, ignore_errors=True)
        shutil.copytree(self.pattern, vault)
        return vault


def sound_of(desk: Workspace, session: str) -> Any:
    """Return every frame of a session."""
    row = desk.session(SessionId(session))
    with desk.store.media.open(row.master) as stream:
        return MasterReader(cast("BinaryIO", stream), row.sound).read(0, row.sound.samples)


def kill(ground: Ground) -> Trial:
    """Kill -9 at a random moment, marks set meanwhile; look at what is left."""
    chance = ground.count.random
    vault = ground.vault()
    ground.speak()
    child = RecordingChild(ground.card.environment, vault)
    marks = 0
    for _ in range(chance.randint(0, 3)):
        child.listen(chance.uniform(0.1, 1.5))
        marks += child.mark()
    child.listen(chance.uniform(0.0, 3.0))
    heard_ms = child.kill()
    desk = opened(vault)
    left = recovered(desk)
    if len(left) != 1:
        desk.close()
        return {"ok": False, "left": len(left), "exit": child.process.returncode, "said": child.said[-400:]}
    (found,) = left
    session = keep_recovered(desk, found.recording)
    whole = session is not None and not damages(desk.vault)
    exact = session is not None and holes(sound_of(desk, session.session)) == []
    kept_marks = len(desk.moments(session.session)) if session else 0
    desk.close()
    lost_ms = round(heard_ms - found.duration_ms)
    good = whole and exact and kept_marks == marks and lost_ms <= 1000
    return {"ok": good, "lost_ms": lost_ms, "exact": exact, "marks": marks, "marks_kept": kept_marks}


def device(ground: Ground) -> Trial:
    """Take the microphone (or, every fourth time, the sound server) away for a while."""
    chance, card = ground.count.random, ground.card
    server = chance.random() < 0.25
    vault = ground.vault()
    ground.speak()
    child = RecordingChild(card.environment, vault, "--patience", "60")
    child.listen(chance.uniform(1.0, 3.0))
    before_ms = child.heard_ms()
    card.unplug() if server else card.pull_microphone()
    told = child.until("The microphone is gone")
    child.listen(chance.uniform(0.5, 4.0))
    if server:
        card.plug_in()
        ground.speak()
    else:
        card.return_microphone()
    back = child.until("The microphone is back")
    child.listen(1.5)
    code, made, _ = child.end()
    trial = {"ok": False, "server": server, "told": told, "resumed": back, "exit": code}
    return _judged(vault, made, before_ms, trial)


def _judged(vault: Path, made: Trial, before_ms: float, trial: Trial) -> Trial:
    """Compare the gap it told with the numbers that are missing."""
    if trial["exit"] != 0 or len(made.get("gaps", [])) != 1:
        return {**trial, "gaps": made.get("gaps")}
    gap = made["gaps"][0]
    desk = opened(vault)
    sound = sound_of(desk, made["session"])
    found = holes(sound)
    desk.close()
    trial["lost_before_ms"] = round(max(0.0, before_ms - gap["start_ms"]))
    trial["ok"] = trial["told"] and trial["resumed"] and trial["lost_before_ms"] <= 400 and len(found) == 1
    # A dead server stops what plays too, so that its gap has no numbers to be compared with.
    if not trial["server"] and found:
        lost_ms = found[0][2] * 1000 / RATE_HZ
        trial["gap_error_ms"] = round(gap["lost_ms"] - lost_ms, 1)
        trial["ok"] = trial["ok"] and abs(trial["gap_error_ms"]) <= 50
    return trial


def still(ground: Ground) -> Trial:
    """Stop program and sound server for a minute; what was recorded and what is told as missing add up."""
    vault = ground.vault()
    ground.speak()
    child = RecordingChild(ground.card.environment, vault)
    child.listen(ground.count.random.uniform(3.0, 6.0))
    before = press(child.mark)
    stand_still([child.process.pid, ground.card.server.pid], STILL_S)
    told = child.until("stood still, for ")
    child.listen(2.0)
    after = press(child.mark)
    code, made, _ = child.end()
    desk = opened(vault)
    session = SessionId(made["session"])
    off_ms = round(unaccounted_ms(before, after, desk.moments(session), gaps_of(desk, session)), 1)
    bad = damages(desk.vault)
    desk.close()
    good = code == 0 and told and not bad and not made["dropped_frames"] and abs(off_ms) <= 50
    facts = {"dropped_frames": made["dropped_frames"], "gaps": made["gaps"], "samples": made["samples"]}
    return {"ok": good, "seconds": STILL_S, "told": told, "unaccounted_ms": off_ms, **facts}


def disk(ground: Ground) -> Trial:
    """Fill a small disk while recording: slowly (a reserve is left) or at once to the last byte."""
    place = ground.folder / "disk"
    place.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "supervise-soak", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        return {"ok": False, "why": "a small disk cannot be mounted here (root only)"}
    try:
        return _fill(ground, place)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def _fill(ground: Ground, place: Path) -> Trial:
    chance, vault, filler = ground.count.random, place / "v", place / "filler"
    shutil.copytree(ground.pattern, vault)
    ground.speak()
    child = RecordingChild(ground.card.environment, vault)
    child.listen(chance.uniform(1.5, 4.0))
    heard_ms = child.heard_ms()
    at_once = chance.random() < 0.5
    free = shutil.disk_usage(place).free - (0 if at_once else 4 << 20)
    with filler.open("wb") as file, suppress(OSError):
        os.posix_fallocate(file.fileno(), 0, free)
    code, made, said = child.end(press=False)
    filler.unlink()
    desk = opened(vault)
    left = recovered(desk)
    session = made.get("session")
    if session is None and left:
        kept = keep_recovered(desk, left[0].recording)
        session = kept.session if kept else None
    sound = sound_of(desk, session) if session else numbered(0)
    exact = bool(session) and holes(sound) == []
    bad = damages(desk.vault)
    desk.close()
    lost_ms = round(heard_ms - len(sound) * 1000 / RATE_HZ)
    sentence = "disk" in said.splitlines()[-1]
    good = code == 8 and sentence and exact and not bad and lost_ms <= 1000
    return {"ok": good, "at_once": at_once, "exit": code, "lost_ms": lost_ms, "exact": exact}


def mark(ground: Ground) -> Trial:
    """Time one mark, key to disk, on the disk of the results (not in memory); every other one locked."""
    desk, session = _marking(ground)
    locked = ground.count.random.random() < 0.5
    if locked != desk.locked:
        desk.unlock(PASSPHRASE) if desk.locked else desk.lock()
    begun = time.perf_counter()
    session.mark()
    took_ms = (time.perf_counter() - begun) * 1000
    return {"ok": took_ms <= 50, "ms": round(took_ms, 2), "locked": locked}


_MARKING: list[tuple[Workspace, RecordingSession]] = []


def _marking(ground: Ground) -> tuple[Workspace, RecordingSession]:
    if not _MARKING:
        vault = RESULTS.parent / "marking"
        shutil.rmtree(vault, ignore_errors=True)
        desk = new_vault(vault)
        session = RecordingSession(desk, RecordingWish(CLIENT, rate_hz=16000), FakeInput())
        session.start()
        _MARKING.append((desk, session))
    return _MARKING[0]


def end_marking() -> None:
    """End the recording that marks were timed on."""
    while _MARKING:
        desk, session = _MARKING.pop()
        session.abandon()
        desk.close()
        shutil.rmtree(RESULTS.parent / "marking", ignore_errors=True)


def long(ground: Ground) -> Trial:
    """Record for half an hour beside transcriptions at full load; every frame is compared."""
    minutes = float(os.environ.get("SOAK_MINUTES", "") or 30)
    busy = ground.folder / "busy"
    desk = new_vault(busy)
    session = bring_in(desk, speech("libri_p1.flac", "libri_p2.flac")[0])
    desk.close()
    ground.speak(minutes * 60 + 60)
    child = RecordingChild(ground.card.environment, ground.vault(), "--seconds", str(minutes * 60))
    runs, end = 0, time.monotonic() + minutes * 60 + 60
    command = [
        "nice",
        "-n",
        "10",
        sys.executable,
        "-m",
        "supervise",
        "transcribe",
        str(busy),
        session,
        "--terms",
    ]
    environment = {**os.environ, "SUPERVISE_PASSPHRASE": PASSPHRASE, "PYTHONPATH": str(ROOT / "src")}
    work: subprocess.Popen[bytes] | None = None
    while child.process.poll() is None and time.monotonic() < end:
        if work is None or work.poll() is not None:
            runs += 1
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            work = subprocess.Popen([*command, f"run {runs}"], env=environment, **quiet)
        child.listen(1.0)
    if work is not None:
        work.kill()
        work.wait()
    code, made, _ = child.end(press=child.process.poll() is None)
    desk = opened(ground.folder / "v")
    sound = sound_of(desk, made["session"])
    desk.close()
    found = holes(sound)
    facts = {key: made[key] for key in ("samples", "gaps", "overflows", "dropped_frames")}
    lost = sum(hole[2] for hole in found)
    spoken = int((numbers(sound) >= 0).sum())
    good = code == 0 and not found and not made["dropped_frames"]
    return {
        "ok": good,
        "minutes": minutes,
        "runs": runs,
        "frames_lost": lost,
        "frames_exact": spoken,
        **facts,
    }


PARTS: dict[str, Callable[[Ground], Trial]] = {
    "mark": mark,
    "device": device,
    "disk": disk,
    "kill": kill,
    "still": still,
    "long": long,
}


def done_before() -> list[Trial]:
    """Return the trials of earlier starts."""
    lines = RESULTS.read_text(encoding="utf-8").splitlines() if RESULTS.exists() else []
    return [json.loads(line) for line in lines]


def main() -> int:
    """Go on where the last start ended, then count everything."""
    RESULTS.parent.mkdir(exist_ok=True)
    count = Count("recording")
    count.random.seed(f"{count.seed} {len(done_before())}")
    wanted = os.environ.get("SOAK_PARTS", "").replace(",", " ").split() or list(PARTS)
    if not set(wanted) <= set(PARTS):
        sys.exit(f"SOAK_PARTS names parts among: {', '.join(PARTS)}")
    with workplace() as folder:
        ground = Ground(folder, count)
        try:
            for part in wanted:
                have = sum(trial["part"] == part for trial in done_before())
                for number in range(have, size(ROUNDS[part]) if part != "long" else 1):
                    trial = {"part": part, **PARTS[part](ground)}
                    with RESULTS.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(trial) + "\n")
                    say(f"{part} {number + 1}: {trial}")
                end_marking()
        finally:
            end_marking()
            ground.card.close()
    return summed(count, wanted)


def summed(count: Count, wanted: list[str]) -> int:
    """Count every trial there is."""
    for part in wanted:
        trials = [trial for trial in done_before() if trial["part"] == part]
        count.add(part, len(trials))
        for trial in trials:
            count.demand(trial["ok"], str(trial))
        for name in ("lost_ms", "gap_error_ms", "ms", "frames_lost", "unaccounted_ms"):
            values = [trial[name] for trial in trials if name in trial]
            if name in ("gap_error_ms", "unaccounted_ms"):
                values = [abs(value) for value in values]
            if values:
                count.facts[f"{part}_{name}_worst"] = max(values)
                count.facts[f"{part}_{name}_median"] = statistics.median(values)
    return count.end()


if __name__ == "__main__":
    sys.exit(main())
