"""Words given to another voice, by key and by menu, and older transcripts read again."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from supervise.domain.errors import UsageError
from supervise.domain.ids import SessionId, TranscriptId
from supervise.domain.transcript import TranscribeSettings
from supervise.ui.main_window import MainWindow
from supervise.ui.transcript_rows import Place

# Menus grab the keyboard, which the offscreen platform has not got.
pytestmark = pytest.mark.qt_log_ignore("grabbing the keyboard", r"raise\(\)", extend=True)
Press = Callable[..., None]
Key, Mod = Qt.Key, Qt.KeyboardModifier


def labels(window: MainWindow) -> str:
    session = window.session.session.session
    return "".join(word.speaker for word in window.desk.workspace.transcript(session).words)


def test_a_turn_is_given_to_another_voice_by_keyboard(transcribed: MainWindow, press: Press) -> None:
    window = transcribed
    before = labels(window)
    window.view.transcript.setFocus()
    press(Key.Key_Home)
    press(Key.Key_Down)
    press("V")
    menu = window.session.voices.menu
    texts = [action.text() for action in menu.actions()]
    assert texts[0] == "This turn was said by"
    assert [text.replace("&", "")[:7] for text in texts[1:]] == ["Voice A", "Voice B", "Another"]
    menu.actions()[2].trigger()
    menu.close()
    assert labels(window) == "B" * len(before)
    press(Key.Key_Z, Mod.ControlModifier)
    assert labels(window) == before


def test_chosen_words_only(transcribed: MainWindow, press: Press) -> None:
    window = transcribed
    before = labels(window)
    window.view.transcript.setFocus()
    press(Key.Key_Home)
    press(Key.Key_Down)
    press(Key.Key_Right, Mod.ShiftModifier)
    press(Key.Key_Right, Mod.ShiftModifier)
    press("V")
    menu = window.session.voices.menu
    assert menu.actions()[0].text() == "The chosen words were said by"
    menu.actions()[3].trigger()
    menu.close()
    assert labels(window) == "CCC" + before[3:]
    assert window.view.transcript.chosen_span is None


def test_a_right_click_offers_the_turn_and_plays_nothing(transcribed: MainWindow, qtbot: QtBot) -> None:
    window, words = transcribed, transcribed.view.transcript
    point = words.word_rect(Place(1, 2)).center()
    qtbot.mouseClick(words.viewport(), Qt.MouseButton.RightButton, pos=point)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, words.viewport().mapToGlobal(point))
    QApplication.sendEvent(words.viewport(), event)
    assert window.session.voices.menu is not None
    assert words.cursor_place == Place(1, 2)
    assert not window.session.playing
    window.lock()
    assert not [part for part in QApplication.topLevelWidgets() if part.isVisible() and part is not window]


def test_nothing_to_give_is_said(window: MainWindow, press: Press) -> None:
    window.session.voices.offer()
    assert "Choose words first" in window.view.player.message.text()


def again(window: MainWindow, session: SessionId, qtbot: QtBot) -> None:
    window.desk.queue.enqueue(session, TranscribeSettings(language="en", accuracy="accurate"))
    qtbot.waitUntil(lambda: not window.desk.queue.step())


def test_an_older_transcript_is_read_and_left_as_it_is(
    transcribed: MainWindow, session: SessionId, qtbot: QtBot
) -> None:
    window, view = transcribed, transcribed.view
    assert view.versions.isHidden()
    again(window, session, qtbot)
    qtbot.waitUntil(lambda: view.versions.count() == 2)
    assert view.versions.isVisible()
    assert [view.versions.itemText(n).split(":")[0] for n in range(2)] == ["Newest", "Older"]
    assert "more accurate" in view.versions.itemText(0)
    window.session._on_version(view.versions.itemData(1))
    assert view.reads_older
    assert view.versions.currentIndex() == 1
    assert view.transcript.rows.rowCount() > 0
    assert view.speakers.isHidden()
    view.transcript.setFocus()
    window.session.voices.offer(QPoint(0, 0))
    assert window.session.voices.menu is None
    assert "only read" in view.player.message.text()
    view.older.newest.click()
    assert not view.reads_older
    assert view.speakers.isVisible()


def test_a_version_of_another_session_is_refused(transcribed: MainWindow, session: SessionId) -> None:
    with pytest.raises(UsageError):
        transcribed.desk.workspace.transcript(session, TranscriptId("no such transcript"))
