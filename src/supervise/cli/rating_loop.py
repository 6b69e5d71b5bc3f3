"""Driving a rating from lines of text: each is done at once and acknowledged with the session's clock."""

from collections.abc import Callable, Iterable

import click

from supervise.app.rating import RatingOutcome, RatingSession
from supervise.cli.command_lines import CommandLines
from supervise.cli.output import note, one_line
from supervise.domain.errors import UsageError
from supervise.domain.times import clock, parse_seconds

COMMANDS = "set DIAL VALUE, middle DIAL, pause, resume, seek S, end"


class RatingLoop:
    """Runs one rating to its end: by `end`, the end of the commands or (without) of the session, Ctrl-C."""

    def __init__(self, rating: RatingSession, lines: Iterable[str] | None, *, as_json: bool) -> None:
        self._rating, self._as_json = rating, as_json
        self._given = lines is not None
        self._lines = CommandLines(lines, as_json=as_json)
        self.over = self._lines.over
        self.presses = 0

    def press(self) -> None:
        """Note that the key for pausing and going on was pressed; safe in a signal's handler."""
        self.presses += 1

    def run(self) -> RatingOutcome:
        """Begin, play, and go on until it is over; raises DeviceMissingError when it cannot begin."""
        self._rating.start()
        try:
            self._rating.play()
            self._say("ready")
            self._lines.start()
            while not self.over.is_set() and self._rating.running:
                self._look()
        finally:
            outcome = self._rating.end()
        return outcome

    def _look(self) -> None:
        for words in self._rating.poll():
            note(words)
        if not self._given and not self._rating.playing and not self.presses:
            self.over.set()
        while self.presses:
            self.presses -= 1
            self._lines.do("pause" if self._rating.playing else "resume", self._order)
        text = self._lines.due(lambda: self._rating.length_ms)
        if text is not None:
            self._lines.do(text, self._order)

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
