"""The client asks to stop: paused at once, then end, delete the last minutes, delete everything, or go on."""

from collections.abc import Callable

import pytest
from gui_house import PASSPHRASE, House
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot
from recording_house import Studio, begin, desk, details, heard, room, studio
from test_main_job import focus, tab_to

from supervise.domain.recordings import Wish
from supervise.ui.main_window import MainWindow
from supervise.ui.recording_parts import PAUSED

__all__ = ["desk", "room", "studio"]

Key, Mod = Qt.Key, Qt.KeyboardModifier
CTRL = Mod.ControlModifier
Press = Callable[..., None]


def ask_to_stop(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    press(Key.Key_F12)
    dialog = window.recording.dialog
    assert dialog is not None
    qtbot.waitUntil(dialog.isActiveWindow)
    assert window.recording.live.paused


def test_the_client_asks_to_stop_and_lets_it_go_on(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    begin(room, press, qtbot)
    ask_to_stop(room, press, qtbot)
    press(Key.Key_G, Mod.AltModifier)
    qtbot.waitUntil(lambda: not room.recording.live.paused)
    assert "client asked to stop: went on" in details(room)
    assert "client asked to stop: paused" in details(room)


def test_closing_the_question_leaves_it_paused(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    begin(room, press, qtbot)
    ask_to_stop(room, press, qtbot)
    press(Key.Key_Escape)
    qtbot.waitUntil(lambda: room.recording.dialog is None)
    assert room.recording.live.paused
    assert room.recording.page.light.state == PAUSED


@pytest.mark.parametrize("locked", [False, True], ids=["open", "locked"])
def test_the_client_asks_and_the_last_minute_is_deleted(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot, locked: bool
) -> None:
    begin(room, press, qtbot)
    for minutes in (20_000, 40_000, 65_000):
        studio.speak(20 if minutes < 65_000 else 25)
        heard(room, qtbot, minutes)
    if locked:
        press(Key.Key_L, CTRL)
    ask_to_stop(room, press, qtbot)
    tab_to(press, "How many minutes to delete")
    focus().selectAll()
    press("1")
    tab_to(press, "End, and &delete the last…")
    press(Key.Key_Return)
    assert "The first 0:05 are kept" in room.recording.dialog.question.text()
    tab_to(press, "Delete for &good")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: not room.recording.running)
    if locked:
        qtbot.waitUntil(room.isActiveWindow)
        room.door.passphrase.setFocus()
        press(PASSPHRASE)
        press(Key.Key_Return)
    qtbot.waitUntil(room.view.isVisible)
    assert room.session.session.sound.duration_ms == 5000
    assert any("client asked: delete_last 1 min" in detail for detail in details(room))


def test_the_window_stays_awake_while_the_last_minute_is_deleted(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    begin(room, press, qtbot)
    for ms in (20_000, 40_000, 65_000):
        studio.speak(20 if ms < 65_000 else 25)
        heard(room, qtbot, ms)
    ending, seen = room.recording.ending, []

    def look() -> None:
        if ending.running and ending.strip.isVisible():
            seen.append((room.library.isVisible(), ending.strip.words.text(), ending.strip.bar.value()))

    timer = QTimer()
    timer.setInterval(0)
    timer.timeout.connect(look)
    timer.start()
    room.recording._end_as_asked(Wish.DELETE_LAST, 1.0)
    qtbot.waitUntil(room.view.isVisible)
    timer.stop()
    assert len(seen) > 5
    assert all("Deleting the last minute of the recording for good" in words for _, words, _ in seen)
    assert all(library for library, _, _ in seen)
    assert len({value for _, _, value in seen}) > 1
    assert not ending.strip.isVisible()
    assert room.session.session.sound.duration_ms == 5000


def test_closing_the_window_meanwhile_leaves_the_deletion_to_the_next_opening(
    room: MainWindow, house: House, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    begin(room, press, qtbot)
    for ms in (20_000, 40_000, 65_000):
        studio.speak(20 if ms < 65_000 else 25)
        heard(room, qtbot, ms)
    room.recording._end_as_asked(Wish.DELETE_LAST, 1.0)
    assert room.recording.ending.running
    room.close()
    assert not room.recording.ending.running
    desk = house.services.open_vault(house.vault, PASSPHRASE)
    (row,) = desk.library().rows
    assert row.session.sound.duration_ms == 5000
    desk.close()


def test_the_client_asks_and_everything_is_deleted(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    begin(room, press, qtbot)
    studio.speak(2)
    heard(room, qtbot, 2000)
    ask_to_stop(room, press, qtbot)
    tab_to(press, "End, and delete e&verything…")
    press(Key.Key_Return)
    tab_to(press, "Delete for &good")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: not room.recording.running)
    qtbot.waitUntil(lambda: bool(room.findChildren(QMessageBox)))
    assert room.desk.workspace.library().rows == ()
    assert room.desk.workspace.store.media.file_ids() == set()
    assert any("delete_all" in detail for detail in details(room))


def test_enter_does_what_the_client_asked_and_never_goes_on_recording(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    begin(room, press, qtbot)
    studio.speak(2)
    heard(room, qtbot, 2000)
    ask_to_stop(room, press, qtbot)
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: not room.recording.running)
    qtbot.waitUntil(room.view.isVisible)
    assert room.session.session.sound.duration_ms >= 2000
