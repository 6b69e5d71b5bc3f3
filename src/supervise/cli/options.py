"""Options every command shares, and opening the vault they name."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from supervise.app.recall_export import Typeset
from supervise.app.workspace import Workspace
from supervise.bootstrap import Services
from supervise.domain.errors import NotReadableError, UsageError

PASSPHRASE_VARIABLE = "SUPERVISE_PASSPHRASE"  # noqa: S105 - the variable's name


@dataclass
class Terminal:
    """What the process was given: the services, and the passphrase taken out of the environment.

    A command may leave in `window` a vault and passphrase to open the window on afterwards. `typeset` sets
    a reading copy as PDF.
    """

    services: Services
    passphrase: str | None
    window: tuple[Path, str] | None = None
    typeset: Typeset | None = None


@dataclass(frozen=True, slots=True)
class Common:
    """The shared options of one call."""

    terminal: Terminal
    as_json: bool
    profile: str | None
    passphrase_file: Path | None

    @property
    def services(self) -> Services:
        """What bootstrap built."""
        return self.terminal.services

    @property
    def may_ask(self) -> bool:
        """Whether a person sits at the terminal and has not asked for JSON."""
        return not self.as_json and sys.stdin.isatty()

    def require_yes(self, question: str, refusal: str, *, yes: bool) -> None:
        """Go on when `--yes` was given or the person says so; raises UsageError with what was not done."""
        if not yes and not (self.may_ask and click.confirm(question, err=True)):
            raise UsageError(refusal)

    def passphrase(self, prompt: str = "Passphrase") -> str:
        """Return the passphrase from the file, the environment or a prompt; raises UsageError."""
        if self.passphrase_file is not None:
            return read_secret(self.passphrase_file)
        if self.terminal.passphrase is not None:
            return self.terminal.passphrase
        if self.may_ask:
            return str(click.prompt(prompt, hide_input=True, err=True))
        raise UsageError(f"No passphrase was given. Use --passphrase-file FILE or set {PASSPHRASE_VARIABLE}.")

    def new_passphrase(self, file: Path | None, whose: str) -> str:
        """Return a passphrase for a new lock from a file or a double prompt; raises UsageError."""
        if file is not None:
            return read_secret(file)
        if self.may_ask:
            prompt = f"New passphrase for {whose}"
            return str(click.prompt(prompt, hide_input=True, confirmation_prompt=True, err=True))
        raise UsageError("No new passphrase was given. Use --new-passphrase-file FILE.")

    @contextmanager
    def workspace(self, vault: Path) -> Iterator[Workspace]:
        """Open the vault for the length of one command."""
        workspace = self.services.open_vault(vault, self.passphrase(), self.profile)
        try:
            yield workspace
        finally:
            workspace.close()


def take_passphrase() -> str | None:
    """Take the passphrase out of the environment, so that no child can inherit it."""
    return os.environ.pop(PASSPHRASE_VARIABLE, None)


def read_secret(path: Path) -> str:
    """Return the first line of a file; raises NotReadableError when there is none."""
    try:
        with path.open("rb") as file:  # may be a pipe: a passphrase manager's
            first = file.readline(_MOST_LINE + 1)
        if len(first) > _MOST_LINE:
            raise NotReadableError(f"The first line of {path} is longer than a passphrase may be.")
        line = first.decode().splitlines()[:1]
    except (OSError, UnicodeDecodeError) as error:
        raise NotReadableError(f"The passphrase file {path} cannot be read.") from error
    if not line or not line[0]:
        raise NotReadableError(f"The passphrase file {path} is empty. Its first line is the passphrase.")
    return line[0]


def common(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--json`, `--profile` and `--passphrase-file`; the command receives them as `common`."""

    @click.option("--json", "as_json", is_flag=True, help="Write one JSON object to stdout.")
    @click.option("--profile", metavar="NAME", help="Who works (default: the first profile).")
    @click.option(
        "--passphrase-file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="A file whose first line is the passphrase.",
    )
    @click.pass_obj
    def wrapped(
        terminal: Terminal,
        /,
        *args: Any,
        as_json: bool,
        profile: str | None,
        passphrase_file: Path | None,
        **kwargs: Any,
    ) -> object:
        shared = Common(terminal, as_json, profile, passphrase_file)
        return function(shared, *args, **kwargs)

    wrapped.__name__ = function.__name__
    wrapped.__doc__ = function.__doc__
    return wrapped


_MOST_LINE = 4096  # bytes of a passphrase
VAULT = click.argument("vault", type=click.Path(path_type=Path))
SESSION = click.argument("session")
LOUDSPEAKER = click.option(
    "--output", "loudspeaker", default="", metavar="DEV", help="Where the session is heard."
)
