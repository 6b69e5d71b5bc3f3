"""Terminal commands about research protocols: which there are, what one asks, and bringing one's own."""

from pathlib import Path
from typing import Any

import click

from supervise.app.protocols import (
    KnownProtocol,
    load_protocol,
    protocol,
    protocol_text,
    protocols,
    read_protocol,
)
from supervise.cli.options import VAULT, Common, common
from supervise.cli.output import answer
from supervise.domain.protocols import Protocol, Step

FILE = click.argument("file", type=click.Path(path_type=Path))


@click.group(name="protocol")
def protocol_() -> None:
    """Research protocols: interviews as data."""


@protocol_.command(name="list")
@VAULT
@common
def list_(shared: Common, vault: Path) -> None:
    """List the protocols this vault can work by, every version."""
    with shared.workspace(vault) as workspace:
        rows = [_head(entry) for entry in protocols(workspace)]
    words = "\n".join(f"{row['key']:<34} {row['title']}" for row in rows)
    answer({"protocols": rows}, words, as_json=shared.as_json)


def _head(entry: KnownProtocol) -> dict[str, Any]:
    found = entry.protocol
    return {
        "protocol": found.protocol,
        "version": found.version,
        "key": found.key,
        "title": found.title,
        "parties": [str(party) for party in found.parties],
        "shipped": entry.shipped,
        "sha256": entry.sha256,
    }


@protocol_.command()
@VAULT
@click.argument("name", metavar="PROTOCOL")
@click.option("--yaml", "as_yaml", is_flag=True, help="Write its file, to be changed and loaded.")
@common
def show(shared: Common, vault: Path, name: str, *, as_yaml: bool) -> None:
    """Show what a protocol asks whom when; PROTOCOL is an id or id@version."""
    with shared.workspace(vault) as workspace:
        found, text = protocol(workspace, name), protocol_text(workspace, name)
    values = {**document(found), "yaml": text}
    answer(values, text.rstrip() if as_yaml else _words(found), as_json=shared.as_json)


def document(found: Protocol) -> dict[str, Any]:
    """Return a protocol as the terminal's stable fields."""
    return {
        "protocol": found.protocol,
        "version": found.version,
        "key": found.key,
        "title": found.title,
        "language": found.language,
        "source": found.source,
        "notes": found.notes,
        "parties": [str(party) for party in found.parties],
        "first": str(found.first) if found.first else None,
        "window_hours": found.window_hours,
        "order": "random" if found.random_order else "written",
        "blind": found.blind,
        "time_points": [
            {"id": point.point, "title": point.title, "days": point.days, "leeway_days": point.leeway_days}
            for point in found.points
        ],
        "steps": [
            {
                **step.plain(),
                "parties": [str(party) for party in step.parties or found.parties],
                "time_points": list(step.points) or [point.point for point in found.points],
                "stay": step.stay,
            }
            for step in found.steps
        ],
    }


def _words(found: Protocol) -> str:
    order = "in a random order" if found.random_order else "in the order written"
    lines = [f"{found.key}  {found.title}", f"{len(found.steps)} steps, {order}"]
    lines += [found.source] if found.source else []
    return "\n".join([*lines, "", *(_step_words(step) for step in found.steps)])


def _step_words(step: Step) -> str:
    scale = f" ({step.scale.words()})" if step.scale else ""
    flags = [word for word in ("required", "per_event", "blind") if getattr(step, word)]
    flags += [str(party) for party in step.parties] + list(step.points)
    said = f"  [{', '.join(flags)}]" if flags else ""
    return f"{step.kind:<9} {step.item:<24} {step.words}{scale}{said}"


@protocol_.command()
@VAULT
@FILE
@common
def load(shared: Common, vault: Path, file: Path) -> None:
    """Check a protocol file of your own and keep it in the vault."""
    with shared.workspace(vault) as workspace:
        found = load_protocol(workspace, file)
    answer({"key": found.key, "steps": len(found.steps)}, f"Loaded {found.key}.", as_json=shared.as_json)


@protocol_.command()
@FILE
@common
def check(shared: Common, file: Path) -> None:
    """Check a protocol file without loading it; every mistake is named by its line."""
    found = read_protocol(file)
    words = f"{found.key} can be used: {len(found.steps)} steps."
    answer({"key": found.key, "steps": len(found.steps)}, words, as_json=shared.as_json)
