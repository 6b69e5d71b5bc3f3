"""Locking: views emptied, work that goes on, wrong passphrases, and titles that name nobody."""

import threading
from collections.abc import Callable
from dataclasses import replace

from gui_house import CLIENT, PASSPHRASE, TITLE, House
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from supervise.app.changes import LOCKING, Change
from supervise.domain.errors import NoSpaceError
from supervise.domain.ids import SessionId
from supervise.domain.moments import Perspective
from supervise.domain.transcript import TranscribeSettings
from supervise.ui.app import make_window
from supervise.ui.main_window import MainWindow

Press = Callable[..., None]
CTRL = Qt.KeyboardModifier.ControlModifier


def words_on(window: QWidget) -> str:
    """Everything labels and fields hold, seen or not."""
    held = [label.text() for label in window.findChildren(QLabel)]
    held += [field.text() for field in window.findChildren(QLineEdit)]
    return "\n".join(held)


def test_lock_empties_every_view(transcribed: MainWindow, press: Press) -> None:
    window = transcribed
    window.session.mark("wd.any")
    window.view.editor.note.setFocus()
    press("never leave this on screen")
    press(Qt.Key.Key_L, CTRL)
    assert window.desk.workspace.locked
    assert window.door.isVisible()
    assert window.session is None
    assert window.view.transcript.rows.rowCount() == 0
    assert window.view.moments.rowCount() == 0
    assert window.view.waveform.scene.peaks is None
    assert window.library.model.rowCount() == 0
    assert window.view.editor.note.toPlainText() == ""
    assert CLIENT not in words_on(window)
    assert TITLE not in words_on(window)


def test_it_locks_though_something_cannot_be_kept_before(transcribed: MainWindow, press: Press) -> None:
    window = transcribed

    def refuse(change: Change) -> None:
        if change.topic == LOCKING:
            raise NoSpaceError("The disk is full.")

    window.desk.workspace.subscribers.add(refuse)
    press(Qt.Key.Key_L, CTRL)
    assert window.desk.workspace.locked
    assert window.session is None
    assert window.door.isVisible()
    (box,) = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    assert "The disk is full." in box.text() + box.informativeText()
    box.done(0)


def test_what_was_being_written_is_kept_before_the_keys_go(transcribed: MainWindow, press: Press) -> None:
    window, session = transcribed, transcribed.session.session.session
    window.session.mark("wd.any")
    window.view.editor.note.setFocus()
    press("half a sentence")
    window.lock()
    window.desk.workspace.unlock(PASSPHRASE)
    assert window.desk.workspace.moments(session)[0].note == "half a sentence"


def test_idle_time_locks(window: MainWindow, qtbot: QtBot) -> None:
    window.use_settings = replace(window.desk.settings, lock_minutes=1)
    window.idle.start(0.001)
    qtbot.waitUntil(lambda: window.desk.workspace.locked)


def settled(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.doors.busy)


def test_wrong_passphrase_says_so_and_the_right_one_opens(
    window: MainWindow, press: Press, qtbot: QtBot
) -> None:
    window.lock()
    assert window.door.passphrase.hasFocus()
    press("wrong words")
    press(Qt.Key.Key_Return)
    settled(window, qtbot)
    assert window.door.problem.text()
    assert window.desk.workspace.locked
    press(PASSPHRASE)
    press(Qt.Key.Key_Return)
    settled(window, qtbot)
    assert not window.desk.workspace.locked
    assert window.library.isVisible()
    assert window.library.model.rowCount() == 1
    assert window.door.passphrase.text() == ""


def test_keys_mark_nothing_while_locked(window: MainWindow, session: SessionId, press: Press) -> None:
    window.lock()
    window.door.other.setFocus()
    press("M3")
    window.desk.workspace.unlock(PASSPHRASE)
    assert window.desk.workspace.moments(session) == ()


def test_transcription_goes_on_while_locked_and_is_shown_after(
    window: MainWindow, session: SessionId, qtbot: QtBot
) -> None:
    desk = window.desk
    desk.queue.enqueue(session, TranscribeSettings(language="en"))
    desk.queue.step()
    window.lock()
    qtbot.waitUntil(lambda: not desk.queue.step())
    assert TITLE not in words_on(window)
    desk.workspace.unlock(PASSPHRASE)
    assert desk.workspace.transcript(session).version.finished


def test_title_names_nobody(window: MainWindow) -> None:
    assert window.windowTitle() == "supervise"
    window.lock()
    assert window.windowTitle() == "supervise"


def test_opening_a_folder_asks_for_its_passphrase(
    window: MainWindow, house: House, app: object, qtbot: QtBot
) -> None:
    window.close()
    other = make_window(house.services, house.vault, None, app)
    qtbot.addWidget(other)
    other.doors.unlock("not it at all", "")
    settled(other, qtbot)
    assert other.desk is None
    assert other.door.problem.text()
    other.doors.unlock(PASSPHRASE, "")
    settled(other, qtbot)
    assert other.library.model.rowCount() == 1
    other.close()


def test_a_lost_passphrase_is_replaced_with_the_recovery_key(house: House, app: object, qtbot: QtBot) -> None:
    made, key = house.services.create_vault(house.vault, "Anna", Perspective.THERAPIST, PASSPHRASE)
    made.close()
    window = make_window(house.services, house.vault, None, app)
    qtbot.addWidget(window)
    window.doors.recover(key.lower().replace("-", " "), "another good passphrase")
    settled(window, qtbot)
    assert window.desk is not None
    window.close()
    house.services.open_vault(house.vault, "another good passphrase").close()


def test_a_folder_that_is_no_vault_is_said_to_be_none(
    house: House, app: object, qtbot: QtBot, tmp_path
) -> None:
    window = make_window(house.services, tmp_path, "x" * 9, app)
    qtbot.addWidget(window)
    settled(window, qtbot)
    assert window.desk is None
    assert window.door.problem.text()
    window.close()


def test_keys_are_derived_off_the_windows_thread(window: MainWindow, monkeypatch, qtbot: QtBot) -> None:
    threads = []
    knock = window.desk.workspace.vault.knock

    def watched(*arguments: object) -> object:
        threads.append(threading.get_ident())
        return knock(*arguments)

    window.lock()
    monkeypatch.setattr(window.desk.workspace.vault, "knock", watched)
    window.doors.unlock(PASSPHRASE, "")
    assert window.door.open.text() == "Unlocking…"
    assert not window.door.open.isEnabled()
    settled(window, qtbot)
    assert threads
    assert threading.get_ident() not in threads
    assert window.library.isVisible()


def test_the_recovery_key_opens_a_locked_vault(window: MainWindow, house: House, qtbot: QtBot) -> None:
    key = window.desk.workspace.vault.replace_recovery_key()
    window.lock()
    assert window.door.lost.isVisible()
    window.door.lost.click()
    page = window.door.recovery
    page.key.setText(key)
    page.secret.first.setText("another good passphrase")
    page.secret.second.setText("another good passphrase")
    page.go.click()
    settled(window, qtbot)
    assert not window.desk.workspace.locked
    window.close()
    house.services.open_vault(house.vault, "another good passphrase").close()


def test_somebody_else_unlocks_by_name(window: MainWindow, qtbot: QtBot) -> None:
    window.desk.workspace.add_profile("Sven", Perspective.SUPERVISOR, "the other person's words")
    window.lock()
    window.door.profile.setText("Sven")
    window.door.passphrase.setText("the other person's words")
    window.door.open.click()
    settled(window, qtbot)
    assert window.desk.workspace.profile.name == "Sven"
    window.lock()
    assert "Sven" not in words_on(window)


def test_closing_while_a_vault_opens_lets_it_go(house: House, app: object, workspace, qtbot: QtBot) -> None:
    workspace.close()
    window = make_window(house.services, house.vault, PASSPHRASE, app)
    qtbot.addWidget(window)
    window.close()
    house.services.open_vault(house.vault, PASSPHRASE).close()
