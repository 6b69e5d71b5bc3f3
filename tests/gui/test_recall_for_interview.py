"""A recall held from an interview, by keys alone: tied by itself, also after a lock or a crash."""

from dataclasses import replace

import pytest
from gui_house import CLIENT, PASSPHRASE
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from recall_house import CTRL, SHIFT, Press, Salon, salon
from test_accessible import nameless
from test_main_job import tab_to
from test_study_window import agree, hold, plan, step
from test_words_on_screen import avoided, words_of

from supervise.domain.interviews import Interview, InterviewState
from supervise.domain.recall import Party, RecallKind
from supervise.ui.recall_setup_dialog import RecallSetupDialog
from supervise.ui.study_errands import FINISHED_ROW, PLAN_FIRST

__all__ = ["salon"]

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def asked(salon: Salon, press: Press, qtbot: QtBot) -> Interview:
    """An interview at the step that asks for a recall, and the set-up opened from there."""
    agree(salon.work)
    row = plan(salon.window, press, qtbot)
    hold(salon.window, press, qtbot)
    press(Key.Key_Return)
    press("She waited")
    press(Key.Key_Return, CTRL)
    assert step(salon.window) == "recall"
    press(Key.Key_D, ALT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), RecallSetupDialog))
    return row


def kept_row(salon: Salon, asked: Interview) -> Interview:
    return salon.work.store.interviews.get(asked.interview)


def test_it_is_tied_as_soon_as_it_is_kept_and_the_interview_goes_on(
    salon: Salon, asked: Interview, press: Press, qtbot: QtBot
) -> None:
    dialog = salon.dialog()
    assert (dialog.setup.kind, dialog.setup.recaller) == (RecallKind.RESEARCH, Party.CLIENT)
    assert (dialog.setup.protocol, dialog.setup.inquirer) == (asked.protocol, "R-02")
    assert dialog.belongs.isVisible()
    assert "the client · After the session" in dialog.belongs.text()
    assert CLIENT not in dialog.belongs.text()
    salon.begin()
    salon.heard(600)
    assert kept_row(salon, asked).recall is None
    salon.end()
    page = salon.errands.after.page
    assert kept_row(salon, asked).recall == salon.kept().recall
    assert page.part.text() == "It is tied to the interview: the client · After the session."
    assert not page.back.isVisible()
    assert nameless(page) == []
    assert avoided(words_of(page)) == []
    tab_to(press, "Go on with the interview")
    press(Key.Key_Return)
    interview = salon.window.annexes.study.interview
    qtbot.waitUntil(interview.page.isVisible)
    assert step(salon.window) == "event"
    press(Key.Key_B, ALT)
    qtbot.waitUntil(lambda: step(salon.window) == "recall")
    assert interview.page.recalls.currentData() == salon.kept().recall


def test_on_a_row_with_nothing_to_hold_it_says_what_to_do(salon: Salon, press: Press, qtbot: QtBot) -> None:
    agree(salon.work)
    press(Key.Key_Y, CTRL | SHIFT)
    study = salon.window.annexes.study
    qtbot.waitUntil(study.page.isVisible)
    press(Key.Key_J, CTRL)
    assert salon.window.statusBar().currentMessage() == PLAN_FIRST
    row = plan(salon.window, press, qtbot)
    done = replace(row, opened_at=row.created_at, done_at=row.created_at)
    salon.work.store.interviews.put(replace(done, state=InterviewState.DONE))
    press(Key.Key_Y, CTRL | SHIFT)
    study.page.table.setFocus()
    press(Key.Key_Home)
    press(Key.Key_J, CTRL)
    assert salon.window.statusBar().currentMessage() == FINISHED_ROW


def test_cancelled_nothing_is_tied_and_the_interview_is_there(
    salon: Salon, asked: Interview, press: Press, qtbot: QtBot
) -> None:
    press(Key.Key_Escape)
    qtbot.waitUntil(salon.window.isActiveWindow)
    assert salon.window.annexes.study.interview.page.isVisible()
    assert step(salon.window) == "recall"
    assert kept_row(salon, asked).recall is None


def test_what_no_longer_fits_the_interview_is_said_before_it_begins(
    salon: Salon, asked: Interview, press: Press
) -> None:
    dialog = salon.dialog()
    tab_to(press, "Who recalls")
    press(Key.Key_Up)
    assert dialog.setup.recaller is Party.THERAPIST
    assert "than the interview" in dialog.lacking.text()
    assert not dialog.go.isEnabled()


def test_ended_behind_a_lock_it_is_tied_when_the_vault_opens(
    salon: Salon, asked: Interview, press: Press, qtbot: QtBot
) -> None:
    salon.begin()
    salon.heard(600)
    press(Key.Key_L, CTRL)
    press(Key.Key_J, CTRL | SHIFT)
    press(PASSPHRASE)
    press(Key.Key_Return)
    page = salon.errands.after.page
    qtbot.waitUntil(page.isVisible)
    assert page.part.isVisible()
    assert kept_row(salon, asked).recall == salon.kept().recall


def test_what_a_crash_left_is_tied_when_it_is_kept(
    salon: Salon, asked: Interview, press: Press, qtbot: QtBot
) -> None:
    salon.begin()
    salon.heard(1200)
    salon.errands.give_up()
    salon.errands.recovery.offer()
    salon.window.show_library()
    assert kept_row(salon, asked).recall is None
    tab_to(press, "Keep the recall that did not end")
    press(Key.Key_Return)
    qtbot.waitUntil(salon.errands.after.page.isVisible)
    assert salon.errands.after.page.part.isVisible()
    assert kept_row(salon, asked).recall == salon.kept().recall


def test_from_its_row_in_the_study_by_the_key_of_any_recall(salon: Salon, press: Press, qtbot: QtBot) -> None:
    agree(salon.work)
    row = plan(salon.window, press, qtbot)
    salon.window.annexes.study.page.table.setFocus()
    dialog = salon.set_up()
    assert dialog.belongs.isVisible()
    assert (dialog.setup.kind, dialog.setup.inquirer) == (RecallKind.RESEARCH, "R-02")
    salon.begin()
    salon.heard(400)
    salon.end()
    assert kept_row(salon, row).recall == salon.kept().recall
    assert salon.errands.after.page.part.isVisible()


def test_from_the_interviews_page_by_the_same_key_what_was_typed_is_kept(
    salon: Salon, press: Press, qtbot: QtBot
) -> None:
    agree(salon.work)
    row = plan(salon.window, press, qtbot)
    hold(salon.window, press, qtbot)
    press(Key.Key_Return)
    press("She waited")
    assert salon.set_up().belongs.isVisible()
    (given,) = salon.work.store.interviews.answers(row.interview)
    assert given.value == "She waited"


def hold_one_more(salon: Salon, *, full: bool) -> None:
    """Hold a recall for the interview in the study; the set-up says whether that has one."""
    salon.window.show_page(salon.window.annexes.study.page)
    salon.window.annexes.study.page.table.setFocus()
    dialog = salon.set_up()
    assert (dialog.belongs.isVisible(), dialog.beside.isVisible()) == (not full, full)
    assert ("has its recall already, which stays" in dialog.beside.text()) == full
    assert avoided(words_of(dialog)) == []
    salon.begin()
    salon.heard(400)
    salon.end()


def test_an_interview_that_has_its_recall_keeps_it_and_says_so_before_and_after(
    salon: Salon, press: Press, qtbot: QtBot
) -> None:
    agree(salon.work)
    row = plan(salon.window, press, qtbot)
    hold_one_more(salon, full=False)
    hold_one_more(salon, full=True)
    first, second = salon.work.store.recalls.all()
    page = salon.errands.after.page
    assert kept_row(salon, row).recall == first.recall
    assert not page.part.isVisible()
    assert "the client · After the session" in page.beside.text()
    assert "tie it by hand at the interview's step" in page.beside.text()
    assert avoided(words_of(page)) == []
    tab_to(press, "Go on with the interview")
    press(Key.Key_Return)
    interview = salon.window.annexes.study.interview
    qtbot.waitUntil(interview.page.isVisible)
    while step(salon.window) != "recall":
        before = step(salon.window)
        press("She waited")
        press(Key.Key_Return, CTRL)
        assert step(salon.window) != before
    assert interview.page.recalls.currentData() == first.recall
    assert interview.page.recalls.findData(second.recall) > 0
