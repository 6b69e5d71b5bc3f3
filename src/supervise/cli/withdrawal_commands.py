"""Terminal commands for taking consent back: withdrawing, grace period, certificates, copies."""

import json
from pathlib import Path
from typing import Any

import click

from supervise.app import inventory, withdrawing
from supervise.app.certificates import write_certificate
from supervise.app.client_page import call_back
from supervise.app.recall_inventory import counted
from supervise.app.withdrawing import ALL, WithdrawWish
from supervise.app.workspace import Workspace
from supervise.cli.consent_commands import CLIENT, consent
from supervise.cli.options import VAULT, Common, common
from supervise.cli.output import answer, note
from supervise.domain.consent import parse_grant
from supervise.domain.errors import CancelledError, UsageError
from supervise.domain.keeping import KINDS

DECISION = click.argument("decision")


@consent.command("withdraw")
@VAULT
@CLIENT
@click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help="What is withdrawn.")
@click.option("--all", "everything", is_flag=True, help="Everything is withdrawn.")
@click.option("--now", is_flag=True, help="Destroy now, without the grace period. Nothing brings it back.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--restrict", is_flag=True, help="Lock, and destroy nothing.")
@click.option(
    "--destroy", "chosen", multiple=True, type=click.Choice(KINDS), help="Although it would be allowed."
)
@click.option("--reason", default="", help="Only if the client wants it written down.")
@common
def withdraw(
    shared: Common,
    vault: Path,
    client: str,
    scopes: tuple[str, ...],
    everything: bool,
    now: bool,
    yes: bool,
    restrict: bool,
    chosen: tuple[str, ...],
    reason: str,
) -> None:
    """Take consent back: locked at once; what nothing allows any longer is destroyed after seven days."""
    if everything == bool(scopes):
        raise UsageError("Say what is withdrawn: --scope SCOPE, or --all.")
    grants = ALL if everything else frozenset(parse_grant(text) for text in scopes)
    choice = "restrict" if restrict else "destroy"
    wish = WithdrawWish(client, grants, choice, frozenset(chosen), now, reason)
    with shared.workspace(vault) as workspace:
        if not yes:
            _ask(shared, workspace, wish)
        done = withdrawing.withdraw(workspace, wish)
    listed = done.decision.inventory
    values = {
        "withdrawal": done.decision.id,
        "client": listed["client"],
        "scopes": listed["scopes"],
        "locked": True,
        "choice": choice,
        "due": done.decision.due_on.isoformat(),
        "held": done.held,
        "destroyed": done.certificate is not None,
        "inventory": listed["sessions"],
        "copies": done.copies,
        "certificate": done.certificate,
    }
    for copy in done.copies:
        where = f"{copy['place']} {copy['recipient']}".rstrip()
        note(f"Call back: {copy['kind']} of {copy['made_at'][:10]}, {where}")
    answer(values, _told(values), as_json=shared.as_json)


def _ask(shared: Common, workspace: Workspace, wish: WithdrawWish) -> None:
    if not shared.may_ask:
        if wish.now:
            raise UsageError("Destroying now cannot be undone. Add --yes.")
        return
    goes = [entry for entry in withdrawing.preview(workspace, wish)["sessions"] if entry["goes"]]
    for entry in goes:
        what = f"{', '.join(entry['goes'])}: {entry['words']} words, {entry['moments']} moments"
        what += "".join(f", {gone} of {count} {kind}" for kind, gone, count in counted(entry) if gone)
        note(f"{entry['session'][:8]}  {entry['held_on']}  {what}")
    when = "now" if wish.now else "in seven days"
    if not click.confirm(f"Lock, and destroy this {when}?" if goes else "Withdraw?", err=True):
        raise CancelledError("Nothing was changed.")


def _told(values: dict[str, Any]) -> str:
    if values["destroyed"]:
        show = f"supervise consent certificate VAULT {values['withdrawal'][:8]}"
        return f"Withdrawn and destroyed. Certificate: {show}"
    if values["held"]:
        return "Withdrawn and locked. A legal hold keeps it from being destroyed."
    goes = any(entry["goes"] for entry in values["inventory"])
    if not goes:
        return "Withdrawn. Nothing is destroyed: what there is is restricted, or another scope allows it."
    return (
        f"Withdrawn and locked. It is destroyed on {values['due']}; until then "
        f"`supervise consent take-back VAULT {values['withdrawal'][:8]}` undoes a mistake."
    )


@consent.command("withdrawals")
@VAULT
@common
def withdrawals(shared: Common, vault: Path) -> None:
    """List what was withdrawn or fell due, what waits to be destroyed and until when it can be taken back."""
    with shared.workspace(vault) as workspace:
        rows = _decisions(workspace)
    lines = [
        f"{row['withdrawal'][:8]}  {row['client']:<10} {row['choice']:<10} {_state(row)}" for row in rows
    ]
    answer({"withdrawals": rows}, "\n".join(lines) or "Nothing was withdrawn.", as_json=shared.as_json)


def _decisions(workspace: Workspace) -> list[dict[str, Any]]:
    codes = workspace.store.consents.codes()
    return [
        {
            "withdrawal": row.id,
            "client": codes[row.client],
            "scopes": list(row.scopes),
            "choice": row.choice,
            "withdrawn_at": row.withdrawn_at,
            "due": row.due_on.isoformat() if row.waits else None,
            "destroyed_at": row.done_at,
            "certified": row.certificate is not None,
        }
        for row in workspace.store.withdrawals.all()
    ]


def _state(row: dict[str, Any]) -> str:
    if row["destroyed_at"]:
        return f"destroyed on {row['destroyed_at'][:10]}"
    return f"is destroyed on {row['due']}" if row["due"] else ""


@consent.command("take-back")
@VAULT
@DECISION
@common
def take_back(shared: Common, vault: Path, decision: str) -> None:
    """Undo a withdrawal made by mistake, as long as nothing was destroyed; both stay on record."""
    with shared.workspace(vault) as workspace:
        found = withdrawing.take_back(workspace, decision)
    answer(
        {"withdrawal": found.id},
        "Taken back. What was granted before is granted again.",
        as_json=shared.as_json,
    )


@consent.command("destroy")
@VAULT
@DECISION
@click.option("--yes", is_flag=True, help="Do not ask.")
@common
def destroy(shared: Common, vault: Path, decision: str, yes: bool) -> None:
    """Carry out a withdrawal before its grace period is over. Nothing brings it back."""
    with shared.workspace(vault) as workspace:
        if not yes and not shared.may_ask:
            raise UsageError("Destroying cannot be undone. Add --yes.")
        if not yes and not click.confirm("Destroy now? Nothing brings it back.", err=True):
            raise CancelledError("Nothing was changed.")
        certificate = withdrawing.finish(workspace, decision)
    answer({"certificate": dict(certificate)}, "Destroyed.", as_json=shared.as_json)


@consent.command("certificate")
@VAULT
@DECISION
@click.option("--to", "target", type=click.Path(path_type=Path), metavar="FILE", help="A .json or .pdf file.")
@click.option("--force", is_flag=True, help="Replace an existing file.")
@common
def certificate(shared: Common, vault: Path, decision: str, target: Path | None, force: bool) -> None:
    """Show or write the certificate of a destruction: what, its hash, when, by whom; no content."""
    with shared.workspace(vault) as workspace:
        found = workspace.store.withdrawals.find(decision).certificate
    if found is None:
        raise UsageError("Nothing was destroyed by this decision (yet), so there is no certificate.")
    if target is not None:
        write_certificate(found, target, force=force)
    words = f"Wrote {target}." if target else json.dumps(found, indent=2, ensure_ascii=False)
    answer(
        {"certificate": dict(found), "path": str(target) if target else None}, words, as_json=shared.as_json
    )


@click.group()
def copies() -> None:
    """What left the vault: copies taken out and backups, with where they went."""


@copies.command("list")
@VAULT
@click.option("--client", metavar="CLIENT", help="Only one client's.")
@common
def copies_list(shared: Common, vault: Path, client: str | None) -> None:
    """List the copies that are still out."""
    with shared.workspace(vault) as workspace:
        known = workspace.store.consents.codes()
        rows = [
            row
            for found, code in known.items()
            if client is None or code.casefold() == client.strip().casefold()
            for row in inventory.copies_out(workspace.store, found)
        ]
    unique = {row["copy"]: row for row in rows}
    lines = [
        f"{r['copy'][:8]}  {r['made_at'][:10]}  {r['kind']:<8} {r['place']} {r['recipient']}"
        for r in unique.values()
    ]
    answer(
        {"copies": list(unique.values())}, "\n".join(lines) or "No copies are out.", as_json=shared.as_json
    )


@copies.command("called-back")
@VAULT
@click.argument("copy")
@common
def copies_called_back(shared: Common, vault: Path, copy: str) -> None:
    """Note that a copy was destroyed where it was, or came back."""
    with shared.workspace(vault) as workspace:
        done = call_back(workspace, copy)
    answer({"copy": done}, "Noted.", as_json=shared.as_json)
