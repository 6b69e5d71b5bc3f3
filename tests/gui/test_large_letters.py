"""A system with large letters, and a small window: nothing is cut, and headings stay larger than text."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from reading_house import THERAPIST, add_recall

from supervise.app.cards import cards, standard_cards
from supervise.app.workspace import Workspace
from supervise.domain.ids import SessionId
from supervise.domain.recall import Party, RecallKind, Setup
from supervise.ui.columns import dialog_size, letters
from supervise.ui.main_window import MainWindow
from supervise.ui.pieces import label
from supervise.ui.recall_lines_paint import badge_x
from supervise.ui.recall_page import RecallKeys, RecallPage
from supervise.ui.recalls_dialog import COLUMNS, RecallsDialog
from supervise.ui.stop_badges import BADGE
from supervise.ui.theme import LETTERS_PT, LIGHT, style_sheet

LARGER = 1.5
USUAL = 'QLabel[role="heading"] { font-size: 12pt;'


@pytest.fixture
def large(app: QApplication) -> Iterator[QApplication]:
    """The application as on a system whose letters are half as large again."""
    font, sheet = QFont(app.font()), app.styleSheet()
    bigger = QFont(font)
    bigger.setPointSizeF(LETTERS_PT * LARGER)
    app.setFont(bigger)
    app.setStyleSheet(style_sheet(LIGHT, LARGER))
    yield app
    app.setFont(font)
    app.setStyleSheet(sheet)


def test_headings_grow_with_the_letters_of_the_system(qtbot: QtBot, large: QApplication) -> None:
    heading, plain = label("Recalls", "heading"), label("Recalls")
    for part in (heading, plain):
        qtbot.addWidget(part)
        part.ensurePolished()
    assert heading.font().pointSizeF() > plain.font().pointSizeF() == LETTERS_PT * LARGER


def test_letters_of_the_usual_size_change_nothing(app: QApplication) -> None:
    assert USUAL in style_sheet(LIGHT)
    assert USUAL in style_sheet(LIGHT, 0.8)
    assert letters(300) == 300


def cut(root: QWidget) -> list[str]:
    """Return the buttons whose words have no room."""
    return [
        part.text()
        for part in root.findChildren(QPushButton)
        if part.isVisible() and part.width() < part.sizeHint().width()
    ]


@pytest.mark.parametrize("dialog", ["recall_out", "cards", "rating"])
def test_no_button_of_a_dialog_is_cut(
    window: MainWindow,
    workspace: Workspace,
    session: SessionId,
    large: QApplication,
    qtbot: QtBot,
    dialog: str,
) -> None:
    add_recall(workspace, session, THERAPIST)
    getattr(window.annexes, dialog).open()
    made = window.errands.dialog
    qtbot.waitUntil(made.isVisible)
    assert cut(made) == []
    assert made.width() <= max(window.width(), 960)
    window.errands.close_dialogs()


def test_every_column_of_recalls_is_whole_but_long_names(
    window: MainWindow, workspace: Workspace, session: SessionId, large: QApplication, qtbot: QtBot
) -> None:
    add_recall(workspace, session, THERAPIST)
    window.annexes.reading.open_recalls()
    dialog = window.errands.dialog
    assert isinstance(dialog, RecallsDialog)
    qtbot.waitUntil(dialog.table.isVisible)
    table = dialog.table
    metrics = QFontMetrics(table.font())
    narrow = [
        name
        for place, name in enumerate(COLUMNS)
        if table.columnWidth(place) < metrics.horizontalAdvance(table.item(0, place).text())
    ]
    assert narrow == []
    assert table.horizontalScrollBar().maximum() == 0
    window.errands.close_dialogs()


def test_a_dialog_is_no_wider_than_its_window(large: QApplication, qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(1024, 700)
    assert 960 <= dialog_size(parent, 780, 420).width() < 1024
    assert dialog_size(parent, 400, 200).width() == 600


def test_a_recall_fits_a_small_window(window: MainWindow) -> None:
    page = window.annexes.recall.page
    page.cards.show()
    assert page.minimumSizeHint().width() <= 1024


def test_no_button_of_a_recall_is_cut(
    window: MainWindow, workspace: Workspace, large: QApplication, qtbot: QtBot
) -> None:
    page = window.annexes.recall.page
    setup = Setup(RecallKind.CLIENT, recaller=Party.CLIENT, inquirer="Ida")
    page.begin(setup, cards(workspace), RecallKeys("F5", "I", "F4", "Ctrl+Shift+J"))
    window.pages.setCurrentWidget(page)
    qtbot.waitUntil(page.isVisible)
    assert cut(page) == []


@pytest.mark.parametrize("larger", [False, True])
def test_the_buttons_of_a_recall_name_their_keys_and_are_not_cut(
    app: QApplication, qtbot: QtBot, request: pytest.FixtureRequest, larger: bool
) -> None:
    if larger:
        request.getfixturevalue("large")
    page = RecallPage()
    qtbot.addWidget(page)
    page.resize(1024, 700)
    page.show()
    setup = Setup(RecallKind.CLIENT, recaller=Party.CLIENT, inquirer="Ida")
    page.begin(setup, standard_cards(), RecallKeys("F5", "I", "F4", "Ctrl+Shift+J"))
    QApplication.processEvents()
    assert page.cards.isVisible()
    assert cut(page) == []
    assert ("\n" in page.end.text()) == larger
    assert page.end.text().split() == ["End", "the", "recall", "Ctrl+Shift+J"]
    assert page.height() == 700


def test_the_badge_of_a_last_stop_is_inside_the_picture() -> None:
    assert badge_x(500, 1024) == 500 + BADGE / 2 - 1
    assert badge_x(1023, 1024) + BADGE / 2 <= 1024
