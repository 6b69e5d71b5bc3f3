"""From one part of a session to another and back, by keys alone."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from supervise.ui.main_window import MainWindow

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
Press = Callable[..., None]


def test_f6_goes_round_and_shift_f6_back(transcribed: MainWindow, press: Press) -> None:
    view = transcribed.view
    transcribed.session.mark("wd.any")
    parts = [view.waveform, view.transcript, view.panel.list, view.editor.note, view.player.play]
    view.waveform.setFocus()
    for part in [*parts[1:], parts[0]]:
        press(Key.Key_F6)
        assert part.hasFocus()
    for part in reversed(parts):
        press(Key.Key_F6, SHIFT)
        assert part.hasFocus()


def test_escape_is_done_with_a_note_and_goes_back_to_reading(transcribed: MainWindow, press: Press) -> None:
    view = transcribed.view
    view.transcript.setFocus()
    press(Key.Key_Home)
    press(Key.Key_Down)
    press("M")
    press("T")
    press("goes quiet here")
    press(Key.Key_Escape)
    assert view.transcript.hasFocus()
    session = transcribed.session.session.session
    assert [m.note for m in transcribed.desk.workspace.moments(session)] == ["goes quiet here"]
    press(Key.Key_Right)
    press("M")
    assert len(transcribed.desk.workspace.moments(session)) == 2


def test_escape_leaves_the_moments_for_the_sound(window: MainWindow, press: Press) -> None:
    window.session.mark("wd.any")
    window.view.panel.list.setFocus()
    press(Key.Key_Escape)
    assert window.view.waveform.hasFocus()


def test_enter_in_the_filter_goes_to_what_is_left(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    for place, code in ((1000, "wd.any"), (5000, "cf.any")):
        window.session.seek(place)
        window.session.mark(code)
    window.session.pick("")
    window.view.panel.words.setFocus()
    press("confrontation")
    press(Key.Key_Return)
    assert window.view.panel.list.hasFocus()
    assert window.view.panel.list.shown.rowCount() == 1
    press(Key.Key_Down)
    assert window.session.position_ms == 5000
