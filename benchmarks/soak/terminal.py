"""The terminal's commands called in this process, as a script would: exit code, the one line, the failure."""

import io
import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

from ground import CHEAP, PASSPHRASE, Count

from supervise.bootstrap import Services
from supervise.cli.main import run
from supervise.cli.options import Terminal as Given
from supervise.speech.engine import SpeechEngine


@dataclass(frozen=True)
class Said:
    """What one command answered; `code` is -1 when it crashed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The object on stdout."""
        return dict(json.loads(self.out))

    @property
    def error(self) -> dict[str, str]:
        """The object on the last line of stderr, empty when there is none."""
        lines = self.err.splitlines()
        return dict(json.loads(lines[-1])) if lines and lines[-1].startswith("{") else {}


class Terminal:
    """Calls commands with one passphrase; crashes are counted as failures."""

    def __init__(self, count: Count, make_engine: Callable[[], SpeechEngine] | None = None) -> None:
        """Use the program's own services, with cheap new locks and maybe another speech engine."""
        self._count = count
        self._services = Services.default()
        self._services.kdf = CHEAP
        if make_engine is not None:
            self._services.make_engine = make_engine

    def call(self, *arguments: object, passphrase: str | None = PASSPHRASE) -> Said:
        """Run one command with --json."""
        words = [*map(str, arguments), "--json"]
        out, err = io.StringIO(), io.StringIO()
        code = -1
        with self._count.watch(" ".join(words[:1])) as watch, redirect_stdout(out), redirect_stderr(err):
            code = run(words, Given(self._services, passphrase))
        said = Said(code, out.getvalue(), err.getvalue())
        if watch.said is not None:
            self._count.fail(f"{words[0]}: {type(watch.said).__name__} came through")
        if "Traceback" in said.err:
            self._count.fail(f"{words[0]}: a traceback was shown")
        self._count.add("commands")
        return said
