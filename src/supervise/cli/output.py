"""What the terminal says: one JSON object on stdout when asked for, progress and errors on stderr."""

import json
import sys
from collections.abc import Mapping
from typing import Any

import click

from supervise.domain.errors import SuperviseError


def answer(values: Mapping[str, Any], words: str, *, as_json: bool) -> None:
    """Write a command's result: `values` as one line of JSON, or `words` for a person."""
    click.echo(json.dumps(dict(values), ensure_ascii=False) if as_json else words)


def complain(error: SuperviseError, *, as_json: bool) -> None:
    """Write a failure to stderr, the last thing said."""
    if as_json:
        click.echo(json.dumps({"error": str(error), "code": error.code}, ensure_ascii=False), err=True)
    else:
        click.echo(str(error), err=True)


def note(words: str) -> None:
    """Say something that is not the result."""
    click.echo(words, err=True)


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
