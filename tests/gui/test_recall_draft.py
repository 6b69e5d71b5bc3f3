"""What was filled in to set up a recall outlives the way to the consent page, and nothing else."""

import pytest
from dialogs import Hand
from gui_house import CLIENT, PASSPHRASE
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot
from recall_house import CTRL, Press, Salon, salon
from test_main_job import focus, tab_to

from supervise.app.withdrawing import WithdrawWish, withdraw
from supervise.domain.consent import Grant, Scope
from supervise.domain.recall import ChosenBy, Party, RecallKind
from supervise.ui.client_errands import ClientDialog
from supervise.ui.recall_setup_dialog import RecallSetupDialog

__all__ = ["salon"]

Key = Qt.Key


@pytest.fixture
def filled(salon: Salon, press: Press) -> RecallSetupDialog:
    """A client recall, set up in every part, for which the consent is missing."""
    dialog = salon.set_up()
    press(Key.Key_Down)
    tab_to(press, "Who inquires")
    press("Ida")
    tab_to(press, "The inquirer may s&top the tape")
    press(Key.Key_Space)
    tab_to(press, "Going on steps back")
    press(Key.Key_Up)
    press(Key.Key_Tab)
    for _ in range(3):
        press(Key.Key_Down)
    press(Key.Key_Tab)
    press(Key.Key_Right)
    for span in ("0:02-0:09", "0:20-0:24"):
        tab_to(press, "Passage, from – to")
        press(span)
        press(Key.Key_Return)
    press("0:3")
    tab_to(press, "Why these")
    press("where she laughed")
    tab_to(press, "Room")
    press("Practice")
    tab_to(press, "Loudspeaker")
    press("headphones")
    assert "does not cover" in dialog.consent.text()
    return dialog


def go_to_consent(press: Press, qtbot: QtBot) -> ClientDialog:
    tab_to(press, "Consent of the client…")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), ClientDialog))
    found = QApplication.activeWindow()
    assert isinstance(found, ClientDialog)
    return found


def close(dialog: ClientDialog, press: Press, qtbot: QtBot) -> None:
    press(Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is not dialog)


def back(salon: Salon, qtbot: QtBot) -> RecallSetupDialog:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), RecallSetupDialog))
    return salon.dialog()


def test_back_from_the_consent_page_everything_is_there_and_it_begins(
    salon: Salon, filled: RecallSetupDialog, press: Press, qtbot: QtBot
) -> None:
    setup = filled.setup
    page = go_to_consent(press, qtbot)
    assert page.overview.title.text() == f"Consent of {CLIENT}"
    hand = Hand(salon.window, qtbot)
    hand.press_on(page.overview.add)
    hand.choose(page.form.answers.answer[Scope.CLIENT_RECALL], "agrees")
    hand.press_on(page.form.go)
    close(page, press, qtbot)
    dialog = back(salon, qtbot)
    assert dialog is not filled
    assert dialog.setup == setup
    assert (setup.kind, setup.recaller, setup.inquirer) == (RecallKind.CLIENT, Party.CLIENT, "Ida")
    assert (setup.inquirer_may_stop, setup.step_back_ms, setup.nudge_s) == (False, 4500, 180)
    assert setup.segments.spans == ((2000, 9000), (20_000, 24_000))
    assert (setup.segments.chosen_by, setup.segments.why) == (ChosenBy.PARTICIPANT, "where she laughed")
    assert dialog.passages.span.text() == "0:3"
    room, _, loudspeaker = dialog.devices.chosen
    assert (room, loudspeaker) == ("Practice", "headphones")
    assert "covers this recall" in dialog.consent.text()
    assert focus() is dialog.go
    salon.begin()
    salon.end()
    assert salon.kept().setup.segments == setup.segments


def test_back_without_having_written_anything_down_the_way_there_is_in_reach(
    salon: Salon, filled: RecallSetupDialog, press: Press, qtbot: QtBot
) -> None:
    setup = filled.setup
    close(go_to_consent(press, qtbot), press, qtbot)
    dialog = back(salon, qtbot)
    assert dialog.setup == setup
    assert focus() is dialog.mend


def test_put_away_it_begins_anew(salon: Salon, filled: RecallSetupDialog, press: Press, qtbot: QtBot) -> None:
    close(go_to_consent(press, qtbot), press, qtbot)
    back(salon, qtbot)
    press(Key.Key_Escape)
    salon.window.activateWindow()
    qtbot.waitUntil(salon.window.isActiveWindow)
    dialog = salon.set_up()
    assert dialog.setup.kind is RecallKind.THERAPIST
    assert dialog.setup.inquirer == ""


def test_a_lock_forgets_it(salon: Salon, filled: RecallSetupDialog, press: Press, qtbot: QtBot) -> None:
    go_to_consent(press, qtbot)
    salon.window.lock()
    salon.window.activateWindow()
    qtbot.waitUntil(salon.window.isActiveWindow)
    press(PASSPHRASE)
    press(Key.Key_Return)
    qtbot.waitUntil(salon.window.library.isVisible)
    salon.window.open_session(salon.session)
    press(Key.Key_J, CTRL)
    dialog = back(salon, qtbot)
    assert dialog.setup.inquirer == ""
    assert dialog.setup.segments.spans == ()


def test_when_the_session_is_gone_with_what_was_decided_there_nothing_is_asked_again(
    salon: Salon, filled: RecallSetupDialog, press: Press, qtbot: QtBot
) -> None:
    page = go_to_consent(press, qtbot)
    withdraw(salon.work, WithdrawWish(CLIENT, frozenset({Grant(Scope.OWN_REVIEW)})))
    close(page, press, qtbot)
    qtbot.waitUntil(salon.window.library.isVisible)
    QApplication.processEvents()
    assert not [box for box in salon.window.findChildren(QDialog) if box.isVisible()]
