"""Driving a rating from lines of text: each is done at once and acknowledged with the session's clock."""

import queue
import threading
from collections.abc import Callable, Iterable

import click

from supervise.app.rating import RatingOutcome, RatingSession
from supervise.cli.output import note, one_line
from supervise.cli.recall_loop import Line, parse_line
from supervise.domain.errors import SuperviseError, UsageError
from supervise.domain.times import clock, parse_seconds

_LOOK_S = 0.02
COMMANDS = "set DIAL VALUE, middle DIAL, pause, resume, seek S, end"


class RatingLoop:
    """Runs one rating to its end: by `end`, the end of the commands or (without) of the session, Ctrl-C."""

    def __init__(self, rating: RatingSession, lines: Iterable[str] | None, *, as_json: bool) -> None:
        self._rating, self._as_json = rating, as_json
        self._given = lines
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._next: Line | None = None
        self.over = threading.Event()
        self.presses = 0
        self._reader = threading.Thread(target=self._read, name="commands", daemon=True)

    def press(self) -> None:
        """Note that the key for pausing and going on was pressed; safe in a signal's handler."""
        self.presses += 1

    def _read(self) -> None:
        for line in self._given or ():
            self._lines.put(line)
        if self._given is not None:
            self._lines.put(None)

    def run(self) -> RatingOutcome:
        """Begin, play, and go on until it is over; raises DeviceMissingError when it cannot begin."""
        self._rating.start()
        try:
            self._rating.play()
            self._say("ready")
            self._reader.start()
            while not self.over.is_set() and self._rating.running:
                self._look()
        finally:
            outcome = self._rating.end()
        return outcome

    def _look(self) -> None:
        for words in self._rating.poll():
            note(words)
        if self._given is None and not self._rating.playing and not self.presses:
            self.over.set()
        while self.presses:
            self.presses -= 1
            self._do("pause" if self._rating.playing else "resume")
        line = self._line()
        if line is not None:
            self._do(line.text)

    def _line(self) -> Line | None:
        if self._next is None:
            try:
                text = self._lines.get(timeout=_LOOK_S)
            except queue.Empty:
                return None
            if text is None:
                self.over.set()
                return None
            try:
                self._next = parse_line(text)
            except UsageError as error:
                self._refuse(text.strip(), error)
                return None
        line = self._next
        if line is not None and self._rating.length_ms < line.at_ms:
            self.over.wait(min(_LOOK_S, (line.at_ms - self._rating.length_ms) / 1000))
            return None
        self._next = None
        return line

    def _do(self, text: str) -> None:
        try:
            self._order(text)
        except SuperviseError as error:
            self._refuse(text, error)

    def _order(self, text: str) -> None:
        word, _, rest = text.partition(" ")
        rest = rest.strip()
        orders: dict[str, Callable[[], object]] = {
            "set": lambda: self._set(rest),
            "middle": lambda: self._rating.to_middle(rest),
            "pause": self._rating.pause,
            "resume": self._rating.play,
            "seek": lambda: self._rating.seek(parse_seconds(rest)),
            "end": self.over.set,
        }
        if word not in orders:
            raise UsageError(f"“{text}” is not a command. The commands are: {COMMANDS}.")
        orders[word]()
        self._say(text)

    def _set(self, rest: str) -> None:
        key, _, value = rest.partition(" ")
        try:
            number = int(value)
        except ValueError:
            raise UsageError(f"“{value}” is not a value. Write a whole number such as 40 or -15.") from None
        self._rating.set_value(key, number)

    def _say(self, text: str) -> None:
        values = {dial.key: self._rating.value(dial.key) for dial in self._rating.setup.dials}
        at_ms, session_ms = self._rating.length_ms, self._rating.position_ms
        if self._as_json:
            said = {"done": text, "at_ms": at_ms, "session_ms": session_ms, "values": values}
            click.echo(one_line(said), err=True)
        else:
            dials = ", ".join(f"{key} {value:+d}" for key, value in values.items())
            note(f"{text}: {clock(session_ms)} of the session, {dials}")

    def _refuse(self, text: str, error: SuperviseError) -> None:
        if self._as_json:
            click.echo(one_line({"refused": text, "error": str(error), "code": error.code}), err=True)
        else:
            note(f"{text}: {error}")
