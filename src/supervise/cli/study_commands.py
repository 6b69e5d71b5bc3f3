"""Terminal commands about studies: which there are, and how one stands."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from supervise.app.studies import Due, StudyOverview, studies, study_overview
from supervise.cli.options import VAULT, Common, common
from supervise.cli.output import answer


@click.group()
def study() -> None:
    """Studies: who is interviewed about which session, and what is due."""


@study.command(name="list")
@VAULT
@common
def list_(shared: Common, vault: Path) -> None:
    """List the studies that clients agreed to."""
    with shared.workspace(vault) as workspace:
        names = studies(workspace)
    answer({"studies": list(names)}, "\n".join(names) or "There are no studies.", as_json=shared.as_json)


@study.command()
@VAULT
@click.argument("name", metavar="STUDY")
@common
def show(shared: Common, vault: Path, name: str) -> None:
    """Show a study: its dyads, interviews planned, open and done, due dates, and hours left."""
    with shared.workspace(vault) as workspace:
        found = study_overview(workspace, name)
    answer(_document(found), _words(found), as_json=shared.as_json)


def _document(found: StudyOverview) -> dict[str, Any]:
    return {
        "study": found.study,
        "dyads": [
            {
                "client": dyad.client_code,
                "sessions": [
                    {
                        "session": row.session,
                        "held_on": row.held_on,
                        "hours_left": row.hours_left,
                        "interviews": [_due(due) for due in row.interviews],
                    }
                    for row in dyad.sessions
                ],
            }
            for dyad in found.dyads
        ],
        "counts": [
            {"party": str(party), "time_point": point, "state": str(state), "interviews": count}
            for (party, point, state), count in sorted(found.counts().items())
        ],
        "overdue": found.overdue,
        "clients_left_out": found.left_out,
        "interviews_left_out": found.left_out_interviews,
    }


def _due(due: Due) -> dict[str, Any]:
    values = asdict(due)
    values["time_point"] = values.pop("point")
    del values["title"]
    return values


def _words(found: StudyOverview) -> str:
    lines = [f"{found.study}: {len(found.dyads)} dyads, {len(found.interviews)} interviews"]
    for dyad in found.dyads:
        for row in dyad.sessions:
            left = "" if row.hours_left is None else f"  {_left(row.hours_left)}"
            lines.append(f"{dyad.client_code}  {row.held_on}  {row.session[:8]}{left}")
            lines += [_line(due) for due in row.interviews]
    if found.left_out:
        lines.append(f"Left out: {found.left_out} clients whom no consent covers now.")
    return "\n".join(lines)


def _line(due: Due) -> str:
    when = "" if due.hours_left is None else f", {_left(due.hours_left)}"
    when = f", not before {due.due_from[:10]}" if due.not_before else when
    hidden = ", hidden until both are done" if due.hidden else ""
    return f"  {due.interview[:8]}  {due.party}, {due.point}: {due.state}{when}{hidden}"


def _left(hours: float) -> str:
    if hours < 0:
        return f"overdue by {-hours:.0f} h"
    return f"{hours:.0f} h left" if hours < 24 * 7 else f"{hours / 24:.0f} days left"
