"""The whole job in a network namespace of its own, where there is no network at all, and no socket is made.

SOAK_MODEL `none` leaves out what needs the speech model (transcription, the demo).
"""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from ground import Count, refused, workplace
from workflow import Home, Job

_TABLES = ("tcp", "tcp6", "udp", "udp6", "raw", "raw6", "udplite", "icmp", "packet")


class SocketWatch:
    """Looks again and again whether any process of this namespace has an internet socket."""

    def __init__(self) -> None:
        """Start looking."""
        self.seen: set[str] = set()
        self.looks = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(0.02):
            self.looks += 1
            for table in _TABLES:
                path = Path("/proc/net") / table
                if path.exists() and (rows := path.read_text().splitlines()[1:]):
                    self.seen.update(f"{table}: {row.strip()[:60]}" for row in rows)

    def end(self) -> None:
        """Stop looking."""
        self._over.set()
        self._thread.join()


def interfaces() -> list[str]:
    """Return the network interfaces that are there, but for the loopback."""
    rows = Path("/proc/net/dev").read_text().splitlines()[2:]
    return [name for row in rows if (name := row.split(":")[0].strip()) != "lo"]


def inside() -> int:
    """Do the job; called again in the empty namespace."""
    count = Count("no_network")
    with_model = os.environ.get("SOAK_MODEL", "base") != "none"
    count.demand(interfaces() == [], f"there is a network here: {interfaces()}")
    watch = SocketWatch()
    with workplace() as folder:
        job = Job(count, Home(folder))
        job.fill()
        if with_model:
            job.transcribe()
        job.work_on()
        job.look_after()
        if with_model:
            job.take_out()
            demo = job.do("demo", "--to", folder / "demo", "--no-window")
            told = ("word_error_rate", "speaker_error", "words")
            count.facts["demo"] = {name: demo.get(name) for name in told}
            count.facts["words_transcribed"] = len(job.words())
            count.demand(len(job.words()) > 20, "hardly a word was transcribed")
    watch.end()
    count.facts["looks_for_sockets"] = watch.looks
    count.demand(not watch.seen, f"internet sockets were made: {sorted(watch.seen)[:5]}")
    return count.end()


def main() -> int:
    """Start again without a network."""
    if "--inside" in sys.argv:
        return inside()
    unshare = shutil.which("unshare")
    if unshare is None:
        return refused("no_network", "unshare is missing: install util-linux")
    for flags in (["-n"], ["-rn"]):
        tried = subprocess.run([unshare, *flags, "true"], check=False, capture_output=True)
        if tried.returncode == 0:
            command = [unshare, *flags, sys.executable, __file__, "--inside"]
            return subprocess.run(command, check=False).returncode
    return refused("no_network", "this system allows no network namespace")


if __name__ == "__main__":
    sys.exit(main())
