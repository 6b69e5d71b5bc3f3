"""Importing: what consent allows is said before, what is on record is shown, and a failure is mended."""

from collections.abc import Callable
from pathlib import Path

from gui_house import CLIENT, House, write_sound
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from test_main_job import tab_to

from supervise.domain.consent import Scope
from supervise.ui.import_dialog import ImportDialog
from supervise.ui.main_window import MainWindow

Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
Press = Callable[..., None]


def opened(window: MainWindow, press: Press, qtbot: QtBot) -> ImportDialog:
    press(Key.Key_I, CTRL)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), ImportDialog))
    dialog = window.errands.dialog
    assert isinstance(dialog, ImportDialog)
    return dialog


def fill_in(press: Press, recording: Path, client: str) -> None:
    tab_to(press, "Recording")
    press(str(recording))
    tab_to(press, "Client code")
    press(client)


def test_recorded_only_is_warned_of_before_and_kept_without_a_refusal(
    window: MainWindow, house: House, press: Press, qtbot: QtBot, tmp_path: Path
) -> None:
    other = write_sound(tmp_path / "other.wav", 5)
    dialog = opened(window, press, qtbot)
    fill_in(press, other, "C-013")
    tab_to(press, "being recorded")
    press(Key.Key_Space)
    assert "neither listened to nor transcribed" in dialog.scopes.warning.text()
    tab_to(press, "my own review: listening, marking, searching")
    press(Key.Key_Space)
    assert "not transcribed" in dialog.scopes.warning.text()
    press(Key.Key_Space)
    tab_to(press, "Import")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: window.errands.dialog is None)
    boxes = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    assert [box.text() for box in boxes] == ["Imported"]
    assert "opens once the client has agreed" in boxes[0].informativeText()
    assert window.library.isVisible()
    window.errands.close_dialogs()


def test_all_three_scopes_bring_no_warning(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    dialog = opened(window, press, qtbot)
    tab_to(press, "Client code")
    press("C-014")
    for scope in (
        "being recorded",
        "a transcript made on this machine",
        "my own review: listening, marking, searching",
    ):
        tab_to(press, scope)
        press(Key.Key_Space)
    assert dialog.scopes.warning.isHidden()
    window.errands.close_dialogs()


def test_what_is_on_record_is_shown_for_a_known_client_and_only_what_is_new_is_added(
    window: MainWindow, press: Press, qtbot: QtBot
) -> None:
    window.desk.workspace.add_consent("C-020", frozenset({Scope.RECORD}), window.desk.workspace.today())
    dialog = opened(window, press, qtbot)
    tab_to(press, "Client code")
    press("C-020")
    boxes = dialog.scopes.boxes
    assert boxes[Scope.RECORD].text() == "being recorded (on record)"
    assert (boxes[Scope.RECORD].isChecked(), boxes[Scope.RECORD].isEnabled()) == (True, False)
    assert "neither listened to nor transcribed" in dialog.scopes.warning.text()
    tab_to(press, "a transcript made on this machine")
    press(Key.Key_Space)
    assert dialog.scopes.granted == {Scope.TRANSCRIBE}
    dialog.client.setEditText("C-021")
    assert boxes[Scope.RECORD].isEnabled()
    assert not boxes[Scope.RECORD].isChecked()
    assert boxes[Scope.TRANSCRIBE].isChecked()
    dialog.client.setEditText(CLIENT)
    assert [box.isEnabled() for box in boxes.values()] == [False, False, False]
    assert dialog.scopes.warning.isHidden()
    window.errands.close_dialogs()


def test_after_a_failure_the_focus_is_on_the_recording(
    window: MainWindow, press: Press, qtbot: QtBot, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"this is no sound")
    dialog = opened(window, press, qtbot)
    fill_in(press, broken, CLIENT)
    tab_to(press, "Import")
    press(Key.Key_Return)
    qtbot.waitUntil(dialog.problem.isVisible)
    assert dialog.path.hasFocus()
    assert dialog.path.selectedText() == str(broken)
    window.errands.close_dialogs()
