"""An interview that will not be held is dropped from its study, by keys, after a question."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from test_main_job import tab_to
from test_study_window import ALT, CTRL, SHIFT, Press, agree, cells, hold, plan, studio, study_of

from supervise.app.interview_planning import cue_other
from supervise.app.interviews import add_event, interviews, open_interview
from supervise.domain.ids import EventId
from supervise.domain.interviews import Event, InterviewState
from supervise.domain.recall import Party
from supervise.storage.database import transaction
from supervise.ui.main_window import MainWindow

__all__ = ["studio"]

Key = Qt.Key


def back(studio: MainWindow, qtbot: QtBot) -> None:
    """Once a box is closed, the window is in front again."""
    qtbot.waitUntil(lambda: not isinstance(QApplication.activeWindow(), QMessageBox))
    studio.activateWindow()
    qtbot.waitUntil(studio.isActiveWindow)


def question(press: Press, qtbot: QtBot, *keys: Qt.Key) -> str:
    """Ask to drop the row that is chosen; return what the question says."""
    for key in keys:
        press(key)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    box = QApplication.activeWindow()
    assert isinstance(box, QMessageBox)
    return box.informativeText()


def test_an_interview_is_dropped_only_after_a_question(
    studio: MainWindow, press: Press, qtbot: QtBot
) -> None:
    work = studio.desk.workspace
    agree(work)
    row = plan(studio, press, qtbot)
    study_of(studio).page.table.setFocus()
    words = question(press, qtbot, Key.Key_Delete)
    assert "The client's interview “now” is taken off" in words
    assert "nothing answered is lost" in words
    assert "stays planned" in words
    press(Key.Key_Return)  # what Enter does is the way out
    back(studio, qtbot)
    assert len(interviews(work)) == 2
    hold(studio, press, qtbot)
    press(Key.Key_Return)
    press("She waited")
    press(Key.Key_Return, CTRL)
    press(Key.Key_Escape)
    qtbot.waitUntil(study_of(studio).page.isVisible)
    assert work.store.interviews.answers(row.interview)
    press(Key.Key_D, ALT)
    assert "Everything answered, chosen and marked in it is deleted." in question(press, qtbot)
    tab_to(press, "Drop it for good")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: len(interviews(work)) == 1)
    back(studio, qtbot)
    assert work.store.interviews.answers(row.interview) == ()
    assert cells(studio)[4:6] == ["one month", "planned"]
    assert study_of(studio).page.table.hasFocus()


def test_what_may_not_be_dropped_is_said_instead_of_asked(
    studio: MainWindow, press: Press, qtbot: QtBot
) -> None:
    work = studio.desk.workspace
    agree(work)
    row = plan(studio, press, qtbot)
    open_interview(work, row.interview)
    wish = Event(EventId(""), row.session, row.interview, Party.CLIENT, 5000, 20_000)
    cue_other(work, row.interview, add_event(work, row.interview, wish), "R-03")
    press(Key.Key_Y, CTRL | SHIFT)
    study_of(studio).page.table.setFocus()
    press(Key.Key_Home, CTRL)
    assert cells(studio)[3:6] == ["client", "now", "open"]
    assert "Drop theirs first" in question(press, qtbot, Key.Key_Delete)
    press(Key.Key_Return)
    back(studio, qtbot)
    assert len(interviews(work)) == 4
    with transaction(work.vault.db):
        work.store.interviews.put(
            replace(work.store.interviews.get(row.interview), state=InterviewState.DONE)
        )
    press(Key.Key_Y, CTRL | SHIFT)
    study_of(studio).page.table.setFocus()
    press(Key.Key_Home, CTRL)
    assert not study_of(studio).page.drop.isEnabled()
    press(Key.Key_Delete)
    assert len(interviews(work)) == 4
