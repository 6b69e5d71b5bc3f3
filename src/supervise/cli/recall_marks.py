"""`recall mark`, `unmark` and `write-up`: what is noted of a recall when it is over."""

import sys
from pathlib import Path
from typing import Any

import click

from supervise.app.recall_export import recall_utterances
from supervise.app.recall_marks import DeleteRecallMark, MarkRecall, find_mark, marks_of, span_at
from supervise.app.recall_reading import find_recall, read_recall, recall_view
from supervise.app.workspace import Workspace
from supervise.app.write_ups import ShareWriteUp, WriteUpRecall, write_ups_of
from supervise.cli.moment_commands import rated
from supervise.cli.options import VAULT, Common, common
from supervise.cli.output import answer
from supervise.domain.errors import NotReadableError, UsageError
from supervise.domain.ids import RecallId
from supervise.domain.recall_marks import About, RecallMark, TimeFrame
from supervise.domain.times import clock, parse_seconds
from supervise.domain.write_ups import WriteUp

RECALL = click.argument("recall_id", metavar="RECALL")
_MOST_BYTES = 400_000


@click.command()
@VAULT
@RECALL
@click.option("--at", required=True, metavar="S", help="Where in the recall: seconds or m:ss.")
@click.option("--until", metavar="S", help="Its end. Left out: what is said there, or the stop there.")
@click.option("--code", "codes", multiple=True, metavar="CODE", help="A code, for example ip.affect.")
@click.option("--rate", "rates", multiple=True, metavar="NAME=VALUE", help="A rating, such as intensity=3.")
@click.option("--then", "frame", flag_value="then", help="It tells what went on then (there-and-then).")
@click.option("--now", "frame", flag_value="now", help="It tells what is thought of it now (here-and-now).")
@click.option("--about", type=click.Choice([str(who) for who in About]), help="Whose words these are.")
@click.option("--note", default="", help="A note.")
@common
def mark(
    shared: Common,
    vault: Path,
    recall_id: str,
    at: str,
    until: str | None,
    codes: tuple[str, ...],
    rates: tuple[str, ...],
    frame: str | None,
    about: str | None,
    note: str,
) -> None:
    """Mark what was recalled, or how it was asked."""
    start_ms = parse_seconds(at)
    with shared.workspace(vault) as workspace:
        recall = find_recall(workspace, recall_id)
        span = (start_ms, parse_seconds(until)) if until is not None else _span(workspace, recall, start_ms)
        wish = MarkRecall(
            recall,
            *span,
            rated(workspace.codebook(), codes, rates),
            TimeFrame(frame or ""),
            About(about) if about else None,
            note,
        )
        made = workspace.execute(wish)
    values = {"mark": made, "start_ms": span[0], "end_ms": span[1]}
    answer(values, f"Marked {clock(span[0])} to {clock(span[1])} ({made[:8]}).", as_json=shared.as_json)


def _span(workspace: Workspace, recall: RecallId, at_ms: int) -> tuple[int, int]:
    view = recall_view(workspace, recall)
    return span_at(recall_utterances(view), view.stops, at_ms, view.recall.sound.duration_ms)


@click.command()
@VAULT
@click.argument("mark_id", metavar="MARK")
@common
def unmark(shared: Common, vault: Path, mark_id: str) -> None:
    """Take one of your marks on a recall away."""
    with shared.workspace(vault) as workspace:
        gone = workspace.execute(DeleteRecallMark(find_mark(workspace, mark_id)))
    answer({"removed": gone}, "Removed. `supervise undo` brings it back.", as_json=shared.as_json)


@click.command(name="write-up")
@VAULT
@RECALL
@click.option("--text", "source", metavar="FILE|-", help="Keep these words as yours. Empty: take them away.")
@click.option("--share/--keep-private", "share", default=None, help="Whether others may read it.")
@common
def write_up(shared: Common, vault: Path, recall_id: str, source: str | None, share: bool | None) -> None:
    """Show what was written up of a recall, or write yours: private until you share it."""
    text = None if source is None else _words(source)
    with shared.workspace(vault) as workspace:
        recall = find_recall(workspace, recall_id)
        if text is not None:
            workspace.execute(WriteUpRecall(recall, text, share))
        elif share is not None:
            workspace.execute(ShareWriteUp(recall, shared=share))
        rows = write_up_rows(workspace, recall)
        if rows:
            read_recall(workspace, recall)
    said = "\n\n".join(
        f"{row['author']}{' (private)' if row['private'] else ''}\n{row['text']}" for row in rows
    )
    answer({"write_ups": rows}, said or "Nothing was written up.", as_json=shared.as_json)


def _words(source: str) -> str:
    try:
        raw = sys.stdin.buffer.read(_MOST_BYTES + 1) if source == "-" else _read(Path(source))
        if len(raw) > _MOST_BYTES:
            raise UsageError("This text is longer than a write-up may be.")
        return raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else "cannot be read"
        raise NotReadableError(f"The write-up in {source} {reason}.") from error


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MOST_BYTES + 1)


def mark_rows(workspace: Workspace, recall: RecallId) -> list[dict[str, Any]]:
    """Return the marks on a recall as the terminal's stable fields."""
    names = {entry.profile: entry.name for entry in workspace.profiles()}
    return [_mark_row(row, names.get(row.author, row.author)) for row in marks_of(workspace, recall)]


def _mark_row(row: RecallMark, author: str) -> dict[str, Any]:
    return {
        "mark": row.mark,
        "author": author,
        "perspective": str(row.perspective),
        "about": str(row.about),
        "start_ms": row.start_ms,
        "end_ms": row.end_ms,
        "time_frame": str(row.time_frame),
        "codes": [{"code": entry.code, "ratings": dict(entry.ratings)} for entry in row.codes],
        "note": row.note,
        "codebook": row.codebook,
        "created_at": row.created_at,
        "changed_at": row.changed_at,
    }


def write_up_rows(workspace: Workspace, recall: RecallId) -> list[dict[str, Any]]:
    """Return one's own write-up and those that others share, likewise."""
    names = {entry.profile: entry.name for entry in workspace.profiles()}
    return [_write_up_row(row, names.get(row.author, row.author)) for row in write_ups_of(workspace, recall)]


def _write_up_row(row: WriteUp, author: str) -> dict[str, Any]:
    return {
        "write_up": row.write_up,
        "author": author,
        "private": row.private,
        "text": row.text,
        "created_at": row.created_at,
        "changed_at": row.changed_at,
    }


def mark_words(row: dict[str, Any]) -> str:
    """Return a mark as a line of the terminal."""
    codes = ", ".join(entry["code"] for entry in row["codes"])
    parts = [part for part in (row["time_frame"], codes, row["note"]) if part]
    who = f" ({row['about']})" if row["about"] != About.RECALLER else ""
    return f"{clock(row['start_ms']):>8}  {row['mark'][:8]}  {row['author']}{who}: {'; '.join(parts)}"
