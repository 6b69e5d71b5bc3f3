"""Ctrl+Shift+C is about the client in question, wherever that client may look on: never about another one."""

from gui_house import CLIENT
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from recall_house import CTRL, SHIFT, Press, Salon, salon
from test_study_window import agree, hold, plan, study_of

from supervise.domain.consent import Scope
from supervise.ui.client_errands import ClientDialog
from supervise.ui.library_model import RowRole

__all__ = ["salon"]

Key = Qt.Key
OTHER = "AA-01"  # the first of the list


def about(salon: Salon, press: Press, qtbot: QtBot) -> str:
    """Ask for the consent; return whose is shown, and put it away."""
    press(Key.Key_C, CTRL | SHIFT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), ClientDialog))
    dialog = salon.window.errands.dialog
    assert isinstance(dialog, ClientDialog)
    title = dialog.overview.title.text()
    press(Key.Key_Escape)
    salon.window.activateWindow()
    qtbot.waitUntil(salon.window.isActiveWindow)
    return title


def test_while_it_is_recalled_and_after(salon: Salon, press: Press, qtbot: QtBot) -> None:
    salon.work.add_consent(OTHER, frozenset({Scope.OWN_REVIEW}), salon.work.today())
    assert salon.work.clients()[0] == OTHER
    salon.set_up()
    salon.begin()
    salon.heard(300)
    assert about(salon, press, qtbot) == f"Consent of {CLIENT}"
    salon.end()
    assert about(salon, press, qtbot) == f"Consent of {CLIENT}"


def test_in_the_library_it_is_the_chosen_rows(salon: Salon, press: Press, qtbot: QtBot) -> None:
    salon.work.add_consent(OTHER, frozenset({Scope.OWN_REVIEW}), salon.work.today())
    table = salon.window.library.table
    salon.window.show_library()
    table.setFocus()
    press(Key.Key_Home)
    assert table.currentIndex().data(RowRole).session.client_code == CLIENT
    assert about(salon, press, qtbot) == f"Consent of {CLIENT}"


def test_in_a_study_and_an_interview(salon: Salon, press: Press, qtbot: QtBot) -> None:
    salon.work.add_consent(OTHER, frozenset({Scope.OWN_REVIEW}), salon.work.today())
    agree(salon.work)
    plan(salon.window, press, qtbot)
    assert about(salon, press, qtbot) == f"Consent of {CLIENT}"
    study_of(salon.window).page.table.setFocus()
    hold(salon.window, press, qtbot)
    assert about(salon, press, qtbot) == f"Consent of {CLIENT}"
