"""From the end of a recall held in the window, by keys, to reading it, marking a stop, and writing it up."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from recall_house import CTRL, Press, Salon, salon
from test_main_job import tab_to

from supervise.app.recall_marks import marks_of
from supervise.app.write_ups import own_write_up

__all__ = ["salon"]

Key = Qt.Key


def test_held_read_marked_and_written_up(salon: Salon, press: Press, qtbot: QtBot) -> None:
    salon.set_up()
    salon.begin()
    salon.heard(1500)
    press(Key.Key_F5)
    salon.end()
    kept, window = salon.kept(), salon.window
    tab_to(press, "Read it and write it up")
    press(Key.Key_Return)
    annex = window.annexes.reading
    qtbot.waitUntil(lambda: window.pages.currentWidget() is annex.view and annex.view.words.hasFocus())
    assert annex.view.title.text() == "Therapist recall"
    assert annex.view.lines.scene.heard
    (stop,) = annex.view.lines.scene.stops
    press("1")
    press("t")
    assert window.desk is not None
    work = window.desk.workspace
    (mark,) = marks_of(work, kept.recall)
    assert (mark.start_ms, mark.time_frame.value) == (stop.recall_start_ms, "then")
    press("w")
    press("I was in a hurry")
    press(Key.Key_Escape)
    entry = own_write_up(work, kept.recall)
    assert entry is not None
    assert entry.text == "I was in a hurry"
    press(Key.Key_Z, CTRL)
    assert own_write_up(work, kept.recall) is None
    press("s")
    assert window.session is not None
    assert abs(window.session.position_ms - stop.session_ms) <= 30
