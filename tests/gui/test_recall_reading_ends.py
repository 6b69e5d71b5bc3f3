"""What changes under a recall that is read: its words come, its client takes it back, it is destroyed."""

from collections.abc import Callable

from gui_house import CLIENT, PASSPHRASE, TODAY
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from reading_house import CLIENTS, add_recall
from test_recall_reading import desk_of, library, reading, recall

from supervise.app.recall_recovering import destroy_recall
from supervise.app.withdrawing import WithdrawWish, withdraw
from supervise.domain.consent import Grant, Scope
from supervise.domain.ids import RecallId, SessionId
from supervise.ui.client_errands import ClientDialog
from supervise.ui.main_window import MainWindow
from supervise.ui.recall_export_dialog import RecallExportDialog
from supervise.ui.recall_setup_dialog import RecallSetupDialog
from supervise.ui.theme import colors
from supervise.ui.transcribe_dialog import TranscribeDialog

__all__ = ["library", "reading", "recall"]
Key, Mod = Qt.Key, Qt.KeyboardModifier
CTRL_SHIFT = Mod.ControlModifier | Mod.ShiftModifier
Press = Callable[..., None]


def test_words_are_asked_for_by_key_and_appear(
    library: MainWindow, session: SessionId, press: Press, qtbot: QtBot
) -> None:
    annex, view = library.annexes.reading, library.annexes.reading.view
    bare = add_recall(desk_of(library), session, words=False)
    annex.open(bare)
    press(Key.Key_T, Mod.ControlModifier)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), TranscribeDialog))
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: view.transcribe_button.text() == "Being transcribed")
    assert not view.transcribe_button.isEnabled()
    assert view.none_words.text() == "The words will appear here when they are found."
    assert not view.none_button.isVisible()
    qtbot.waitUntil(lambda: desk_of(library).store.recall_transcripts.current(bare) is not None)
    qtbot.waitUntil(lambda: view.transcribe_button.text() == "Transcribe again…", timeout=30_000)
    assert any("know" in view.words.rows.spoken(row) for row in view.words.rows.rows)
    assert view.speakers.isVisible()


def test_a_client_who_takes_it_back_empties_the_page(
    library: MainWindow, session: SessionId, press: Press
) -> None:
    work, annex = desk_of(library), library.annexes.reading
    agreed = frozenset({Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW, Scope.CLIENT_RECALL})
    work.add_consent(CLIENT, agreed, TODAY)
    theirs = add_recall(work, session, CLIENTS)
    annex.open(theirs)
    press("w")
    press("half a thought")
    withdraw(work, WithdrawWish(CLIENT, frozenset({Grant(Scope.CLIENT_RECALL)})))
    assert library.pages.currentWidget() is library.library
    assert annex.reading is None
    assert annex.page.text.toPlainText() == ""
    assert annex.view.words.rows.rows == []
    assert work.store.write_ups.own(theirs) is None  # nothing is written without consent


def test_a_recall_that_is_destroyed_is_let_go(reading: MainWindow, recall: RecallId) -> None:
    annex = reading.annexes.reading
    destroy_recall(desk_of(reading), recall)
    assert annex.reading is None
    assert reading.pages.currentWidget() is reading.library


def test_it_stays_open_when_the_sound_of_the_session_is_not_covered(
    reading: MainWindow, session: SessionId, recall: RecallId, press: Press
) -> None:
    work, annex = desk_of(reading), reading.annexes.reading
    agreed = frozenset({Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW, Scope.CLIENT_RECALL})
    work.add_consent(CLIENT, agreed, TODAY)
    theirs = add_recall(work, session, CLIENTS)
    withdraw(work, WithdrawWish(CLIENT, frozenset({Grant(Scope.OWN_REVIEW)})))
    assert annex.reading is None  # the therapist's own recall rested on it
    annex.open(theirs)
    assert reading.pages.currentWidget() is annex.view
    assert annex.view.lines.scene.session_peaks is None
    assert annex.view.lines.scene.recall_peaks is not None
    press(Key.Key_Down)
    press("1")
    assert len(work.store.recall_marks.of_recall(theirs)) == 1


def test_the_vault_locks_by_its_key_from_both_pages(
    reading: MainWindow, recall: RecallId, press: Press, qtbot: QtBot
) -> None:
    annex = reading.annexes.reading
    for opening in ("", "w"):
        if opening:
            annex.open(recall)
            press(opening)
        press(Key.Key_L, Mod.ControlModifier)
        assert reading.pages.currentWidget() is reading.door
        assert annex.reading is None
        assert desk_of(reading).locked
        press(PASSPHRASE)
        press(Key.Key_Return)
        qtbot.waitUntil(
            lambda: not desk_of(reading).locked and reading.pages.currentWidget() is reading.library
        )


def test_f6_and_the_keys_of_an_open_vault_work_where_a_recall_is_read(
    reading: MainWindow, session: SessionId, press: Press, qtbot: QtBot
) -> None:
    view = reading.annexes.reading.view
    parts = [view.words]
    for _ in range(4):
        press(Key.Key_F6)
        parts.append(QApplication.focusWidget())
    assert parts == [view.words, view.passage.then, view.player.play, view.lines, view.words]
    press(Key.Key_J, Mod.ControlModifier)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), RecallSetupDialog))
    press(Key.Key_Escape)
    qtbot.waitUntil(reading.isActiveWindow)
    press(Key.Key_C, CTRL_SHIFT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), ClientDialog))
    page = QApplication.activeWindow()
    assert isinstance(page, ClientDialog)
    assert page.overview.client.currentText() == desk_of(reading).session(session).client_code
    press(Key.Key_Escape)
    qtbot.waitUntil(reading.isActiveWindow)
    press(Key.Key_E, CTRL_SHIFT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), RecallExportDialog))


def test_escape_puts_what_was_recalled_away(reading: MainWindow, press: Press) -> None:
    view = reading.annexes.reading.view
    press("a")
    assert view.recalled.hasFocus()
    press(Key.Key_Escape)
    assert view.words.hasFocus()
    assert not view.recalled.isVisible()


def test_a_stop_that_is_chosen_is_seen_in_its_whole_row(reading: MainWindow, press: Press) -> None:
    words = reading.annexes.reading.view.words
    rect = words.visualRect(words.model().index(0, 0))

    def ground() -> str:
        return words.viewport().grab().toImage().pixelColor(rect.right() - 8, rect.center().y()).name()

    assert ground() == colors().accent_soft
    press(Key.Key_Down)
    assert ground() == colors().surface
