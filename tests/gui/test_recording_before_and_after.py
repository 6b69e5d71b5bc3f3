"""Before and after a recording: sound check, levels, what a crash left, spoken consent, output."""

from collections.abc import Callable

import pytest
from gui_house import CLIENT, PASSPHRASE, TODAY, House, show
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from recording_house import (
    MIC,
    Studio,
    begin,
    desk,
    details,
    escape,
    heard,
    loud,
    open_dialog,
    room,
    studio,
)
from test_accessible import nameless
from test_main_job import focus, tab_to

from supervise.app import recording as recording_app
from supervise.domain.consent import Scope
from supervise.ui.main_window import MainWindow
from supervise.ui.wiring import wired_window

__all__ = ["desk", "room", "studio"]

Key, Mod = Qt.Key, Qt.KeyboardModifier
CTRL, SHIFT = Mod.ControlModifier, Mod.ShiftModifier
Press = Callable[..., None]


# --- before


def test_a_sound_check_is_played_back_and_judged(
    room: MainWindow, studio: Studio, house: House, press: Press, qtbot: QtBot
) -> None:
    source = open_dialog(room, press, qtbot, CLIENT).source
    tab_to(press, "&Sound check, ten seconds")
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: "Say a few sentences" in source.heard.text())
    studio.speak(11)
    qtbot.waitUntil(lambda: source.check.text() == "&Stop playing", timeout=20_000)
    assert "The level is good." in source.heard.text()
    house.output.pull(48_000)
    qtbot.waitUntil(lambda: source.played_ms > 500)
    for _ in range(12):
        house.output.pull(48_000)
    qtbot.waitUntil(lambda: source.check.text() == "&Sound check, ten seconds")
    assert room.desk.workspace.library().rows == ()
    assert room.desk.workspace.store.media.file_ids() == set()


def test_too_loud_and_silent_are_said(room: MainWindow, studio: Studio, press: Press, qtbot: QtBot) -> None:
    source = open_dialog(room, press, qtbot, CLIENT).source
    studio.speak(0.2)
    qtbot.waitUntil(lambda: "dB" in source.meter.accessibleDescription())
    assert source.words.text() == ""
    studio.speak(0.2, sound=loud(0.2))
    qtbot.waitUntil(lambda: "too loud" in source.words.text())
    studio.speak(4, sound=loud(4) * 0)
    qtbot.waitUntil(lambda: "Nothing has been heard" in source.words.text())


def test_a_microphone_that_comes_later_is_found(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    for mic in studio.mics.values():
        mic.missing = True
    dialog = open_dialog(room, press, qtbot, CLIENT)
    dialog.again.setChecked(True)
    qtbot.waitUntil(lambda: "Nothing can record" in dialog.source.words.text())
    assert not dialog.go.isEnabled()
    studio.mics[MIC].plug_in()
    qtbot.waitUntil(dialog.go.isEnabled)
    assert dialog.source.device.currentText() == MIC


def test_every_part_has_a_name(room: MainWindow, studio: Studio, press: Press, qtbot: QtBot) -> None:
    dialog = open_dialog(room, press, qtbot, "a new one")
    assert nameless(dialog) == []
    escape(room, press, qtbot)
    begin(room, press, qtbot)
    assert nameless(room.recording.page) + nameless(room.recording.strip) == []
    room.recording.client_asks()
    assert nameless(room.recording.dialog) == []
    room.recording.dialog.reject()
    assert nameless(room.recording.after.strip) + nameless(room.recording.recovery.strip) == []


# --- what a crash left


def crash(window: MainWindow, studio: Studio, press: Press, qtbot: QtBot, seconds: int = 3) -> None:
    """Record, mark, and let the program die: what is left of it is closed, and nothing written any more."""
    begin(window, press, qtbot)
    studio.speak(seconds)
    heard(window, qtbot, seconds * 1000)
    press("m")
    live = window.recording.live
    live.abandon()
    window.recording.live = None
    window.close()


@pytest.fixture
def crashed(
    room: MainWindow, studio: Studio, house: House, app: QApplication, press: Press, qtbot: QtBot
) -> MainWindow:
    """A window opened on a vault in which a recording did not end."""
    crash(room, studio, press, qtbot)
    assert not recording_app.recording_now()
    made = wired_window(house.services, app)
    qtbot.addWidget(made)
    made.adopt(house.services.open_vault(house.vault, PASSPHRASE))
    made.show_library()
    show(made, qtbot)
    return made


def test_what_a_crash_left_is_offered_and_kept(crashed: MainWindow, press: Press, qtbot: QtBot) -> None:
    strip = crashed.recording.recovery.strip
    assert strip.isVisible()
    assert "0:03 of it are safe" in strip.words.text()
    assert "1 mark" in strip.words.text()
    tab_to(press, "Keep the recording that did not end")
    press(Key.Key_Space)
    qtbot.waitUntil(crashed.view.isVisible)
    assert crashed.session.session.sound.duration_ms == 3000
    assert len(crashed.desk.workspace.moments(crashed.session.session.session)) == 1
    assert strip.isHidden()
    crashed.close()


def test_what_a_crash_left_can_be_heard_first(
    crashed: MainWindow, house: House, press: Press, qtbot: QtBot
) -> None:
    recovery = crashed.recording.recovery
    tab_to(press, "Listen first")
    press(Key.Key_Space)
    assert recovery.strip.listen.text() == "Stop listening"
    assert abs(house.output.pull(48_000)).max() > 0.01
    press(Key.Key_Space)
    assert recovery.strip.listen.text() == "Listen first"
    assert recovery.strip.offered is not None
    assert "recovered" in details(crashed)
    crashed.close()


def test_destroying_what_a_crash_left_asks_once_more(crashed: MainWindow, press: Press, qtbot: QtBot) -> None:
    strip = crashed.recording.recovery.strip
    tab_to(press, "Destroy the recording that did not end")
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    escape(crashed, press, qtbot)
    assert strip.isVisible()
    tab_to(press, "Destroy the recording that did not end")
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    tab_to(press, "Destroy it for good")
    press(Key.Key_Return)
    qtbot.waitUntil(strip.isHidden)
    assert crashed.desk.workspace.store.media.file_ids() == set()
    crashed.close()


def test_the_offer_is_gone_while_locked_and_back_after(
    crashed: MainWindow, press: Press, qtbot: QtBot
) -> None:
    strip = crashed.recording.recovery.strip
    press(Key.Key_L, CTRL)
    assert strip.isHidden()
    assert CLIENT not in strip.words.text()
    press(PASSPHRASE)
    press(Key.Key_Return)
    qtbot.waitUntil(strip.isVisible)
    crashed.close()


# --- the consent that was spoken


def test_spoken_consent_is_a_moment_and_on_the_record(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    work = room.desk.workspace
    begin(room, press, qtbot)
    studio.speak(6)
    heard(room, qtbot, 6000)
    press(Key.Key_R, CTRL | SHIFT)
    qtbot.waitUntil(room.view.isVisible)
    session = room.session.session.session
    room.session.seek(4000)
    before = {scope for record in work.consents(CLIENT) for scope in record.granted}
    press(Key.Key_S, CTRL | SHIFT)
    (moment,) = work.moments(session)
    assert (moment.start_ms, moment.end_ms) == (0, 4000)
    assert "spoken" in moment.note
    newest = work.consents(CLIENT)[-1]
    assert newest.details.spoken_at == f"{session}@0"
    assert (newest.details.method, newest.granted) == ("spoken", frozenset({Scope.RECORD}))
    assert before == {scope for record in work.consents(CLIENT) for scope in record.granted}
    assert work.gate.require_client(CLIENT, Scope.RECORD)
    press(Key.Key_Z, CTRL)
    assert work.moments(session) == ()
    assert len(work.consents(CLIENT)) == 2
    assert newest.signed_on == TODAY or newest.signed_on <= work.today()


# --- where sound is played


def test_another_output_is_chosen_and_kept(
    room: MainWindow,
    studio: Studio,
    house: House,
    press: Press,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(house.services, "make_output", lambda name: asked.append(name) or house.output)
    press(Key.Key_Comma, CTRL)
    qtbot.waitUntil(lambda: room.errands.dialog is not None and room.errands.dialog.isActiveWindow())
    tab_to(press, "Play sound on")
    press("head")
    assert focus().currentText() == "headphones"
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: room.desk.settings.output == "headphones")
    assert asked == ["headphones"]
    room.lock()
    room.desk.workspace.unlock(PASSPHRASE)
    assert room.desk.settings.output == "headphones"


def test_a_lost_output_pauses_where_it_is_and_says_so(
    window: MainWindow, house: House, press: Press, qtbot: QtBot
) -> None:
    window.view.waveform.setFocus()
    press(Key.Key_Space)
    assert window.session.playing
    house.output.pull(8000)
    qtbot.waitUntil(lambda: window.session.position_ms == 1000)
    house.output.lose()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    assert "playing is paused where it stopped" in QApplication.activeWindow().informativeText()
    assert not window.session.playing
    assert window.session.position_ms == 1000
    escape(window, press, qtbot)
    house.output.missing = False
    window.view.waveform.setFocus()
    press(Key.Key_Space)
    assert window.session.playing
    house.output.pull(800)
    qtbot.waitUntil(lambda: window.session.position_ms > 1000)
