"""The page for a lost passphrase, by keyboard alone."""

from collections.abc import Callable

from gui_house import House
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from supervise.ui.main_window import MainWindow

Key = Qt.Key
Press = Callable[..., None]
NEW = "another good passphrase"


def lose(window: MainWindow, press: Press, qtbot: QtBot) -> str:
    """Lock, and go to the page for a lost passphrase by Tab and Enter; returns the recovery key."""
    key = window.desk.workspace.vault.replace_recovery_key()
    window.lock()
    qtbot.waitUntil(window.door.passphrase.hasFocus)
    for _ in range(8):
        if window.door.lost.hasFocus():
            break
        press(Key.Key_Tab)
    press(Key.Key_Return)
    assert window.door.recovery.key.hasFocus()
    assert not window.door.passphrase.isVisible()
    return key


def settled(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.doors.busy, timeout=20_000)


def test_enter_goes_on_from_field_to_field_and_in(
    window: MainWindow, house: House, press: Press, qtbot: QtBot
) -> None:
    key = lose(window, press, qtbot)
    page = window.door.recovery
    press(key.lower().replace("-", " "))
    press(Key.Key_Return)
    assert page.secret.first.hasFocus()
    press(NEW)
    press(Key.Key_Return)
    assert page.secret.second.hasFocus()
    assert window.desk.workspace.locked
    press(NEW)
    press(Key.Key_Return)
    settled(window, qtbot)
    assert not window.desk.workspace.locked
    window.close()
    house.services.open_vault(house.vault, NEW).close()


def test_two_different_passphrases_are_not_taken(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    press_key = lose(window, press, qtbot)
    page = window.door.recovery
    press(press_key)
    press(Key.Key_Return)
    press(NEW)
    press(Key.Key_Return)
    press(NEW + "s")
    press(Key.Key_Return)
    assert "differ" in page.secret.hint.text()
    assert not page.go.isEnabled()
    assert not window.doors.busy
    assert window.desk.workspace.locked


def test_escape_goes_back_and_forgets(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    key = lose(window, press, qtbot)
    press(key)
    press(Key.Key_Escape)
    assert window.door.passphrase.hasFocus()
    assert window.door.recovery.isHidden()
    assert window.door.recovery.key.text() == ""


def test_a_slip_is_said_and_the_key_is_there_to_mend(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    key = lose(window, press, qtbot)
    page = window.door.recovery
    press(("0" if key[0] != "0" else "1") + key[1:])
    press(Key.Key_Return)
    press(NEW)
    press(Key.Key_Return)
    press(NEW)
    press(Key.Key_Return)
    settled(window, qtbot)
    assert "single sign at its end does not fit" in window.door.problem.text()
    assert page.key.hasFocus()
    assert page.secret.text == NEW
