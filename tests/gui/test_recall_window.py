"""A recall by keys alone: stopped, gone on with, asked with cards, locked meanwhile; store and screen."""

import pytest
from gui_house import CLIENT, PASSPHRASE, TODAY
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from recall_house import CTRL, Press, Salon, salon
from recording_house import MIC
from test_main_job import focus, tab_to

from supervise.app.recall_reading import recall_view
from supervise.app.withdrawing import WithdrawWish, withdraw
from supervise.domain.consent import Grant, Scope
from supervise.domain.errors import NotCoveredError
from supervise.domain.recall import Party, RecallKind, StoppedBy
from supervise.storage.recalls import KEPT
from supervise.ui.recall_words import NOT_RUN
from supervise.ui.recording_parts import ABSENT, ON

__all__ = ["salon"]

Key = Qt.Key


def two_stops_are_kept(salon: Salon) -> None:
    first, second = salon.work.store.recalls.stops(salon.kept().recall)
    assert (first.stopped_by, second.stopped_by) == (StoppedBy.RECALLER, StoppedBy.RECALLER)
    assert 1400 <= first.session_ms <= 2500
    assert first.replayed_from_ms == 0
    assert first.recall_end_ms - first.recall_start_ms >= 600
    assert 5400 <= second.session_ms <= 7000
    assert second.replayed_from_ms == second.session_ms - 5000
    assert salon.kept().setup.kind is RecallKind.THERAPIST
    assert 1.25 in {stretch.speed for stretch in salon.map().stretches}


def test_a_whole_recall_by_keys(salon: Salon, press: Press, qtbot: QtBot) -> None:
    salon.set_up()
    salon.begin()
    salon.heard(1500)
    press(Key.Key_Space)
    assert salon.page.state.text() == "The tape stands"
    assert salon.page.turn.text() == "Go on"
    (stop,) = salon.live.session.stops
    salon.recalled(stop.recall_start_ms + 700)
    press(Key.Key_Space)
    assert salon.page.state.text() == "The tape runs"
    press(Key.Key_Right)
    salon.heard(5500)
    press(Key.Key_BracketRight)
    assert salon.page.speed.text() == "1.25×"
    press(Key.Key_F5)
    qtbot.waitUntil(lambda: salon.page.place.text() == "0:05")
    assert "Stopped at 0:05." in salon.page.words.text()
    assert "steps back 4 seconds" in salon.page.words.text()
    press(Key.Key_Left)
    qtbot.waitUntil(lambda: "Going on starts at 0:00." in salon.page.words.text())
    assert "Stopped at 0:05." in salon.page.words.text()
    press(Key.Key_Return)
    salon.heard(1200)
    salon.end()
    assert "2 stops" in salon.errands.after.page.facts.text()
    two_stops_are_kept(salon)
    assert not salon.errands.strip.isVisible()


def test_a_loudspeaker_gone_before_the_tape_begins_is_no_dead_end(
    salon: Salon, press: Press, qtbot: QtBot
) -> None:
    salon.set_up()
    salon.pump.stop()
    tab_to(press, "Start the recall")
    press(Key.Key_Return)
    qtbot.waitUntil(salon.page.isVisible)
    salon.output.lose()
    salon.pump.go_on()
    qtbot.waitUntil(lambda: salon.page.state.text() == "The tape stands")
    salon.output.missing = False
    salon.window.activateWindow()
    qtbot.waitUntil(salon.window.isActiveWindow)
    press(Key.Key_Space)
    salon.heard(300)
    assert salon.page.state.text() == "The tape runs"


def test_a_lock_before_the_tape_begins_is_no_dead_end(salon: Salon, press: Press, qtbot: QtBot) -> None:
    salon.set_up()
    salon.pump.stop()
    tab_to(press, "Start the recall")
    press(Key.Key_Return)
    qtbot.waitUntil(salon.page.isVisible)
    salon.window.lock()
    salon.pump.go_on()
    salon.work.unlock(PASSPHRASE)
    qtbot.waitUntil(salon.page.isVisible)
    qtbot.waitUntil(lambda: salon.page.state.text() == "The tape stands")
    assert salon.page.words.text() == NOT_RUN
    salon.window.activateWindow()
    qtbot.waitUntil(salon.window.isActiveWindow)
    press(Key.Key_Space)
    salon.heard(300)


def test_the_page_shows_nothing_of_the_review(salon: Salon) -> None:
    salon.set_up()
    salon.begin()
    assert salon.window.session is None
    assert not salon.window.view.isVisible()
    assert salon.window.pages.currentWidget() is salon.page
    for name in ("mark", "play", "next_moment", "transcribe"):
        assert not salon.window.actions_.by_name[name].isEnabled()


def test_the_inquirer_stops_apart(salon: Salon, press: Press, qtbot: QtBot) -> None:
    salon.work.add_consent(CLIENT, frozenset({Scope.CLIENT_RECALL}), TODAY)
    dialog = salon.set_up()
    press(Key.Key_Down)
    assert "write who that is" in dialog.lacking.text().lower()
    assert not dialog.go.isEnabled()
    tab_to(press, "Who inquires")
    press("Anna")
    assert "not their therapist" in dialog.lacking.text()
    focus().lineEdit().selectAll()
    press("Ida")
    assert dialog.lacking.text() == ""
    salon.begin()
    salon.heard(1000)
    press("i")
    qtbot.waitUntil(lambda: salon.page.state.text() == "The tape stands")
    assert "The inquirer stopped" in salon.page.words.text()
    press(Key.Key_Space)
    salon.end()
    (stop,) = salon.work.store.recalls.stops(salon.kept().recall)
    assert stop.stopped_by is StoppedBy.INQUIRER
    setup = salon.kept().setup
    assert (setup.kind, setup.recaller, setup.inquirer) == (RecallKind.CLIENT, Party.CLIENT, "Ida")


def test_an_inquirer_who_may_not_stop_is_told(salon: Salon, press: Press) -> None:
    salon.work.add_consent(CLIENT, frozenset({Scope.CLIENT_RECALL}), TODAY)
    salon.set_up()
    tab_to(press, "Who inquires")
    press("Ida")
    tab_to(press, "The inquirer may s&top the tape")
    press(Key.Key_Space)
    salon.begin()
    assert not salon.page.inquirer.isEnabled()
    assert salon.page.forbidden.isVisible()
    press("i")
    assert salon.live.playing
    assert "only the recaller" in salon.page.words.text()


def test_the_inquirers_cards_are_asked_by_key(salon: Salon, press: Press, qtbot: QtBot) -> None:
    salon.work.add_consent(CLIENT, frozenset({Scope.CLIENT_RECALL}), TODAY)
    salon.set_up()
    tab_to(press, "Who inquires")
    press("Ida")
    salon.begin()
    assert salon.page.cards.isVisible()
    salon.heard(600)
    press(Key.Key_Space)
    press("2")
    press(Key.Key_Down)
    press("0")
    card = salon.page.cards.chosen
    assert salon.page.cards.group == salon.live.session.cards.groups[1].group
    press(Key.Key_F4)
    assert not salon.page.cards.isVisible()
    press("0")
    press(Key.Key_Space)
    salon.end()
    recall = salon.kept().recall
    (used,) = salon.work.store.recalls.prompts(recall)
    assert (used.prompt, used.stop) == (card, 0)


def test_nobody_inquires_so_there_are_no_cards(salon: Salon, press: Press) -> None:
    salon.set_up()
    salon.begin()
    for key in (Key.Key_F4, "2", "0"):
        press(key)
    assert not salon.page.cards.isVisible()
    assert not salon.page.show_cards.isVisible()
    assert not salon.page.inquirer.isVisible()


def test_a_long_silence_is_told_only_when_asked_for(salon: Salon, press: Press, qtbot: QtBot) -> None:
    salon.work.add_consent(CLIENT, frozenset({Scope.CLIENT_RECALL}), TODAY)
    dialog = salon.set_up()
    dialog.nudge.setItemData(1, 5)  # a minute is long for a test
    tab_to(press, "Who inquires")
    press("Ida")
    assert dialog.setup.nudge_s == 0
    tab_to(press, "Quiet reminder")
    press(Key.Key_Down)
    salon.begin()
    salon.heard(600)
    press(Key.Key_Space)
    salon.pump.silent = True
    qtbot.waitUntil(salon.page.nudge.isVisible, timeout=12_000)
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: not salon.page.nudge.isVisible())


def test_locked_while_it_runs(salon: Salon, press: Press, qtbot: QtBot) -> None:
    salon.set_up()
    salon.begin()
    salon.heard(1000)
    press(Key.Key_L, CTRL)
    assert salon.window.door.isVisible()
    assert salon.errands.strip.isVisible()
    assert not salon.live.playing
    reached = salon.live.session.now().recall_ms
    salon.recalled(reached + 700)
    assert "recording goes on" in salon.errands.strip.said.text()
    press(PASSPHRASE)
    press(Key.Key_Return)
    qtbot.waitUntil(salon.page.isVisible)
    assert "vault locked" in salon.page.words.text()
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: salon.live.playing)
    salon.end()
    (stop,) = salon.work.store.recalls.stops(salon.kept().recall)
    assert stop.stopped_by is StoppedBy.LOCK
    assert stop.recall_end_ms - stop.recall_start_ms >= 700


def test_a_microphone_that_goes_stops_the_tape(salon: Salon, press: Press, qtbot: QtBot) -> None:
    salon.set_up()
    salon.begin()
    salon.heard(800)
    salon.studio.mics[MIC].unplug()
    qtbot.waitUntil(lambda: salon.page.light.state == ABSENT)
    assert "The microphone is gone" in salon.page.words.text()
    assert not salon.live.playing
    press(Key.Key_Space)
    assert "The microphone is gone" in salon.page.words.text()
    salon.studio.mics[MIC].plug_in()
    qtbot.waitUntil(lambda: salon.page.light.state == ON)
    assert "is back" in salon.page.words.text()
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: salon.live.playing)


def test_a_loudspeaker_that_goes_stops_the_tape(salon: Salon, qtbot: QtBot) -> None:
    salon.set_up()
    salon.begin()
    salon.heard(800)
    salon.output.lose()
    qtbot.waitUntil(lambda: salon.page.state.text() == "The tape stands")
    assert "gone" in salon.page.words.text()
    assert salon.live.session.stops[-1].stopped_by is StoppedBy.DEVICE


def test_leaving_the_page_stops_the_tape_and_the_strip_leads_back(
    salon: Salon, press: Press, qtbot: QtBot
) -> None:
    salon.set_up()
    salon.begin()
    salon.heard(800)
    press(Key.Key_B, CTRL)
    assert salon.window.library.isVisible()
    assert salon.errands.strip.isVisible()
    assert not salon.live.playing
    press(Key.Key_J, CTRL)
    assert salon.page.isVisible()
    salon.recalled(1200)


def test_no_recording_beside_a_recall(salon: Salon, press: Press, qtbot: QtBot) -> None:
    salon.set_up()
    salon.begin()
    press(Key.Key_R, CTRL)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    assert salon.errands.live is not None


@pytest.mark.parametrize(("leak", "advised"), [(0.1, True), (0.0, False)])
def test_a_microphone_that_hears_the_loudspeaker_is_told_of(
    salon: Salon, qtbot: QtBot, leak: float, advised: bool
) -> None:
    salon.errands.leakage.after_ms = 4000
    salon.pump.silent, salon.pump.leak = True, leak
    salon.set_up()
    salon.begin()
    with qtbot.waitSignal(salon.errands.leakage.measured, timeout=15_000) as told:
        assert salon.live.playing
    assert salon.page.notice.isVisible() == advised
    if advised:
        assert "Headphones are better" in salon.page.notice.text()
        (found,) = told.args
        assert -26 < found < -14
    salon.end()


def test_a_recall_ends_when_the_client_takes_the_consent_to_it_back(salon: Salon, qtbot: QtBot) -> None:
    salon.set_up()
    salon.begin()
    salon.heard(800)
    grants = frozenset({Grant(Scope.OWN_REVIEW)})
    withdraw(salon.work, WithdrawWish(CLIENT, grants))
    assert not salon.live.playing
    qtbot.waitUntil(lambda: salon.errands.live is None)
    assert not salon.studio.mics[MIC].stream.running
    (box,) = [part for part in salon.window.findChildren(QMessageBox) if part.isVisible()]
    assert "Consent to this recall was withdrawn" in f"{box.text()} {box.informativeText()}"
    assert not salon.page.isVisible()
    assert not salon.errands.after.page.isVisible()
    assert salon.kept().state == KEPT
    with pytest.raises(NotCoveredError):
        recall_view(salon.work, salon.kept().recall)
