"""The transcript: click and keys give times, the heard word is known, nothing reaches the clipboard."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from supervise.domain.speakers import SpeakerNames
from supervise.domain.transcript import Word, pauses_of, turns_of
from supervise.ui.find_bar import places_of
from supervise.ui.transcript_rows import Place
from supervise.ui.transcript_view import TranscriptView

WORDS = (
    Word("Where", 1000, 1400, 0.9, "A"),
    Word("shall", 1500, 1800, 0.9, "A"),
    Word("we", 1900, 2000, 0.9, "A"),
    Word("Nowhere,", 6000, 6400, 0.3, "B"),
    Word("thänk", 6500, 6800, 0.9, "B"),
    Word("you.", 6900, 7100, 0.9, "B"),
)
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def view(app: QApplication, qtbot: QtBot) -> Iterator[TranscriptView]:
    made = TranscriptView()
    qtbot.addWidget(made)
    made.resize(700, 400)
    made.set_content(turns_of(WORDS), pauses_of(WORDS, 10_000), SpeakerNames((("A", "therapist"),)))
    made.show()
    qtbot.waitExposed(made)
    return made


def test_rows_are_turns_and_pauses_in_time_order(view: TranscriptView) -> None:
    said = [view.rows.data(view.rows.index(number)) for number in range(view.rows.rowCount())]
    assert said == [
        "Pause of 1.0 seconds at 0:00",
        "therapist, 0:01: Where shall we",
        "Pause of 4.0 seconds at 0:02",
        "Speaker B, 0:06: Nowhere, thänk you.",
        "Pause of 2.9 seconds at 0:07",
    ]


def test_a_pause_inside_a_turn_stands_where_it_fell_and_can_be_read_over(view: TranscriptView) -> None:
    words = (Word("I", 0, 200, 0.9, "A"), Word("mean", 300, 600, 0.9, "A"), Word("it.", 2100, 2400, 0.9, "A"))
    view.set_content(turns_of(words), pauses_of(words, 2500), SpeakerNames((("A", "client"),)))
    said = [view.rows.data(view.rows.index(number)) for number in range(view.rows.rowCount())]
    assert said == ["client, 0:00: I mean", "Pause of 1.5 seconds at 0:00", "client, 0:02: it."]
    assert [view.rows.goes_on(row) for row in range(3)] == [False, False, True]
    assert places_of(view.rows.rows, "mean it") == [[Place(0, 1), Place(2, 0)]]
    assert not view.grab().isNull()


def test_click_on_a_word_gives_its_start(view: TranscriptView, qtbot: QtBot) -> None:
    for place, start_ms in ((Place(1, 1), 1500), (Place(3, 2), 6900), (Place(1, 0), 1000)):
        with qtbot.waitSignal(view.word_clicked) as clicked:
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.word_rect(place).center())
        assert clicked.args == [start_ms]


def test_word_heard_follows_the_time(view: TranscriptView) -> None:
    places = [view.rows.place_at(ms) for ms in (999, 1000, 1850, 4000, 6950, 9000)]
    assert places == [None, Place(1, 0), Place(1, 1), None, Place(3, 2), None]


def test_arrows_walk_words_and_rows_and_return_plays(view: TranscriptView, qtbot: QtBot) -> None:
    view.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(view, key)
    assert view.cursor_place == Place(3, 0)
    with qtbot.waitSignal(view.play_requested) as asked:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert asked.args == [6000]
    assert view.accessibleDescription() == "Nowhere,"


def test_shift_chooses_words(view: TranscriptView) -> None:
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Right, SHIFT)
    assert view.chosen_span == (1000, 1800)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.chosen_span is None


def test_nothing_is_copied(view: TranscriptView, app: QApplication, qtbot: QtBot) -> None:
    app.clipboard().setText("untouched")
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Down, SHIFT)
    with qtbot.waitSignal(view.copy_refused):
        QTest.keyClick(view, Qt.Key.Key_C, CTRL)
    assert app.clipboard().text() == "untouched"


def test_find_ignores_case_accents_and_commas(view: TranscriptView) -> None:
    rows = view.rows.rows
    assert places_of(rows, "NOWHERE thank") == [[Place(3, 0), Place(3, 1)]]
    assert places_of(rows, "shall w") == [[Place(1, 1), Place(1, 2)]]
    assert places_of(rows, "nothing") == []
    assert places_of(rows, "  ") == []


def test_clear_leaves_no_words(view: TranscriptView) -> None:
    view.clear()
    assert view.rows.rowCount() == 0
    assert view.cursor_place is None
