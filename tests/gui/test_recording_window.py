"""Recording by keys alone: begun with consent, paused, marked, locked meanwhile, ended, opened."""

from collections.abc import Callable

import pytest
from gui_house import CLIENT, PASSPHRASE, House
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox
from pytestqt.qtbot import QtBot
from recording_house import LAPEL, MIC, Studio, begin, desk, details, escape, heard, open_dialog, room, studio
from test_main_job import focus, tab_to

from supervise.app.awake import KeepAwake
from supervise.domain.recordings import GapReason
from supervise.domain.transcript import TranscribeSettings
from supervise.ui.main_window import MainWindow
from supervise.ui.recording_parts import ABSENT, ON, PAUSED

__all__ = ["desk", "room", "studio"]

Key, Mod = Qt.Key, Qt.KeyboardModifier
CTRL, SHIFT = Mod.ControlModifier, Mod.ShiftModifier
Press = Callable[..., None]
# Said by the offscreen platform whenever a window is to stay on top.
NO_RAISE = pytest.mark.qt_log_ignore("does not support raise", extend=True)


def stop(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    press(Key.Key_R, CTRL | SHIFT)
    qtbot.waitUntil(window.view.isVisible)


def test_recorded_marked_stopped_and_opened(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    begin(room, press, qtbot)
    studio.speak(4)
    heard(room, qtbot, 4000)
    press("m")
    qtbot.waitUntil(lambda: room.recording.page.clock.text() == "0:04")
    assert "1 mark" in room.recording.page.facts.text()
    assert "Room for" in room.recording.page.facts.text()
    stop(room, press, qtbot)
    work, session = room.desk.workspace, room.session.session
    assert (session.client_code, session.sound.duration_ms) == (CLIENT, 4000)
    (moment,) = work.moments(session.session)
    assert 1000 <= moment.start_ms < 4000  # before the key, by as much as people are late
    assert "asked again before recording: yes" in details(room)
    assert not room.recording.running
    assert room.recording.strip.isHidden()


def test_the_lag_of_live_marks_is_set_in_settings(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    press(Key.Key_Comma, CTRL)
    qtbot.waitUntil(lambda: room.errands.dialog is not None and room.errands.dialog.isActiveWindow())
    tab_to(press, "Lag while recording")
    focus().selectAll()
    press("0")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: room.desk.settings.live_lag_ms == 0)
    qtbot.waitUntil(room.isActiveWindow)
    begin(room, press, qtbot)
    studio.speak(3)
    heard(room, qtbot, 3000)
    press(Key.Key_F8)
    stop(room, press, qtbot)
    assert room.desk.workspace.moments(room.session.session.session)[0].start_ms == 3000


def test_a_pause_is_a_gap_that_is_told(room: MainWindow, studio: Studio, press: Press, qtbot: QtBot) -> None:
    begin(room, press, qtbot)
    studio.speak(2)
    heard(room, qtbot, 2000)
    press("p")
    assert room.recording.page.light.state == PAUSED
    assert "Nothing of what is said now is kept" in room.recording.page.quiet.text()
    studio.speak(1)
    press("p")
    assert room.recording.page.light.state == ON
    studio.speak(1)
    heard(room, qtbot, 3000)
    stop(room, press, qtbot)
    assert room.session.session.sound.duration_ms == 3000
    assert "0:02" in room.recording.after.strip.words.text()
    assert "paused" in room.recording.after.strip.words.text()


def test_without_consent_it_is_asked_for_in_place(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    dialog = open_dialog(room, press, qtbot, "new one")
    assert "Without consent" in dialog.lacking.text()
    tab_to(press, "being recorded")
    press(Key.Key_Space)
    assert "Ask the client" in dialog.lacking.text()
    assert not dialog.go.isEnabled()
    tab_to(press, "I have asked just &now, and the client said yes")
    press(Key.Key_Space)
    press(Key.Key_Return)
    qtbot.waitUntil(room.recording.page.isVisible)
    (record,) = room.desk.workspace.consents("new one")
    assert [str(scope) for scope in record.granted] == ["record"]


def test_a_client_who_says_no_is_not_recorded(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    dialog = open_dialog(room, press, qtbot, CLIENT)
    tab_to(press, "The client says no")
    press(Key.Key_Space)
    assert "Nothing is recorded" in dialog.lacking.text()
    assert "asked again before recording: no" in details(room)
    press(Key.Key_Escape)
    qtbot.waitUntil(lambda: room.errands.dialog is None)
    assert not studio.mics[MIC].stream.running


def test_a_microphone_that_goes_is_told_and_recording_goes_on_when_it_is_back(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    begin(room, press, qtbot)
    studio.speak(2)
    heard(room, qtbot, 2000)
    studio.mics[MIC].unplug()
    qtbot.waitUntil(lambda: room.recording.page.light.state == ABSENT)
    assert "The microphone is gone" in room.recording.page.notice.text()
    studio.mics[MIC].plug_in()
    qtbot.waitUntil(lambda: room.recording.page.light.state == ON)
    studio.speak(2)
    qtbot.waitUntil(lambda: "The microphone is back" in room.recording.page.quiet.text())
    heard(room, qtbot, 4000)
    stop(room, press, qtbot)
    session = room.session.session.session
    (gap,) = room.desk.workspace.store.recordings.gaps(session)
    assert gap.reason is GapReason.DEVICE
    assert "the microphone was gone" in room.recording.after.strip.words.text()


def test_it_goes_on_while_locked_and_its_keys_work_at_the_door(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    begin(room, press, qtbot)
    studio.speak(3)
    heard(room, qtbot, 3000)
    press(Key.Key_L, CTRL)
    assert room.door.isVisible()
    assert room.door.passphrase.hasFocus()
    assert room.recording.strip.isVisible()
    assert not room.recording.page.isVisible()
    press(Key.Key_F8)
    studio.speak(1)
    heard(room, qtbot, 4000)
    press(Key.Key_R, CTRL | SHIFT)
    assert "is kept" in room.door.news.text()
    assert room.recording.strip.isHidden()
    press(PASSPHRASE)
    press(Key.Key_Return)
    qtbot.waitUntil(room.view.isVisible)
    assert room.session.session.sound.duration_ms == 4000
    assert len(room.desk.workspace.moments(room.session.session.session)) == 1
    assert room.recording.after.strip.isVisible()


def test_idle_time_locks_while_recording_and_unlocking_shows_it_again(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    begin(room, press, qtbot)
    room.idle.start(0.001)
    qtbot.waitUntil(lambda: room.desk.workspace.locked)
    assert room.recording.running
    press(PASSPHRASE)
    press(Key.Key_Return)
    qtbot.waitUntil(room.recording.page.isVisible)
    assert room.recording.running


def test_closing_the_program_asks_and_loses_nothing(
    room: MainWindow, studio: Studio, house: House, press: Press, qtbot: QtBot
) -> None:
    begin(room, press, qtbot)
    studio.speak(2)
    heard(room, qtbot, 2000)
    press(Key.Key_Q, CTRL)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    assert room.recording.running
    escape(room, press, qtbot)
    assert room.recording.running
    press(Key.Key_Q, CTRL)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    tab_to(press, "End the recording and close")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: not room.isVisible())
    again = house.services.open_vault(house.vault, PASSPHRASE)
    (row,) = again.library().rows
    assert row.session.sound.duration_ms == 2000
    again.close()


def test_another_vault_waits_for_the_end(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    begin(room, press, qtbot)
    press(Key.Key_O, CTRL)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    assert room.recording.running
    assert room.desk is not None


def test_the_keys_work_above_a_dialog(room: MainWindow, studio: Studio, press: Press, qtbot: QtBot) -> None:
    begin(room, press, qtbot)
    studio.speak(3)
    heard(room, qtbot, 3000)
    press(Key.Key_Comma, CTRL)
    qtbot.waitUntil(lambda: room.errands.dialog is not None and room.errands.dialog.isActiveWindow())
    press(Key.Key_F8)
    qtbot.waitUntil(lambda: "1 mark" in room.recording.page.facts.text())


@NO_RAISE
def test_the_small_window_marks_pauses_and_goes_back(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    begin(room, press, qtbot)
    studio.speak(3)
    heard(room, qtbot, 3000)
    press(Key.Key_F7)
    face = room.recording.face
    assert face is not None
    qtbot.waitUntil(face.isActiveWindow)
    assert not room.isVisible()
    assert face.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert CLIENT not in face.windowTitle() + face.accessibleName() + face.toolTip()
    press("m")
    press(Key.Key_F8)
    press("p")
    assert room.recording.live.paused
    press(Key.Key_Escape)
    qtbot.waitUntil(room.isVisible)
    qtbot.waitUntil(lambda: "2 marks" in room.recording.page.facts.text())
    assert room.recording.face is None


@NO_RAISE
def test_ending_from_the_small_window_brings_the_session(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    begin(room, press, qtbot)
    studio.speak(2)
    heard(room, qtbot, 2000)
    press(Key.Key_F7)
    qtbot.waitUntil(lambda: room.recording.face is not None and room.recording.face.isActiveWindow())
    press(Key.Key_R, CTRL | SHIFT)
    qtbot.waitUntil(room.view.isVisible)
    assert room.isVisible()


def test_other_pages_show_a_strip_and_nothing_is_played(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    begin(room, press, qtbot)
    studio.speak(2)
    heard(room, qtbot, 2000)
    stop(room, press, qtbot)
    earlier = room.session.session.session
    room.show_library()
    begin(room, press, qtbot)
    press(Key.Key_B, CTRL)
    assert room.recording.strip.isVisible()
    press(Key.Key_Return)
    qtbot.waitUntil(room.view.isVisible)
    assert room.session.session.session == earlier
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    assert "Nothing is played" in QApplication.activeWindow().informativeText()
    assert not room.session.playing
    escape(room, press, qtbot)
    press(Key.Key_R, CTRL)
    qtbot.waitUntil(room.recording.page.isVisible)


def test_a_full_disk_ends_it_with_a_sentence_and_keeps_it(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    begin(room, press, qtbot)
    studio.speak(2)
    heard(room, qtbot, 2000)
    room.recording.live.session._running()._sound._room = lambda: 1 << 20
    studio.speak(1)
    qtbot.waitUntil(room.view.isVisible)
    assert room.session.session.sound.duration_ms == 3000
    boxes = [box for box in room.findChildren(QMessageBox) if box.isVisible()]
    assert "The disk is nearly full" in boxes[0].informativeText()


def test_two_microphones_are_two_sides_and_the_room_is_remembered(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    dialog = open_dialog(room, press, qtbot, CLIENT)
    tab_to(press, "Room")
    press("Practice")
    tab_to(press, "Set-up")
    while dialog.source.way.currentText() != "Two microphones":
        press(Key.Key_Down)
    tab_to(press, "For the client")
    assert dialog.source.second.currentText() == LAPEL
    tab_to(press, "I have asked just &now, and the client said yes")
    press(Key.Key_Space)
    press(Key.Key_Return)
    qtbot.waitUntil(room.recording.page.isVisible)
    for _ in range(4):
        at_s = studio.at_s
        studio.speak(1)
        studio.at_s = at_s
        studio.speak(1, LAPEL)
    heard(room, qtbot, 3000)
    stop(room, press, qtbot)
    assert room.session.session.sound.channels == 2
    room.show_library()
    dialog = open_dialog(room, press, qtbot, CLIENT)
    assert dialog.source.room.currentText() == "Practice"
    assert dialog.source.chosen.second == LAPEL


def test_awake_is_kept_from_start_to_end(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(KeepAwake, "__enter__", lambda self: said.append("awake") or self)
    monkeypatch.setattr(KeepAwake, "__exit__", lambda self, *_: said.append("sleep"))
    begin(room, press, qtbot)
    assert said == ["awake"]
    studio.speak(1)
    heard(room, qtbot, 1000)
    stop(room, press, qtbot)
    assert said == ["awake", "sleep"]


def test_a_device_that_is_taken_says_so_and_leaves_nothing(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    dialog = open_dialog(room, press, qtbot, CLIENT)
    tab_to(press, "I have asked just &now, and the client said yes")
    press(Key.Key_Space)
    studio.mics[MIC].missing = True
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: "cannot be opened" in dialog.problem.text())
    assert not room.recording.running
    assert room.desk.workspace.store.recordings.unfinished() == []


def test_what_the_client_may_see_names_nobody(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    begin(room, press, qtbot)
    studio.speak(2)
    heard(room, qtbot, 2000)
    stop(room, press, qtbot)
    room.desk.queue.enqueue(room.session.session.session, TranscribeSettings(language="en"))
    room._show_queue()
    shown = lambda: " ".join(label.text() for label in room.findChildren(QLabel) if label.isVisible())  # noqa: E731
    assert CLIENT in shown()
    press(Key.Key_B, CTRL)
    begin(room, press, qtbot)
    assert CLIENT not in shown()
    assert CLIENT not in room.windowTitle()
