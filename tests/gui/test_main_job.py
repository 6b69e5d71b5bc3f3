"""The main job by keyboard alone: vault, import, transcript, moments, undo, replay, a copy taken out."""

import csv
from collections.abc import Callable
from pathlib import Path

from gui_house import CLIENT, PASSPHRASE, House
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from supervise.domain.transcript import Turn
from supervise.ui.export_dialog import ExportDialog
from supervise.ui.import_dialog import ImportDialog
from supervise.ui.main_window import MainWindow
from supervise.ui.transcribe_dialog import TranscribeDialog

Key, Mod = Qt.Key, Qt.KeyboardModifier
CTRL = Mod.ControlModifier
Press = Callable[..., None]


def focus() -> QWidget:
    held = QApplication.focusWidget()
    assert held is not None
    return held


def tab_to(press: Press, name: str) -> None:
    """Press Tab until the widget called `name` has the focus, as somebody without a mouse does."""
    for _ in range(60):
        held = focus()
        text = held.text() if isinstance(held, (QPushButton, QCheckBox)) else ""
        if name in (held.accessibleName(), text):
            return
        press(Key.Key_Tab)
    message = f"Tab never reaches “{name}”"
    raise AssertionError(message)


def make_a_vault(window: MainWindow, house: House, press: Press, qtbot: QtBot) -> None:
    press(Key.Key_Space)
    page = window.first_run.make
    qtbot.waitUntil(page.name.hasFocus)
    press("Anna")
    tab_to(press, "Passphrase")
    press(PASSPHRASE)
    press(Key.Key_Tab)
    press(PASSPHRASE)
    tab_to(press, "Folder of the vault")
    page.place.selectAll()
    press(str(house.vault))
    press(Key.Key_Return)
    recovery = window.first_run.recovery
    qtbot.waitUntil(recovery.isVisible)
    group = recovery.key.text().split()[7]
    press(Key.Key_Space)
    tab_to(press, "The last group of four of the recovery key")
    press(group.lower())
    press(Key.Key_Return)
    qtbot.waitUntil(window.first_run.ready.isVisible)


def import_the_recording(window: MainWindow, house: House, press: Press, qtbot: QtBot) -> None:
    press(Key.Key_I, CTRL)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), ImportDialog))
    tab_to(press, "Recording")
    press(str(house.recording))
    tab_to(press, "Client code")
    press(CLIENT)
    tab_to(press, "Title")
    press("Third session")
    for scope in ("being recorded", "a transcript made on this machine"):
        tab_to(press, scope)
        press(Key.Key_Space)
    tab_to(press, "my own review: listening, marking, searching")
    press(Key.Key_Space)
    tab_to(press, "Import")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: window.session is not None and window.view.isVisible())
    qtbot.waitUntil(window.isActiveWindow)


def transcribe(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    work, session = window.desk.workspace, window.session.session.session
    press(Key.Key_T, CTRL)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), TranscribeDialog))
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: work.transcript(session).version is not None)
    qtbot.waitUntil(lambda: work.transcript(session).version.finished)
    rows = window.view.transcript.rows.rows
    assert [row.speaker for row in rows if isinstance(row, Turn)] == ["A", "B"]


def mark_three_moments(window: MainWindow, press: Press) -> None:
    work, session = window.desk.workspace, window.session.session.session
    window.view.waveform.setFocus()
    press("M")
    press(Key.Key_Right)
    press("3")
    press(Key.Key_Right)
    press("0")
    placed = [(m.start_ms, m.codes[0].code) for m in work.moments(session)]
    assert placed == [(0, "wf.flag"), (5000, "wd.any"), (10_000, "wf.flag")]
    assert window.view.panel.list.shown.rowCount() == 3


def undo_and_redo_all(window: MainWindow, press: Press) -> None:
    work, session = window.desk.workspace, window.session.session.session
    for _ in range(3):
        press(Key.Key_Z, CTRL)
    assert work.moments(session) == ()
    assert window.view.panel.list.shown.rowCount() == 0
    for _ in range(3):
        press(Key.Key_Z, CTRL | Mod.ShiftModifier)
    assert [m.start_ms for m in work.moments(session)] == [0, 5000, 10_000]


def replay_a_moment(window: MainWindow, house: House, press: Press, qtbot: QtBot) -> None:
    press("P")
    press("P")
    press(Key.Key_Space, CTRL)
    assert window.session.playing
    house.output.pull(8000)
    qtbot.waitUntil(lambda: window.session.position_ms > 0)
    press(Key.Key_Space)
    assert not window.session.playing


def take_the_moments_out(window: MainWindow, target: Path, press: Press, qtbot: QtBot) -> None:
    press(Key.Key_E, CTRL)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), ExportDialog))
    while not window.errands.dialog.choices["csv"].isChecked():
        press(Key.Key_Down)
    tab_to(press, "To the file")
    window.errands.dialog.target.selectAll()
    press(str(target))
    tab_to(press, "Take the copy out")
    press(Key.Key_Return)
    qtbot.waitUntil(target.exists)
    qtbot.waitUntil(lambda: not isinstance(QApplication.activeWindow(), ExportDialog))
    with target.open(encoding="utf-8-sig", newline="") as file:
        assert [row["code_id"] for row in csv.DictReader(file)] == ["wf.flag", "wd.any", "wf.flag"]


def test_the_whole_job_by_keyboard(
    first_window: MainWindow, house: House, press: Press, qtbot: QtBot, tmp_path: Path
) -> None:
    window = first_window
    make_a_vault(window, house, press, qtbot)
    import_the_recording(window, house, press, qtbot)
    assert window.view.title.text() == "Third session"
    assert window.windowTitle() == "supervise"
    transcribe(window, press, qtbot)
    mark_three_moments(window, press)
    undo_and_redo_all(window, press)
    replay_a_moment(window, house, press, qtbot)
    take_the_moments_out(window, tmp_path / "moments.csv", press, qtbot)


def test_every_page_can_be_drawn(transcribed: MainWindow) -> None:
    image: QImage = transcribed.grab().toImage()
    shades = {
        image.pixelColor(x, y).name() for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)
    }
    assert len(shades) > 20
