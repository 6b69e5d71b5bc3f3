"""How the terminal writes interviews, and `interview export`."""

from pathlib import Path
from typing import Any

import click

from supervise.app.interview_export import answer_rows, event_rows, export_interview, export_study
from supervise.app.interview_reading import InterviewView, find_interview
from supervise.cli.options import VAULT, Common, common
from supervise.cli.output import answer
from supervise.domain.errors import UsageError
from supervise.domain.protocols import Step
from supervise.domain.times import clock


def document(view: InterviewView) -> dict[str, Any]:
    """Return an interview as the terminal's stable fields."""
    row = view.row
    return {
        "interview": row.interview,
        "study": row.study,
        "client": view.session.client_code,
        "session": row.session,
        "protocol": row.protocol,
        "party": str(row.party),
        "interviewer": row.interviewer,
        "time_point": row.point,
        "state": str(row.state),
        "seed": row.seed,
        "due_from": row.due_from,
        "due_until": row.due_until,
        "opened_at": row.opened_at,
        "done_at": row.done_at,
        "cued_from": row.cued_from,
        "recall": row.recall,
        "hidden": view.hidden,
        "waits_for": [str(party) for party in view.waits_for],
        "unblinded": row.unblinded is not None,
        "lacking": list(view.lacking),
        "answered": sorted({item for item, _ in view.answered}),
        "steps": [step.plain() for step in view.steps],
        "events": event_rows(view),
        "answers": answer_rows(sorted(view.given.values(), key=lambda entry: entry.seq)),
    }


def in_words(view: InterviewView) -> str:
    """Return an interview for people, a line a step."""
    row = view.row
    lines = [f"{row.interview[:8]}  {row.protocol}, {row.party}, {row.point}: {row.state}"]
    lines += [
        f"  event {event.event[:8]}  {clock(event.start_ms)} to {clock(event.end_ms)}  {event.title}".rstrip()
        for event in view.events
    ]
    if view.hidden:
        who = " and ".join(f"the {party}" for party in view.waits_for)
        lines.append(f"  What was answered is hidden until {who} finished.")
    lines += [_step_words(view, step) for step in view.steps]
    return "\n".join(lines)


def _step_words(view: InterviewView, step: Step) -> str:
    said = [str(entry.value) for entry in view.given.values() if entry.item == step.item]
    there = any(item == step.item for item, _ in view.answered)
    mark = "; ".join(said) or ("answered" if there else "")
    scale = f" ({step.scale.words()})" if step.scale else ""
    return f"  {step.kind:<9} {step.item:<22} {step.words}{scale}" + (f"  -> {mark}" if mark else "")


@click.command()
@VAULT
@click.argument("interview_id", metavar="[INTERVIEW]", required=False)
@click.option("--study", metavar="STUDY", help="All interviews of a study instead of one.")
@click.option("--format", "fmt", required=True, type=click.Choice(["csv", "json"]), help="As what.")
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help="The file to write.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option("--unredacted", is_flag=True, help="Leave words about redacted passages readable.")
@click.option("--recipient", default="", help="For whom it is, kept in the list of copies.")
@common
def export(
    shared: Common,
    vault: Path,
    interview_id: str | None,
    study: str | None,
    fmt: str,
    target: Path,
    force: bool,
    unredacted: bool,
    recipient: str,
) -> None:
    """Take an interview, or a study's, out of the vault's protection; what is hidden stays."""
    if (interview_id is None) == (study is None):
        raise UsageError("Name one interview, or a study with --study.")
    options = {"force": force, "unredacted": unredacted}
    with shared.workspace(vault) as workspace:
        if interview_id is not None:
            wanted = find_interview(workspace, interview_id)
            done = export_interview(workspace, wanted, fmt, target, recipient=recipient, **options)
        else:
            done = export_study(workspace, study or "", fmt, target, recipient=recipient, **options)
    words = f"Wrote {target}. It is no longer protected by the vault."
    if done.hidden:
        words += f" {done.hidden} interviews were left out: hidden until both are done."
    values = {"path": str(target), "rows": done.rows, "interviews": done.interviews, "hidden": done.hidden}
    answer(values, words, as_json=shared.as_json)
