"""What the terminal says: one JSON object on stdout when asked for, progress and errors on stderr."""

import json
import re
import sys
from collections.abc import Mapping
from typing import Any

import click

from supervise.domain.errors import SuperviseError

# What could steer a terminal or turn a line around: control characters, both kinds of direction marks;
# and what has no place in UTF-8 or on one line. Notes, titles and codebooks come from other people too.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def answer(values: Mapping[str, Any], words: str, *, as_json: bool) -> None:
    """Write a command's result: `values` as one line of JSON, or `words` for a person."""
    click.echo(one_line(values) if as_json else harmless(words))


def harmless(words: str) -> str:
    """Return words in which nothing can steer the terminal they are written to."""
    return _STEERING.sub("\ufffd", words)


def one_line(values: Mapping[str, Any]) -> str:
    """Return one JSON object on one line, whatever its texts hold; only escaped, nothing is lost."""
    text = json.dumps(dict(values), ensure_ascii=False)
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def complain(error: SuperviseError, *, as_json: bool) -> None:
    """Write a failure to stderr, the last thing said."""
    if as_json:
        click.echo(one_line({"error": str(error), "code": error.code}), err=True)
    else:
        click.echo(harmless(str(error)), err=True)


def note(words: str) -> None:
    """Say something that is not the result."""
    click.echo(harmless(words), err=True)


class ProgressLine:
    """Percentages on stderr: one line rewritten in a terminal, a line every tenth elsewhere."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._shown = -1
        self._live = sys.stderr.isatty()

    def __call__(self, permille: int, extra: str = "") -> None:
        """Show `permille` done."""
        step = permille // 10 if self._live else permille // 100
        if step == self._shown:
            return
        self._shown = step
        text = f"{self._what} {permille // 10} %{extra}"
        if self._live:
            click.echo(f"\r{text:<60}", nl=permille >= 1000, err=True)
        else:
            click.echo(text, err=True)


def eta_words(seconds: float | None) -> str:
    """Write a remaining time for people."""
    if seconds is None:
        return ""
    minutes = round(seconds / 60)
    return f", about {minutes} min left" if minutes else f", about {max(1, round(seconds))} s left"
