"""`supervise record` in a process of its own, on the virtual card, heard line by line."""

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from ground import CLIENT, PASSPHRASE

_PATIENCE_S = 30.0
_AT = re.compile(r'"at_ms": (\d+)')


class RecordingChild:
    """One recording; `heard_ms` says how much it must have heard by now."""

    def __init__(self, environment: dict[str, str], vault: Path, *words: str) -> None:
        """Start it and wait until it records."""
        command = [sys.executable, "-m", "supervise", "record", str(vault), "--client", CLIENT]
        command += ["--device", "vmic", "--channels", "2", "--json", "--levels", "--lag", "0", *words]
        self.process = subprocess.Popen(
            command,
            env={**environment, "SUPERVISE_PASSPHRASE": PASSPHRASE},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.said = ""
        self._last = (0, time.monotonic())
        self.until("at_ms")

    def listen(self, seconds: float) -> None:
        """Take in what it says for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and self.process.poll() is None:
            self._hear(left)

    def until(self, words: str) -> bool:
        """Wait until it says these words once more; False when it ended or stayed silent."""
        already = self.said.count(words)
        end = time.monotonic() + _PATIENCE_S
        while self.said.count(words) == already and time.monotonic() < end and self.process.poll() is None:
            self._hear(0.2)
        return self.said.count(words) > already

    def _hear(self, patience_s: float) -> None:
        ready, _, _ = select.select([self.process.stderr], [], [], patience_s)
        if ready:
            data = os.read(self.process.stderr.fileno(), 1 << 16).decode("utf-8", "replace")
            self.said += data
            if times := _AT.findall(data):
                self._last = (int(times[-1]), time.monotonic())

    def heard_ms(self) -> float:
        """Return the length it last told plus the time since."""
        at_ms, told_s = self._last
        return at_ms + (time.monotonic() - told_s) * 1000

    def mark(self) -> bool:
        """Press the mark key; True when it said that the mark is on disk."""
        self.process.send_signal(signal.SIGUSR1)
        return self.until("Marked")

    def kill(self) -> float:
        """Kill -9 and return how many ms it must have heard."""
        heard_ms = self.heard_ms()
        self.process.kill()
        self.process.communicate()
        return heard_ms

    def end(self, *, press: bool = True) -> tuple[int, dict[str, Any], str]:
        """Press Ctrl-C (or wait); return exit code, answer and the rest of what it said."""
        if press:
            self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=120)
        answer = json.loads(out) if out.strip() else {}
        return self.process.returncode, answer, self.said + err.decode("utf-8", "replace")
