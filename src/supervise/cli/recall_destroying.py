"""`recall destroy`: one recall destroyed for good, with a certificate."""

from pathlib import Path
from typing import Any

import click

from supervise.app.recall_destroying import destroy_for_good, goes_with
from supervise.app.recall_reading import find_recall
from supervise.app.workspace import Workspace
from supervise.cli.options import VAULT, Common, common
from supervise.cli.output import answer
from supervise.domain.ids import RecallId

_REFUSAL = "Nothing was destroyed. Add --yes to destroy it without being asked."


@click.command()
@VAULT
@click.argument("recall_id", metavar="RECALL")
@click.option("--yes", is_flag=True, help="Do not ask.")
@common
def destroy(shared: Common, vault: Path, recall_id: str, *, yes: bool) -> None:
    """Destroy a recall for good, with its words, marks and write-ups, and interviews held in it."""
    with shared.workspace(vault) as workspace:
        values = destroyed(shared, workspace, find_recall(workspace, recall_id), yes=yes)
    answer(values, destroyed_words(values), as_json=shared.as_json)


def destroyed(shared: Common, workspace: Workspace, recall: RecallId, *, yes: bool) -> dict[str, Any]:
    """Ask, destroy, and return the terminal's stable fields."""
    held = goes_with(workspace, recall)
    also = f", and {held} {'interview' if held == 1 else 'interviews'} with the answers" if held else ""
    question = f"Destroy it for good, with its words, marks and write-ups{also}?"
    shared.require_yes(question, _REFUSAL, yes=yes)
    certificate = destroy_for_good(workspace, recall)
    kept = None if certificate is None else dict(certificate)
    return {"destroyed": recall, "interviews": held, "certificate": kept}


def destroyed_words(values: dict[str, Any]) -> str:
    """Return what was done, for people."""
    if values["certificate"] is None:
        return "Destroyed."
    return f"Destroyed, and certified: {values['certificate']['certificate'][:8]}."
