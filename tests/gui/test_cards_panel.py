"""The prompt cards beside a recall, by real keys: any card in two, and never a key of the tape."""

from collections.abc import Callable, Iterator

import pytest
from gui_house import show
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from test_accessible import nameless
from test_words_on_screen import avoided, words_of

from supervise.app.cards import standard_cards
from supervise.domain.prompt_cards import CardGroup, CardSet, PromptCard
from supervise.ui.cards_panel import ASKED, NONE_ASKED, TITLE, CardsPanel
from supervise.ui.pieces import column

Key = Qt.Key
Press = Callable[..., None]
OF_THE_TAPE = (
    (Key.Key_Space, " "),
    (Key.Key_Return, "\r"),
    (Key.Key_Enter, "\r"),
    (Key.Key_I, "i"),
    (Key.Key_Left, ""),
    (Key.Key_Right, ""),
    (Key.Key_BracketLeft, "["),
    (Key.Key_BracketRight, "]"),
    (Key.Key_F5, ""),
)


class Page(QWidget):
    """Holds the cards as the page of a recall does: what it has no use for itself goes to them."""

    def __init__(self) -> None:
        super().__init__()
        self.panel = CardsPanel()
        self.reached: list[int] = []
        self.used: list[str] = []
        self.panel.used.connect(self.used.append)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column(self).addWidget(self.panel)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt finds it by this name
        self.reached.append(event.key())
        self.panel.heed(event)


@pytest.fixture
def page(app: QApplication, qtbot: QtBot) -> Iterator[Page]:
    made = Page()
    qtbot.addWidget(made)
    made.resize(420, 640)
    made.panel.show_cards(standard_cards())
    show(made, qtbot)
    yield made
    made.close()


@pytest.fixture(params=["on the cards", "on the page"])
def panel(page: Page, request: pytest.FixtureRequest, qtbot: QtBot) -> CardsPanel:
    """The cards, with the focus on them, or elsewhere on the page."""
    target = page.panel if request.param == "on the cards" else page
    target.setFocus()
    qtbot.waitUntil(target.hasFocus)
    return page.panel


def shown(panel: CardsPanel) -> list[str]:
    return [entry.words.text() for entry in panel.rows]


def test_a_letter_asks_and_its_words_stay_on_top(page: Page, panel: CardsPanel, press: Press) -> None:
    assert (panel.caption.text(), panel.asked.text()) == (TITLE, NONE_ASKED)
    press("h")
    assert page.used == ["unsaid.held"]
    assert panel.caption.text() == ASKED
    assert panel.asked.text() == "Was there anything you wanted to say and held back?"
    press("8")
    assert panel.asked.text() == "Was there anything you wanted to say and held back?"
    press("m")
    assert panel.asked.text() == "Did it remind you of anything, or of anybody?"
    assert page.used == ["unsaid.held", "familiarity.reminded"]


def test_every_card_is_reached_by_its_groups_digit_and_its_letter(
    page: Page, panel: CardsPanel, press: Press
) -> None:
    cards = standard_cards()
    for digit, group in enumerate(cards.groups, 1):
        press(str(digit))
        assert shown(panel) == [card.text for card in cards.of_group(group.group)]
        for line in list(panel.rows):
            press(line.cap.text().lower())
            assert page.used[-1] == line.card
    assert sorted(page.used) == sorted(card.card for card in cards.cards)


def test_every_card_is_reached_by_the_arrows_too(page: Page, panel: CardsPanel, press: Press) -> None:
    for _group in standard_cards().groups:
        for number in range(4):
            if number:
                press(Key.Key_Down)
            press("0")
        press(Key.Key_Down)
        press(Key.Key_PageDown)
    assert page.used == [card.card for card in standard_cards().cards]
    press(Key.Key_PageUp)
    assert shown(panel)[0] == "Had you been in this place before? With whom?"
    press(Key.Key_Up)
    assert panel.chosen == "familiarity.place"


def test_keys_of_the_tape_are_never_the_cards(page: Page, panel: CardsPanel, press: Press) -> None:
    for key, _text in OF_THE_TAPE:
        press(key)
        assert page.reached[-1] == key
    for _key, text in OF_THE_TAPE:
        assert not panel.press(text)
    assert page.used == []
    assert panel.group == "affect"


def test_a_key_held_down_asks_once_and_ctrl_and_alt_are_not_the_cards(
    page: Page, panel: CardsPanel, press: Press
) -> None:
    for modifier in (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier):
        press(Key.Key_F, modifier)
    assert page.used == []
    press("F")
    held = QKeyEvent(QKeyEvent.Type.KeyPress, Key.Key_F, Qt.KeyboardModifier.NoModifier, "f", True)
    QApplication.sendEvent(QApplication.focusWidget(), held)
    assert page.used == ["affect.feel"]


def test_a_click_opens_a_group_and_asks_without_taking_the_focus(page: Page, qtbot: QtBot) -> None:
    page.setFocus()
    panel = page.panel
    QTest.mouseClick(panel.chips[2], Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.rows[1].words, Qt.MouseButton.LeftButton)
    assert page.used == ["body.image"]
    assert page.hasFocus()
    QTest.mouseClick(panel.rows[0], Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert page.used == ["body.image", "body.tell"]


def test_escape_and_the_cross_close_it(page: Page, panel: CardsPanel, press: Press, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.closed):
        press(Key.Key_Escape)
    with qtbot.waitSignal(panel.closed):
        QTest.mouseClick(panel.close_button, Qt.MouseButton.LeftButton)


def test_how_often_a_card_was_asked_is_shown_until_it_is_cleared(
    panel: CardsPanel, press: Press, page: Page
) -> None:
    press("F")
    press("F")
    assert panel.rows[0].times.text() == "2×"
    panel.show_cards(standard_cards())
    assert panel.rows[0].times.text() == "2×"
    panel.clear()
    assert panel.rows[0].times.isHidden()
    assert (panel.caption.text(), panel.asked.text()) == (TITLE, NONE_ASKED)


def test_cards_changed_meanwhile_stay_at_the_open_group(panel: CardsPanel, press: Press, page: Page) -> None:
    press("3")
    fewer = CardSet("x", "1", "en", standard_cards().groups[2:], standard_cards().of_group("body"))
    panel.show_cards(fewer)
    assert panel.group == "body"
    assert len(panel.chips) == 6
    press("2")
    assert panel.rows == []
    assert "It has no cards." in panel.accessibleDescription()
    press("0")
    press(Key.Key_Down)
    assert page.used == []
    panel.show_cards(CardSet("x", "1", "en", (CardGroup("only", "Only"),), ()))
    assert panel.group == "only"


def test_it_can_be_read_without_eyes_and_uses_our_words(panel: CardsPanel, press: Press, page: Page) -> None:
    assert nameless(page) == []
    assert avoided(words_of(page)) == []
    press("4")
    press(Key.Key_Down)
    assert panel.accessibleDescription() == (
        "Group 4, Mutual perceptions. Chosen: How did you think they saw you?"
    )


def test_long_wordings_and_names_stay_whole_or_have_a_tooltip(page: Page, qtbot: QtBot) -> None:
    words = "Was ging Ihnen in dem Augenblick durch den Kopf, als Sie so lange still blieben und lachten?"
    name = "Wechselseitige Wahrnehmungen im Gespräch"
    groups = tuple(CardGroup(f"g{number}", name) for number in range(9))
    page.panel.show_cards(CardSet("x", "1", "de", groups, (PromptCard("one", "g0", words, "K"),)))
    page.panel.press("k")
    line, asked = page.panel.rows[0].words, page.panel.asked
    for whole in (line, asked):
        qtbot.waitUntil(lambda whole=whole: _fits(whole))
    assert page.panel.chips[0].toolTip() == name
    assert page.width() == 420


def _fits(target: QLabel) -> bool:
    flags = int(Qt.TextFlag.TextWordWrap)
    room = target.fontMetrics().boundingRect(target.contentsRect(), flags, target.text())
    return room.height() <= target.height() and room.width() <= target.width()


@pytest.mark.parametrize("height", [400, 480])
def test_a_card_that_is_asked_is_in_sight_also_on_a_small_screen(
    page: Page, qtbot: QtBot, height: int
) -> None:
    full = tuple(PromptCard(f"c{at}", "b", f"What was there, number {at}, at that time?") for at in range(12))
    groups = (CardGroup("a", "A"), CardGroup("b", "B"))
    page.panel.show_cards(
        CardSet("x", "1", "en", groups, (*full[:-1], PromptCard("c11", "b", "And last?", "Z")))
    )
    page.resize(420, height)
    qtbot.waitUntil(lambda: page.height() == height)

    def in_sight() -> bool:
        view, last = page.panel.area.viewport(), page.panel.rows[-1]
        return bool(page.panel.rows) and view.rect().contains(
            last.rect().translated(last.mapTo(view, QPoint()))
        )

    page.panel.press("z")
    assert page.used == ["c11"]
    qtbot.waitUntil(in_sight)
