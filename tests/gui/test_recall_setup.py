"""Setting up a recall by keys: consent said before a device opens, passages, what is remembered."""

import pytest
from gui_house import CLIENT, TODAY
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from recall_house import CTRL, Press, Salon, salon
from recording_house import MIC
from test_accessible import nameless
from test_main_job import focus, tab_to
from test_small_screens import seen
from test_words_on_screen import avoided, words_of

from supervise.domain.consent import Scope
from supervise.domain.recall import ChosenBy

__all__ = ["salon"]

Key = Qt.Key


def tab_to_passages(press: Press) -> None:
    """From the last field of the recall to the choice beside it; of the two, Right takes the passages."""
    press(Key.Key_Tab)
    if focus().accessibleName() == "Quiet reminder":
        press(Key.Key_Tab)
    press(Key.Key_Right)


def test_a_reminder_comes_only_if_asked_for_and_after_as_long_as_chosen(salon: Salon, press: Press) -> None:
    dialog = salon.set_up()
    assert not dialog.nudge.isEnabled()
    tab_to(press, "Who inquires")
    press("Ida")
    tab_to(press, "Quiet reminder")
    for seconds in (0, 60, 120, 180, 300):
        assert dialog.setup.nudge_s == seconds
        press(Key.Key_Down)
    tab_to(press, "Who inquires")
    press(Key.Key_A, CTRL)
    press(Key.Key_Delete)
    assert dialog.setup.nudge_s == 0


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
    tab_to_passages(press)
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


@pytest.mark.parametrize("kind", range(5))
def test_it_fits_a_small_screen_and_everything_can_be_reached(
    salon: Salon, press: Press, qtbot: QtBot, kind: int
) -> None:
    dialog = salon.set_up()
    for _ in range(kind):
        press(Key.Key_Down)
    tab_to(press, "Going on steps back")
    tab_to_passages(press)
    tab_to(press, "Why these")
    qtbot.waitUntil(lambda: dialog.height() <= dialog.screen().availableGeometry().height())
    qtbot.waitUntil(lambda: seen(dialog.passages.why, dialog.area.viewport()).height() > 20)
