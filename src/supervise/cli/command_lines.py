"""Commands that drive what goes on, a line each: read aside, given out when their time has come, refused."""

import os
import queue
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from supervise.cli.output import note, one_line
from supervise.domain.errors import NotReadableError, SuperviseError, UsageError
from supervise.domain.times import parse_seconds

LOOK_S = 0.02
_MOST_LINE = 10_000  # letters of a command


@dataclass(frozen=True, slots=True)
class Line:
    """One command; it waits until what is driven is `at_ms` long."""

    text: str
    at_ms: int = 0


def parse_line(text: str) -> Line | None:
    """Read `stop recaller` or `@12.5 stop recaller`; None for an empty line or a comment.

    Raises UsageError for a time that cannot be read.
    """
    text = text.strip()
    if not text or text.startswith("#"):
        return None
    if not text.startswith("@"):
        return Line(text)
    when, _, rest = text[1:].partition(" ")
    return Line(rest.strip(), parse_seconds(when))


class CommandLines:
    """Gives lines out one by one; `over` is set at their end, if there are any lines."""

    def __init__(self, lines: Iterable[str] | None, *, as_json: bool) -> None:
        self.over = threading.Event()
        self._as_json = as_json
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._next: Line | None = None
        self._reader = threading.Thread(target=self._read, args=(lines,), name="commands", daemon=True)

    def start(self) -> None:
        """Read from now on."""
        self._reader.start()

    def _read(self, lines: Iterable[str] | None) -> None:
        for line in lines or ():
            self._lines.put(line)
        if lines is not None:
            self._lines.put(None)

    def due(self, length_ms: Callable[[], int]) -> str | None:
        """Return the next command once it is that long; None after a short wait."""
        self._next = self._next or self._take()
        if self._next is None:
            return None
        left_ms = self._next.at_ms - length_ms()
        if left_ms > 0:
            self.over.wait(min(LOOK_S, left_ms / 1000))
            return None
        text, self._next = self._next.text, None
        return text

    def _take(self) -> Line | None:
        try:
            text = self._lines.get(timeout=LOOK_S)
        except queue.Empty:
            return None
        if text is None:
            self.over.set()
            return None
        try:
            return parse_line(text)
        except UsageError as error:
            self.refuse(text.strip(), error)
            return None

    def do(self, text: str, order: Callable[[str], object]) -> None:
        """Give an order; what is expected to fail is told and nothing ends."""
        try:
            order(text)
        except SuperviseError as error:
            self.refuse(text, error)

    def refuse(self, text: str, error: SuperviseError) -> None:
        """Tell that a command was not done, and why."""
        if self._as_json:
            click.echo(one_line({"refused": text, "error": str(error), "code": error.code}), err=True)
        else:
            note(f"{text}: {error}")


def commands_option(lines: str, what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option `--commands` of what is driven by such `lines`."""
    return click.option(
        "--commands",
        metavar="FILE|-",
        help=f"Lines to obey: {lines}. “@S line” waits until the {what} is S seconds long. "
        "Each is acknowledged on stderr.",
    )


def command_lines(commands: str | None) -> Iterable[str] | None:
    """Return the lines of a file or of stdin, as they come; None without. Raises NotReadableError."""
    if commands is None or commands == "-":
        return None if commands is None else iter(sys.stdin.readline, "")
    if not os.access(commands, os.R_OK):
        raise NotReadableError(f"The commands in {commands} cannot be read.")
    return _lines_of(Path(commands))


def _lines_of(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", errors="replace") as file:  # may be a pipe: line by line, as they come
        while (line := file.readline(_MOST_LINE)) and (line.endswith("\n") or len(line) < _MOST_LINE):
            yield line  # a line that is no end of, as of a device, ends the commands
