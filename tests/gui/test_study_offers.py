"""What a study's page offers: the cue only while it can be given, and who interviews when it is planned."""

from dataclasses import replace

from gui_house import CLIENT, House, show
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from test_study_window import ALT, CTRL, SHIFT, STUDY, Press, agree, plan, studio, study_of

from supervise.app.interviews import interviews
from supervise.app.workspace import Workspace
from supervise.domain.ids import SessionId
from supervise.domain.interviews import Interview, InterviewState
from supervise.domain.moments import Perspective
from supervise.domain.recall import Party
from supervise.domain.roles import parse_part
from supervise.ui.main_window import MainWindow
from supervise.ui.plan_dialog import PlanDialog
from supervise.ui.study_page import TOO_LATE
from supervise.ui.wiring import wired_window

__all__ = ["studio"]

Key = Qt.Key


def stand(window: MainWindow, row: Interview, state: InterviewState, *, cued: bool = False) -> None:
    """Let an interview have come so far, and show the study."""
    at = row.created_at
    held = replace(row, state=state, opened_at=at, done_at=at if state is InterviewState.DONE else None)
    (first, *_) = interviews(window.desk.workspace)
    held = replace(held, cued_from=first.interview) if cued else held
    window.desk.workspace.store.interviews.put(held)
    study_of(window).show_study(STUDY)


def test_the_cue_is_offered_until_the_other_party_went_without_it_or_is_done(
    studio: MainWindow, press: Press, qtbot: QtBot
) -> None:
    work = studio.desk.workspace
    agree(work)
    client = plan(studio, press, qtbot)
    other = replace(client, interview="an-other-one", party=Party.THERAPIST)
    page = study_of(studio).page
    page.table.setCurrentCell(0, 0)
    assert not page.cue.isEnabled()
    stand(studio, client, InterviewState.OPEN)
    assert page.cue.isEnabled()
    found = []
    for state, cued in (
        (InterviewState.OPEN, True),
        (InterviewState.OPEN, False),
        (InterviewState.DONE, True),
    ):
        stand(studio, other, state, cued=cued)
        found.append((page.cue.isEnabled(), page.cue.toolTip()))
    assert found == [(True, ""), (False, TOO_LATE), (False, TOO_LATE)]


def test_a_researcher_who_plans_is_the_interviewer_unless_they_say_another(
    house: House, workspace: Workspace, session: SessionId, app: QApplication, qtbot: QtBot, press: Press
) -> None:
    agree(workspace)
    roni, _ = workspace.add_profile("R-02", Perspective.RESEARCHER, "another good long passphrase")
    client = workspace.store.sessions.get(session).client
    workspace.store.case_roles.give(client, roni.profile, parse_part(f"researcher={STUDY}"), None)
    workspace.close()
    window = wired_window(house.services, app)
    qtbot.addWidget(window)
    window.adopt(house.services.open_vault(house.vault, "another good long passphrase", "R-02"))
    window.show_library()
    show(window, qtbot)
    press(Key.Key_Y, CTRL | SHIFT)
    press(Key.Key_N, ALT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), PlanDialog))
    dialog = window.errands.dialog
    assert dialog.interviewer.text() == "R-02"
    assert dialog.session.currentText() == f"{CLIENT} · 20 Nov 2026"
    assert dialog.go.isEnabled()
    dialog.reject()
    window.close()
