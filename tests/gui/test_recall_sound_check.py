"""The sound check in the set-up of a recall, by its key: notes, and whether the microphone hears them."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from recall_house import Press, Salon, salon
from recording_house import MIC
from test_main_job import tab_to

from supervise.ui.recall_devices import APART, CHECK, QUIET, STOP, WHAT
from supervise.ui.recall_setup_dialog import RecallSetupDialog

__all__ = ["salon"]

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier


def listening(salon: Salon, qtbot: QtBot) -> RecallSetupDialog:
    """The set-up, with the microphone open."""
    dialog = salon.set_up()
    qtbot.waitUntil(dialog.devices.check.isEnabled)
    qtbot.waitUntil(lambda: salon.studio.mics[MIC].stream is not None)
    return dialog


@pytest.mark.parametrize(("leak", "words", "role"), [(0.2, "Use headphones", "warn"), (0.0, APART, "good")])
def test_notes_are_played_and_what_the_microphone_hears_of_them_is_said(
    salon: Salon, press: Press, qtbot: QtBot, leak: float, words: str, role: str
) -> None:
    salon.pump.silent, salon.pump.leak = True, leak
    devices = listening(salon, qtbot).devices
    press(Key.Key_S, ALT)
    qtbot.waitUntil(lambda: devices.check.text() == STOP)
    assert devices.heard.text() == QUIET
    qtbot.waitUntil(lambda: salon.output.stream is not None and salon.output.stream.running)
    qtbot.waitUntil(lambda: words in devices.heard.text(), timeout=15_000)
    assert devices.heard.property("role") == role
    assert devices.check.text() == CHECK
    assert not salon.output.stream.running
    qtbot.waitUntil(lambda: salon.studio.mics[MIC].stream.running)
    tab_to(press, "Loudspeaker")
    press("headphones")
    assert devices.heard.text() == WHAT
    assert salon.work.store.recalls.all() == []


def test_stopped_by_the_same_key(salon: Salon, press: Press, qtbot: QtBot) -> None:
    devices = listening(salon, qtbot).devices
    press(Key.Key_S, ALT)
    qtbot.waitUntil(lambda: devices._check is not None and devices._check.playing)
    press(Key.Key_S, ALT)
    qtbot.waitUntil(lambda: devices.check.text() == CHECK)
    assert devices.heard.text() == WHAT
    assert not salon.output.stream.running
    qtbot.waitUntil(lambda: salon.studio.mics[MIC].stream.running)


def test_it_begins_in_the_middle_of_one(salon: Salon, press: Press, qtbot: QtBot) -> None:
    devices = listening(salon, qtbot).devices
    press(Key.Key_S, ALT)
    qtbot.waitUntil(lambda: devices._check is not None and devices._check.playing)
    salon.begin()
    salon.heard(400)
    salon.end()
    assert salon.kept().samples > 0


def test_without_consent_there_is_none(salon: Salon, press: Press, qtbot: QtBot) -> None:
    devices = listening(salon, qtbot).devices
    press(Key.Key_Down)
    qtbot.waitUntil(lambda: not salon.studio.mics[MIC].stream.running)
    assert not devices.check.isEnabled()
    before = salon.studio.mics[MIC].openings
    devices.check.click()  # what its key does, if it did something
    assert (devices.check.text(), salon.studio.mics[MIC].openings) == (CHECK, before)


def test_a_loudspeaker_that_is_not_there_is_said(salon: Salon, press: Press, qtbot: QtBot) -> None:
    devices = listening(salon, qtbot).devices
    salon.output.missing = True
    press(Key.Key_S, ALT)
    qtbot.waitUntil(lambda: devices.heard.property("role") == "error")
    assert devices.check.text() == CHECK
    qtbot.waitUntil(lambda: salon.studio.mics[MIC].stream.running)


def test_a_lock_gives_both_devices_back(salon: Salon, press: Press, qtbot: QtBot) -> None:
    devices = listening(salon, qtbot).devices
    press(Key.Key_S, ALT)
    qtbot.waitUntil(lambda: devices._check is not None and devices._check.playing)
    salon.window.lock()
    assert not salon.output.stream.running
    assert not salon.studio.mics[MIC].stream.running
