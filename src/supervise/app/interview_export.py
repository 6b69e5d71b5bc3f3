"""Taking interviews out of the vault's protection: one, or all of a study; what is hidden stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supervise.app import interview_gate
from supervise.app.interview_reading import InterviewView, interview_view, interviews, require_revealed
from supervise.app.inventory import runs_said_in
from supervise.app.leaving import Leaving
from supervise.app.recall_export import redacted_spans
from supervise.app.taking_out import refuse_vaults
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from supervise.domain.ids import InterviewId
from supervise.domain.interviews import GivenAnswer
from supervise.domain.keeping import quotes
from supervise.exchange.files import write_whole
from supervise.exchange.interviews import (
    INTERVIEW_FORMATS,
    InterviewContent,
    answer_document,
    event_document,
    redacted_interview,
)
from supervise.storage.copies import new_copy


@dataclass(frozen=True, slots=True)
class InterviewsOut:
    """What was written: rows, of how many interviews; `hidden` were left out, until both are done."""

    rows: int
    interviews: int
    hidden: int


def event_rows(view: InterviewView) -> list[dict[str, Any]]:
    """Return the events of an interview as the terminal's stable fields."""
    return [event_document(event) for event in view.events]


def answer_rows(answers: Sequence[GivenAnswer]) -> list[dict[str, Any]]:
    """Return answers likewise."""
    return [answer_document(entry) for entry in answers]


def export_interview(
    workspace: Workspace,
    interview: InterviewId,
    fmt: str,
    target: Path,
    *,
    force: bool = False,
    unredacted: bool = False,
    recipient: str = "",
) -> InterviewsOut:
    """Write one interview; raises BlindError while something in it is hidden, NotCoveredError, UsageError."""
    view = interview_view(workspace, interview)
    require_revealed(view)
    options = {"force": force, "unredacted": unredacted}
    return _written(workspace, [view], fmt, target, recipient=recipient, **options)


def export_study(
    workspace: Workspace,
    study: str,
    fmt: str,
    target: Path,
    *,
    force: bool = False,
    unredacted: bool = False,
    recipient: str = "",
) -> InterviewsOut:
    """Write every interview of a study that was begun, is covered and not hidden; raises UsageError."""
    rows = [row for row in interviews(workspace) if row.study.casefold() == study.strip().casefold()]
    views = [interview_view(workspace, row.interview) for row in rows if row.plan]
    if not views:
        raise UsageError(f"There is nothing to take out of the study “{study}” yet.")
    options = {"force": force, "unredacted": unredacted}
    return _written(workspace, views, fmt, target, recipient=recipient, **options)


def _written(
    workspace: Workspace,
    views: Sequence[InterviewView],
    fmt: str,
    target: Path,
    *,
    force: bool,
    unredacted: bool,
    recipient: str,
) -> InterviewsOut:
    if fmt not in INTERVIEW_FORMATS:
        raise UsageError(f"The format is one of: {', '.join(INTERVIEW_FORMATS)}.")
    refuse_vaults(target, workspace.vault.path)
    shown = [view for view in views if not view.hidden]
    made = INTERVIEW_FORMATS[fmt]([_content(workspace, view, unredacted=unredacted) for view in shown])
    place, me = str(target.expanduser().resolve()), workspace.profile.profile
    sessions = dict.fromkeys(view.row.session for view in shown)
    copies = [new_copy(session, f"interviews {fmt}", me, place, recipient) for session in sessions]
    said = f"interviews {fmt}, unredacted" if unredacted else f"interviews {fmt}"
    leaving = Leaving(workspace.vault, copies, "export", tuple(sessions), said)
    try:
        write_whole(target, made.parts, force=force)
    except BaseException:
        leaving.take_back()
        raise
    return InterviewsOut(made.rows, len(shown), len(views) - len(shown))


def _content(workspace: Workspace, view: InterviewView, *, unredacted: bool) -> InterviewContent:
    row = view.row
    interview_gate.require_interview(workspace, row.session, row.study, row.party)
    answers = workspace.store.interviews.answers(row.interview)
    content = InterviewContent(row, view.session, view.protocol, view.steps, view.events, answers)
    if unredacted:
        return content
    spans = redacted_spans(workspace.store, row.session)
    runs = runs_said_in(workspace.store, row.session, spans)
    return redacted_interview(content, spans, lambda text: quotes(text, runs))
