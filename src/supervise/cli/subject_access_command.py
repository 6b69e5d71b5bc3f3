"""`supervise subject-access`: what is kept about a client, in one file for the client."""

from pathlib import Path

import click

from supervise.app.subject_access import AccessWish, find_held, write_bundle
from supervise.cli.consent_commands import CLIENT
from supervise.cli.options import VAULT, Common, common
from supervise.cli.output import ProgressLine, answer


@click.command("subject-access")
@VAULT
@CLIENT
@click.option(
    "--to", "target", type=click.Path(path_type=Path), required=True, metavar="FILE", help="A .zip file."
)
@click.option("--force", is_flag=True, help="Replace an existing file.")
@click.option(
    "--include", multiple=True, metavar="NOTE", help="A private moment or write-up of yours to hand over."
)
@common
def subject_access(
    shared: Common, vault: Path, client: str, target: Path, force: bool, include: tuple[str, ...]
) -> None:
    """Write everything kept about a client to one file: sound, transcripts, marks, consent, access log."""
    with shared.workspace(vault) as workspace:
        chosen = frozenset(find_held(workspace, client, text) for text in include)
        wish = AccessWish(client, target, force, chosen)
        made = write_bundle(workspace, wish, ProgressLine("Writing"), lambda: False)
    values = {
        "path": str(target),
        "sessions": made.sessions,
        "held_back": made.held_back,
        "without_sound": made.without_sound,
    }
    words = f"Wrote {made.sessions} sessions to {target}. It is no longer protected by the vault."
    if made.held_back:
        words += f"\n{made.held_back} held back (held_back.json); --include NOTE hands a note of yours over."
    answer(values, words, as_json=shared.as_json)
