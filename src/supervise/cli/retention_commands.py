"""Terminal commands about how long things are kept: rules, what falls due, holds, destruction."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from supervise.app import retention as clock
from supervise.app.workspace import Workspace
from supervise.cli.consent_commands import CLIENT, day
from supervise.cli.options import VAULT, Common, common
from supervise.cli.output import answer
from supervise.domain.errors import CancelledError, UsageError
from supervise.domain.keeping import KINDS


class _ShownByDefault(click.Group):
    """`retention VAULT` is short for `retention show VAULT`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take what is no command for the vault to show."""
        if args and args[0] not in self.commands:
            args = ["show", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=_ShownByDefault)
def retention() -> None:
    """How long things are kept, and what stops their destruction. With a VAULT alone it shows that."""


@retention.command("show")
@VAULT
@common
def show(shared: Common, vault: Path) -> None:
    """Show the rules, what falls due and when, and the holds."""
    with shared.workspace(vault) as workspace:
        values = _values(workspace)
    lines = [f"{kind:<12} {days} days" for kind, days in values["rules"].items()] or ["No rules."]
    lines += [
        f"{r['due']}  {r['state']:<6} {r['session'][:8]}  {r['client']:<10} {r['kind']}"
        + (f" {r['recall'][:8]}" if r["recall"] else "")
        for r in values["due"]
    ]
    lines += [
        f"hold {r['hold'][:8]}  {r['client']} until {r['expires']}: {r['reason']}" for r in values["holds"]
    ]
    answer(values, "\n".join(lines), as_json=shared.as_json)


def _values(workspace: Workspace) -> dict[str, Any]:
    codes = workspace.store.consents.codes()
    due = [
        {
            "session": thing.session,
            "client": thing.client_code,
            "kind": thing.kind,
            "due": thing.due_on.isoformat(),
            "state": thing.state,
            "recall": thing.recall or None,
        }
        for thing in clock.due_list(workspace)
    ]
    holds = [
        {
            "hold": hold.id,
            "client": codes[hold.client],
            "session": hold.session or None,
            "reason": hold.reason,
            "expires": hold.expires_on.isoformat(),
        }
        for hold in workspace.store.retention.holds()
    ]
    return {"rules": workspace.store.retention.rules(), "due": due, "holds": holds}


@retention.command("set")
@VAULT
@click.option("--kind", type=click.Choice(KINDS), required=True)
@click.option("--days", type=click.IntRange(0, 36_525), help="After the meeting (a recall: after it).")
@click.option("--none", "without", is_flag=True, help="No rule for this kind.")
@common
def set_(shared: Common, vault: Path, kind: str, days: int | None, without: bool) -> None:
    """Set for how many days a kind of thing is kept; what a client was promised counts if it is shorter."""
    if (days is None) != without:
        raise UsageError("Say for how many --days, or --none.")
    with shared.workspace(vault) as workspace:
        clock.set_rule(workspace, kind, days)
    answer({"kind": kind, "days": days}, "The rule is set.", as_json=shared.as_json)


@retention.command("run")
@VAULT
@click.option("--yes", is_flag=True, help="Do not ask.")
@common
def run(shared: Common, vault: Path, yes: bool) -> None:
    """Destroy what is due and not held. Nothing brings it back."""
    with shared.workspace(vault) as workspace:
        due = clock.due_here(workspace)
        if due and not yes and not shared.may_ask:
            raise UsageError(f"{len(due)} things are due. Destroying cannot be undone. Add --yes.")
        if due and not yes and not click.confirm(f"Destroy {len(due)} things that are due?", err=True):
            raise CancelledError("Nothing was changed.")
        certificates = [dict(certificate) for certificate in clock.run(workspace)]
    words = f"{len(due)} things destroyed." if due else "Nothing is due."
    answer({"destroyed": len(due), "certificates": certificates}, words, as_json=shared.as_json)


@retention.command("hold")
@VAULT
@CLIENT
@click.option("--session", default="", metavar="SESSION", help="Only this session.")
@click.option("--reason", required=True)
@click.option("--expires", callback=day, required=True, metavar="YYYY-MM-DD", help="The last day it holds.")
@common
def hold(shared: Common, vault: Path, client: str, session: str, reason: str, expires: date) -> None:
    """Stop destruction for legal or safeguarding reasons."""
    with shared.workspace(vault) as workspace:
        inside = workspace.find_session(session) if session else ""
        made = clock.place_hold(workspace, client, inside, reason, expires)
    answer({"hold": made.id}, f"Held until {expires}.", as_json=shared.as_json)


@retention.command("lift")
@VAULT
@click.argument("held")
@common
def lift(shared: Common, vault: Path, held: str) -> None:
    """Lift a hold, named by its id."""
    with shared.workspace(vault) as workspace:
        lifted = clock.lift_hold(workspace, held)
    answer({"hold": lifted.id}, "The hold is lifted.", as_json=shared.as_json)
