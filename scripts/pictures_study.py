"""Draw the studies and an interview, with the fictional demo session."""

from pathlib import Path

from easel import Easel, new_vault, services_for

from supervise.app import demo
from supervise.app.consenting import Statement
from supervise.app.interview_planning import InterviewWish, cue_other, plan_interviews
from supervise.app.interviews import add_event, finish_interview, give_answer, open_interview, set_peak
from supervise.app.workspace import Workspace
from supervise.domain.consent import Grant, Scope
from supervise.domain.ids import EventId, InterviewId, SessionId
from supervise.domain.interviews import Event, Interview
from supervise.domain.recall import Party
from supervise.ui.main_window import MainWindow

STUDIES = "PROCESS-1/REC-22-041", "Prozessforschung-Traumaambulanz-Sued/Ethik-2026-0417-B-Nachtrag-3"
BSR = "brief-structured-recall"


def agree(work: Workspace, client: str, study: str) -> None:
    """Let a client agree to everything a study needs."""
    scopes = {
        Grant(scope) for scope in (Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW, Scope.CLIENT_RECALL)
    }
    work.record_consent(Statement(client, work.today(), frozenset({*scopes, Grant(Scope.RESEARCH, study)})))


def held(work: Workspace, session: SessionId, study: str) -> Interview:
    """A client's interview, answered but for its last questions."""
    wish = InterviewWish(session, study, BSR, Party.CLIENT, "R-02")
    (row, *_) = plan_interviews(work, wish)
    open_interview(work, row.interview)
    give_answer(work, row.interview, "which", "When she said I need not decide today.")
    chosen = add_event(
        work, row.interview, Event(EventId(""), session, InterviewId(""), Party.CLIENT, 61_000, 148_000)
    )
    for speaker, at in ((Party.THERAPIST, 75_000), (Party.THERAPIST, 98_000), (Party.CLIENT, 121_000)):
        set_peak(work, row.interview, chosen, speaker, at)
    return work.store.interviews.get(row.interview)


def draw_interview(easel: Easel, window: MainWindow, row: Interview) -> None:
    """The steps of the client's interview that look most unlike each other."""
    errands = window.annexes.study.interview
    errands.open(row.interview)
    shown = {"which": "text", "event": "event", "helpfulness": "rating"}
    for number, (step, _event) in enumerate(errands._places):
        if step.item in shown:
            errands._show(number)
            if step.item == "helpfulness" and errands.page.field is not None:
                errands.page.field.show_value(8.5)
            easel.draw(window, f"interview-{shown[step.item]}")
    errands.leave()


def draw_overview(easel: Easel, window: MainWindow, row: Interview) -> None:
    """The study with a finished interview, a cued one, and one that is planned."""
    desk = window.desk
    if desk is None:
        return
    work = desk.workspace
    event = work.store.interviews.events(row.interview)[0]
    give_answer(work, row.interview, "helpfulness", 8.5, event.event)
    finish_interview(work, row.interview)
    cue_other(work, row.interview, event.event, "R-03")
    study = window.annexes.study
    study.open()
    easel.draw(window, "studies")
    study.plan(None)
    easel.draw(window, "studies-plan")
    window.errands.close_dialogs()


def paint(easel: Easel, place: Path) -> None:
    """Draw everything."""
    services = services_for()
    window = easel.window(services)
    work = new_vault(services, place)
    session = demo.add_demo_session(work, services.demo_folder, lambda _done: None)
    window.adopt(work)
    window.show()
    window.show_library()
    window.annexes.study.open()
    easel.draw(window, "studies-none")
    study = easel.look.name(*STUDIES)
    agree(work, demo.CLIENT, study)
    row = held(work, session, study)
    draw_interview(easel, window, row)
    draw_overview(easel, window, row)
    easel.close(window)
