"""A process that is killed at its work, and the lines it had written by then."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ground import ROOT, Count

HERE = Path(__file__).resolve().parent
_PATHS = (str(ROOT / "src"), str(HERE), os.environ.get("PYTHONPATH", ""))
_DEATH_S = 3.0


class Victim:
    """One run of `kill_work.py`: started, heard line by line, killed with SIGKILL, searched for orphans."""

    def __init__(self, count: Count, work: str, **wishes: object) -> None:
        """Start `work` and wait until everything is imported, before the vault is opened."""
        self._count = count
        self._work = work
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "kill_work.py"), work, json.dumps(wishes)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, _PATHS))},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        self._rest = b""
        self.lines: list[dict[str, Any]] = []
        self.orphans = 0
        self.started = time.monotonic()
        while not self.lines and self._process.poll() is None:
            self.hear(0.5)
        self.lines.clear()

    def go(self) -> None:
        """Let the work begin."""
        self.started = time.monotonic()
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(b"\n")

    def hear(self, patience_s: float) -> None:
        """Take in what it writes for at most so long."""
        ready, _, _ = select.select([self._process.stdout], [], [], max(0.0, patience_s))
        if ready:
            self._take(os.read(self._process.stdout.fileno(), 1 << 20))

    def _take(self, data: bytes) -> None:
        *whole, self._rest = (self._rest + data).split(b"\n")
        self.lines += [json.loads(line) for line in whole]

    def kill_after(self, seconds: float, meanwhile: Callable[[], None] | None = None) -> bool:
        """Kill it `seconds` after `go`; return False when it had ended by itself before."""
        until = self.started + seconds
        while (left := until - time.monotonic()) > 0 and self._process.poll() is None:
            self.hear(min(left, 0.01) if meanwhile else left)
            if meanwhile:
                meanwhile()
        alive = self._process.poll() is None
        children = _children(self._process.pid)
        self._process.send_signal(signal.SIGKILL)
        code = self.finish()
        if code not in (0, -signal.SIGKILL):
            self._count.fail(f"{self._work}: the work ended by itself with exit code {code}")
        self.orphans = _survivors(children)
        return alive

    def finish(self) -> int:
        """Wait for its end, take in the last lines and return its exit code."""
        while data := os.read(self._process.stdout.fileno(), 1 << 20):
            self._take(data)
        code = self._process.wait()
        self._process.stdout.close()
        self._process.stdin.close()
        return code

    def acknowledged(self) -> list[dict[str, Any]]:
        """Return the lines that say something is done."""
        return [line for line in self.lines if "done" in line]

    @property
    def in_flight(self) -> dict[str, Any] | None:
        """What had begun and was not said to be done."""
        begun = [line for line in self.lines if "begin" in line or "done" in line]
        return begun[-1] if begun and "begin" in begun[-1] else None


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(word) for word in listing.read_text().split()]
        except OSError:
            continue
    return found


def _survivors(pids: list[int]) -> int:
    """Count the children that outlive their parent, after a little patience."""
    until = time.monotonic() + _DEATH_S
    while (left := [pid for pid in pids if _runs(pid)]) and time.monotonic() < until:
        time.sleep(0.02)
    return len(left)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}
