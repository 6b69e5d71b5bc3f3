"""What is said around a recall fits who takes part, and claims no hour that nobody noted."""

import re

import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot
from recall_house import Salon, salon

from supervise.domain.recall import Party, RecallKind, Setup
from supervise.ui.main_window import MainWindow
from supervise.ui.reading_words import begun_words, hours_words
from supervise.ui.recall_words import since_words
from supervise.ui.transcribe_dialog import voices_of

__all__ = ["salon"]


@pytest.mark.parametrize(
    ("recaller", "inquirer", "expected"),
    [
        (Party.THERAPIST, "", "One"),
        (Party.CLIENT, "Ida", "Two: recaller and inquirer"),
        (Party.BOTH, "", "Two: therapist and client"),
        (Party.BOTH, "Ida", "Three"),
    ],
)
def test_the_voices_to_expect_are_those_who_take_part(recaller: Party, inquirer: str, expected: str) -> None:
    voices = voices_of(Setup(RecallKind.THERAPIST, recaller=recaller, inquirer=inquirer))
    assert next(iter(voices.values())).startswith(expected)
    assert sorted(voices) == [1, 2, 3, 4]


def test_the_day_alone_is_said_where_no_hour_was_noted() -> None:
    assert since_words(0.0) == "The session was today."
    assert since_words(0.5) == "The session ended less than an hour ago."
    assert (hours_words(0.0), hours_words(3.2), hours_words(None)) == ("the same day", "3 h after", "")
    assert re.fullmatch(r"\d+ \w+ 2026, \d\d:\d\d", begun_words("2026-11-27T01:35:20.827Z"))


def test_one_who_recalls_alone_is_transcribed_as_one_voice(salon: Salon, qtbot: QtBot) -> None:
    salon.set_up()
    salon.begin()
    salon.end()
    salon.errands.after.transcribe()
    voices = salon.window.errands.dialog.voices  # type: ignore[union-attr]
    assert voices.currentText().startswith("One")


@pytest.mark.qt_log_ignore("grabbing the keyboard", r"raise\(\)", extend=True)
def test_an_opened_list_shows_its_last_line_whole(window: MainWindow, qtbot: QtBot) -> None:
    window.errands.open_transcribe()
    box: QComboBox = window.errands.dialog.voices  # type: ignore[union-attr]
    box.showPopup()
    view = box.view()
    qtbot.waitUntil(view.isVisible)
    assert view.viewport().height() >= sum(view.sizeHintForRow(row) for row in range(box.count()))
    box.hidePopup()
