"""Recording by keys alone: begun with consent, paused, marked, locked meanwhile, ended, opened."""

from collections.abc import Callable

from gui_house import CLIENT
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from recording_house import Studio, desk, room, studio
from test_main_job import tab_to

from supervise.ui.main_window import MainWindow
from supervise.ui.record_dialog import RecordDialog

__all__ = ["desk", "room", "studio"]

Key, Mod = Qt.Key, Qt.KeyboardModifier
CTRL, SHIFT = Mod.ControlModifier, Mod.ShiftModifier
Press = Callable[..., None]


def begin(window: MainWindow, press: Press, qtbot: QtBot, code: str = CLIENT) -> None:
    """Ctrl+R, the client, asked again, and Return."""
    press(Key.Key_R, CTRL)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), RecordDialog))
    press(code)
    tab_to(press, "I have asked just &now, and the client said yes")
    press(Key.Key_Space)
    tab_to(press, "Start recording")
    press(Key.Key_Return)
    qtbot.waitUntil(window.recording.page.isVisible)
    qtbot.waitUntil(window.isActiveWindow)


def heard(window: MainWindow, qtbot: QtBot, ms: int) -> None:
    """Wait until so much is on the disk."""
    live = window.recording.live
    qtbot.waitUntil(
        lambda: live.session.heard().synced_samples * 1000 >= ms * live.session.rate_hz, timeout=20_000
    )


def test_recorded_marked_stopped_and_opened(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    begin(room, press, qtbot)
    studio.speak(4)
    heard(room, qtbot, 4000)
    press("m")
    assert room.recording.page.clock.text() == "0:04"
    press(Key.Key_R, CTRL | SHIFT)
    qtbot.waitUntil(room.view.isVisible)
    work, session = room.desk.workspace, room.session.session
    assert (session.client_code, session.sound.duration_ms) == (CLIENT, 4000)
    (moment,) = work.moments(session.session)
    assert 1000 <= moment.start_ms <= 2000
    assert "asked again before recording: yes" in [line.detail for line in work.log_lines(20)]
    assert not room.recording.running
