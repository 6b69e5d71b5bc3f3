"""`recall transcribe`: the words of a recall, through the same queue as those of sessions."""

from pathlib import Path

import click

from supervise.app.recall_export import recall_utterances
from supervise.app.recall_reading import find_recall, recall_view
from supervise.cli.options import VAULT, Common, common
from supervise.cli.output import answer, note
from supervise.cli.waiting import finished
from supervise.domain.transcript import TranscribeSettings


@click.command(name="transcribe")
@VAULT
@click.argument("recall_id", metavar="RECALL")
@click.option("--model", default="base", show_default=True, help="`supervise models list` shows them.")
@click.option("--language", default="", metavar="LANGUAGE", help="For example en or de (default: detect).")
@click.option("--speakers", type=click.IntRange(1, 4), default=2, show_default=True)
@common
def transcribe_recall(
    shared: Common, vault: Path, recall_id: str, model: str, language: str, speakers: int
) -> None:
    """Make a transcript of a recall; what was only the session, heard again, is left out."""
    settings = TranscribeSettings(model=model, language=language, speakers=speakers)
    with shared.workspace(vault) as workspace:
        wanted = find_recall(workspace, recall_id)
        queue = shared.services.queue(workspace)
        job = queue.enqueue_recall(wanted, settings)
        try:
            transcript = finished(queue, job)
        except KeyboardInterrupt:
            queue.cancel(job)
            raise
        view = recall_view(workspace, wanted)
        said = recall_utterances(view)
    for sentence in view.version.notes if view.version else ():
        note(sentence)
    values = {"transcript": transcript, "words": len(view.words), "utterances": len(said)}
    answer(values, f"{len(view.words)} words in {len(said)} utterances.", as_json=shared.as_json)
