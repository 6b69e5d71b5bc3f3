"""An interview where something is in its way: a recall that is closed, sound that stands elsewhere."""

from collections.abc import Callable
from dataclasses import replace

import test_study_window
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from test_study_window import agree, choose_event, hold, plan, step, study_of, write_which

from recollections import CLIENT_RECALL, add_recollection
from supervise.domain.ids import SessionId
from supervise.domain.interviews import InterviewState
from supervise.domain.recall import Party
from supervise.storage.database import transaction
from supervise.ui.interview_page import LAST, NO_RECALL
from supervise.ui.main_window import MainWindow
from supervise.ui.study_page import TO_TAKE_OUT, row_words

studio = test_study_window.studio
Press = Callable[..., None]
Key = Qt.Key


def test_a_recall_that_is_closed_to_the_interviewer_is_not_offered_and_stops_nothing(
    studio: MainWindow, session: SessionId, press: Press, qtbot: QtBot
) -> None:
    work = studio.desk.workspace
    agree(work)
    recall = add_recollection(work, session, CLIENT_RECALL, "told to somebody else", noted=False)
    with transaction(work.vault.db) as db:  # as if somebody with a profile of their own had held it
        db.execute("UPDATE recalls SET made_by = 'somebody' WHERE id = ?", [recall])
    plan(studio, press, qtbot)
    hold(studio, press, qtbot)
    write_which(studio, press)
    page = study_of(studio).interview.page
    assert step(studio) == "recall"
    assert page.recalls.count() == 1  # none
    assert page.recalls.currentText() == NO_RECALL
    press(Key.Key_Return)
    choose_event(studio, press)
    assert step(studio) == "therapist_peaks"


def test_peaks_are_looked_for_where_the_event_is(studio: MainWindow, press: Press, qtbot: QtBot) -> None:
    agree(studio.desk.workspace)
    plan(studio, press, qtbot)
    hold(studio, press, qtbot)
    write_which(studio, press)
    press(Key.Key_Return)
    press("b")
    press(Key.Key_Right)
    press("e")
    for _ in range(3):
        press(Key.Key_Right)
    press(Key.Key_Return)
    assert step(studio) == "therapist_peaks"
    assert studio.desk.listening.position_ms == 0
    press("p")
    (event,) = studio.desk.workspace.store.interviews.events(study_of(studio).interview.view.row.interview)
    assert event.peaks_of(Party.THERAPIST) == (0,)


def test_the_last_step_says_that_finishing_is_for_good(
    studio: MainWindow, press: Press, qtbot: QtBot
) -> None:
    agree(studio.desk.workspace)
    plan(studio, press, qtbot)
    hold(studio, press, qtbot)
    errands = study_of(studio).interview
    assert errands.page.last.isHidden()
    errands._show(len(errands._places) - 1)
    assert errands.page.last.isVisible()
    assert errands.page.last.text() == LAST
    errands.go_back()
    assert errands.page.last.isHidden()


def test_where_the_answers_are_is_said_once_nothing_is_hidden(
    studio: MainWindow, press: Press, qtbot: QtBot
) -> None:
    agree(studio.desk.workspace)
    plan(studio, press, qtbot)
    code, held, due = study_of(studio).page._rows[0]
    assert due is not None
    assert row_words((code, held, due))[-1] == ""
    done = replace(due, state=InterviewState.DONE)
    assert row_words((code, held, replace(done, hidden=True)))[-1] == "hidden until both are done"
    assert row_words((code, held, replace(done, hidden=False)))[-1] == TO_TAKE_OUT
