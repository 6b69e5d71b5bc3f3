"""Terminal commands for ratings while replaying: give one, list, show, take out, delete."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from supervise.app.awake import KeepAwake
from supervise.app.rating_export import RATES_HZ, export_rating
from supervise.app.rating_reading import (
    RatingRow,
    delete_rating,
    find_rating,
    rating_rows,
    read_rating,
    row_of,
)
from supervise.cli.command_lines import command_lines, commands_option
from supervise.cli.interrupts import interrupts
from supervise.cli.options import LOUDSPEAKER, SESSION, VAULT, Common, common
from supervise.cli.output import answer
from supervise.cli.rating_loop import RatingLoop
from supervise.domain.rating import Rater, RatingSetup, parse_dial
from supervise.domain.times import clock

SERIES = click.argument("series", metavar="SERIES")


@click.group()
def rating() -> None:
    """Rate a session while it is replayed, with one or two dials; before or after a recall, never during."""


@rating.command()
@VAULT
@SESSION
@click.option(
    "--dial",
    "dials",
    multiple=True,
    default=("affect",),
    show_default=True,
    metavar="DIAL",
    help="affect, activation, or your own: “Closeness=distant..close”. Given twice, two dials.",
)
@click.option(
    "--rater", type=click.Choice([str(who) for who in Rater]), default="therapist", show_default=True
)
@click.option("--name", default="", help="Who rates, when it is somebody else.")
@click.option("--study", default="", help="The study it is made for; needs the scope research besides.")
@LOUDSPEAKER
@commands_option("set DIAL VALUE, middle DIAL, pause, resume, seek S, end", "rating")
@common
def record(
    shared: Common,
    vault: Path,
    session: str,
    dials: tuple[str, ...],
    rater: str,
    name: str,
    study: str,
    loudspeaker: str,
    commands: str | None,
) -> None:
    """Play a session and keep what the dials stand at. `end`, the end of the commands or Ctrl-C ends it."""
    setup = RatingSetup(Rater(rater), tuple(parse_dial(text) for text in dials), name.strip(), study.strip())
    lines = command_lines(commands)
    with shared.workspace(vault) as workspace:
        found = workspace.find_session(session)
        going = shared.services.rating(workspace, found, setup, loudspeaker)
        loop = RatingLoop(going, lines, as_json=shared.as_json)
        with interrupts(loop.over.set, loop.press), KeepAwake():
            outcome = loop.run()
    values = {"series": outcome.series, "points": outcome.points, "played_ms": outcome.played_ms}
    words = f"{outcome.series}  {clock(outcome.played_ms)}, {outcome.points} points"
    answer(
        values, words if outcome.series else "Nothing was played, so nothing is kept.", as_json=shared.as_json
    )


@rating.command(name="list")
@VAULT
@click.argument("session", required=False)
@common
def list_(shared: Common, vault: Path, session: str | None) -> None:
    """List the ratings of a session, or all."""
    with shared.workspace(vault) as workspace:
        found = rating_rows(workspace, workspace.find_session(session) if session else None)
        rows = [_listed(row) for row in found]
    words = "\n".join(
        f"{row['series'][:8]}  {row['started_at'][:10]}  {row['rater']:<10} {clock(row['played_ms']):>8}  "
        f"{', '.join(row['dials'])}"
        for row in rows
    )
    answer({"ratings": rows}, words or "There are no ratings.", as_json=shared.as_json)


def _listed(row: RatingRow) -> dict[str, Any]:
    series, amount = row.series, row.amount
    return {
        "series": series.series,
        "session": series.session,
        "client": row.client_code,
        "rater": str(series.setup.rater),
        "name": series.setup.name,
        "study": series.setup.study,
        "author": row.author,
        "dials": [dial.key for dial in series.setup.dials],
        "started_at": series.started_at,
        "ended": series.facts.get("ended", ""),
        "played_ms": amount.played_ms,
        "passes": amount.passes,
        "points": amount.points,
    }


@rating.command()
@VAULT
@SERIES
@common
def show(shared: Common, vault: Path, series: str) -> None:
    """Show one series: its dials, what was heard, every point, and plain figures."""
    with shared.workspace(vault) as workspace:
        view = read_rating(workspace, find_rating(workspace, series))
    keys = [dial.key for dial in view.series.setup.dials]
    values = {
        **_listed(row_of(view)),
        "setup": view.series.setup.plain(),
        "runs": [
            dict(zip(("pass", "start_ms", "end_ms", "at_ms"), run, strict=True)) for run in view.trace.runs
        ],
        "given": [
            {
                "run": point.run + 1,
                "dial": keys[point.dial],
                "session_ms": point.session_ms,
                "value": point.value,
                "at_ms": point.at_ms,
            }
            for point in view.trace.points
        ],
        "summary": [asdict(row) for row in view.figures],
    }
    words = [f"{view.series.setup.rater}, {clock(view.trace.played_ms)}, {len(view.trace.passes)} passes"]
    for dial, row in zip(view.series.setup.dials, view.figures, strict=True):
        words.append(
            f"{dial.title} ({dial.low} to {dial.high}): moved {row.moves} times, {_range(row.lowest)} "
            f"to {_range(row.highest)}, mean {_range(row.mean)}"
        )
    answer(values, "\n".join(words), as_json=shared.as_json)


def _range(value: float | None) -> str:
    return "–" if value is None else f"{value:+g}"


@rating.command()
@VAULT
@SERIES
@click.option("--format", "fmt", required=True, type=click.Choice(["csv", "json"]), help="As what.")
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help="The file to write.")
@click.option(
    "--rate",
    type=click.Choice([str(rate) for rate in RATES_HZ]),
    help="So many values a second instead of every point.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option("--unredacted", is_flag=True, help="Take along what was rated in redacted passages.")
@click.option("--recipient", default="", help="For whom it is, kept in the list of copies.")
@common
def export(
    shared: Common,
    vault: Path,
    series: str,
    fmt: str,
    target: Path,
    rate: str | None,
    force: bool,
    unredacted: bool,
    recipient: str,
) -> None:
    """Take a series out of the vault's protection."""
    with shared.workspace(vault) as workspace:
        wanted = find_rating(workspace, series)
        rate_hz = int(rate) if rate else None
        options = {"force": force, "unredacted": unredacted}
        rows = export_rating(workspace, wanted, fmt, target, rate_hz=rate_hz, recipient=recipient, **options)
    words = f"Wrote {target}. It is no longer protected by the vault."
    answer({"path": str(target), "rows": rows}, words, as_json=shared.as_json)


@rating.command()
@VAULT
@SERIES
@click.option("--yes", is_flag=True, help="Do not ask.")
@common
def delete(shared: Common, vault: Path, series: str, *, yes: bool) -> None:
    """Delete one series for good."""
    with shared.workspace(vault) as workspace:
        wanted = find_rating(workspace, series)
        refusal = "Nothing was deleted. Add --yes to delete without being asked."
        shared.require_yes("Delete these ratings for good?", refusal, yes=yes)
        delete_rating(workspace, wanted)
    answer({"deleted": wanted}, "Deleted.", as_json=shared.as_json)
