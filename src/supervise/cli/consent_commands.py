"""Terminal commands about consent: recording it, showing it, and who has a part in whose case."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from supervise.app import consenting
from supervise.app.consenting import Statement
from supervise.app.forms import read_form
from supervise.app.workspace import Workspace
from supervise.cli.options import VAULT, Common, common
from supervise.cli.output import answer
from supervise.domain.consent import ConsentRecord, Grant, parse_grant
from supervise.domain.consent_details import METHODS, SIGNER_ROLES, ConsentDetails
from supervise.domain.errors import UsageError

CLIENT = click.option("--client", required=True, metavar="CLIENT", help="The client code, never a name.")


def day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> date | None:
    """Read a day option."""
    if value is None:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise click.BadParameter("write a day as 2026-11-01") from None


def pairs(values: tuple[str, ...], example: str) -> tuple[tuple[str, str], ...]:
    """Read options such as `P-2=granted`; raises UsageError with an example."""
    found = [value.partition("=") for value in values]
    if not all(left and right for left, _, right in found):
        raise UsageError(f"Write it as {example}.")
    return tuple(sorted((left.strip(), right.strip()) for left, _, right in found))


@click.group()
def consent() -> None:
    """What a client has agreed to."""


@consent.command("add")
@VAULT
@CLIENT
@click.option(
    "--scope", "scopes", multiple=True, metavar="SCOPE", help="For example record or supervisor=NAME."
)
@click.option("--refused", multiple=True, metavar="SCOPE", help="What the client said no to.")
@click.option("--signed", callback=day, metavar="YYYY-MM-DD", help="The day it was signed (today).")
@click.option(
    "--valid-from", callback=day, metavar="YYYY-MM-DD", help="The first day it holds (when signed)."
)
@click.option("--expires", callback=day, metavar="YYYY-MM-DD", help="The last day it holds.")
@click.option("--review-on", callback=day, metavar="YYYY-MM-DD", help="The day to talk about it again.")
@click.option("--form", type=click.Path(path_type=Path), metavar="FILE", help="The text that was signed.")
@click.option("--language", default="", metavar="LANGUAGE", help="The form's language, for example de.")
@click.option("--signer-role", type=click.Choice(SIGNER_ROLES), default="client", show_default=True)
@click.option("--method", type=click.Choice(METHODS), help="How it was given.")
@click.option("--witness", default="", help="Who was there, by code or function.")
@click.option("--capacity", default="", help="On what it rests that the client can decide.")
@click.option("--minor", is_flag=True, help="The client is a minor; a guardian signs.")
@click.option("--assent/--no-assent", default=None, help="Whether the minor agreed too.")
@click.option("--guardian", default="", metavar="CODE", help="Who signed for the minor.")
@click.option("--adult-on", callback=day, metavar="YYYY-MM-DD", help="The day the client comes of age.")
@click.option("--audible", multiple=True, metavar="CODE=ANSWER", help="Others who are heard: P-2=granted.")
@click.option("--keep", multiple=True, metavar="KIND=DAYS", help="How long it may be kept: sound=90.")
@common
def consent_add(shared: Common, vault: Path, client: str, **given: Any) -> None:
    """Add a consent record; earlier ones are kept.

    Scopes: record, transcribe, own_review, supervisor=NAME, group=NAME, training, research=STUDY/ETHICS-REF,
    client_recall, share_recall, quotation, keep_excerpts.
    """
    granted = frozenset(parse_grant(text) for text in given["scopes"])
    refused = frozenset(parse_grant(text) for text in given["refused"])
    details = _details(given)
    with shared.workspace(vault) as workspace:
        signed = given["signed"] or workspace.today()
        said = Statement(client, signed, granted, refused, expires_on=given["expires"], details=details)
        added = workspace.record_consent(said)
    answer({"consent": added.consent}, f"Consent of {client} recorded.", as_json=shared.as_json)


def _details(given: dict[str, Any]) -> ConsentDetails:
    text, sha256 = read_form(given["form"]) if given["form"] else ("", "")
    try:
        keep = tuple((kind, int(days)) for kind, days in pairs(given["keep"], "--keep sound=90"))
    except ValueError:
        raise UsageError("Write it as --keep sound=90, in days.") from None
    return ConsentDetails(
        form=text,
        form_sha256=sha256,
        language=given["language"],
        signer_role=given["signer_role"],
        method=given["method"] or "",
        witness=given["witness"],
        capacity=given["capacity"],
        minor=given["minor"],
        assent=given["assent"],
        guardian=given["guardian"],
        adult_on=given["adult_on"],
        valid_from=given["valid_from"],
        review_on=given["review_on"],
        audible=pairs(given["audible"], "--audible P-2=granted"),
        keep_days=keep,
    )


def consent_row(record: ConsentRecord) -> dict[str, Any]:
    """One record as `consent show` and the subject's bundle write it."""
    return {
        "consent": record.consent,
        "scopes": sorted(record.granted),
        "signed": record.signed_on.isoformat(),
        "expires": record.expires_on.isoformat() if record.expires_on else None,
        "granted": _names(record.grants(record.granted)),
        "refused": _names(record.grants(record.refused)),
        "withdrawn": _names(record.grants(record.withdrawn)),
        "recorded_at": record.created_at,
        "details": record.details.plain(),
    }


def _names(grants: tuple[Grant, ...]) -> list[str]:
    return [str(grant) for grant in grants]


@consent.command("show")
@VAULT
@CLIENT
@common
def consent_show(shared: Common, vault: Path, client: str) -> None:
    """Show a client's consent records, oldest first."""
    with shared.workspace(vault) as workspace:
        records = workspace.consents(client)
    rows = [consent_row(record) for record in records]
    words = "\n".join(_line(record) for record in records) or f"No consent is on record for {client}."
    answer({"client": client, "records": rows}, words, as_json=shared.as_json)


def _line(record: ConsentRecord) -> str:
    parts = [", ".join(_names(record.grants(record.granted)))]
    parts += [f"refused: {', '.join(_names(record.grants(record.refused)))}"] if record.refused else []
    parts += [f"withdrawn: {', '.join(_names(record.grants(record.withdrawn)))}"] if record.withdrawn else []
    until = f"  (until {record.expires_on})" if record.expires_on else ""
    return f"{record.signed_on}  {'; '.join(part for part in parts if part)}{until}"


@click.group()
def role() -> None:
    """Who has which part in which case."""


@role.command("give")
@VAULT
@CLIENT
@click.option("--to", "name", required=True, metavar="PROFILE", help="Whose part it is.")
@click.option("--role", "part", required=True, metavar="PART", help="For example supervisor or group=NAME.")
@click.option("--until", callback=day, metavar="YYYY-MM-DD", help="The last day it holds.")
@common
def role_give(shared: Common, vault: Path, client: str, name: str, part: str, until: date | None) -> None:
    """Give somebody a part in a case.

    The parts: owner, supervisor, group=NAME, trainee, researcher=STUDY/ETHICS-REF, inquirer, client. It
    opens nothing by itself: the client must have agreed to that person, group or study.
    """
    with shared.workspace(vault) as workspace:
        made = consenting.give_part(workspace.store, workspace.gate, client, name, part, until)
    answer(
        {"role": made.id}, f"{name} has the part {made.role} in the case {client}.", as_json=shared.as_json
    )


@role.command("end")
@VAULT
@click.argument("given")
@common
def role_end(shared: Common, vault: Path, given: str) -> None:
    """End a part, named by its id."""
    with shared.workspace(vault) as workspace:
        ended = consenting.end_part(workspace.store, workspace.gate, given)
    answer({"role": ended.id}, "The part is ended.", as_json=shared.as_json)


@role.command("list")
@VAULT
@common
def role_list(shared: Common, vault: Path) -> None:
    """List who has which part in which case."""
    with shared.workspace(vault) as workspace:
        rows = _parts(workspace)
    lines = [f"{row['role'][:8]}  {row['client']:<10} {row['profile']:<20} {row['part']}" for row in rows]
    answer({"roles": rows}, "\n".join(lines) or "Nobody was given a part.", as_json=shared.as_json)


def _parts(workspace: Workspace) -> list[dict[str, Any]]:
    codes = workspace.store.consents.codes()
    names = {entry.profile: entry.name for entry in workspace.profiles()}
    return [
        {
            "role": part.id,
            "client": codes[part.client],
            "profile": names[part.profile],
            "part": part.role,
            "until": part.until_on.isoformat() if part.until_on else None,
        }
        for part in workspace.store.case_roles.all()
    ]
