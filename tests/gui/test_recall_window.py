"""A recall by keys alone: set up, stopped, gone on with, locked meanwhile, ended; store and screen."""

import pytest
from gui_house import CLIENT, PASSPHRASE, TODAY, House, show
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from recall_house import CTRL, SHIFT, Press, Salon, salon
from recording_house import MIC
from test_accessible import nameless
from test_main_job import focus, tab_to
from test_words_on_screen import avoided, words_of

from supervise.domain.consent import Scope
from supervise.domain.recall import ChosenBy, Party, RecallKind, StoppedBy
from supervise.ui.recording_parts import ABSENT, ON
from supervise.ui.transcribe_dialog import TranscribeDialog
from supervise.ui.wiring import wired_window

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
    press(Key.Key_Left)
    press(Key.Key_Return)
    salon.heard(1200)
    salon.end()
    assert "2 stops" in salon.errands.after.page.facts.text()
    two_stops_are_kept(salon)
    assert not salon.errands.strip.isVisible()


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
    dialog.nudge_s = 5
    tab_to(press, "Who inquires")
    press("Ida")
    tab_to(press, "A quiet re&minder after two minutes of silence")
    press(Key.Key_Space)
    salon.begin()
    salon.heard(600)
    press(Key.Key_Space)
    salon.pump.silent = True
    qtbot.waitUntil(salon.page.nudge.isVisible, timeout=12_000)
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: not salon.page.nudge.isVisible())


def test_without_consent_nothing_is_opened_and_it_is_said(salon: Salon, press: Press, qtbot: QtBot) -> None:
    dialog = salon.set_up()
    qtbot.waitUntil(lambda: salon.studio.mics[MIC].stream is not None)
    assert "covers this recall" in dialog.consent.text()
    before = salon.studio.mics[MIC].openings
    press(Key.Key_Down)
    qtbot.waitUntil(lambda: not salon.studio.mics[MIC].stream.running)
    assert "does not cover a recall interview with the client" in dialog.consent.text()
    assert "Consent of the client" in dialog.consent.text()
    assert not dialog.go.isEnabled()
    assert salon.studio.mics[MIC].openings == before
    tab_to(press, "Consent of the client…")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: salon.window.errands.dialog is not dialog)
    assert salon.errands.live is None


def test_a_research_interview_names_its_protocol(salon: Salon, press: Press) -> None:
    salon.work.add_consent(CLIENT, frozenset({Scope.RESEARCH}), TODAY)
    dialog = salon.set_up()
    for _ in range(4):
        press(Key.Key_Down)
    assert "protocol" in dialog.lacking.text()
    tab_to(press, "Protocol")
    press("hat")
    assert "no protocol “hat”" in dialog.lacking.text()
    press(Key.Key_A, CTRL)
    press("significant-event")
    assert dialog.lacking.text() == ""
    salon.begin()
    salon.end()
    assert salon.kept().setup.kind_text == "research:significant-event"


def test_passages_drawn_at_random_are_kept_with_their_seed(salon: Salon, press: Press, qtbot: QtBot) -> None:
    dialog = salon.set_up()
    tab_to(press, "Going on steps back")
    press(Key.Key_Tab)
    press(Key.Key_Right)
    assert "No passage" in dialog.lacking.text()
    tab_to(press, "Chosen by")
    for _ in range(3):
        press(Key.Key_Down)
    for name, value in (("How many", "2"), ("How long", "4"), ("Seed", "7")):
        tab_to(press, name)
        focus().selectAll()
        press(value)
    tab_to(press, "Draw")
    press(Key.Key_Space)
    assert dialog.passages.list.count() == 2
    tab_to(press, "Why these")
    press("a sample")
    spans = dialog.setup.segments.spans
    salon.begin()
    qtbot.waitUntil(lambda: "This passage is over" in salon.page.words.text(), timeout=15_000)
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: "come to its end" in salon.page.words.text(), timeout=15_000)
    salon.end()
    kept = salon.kept().setup.segments
    assert (kept.spans, kept.chosen_by, kept.seed, kept.why) == (spans, ChosenBy.RANDOM, 7, "a sample")
    stops = salon.work.store.recalls.stops(salon.kept().recall)
    assert [stop.session_ms for stop in stops] == [end for _, end in spans]


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


def test_ended_at_the_locked_door(salon: Salon, press: Press, qtbot: QtBot) -> None:
    salon.set_up()
    salon.begin()
    salon.heard(800)
    press(Key.Key_L, CTRL)
    press(Key.Key_J, CTRL | SHIFT)
    assert "is kept" in salon.window.door.news.text()
    assert salon.errands.strip.isHidden()
    press(PASSPHRASE)
    press(Key.Key_Return)
    qtbot.waitUntil(salon.errands.after.page.isVisible)
    assert salon.kept().samples > 0
    assert not salon.kept().unfinished


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


def test_closing_the_program_asks_and_loses_nothing(
    salon: Salon, house: House, press: Press, qtbot: QtBot
) -> None:
    salon.set_up()
    salon.begin()
    salon.heard(1000)
    press(Key.Key_Q, CTRL)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    tab_to(press, "End the recall and close")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: not salon.window.isVisible())
    again = house.services.open_vault(house.vault, PASSPHRASE)
    (row,) = again.store.recalls.all()
    assert not row.unfinished
    assert row.samples > 0
    again.close()


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


def test_from_the_row_chosen_in_the_library_and_devices_remembered(
    salon: Salon, press: Press, qtbot: QtBot
) -> None:
    press(Key.Key_B, CTRL)
    assert salon.window.library.table.hasFocus()
    dialog = salon.set_up()
    tab_to(press, "Room")
    press("Practice")
    tab_to(press, "Microphone")
    press("lapel")
    tab_to(press, "Loudspeaker")
    press("headphones")
    assert dialog.devices.chosen == ("Practice", "lapel microphone", "headphones")
    press(Key.Key_Escape)
    salon.window.activateWindow()
    qtbot.waitUntil(salon.window.isActiveWindow)
    dialog = salon.set_up()
    tab_to(press, "Room")
    press("Practice")
    tab_to(press, "Loudspeaker")
    press("headphones")
    salon.begin()
    salon.end()
    assert salon.window.desk.settings.rooms["Practice"]["recall_loudspeaker"] == "headphones"
    press(Key.Key_B, CTRL)
    dialog = salon.set_up()
    assert dialog.devices.chosen == ("Practice", MIC, "headphones")


def test_transcribed_from_the_page_after_it(salon: Salon, press: Press, qtbot: QtBot) -> None:
    salon.set_up()
    salon.begin()
    salon.heard(1000)
    salon.end()
    page = salon.errands.after.page
    assert page.transcribe.hasFocus()
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), TranscribeDialog))
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: "being transcribed" in page.queued.text())
    recall = salon.kept().recall
    qtbot.waitUntil(lambda: salon.work.store.recall_transcripts.current(recall) is not None)


@pytest.mark.parametrize("way", ["Back to the session"])
def test_back_to_the_session(salon: Salon, press: Press, qtbot: QtBot, way: str) -> None:
    salon.set_up()
    salon.begin()
    salon.end()
    tab_to(press, way)
    press(Key.Key_Return)
    qtbot.waitUntil(salon.window.view.isVisible)
    assert salon.window.session.session.session == salon.session


def crash(salon: Salon) -> None:
    """Hold a recall, and let the program go as in a crash."""
    salon.set_up()
    salon.begin()
    salon.heard(1200)
    salon.press(Key.Key_Space)
    salon.recalled(3200)
    salon.errands.give_up()
    salon.errands.recovery.offer()
    salon.window.show_library()


def test_what_a_crash_left_is_heard_and_kept(salon: Salon, press: Press, qtbot: QtBot) -> None:
    crash(salon)
    strip = salon.errands.recovery.strip
    assert strip.isVisible()
    assert "1 stop of it are safe" in strip.words.text()
    tab_to(press, "Listen first")
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: strip.listen.text() == "Stop listening")
    press(Key.Key_Space)
    assert strip.listen.text() == "Listen first"
    tab_to(press, "Keep the recall that did not end")
    press(Key.Key_Return)
    qtbot.waitUntil(salon.errands.after.page.isVisible)
    assert "1 stop" in salon.errands.after.page.facts.text()
    assert not salon.kept().unfinished
    assert salon.kept().sound.duration_ms >= 2000
    assert strip.isHidden()


def test_what_a_crash_left_is_destroyed_only_when_asked_twice(
    salon: Salon, press: Press, qtbot: QtBot
) -> None:
    crash(salon)
    tab_to(press, "Destroy the recall that did not end")
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    assert len(salon.work.store.recalls.all()) == 1
    tab_to(press, "Destroy it for good")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: not salon.work.store.recalls.all())
    assert salon.errands.recovery.strip.isHidden()


def test_a_recall_left_by_a_crash_is_offered_at_the_next_opening(
    salon: Salon, house: House, press: Press, qtbot: QtBot
) -> None:
    crash(salon)
    salon.window.close()
    again = wired_window(house.services, QApplication.instance())
    qtbot.addWidget(again)
    again.adopt(house.services.open_vault(house.vault, PASSPHRASE))
    again.show_library()
    show(again, qtbot)
    assert again.annexes.recall.recovery.strip.isVisible()
    again.close()


def test_everything_has_a_name_and_says_it_in_our_words(salon: Salon, press: Press) -> None:
    salon.work.add_consent(CLIENT, frozenset({Scope.CLIENT_RECALL}), TODAY)
    dialog = salon.set_up()
    assert nameless(dialog) == []
    assert avoided(words_of(dialog)) == []
    tab_to(press, "Who inquires")
    press("Ida")
    salon.begin()
    salon.heard(300)
    salon.end()
    for page in (*salon.errands.pages(), *salon.errands.strips()):
        assert nameless(page) == []
        assert avoided(words_of(page)) == []
