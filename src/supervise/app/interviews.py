"""Holding interviews by a protocol: opened, answered, finished; and shown early, for a reason kept."""

from dataclasses import replace

from supervise.app.interview_planning import cued_to, held_row, tell_interview
from supervise.app.interview_reading import (
    InterviewView,
    RecallRating,
    events_of,
    full_interview,
    hidden_ratings_of_recall,
    interview_view,
    interviews,
    ratings_of_recall,
    tied_interview,
)
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from supervise.domain.ids import EventId, InterviewId, RecallId, SessionId, new_id
from supervise.domain.interviews import (
    MOST_REASON,
    Event,
    Interview,
    InterviewState,
    Unblinding,
    check_event,
    same_study,
)
from supervise.domain.protocols import Answer, Protocol, StepKind
from supervise.domain.recall import Party, RecallKind, Setup
from supervise.domain.times import now_utc
from supervise.storage.database import transaction

__all__ = [
    "InterviewView",
    "RecallRating",
    "full_interview",
    "hidden_ratings_of_recall",
    "interview_view",
    "interviews",
    "ratings_of_recall",
    "tied_interview",
]


_PEAKS_HIDDEN = (
    "Instants were named in this event, and are hidden. It may begin earlier and end later; to shorten it, "
    "take those instants back first, and name them again."
)


def open_interview(workspace: Workspace, interview: InterviewId) -> InterviewView:
    """Begin an interview, its steps fixed in their order, or go on with it; raises UsageError when done."""
    row, found = held_row(workspace, interview)
    if row.state is InterviewState.DONE:
        raise UsageError(
            "This interview is finished. It is not opened again, so that nothing changes unseen."
        )
    if row.state is InterviewState.PLANNED:
        _refuse_early(workspace, row, found)
        steps = found.steps_for(row.party, row.point, cued=row.cued_from is not None, seed=row.seed)
        plan = tuple(step.item for step in steps)
        opened = replace(row, state=InterviewState.OPEN, plan=plan, opened_at=now_utc())
        _put(workspace, opened, "opened")
    else:
        workspace.vault.log("interview", row.session, "gone on with")
    return interview_view(workspace, interview)


def _refuse_early(workspace: Workspace, row: Interview, found: Protocol) -> None:
    before = found.points_up_to(row.point)[:-1]
    waiting = [
        other
        for other in workspace.store.interviews.of_session(row.session)
        if same_study(other, row) and other.party is row.party and other.point in before and not other.done
    ]
    if waiting:
        raise UsageError(f"First finish the {row.party}'s interview “{waiting[0].point}”.")
    steps = found.steps_for(row.party, row.point, cued=row.cued_from is not None)
    chooses = any(step.kind in (StepKind.EVENT, StepKind.CUE) for step in steps)
    asks = any(step.per_event for step in steps)
    if asks and not chooses and not before:
        raise UsageError(
            f"The {row.party} is asked about an event the other one chooses. Cue them to it first: "
            "supervise interview cue"
        )


def give_answer(
    workspace: Workspace, interview: InterviewId, item: str, value: Answer, event: EventId | None = None
) -> None:
    """Keep an answer; None says that it was declined. A later answer to the same replaces it, both are kept.

    Raises UsageError for an answer that does not fit, or an interview that is not open.
    """
    row, found = _open(workspace, interview)
    step = found.step(item)
    if item not in row.plan:
        raise UsageError(f"“{item}” is not asked in this interview.")
    if step.per_event != (event is not None):
        raise UsageError(
            f"“{item}” is asked about {'each event: say which' if step.per_event else 'no event'}."
        )
    if event is not None and all(event != known.event for known in events_of(workspace, row)):
        raise UsageError("This event does not belong to the interview.")
    kept = step.check(value)
    with transaction(workspace.vault.db):
        workspace.store.interviews.add_answer(interview, item, event, kept)
        workspace.vault.log("interview", row.session, "answered")
    tell_interview(workspace, row)


def add_event(workspace: Workspace, interview: InterviewId, wish: Event) -> EventId:
    """Keep an event somebody chose, times in session ms; `wish` gives span, peaks and title.

    Raises UsageError where the protocol asks for none, or no further one.
    """
    row, found = _open(workspace, interview)
    steps = [found.step(item) for item in row.plan]
    asking = [step for step in steps if step.kind is StepKind.EVENT]
    if not asking:
        raise UsageError("No event is chosen in this interview.")
    store = workspace.store.interviews
    if len(store.events(interview)) >= sum(step.most for step in asking):
        raise UsageError("No further event is asked for. Change the one there is: --event EVENT.")
    made = replace(
        wish, event=EventId(new_id()), session=row.session, interview=interview, party=row.party, same_as=None
    )
    _put_event(workspace, row, found, made)
    return made.event


def change_event(workspace: Workspace, interview: InterviewId, changed: Event) -> None:
    """Write an event's span, peaks and title anew; one that the other party was cued to keeps its span."""
    row, found = _open(workspace, interview)
    store = workspace.store.interviews
    old = next((event for event in store.events(interview) if event.event == changed.event), None)
    if old is None:
        raise UsageError("This event does not belong to the interview.")
    moved = (old.start_ms, old.end_ms) != (changed.start_ms, changed.end_ms)
    if moved and (old.same_as is not None or cued_to(workspace, old) is not None):
        raise UsageError("The other party was cued to this event: where it begins and ends stays.")
    if changed.start_ms > old.start_ms or changed.end_ms < old.end_ms:
        _refuse_with_hidden_peaks(interview_view(workspace, interview), old, changed)
    _put_event(workspace, row, found, replace(changed, same_as=old.same_as, party=old.party))


def _refuse_with_hidden_peaks(view: InterviewView, old: Event, changed: Event) -> None:
    """An event with hidden peaks is never made shorter: a refusal now and then would tell where they lie."""
    shown = next(event for event in view.events if event.event == old.event)
    if shown.peaks != old.peaks and changed.peaks == old.peaks:
        raise UsageError(_PEAKS_HIDDEN)


def move_event(
    workspace: Workspace, interview: InterviewId, event: EventId, start_ms: int, end_ms: int
) -> None:
    """Let an event begin and end elsewhere; its name and peaks stay, hidden or not."""
    stored = _stored(workspace, interview, event)
    change_event(workspace, interview, replace(stored, start_ms=start_ms, end_ms=end_ms))


def set_peak(
    workspace: Workspace, interview: InterviewId, event: EventId, speaker: Party, at_ms: int | None
) -> int:
    """Add a peak of a speaker to an event, or take all of theirs back (None); return how many there are."""
    stored = _stored(workspace, interview, event)
    times = () if at_ms is None else tuple(sorted({*stored.peaks_of(speaker), at_ms}))
    others = tuple((who, kept) for who, kept in stored.peaks if who is not speaker)
    change_event(workspace, interview, replace(stored, peaks=(*others, (speaker, times))))
    return len(times)


def peaks_given(workspace: Workspace, interview: InterviewId, event: EventId, speaker: Party) -> int:
    """Return how many peaks of a speaker an event has, hidden or not."""
    held_row(workspace, interview)
    return len(_stored(workspace, interview, event).peaks_of(speaker))


def _stored(workspace: Workspace, interview: InterviewId, event: EventId) -> Event:
    found = next((e for e in workspace.store.interviews.events(interview) if e.event == event), None)
    if found is None:
        raise UsageError("This event does not belong to the interview.")
    return found


def _put_event(workspace: Workspace, row: Interview, found: Protocol, event: Event) -> None:
    asked = {found.step(item).speaker for item in row.plan if found.step(item).kind is StepKind.PEAKS}
    strange = next((speaker for speaker, times in event.peaks if times and speaker not in asked), None)
    if strange is not None:
        raise UsageError(f"Peaks of the {strange} are not asked for in this interview.")
    session = workspace.store.sessions.get(row.session)
    with transaction(workspace.vault.db):
        workspace.store.interviews.put_event(check_event(event, session.sound.duration_ms))
        workspace.vault.log("interview", row.session, "event")
    tell_interview(workspace, row)


def tie_recall(workspace: Workspace, interview: InterviewId, recall: RecallId) -> Interview:
    """Let a recall be part of an interview; raises UsageError when it is not its session's and party's."""
    held = workspace.store.recalls.get(recall)
    row = require_fitting(workspace, interview, held.session, held.setup)
    tied = replace(row, recall=recall)
    _put(workspace, tied, "recall")
    return tied


def require_fitting(
    workspace: Workspace, interview: InterviewId, session: SessionId, setup: Setup
) -> Interview:
    """Return the interview if a recall set up like this may be part of it; raises UsageError otherwise."""
    row, _ = held_row(workspace, interview)
    if row.done:
        raise UsageError("This interview is finished.")
    research = setup.kind is RecallKind.RESEARCH
    other = research and setup.protocol.partition("@")[0] != row.protocol.partition("@")[0]
    if session != row.session or setup.recaller not in (row.party, Party.BOTH) or other:
        raise UsageError("This recall is of another session, party or protocol than the interview.")
    return row


def finish_interview(workspace: Workspace, interview: InterviewId) -> InterviewView:
    """Say that an interview is done, for good; raises UsageError while something required lacks."""
    row, _ = _open(workspace, interview)
    view = interview_view(workspace, interview)
    if view.lacking:
        raise UsageError(
            f"Still to be answered: {', '.join(view.lacking)}. "
            "What somebody does not want to answer is noted as declined."
        )
    chosen = [e for e in workspace.store.interviews.events(interview) if e.same_as is None or e.peaks]
    if not view.answered and not chosen and row.recall is None:
        raise UsageError("Nothing was asked or answered yet. An interview that will not be held is dropped.")
    _put(workspace, replace(row, state=InterviewState.DONE, done_at=now_utc()), "done")
    return interview_view(workspace, interview)


def unblind(workspace: Workspace, interview: InterviewId, reason: str) -> InterviewView:
    """Show an interview's answers before both parties are done; kept and logged. Raises UsageError."""
    view = interview_view(workspace, interview)
    why = reason.strip()
    if not view.waits_for:
        raise UsageError("Nothing is hidden in this interview.")
    if not why or len(why) > MOST_REASON or not why.isprintable():
        raise UsageError(f"Say why in 1 to {MOST_REASON} letters; it is kept with the interview.")
    said = Unblinding(now_utc(), workspace.profile.profile, why)
    with transaction(workspace.vault.db):
        workspace.store.interviews.put(replace(view.row, unblinded=said))
        workspace.vault.log("unblind", view.row.session, f"interview {interview[:8]}")
    tell_interview(workspace, view.row)
    return interview_view(workspace, interview)


def _open(workspace: Workspace, interview: InterviewId) -> tuple[Interview, Protocol]:
    row, found = held_row(workspace, interview)
    if row.state is not InterviewState.OPEN:
        state = "finished" if row.done else "not open yet: supervise interview open"
        raise UsageError(f"This interview is {state}.")
    return row, found


def _put(workspace: Workspace, row: Interview, what: str) -> None:
    with transaction(workspace.vault.db):
        workspace.store.interviews.put(row)
        workspace.vault.log("interview", row.session, what)
    tell_interview(workspace, row)
