"""Driving a recall from lines of text: each is done at once and acknowledged with both clocks."""

import queue
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import click

from supervise.app.nudge import Nudge
from supervise.app.recall_outcome import RecallOutcome
from supervise.app.recalling import RecallSession
from supervise.cli.output import note, one_line
from supervise.domain.errors import DeviceMissingError, SuperviseError, UsageError
from supervise.domain.recall import StoppedBy
from supervise.domain.times import clock, parse_seconds

_LOOK_S = 0.02
PATIENCE_S = 20.0
NEVER_BACK = "The microphone did not come back, so the recall has ended. Everything heard before is kept."
UNKNOWN_CARD = "No prompt card is called “{card}”; it was noted. `supervise recall cards VAULT` lists them."
COMMANDS = "stop recaller, stop inquirer, resume, seek S, speed X, prompt ID, end"


@dataclass(frozen=True, slots=True)
class Line:
    """One command; it waits until the recall is `at_ms` long."""

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


class RecallLoop:
    """Runs one recall to its end: by `end`, the end of the commands, Ctrl-C, or a failure."""

    def __init__(self, session: RecallSession, lines: Iterable[str] | None, *, as_json: bool) -> None:
        self._session = session
        self._as_json = as_json
        self._nudge = Nudge(session)
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._next: Line | None = None
        self.over = threading.Event()
        self.presses = 0
        self.error: SuperviseError | None = None
        self._ready = False
        self._reader = threading.Thread(target=self._read, args=(lines,), name="commands", daemon=True)

    def press(self) -> None:
        """Note that the recaller's key was pressed; safe in a signal's handler."""
        self.presses += 1

    def _read(self, lines: Iterable[str] | None) -> None:
        for line in lines or ():
            self._lines.put(line)
        if lines is not None:
            self._lines.put(None)

    def run(self) -> RecallOutcome:
        """Begin and go on until it is over; raises DeviceMissingError, NoSpaceError when it cannot begin."""
        self._session.start()
        try:
            while not self.over.is_set() and self.error is None:
                self._look()
        except BaseException:
            self._session.abandon()
            raise
        return self._session.end()

    def _look(self) -> None:
        for words in self._session.poll():
            note(words)
        if nudge := self._nudge.look(self._session.levels()):
            note(nudge)
        self._mind(self._session)
        if not self._ready:
            self._wait_for_tape()
            return
        while self.presses:
            self.presses -= 1
            self._do("stop recaller" if self._session.playing else "resume")
        line = self._line()
        if line is not None:
            self._do(line.text)

    def _mind(self, session: RecallSession) -> None:
        heard = session.heard()
        if heard.error is not None:
            self.error = heard.error
        elif heard.absent_s > PATIENCE_S:
            self.error = DeviceMissingError(NEVER_BACK)

    def _wait_for_tape(self) -> None:
        """Take no command before the tape runs."""
        if self._session.playing:
            self._ready = True
            self._reader.start()
            self._say("ready")
        else:
            self.over.wait(_LOOK_S)

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
        if line is not None and self._session.now().recall_ms < line.at_ms:
            self.over.wait(_LOOK_S)
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
            "stop": lambda: self._session.stop(_who(rest)),
            "resume": self._session.resume,
            "seek": lambda: self._session.seek(parse_seconds(rest)),
            "speed": lambda: self._session.set_speed(_number(rest)),
            "prompt": lambda: self._prompt(rest),
            "end": self.over.set,
        }
        if word not in orders:
            raise UsageError(f"“{text}” is not a command. The commands are: {COMMANDS}.")
        at = orders[word]()
        if word != "end":
            self._say(text, at)
        else:
            self._say(text)

    def _prompt(self, card: str) -> object:
        """Note that a card was used; one that is not known is noted as written, with a warning."""
        at = self._session.prompt(card)
        if self._session.cards.card(card) is None:
            note(UNKNOWN_CARD.format(card=card))
        return at

    def _say(self, text: str, at: object = None) -> None:
        recall_ms, session_ms = at if isinstance(at, tuple) else self._session.now()
        if self._as_json:
            values = {"done": text, "recall_ms": recall_ms, "session_ms": session_ms}
            click.echo(one_line(values), err=True)
        else:
            note(f"{text}: {clock(recall_ms)} of the recall, {clock(session_ms)} of the session")

    def _refuse(self, text: str, error: SuperviseError) -> None:
        if self._as_json:
            click.echo(one_line({"refused": text, "error": str(error), "code": error.code}), err=True)
        else:
            note(f"{text}: {error}")


def _who(text: str) -> StoppedBy:
    if text not in ("recaller", "inquirer"):
        raise UsageError("Say who stopped: stop recaller, or stop inquirer.")
    return StoppedBy(text)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"“{text}” is not a speed. Write a number such as 0.75.") from None
