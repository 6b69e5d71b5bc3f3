"""A recall's end: kept, transcribed, gone back from, and what a crash left of one."""

import json

import pytest
from gui_house import PASSPHRASE, House, show
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from recall_house import CTRL, SHIFT, Press, Salon, salon
from recording_house import MIC
from test_main_job import tab_to

from supervise.app.recalling import RecallSession
from supervise.domain.recall import Party, RecallKind, Setup
from supervise.storage.database import transaction
from supervise.ui.recall_after_errands import OPEN
from supervise.ui.recall_export_dialog import RecallExportDialog
from supervise.ui.recalls_dialog import RecallsDialog
from supervise.ui.transcribe_dialog import TranscribeDialog
from supervise.ui.wiring import wired_window

__all__ = ["salon"]

Key = Qt.Key


def test_a_full_disk_ends_it_and_says_where_the_rest_is(
    salon: Salon, house: House, press: Press, qtbot: QtBot
) -> None:
    free = [1 << 40]
    house.services.recalling = lambda work, session, setup, _microphone, _loudspeaker: RecallSession(
        work, session, setup, (salon.studio.mics[MIC], house.output), lambda: free[0]
    )
    salon.set_up()
    salon.begin()
    salon.heard(1500)
    free[0] = 0
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox), timeout=15_000)
    assert "disk" in QApplication.activeWindow().informativeText()
    assert salon.errands.live is None
    (row,) = salon.work.store.recalls.all()
    assert row.samples > 0 or row.unfinished


def test_read_from_the_page_after_it(salon: Salon, press: Press, qtbot: QtBot) -> None:
    salon.set_up()
    salon.begin()
    salon.heard(500)
    salon.end()
    tab_to(press, "Read it and write it up")
    press(Key.Key_Return)
    reading = salon.window.annexes.reading
    qtbot.waitUntil(lambda: salon.window.pages.currentWidget() in reading.pages())


def test_ended_at_the_locked_door(salon: Salon, press: Press, qtbot: QtBot) -> None:
    salon.set_up()
    salon.begin()
    salon.heard(800)
    press(Key.Key_L, CTRL)
    press(Key.Key_J, CTRL | SHIFT)
    assert "is kept" in salon.window.door.news.text()
    assert salon.errands.strip.isHidden()
    press(PASSPHRASE)
    press(Key.Key_Return)
    qtbot.waitUntil(salon.errands.after.page.isVisible)
    assert salon.kept().samples > 0
    assert not salon.kept().unfinished


def test_closing_the_program_asks_and_loses_nothing(
    salon: Salon, house: House, press: Press, qtbot: QtBot
) -> None:
    salon.set_up()
    salon.begin()
    salon.heard(1000)
    press(Key.Key_Q, CTRL)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    tab_to(press, "End the recall and close")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: not salon.window.isVisible())
    again = house.services.open_vault(house.vault, PASSPHRASE)
    (row,) = again.store.recalls.all()
    assert not row.unfinished
    assert row.samples > 0
    again.close()


def test_transcribed_from_the_page_after_it(salon: Salon, press: Press, qtbot: QtBot) -> None:
    salon.set_up()
    salon.begin()
    salon.heard(1000)
    salon.end()
    page = salon.errands.after.page
    assert page.transcribe.hasFocus()
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), TranscribeDialog))
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: "transcription has begun" in page.queued.text())
    recall = salon.kept().recall
    qtbot.waitUntil(lambda: salon.work.store.recall_transcripts.current(recall) is not None)


def test_whose_it_is_is_said_where_the_client_recalled(salon: Salon) -> None:
    salon.set_up()
    salon.begin()
    salon.end()
    after = salon.errands.after
    assert after.page.whose.isHidden()
    setup = Setup(RecallKind.CLIENT, recaller=Party.CLIENT, inquirer="Cara")
    with transaction(salon.work.vault.db) as db:  # as if the client had recalled, in the therapist's profile
        db.execute("UPDATE recalls SET setup = ?", [json.dumps(setup.plain())])
    after.show(after.outcome, salon.session)
    assert after.page.whose.isVisible()
    assert after.page.whose.text() == OPEN


@pytest.mark.parametrize("way", ["Back to the session"])
def test_back_to_the_session(salon: Salon, press: Press, qtbot: QtBot, way: str) -> None:
    salon.set_up()
    salon.begin()
    salon.end()
    tab_to(press, way)
    press(Key.Key_Return)
    qtbot.waitUntil(salon.window.view.isVisible)
    assert salon.window.session.session.session == salon.session


def test_its_keys_are_about_the_recall_that_ended(salon: Salon, press: Press, qtbot: QtBot) -> None:
    salon.set_up()
    salon.begin()
    salon.heard(500)
    salon.end()
    press(Key.Key_O, CTRL | SHIFT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), RecallsDialog))
    assert salon.window.errands.dialog.table.rowCount() == 1
    press(Key.Key_Escape)
    salon.window.activateWindow()
    qtbot.waitUntil(salon.window.isActiveWindow)
    press(Key.Key_E, CTRL | SHIFT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), RecallExportDialog))
    press(Key.Key_Escape)
    salon.window.activateWindow()
    qtbot.waitUntil(salon.window.isActiveWindow)
    salon.set_up()
    salon.begin()
    salon.end()
    assert {row.session for row in salon.work.store.recalls.all()} == {salon.session}
    assert len(salon.work.store.recalls.all()) == 2
    press(Key.Key_L, CTRL)
    assert salon.errands.after.where() == ("", "")


def crash(salon: Salon) -> None:
    """Hold a recall, and let the program go as in a crash."""
    salon.set_up()
    salon.begin()
    salon.heard(1200)
    salon.press(Key.Key_Space)
    salon.recalled(3200)
    salon.errands.give_up()
    salon.errands.recovery.offer()
    salon.window.show_library()


def test_what_a_crash_left_is_heard_and_kept(salon: Salon, press: Press, qtbot: QtBot) -> None:
    crash(salon)
    strip = salon.errands.recovery.strip
    assert strip.isVisible()
    assert "1 stop of it are safe" in strip.words.text()
    tab_to(press, "Listen first")
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: strip.listen.text() == "Stop listening")
    press(Key.Key_Space)
    assert strip.listen.text() == "Listen first"
    tab_to(press, "Keep the recall that did not end")
    press(Key.Key_Return)
    qtbot.waitUntil(salon.errands.after.page.isVisible)
    assert "1 stop" in salon.errands.after.page.facts.text()
    assert not salon.kept().unfinished
    assert salon.kept().sound.duration_ms >= 2000
    assert strip.isHidden()


def test_what_a_crash_left_is_destroyed_only_when_asked_twice(
    salon: Salon, press: Press, qtbot: QtBot
) -> None:
    crash(salon)
    tab_to(press, "Destroy the recall that did not end")
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    assert len(salon.work.store.recalls.all()) == 1
    tab_to(press, "Destroy it for good")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: not salon.work.store.recalls.all())
    assert salon.errands.recovery.strip.isHidden()


def test_a_recall_left_by_a_crash_is_offered_at_the_next_opening(
    salon: Salon, house: House, press: Press, qtbot: QtBot
) -> None:
    crash(salon)
    salon.window.close()
    again = wired_window(house.services, QApplication.instance())
    qtbot.addWidget(again)
    again.adopt(house.services.open_vault(house.vault, PASSPHRASE))
    again.show_library()
    show(again, qtbot)
    assert "recall" in vars(again.annexes)  # it moved in by itself
    assert again.annexes.recall.recovery.strip.isVisible()
    again.close()
