"""Studies in the window, by keys alone: planned, held step by step, cued, finished; what a lock leaves."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gui_house import CLIENT, TODAY, House, show
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot
from test_main_job import tab_to

from supervise.app.consenting import Statement
from supervise.app.interviews import interview_view, interviews
from supervise.app.workspace import Workspace
from supervise.domain.consent import Grant, Scope
from supervise.domain.ids import SessionId
from supervise.domain.interviews import Interview, InterviewState
from supervise.domain.recall import Party
from supervise.ui.file_dialogs import FileDialog
from supervise.ui.interview_errands import COUNTED
from supervise.ui.interview_page import HIDDEN
from supervise.ui.main_window import MainWindow
from supervise.ui.plan_dialog import LineDialog, PlanDialog
from supervise.ui.study_errands import StudyErrands
from supervise.ui.study_page import NO_STUDY
from supervise.ui.wiring import wired_window

STUDY = "PROCESS-1/REC-22-041"
Press = Callable[..., None]
Key = Qt.Key
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def agree(work: Workspace) -> None:
    grants = frozenset({Grant(Scope.RESEARCH, STUDY), Grant(Scope.CLIENT_RECALL)})
    work.record_consent(Statement(CLIENT, TODAY, grants))


@pytest.fixture
def studio(
    house: House, workspace: Workspace, session: SessionId, app: QApplication, qtbot: QtBot
) -> Iterator[MainWindow]:
    """The window on its library; the client has agreed to nothing but the therapist's own work."""
    assert session
    window = wired_window(house.services, app)
    qtbot.addWidget(window)
    window.adopt(workspace)
    window.show_library()
    show(window, qtbot)
    yield window
    window.close()


def study_of(window: MainWindow) -> StudyErrands:
    return window.annexes.study


def cells(window: MainWindow, at: int = 0) -> list[str]:
    table = study_of(window).page.table
    return [table.item(at, place).text() for place in range(table.columnCount())]


def plan(window: MainWindow, press: Press, qtbot: QtBot) -> Interview:
    """Ctrl+Shift+Y, plan the first protocol's interview with the client."""
    press(Key.Key_Y, CTRL | SHIFT)
    qtbot.waitUntil(study_of(window).page.isVisible)
    press(Key.Key_N, ALT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), PlanDialog))
    tab_to(press, "Interviewer")
    press("R-02")
    press(Key.Key_Return)
    qtbot.waitUntil(window.isActiveWindow)
    return interviews(window.desk.workspace)[0]


def hold(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    study_of(window).page.table.setFocus()
    press(Key.Key_Return)
    qtbot.waitUntil(study_of(window).interview.page.isVisible)


def step(window: MainWindow) -> str:
    errands = study_of(window).interview
    return errands._places[errands._at][0].item


def test_without_a_study_the_page_says_how_one_begins(studio: MainWindow, press: Press, qtbot: QtBot) -> None:
    press(Key.Key_Y, CTRL | SHIFT)
    page = study_of(studio).page
    qtbot.waitUntil(page.isVisible)
    assert page.nothing.text() == NO_STUDY
    assert not page.table.isVisible()
    press(Key.Key_Escape)
    assert studio.library.isVisible()
    agree(studio.desk.workspace)
    press(Key.Key_Y, CTRL | SHIFT)
    assert page.studies.currentText() == STUDY
    assert cells(studio)[:2] == [CLIENT, "20 Nov 2026"]
    assert "nothing planned" in cells(studio)
    assert "1 dyad" in page.counts.text()


def test_an_interview_is_planned_by_keys(studio: MainWindow, press: Press, qtbot: QtBot) -> None:
    agree(studio.desk.workspace)
    row = plan(studio, press, qtbot)
    assert (row.study, row.party, row.interviewer) == (STUDY, Party.CLIENT, "R-02")
    assert cells(studio)[3:6] == ["client", "now", "planned"]
    assert cells(studio, 1)[4] == "one month"
    assert "20 Dec 2026 – " in cells(studio, 1)[6]
    press(Key.Key_N, ALT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), PlanDialog))
    dialog = studio.errands.dialog
    tab_to(press, "Interviewer")
    press("R-02")
    press(Key.Key_Return)
    assert "planned already" in dialog.problem.text()
    dialog.reject()


def test_a_whole_interview_by_keys_alone(studio: MainWindow, press: Press, qtbot: QtBot) -> None:
    work = studio.desk.workspace
    agree(work)
    row = plan(studio, press, qtbot)
    hold(studio, press, qtbot)
    write_which(studio, press)
    assert step(studio) == "recall"
    press(Key.Key_Return)
    assert study_of(studio).interview.page.progress.text() == "Step 4"  # how many is known with the event
    choose_event(studio, press)
    assert study_of(studio).interview.page.progress.text() == "Step 5 of 18"
    _mark_peaks(studio, press)
    _rate(studio, press)
    assert step(studio) == "description"
    _to_the_end(studio, press, qtbot)
    kept = work.store.interviews.get(row.interview)
    assert kept.state is InterviewState.DONE
    given = {entry.item: entry.value for entry in work.store.interviews.answers(row.interview)}
    assert (given["which"], given["helpfulness"], given["description"]) == ("She waited", 8.5, None)
    assert cells(studio)[5:] == ["done", "", "hidden until both are done"]


def write_which(window: MainWindow, press: Press) -> None:
    errands = study_of(window).interview
    assert step(window) == "begin"
    press(Key.Key_Return)
    assert step(window) == "which"
    press(Key.Key_Return, CTRL)  # required, and nothing was written
    assert step(window) == "which"
    assert "to be answered" in errands.page.problem.text()
    press("She waited")
    press(Key.Key_Return, CTRL)


def _rate(window: MainWindow, press: Press) -> None:
    errands = study_of(window).interview
    assert step(window) == "helpfulness"
    press("8")
    assert errands.page.field.shown.text() == "8"
    press(".")
    assert errands.page.field.shown.text() == "8.5"
    assert "between" in errands.page.field.anchor.text()
    press(Key.Key_Return)


def choose_event(window: MainWindow, press: Press) -> None:
    errands = study_of(window).interview
    assert step(window) == "event"
    press(Key.Key_Return)
    assert "where it begins" in errands.page.problem.text()
    press(Key.Key_Right)
    press("b")
    for _ in range(3):
        press(Key.Key_Right)
    press("e")
    (event,) = window.desk.workspace.store.interviews.events(errands.view.row.interview)
    assert (event.start_ms, event.end_ms) == (5000, 20_000)
    press(Key.Key_Return)


def _mark_peaks(window: MainWindow, press: Press) -> None:
    errands = study_of(window).interview
    assert step(window) == "therapist_peaks"
    press(Key.Key_Left)
    press("p")
    assert errands.page.box.words.text() == COUNTED.format(count="1 peak")
    (event,) = window.desk.workspace.store.interviews.events(errands.view.row.interview)
    assert event.peaks_of(Party.THERAPIST) == (15_000,)
    press(Key.Key_Return)
    assert step(window) == "client_peaks"
    press("p")
    press(Key.Key_Return)


def _to_the_end(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    """Decline the description, rate what impact asks, and finish."""
    errands = study_of(window).interview
    press(Key.Key_A, ALT)
    qtbot.waitUntil(lambda: step(window).startswith("impact."))
    while step(window).startswith("impact."):
        press("3")
        press(Key.Key_Return)
    assert step(window) == "close"
    assert errands.page.go.text() == "Fi&nish the interview"
    press(Key.Key_A, ALT)  # finishing is for good: no key that only declines does it
    qtbot.waitUntil(
        lambda: "not to be answered" in errands.page.note.text() or "Answered" in errands.page.note.text()
    )
    assert step(window) == "close"
    assert errands.page.go.hasFocus()
    press(Key.Key_Return)
    qtbot.waitUntil(study_of(window).page.isVisible)


OWN = """\
protocol: {id: warmth, version: 1.0, title: Warm moments}
parties: [therapist]
order: random
steps:
  - {kind: choice, item: who, choices: [me, they], many: true, words: Who began?}
  - {kind: question, item: more, words: Anything else?}
"""


def test_a_protocol_of_ones_own_is_read_and_asked(
    studio: MainWindow, press: Press, qtbot: QtBot, tmp_path: Path
) -> None:
    work = studio.desk.workspace
    agree(work)
    path = tmp_path / "warmth.yaml"
    path.write_text(OWN.replace("kind: choice", "kind: chioce"))
    press(Key.Key_Y, CTRL | SHIFT)
    press(Key.Key_N, ALT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), PlanDialog))
    dialog = studio.errands.dialog
    _take_file(dialog, path, press, qtbot)
    assert "line 5:" in dialog.problem.text()
    path.write_text(OWN)
    _take_file(dialog, path, press, qtbot)
    assert dialog.problem.text() == ""
    assert dialog.protocol.currentText() == "Warm moments"
    assert "order of the steps is drawn" in dialog.says.text()
    assert dialog.interviewer.hasFocus()
    press("R-02")
    press(Key.Key_Return)
    qtbot.waitUntil(studio.isActiveWindow)
    (row,) = interviews(work)
    assert row.seed is not None
    hold(studio, press, qtbot)
    _answer_in_any_order(studio, press)
    given = {entry.item: entry.value for entry in work.store.interviews.answers(row.interview)}
    assert given == {"who": ["me", "they"], "more": "No."}
    assert work.store.interviews.get(row.interview).done


def _answer_in_any_order(window: MainWindow, press: Press) -> None:
    while study_of(window).interview.view is not None:
        if step(window) == "who":
            press("2")
            press("1")
            press(Key.Key_Return)
        else:
            press("No.")
            press(Key.Key_Return, CTRL)


def _take_file(dialog: PlanDialog, path: Path, press: Press, qtbot: QtBot) -> None:
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.load.setFocus()
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), FileDialog))
    QApplication.activeWindow().findChild(QLineEdit).setText(str(path))  # its suggestions need a real screen
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: not isinstance(QApplication.activeWindow(), FileDialog))
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)


def test_what_was_answered_is_not_shown_again(studio: MainWindow, press: Press, qtbot: QtBot) -> None:
    agree(studio.desk.workspace)
    row = plan(studio, press, qtbot)
    hold(studio, press, qtbot)
    page = study_of(studio).interview.page
    press(Key.Key_Return)
    press("She waited")
    press(Key.Key_Return, CTRL)
    press(Key.Key_B, ALT)
    qtbot.waitUntil(lambda: step(studio) == "which")
    assert page.field.value() is None
    assert page.note.text() == HIDDEN
    press(Key.Key_Escape)
    qtbot.waitUntil(study_of(studio).page.isVisible)
    assert page.words.text() == ""
    assert interview_view(studio.desk.workspace, row.interview).given == {}
    hold(studio, press, qtbot)
    assert step(studio) == "recall"


def test_the_other_is_cued_and_an_early_look_takes_a_reason(
    studio: MainWindow, press: Press, qtbot: QtBot
) -> None:
    agree(studio.desk.workspace)
    row = plan(studio, press, qtbot)
    hold(studio, press, qtbot)
    press(Key.Key_Return)
    press("She waited")
    press(Key.Key_Return, CTRL)
    press(Key.Key_Return)
    choose_event(studio, press)
    press(Key.Key_Escape)
    qtbot.waitUntil(study_of(studio).page.isVisible)
    press(Key.Key_U, ALT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), LineDialog))
    press("R-03")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: len(interviews(studio.desk.workspace)) == 4)
    qtbot.waitUntil(studio.isActiveWindow)
    cued = next(entry for entry in interviews(studio.desk.workspace) if entry.cued_from)
    assert (cued.party, cued.interviewer) == (Party.THERAPIST, "R-03")
    study_of(studio).page.table.setFocus()
    press(Key.Key_Home)
    press(Key.Key_W, ALT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), LineDialog))
    press("the therapist left")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: "shown early" in cells(studio))
    assert interview_view(studio.desk.workspace, row.interview).value("which") == "She waited"


def test_a_drag_across_the_sound_is_an_event_too(studio: MainWindow, press: Press, qtbot: QtBot) -> None:
    agree(studio.desk.workspace)
    row = plan(studio, press, qtbot)
    hold(studio, press, qtbot)
    press(Key.Key_Return)
    press("x")
    press(Key.Key_Return, CTRL)
    press(Key.Key_Return)
    line = study_of(studio).interview.page.box.line
    begin, end = QPoint(line.x_of(10_000), 40), QPoint(line.x_of(30_000), 40)
    QTest.mousePress(line, Qt.MouseButton.LeftButton, pos=begin)
    QTest.mouseMove(line, end)
    QTest.mouseRelease(line, Qt.MouseButton.LeftButton, pos=end)
    (event,) = studio.desk.workspace.store.interviews.events(row.interview)
    assert abs(event.start_ms - 10_000) < 200
    assert abs(event.end_ms - 30_000) < 200
    press(Key.Key_Space)
    assert studio.desk.listening.playing
    press(Key.Key_Space)
    assert not studio.desk.listening.playing


def test_a_lock_or_a_withdrawal_empties_it(studio: MainWindow, press: Press, qtbot: QtBot) -> None:
    work = studio.desk.workspace
    agree(work)
    plan(studio, press, qtbot)
    hold(studio, press, qtbot)
    press(Key.Key_Return)
    press("She waited")
    studio.lock()
    errands = study_of(studio)
    assert studio.door.isVisible()
    assert (errands.interview.page.words.text(), errands.interview.view) == ("", None)
    assert errands.page.table.rowCount() == 0
    work.unlock("quiet river seven lamps")
    qtbot.waitUntil(studio.library.isVisible)
    press(Key.Key_Y, CTRL | SHIFT)
    hold(studio, press, qtbot)
    work.record_consent(Statement(CLIENT, TODAY, withdrawn=frozenset({Grant(Scope.RESEARCH, STUDY)})))
    qtbot.waitUntil(errands.page.isVisible)
    assert errands.interview.page.words.text() == ""
    assert not errands.page.table.isVisible()
    for box in studio.findChildren(QMessageBox):
        box.reject()
