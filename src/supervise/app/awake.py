"""Keeping the computer awake while it records, by the system's own means; without them nothing happens."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress

_REASON = "A session is being recorded"
_UNTIL_PARENT_ENDS = "while kill -0 $0 2>/dev/null; do sleep 5; done"


class KeepAwake:
    """From `__enter__` to `__exit__` the computer does not fall asleep by itself.

    A helper holds the wish and ends with this process, also when that is killed.
    """

    def __init__(self) -> None:
        self._helper: subprocess.Popen[bytes] | None = None

    @property
    def kept(self) -> bool:
        """Whether the system took the wish, as far as can be told."""
        return self._helper is not None and self._helper.poll() is None

    def __enter__(self) -> "KeepAwake":
        """Ask the system; never fails."""
        command = _command()
        if command is not None:
            quiet = subprocess.DEVNULL
            self._helper = subprocess.Popen(
                command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
            )
        return self

    def __exit__(self, *_: object) -> None:
        """Let it sleep again."""
        if self._helper is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._helper.pid, signal.SIGTERM)
            self._helper.wait()
            self._helper = None


def _command() -> list[str] | None:
    pid = str(os.getpid())
    if sys.platform == "darwin":
        return ["/usr/bin/caffeinate", "-i", "-w", pid]
    tool = shutil.which("systemd-inhibit")
    if tool is None:
        return None
    wish = [tool, "--what=idle:sleep", "--who=supervise", f"--why={_REASON}", "--mode=block"]
    return [*wish, "sh", "-c", _UNTIL_PARENT_ENDS, pid]
