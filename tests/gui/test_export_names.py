"""What is taken out gets a name that says what and when, never whose, and replaces nothing unasked."""

from collections.abc import Callable
from pathlib import Path

import pytest
from gui_house import CLIENT, TITLE
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from test_main_job import tab_to

from supervise.ui.copy_names import with_ending
from supervise.ui.main_window import MainWindow

Key = Qt.Key
Press = Callable[..., None]


def test_each_format_is_offered_a_name_of_its_own(transcribed: MainWindow) -> None:
    transcribed.errands.open_export()
    dialog = transcribed.errands.dialog
    names = {}
    for fmt, choice in dialog.choices.items():
        choice.setChecked(True)
        names[fmt] = Path(dialog.target.text()).name
    assert names["txt"] == "session-2026-11-20-transcript.txt"
    assert names["csv"] == "session-2026-11-20-moments.csv"
    assert names["wav"] == "session-2026-11-20-sound.wav"
    assert len(set(names.values())) == len(names)
    assert all(Path(name).suffix == f".{fmt}" for fmt, name in names.items())
    assert not any(CLIENT in name or TITLE in name for name in names.values())
    transcribed.errands.close_dialogs()


def test_a_name_that_is_there_is_not_offered(transcribed: MainWindow, private_home: Path) -> None:
    (private_home / "session-2026-11-20-transcript.txt").write_text("mine")
    (private_home / "session-2026-11-20-transcript-2.txt").write_text("mine too")
    transcribed.errands.open_export()
    assert transcribed.errands.dialog.target.text() == str(
        private_home / "session-2026-11-20-transcript-3.txt"
    )
    transcribed.errands.close_dialogs()


def test_a_name_typed_is_kept_and_gets_the_right_ending(
    transcribed: MainWindow, press: Press, qtbot: QtBot, tmp_path: Path
) -> None:
    transcribed.errands.open_export()
    dialog = transcribed.errands.dialog
    qtbot.waitUntil(dialog.isActiveWindow)
    tab_to(press, "To the file")
    dialog.target.selectAll()
    press(str(tmp_path / "for v2.1 of my paper"))
    tab_to(press, "Take the copy out")
    press(Key.Key_Return)
    qtbot.waitUntil((tmp_path / "for v2.1 of my paper.txt").exists)
    transcribed.errands.close_dialogs()


@pytest.mark.parametrize(
    ("typed", "fmt", "kept"),
    [
        ("talk.txt", "csv", "talk.csv"),
        ("talk.TXT", "txt", "talk.TXT"),
        ("talk", "flac", "talk.flac"),
        ("2026.11.20", "srt", "2026.11.20.srt"),
    ],
)
def test_endings(typed: str, fmt: str, kept: str) -> None:
    assert with_ending(Path(typed), fmt) == Path(kept)
