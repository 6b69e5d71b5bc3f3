"""`recall export`: rows, cues on either time line, or a reading copy of one recall or several."""

from pathlib import Path

import click

from supervise.app.recall_export import FORMATS, RecallExportJob, RecallWish, run_recall_export
from supervise.app.recall_reading import find_recall
from supervise.cli.options import VAULT, Common, common
from supervise.cli.output import answer


@click.command(name="export")
@VAULT
@click.argument("recall_id", metavar="RECALL")
@click.option("--format", "fmt", required=True, type=click.Choice(FORMATS), help="As what.")
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help="The file to write.")
@click.option(
    "--with",
    "beside",
    multiple=True,
    metavar="RECALL",
    help="Another recall of the same session, beside it in a reading copy (html, pdf); may be repeated.",
)
@click.option("--names", is_flag=True, help="Name inquirers in a reading copy, instead of “an inquirer”.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option("--unredacted", is_flag=True, help="Leave what is about redacted passages readable.")
@click.option("--recipient", default="", help="For whom it is, kept in the list of copies.")
@common
def export_recall(
    shared: Common,
    vault: Path,
    recall_id: str,
    fmt: str,
    target: Path,
    beside: tuple[str, ...],
    names: bool,
    force: bool,
    unredacted: bool,
    recipient: str,
) -> None:
    """Take a recall out of the vault's protection."""
    with shared.workspace(vault) as workspace:
        others = tuple(find_recall(workspace, text) for text in beside)
        wanted = find_recall(workspace, recall_id)
        wish = RecallWish(wanted, fmt, target, force, unredacted, recipient, others, names)
        rows = run_recall_export(RecallExportJob(workspace, wish, shared.terminal.typeset))
    words = f"Wrote {target}. It is no longer protected by the vault."
    answer({"path": str(target), "rows": rows}, words, as_json=shared.as_json)
