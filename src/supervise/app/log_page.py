"""The access log as a page and as a file: who did what when, and whether its chain holds."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from supervise.exchange.files import write_whole
from supervise.storage import access_log

COLUMNS = ("at", "who", "action", "subject", "detail")


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line: `at` in UTC, `who` by name, `subject` an id or empty, `detail` counts or kinds only."""

    at: str
    who: str
    action: str
    subject: str
    detail: str


def log_entries(workspace: Workspace) -> list[LogEntry]:
    """Return the whole log, oldest first."""
    names: dict[str, str] = {entry.profile: entry.name for entry in workspace.profiles()}
    return [
        LogEntry(line.at, names.get(line.who, line.who), line.action, line.subject, line.detail)
        for line in access_log.lines(workspace.vault.db)
    ]


def broken_lines(workspace: Workspace) -> list[int]:
    """Return the numbers of the lines where the chain does not hold; empty when nobody changed it."""
    return access_log.broken_links(workspace.vault.db)


def chain_words(broken: list[int]) -> str:
    """Say whether the chain holds."""
    if not broken:
        return "The chain holds: no line was changed, left out or cut off."
    return f"The chain is broken at line {broken[0]}: lines were changed, left out or cut off there."


def write_log(workspace: Workspace, target: Path, *, force: bool = False) -> int:
    """Write the log as .csv or .json, whole or not at all; return how many lines.

    Raises UsageError (another ending, or the file is there).
    """
    entries = log_entries(workspace)
    suffix = target.suffix.lower()
    if suffix not in (".csv", ".json"):
        raise UsageError("The log is written as .csv or .json.")
    parts = _csv(entries) if suffix == ".csv" else _json(entries, broken_lines(workspace))
    write_whole(target, parts, force=force)
    workspace.vault.log("export", "", f"access log, {len(entries)} lines")
    return len(entries)


def _csv(entries: list[LogEntry]) -> Iterator[bytes]:
    held = io.StringIO()
    writer = csv.writer(held)
    writer.writerow(COLUMNS)
    for entry in entries:
        writer.writerow([_guarded(str(getattr(entry, name))) for name in COLUMNS])
    yield held.getvalue().encode("utf-8-sig")


def _guarded(text: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _json(entries: list[LogEntry], broken: list[int]) -> Iterator[bytes]:
    rows = [asdict(entry) for entry in entries]
    values = {"chain_holds": not broken, "broken_lines": broken, "entries": rows}
    yield (json.dumps(values, indent=2, ensure_ascii=False) + "\n").encode()
