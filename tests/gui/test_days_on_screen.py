"""Days are written as people read them, and what fields hold or hint at is whole and off their edges."""

import re

import pytest
from dialogs import CTRL_SHIFT, Hand, Key, words_in
from gui_house import CLIENT
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from supervise.app.left_sound import begun_words
from supervise.ui.client_errands import ClientDialog
from supervise.ui.first_run import MakeVaultPage
from supervise.ui.kept_dialog import KeptDialog
from supervise.ui.main_window import MainWindow

ISO = re.compile(r"\d{4}-\d\d-\d\d")


@pytest.fixture
def hand(window: MainWindow, qtbot: QtBot) -> Hand:
    return Hand(window, qtbot)


def test_the_consent_page_and_what_a_withdrawal_touches(hand: Hand, qtbot: QtBot) -> None:
    dialog = hand.opened(ClientDialog, Key.Key_C, CTRL_SHIFT)
    first = dialog.overview
    table = first.table
    cells = [table.item(at, 2).text() for at in range(table.rowCount())]
    said = [*words_in(first.records), *cells]
    hand.press_on(first.withdraw)
    qtbot.waitUntil(dialog.withdraw.isVisible)
    said += words_in(dialog.withdraw.touched)
    assert CLIENT in dialog.withdraw.title.text()
    assert [words for words in said if ISO.search(words)] == []
    assert any(" 2026" in words for words in cells)
    assert words_in(dialog.withdraw.touched)[0].startswith("20 Nov 2026, ")


def test_what_a_crash_left() -> None:
    assert re.fullmatch(r"begun \d+ Nov 2026 at \d\d:\d\d", begun_words("2026-11-22T14:05:00.000Z"))


def test_the_rules_for_keeping_stand_off_the_edges_of_their_fields(hand: Hand) -> None:
    dialog = hand.opened(KeptDialog, Key.Key_K, CTRL_SHIFT)
    for box in dialog.kept.days.values():
        box.lineEdit().home(False)
        assert box.lineEdit().cursorRect().left() >= 0


@pytest.mark.parametrize("size", [(1280, 800), (1440, 900)])
def test_the_first_pages_hint_is_whole(app: QWidget, qtbot: QtBot, size: tuple[int, int]) -> None:
    page = MakeVaultPage()
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    field = page.name
    wide = field.fontMetrics().horizontalAdvance(field.placeholderText())
    assert wide + 20 <= field.width()
