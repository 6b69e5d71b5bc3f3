"""Terminal commands about interviews: plan, open, answer, choose events, cue the other, finish, show."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from supervise.app.interview_planning import InterviewWish, cue_other, drop_interview, plan_interviews
from supervise.app.interview_reading import find_interview, interview_view, read_interview
from supervise.app.interviews import (
    InterviewView,
    add_event,
    change_event,
    finish_interview,
    give_answer,
    open_interview,
    tie_recall,
    unblind,
)
from supervise.app.recall_reading import find_recall
from supervise.app.workspace import Workspace
from supervise.cli.interview_words import document, export, in_words
from supervise.cli.options import SESSION, VAULT, Common, common
from supervise.cli.output import answer
from supervise.domain.errors import UsageError
from supervise.domain.ids import EventId, InterviewId, SessionId
from supervise.domain.interviews import Event, Interview
from supervise.domain.protocols import Answer
from supervise.domain.recall import Party
from supervise.domain.times import parse_seconds

INTERVIEW = click.argument("interview_id", metavar="INTERVIEW")
_SPEAKERS = (str(Party.THERAPIST), str(Party.CLIENT))


@click.group()
def interview() -> None:
    """Interviews by a research protocol."""


interview.add_command(export)


def _row(row: Interview) -> dict[str, Any]:
    return {
        "interview": row.interview,
        "protocol": row.protocol,
        "party": str(row.party),
        "time_point": row.point,
        "due_from": row.due_from,
        "due_until": row.due_until,
        "seed": row.seed,
    }


@interview.command()
@VAULT
@SESSION
@click.option("--study", required=True, metavar="STUDY/ETHICS-REF", help="As the client's consent names it.")
@click.option("--protocol", required=True, help="`supervise protocol list` shows them.")
@click.option("--party", required=True, type=click.Choice(_SPEAKERS), help="Who is interviewed.")
@click.option("--interviewer", required=True, metavar="PSEUDONYM", help="Who interviews, for example R-02.")
@click.option("--at", "point", default="", metavar="TIME_POINT", help="Default: the protocol's first.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="For a random order (default: drawn).")
@click.option("--without-follow-ups", is_flag=True, help="Do not plan the later time points as well.")
@common
def plan(
    shared: Common,
    vault: Path,
    session: str,
    study: str,
    protocol: str,
    party: str,
    interviewer: str,
    point: str,
    seed: int | None,
    without_follow_ups: bool,
) -> None:
    """Plan an interview about a session, and its follow-ups with the days they are due."""
    with shared.workspace(vault) as workspace:
        about = workspace.find_session(session)
        wish = InterviewWish(
            about, study, protocol, Party(party), interviewer, point, seed, not without_follow_ups
        )
        made = plan_interviews(workspace, wish)
    words = "\n".join(f"{row.interview[:8]}  {row.point}, due until {row.due_until[:16]}" for row in made)
    values = {**_row(made[0]), "follow_ups": [_row(row) for row in made[1:]]}
    answer(values, words, as_json=shared.as_json)


def _say(
    shared: Common, vault: Path, interview: str, deed: Callable[[Workspace, InterviewId], InterviewView]
) -> None:
    """Do something with an interview and show it."""
    with shared.workspace(vault) as workspace:
        view = deed(workspace, find_interview(workspace, interview))
    answer(document(view), in_words(view), as_json=shared.as_json)


@interview.command(name="open")
@VAULT
@INTERVIEW
@common
def open_(shared: Common, vault: Path, interview_id: str) -> None:
    """Begin an interview, or go on with it; shows its steps in their order."""
    _say(shared, vault, interview_id, open_interview)


@interview.command(name="answer")
@VAULT
@INTERVIEW
@click.argument("item")
@click.argument("values", nargs=-1, metavar="VALUE...")
@click.option("--event", "event_id", metavar="EVENT", help="Which event it is about.")
@click.option("--declined", is_flag=True, help="They do not want to answer.")
@common
def answer_(
    shared: Common,
    vault: Path,
    interview_id: str,
    item: str,
    values: tuple[str, ...],
    event_id: str | None,
    declined: bool,
) -> None:
    """Keep an answer; a later one counts instead of an earlier one, both are kept."""
    if declined == bool(values):
        raise UsageError("Give an answer, or --declined.")
    value: Answer = None if declined else (list(values) if len(values) > 1 else values[0])
    with shared.workspace(vault) as workspace:
        wanted = find_interview(workspace, interview_id)
        event = _event(workspace, wanted, event_id).event if event_id else None
        give_answer(workspace, wanted, item, value, event)
        lacks = interview_view(workspace, wanted).lacking
    answer({"item": item, "lacking": list(lacks)}, "Kept.", as_json=shared.as_json)


def _event(workspace: Workspace, interview_id: InterviewId, text: str) -> Event:
    session = interview_view(workspace, interview_id).row.session
    return workspace.store.interviews.find_event(session, text)


@interview.command()
@VAULT
@INTERVIEW
@click.option("--event", "event_id", metavar="EVENT", help="Change this one instead of choosing another.")
@click.option("--from", "start", metavar="SECONDS", help="Where it begins, for example 1:23.5.")
@click.option("--to", "end", metavar="SECONDS", help="Where it ends.")
@click.option("--peak", "peaks", multiple=True, metavar="SPEAKER=SECONDS", help="therapist=… or client=…")
@click.option("--title", help="What to call it.")
@common
def event(
    shared: Common,
    vault: Path,
    interview_id: str,
    event_id: str | None,
    start: str | None,
    end: str | None,
    peaks: tuple[str, ...],
    title: str | None,
) -> None:
    """Choose an event: a passage of the session, with the instants that counted most (peaks)."""
    with shared.workspace(vault) as workspace:
        wanted = find_interview(workspace, interview_id)
        nothing = Event(EventId(""), SessionId(""), wanted, Party.CLIENT, 0, 0)
        old = _event(workspace, wanted, event_id) if event_id else nothing
        if event_id is None and (start is None or end is None):
            raise UsageError("Say where the event begins and ends: --from SECONDS --to SECONDS.")
        chosen = replace(
            old,
            start_ms=old.start_ms if start is None else parse_seconds(start),
            end_ms=old.end_ms if end is None else parse_seconds(end),
            peaks=_peaks(peaks) if peaks else old.peaks,
            title=old.title if title is None else title,
        )
        made = old.event
        if event_id:
            change_event(workspace, wanted, chosen)
        else:
            made = add_event(workspace, wanted, chosen)
    answer({"event": made}, f"Kept ({made[:8]}).", as_json=shared.as_json)


def _peaks(texts: tuple[str, ...]) -> tuple[tuple[Party, tuple[int, ...]], ...]:
    found: dict[Party, tuple[int, ...]] = {}
    for text in texts:
        speaker, equals, at = text.partition("=")
        if not equals or speaker not in _SPEAKERS:
            raise UsageError(f"“{text}” is not a peak. Write therapist=SECONDS or client=SECONDS.")
        found[Party(speaker)] = (*found.get(Party(speaker), ()), parse_seconds(at))
    return tuple(found.items())


@interview.command()
@VAULT
@INTERVIEW
@click.option("--event", "event_id", required=True, metavar="EVENT", help="The event they are cued to.")
@click.option("--interviewer", required=True, metavar="PSEUDONYM", help="Who interviews them.")
@common
def cue(shared: Common, vault: Path, interview_id: str, event_id: str, interviewer: str) -> None:
    """Cue the other party to an event of this interview; only its beginning and end go over."""
    with shared.workspace(vault) as workspace:
        wanted = find_interview(workspace, interview_id)
        chosen = _event(workspace, wanted, event_id)
        other = cue_other(workspace, wanted, chosen.event, interviewer)
    words = f"{other.interview[:8]}  the {other.party}'s interview, due until {other.due_until[:16]}"
    answer(_row(other), words, as_json=shared.as_json)


@interview.command()
@VAULT
@INTERVIEW
@click.argument("recall_id", metavar="RECALL")
@common
def tie(shared: Common, vault: Path, interview_id: str, recall_id: str) -> None:
    """Let a recall that was held be part of an interview."""
    with shared.workspace(vault) as workspace:
        wanted, held = find_interview(workspace, interview_id), find_recall(workspace, recall_id)
        tie_recall(workspace, wanted, held)
    answer({"interview": wanted, "recall": held}, "Tied.", as_json=shared.as_json)


@interview.command()
@VAULT
@INTERVIEW
@common
def finish(shared: Common, vault: Path, interview_id: str) -> None:
    """Say that an interview is done; it is not opened again."""
    _say(shared, vault, interview_id, finish_interview)


@interview.command()
@VAULT
@INTERVIEW
@common
def show(shared: Common, vault: Path, interview_id: str) -> None:
    """Show an interview; what is hidden until both are done is only said to be there."""
    _say(shared, vault, interview_id, read_interview)


@interview.command(name="unblind")
@VAULT
@INTERVIEW
@click.option("--reason", required=True, help="Why, kept with the interview.")
@common
def unblind_(shared: Common, vault: Path, interview_id: str, reason: str) -> None:
    """Show an interview's answers before both are done; this is logged."""
    _say(shared, vault, interview_id, lambda workspace, wanted: unblind(workspace, wanted, reason))


@interview.command()
@VAULT
@INTERVIEW
@click.option("--yes", is_flag=True, help="Do not ask.")
@common
def drop(shared: Common, vault: Path, interview_id: str, *, yes: bool) -> None:
    """Delete an interview that is not finished, with what was answered in it."""
    with shared.workspace(vault) as workspace:
        wanted = find_interview(workspace, interview_id)
        refusal = "Nothing was deleted. Add --yes to delete it without being asked."
        shared.require_yes("Delete it for good?", refusal, yes=yes)
        drop_interview(workspace, wanted)
    answer({"dropped": wanted}, "Deleted.", as_json=shared.as_json)
