"""Terminal commands about moments: marking, taking away, commenting, undoing, redoing."""

from collections.abc import Sequence
from pathlib import Path

import click

from supervise.app.commands import AddComment, ChangeMoment, DeleteMoment, MarkMoment
from supervise.cli.options import SESSION, VAULT, Common, common
from supervise.cli.output import answer
from supervise.domain.codebook import Codebook
from supervise.domain.errors import UsageError
from supervise.domain.moments import MomentCode, Rating
from supervise.domain.times import parse_seconds

MOMENT = click.argument("moment")


@click.command()
@VAULT
@SESSION
@click.option("--at", required=True, metavar="SECONDS", help="For example 83.5 or 1:23.5.")
@click.option("--until", metavar="SECONDS", help="Where it ends, for a span.")
@click.option("--code", "codes", multiple=True, required=True, metavar="CODE")
@click.option("--rate", "rates", multiple=True, metavar="NAME=VALUE", help="For example salience=3.")
@click.option("--note", default="", help="Your words.")
@click.option("--private/--shared", default=None, help="Sealed with your own key, or for all profiles.")
@common
def mark(
    shared: Common,
    vault: Path,
    session: str,
    at: str,
    until: str | None,
    codes: tuple[str, ...],
    rates: tuple[str, ...],
    note: str,
    private: bool | None,
) -> None:
    """Mark a moment."""
    with shared.workspace(vault) as workspace:
        wish = MarkMoment(
            session=workspace.find_session(session),
            start_ms=parse_seconds(at),
            codes=rated(workspace.codebook(), codes, rates),
            end_ms=parse_seconds(until) if until is not None else None,
            note=note,
            private=private,
        )
        made = workspace.execute(wish)
    answer({"moment": made}, f"Marked ({made[:8]}).", as_json=shared.as_json)


def rated(codebook: Codebook, codes: Sequence[str], rates: Sequence[str]) -> tuple[MomentCode, ...]:
    """Give each rating to every code that has the attribute; raises UsageError when none has."""
    pairs: list[tuple[str, Rating]] = []
    for text in rates:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"“{text}” should look like salience=3.")
        pairs.append((name, _value(codebook, name, value)))
    wanted = [codebook.code(code) for code in dict.fromkeys(codes)]
    for name, _ in pairs:
        if not any(name in code.rates for code in wanted):
            raise UsageError(f"None of these codes has the attribute “{name}”.")
    return tuple(
        MomentCode(code.code, tuple(sorted(pair for pair in pairs if pair[0] in code.rates)))
        for code in wanted
    )


def _value(codebook: Codebook, name: str, value: str) -> Rating:
    scale = codebook.scale(name)
    if scale.type == "enum":
        return value
    try:
        return int(value) if scale.type == "int" else float(value)
    except ValueError:
        raise UsageError(f"“{name}” takes a number, not “{value}”.") from None


@click.command()
@VAULT
@MOMENT
@click.option("--at", metavar="SECONDS", help="Where it starts.")
@click.option("--until", metavar="SECONDS", help="Where it ends; `none` makes it a point.")
@click.option("--note", help="The new words.")
@common
def change(
    shared: Common, vault: Path, moment: str, at: str | None, until: str | None, note: str | None
) -> None:
    """Move a moment of yours or change its note."""
    from dataclasses import replace

    with shared.workspace(vault) as workspace:
        stored = workspace.store.moments.get(workspace.store.moments.find(moment))
        changed = replace(stored, note=stored.note if note is None else note)
        if at is not None:
            changed = replace(changed, start_ms=parse_seconds(at))
        if until is not None:
            changed = replace(changed, end_ms=None if until == "none" else parse_seconds(until))
        touched = workspace.execute(ChangeMoment(changed))
    answer({"moment": touched}, "Changed.", as_json=shared.as_json)


@click.command()
@VAULT
@MOMENT
@common
def unmark(shared: Common, vault: Path, moment: str) -> None:
    """Delete a moment of yours (it can be undone)."""
    with shared.workspace(vault) as workspace:
        gone = workspace.execute(DeleteMoment(workspace.store.moments.find(moment)))
    answer({"moment": gone}, "Deleted; `supervise undo` brings it back.", as_json=shared.as_json)


@click.command()
@VAULT
@MOMENT
@click.argument("text")
@common
def comment(shared: Common, vault: Path, moment: str, text: str) -> None:
    """Comment on a moment, also on somebody else's."""
    with shared.workspace(vault) as workspace:
        made = workspace.execute(AddComment(workspace.store.moments.find(moment), text))
    answer({"comment": made}, "Commented.", as_json=shared.as_json)


@click.command()
@VAULT
@common
def undo(shared: Common, vault: Path) -> None:
    """Take back the newest thing you did."""
    with shared.workspace(vault) as workspace:
        change_made = workspace.undo()
    values = {"undone": change_made.topic, "ids": list(change_made.ids)}
    answer(values, f"Undone ({change_made.topic}).", as_json=shared.as_json)


@click.command()
@VAULT
@common
def redo(shared: Common, vault: Path) -> None:
    """Do again what you took back."""
    with shared.workspace(vault) as workspace:
        change_made = workspace.redo()
    values = {"redone": change_made.topic, "ids": list(change_made.ids)}
    answer(values, f"Done again ({change_made.topic}).", as_json=shared.as_json)
