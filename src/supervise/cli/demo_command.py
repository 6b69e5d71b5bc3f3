"""`supervise demo`: the bundled session imported, transcribed, marked, taken out and measured."""

import shutil
from pathlib import Path

import click

from supervise.app import demo as demos
from supervise.app.workspace import Workspace
from supervise.cli.options import Common, common
from supervise.cli.output import ProgressLine, answer, note
from supervise.cli.session_commands import run_transcription
from supervise.domain.errors import UsageError
from supervise.domain.moments import Perspective
from supervise.domain.transcript import TranscribeSettings

PASSPHRASE = "only a demonstration"  # noqa: S105 - of a fictional session, and printed
MARKER = ".made-by-supervise-demo"


@click.command()
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("demo-out"),
    show_default=True,
    help="Where the demo's vault and the copies taken out of it go.",
)
@click.option("--model", default="base", show_default=True)
@click.option("--window/--no-window", default=True, help="Open the window afterwards.")
@common
def demo(shared: Common, folder: Path, model: str, window: bool) -> None:
    """Run the whole job on the bundled fictional session and say how well it went."""
    _fresh(folder)
    vault = folder / "vault"
    workspace, _ = shared.services.create_vault(vault, "Demo therapist", Perspective.THERAPIST, PASSPHRASE)
    try:
        values = _job(shared, workspace, folder, model)
    finally:
        workspace.close()
    values["vault"] = str(vault)
    answer(values, _words(values), as_json=shared.as_json)
    if window and not shared.as_json:
        shared.terminal.window = (vault, PASSPHRASE)


def _fresh(folder: Path) -> None:
    marker = folder / MARKER
    if folder.exists() and any(folder.iterdir()):
        if not marker.exists():
            raise UsageError(f"{folder} holds other things. Choose a new folder with --to.")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    marker.touch()


def _job(shared: Common, workspace: Workspace, folder: Path, model: str) -> dict[str, object]:
    source = shared.services.demo_folder
    truth = demos.demo_truth(source)
    note("The bundled session is fictional; its voices are synthetic.")
    session = demos.add_demo_session(workspace, source, ProgressLine("Importing"))
    settings = TranscribeSettings(model=model, language="en")
    transcript = run_transcription(shared, workspace, session, settings)
    found = demos.score(workspace, session, truth)
    demos.name_speakers(workspace, session, found)
    moments = demos.add_sample_moments(workspace, session, truth)
    files = dict(demos.take_all_out(workspace, session, folder / "exports"))
    view = workspace.transcript(session)
    return {
        "session": session,
        "duration_ms": truth.duration_ms,
        "words": len(view.words),
        "turns": len(view.turns),
        "pauses": len(view.pauses),
        "moments": moments,
        "word_error_rate": round(found.words.rate, 4),
        "speaker_error": round(found.speakers.word_share, 4),
        "speaker_confusion_time": round(found.speakers.time_share, 4),
        "invented_words": found.invented_words,
        "exports": {str(folder / "exports" / name): rows for name, rows in files.items()},
        **workspace.store.transcripts.stats(transcript),
    }


def _words(values: dict[str, object]) -> str:
    exports = "\n".join(f"    {name}" for name in values["exports"])  # type: ignore[attr-defined]
    error, speakers = float(str(values["word_error_rate"])), float(str(values["speaker_error"]))
    return (
        f"\nThe demo session, {int(str(values['duration_ms'])) // 1000} s, against its exact truth:\n"
        f"  words          {values['words']} in {values['turns']} turns\n"
        f"  pauses         {values['pauses']} of a second or more\n"
        f"  word errors    {error:.1%}\n"
        f"  wrong speaker  {speakers:.1%} of words\n"
        f"  invented       {values['invented_words']} words in silences\n"
        f"  moments        {values['moments']} sample moments marked\n"
        f"  work           {values['cpu_s']} CPU seconds, {values['peak_mb']} MB at most\n"
        f"  taken out\n{exports}\n"
        f"  vault          {values['vault']} (passphrase: {PASSPHRASE})\n"
    )
