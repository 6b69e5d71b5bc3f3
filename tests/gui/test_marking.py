"""Marking in the window: where a mark falls, keys in fields, drags, ends; store and screen agree."""

from collections.abc import Callable

import pytest
from gui_house import House, at, drag, show
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel
from pytestqt.qtbot import QtBot

from supervise.domain.ids import SessionId
from supervise.domain.moments import Moment, Perspective
from supervise.ui.main_window import MainWindow
from supervise.ui.moment_editor import short_time
from supervise.ui.transcript_rows import Place
from supervise.ui.wiring import wired_window
from workspaces import agree_to_supervisor

Key = Qt.Key
Press = Callable[..., None]


def kept(window: MainWindow) -> tuple[Moment, ...]:
    assert window.desk is not None
    assert window.session is not None
    return window.desk.workspace.moments(window.session.session.session)


def test_a_mark_while_playing_falls_earlier_by_the_reaction_lag(
    window: MainWindow, house: House, press: Press, qtbot: QtBot
) -> None:
    window.session.seek(10_000)
    press(Key.Key_Space)
    house.output.pull(8000)
    heard = window.session.position_ms
    press("M")
    assert kept(window)[0].start_ms == heard - window.desk.settings.reaction_lag_ms
    press(Key.Key_Space)
    press("M")
    assert kept(window)[-1].start_ms == window.session.position_ms


def test_span_code_shows_its_end_still_open_and_e_ends_it(window: MainWindow, press: Press) -> None:
    window.session.seek(5000)
    press("3")
    assert kept(window)[0].end_ms is None
    assert "still open" in window.view.editor.open_end.text()
    assert "end still open" in window.view.moments.spoken(kept(window)[0])
    window.session.seek(9000)
    press("E")
    assert (kept(window)[0].start_ms, kept(window)[0].end_ms) == (5000, 9000)
    assert window.view.editor.open_end.isHidden()


def test_a_point_code_on_a_drag_makes_a_span_all_the_same(window: MainWindow, press: Press) -> None:
    wave = window.view.waveform
    drag(wave, at(wave, 10_000), at(wave, 20_000))
    made = kept(window)[0]
    assert made.codes[0].code == "wf.flag"
    assert abs(made.start_ms - 10_000) < 60
    assert abs(made.end_ms - 20_000) < 60
    press("6")
    assert [entry.code for entry in kept(window)[0].codes] == ["oc.resolved"]
    assert len(kept(window)) == 1


def test_after_moving_on_a_code_key_marks_anew(window: MainWindow, press: Press) -> None:
    wave = window.view.waveform
    drag(wave, at(wave, 10_000), at(wave, 20_000))
    press(Key.Key_Right)
    press("3")
    assert sorted(m.codes[0].code for m in kept(window)) == ["wd.any", "wf.flag"]


def test_dragging_an_edge_is_one_step_back(window: MainWindow, press: Press) -> None:
    wave = window.view.waveform
    drag(wave, at(wave, 10_000), at(wave, 20_000))
    drag(wave, at(wave, kept(window)[0].end_ms, lane=0), at(wave, 30_000, lane=0))
    assert abs(kept(window)[0].end_ms - 30_000) < 100
    press(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert abs(kept(window)[0].end_ms - 20_000) < 100


def test_chosen_words_are_marked_as_a_span(transcribed: MainWindow, press: Press) -> None:
    view = transcribed.view.transcript
    view.setFocus()
    press(Key.Key_Down)
    press(Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    start_ms, end_ms = view.chosen_span
    press("4")
    assert [(m.start_ms, m.end_ms, m.codes[0].code) for m in kept(transcribed)] == [
        (start_ms, end_ms, "cf.any")
    ]
    assert view.chosen_span is None


def test_keys_typed_into_a_note_are_words_and_nothing_else(window: MainWindow, press: Press) -> None:
    press("M")
    press("T")
    note = window.view.editor.note
    assert note.hasFocus()
    press("M 3 [ told me ]")
    press(Key.Key_Left)
    assert len(kept(window)) == 1
    assert not window.session.playing
    press(Key.Key_Tab)
    assert kept(window)[0].note == "M 3 [ told me ]"


def test_note_has_its_own_undo_and_becomes_one_step(window: MainWindow, press: Press) -> None:
    press("M")
    press("T")
    press("one")
    press(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.view.editor.note.toPlainText() == ""
    assert len(kept(window)) == 1
    press("two")
    press(Key.Key_Tab)
    assert kept(window)[0].note == "two"
    window.view.waveform.setFocus()
    press(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert kept(window)[0].note == ""
    assert window.view.editor.note.toPlainText() == ""


def test_ratings_come_from_the_codebook_and_are_kept(window: MainWindow, press: Press) -> None:
    press("3")
    boxes = {box.accessibleName(): box for box in window.view.editor.findChildren(QComboBox)}
    assert set(boxes) == {"Salience", "Impact", "Confidence"}
    boxes["Salience"].setFocus()
    press(Key.Key_Down)
    press(Key.Key_Down)
    boxes["Salience"].activated.emit(boxes["Salience"].currentIndex())
    assert dict(kept(window)[0].codes[0].ratings) == {"salience": 2}


def test_a_code_is_found_by_its_meaning_and_takes_the_flags_place(
    window: MainWindow, press: Press, qtbot: QtBot
) -> None:
    press("M")
    press("C")
    picker = window.view.editor._picker
    qtbot.waitUntil(picker.words.hasFocus)
    press("clipped replies")
    assert picker.list.currentItem().data(Qt.ItemDataRole.UserRole) == "wd.minimal"
    press(Key.Key_Return)
    assert [entry.code for entry in kept(window)[0].codes] == ["wd.minimal"]


def test_felt_reactions_are_private_by_themselves(window: MainWindow) -> None:
    window.session.mark("ct.cue")
    assert kept(window)[0].private
    assert window.view.editor.private.isChecked()


def test_times_are_typed_and_a_slip_is_put_back(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    window.session.seek(8000)
    press("3")
    editor = window.view.editor
    editor.end.setFocus()
    press("0:12.5")
    press(Key.Key_Return)
    assert kept(window)[0].end_ms == 12_500
    editor.start.setFocus()
    editor.start.selectAll()
    press("soon")
    press(Key.Key_Return)
    assert kept(window)[0].start_ms == 8000
    assert editor.start.text() == short_time(8000)
    window.errands.close_dialogs()


def test_delete_and_its_undo_keep_list_lanes_and_store_in_step(window: MainWindow, press: Press) -> None:
    for place in (1000, 2000, 3000):
        window.session.seek(place)
        press("3")
    window.view.panel.list.setFocus()
    press(Key.Key_Delete)
    assert [m.start_ms for m in kept(window)] == [1000, 2000]
    assert window.view.panel.list.shown.rowCount() == 2
    assert len(window.view.waveform.scene.lanes[0].bars) == 2
    press(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(window.view.waveform.scene.lanes[0].bars) == 3


def test_filter_keeps_risk_in_sight(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    window.session.mark("wd.any")
    window.session.seek(3000)
    window.session.mark("wf.risk")
    window.view.panel.words.setFocus()
    press("confrontation")
    qtbot.waitUntil(lambda: window.view.panel.count.text() == "1 of 2")
    shown = window.view.panel.list.shown.index(0, 0).data(Qt.ItemDataRole.UserRole)
    assert shown.codes[0].code == "wf.risk"


def test_lists_are_not_copied(window: MainWindow, press: Press, app: QApplication) -> None:
    app.clipboard().setText("untouched")
    press("M")
    window.view.panel.list.setFocus()
    press(Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert app.clipboard().text() == "untouched"
    assert "Nothing is put on the clipboard" in window.view.player.message.text()


def test_next_and_previous_moment(window: MainWindow, press: Press) -> None:
    for place in (4000, 9000):
        window.session.seek(place)
        press("M")
    window.session.pick("")
    window.session.seek(0)
    press("N")
    assert window.session.position_ms == 4000
    press("N")
    assert window.session.position_ms == 9000
    press("P")
    assert window.session.position_ms == 4000


def test_loop_and_speed(window: MainWindow, house: House, press: Press) -> None:
    wave = window.view.waveform
    drag(wave, at(wave, 10_000), at(wave, 12_000))
    wave.setFocus()
    press("L")
    house.output.pull(8000 * 3)
    assert 9_900 <= window.session.position_ms <= 12_100
    press("L")
    press("]")
    assert window.desk.listening.player.speed == pytest.approx(1.1)
    assert window.view.player.speed.currentText() == "1.1×"
    press("[")
    press("[")
    assert window.desk.listening.player.speed == pytest.approx(0.9)


def test_words_clicked_are_heard(transcribed: MainWindow) -> None:
    view = transcribed.view.transcript
    word = view.rows.rows[1].words[2]
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.word_rect(Place(1, 2)).center())
    assert transcribed.session.position_ms == word.start_ms
    assert transcribed.session.playing


def test_somebody_elses_moment_is_read_and_commented_and_not_changed(
    window: MainWindow, house: House, session: SessionId, press: Press, app: QApplication, qtbot: QtBot
) -> None:
    window.session.mark("wd.any")
    made = kept(window)[0]
    vault = window.desk.workspace.vault
    vault.add_profile("Sven", Perspective.SUPERVISOR, "the other person's words")
    agree_to_supervisor(window.desk.workspace, "Sven", window.desk.workspace.session(session).client_code)
    window.close()
    other = wired_window(house.services, app)
    qtbot.addWidget(other)
    other.adopt(house.services.open_vault(house.vault, "the other person's words", "Sven"))
    other.open_session(session)
    show(other, qtbot)
    editor = other.view.editor
    other.session.pick(made.moment)
    assert "Only they can change it" in editor.whose.text()
    assert not editor.delete_button.isEnabled()
    assert editor.note.isReadOnly()
    editor.comments.field.setFocus()
    press("I heard this too")
    press(Key.Key_Return)
    assert [entry.text for entry in other.desk.workspace.comments(session)] == ["I heard this too"]
    assert "Sven: I heard this too" in [line.text() for line in editor.findChildren(QLabel)]
    other.session.delete(made.moment)
    assert len(kept(other)) == 1
    other.errands.close_dialogs()
    other.close()
