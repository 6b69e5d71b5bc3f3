"""Terminal commands for recalls: hold a recall, list and show recalls, take one out."""

from pathlib import Path
from typing import Any

import click

from supervise.app.awake import KeepAwake
from supervise.app.interview_reading import find_interview
from supervise.app.reading import WHOLE
from supervise.app.recall_export import heard_rows, recall_utterances, stop_rows
from supervise.app.recall_lists import RecallRow, recall_list
from supervise.app.recall_outcome import LEFT_OPEN, RecallOutcome
from supervise.app.recall_reading import (
    Recalled,
    RecallView,
    find_recall,
    read_about,
    read_recall,
    recall_view,
)
from supervise.app.recall_recovering import (
    keep_recovered_recall,
    offer_recall,
    recovered_recalls,
)
from supervise.cli.command_lines import command_lines, commands_option
from supervise.cli.interrupts import interrupts
from supervise.cli.options import LOUDSPEAKER, SESSION, VAULT, Common, common
from supervise.cli.output import answer, note
from supervise.cli.recall_cards import prompt_cards
from supervise.cli.recall_destroying import destroy, destroyed, destroyed_words
from supervise.cli.recall_loop import COMMANDS, RecallLoop
from supervise.cli.recall_marks import mark, mark_rows, mark_words, unmark, write_up
from supervise.cli.recall_out import export_recall
from supervise.cli.recall_words import transcribe_recall
from supervise.domain.errors import NoSpaceError
from supervise.domain.recall import (
    DEFAULT_STEP_BACK_MS,
    MOST_NUDGE_S,
    MOST_STEP_BACK_MS,
    ChosenBy,
    Party,
    Segments,
    Setup,
    late_words,
    parse_kind,
    usual_recaller,
)
from supervise.domain.recall_segments import parse_span
from supervise.domain.times import clock, parse_seconds

RECALL = click.argument("recall_id", metavar="RECALL")
FULL = (
    "That interview has its recall already, which stays. This one is kept beside it; "
    "`supervise interview tie VAULT {interview} {recall}` lets it be the interview's instead."
)


@click.group()
def recall() -> None:
    """Replay a session with somebody who was in it, and record what they recall."""


for _command in (transcribe_recall, export_recall, prompt_cards, mark, unmark, write_up, destroy):
    recall.add_command(_command)


@recall.command()
@VAULT
@SESSION
@click.option("--kind", required=True, help="therapist, client, mutual, parallel or research:PROTOCOL.")
@click.option("--input", "microphone", default="", metavar="DEV", help="Where to record from.")
@LOUDSPEAKER
@commands_option(COMMANDS, "recall")
@click.option("--recaller", type=click.Choice([str(party) for party in Party]), help="Who recalls.")
@click.option("--inquirer", default="", metavar="NAME", help="Who helps them (default for a client's: you).")
@click.option("--inquirer-may-stop/--only-recaller-stops", default=True, show_default=True)
@click.option(
    "--step-back",
    type=click.FloatRange(0, MOST_STEP_BACK_MS / 1000),
    default=DEFAULT_STEP_BACK_MS / 1000,
    show_default=True,
    help="Seconds that going on steps back.",
)
@click.option(
    "--nudge",
    type=click.IntRange(0, MOST_NUDGE_S),
    default=0,
    metavar="SECONDS",
    help="Say so, once a stop, when nobody has spoken for so long (never, unless asked for).",
)
@click.option("--segment", "segments", multiple=True, metavar="S-S", help="Only this part; may be repeated.")
@click.option("--chosen-by", type=click.Choice([str(who) for who in ChosenBy]), default="participant")
@click.option("--why", default="", help="Why these segments.")
@click.option("--seed", type=int, help="What segments chosen at random were drawn with.")
@click.option("--interview", metavar="INTERVIEW", help="The interview it is part of.")
@common
def start(
    shared: Common,
    vault: Path,
    session: str,
    kind: str,
    microphone: str,
    loudspeaker: str,
    commands: str | None,
    recaller: str | None,
    inquirer: str,
    inquirer_may_stop: bool,
    step_back: float,
    nudge: int,
    segments: tuple[str, ...],
    chosen_by: str,
    why: str,
    seed: int | None,
    interview: str | None,
) -> None:
    """Hold a recall. `end`, the end of the commands or Ctrl-C ends it and keeps everything."""
    parsed, protocol = parse_kind(kind)
    parts = Segments(tuple(parse_span(text) for text in segments), ChosenBy(chosen_by), why.strip(), seed)
    who = usual_recaller(parsed) if recaller is None else Party(recaller)
    lines = command_lines(commands)
    with shared.workspace(vault) as workspace:
        helper = inquirer.strip() or (workspace.profile.name if who is Party.CLIENT else "")
        back_ms = round(step_back * 1000)
        setup = Setup(
            parsed,
            protocol,
            who,
            helper,
            inquirer_may_stop=inquirer_may_stop,
            step_back_ms=back_ms,
            segments=parts,
            nudge_s=nudge,
        )
        found = workspace.find_session(session)
        part_of = find_interview(workspace, interview) if interview else None
        going = shared.services.recalling(workspace, found, setup, microphone, loudspeaker)
        if part_of is not None and not going.belong_to(part_of):
            note(FULL.format(interview=part_of[:8], recall=going.recall[:8]))
        if late := late_words(going.setup.hours_since):
            note(late)
        loop = RecallLoop(going, lines, as_json=shared.as_json)
        with interrupts(loop.over.set, loop.press), KeepAwake():
            outcome = loop.run()
        _say(outcome, as_json=shared.as_json)
    if outcome.left_open:
        raise NoSpaceError(LEFT_OPEN)
    if loop.error is not None:
        raise loop.error


def _say(outcome: RecallOutcome, *, as_json: bool) -> None:
    values: dict[str, Any] = {
        "recall": outcome.recall,
        "stops": outcome.stops,
        "duration_ms": outcome.duration_ms,
        "samples": outcome.samples,
        "gaps": [gap.plain() for gap in outcome.gaps],
        "overflows": outcome.overflows,
        "dropped_frames": outcome.dropped_frames,
        "underflows": outcome.underflows,
    }
    words = f"{outcome.recall}  {clock(outcome.duration_ms)}, {_stops(outcome.stops)}"
    answer(values, words, as_json=as_json)


@recall.command(name="list")
@VAULT
@click.argument("session", required=False)
@common
def list_(shared: Common, vault: Path, session: str | None) -> None:
    """List the recalls of a session, or all."""
    with shared.workspace(vault) as workspace:
        found = recall_list(workspace, workspace.find_session(session) if session else None)
        rows = [_listed(row) for row in found]
        left = recovered_recalls(workspace)
    for entry in left:
        note(f"{offer_recall(entry)} `supervise recall recover VAULT {entry.recall[:8]}` keeps it.")
    words = "\n".join(
        f"{row['recall'][:8]}  {row['started_at'][:10]}  {row['kind']:<10} {clock(row['duration_ms']):>8}  "
        f"{_stops(row['stops'])}"
        for row in rows
    )
    answer({"recalls": rows}, words or "There are no recalls.", as_json=shared.as_json)


def _stops(count: int) -> str:
    return "1 stop" if count == 1 else f"{count} stops"


def _listed(row: RecallRow) -> dict[str, Any]:
    setup = row.setup
    return {
        "recall": row.recall,
        "session": row.session,
        "client": row.client_code,
        "kind": setup.kind_text,
        "recaller": str(setup.recaller),
        "inquirer": setup.inquirer,
        "state": "finished" if row.finished else "unfinished",
        "started_at": row.started_at,
        "hours_since": setup.hours_since,
        "duration_ms": row.duration_ms,
        "transcript": row.words == WHOLE,
        "stops": row.stops,
    }


def _head(view: RecallView) -> dict[str, Any]:
    row, setup = view.recall, view.recall.setup
    return {
        "recall": row.recall,
        "session": row.session,
        "client": view.session.client_code,
        "kind": setup.kind_text,
        "recaller": str(setup.recaller),
        "inquirer": setup.inquirer,
        "state": "unfinished" if row.unfinished else "finished",
        "started_at": row.started_at,
        "hours_since": setup.hours_since,
        "duration_ms": row.sound.duration_ms or view.map.duration_ms,
        "transcript": bool(view.version and view.version.finished),
    }


@recall.command()
@VAULT
@RECALL
@common
def show(shared: Common, vault: Path, recall_id: str) -> None:
    """Show a recall: its stops, what was heard when, what was said, and the marks on it."""
    with shared.workspace(vault) as workspace:
        view = read_recall(workspace, find_recall(workspace, recall_id))
        said = recall_utterances(view)
        marks = mark_rows(workspace, view.recall.recall)
    stops = stop_rows(view)
    setup = view.recall.setup
    values = {
        **_head(view),
        "setup": setup.plain(),
        "stops": stops,
        "heard": heard_rows(view),
        "utterances": [
            {
                "recall_start_ms": row.recall_start_ms,
                "recall_end_ms": row.recall_end_ms,
                "session_start_ms": row.session_start_ms,
                "session_end_ms": row.session_end_ms,
                "over_playing": row.over_playing,
                "speaker": view.names.name(row.speaker) if row.speaker else "",
                "text": row.text,
            }
            for row in said
        ],
        "marks": marks,
    }
    words = [f"{setup.kind_text}, {clock(values['duration_ms'])}, {_stops(len(stops))}"]
    words += [
        f"{clock(stop['recall_start_ms']):>8}  stopped at {clock(stop['session_ms'])} by {stop['stopped_by']}"
        + (f"  [{stop['prompt_words'] or stop['prompt']}]" if stop["prompt"] else "")
        for stop in stops
    ]
    words += [f"{clock(row.recall_start_ms):>8}  ({clock(row.session_end_ms)})  {row.text}" for row in said]
    words += [mark_words(row) for row in marks]
    answer(values, "\n".join(words), as_json=shared.as_json)


@recall.command()
@VAULT
@SESSION
@click.argument("moment", metavar="SECONDS")
@common
def about(shared: Common, vault: Path, session: str, moment: str) -> None:
    """Say all that was ever recalled about a moment of a session, and by whom."""
    with shared.workspace(vault) as workspace:
        found = read_about(workspace, workspace.find_session(session), parse_seconds(moment))
    words = "\n".join(
        f"{entry.recall[:8]} {clock(entry.recall_start_ms):>8}  {entry.setup.recaller}: "
        + " ".join(word.text for word in entry.words)
        for entry in found
    )
    rows = [_recalled(entry) for entry in found]
    answer({"recalled": rows}, words or "Nothing was recalled about it.", as_json=shared.as_json)


def _recalled(entry: Recalled) -> dict[str, Any]:
    return {
        "recall": entry.recall,
        "kind": entry.setup.kind_text,
        "recaller": str(entry.setup.recaller),
        "stopped_by": entry.stop.stopped_by.value if entry.stop is not None else None,
        "recall_start_ms": entry.recall_start_ms,
        "recall_end_ms": entry.recall_end_ms,
        "session_start_ms": entry.session_start_ms,
        "session_end_ms": entry.session_end_ms,
        "text": " ".join(word.text for word in entry.words),
    }


@recall.command()
@VAULT
@RECALL
@click.option("--destroy", "away", is_flag=True, help="Destroy it for good instead of keeping it.")
@click.option("--yes", is_flag=True, help="Do not ask before destroying.")
@common
def recover(shared: Common, vault: Path, recall_id: str, *, away: bool, yes: bool) -> None:
    """Keep a recall that did not end as it should, or destroy any recall."""
    with shared.workspace(vault) as workspace:
        wanted = find_recall(workspace, recall_id)
        if away:
            gone = destroyed(shared, workspace, wanted, yes=yes)
            answer(gone, destroyed_words(gone), as_json=shared.as_json)
            return
        kept = keep_recovered_recall(workspace, wanted)
        stops = len(recall_view(workspace, wanted).stops) if kept else 0
    values = {"recall": wanted if kept else None, "stops": stops, "duration_ms": 0}
    if kept is not None:
        values["duration_ms"] = kept.sound.duration_ms
    words = (
        f"Kept: {clock(kept.sound.duration_ms)}, {_stops(stops)}." if kept else "Nothing of it could be read."
    )
    answer(values, words, as_json=shared.as_json)
