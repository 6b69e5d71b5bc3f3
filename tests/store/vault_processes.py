"""Other processes that hold, fill or open a vault, for tests that need real ones."""

import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src"
PASSPHRASE = "three blue herons"

_HOLD = """
import sys
from pathlib import Path
from supervise.storage.vault import Vault
vault = Vault.open(Path(sys.argv[1]), sys.argv[2])
print("held", flush=True)
sys.stdin.read()
vault.close()
"""

_OPEN = """
import sys
from pathlib import Path
from supervise.domain.errors import SuperviseError
from supervise.storage.vault import Vault
try:
    Vault.open(Path(sys.argv[1]), sys.argv[2]).close()
except SuperviseError as error:
    print(error)
    sys.exit(error.exit_code)
"""


class Other:
    """A running Python process that talks through its pipes; ended and reaped on leaving the block."""

    def __init__(self, program: str, *arguments: object) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", program, *map(str, arguments)],
            env={"PYTHONPATH": str(SOURCE)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def line(self) -> str:
        """Wait for the next line it prints."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def lines_after_kill(self) -> list[str]:
        """Kill it at once (SIGKILL) and return the lines it had still printed."""
        self._process.kill()
        assert self._process.stdout is not None
        return self._process.stdout.read().splitlines()

    def __enter__(self) -> "Other":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


def holder(path: Path) -> Other:
    """Start a process that holds the vault until its block is left."""
    other = Other(_HOLD, path, PASSPHRASE)
    assert other.line() == "held"
    return other


def try_to_open(path: Path) -> tuple[int, str]:
    """Open and close the vault in another process; return its exit code and what it said."""
    return run(_OPEN, path, PASSPHRASE)


def run(program: str, *arguments: object) -> tuple[int, str]:
    """Run a program to its end; return its exit code and output."""
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        env={"PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
