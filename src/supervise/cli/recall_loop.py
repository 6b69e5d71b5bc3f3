"""Driving a recall from lines of text: each is done at once and acknowledged with both clocks."""

from collections.abc import Callable, Iterable

import click

from supervise.app.nudge import Nudge
from supervise.app.recall_outcome import RecallOutcome
from supervise.app.recalling import RecallSession
from supervise.cli.command_lines import LOOK_S, CommandLines
from supervise.cli.output import note, one_line
from supervise.domain.errors import DeviceMissingError, SuperviseError, UsageError
from supervise.domain.recall import StoppedBy
from supervise.domain.times import clock, parse_seconds

PATIENCE_S = 20.0
NEVER_BACK = "The microphone did not come back, so the recall has ended. Everything heard before is kept."
UNKNOWN_CARD = "No prompt card is called “{card}”; it was noted. `supervise recall cards VAULT` lists them."
COMMANDS = "stop recaller, stop inquirer, resume, seek S, speed X, prompt ID, end"


class RecallLoop:
    """Runs one recall to its end: by `end`, the end of the commands, Ctrl-C, or a failure."""

    def __init__(self, session: RecallSession, lines: Iterable[str] | None, *, as_json: bool) -> None:
        self._session = session
        self._as_json = as_json
        self._nudge = Nudge(session)
        self._lines = CommandLines(lines, as_json=as_json)
        self.over = self._lines.over
        self.presses = 0
        self.error: SuperviseError | None = None
        self._ready = False

    def press(self) -> None:
        """Note that the recaller's key was pressed; safe in a signal's handler."""
        self.presses += 1

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
            self._lines.do("stop recaller" if self._session.playing else "resume", self._order)
        text = self._lines.due(lambda: self._session.now().recall_ms)
        if text is not None:
            self._lines.do(text, self._order)

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
            self._lines.start()
            self._say("ready")
        else:
            self.over.wait(LOOK_S)

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


def _who(text: str) -> StoppedBy:
    if text not in ("recaller", "inquirer"):
        raise UsageError("Say who stopped: stop recaller, or stop inquirer.")
    return StoppedBy(text)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"“{text}” is not a speed. Write a number such as 0.75.") from None
