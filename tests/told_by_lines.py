"""The program at a virtual card, told what to do line by line, each awaited until it is acknowledged."""

import json
import subprocess
import sys
from types import TracebackType
from typing import Any, Self, cast

from virtual_card import VirtualCard
from workspaces import PASSPHRASE


class ToldByLines:
    """`supervise WORDS --commands -` in a process of its own, once it is ready; ends with the block."""

    def __init__(self, card: VirtualCard, *words: object) -> None:
        command = [sys.executable, "-m", "supervise", *map(str, words), "--commands", "-", "--json"]
        environment = {**card.environment, "SUPERVISE_PASSPHRASE": PASSPHRASE}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )
        self._await("ready")

    def _await(self, words: str) -> dict[str, Any]:
        assert self._process.stderr is not None
        said = ""
        for line in iter(self._process.stderr.readline, ""):
            said += line
            told = json.loads(line) if line.startswith("{") else {}
            if told.get("done") == words:
                return cast("dict[str, Any]", told)
            assert "refused" not in told, said
        raise AssertionError(f"it ended before {words!r}: {said}")

    def order(self, line: str) -> dict[str, Any]:
        """Send a line, `@S` before it or not, and wait until it is done; return what it answers."""
        print(line, file=self._process.stdin, flush=True)
        return self._await(line.partition(" ")[2] if line.startswith("@") else line)

    def end(self) -> dict[str, Any]:
        """Let the lines end; return what it made."""
        told, err = self._process.communicate(timeout=60)
        assert self._process.returncode == 0, err
        return cast("dict[str, Any]", json.loads(told))

    def __enter__(self) -> Self:
        """Nothing more: it runs since it was made."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing running, also after a failure."""
        self._process.kill()
        self._process.communicate()
