"""Terminal commands about sessions: bringing them in, transcribing, showing, finding, taking out."""

from pathlib import Path

import click

from supervise.app.importing import DELETE, KEEP, ImportWish, import_file
from supervise.app.taking_out import FORMATS, ExportJob, ExportWish, run_export
from supervise.app.workspace import Workspace
from supervise.cli.options import SESSION, VAULT, Common, common
from supervise.cli.output import ProgressLine, answer, note
from supervise.cli.plain import hit_row, library_row, session_document, show_words
from supervise.cli.waiting import finished
from supervise.domain.errors import CancelledError, UsageError
from supervise.domain.ids import SessionId, TranscriptId
from supervise.domain.times import clock
from supervise.domain.transcript import TranscribeSettings


def never_cancelled() -> bool:
    """Ctrl-C is how the terminal stops; it arrives as an exception."""
    return False


@click.command("import")
@VAULT
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--client", required=True, metavar="CLIENT", help="Whose session, by client code; attests their consent."
)
@click.option("--title", default="", help="Your own label; it stays inside the vault.")
@click.option("--held-on", default="", metavar="YYYY-MM-DD", help="The day of the meeting.")
@click.option("--original", type=click.Choice([KEEP, DELETE]), help="What becomes of the file.")
@common
def import_(
    shared: Common, vault: Path, file: Path, client: str, title: str, held_on: str, original: str | None
) -> None:
    """Import a recording with the client's consent."""
    with shared.workspace(vault) as workspace:
        fate = original or _ask_original(shared, client)
        wish = ImportWish(file, client, title, held_on, fate)
        outcome = import_file(workspace, wish, ProgressLine("Importing"), never_cancelled)
    sound = outcome.session.sound
    values = {
        "session": outcome.session.session,
        "duration_ms": sound.duration_ms,
        "samples": sound.samples,
        "rate_hz": sound.rate_hz,
        "channels": sound.channels,
        "sha256": sound.source_sha256,
        "duplicate": outcome.duplicate,
    }
    if outcome.warning:
        note(outcome.warning)
    how = "was here already as" if outcome.duplicate else "is now"
    words = f"The recording ({clock(sound.duration_ms)}) {how} session {outcome.session.session}."
    answer(values, words, as_json=shared.as_json)


def _ask_original(shared: Common, client: str) -> str:
    if not shared.may_ask:
        return KEEP
    question = f"Has {client} consented to this recording being kept here?"
    if not click.confirm(question, err=True):
        raise CancelledError("Nothing was imported.")
    gone = click.confirm("Delete the original file once it is safe in the vault?", default=False, err=True)
    return DELETE if gone else KEEP


@click.command()
@VAULT
@SESSION
@click.option("--model", default="base", show_default=True, help="`supervise models list` shows them.")
@click.option("--language", default="", metavar="LANGUAGE", help="For example en or de (default: detect).")
@click.option("--speakers", type=click.IntRange(1, 4), default=2, show_default=True)
@click.option("--accurate", is_flag=True, help="Slower and a little better.")
@click.option("--terms", default="", help="Names and words to expect, separated by commas.")
@click.option("--without-fillers", is_flag=True, help="Leave out um and uh.")
@common
def transcribe(
    shared: Common,
    vault: Path,
    session: str,
    model: str,
    language: str,
    speakers: int,
    accurate: bool,
    terms: str,
    without_fillers: bool,
) -> None:
    """Make a transcript on this machine; a stopped run goes on where it was."""
    settings = TranscribeSettings(
        model=model,
        language=language,
        accuracy="accurate" if accurate else "faster",
        speakers=speakers,
        terms=terms,
        keep_fillers=not without_fillers,
    )
    with shared.workspace(vault) as workspace:
        wanted = workspace.find_session(session)
        transcript = run_transcription(shared, workspace, wanted, settings)
        view = workspace.transcript(wanted)
        stats = workspace.store.transcripts.stats(transcript)
    values = {"transcript": transcript, "words": len(view.words), "turns": len(view.turns), **stats}
    for sentence in view.version.notes if view.version else ():
        note(sentence)
    words = f"{len(view.words)} words in {len(view.turns)} turns. Speakers are a guess; name them."
    answer(values, words, as_json=shared.as_json)


def run_transcription(
    shared: Common, workspace: Workspace, session: SessionId, settings: TranscribeSettings
) -> TranscriptId:
    """Queue one transcription, wait for its end with progress on stderr, and return the transcript."""
    queue = shared.services.queue(workspace)
    return finished(queue, queue.enqueue(session, settings))


@click.command("list")
@VAULT
@common
def list_(shared: Common, vault: Path) -> None:
    """List the sessions."""
    with shared.workspace(vault) as workspace:
        library = workspace.library()
    rows = [library_row(row) for row in library.rows]
    lines = [
        f"{r['session'][:8]}  {r['held_on']}  {r['client']:<12} {clock(r['duration_ms']):>8}  {r['title']}"
        for r in rows
    ]
    if library.left_out:
        lines.append(f"{library.left_out} not shown: no consent to own review is in force.")
    words = "\n".join(lines) or "No sessions yet. `supervise import VAULT FILE --client CODE` brings one in."
    answer({"sessions": rows, "left_out": library.left_out}, words, as_json=shared.as_json)


@click.command()
@VAULT
@SESSION
@common
def show(shared: Common, vault: Path, session: str) -> None:
    """Show a session's transcript and moments."""
    with shared.workspace(vault) as workspace:
        row = workspace.open_session(workspace.find_session(session))
        document = session_document(workspace, row.session)
        words = "" if shared.as_json else show_words(workspace, row)
    answer(document, words, as_json=shared.as_json)


@click.command()
@VAULT
@click.argument("words", nargs=-1, required=True)
@click.option("--session", default="", metavar="SESSION", help="Look in one session only.")
@common
def search(shared: Common, vault: Path, words: tuple[str, ...], session: str) -> None:
    """Find words in transcripts and notes."""
    with shared.workspace(vault) as workspace:
        inside = workspace.find_session(session) if session else None
        found = workspace.search(" ".join(words), inside)
    rows = [hit_row(hit) for hit in found.hits]
    lines = [f"{r['session'][:8]}  {clock(r['start_ms']):>8}  {r['kind']:<10} {r['snippet']}" for r in rows]
    if found.left_out:
        lines.append(f"{found.left_out} sessions not searched: no consent to own review is in force.")
    values = {"hits": rows, "more": found.more, "left_out": found.left_out}
    answer(values, "\n".join(lines) or "Nothing found.", as_json=shared.as_json)


@click.command()
@VAULT
@SESSION
@click.option("--format", "fmt", type=click.Choice(FORMATS), required=True)
@click.option("--to", "target", type=click.Path(path_type=Path), required=True, metavar="FILE")
@click.option("--force", is_flag=True, help="Replace an existing file.")
@click.option("--unredacted", is_flag=True, help="Do not redact what is coded wf.redact.")
@click.option("--for", "recipient", default="", metavar="NAME", help="For whom; kept in the list of copies.")
@click.option("--with-private", is_flag=True, help="Take your own private moments along.")
@common
def export(
    shared: Common,
    vault: Path,
    session: str,
    fmt: str,
    target: Path,
    force: bool,
    unredacted: bool,
    recipient: str,
    with_private: bool,
) -> None:
    """Take a copy out of the vault's protection."""
    with shared.workspace(vault) as workspace:
        wish = ExportWish(
            workspace.find_session(session), fmt, target, force, unredacted, with_private, recipient
        )
        job = ExportJob(workspace, wish)
        rows = run_export(job, ProgressLine("Writing"), never_cancelled)
    if job.left_out and fmt in ("csv", "json"):
        note(f"{job.left_out} private moments of yours were left out; --with-private takes them along.")
    words = f"Wrote {target}. It is no longer protected by the vault."
    answer({"path": str(target), "rows": rows}, words, as_json=shared.as_json)


@click.command()
@VAULT
@SESSION
@click.option("--name", "names", multiple=True, metavar="VOICE=NAME", help="For example A=therapist.")
@click.option("--swap", is_flag=True, help="Exchange the names of voices A and B.")
@click.option("--merge", metavar="VOICE=VOICE", help="B=A gives everything B said to A.")
@common
def speakers(
    shared: Common, vault: Path, session: str, names: tuple[str, ...], swap: bool, merge: str | None
) -> None:
    """Say who the voices are; they were told apart by the program and are a guess."""
    from supervise.app.commands import MergeVoices, NameSpeaker, SwapSpeakers

    with shared.workspace(vault) as workspace:
        wanted = workspace.find_session(session)
        for pair in names:
            workspace.execute(NameSpeaker(wanted, *_pair(pair)))
        if swap:
            workspace.execute(SwapSpeakers(wanted, "A", "B"))
        if merge:
            workspace.execute(MergeVoices(wanted, *_pair(merge)))
        view = workspace.transcript(wanted)
    found = {word.speaker: view.names.name(word.speaker) for word in view.words}
    words = "\n".join(f"{label or '-'}  {name}" for label, name in sorted(found.items()))
    answer({"session": wanted, "speakers": found}, words, as_json=shared.as_json)


def _pair(text: str) -> tuple[str, str]:
    left, equals, right = text.partition("=")
    if not equals or not left.strip():
        raise UsageError(f"“{text}” should look like A=therapist.")
    return left.strip(), right.strip()
