"""`supervise delete-portion`: a span of a session deleted for good."""

from pathlib import Path

import click

from supervise.app.portion import PortionWish, delete_portion
from supervise.cli.options import SESSION, VAULT, Common, common
from supervise.cli.output import ProgressLine, answer
from supervise.domain.errors import CancelledError, UsageError
from supervise.domain.times import parse_seconds


@click.command("delete-portion")
@VAULT
@SESSION
@click.option("--from", "start", required=True, metavar="SECONDS", help="For example 83.5 or 1:23.5.")
@click.option("--to", "end", required=True, metavar="SECONDS", help="Where it ends.")
@click.option("--with-recalls", is_flag=True, help="Destroy the recalls too in which it was heard.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@common
def delete_portion_(
    shared: Common, vault: Path, session: str, start: str, end: str, with_recalls: bool, yes: bool
) -> None:
    """Delete a span for good: silence in the sound, its words gone from transcript, notes and index."""
    with shared.workspace(vault) as workspace:
        wish = PortionWish(
            workspace.find_session(session), parse_seconds(start), parse_seconds(end), with_recalls
        )
        if not yes and not shared.may_ask:
            raise UsageError("Deleting a portion cannot be undone. Add --yes.")
        if not yes and not click.confirm("Delete this for good? Nothing brings it back.", err=True):
            raise CancelledError("Nothing was changed.")
        certificate = delete_portion(workspace, wish, ProgressLine("Deleting"), lambda: False)
    values = {"session": wish.session, "start_ms": wish.start_ms, "end_ms": wish.end_ms}
    answer({**values, "certificate": dict(certificate)}, "Deleted for good.", as_json=shared.as_json)
