"""Terminal commands about the vault itself: making, opening, checking, copying, who works in it."""

from pathlib import Path

import click

from supervise.app import log_page
from supervise.app.restoring import apply_certificates, read_certificates
from supervise.cli.options import VAULT, Common, common, read_secret
from supervise.cli.output import ProgressLine, answer, note
from supervise.domain.errors import DamagedError
from supervise.domain.moments import Perspective

ROLES = click.Choice([role.value for role in Perspective])
NEW_FILE = click.option(
    "--new-passphrase-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A file whose first line is the new passphrase.",
)


@click.command()
@VAULT
@click.option("--name", required=True, help="Your name, as others in this vault will see it.")
@click.option("--role", type=ROLES, default="therapist", show_default=True)
@common
def init(shared: Common, vault: Path, name: str, role: str) -> None:
    """Make a new vault and print its recovery key."""
    passphrase = _first_passphrase(shared)
    workspace, recovery_key = shared.services.create_vault(vault, name, Perspective(role), passphrase)
    values = {"vault": str(vault), "profile": workspace.profile.name, "recovery_key": recovery_key}
    workspace.close()
    words = (
        f"Made {vault} for {name}.\n\nRecovery key:\n\n    {recovery_key}\n\n"
        "Write it on paper and keep it away from this computer. It opens the vault when the passphrase\n"
        "is lost, and nobody can make it again. Without both, what is inside is gone."
    )
    answer(values, words, as_json=shared.as_json)


def _first_passphrase(shared: Common) -> str:
    asked = shared.passphrase_file is None and shared.terminal.passphrase is None and shared.may_ask
    return shared.new_passphrase(None, "the vault") if asked else shared.passphrase()


NAMING = (
    "{name} sees a client's sessions once that client has named them: "
    "supervise consent add VAULT --client CODE --scope supervisor={name}"
)


@click.group()
def profile() -> None:
    """Who works in a vault."""


@profile.command("add")
@VAULT
@click.option("--name", required=True, help="The new person's name.")
@click.option("--role", type=ROLES, required=True)
@NEW_FILE
@common
def profile_add(shared: Common, vault: Path, name: str, role: str, new_passphrase_file: Path | None) -> None:
    """Let another person work in this vault, with a passphrase of their own."""
    with shared.workspace(vault) as workspace:
        fresh = shared.new_passphrase(new_passphrase_file, name)
        added, recovery_key = workspace.add_profile(name, Perspective(role), fresh)
    values = {"profile": added.name, "role": added.role.value, "recovery_key": recovery_key}
    if added.role is Perspective.SUPERVISOR:
        note(NAMING.format(name=added.name))
    answer(values, f"Added {added.name}. Their recovery key:\n\n    {recovery_key}\n", as_json=shared.as_json)


@profile.command("list")
@VAULT
@common
def profile_list(shared: Common, vault: Path) -> None:
    """List who works in this vault."""
    with shared.workspace(vault) as workspace:
        rows = [{"profile": p.name, "role": p.role.value} for p in workspace.profiles()]
    words = "\n".join(f"{row['profile']}  ({row['role']})" for row in rows)
    answer({"profiles": rows}, words, as_json=shared.as_json)


@click.command()
@VAULT
@click.option(
    "--recovery-key-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Open with the recovery key instead of the lost passphrase.",
)
@NEW_FILE
@common
def passphrase(
    shared: Common, vault: Path, recovery_key_file: Path | None, new_passphrase_file: Path | None
) -> None:
    """Change your passphrase, or set a new one with the recovery key. Only keys are rewrapped."""
    if recovery_key_file is None:
        old = shared.passphrase("Present passphrase")
        fresh = shared.new_passphrase(new_passphrase_file, "the vault")
        shared.services.change_passphrase(vault, old, fresh, shared.profile)
    else:
        fresh = shared.new_passphrase(new_passphrase_file, "the vault")
        shared.services.reset_passphrase(vault, read_secret(recovery_key_file), fresh)
    answer({"changed": True}, "The passphrase is changed.", as_json=shared.as_json)


@click.command("recovery-key")
@VAULT
@common
def recovery_key(shared: Common, vault: Path) -> None:
    """Make a new recovery key; the old one stops working."""
    with shared.workspace(vault) as workspace:
        fresh = workspace.vault.replace_recovery_key()
    answer({"recovery_key": fresh}, f"The new recovery key:\n\n    {fresh}\n", as_json=shared.as_json)


@click.command()
@VAULT
@common
def verify(shared: Common, vault: Path) -> None:
    """Read and authenticate everything in the vault and name what is damaged."""
    progress = ProgressLine("Reading")
    report = shared.services.verify(vault, shared.passphrase(), shared.profile, progress)
    rows = [{"kind": d.kind, "id": d.id, "detail": d.detail} for d in report.damaged]
    words = "Everything is whole." if report.ok else "\n".join(d.detail for d in report.damaged)
    answer({"ok": report.ok, "damaged": rows}, words, as_json=shared.as_json)
    if not report.ok:
        message = f"{len(rows)} damaged; the rest stays usable. Restore from a backup what you need."
        raise DamagedError(message)


@click.command()
@VAULT
@click.argument("target", type=click.Path(path_type=Path))
@common
def backup(shared: Common, vault: Path, target: Path) -> None:
    """Copy the vault, as it is this instant, to a new folder; works while the window is open."""
    progress = ProgressLine("Copying")
    left_out, recalls = shared.services.backup(vault, shared.passphrase(), shared.profile, target, progress)
    values = {"backup": str(target), "left_out": left_out, "recalls_left_out": recalls}
    words = f"Copied to {target}. It opens with the same passphrases and recovery keys."
    if left_out:
        words += f"\n{left_out} sessions were left out: no consent covers them."
    if recalls:
        words += f"\n{recalls} recalls were left out: no consent covers them."
    answer(values, words, as_json=shared.as_json)


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@VAULT
@click.option(
    "--withdrawal",
    "withdrawals",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A certificate of something destroyed since.",
)
@common
def restore(shared: Common, source: Path, vault: Path, withdrawals: tuple[Path, ...]) -> None:
    """Copy a backup to a new vault and prove that it opens and is whole.

    Give the certificates of what was destroyed since the backup was made, so that it does not come back.
    """
    progress = ProgressLine("Restoring")
    certificates = read_certificates(withdrawals)
    report = shared.services.restore(source, vault, shared.passphrase(), progress)
    rows = [{"kind": d.kind, "id": d.id, "detail": d.detail} for d in report.damaged]
    applied = 0
    if certificates:
        with shared.workspace(vault) as workspace:
            applied = apply_certificates(workspace, certificates)
    whole = f"Restored to {vault}; it opens and is whole."
    words = whole if report.ok else "\n".join(d.detail for d in report.damaged)
    values = {"vault": str(vault), "ok": report.ok, "damaged": rows}
    if certificates:
        values["destroyed_again"] = applied
        words += f"\n{applied} sessions were destroyed again, as the certificates say."
    answer(values, words, as_json=shared.as_json)
    if not report.ok:
        message = f"Restored to {vault}; it opens, but {len(rows)} of what the backup holds is damaged."
        raise DamagedError(message)


@click.command()
@VAULT
@click.option("--load", type=click.Path(path_type=Path), metavar="FILE", help="Use your own codebook.")
@common
def codebook(shared: Common, vault: Path, load: Path | None) -> None:
    """Show the codebook in use, or load your own."""
    with shared.workspace(vault) as workspace:
        book = workspace.codebooks.load(load) if load else workspace.codebook()
    families = {family.family: family.label for family in book.families}
    listed = [
        {"code": code.code, "label": code.label, "family": families.get(code.family, code.family)}
        for code in book.codes
    ]
    values = {
        "codebook": book.codebook,
        "version": book.version,
        "codes": len(book.codes),
        "listed": listed,
    }
    words = f"{book.codebook} {book.version}\n" + "\n".join(
        f"{code.code:<16} {code.label}" for code in book.codes
    )
    answer(values, words, as_json=shared.as_json)


@click.command()
@VAULT
@click.option("--last", type=click.IntRange(1, 100_000), default=50, show_default=True)
@click.option(
    "--to", "target", type=click.Path(path_type=Path), metavar="FILE", help="Write all of it (.csv, .json)."
)
@click.option("--force", is_flag=True, help="Replace an existing file.")
@common
def log(shared: Common, vault: Path, last: int, target: Path | None, force: bool) -> None:
    """Show who did what and when; the log holds no content."""
    with shared.workspace(vault) as workspace:
        whole = not log_page.broken_lines(workspace)
        if target is not None:
            count = log_page.write_log(workspace, target, force=force)
            values = {"path": str(target), "rows": count, "chain_holds": whole}
            answer(values, f"Wrote {count} lines to {target}.", as_json=shared.as_json)
            return
        rows = workspace.log_lines(last)
        names: dict[str, str] = {p.profile: p.name for p in workspace.profiles()}
    entries = [
        {"at": r.at, "who": names.get(r.who, r.who), "action": r.action, "subject": r.subject} for r in rows
    ]
    words = "\n".join(f"{e['at']}  {e['who']:<20} {e['action']:<10} {e['subject']}" for e in entries)
    answer({"entries": entries, "chain_holds": whole}, words, as_json=shared.as_json)
