"""What the window leaves behind outside the vault: nothing."""

from pathlib import Path

import pytest
from gui_house import PASSPHRASE, TODAY, House, write_sound
from PySide6.QtCore import QDir, QSettings
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from supervise.app.importing import ImportWish, import_file
from supervise.domain.consent import Scope
from supervise.domain.errors import UsageError
from supervise.ui.file_dialogs import ask_folder, ask_recording, ask_target
from supervise.ui.import_dialog import ImportDialog
from supervise.ui.main_window import MainWindow
from supervise.ui.pictures import render_pictures


def everything_below(folder: Path) -> bytes:
    return b"\n".join(
        str(path).encode() + (path.read_bytes() if path.is_file() else b"") for path in folder.rglob("*")
    )


def test_file_dialogs_forget_where_they_were(
    window: MainWindow, tmp_path: Path, private_home: Path, qtbot: QtBot
) -> None:
    chosen: list[Path] = []
    secret = tmp_path / "client Jane Roe"
    secret.mkdir()
    (secret / "jane.wav").write_bytes(b"RIFF")
    recording = ask_recording(window, chosen.append)
    recording.setDirectory(str(secret))
    recording.selectFile(str(secret / "jane.wav"))
    recording.accept()
    target = ask_target(window, "Take out", "out.txt", "txt", chosen.append)
    target.setDirectory(str(secret))
    target.selectFile(str(secret / "out.txt"))
    target.accept()
    ask_folder(window, "Folder", chosen.append).reject()
    qtbot.waitUntil(lambda: len(chosen) == 2)
    assert [path.name for path in chosen] == ["jane.wav", "out.txt"]
    assert b"Jane" not in everything_below(private_home)
    QSettings("QtProject").sync()
    assert b"Jane" not in everything_below(private_home)
    assert ask_recording(window, chosen.append).directory() == QDir(QDir.homePath())


def test_an_evening_of_work_leaves_nothing_readable(
    window: MainWindow, house: House, private_home: Path, qtbot: QtBot
) -> None:
    window.session.mark("wd.any")
    window.view.editor.note.setPlainText("a note about zebras")
    window.view.editor.note.commit()
    window.show_library()
    window.library.words.setText("zebras")
    window.search("zebras")
    assert window.library.hits.count() == 1
    window.close()
    readable = everything_below(house.vault) + everything_below(private_home)
    for words in (b"zebras", b"Third session", b"C-012", b"talk.wav", b"Anna"):
        assert words not in readable


def test_a_failed_import_keeps_the_dialog_and_no_session(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"this is not sound at all")
    window.errands.open_import()
    dialog = window.errands.dialog
    assert isinstance(dialog, ImportDialog)
    dialog.path.setText(str(broken))
    dialog.client.setEditText("c-012")
    dialog._on_import()
    qtbot.waitUntil(lambda: bool(dialog.problem.text()))
    assert dialog.isVisible()
    assert len(window.desk.workspace.library().rows) == 1
    assert window.session is not None


def test_import_without_consent_is_not_offered(window: MainWindow) -> None:
    window.errands.open_import()
    dialog = window.errands.dialog
    dialog.path.setText("somewhere.wav")
    dialog.client.setEditText("C-099")
    assert not dialog.go.isEnabled()
    assert "cannot be imported" in dialog.scopes.warning.text()
    window.errands.close_dialogs()


def test_the_same_recording_again_opens_its_session(window: MainWindow, house: House, qtbot: QtBot) -> None:
    before = window.session
    window.errands.open_import()
    dialog = window.errands.dialog
    dialog.path.setText(str(house.recording))
    dialog.client.setEditText("C-012")
    dialog._on_import()
    qtbot.waitUntil(lambda: window.session is not before and window.session is not None)
    assert len(window.desk.workspace.library().rows) == 1
    window.errands.close_dialogs()


def test_closing_in_the_middle_of_an_import_leaves_no_half_session(
    window: MainWindow, house: House, tmp_path: Path
) -> None:
    long = write_sound(tmp_path / "long.wav", 600)
    window.errands.open_import()
    dialog = window.errands.dialog
    dialog.path.setText(str(long))
    dialog.client.setEditText("C-012")
    dialog._on_import()
    window.close()
    again = house.services.open_vault(house.vault, PASSPHRASE)
    assert len(again.library().rows) == 1
    again.close()


def test_consent_forgotten_at_import_is_added_in_the_window(
    window: MainWindow, house: House, workspace, tmp_path: Path, qtbot: QtBot
) -> None:
    desk = window.desk
    desk.workspace.add_consent("C-050", frozenset({Scope.RECORD, Scope.OWN_REVIEW}), TODAY)
    wish = ImportWish(write_sound(tmp_path / "other.wav", 3), "C-050")
    window.open_session(import_file(desk.workspace, wish, lambda _done: None, lambda: False).session.session)
    window.errands.open_transcribe()
    window.errands.dialog.go.click()
    assert "does not cover a transcript" in window.errands.dialog.problem.text()
    window.errands.close_dialogs()
    window.client_errands.open()
    dialog = window.errands.dialog
    dialog.overview.add.click()
    dialog.form.answers.answer[Scope.TRANSCRIBE].setCurrentText("agrees")
    dialog.form.go.click()
    window.errands.open_transcribe()
    window.errands.dialog.go.click()
    qtbot.waitUntil(lambda: window.errands.dialog is None)
    qtbot.waitUntil(lambda: not desk.queue.step())
    assert desk.workspace.transcript(window.session.session.session).version is not None


def test_a_file_that_is_there_is_replaced_only_when_asked(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    target = tmp_path / "moments.csv"
    target.write_text("mine")
    window.session.mark("wd.any")
    window.errands.open_export()
    dialog = window.errands.dialog
    dialog.choices["csv"].setChecked(True)
    dialog.target.setText(str(target))
    dialog.go.click()
    (question,) = dialog.findChildren(QMessageBox)
    assert target.read_text() == "mine"
    next(b for b in question.buttons() if b.text() == "Replace it").click()
    qtbot.waitUntil(lambda: "wd.any" in target.read_text("utf-8-sig"))
    qtbot.waitUntil(lambda: window.errands.job is None)
    window.errands.close_dialogs()


def test_pictures_are_drawn_of_nothing_but_the_demo(window: MainWindow, house: House, tmp_path: Path) -> None:
    window.close()
    with pytest.raises(UsageError, match="demo session only"):
        render_pictures(house.services, house.vault, PASSPHRASE, tmp_path / "pictures")
    assert not (tmp_path / "pictures").exists()
