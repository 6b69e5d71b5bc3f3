"""Draw the studies and an interview, in light and dark, with the fictional demo session.

scripts/pictures_study.py [FOLDER]
"""

import sys
import tempfile
from pathlib import Path

from PySide6.QtWidgets import QApplication

from supervise.app import demo
from supervise.app.consenting import Statement
from supervise.app.interview_planning import InterviewWish, cue_other, plan_interviews
from supervise.app.interviews import add_event, finish_interview, give_answer, open_interview, set_peak
from supervise.app.workspace import Workspace
from supervise.audio.fake_output import FakeOutput
from supervise.bootstrap import Services
from supervise.crypto.keys import KdfParams
from supervise.domain.consent import Grant, Scope
from supervise.domain.ids import EventId, InterviewId, SessionId
from supervise.domain.interviews import Event, Interview
from supervise.domain.moments import Perspective
from supervise.domain.recall import Party
from supervise.ui import pictures
from supervise.ui.app import make_application, make_window
from supervise.ui.main_window import MainWindow
from supervise.ui.theme import Mode, theme_of

ROOT = Path(__file__).resolve().parent.parent
PASSPHRASE = "only a demonstration"  # noqa: S105 - of a fictional session
CHEAP = KdfParams(iterations=1, memory_kib=8, lanes=1)
STUDY = "PROCESS-1/REC-22-041"
BSR = "brief-structured-recall"


def agree(work: Workspace, client: str) -> None:
    """Let a client agree to everything a study needs."""
    scopes = {
        Grant(scope) for scope in (Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW, Scope.CLIENT_RECALL)
    }
    work.record_consent(Statement(client, work.today(), frozenset({*scopes, Grant(Scope.RESEARCH, STUDY)})))


def draw(window: MainWindow, folder: Path, name: str) -> None:
    """Draw what is shown now, in both looks."""
    for mode in (Mode.LIGHT, Mode.DARK):
        theme_of().choose(mode)
        pictures.save(pictures.picture_of(window), folder / f"{name}-{mode}-1x.png")
    theme_of().choose(Mode.LIGHT)


def held(work: Workspace, session: SessionId) -> Interview:
    """A client's interview, answered but for its last questions."""
    wish = InterviewWish(session, STUDY, BSR, Party.CLIENT, "R-02")
    (row, *_) = plan_interviews(work, wish)
    open_interview(work, row.interview)
    give_answer(work, row.interview, "which", "When she said I need not decide today.")
    chosen = add_event(
        work, row.interview, Event(EventId(""), session, InterviewId(""), Party.CLIENT, 61_000, 148_000)
    )
    for speaker, at in ((Party.THERAPIST, 75_000), (Party.THERAPIST, 98_000), (Party.CLIENT, 121_000)):
        set_peak(work, row.interview, chosen, speaker, at)
    return work.store.interviews.get(row.interview)


def draw_interview(window: MainWindow, folder: Path, row: Interview) -> None:
    """The steps of the client's interview that look most unlike each other."""
    errands = window.annexes.study.interview
    errands.open(row.interview)
    shown = {"event": "event", "helpfulness": "rating"}
    for number, (step, _event) in enumerate(errands._places):
        if step.item in shown:
            errands._show(number)
            if step.item == "helpfulness" and errands.page.field is not None:
                errands.page.field.show_value(8.5)
            draw(window, folder, f"interview-{shown[step.item]}")
    errands.leave()


def draw_overview(window: MainWindow, folder: Path, row: Interview) -> None:
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
    draw(window, folder, "studies")
    study.plan(None)
    draw(window, folder, "studies-plan")
    window.errands.close_dialogs()


def main() -> None:
    """Draw everything."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "guide" / "pictures"
    with tempfile.TemporaryDirectory() as place:
        services = Services.default()
        services.kdf, services.make_output = CHEAP, lambda _name: FakeOutput()
        window = make_window(services, None, None, make_application())
        window.resize(pictures.WIDTH, pictures.HEIGHT)
        work, _key = services.create_vault(
            Path(place) / "vault", "Anna Muster", Perspective.THERAPIST, PASSPHRASE
        )
        session = demo.add_demo_session(work, services.demo_folder, lambda _done: None)
        window.adopt(work)
        window.show()
        window.show_library()
        agree(work, demo.CLIENT)
        row = held(work, session)
        draw_interview(window, folder, row)
        draw_overview(window, folder, row)
        window.close()
        QApplication.processEvents()


if __name__ == "__main__":
    main()
