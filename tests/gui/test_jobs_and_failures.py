"""Work off the window's thread, and what a person sees when something fails or a bug shows."""

import sys
import threading

import pytest
from gui_house import House
from PySide6.QtWidgets import QDialog, QMessageBox, QPlainTextEdit
from pytestqt.qtbot import QtBot

from supervise.domain.errors import CancelledError, NotReadableError
from supervise.ui.crash import CrashDialog, CrashWatch, where
from supervise.ui.jobs import Job
from supervise.ui.main_window import MainWindow


def test_job_reports_and_finishes_on_the_windows_thread(qtbot: QtBot) -> None:
    threads, told = [], []

    def work(report, cancelled):
        report(500)
        threads.append(threading.get_ident())
        return 42

    job = Job(work)
    job.progressed.connect(told.append)
    with qtbot.waitSignal(job.finished) as done:
        job.start()
    assert done.args == [42]
    assert told == [500]
    assert threads != [threading.get_ident()]
    assert not job.running


def test_job_hands_over_expected_failures(qtbot: QtBot) -> None:
    def work(report, cancelled):
        raise NotReadableError("This is not sound.")

    job = Job(work)
    with qtbot.waitSignal(job.failed) as failed:
        job.start()
    assert str(failed.args[0]) == "This is not sound."


def test_cancel_is_seen_by_the_work(qtbot: QtBot) -> None:
    begun = threading.Event()

    def work(report, cancelled):
        begun.set()
        while not cancelled():
            threading.Event().wait(0.001)
        raise CancelledError("Stopped.")

    job = Job(work)
    job.start()
    assert begun.wait(5)
    with qtbot.waitSignal(job.failed) as failed:
        job.cancel()
    assert isinstance(failed.args[0], CancelledError)


def test_cancel_and_wait_leaves_no_thread(qtbot: QtBot) -> None:
    job = Job(lambda report, cancelled: threading.Event().wait(0.01))
    job.start()
    job.cancel_and_wait()
    assert not job.running


def test_what_a_bug_says_names_places_only() -> None:
    secret = "Jane Roe told me"
    try:
        raise ValueError(secret)
    except ValueError as error:
        said = where(error)
    assert "ValueError" in said
    assert "test_jobs_and_failures.py" in said
    assert secret not in said


def test_one_dialog_for_a_bug_wherever_it_comes_from(qtbot: QtBot, app: object) -> None:
    watch = CrashWatch()
    try:
        for error in (KeyError("Jane"), ZeroDivisionError("Roe")):
            sys.excepthook(type(error), error, None)
        qtbot.waitUntil(lambda: watch.count == 2)
        dialog = watch._open
        assert isinstance(dialog, CrashDialog)
        text = dialog.findChild(QPlainTextEdit).toPlainText()
        assert "KeyError" in text
        assert "Jane" not in text
        dialog.done(0)
    finally:
        watch.close()


def test_a_missing_sound_card_is_said_and_nothing_is_lost(
    window: MainWindow, house: House, qtbot: QtBot
) -> None:
    house.output.missing = True
    window.session.toggle()
    boxes = window.findChildren(QMessageBox)
    assert any("no device" in box.informativeText() for box in boxes)
    assert not window.session.playing
    for box in boxes:
        box.done(0)
    house.output.missing = False
    window.session.toggle()
    assert window.session.playing


@pytest.mark.parametrize("name", ["open_transcribe", "open_keys", "open_settings"])
def test_escape_closes_a_dialog(window: MainWindow, name: str, press, qtbot: QtBot) -> None:
    from PySide6.QtCore import Qt

    getattr(window.errands, name)()
    dialog = window.errands.dialog
    assert isinstance(dialog, QDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.errands.dialog is None)


def test_keys_can_be_changed_and_are_kept(window: MainWindow, session, press) -> None:
    from PySide6.QtGui import QKeySequence

    window.errands.open_keys()
    dialog = window.errands.dialog
    dialog.words.setText("flag here")
    dialog.edit.setKeySequence(QKeySequence("L"))
    assert "already do" in dialog.problem.text()
    assert not dialog.change.isEnabled()
    dialog.edit.setKeySequence(QKeySequence("F3"))
    dialog.change.click()
    window.errands.close_dialogs()
    window.view.waveform.setFocus()
    press("M")
    assert window.desk.workspace.moments(session) == ()
    from PySide6.QtCore import Qt

    press(Qt.Key.Key_F3)
    assert len(window.desk.workspace.moments(session)) == 1
    from supervise.app.preferences import read_preferences

    assert read_preferences(window.desk.workspace)["keys"] == {"mark": "F3"}


def test_settings_are_used_and_kept_in_the_vault(window: MainWindow) -> None:
    from supervise.app.preferences import read_preferences
    from supervise.ui.theme import theme_of

    window.errands.open_settings()
    dialog = window.errands.dialog
    dialog.look.setCurrentIndex(2)
    dialog.lag.setValue(3.5)
    dialog._on_save()
    assert theme_of().colors.dark
    assert read_preferences(window.desk.workspace)["reaction_lag_ms"] == 3500
    assert window.desk.settings.reaction_lag_ms == 3500


def test_voices_are_named_swapped_and_merged_in_one_step_each(transcribed: MainWindow, session) -> None:
    window = transcribed
    box = window.view.speakers.boxes["A"]
    box.setEditText("Therapist")
    box.lineEdit().editingFinished.emit()
    names = window.desk.workspace.transcript(session).names
    assert names.name("A") == "Therapist"
    window.view.speakers.wish_swap()
    assert window.desk.workspace.transcript(session).names.name("B") == "Therapist"
    assert window.view.speakers.boxes["B"].currentText() == "Therapist"
    window.view.speakers.merge_wished.emit("B", "A")
    assert {word.speaker for word in window.desk.workspace.transcript(session).words} == {"A"}
    window.travel("undo")
    window.travel("undo")
    assert window.desk.workspace.transcript(session).names.name("A") == "Therapist"
    assert "guess" in window.view.speakers.guess.text()
