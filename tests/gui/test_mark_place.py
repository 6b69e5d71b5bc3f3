"""Where a mark made by keys falls: at the word one reads, at the place found, or where the sound is."""

from collections.abc import Callable

from gui_house import House
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from supervise.domain.moments import Moment
from supervise.ui.main_window import MainWindow
from supervise.ui.transcript_rows import Place

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
Press = Callable[..., None]


def kept(window: MainWindow) -> tuple[Moment, ...]:
    return window.desk.workspace.moments(window.session.session.session)


def said(window: MainWindow) -> str:
    return window.view.player.message.text()


def read_to_the_third_word(window: MainWindow, press: Press) -> int:
    """Go to the transcript by F6 and to its third word; returns when that word begins."""
    window.view.waveform.setFocus()
    press(Key.Key_F6)
    assert window.view.transcript.hasFocus()
    press(Key.Key_Home)
    press(Key.Key_Down)
    press(Key.Key_Right)
    press(Key.Key_Right)
    return window.view.transcript.rows.rows[1].words[2].start_ms


def test_a_flag_goes_to_the_word_framed(transcribed: MainWindow, press: Press) -> None:
    transcribed.session.seek(30_000)
    place = read_to_the_third_word(transcribed, press)
    press("M")
    assert [m.start_ms for m in kept(transcribed)] == [place]
    assert "on “not”" in said(transcribed)
    assert "0:02" in said(transcribed)
    assert transcribed.session.position_ms == 30_000


def test_a_code_and_its_end_go_to_the_words_framed(transcribed: MainWindow, press: Press) -> None:
    place = read_to_the_third_word(transcribed, press)
    press("3")
    press(Key.Key_Right)
    press(Key.Key_Right)
    press("E")
    words = transcribed.view.transcript.rows.rows[1].words
    assert [(m.start_ms, m.end_ms) for m in kept(transcribed)] == [(place, words[4].end_ms)]
    assert "after “what”" in said(transcribed)


def test_a_place_found_is_marked_after_escape(transcribed: MainWindow, press: Press, qtbot: QtBot) -> None:
    view = transcribed.view
    view.waveform.setFocus()
    press(Key.Key_F, CTRL)
    press("fine")
    press(Key.Key_Return)
    press(Key.Key_Return)
    found = view.transcript.cursor_place
    assert "2 of 2" in view.finder.count.text()
    press(Key.Key_Escape)
    assert view.transcript.hasFocus()
    press("M")
    assert [m.start_ms for m in kept(transcribed)] == [view.transcript.rows.start_of(found)]
    assert "on “fine”" in said(transcribed)


def test_a_place_found_is_marked_from_the_arrows_of_find(transcribed: MainWindow, press: Press) -> None:
    view = transcribed.view
    press(Key.Key_F, CTRL)
    press("sheet")
    press(Key.Key_Return)
    press(Key.Key_Tab)
    assert view.finder.isAncestorOf(QApplication.focusWidget())
    press("M")
    assert [m.start_ms for m in kept(transcribed)] == [
        view.transcript.rows.start_of(view.transcript.cursor_place)
    ]


def test_while_sound_plays_the_mark_goes_to_the_sound(
    transcribed: MainWindow, house: House, press: Press
) -> None:
    transcribed.session.seek(10_000)
    read_to_the_third_word(transcribed, press)
    press(Key.Key_Space)
    house.output.pull(16_000)
    heard = transcribed.session.position_ms
    press("M")
    lag = transcribed.desk.settings.reaction_lag_ms
    assert [m.start_ms for m in kept(transcribed)] == [heard - lag]
    assert "where the sound was" in said(transcribed)


def test_after_listening_the_frame_and_the_mark_are_where_the_sound_stopped(
    transcribed: MainWindow, house: House, press: Press
) -> None:
    read_to_the_third_word(transcribed, press)
    press(Key.Key_Return)
    house.output.pull(24_000)
    press(Key.Key_Space)
    stopped = transcribed.session.position_ms
    assert transcribed.view.transcript.cursor_place == transcribed.view.transcript.rows.place_at(stopped)
    assert transcribed.view.transcript.cursor_place != Place(1, 2)
    press("M")
    assert [m.start_ms for m in kept(transcribed)] == [stopped]
    assert "where the sound stands" in said(transcribed)


def test_a_word_framed_while_listening_is_marked_once_the_sound_has_stopped(
    transcribed: MainWindow, house: House, press: Press
) -> None:
    read_to_the_third_word(transcribed, press)
    press(Key.Key_Space)
    house.output.pull(8000)
    press(Key.Key_End)
    press(Key.Key_Space)
    place = transcribed.view.transcript.cursor_place
    press("M")
    assert [m.start_ms for m in kept(transcribed)] == [transcribed.view.transcript.rows.start_of(place)]


def test_away_from_the_words_the_playhead_counts(transcribed: MainWindow, press: Press) -> None:
    read_to_the_third_word(transcribed, press)
    transcribed.view.waveform.setFocus()
    press(Key.Key_Right)
    press("M")
    assert [m.start_ms for m in kept(transcribed)] == [5000]
    assert "where the sound stands" in said(transcribed)


def test_coming_to_the_moments_moves_nothing_and_choosing_one_does(
    window: MainWindow, house: House, press: Press
) -> None:
    for place in (4000, 9000):
        window.session.seek(place)
        press("M")
    window.session.pick("")
    window.session.seek(20_000)
    window.view.waveform.setFocus()
    press(Key.Key_F6)
    assert window.view.panel.list.hasFocus()
    assert window.session.position_ms == 20_000
    assert window.view.chosen == ""
    press(Key.Key_Down)
    assert window.session.position_ms == 4000
    press(Key.Key_Down)
    assert window.session.position_ms == 9000
    window.session.seek(20_000)
    window.view.waveform.setFocus()
    window.view.panel.list.setFocus()
    assert window.session.position_ms == 20_000
    press(Key.Key_Return)
    assert window.session.playing
    assert window.session.position_ms < 9000
