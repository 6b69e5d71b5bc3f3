"""A recall under attack on the virtual sound card: killed at any moment; its map measured over 20 minutes.

SOAK_PARTS names parts (kill, map, duplex); SOAK_ROUNDS is how often it is killed (50), SOAK_MINUTES how long
`map` (20) and `duplex` (10) last. In the first two the microphone hears the loudspeaker, so the recording
itself says what was played when. Every trial is added to bench-out/recall.jsonl, and a new start goes on from
there: delete the file to begin anew.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import numpy.typing as npt
import recall_duplex
from ground import CLIENT, PASSPHRASE, ROOT, Count, damages, new_vault, opened, say, size, workplace

sys.path.insert(0, str(ROOT / "tests"))
from recall_rooms import add_sounding_session
from supervise.app.recall_reading import open_recall_sound, recall_view
from supervise.app.recall_recovering import keep_recovered_recall, recovered_recalls
from supervise.app.workspace import Workspace
from supervise.audio.master import MasterReader
from supervise.domain.ids import RecallId
from supervise.domain.recall_map import RecallMap, Stretch
from virtual_card import RATE_HZ, VirtualCard, started

RESULTS = Path(os.environ.get("SOAK_RESULTS", "") or ROOT / "bench-out" / "recall.jsonl")
MINUTES = float(os.environ.get("SOAK_MINUTES", "") or 20)
DUPLEX_MINUTES = float(os.environ.get("SOAK_MINUTES", "") or 10)
SESSION_S = 300
STOPS = 40
GRID_S, WINDOW_S, FAR_S, LIKE = 0.002, 1.2, 0.12, 0.8
SILENT = float(np.log(21))  # digital silence is log(20); the quietest of the noise is far above
ORDERS = [
    *("stop recaller", "resume", "seek 30", "stop inquirer", "prompt affect.feel", "resume"),
    *("speed 1.25", "stop recaller", "resume", "speed 1"),
]
Sound = npt.NDArray[np.float64]
Trial = dict[str, Any]


def marked_noise(seconds: int) -> npt.NDArray[np.int16]:
    """Return noise whose loudness changes at random 25 times a second: found again at any speed."""
    chance = np.random.default_rng(20261123)
    gain = np.repeat(chance.choice([0.05, 0.3, 1.0], seconds * 25), RATE_HZ // 25)
    return (chance.uniform(-9000, 9000, seconds * RATE_HZ) * gain).astype(np.int16).reshape(-1, 1)


def loudness(sound: Sound) -> Sound:
    """Return the loudness in steps of 2 ms."""
    step = round(GRID_S * RATE_HZ)
    whole = len(sound) // step * step
    return np.log(np.sqrt((sound[:whole].reshape(-1, step) ** 2).mean(axis=1)) + 20)


class Ground:
    """The card and a vault with one session."""

    def __init__(self, folder: Path, count: Count) -> None:
        """Start the card and make the vault."""
        self.folder, self.count = folder, count
        self.noise = marked_noise(SESSION_S)
        self.loud = loudness(self.noise[:, 0].astype(np.float64))
        desk = new_vault(folder / "pattern")
        self.session = add_sounding_session(desk, self.noise, RATE_HZ, CLIENT)
        desk.close()
        card = folder / "card"
        card.mkdir(mode=0o700)
        self.card: VirtualCard = started(card)

    def vault(self) -> Path:
        """Return a fresh vault."""
        vault = self.folder / "v"
        shutil.rmtree(vault, ignore_errors=True)
        shutil.copytree(self.folder / "pattern", vault)
        return vault

    def start(self, vault: Path, commands: str) -> "subprocess.Popen[bytes]":
        """Begin a recall in a process of its own."""
        command = [sys.executable, "-m", "supervise", "recall", "start", str(vault), self.session, "--json"]
        command += ["--kind", "therapist", "--input", "vloop", "--output", "vspeaker", "--commands", commands]
        return subprocess.Popen(
            command,
            env={**self.card.environment, "SUPERVISE_PASSPHRASE": PASSPHRASE},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )


def heard(desk: Workspace, recall: RecallId) -> Sound:
    """Return what the microphone heard."""
    row = desk.store.recalls.get(recall)
    with open_recall_sound(desk, recall) as stream:
        reader = MasterReader(cast("BinaryIO", stream), row.sound)
        return reader.read(0, row.samples)[:, 0].astype(np.float64)


def error_ms(ground: Ground, sound: Sound, run: tuple[Stretch, ...]) -> float | None:
    """Return by how much the end of what was played in one go is off, in recall time; None when short.

    Where the card itself fell silent, on a machine too busy to feed it, there is nothing to compare.
    """
    end = run[-1].recall_end / RATE_HZ - 0.05
    begin = max(end - WINDOW_S, run[0].recall_start / RATE_HZ + 0.05)
    if end - begin < 0.5:
        return None
    found = RecallMap(run, RATE_HZ, RATE_HZ, len(sound))
    at = np.arange(begin, end, GRID_S)
    told = loudness(sound[round(begin * RATE_HZ) :])[: len(at)]
    speed = run[-1].speed
    sounds = told > SILENT
    if sounds.sum() * GRID_S < 0.5:
        return None
    places = np.array([found.session_at(round(second * 1000)) / 1000 for second in at[: len(told)]])[sounds]
    told = told[sounds]
    best, found_s = -1.0, 0.0
    for off in np.arange(-FAR_S, FAR_S, GRID_S):
        indices = np.clip(np.rint((places + off) / GRID_S).astype(int), 0, len(ground.loud) - 1)
        likeness = float(np.corrcoef(ground.loud[indices], told)[0, 1])
        if likeness > best:
            best, found_s = likeness, off
    if best < LIKE:  # too little sound to tell; what is wrong by more than a little is told by the next line
        near = np.clip(np.rint(places / GRID_S).astype(int), 0, len(ground.loud) - 1)
        return 999.0 if float(np.corrcoef(ground.loud[near], told)[0, 1]) < LIKE / 2 else None
    return float(abs(found_s) * 1000 / speed)


def measured(ground: Ground, desk: Workspace, recall: RecallId) -> list[float]:
    """Return the error at the end of everything that was played in one go."""
    sound = heard(desk, recall)
    found = [error_ms(ground, sound, run) for run in recall_view(desk, recall).map.runs()]
    return [error for error in found if error is not None]


def script(minutes: float, chance: random.Random) -> Iterator[str]:
    """Write the commands of a whole recall: `STOPS` stops, with seeks and changes of speed between."""
    each_s = minutes * 60 / STOPS
    for number in range(STOPS):
        begin_s = number * each_s + 1
        if number % 3 == 0:
            yield f"@{begin_s + 0.2 * each_s:.2f} seek {chance.uniform(0, SESSION_S - 60):.2f}"
        if number % 4 == 1:
            yield f"@{begin_s + 0.3 * each_s:.2f} speed {chance.choice([0.75, 1.25, 1.5])}"
        if number % 4 == 3:
            yield f"@{begin_s + 0.3 * each_s:.2f} speed 1"
        yield f"@{begin_s + 0.6 * each_s:.2f} stop {chance.choice(['recaller', 'inquirer'])}"
        if number % 5 == 2:
            yield f"@{begin_s + 0.7 * each_s:.2f} seek {chance.uniform(0, SESSION_S - 60):.2f}"
        yield f"@{begin_s + 0.9 * each_s:.2f} resume"
    yield f"@{minutes * 60 + 2:.2f} end"


def map_part(ground: Ground) -> Trial:
    """Hold a long recall and measure the map at every stop, seek and change of speed."""
    vault, commands = ground.vault(), ground.folder / "commands"
    commands.write_text("\n".join(script(MINUTES, ground.count.random)) + "\n")
    child = ground.start(vault, str(commands))
    out, err = child.communicate(timeout=MINUTES * 60 + 300)
    if child.returncode:
        return {"ok": False, "said": err.decode()[-500:]}
    made = json.loads(out)
    desk = opened(vault)
    errors = measured(ground, desk, RecallId(made["recall"]))
    bad = damages(desk.vault)
    desk.close()
    refused = err.decode().count('"refused"')
    clean = made["gaps"] == [] and not made["overflows"] and not made["dropped_frames"]
    return {
        "ok": max(errors) <= 30 and made["stops"] == STOPS and clean and not bad and not refused,
        "minutes": MINUTES,
        "stops": made["stops"],
        "runs_measured": len(errors),
        "error_ms_worst": round(max(errors), 1),
        "error_ms_median": round(float(np.median(errors)), 1),
        "samples": made["samples"],
        "refused": refused,
        "clean": clean,
        "underflows": made["underflows"],
        "far_off": sorted(round(error, 1) for error in errors if error > 30),
    }


def duplex(ground: Ground) -> Trial:
    """Play and record ten minutes at once, and compare every frame of both directions."""
    vault, spoken = ground.vault(), ground.folder / "spoken.wav"
    desk = opened(vault)
    sound = recall_duplex.noise(DUPLEX_MINUTES * 60 + 40, 1).reshape(-1, 1)
    session = add_sounding_session(desk, sound, RATE_HZ, CLIENT)
    desk.close()
    recall_duplex.write_wav(spoken, recall_duplex.noise(DUPLEX_MINUTES * 60 + 60, 2))
    commands = ground.folder / "commands"
    commands.write_text(f"@{DUPLEX_MINUTES * 60 + 2:.0f} end\n")
    command = [sys.executable, "-m", "supervise", "recall", "start", str(vault), session, "--json"]
    command += ["--kind", "therapist", "--input", "vmic", "--output", "vspeaker", "--commands", str(commands)]
    made, played = recall_duplex.hold(ground.card, command, PASSPHRASE, spoken, DUPLEX_MINUTES)
    desk = opened(vault)
    found = recall_duplex.judged(
        made,
        played,
        lambda: heard(desk, RecallId(made["recall"])).astype(np.int16),
        DUPLEX_MINUTES,
    )
    found["ok"] = found["ok"] and not damages(desk.vault)
    desk.close()
    spoken.unlink()
    return found


class Talk:
    """A recall that is told what to do, line by line, and what it acknowledged."""

    def __init__(self, ground: Ground, vault: Path) -> None:
        """Begin it and wait until the tape runs."""
        self.child = ground.start(vault, "-")
        self.told: list[tuple[float, dict[str, Any]]] = []
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()
        end = time.monotonic() + 30
        while not self.told and self.child.poll() is None and time.monotonic() < end:
            time.sleep(0.02)

    def _listen(self) -> None:
        for line in cast("BinaryIO", self.child.stderr):
            if line.startswith(b"{"):
                self.told.append((time.monotonic(), json.loads(line)))

    def order(self, line: str) -> None:
        """Write one command."""
        stdin = cast("BinaryIO", self.child.stdin)
        stdin.write(line.encode() + b"\n")
        stdin.flush()

    def kill(self) -> float:
        """Kill it and return how many ms of recall there must be."""
        killed_s = time.monotonic()
        self.child.kill()
        self.child.wait()
        self._listener.join()
        at_s, last = self.told[-1]
        return float(last["recall_ms"] + (killed_s - at_s) * 1000)

    @property
    def stops(self) -> int:
        """How many stops were acknowledged."""
        return sum(str(line.get("done", "")).startswith("stop") for _, line in self.told)


def kill(ground: Ground) -> Trial:
    """Kill -9 at a random moment of stops and resumes; look at what is left."""
    chance, vault = ground.count.random, ground.vault()
    talk = Talk(ground, vault)
    end = time.monotonic() + chance.uniform(0.3, 7)
    for order in ORDERS * 3:
        time.sleep(max(0.0, min(chance.uniform(0.05, 1.0), end - time.monotonic())))
        if time.monotonic() >= end:
            break
        talk.order(order)
    must_ms = talk.kill()
    desk = opened(vault)
    (found,) = recovered_recalls(desk)
    kept = keep_recovered_recall(desk, found.recall)
    errors = measured(ground, desk, found.recall) if kept is not None else []
    bad = damages(desk.vault)
    desk.close()
    lost_ms, worst_ms = round(must_ms - found.duration_ms), round(max(errors, default=0.0), 1)
    return {
        "ok": lost_ms <= 1000 and found.stops >= talk.stops and not bad and worst_ms <= 30,
        "lost_ms": lost_ms,
        "stops_acknowledged": talk.stops,
        "stops_there": found.stops,
        "error_ms_worst": worst_ms,
        "damages": len(bad),
    }


def main() -> int:
    """Go on where the last start ended, then count everything."""
    RESULTS.parent.mkdir(exist_ok=True)
    count = Count("recall")
    before = [json.loads(line) for line in RESULTS.read_text().splitlines()] if RESULTS.exists() else []
    count.random.seed(f"{count.seed} {len(before)}")
    rounds = {"kill": size(50), "map": 1, "duplex": 1}
    wanted = [name for name in os.environ.get("SOAK_PARTS", "").split(",") if name] or list(rounds)
    with workplace() as folder:
        ground = Ground(folder, count)
        try:
            for part in wanted:
                for number in range(sum(trial["part"] == part for trial in before), rounds[part]):
                    trial = {"part": part, **{"kill": kill, "map": map_part, "duplex": duplex}[part](ground)}
                    before.append(trial)
                    with RESULTS.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(trial) + "\n")
                    say(f"{part} {number + 1}: {trial}")
        finally:
            ground.card.close()
    for trial in before:
        if trial["part"] in wanted:
            count.add(trial["part"])
            count.demand(trial["ok"], str(trial))
            for name in ("lost_ms", "error_ms_worst"):
                if name in trial:
                    count.most(f"{trial['part']}_{name}", trial[name])
    return count.end()


if __name__ == "__main__":
    sys.exit(main())
