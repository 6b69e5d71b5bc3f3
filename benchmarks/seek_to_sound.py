"""From the order to go elsewhere to the first sound of the new place, heard at a virtual card's monitor.

A two-hour session, sealed in a real vault, is played as the window plays it: through the gate, with the
player asked 30 times a second. Each sample of the sound says where it belongs, so the first one of the new
place is known exactly. 30 seeks while it plays and 30 from pause; the same with `sounddevice.play` on ten
minutes held in memory, and with a bare stream of 40 ms that is open already, copies from memory and never
drops what waits. Prints one JSON line, times in ms; what the monitor itself adds, some 10 ms, is in
all three.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import wave
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

RATE_HZ = 48_000
SECONDS = int(os.environ.get("SUPERVISE_BENCH_SECONDS", "7200"))
PLAIN_SECONDS = 600
SEEKS = int(os.environ.get("SUPERVISE_BENCH_SEEKS", "30"))
PERIOD = 30_011  # samples until the sound repeats its values; a prime
SURE, FADED = 200, 960  # samples in a row that prove a place; samples a fade may have hidden before them
POLL_S, PLAY_S, REST_S = 0.03, 0.5, 0.6
PASSPHRASE = "one two three four"  # noqa: S105 - of a benchmark
CLIENT = "K-01"


def ramp(start, frames):
    """The sound: each sample is its own number within the period, and never silence."""
    return ((np.arange(start, start + frames) % PERIOD) + 1).astype("<i2")


def write_wav(path):
    """Two hours of it."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        for second in range(0, SECONDS, 60):
            file.writeframes(ramp(second * RATE_HZ, min(60, SECONDS - second) * RATE_HZ).tobytes())


def build(vault, sound):
    """Import it into a new vault; returns the session."""
    from supervise.app.importing import ImportWish, import_file
    from supervise.bootstrap import Services
    from supervise.crypto.keys import KdfParams
    from supervise.domain.consent import Scope
    from supervise.domain.moments import Perspective

    services = Services.default()
    services.kdf = KdfParams(iterations=1, memory_kib=8, lanes=1)
    desk, _key = services.create_vault(vault, "Bench", Perspective.THERAPIST, PASSPHRASE)
    desk.add_consent(CLIENT, frozenset({Scope.RECORD, Scope.OWN_REVIEW}), desk.today())
    wish = ImportWish(sound, CLIENT, "Two hours")
    made = import_file(desk, wish, lambda _done: None, lambda: False).session.session
    desk.close()
    return made


# --- the three players, each in a process of its own


class _Ours:
    """The session in its vault."""

    seconds = SECONDS

    def __init__(self, vault, session):
        from supervise.bootstrap import Services

        self._desk = Services.default().open_vault(Path(vault), PASSPHRASE)
        self._listening = Services.default().listening(self._desk)
        self._listening.open(session)

    def seek(self, sample):
        self._listening.seek(round(sample * 1000 / RATE_HZ))

    def play(self):
        self._listening.play()

    def pause(self):
        self._listening.pause()

    def poll(self):
        self._listening.poll()

    def close(self):
        self._listening.unload()
        self._desk.close()


class _Plain:
    """`sounddevice.play`, as one would write it in a line."""

    seconds = PLAIN_SECONDS

    def __init__(self, *_what):
        import sounddevice

        self._device, self._sound, self._at = sounddevice, ramp(0, PLAIN_SECONDS * RATE_HZ), 0
        self._playing = False

    def seek(self, sample):
        self._at = sample
        if self._playing:
            self.play()

    def play(self):
        self._playing = True
        self._device.play(self._sound[self._at :], RATE_HZ)

    def pause(self):
        self._playing = False
        self._device.stop()

    def poll(self):
        pass

    def close(self):
        self._device.stop()


class _Bare:
    """A stream that is never stopped and copies from memory."""

    seconds = PLAIN_SECONDS

    def __init__(self, *_what):
        import sounddevice

        self._sound, self._at, self._playing = ramp(0, PLAIN_SECONDS * RATE_HZ), 0, False
        self._stream = sounddevice.OutputStream(
            samplerate=RATE_HZ, channels=2, dtype="int16", latency=0.04, callback=self._fill
        )
        self._stream.start()

    def _fill(self, out, frames, _time, _status):
        if self._playing:
            out[:] = self._sound[self._at : self._at + frames, None]
            self._at += frames
        else:
            out.fill(0)

    def seek(self, sample):
        self._at = sample

    def play(self):
        self._playing = True

    def pause(self):
        self._playing = False

    def poll(self):
        pass

    def close(self):
        self._stream.close()


def go_about(player):
    """Seek to and fro, and print when each order was given and where it led."""
    chance = random.Random(5)
    pause = threading.Event()

    def let_play(seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            player.poll()
            pause.wait(POLL_S)

    # Half a period away from where the last one will have got to: no place can be taken for another.
    def elsewhere(sample, since_s):
        now = sample + round(since_s * RATE_HZ)
        there = chance.randrange(RATE_HZ, (player.seconds - 30) * RATE_HZ)
        there += (now + PERIOD // 2 - there) % PERIOD
        return there // 48 * 48  # whole milliseconds, as the window asks for them

    sample = RATE_HZ
    player.seek(sample)
    player.play()
    let_play(2.0)
    since = time.monotonic() - 2.0
    for number in range(2 * SEEKS):
        paused = number >= SEEKS
        if paused:
            player.pause()
            let_play(REST_S)
        sample = elsewhere(sample, 0 if paused else time.monotonic() - since)
        since = time.monotonic()
        player.seek(sample)
        if paused:
            player.play()
        print(json.dumps({"paused": paused, "at": since, "sample": sample}), flush=True)
        let_play(PLAY_S)
    player.close()


# --- listening at the monitor


class Monitor:
    """Records what the loudspeaker plays, and when each piece of it came."""

    def __init__(self, environment):
        command = ["parec", "--device=speaker.monitor", "--raw", "--format=s16le", "--channels=2"]
        command += [f"--rate={RATE_HZ}", "--latency-msec=10"]
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
        self._pieces = []
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self):
        while piece := os.read(self._process.stdout.fileno(), 65536):
            self._pieces.append((time.monotonic(), piece))

    def stop(self):
        """Return the left channel, and for each piece that came where it ends and when it came."""
        self._process.terminate()
        self._thread.join()
        self._process.wait()
        self._process.stdout.close()
        ends = np.cumsum([len(piece) // 4 for _, piece in self._pieces])
        came = np.array([at for at, _ in self._pieces])
        heard = np.frombuffer(b"".join(piece for _, piece in self._pieces), "<i2").reshape(-1, 2)[:, 0]
        return heard, ends, came


def starts_of(heard):
    """Return where a new place begins to be heard for sure, and the number its sample carries."""
    own = (heard.astype(np.int64) - 1 - np.arange(len(heard))) % PERIOD
    own[heard == 0] = -1
    changes = np.flatnonzero(np.diff(own, prepend=-2))
    long_enough = np.diff(np.append(changes, len(own))) >= SURE
    firsts = changes[long_enough]
    firsts = firsts[heard[firsts] != 0]
    return firsts, heard[firsts].astype(np.int64) - 1


def waits_ms(orders, heard, ends, came):
    """For each order, the time until the first sound of its place; None where it was never heard."""
    firsts, numbers = starts_of(heard)
    times = came[np.searchsorted(ends, firsts, side="right")]  # the monitor gives 10 ms at a time
    found = []
    for order in orders:
        late = (numbers - order["sample"]) % PERIOD
        fits = (times > order["at"]) & (times < order["at"] + REST_S + PLAY_S) & (late < FADED)
        place = np.flatnonzero(fits)
        found.append((times[place[0]] - order["at"]) * 1000 if place.size else None)
    return found


def summary(orders, waits):
    """Median and 95 % of both kinds of seek."""
    told = {}
    for name, paused in (("playing", False), ("paused", True)):
        mine = [w for order, w in zip(orders, waits, strict=True) if order["paused"] is paused]
        known = sorted(w for w in mine if w is not None)
        told[name] = {
            "seeks": len(mine),
            "unheard": len(mine) - len(known),
            "median_ms": round(statistics.median(known), 1) if known else None,
            "p95_ms": round(float(np.percentile(known, 95)), 1) if known else None,
        }
    return told


def measure(card, kind, *what):
    """Let one player go about on the card, and tell how long its listener waited."""
    monitor = Monitor(card.environment)
    command = [sys.executable, __file__, kind, *map(str, what)]
    try:
        done = subprocess.run(
            command, env=card.environment, check=True, capture_output=True, text=True, timeout=900
        )
    finally:
        heard, ends, came = monitor.stop()
    orders = [json.loads(line) for line in done.stdout.splitlines()]
    return summary(orders, waits_ms(orders, heard, ends, came))


def ratio(ours, other, name):
    """Our median over another's."""
    mine, theirs = ours[name]["median_ms"], other[name]["median_ms"]
    return round(mine / theirs, 2) if mine and theirs else None


def main():
    """Build the session once; measure all three on one card."""
    if len(sys.argv) > 1:
        player = {"ours": _Ours, "plain": _Plain, "bare": _Bare}[sys.argv[1]](*sys.argv[2:])
        go_about(player)
        return
    import virtual_card

    lacking = virtual_card.what_is_lacking()
    if lacking:
        print(json.dumps({"benchmark": "seek_to_sound", "skipped": f"apt-get install {lacking}"}))
        return
    with tempfile.TemporaryDirectory() as place:
        folder, sound = Path(place), Path(place) / "two hours.wav"
        write_wav(sound)
        session = build(folder / "vault", sound)
        sound.unlink()
        (folder / "card").mkdir(mode=0o700)
        card = virtual_card.started(folder / "card")
        try:
            ours = measure(card, "ours", folder / "vault", session)
            plain, bare = measure(card, "plain"), measure(card, "bare")
        finally:
            card.close()
    told = {"benchmark": "seek_to_sound", "session_s": SECONDS, "ours": ours, "plain": plain, "bare": bare}
    told["ratio_to_plain"] = {name: ratio(ours, plain, name) for name in ours}
    told["ratio_to_bare"] = {name: ratio(ours, bare, name) for name in ours}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
