"""The prompt cards beside a recall: a digit opens a group, a letter asks; quiet, for others may look on."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from supervise.domain.prompt_cards import CardSet, PromptCard
from supervise.domain.recall import PromptUse
from supervise.ui.elided_label import ElidedLabel
from supervise.ui.pieces import column, label, row, say, set_role, tool_button
from supervise.ui.theme import EDGE, GAP, SPACE
from supervise.ui.tips import plain_tip

HINT = "Digits open a group, letters ask. Up and Down choose a card, 0 asks it."
TITLE, ASKED, NONE_ASKED = "Prompt cards", "Asked last", "Nothing asked yet"
LEAST_WIDTH = 340
ASKED_LINES = 2  # room kept, so that nothing below moves when a card is asked
CAP_WIDTH = 30
COLUMNS = 2
ASK_CHOSEN = "0"
Key = Qt.Key
PLAIN = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.KeypadModifier


class CardRow(QFrame):
    """One card of the open group: its key, its words, and how often it was asked this time."""

    clicked = Signal(str)

    def __init__(self, card: PromptCard, key: str, times: int) -> None:
        """Show a card; it takes no focus, so that no key is lost to it."""
        super().__init__()
        self.card = card.card
        self.setProperty("role", "prompt")
        self.cap = label(key, "keycap", wrap=False)
        self.cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.cap.setFixedSize(CAP_WIDTH, self.cap.sizeHint().height() + SPACE)
        self.words = label(card.text, "prompt-words")
        self.times = label("", "muted", wrap=False)
        line = row(self.cap, self.words, self.times)
        line.setStretch(1, 1)
        line.setContentsMargins(GAP, SPACE + 2, GAP, SPACE + 2)
        self.setLayout(line)
        self.show_times(times)

    def show_times(self, times: int) -> None:
        """Say how often it was asked."""
        say(self.times, f"{times}×" if times else "")

    def choose(self, chosen: bool) -> None:
        """Show whether it is the chosen one."""
        wanted = "prompt-marked" if chosen else "prompt"
        if self.property("role") != wanted:
            set_role(self, wanted)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click asks it."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit(self.card)


class GroupChip(QPushButton):
    """A group: its digit and its name; takes no focus."""

    def __init__(self, digit: int, name: str) -> None:
        """Show a group."""
        super().__init__()
        self.setProperty("role", "prompt-group")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(f"{digit} {name}")
        self.setToolTip(plain_tip(name))
        digit_label, self.name = label(str(digit), "muted", wrap=False), ElidedLabel()
        self.name.setText(name)
        for part in (digit_label, self.name):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        line = row(digit_label, self.name)
        line.setStretch(1, 1)
        line.setContentsMargins(GAP, 0, GAP, 0)
        self.setLayout(line)


class CardsPanel(QFrame):
    """Shows one group at a time. It never takes Space, Enter, I, Left, Right, the brackets or F5.

    The page that holds it hands on the keys it has no use for itself (`heed`, or `press` with their text),
    so the cards answer wherever the focus is. `used` says which card was asked; what happens then is the
    page's.
    """

    used = Signal(str)
    closed = Signal()

    def __init__(self) -> None:
        """Lay it out without cards."""
        super().__init__()
        self.setProperty("role", "prompts")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the focus with the tape
        self.setAccessibleName(TITLE)
        self.setMinimumWidth(LEAST_WIDTH)
        self.cards: CardSet | None = None
        self.group = ""
        self.chosen = ""
        self.chips: list[GroupChip] = []
        self.rows: list[CardRow] = []
        self._times: dict[str, int] = {}
        body = column(self, EDGE, GAP)
        self._add_head(body)
        self._chip_grid = QGridLayout()
        self._chip_grid.setSpacing(SPACE)
        body.addLayout(self._chip_grid)
        self._add_list(body)
        body.addWidget(label(HINT, "muted"))

    def _add_head(self, body: QVBoxLayout) -> None:
        self.close_button = tool_button("close", "Close the prompt cards (Escape)")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.close_button.clicked.connect(self.closed)
        self.caption = label(TITLE, "muted", wrap=False)
        body.addLayout(row(self.caption, 1, self.close_button))
        self.asked = label(NONE_ASKED, "prompt-none")
        self.asked.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.asked.ensurePolished()
        self.asked.setMinimumHeight(ASKED_LINES * self.asked.fontMetrics().lineSpacing())
        body.addWidget(self.asked)

    def _add_list(self, body: QVBoxLayout) -> None:
        inner = QWidget()
        self._list = column(inner, 0, SPACE // 2)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(inner)
        self.area.verticalScrollBar().rangeChanged.connect(lambda *_range: self._keep_in_sight())
        body.addWidget(self.area, 1)

    # --- what is shown

    def show_cards(self, cards: CardSet) -> None:
        """Show these cards; the open group stays open where there still is one of that id."""
        self.cards = cards
        known = [entry.group for entry in cards.groups]
        for chip in self.chips:
            self._chip_grid.removeWidget(chip)
            chip.deleteLater()
        self.chips = []
        for at, entry in enumerate(cards.groups):
            chip = GroupChip(at + 1, entry.label)
            chip.clicked.connect(lambda _checked=False, group=entry.group: self.open_group(group))
            self._chip_grid.addWidget(chip, at // COLUMNS, at % COLUMNS)
            self.chips.append(chip)
        self.open_group(self.group if self.group in known else known[0])

    def clear(self) -> None:
        """Forget what was asked, as for another recall, or when the vault locks."""
        self._times.clear()
        self.caption.setText(TITLE)
        self._show_asked(NONE_ASKED, "prompt-none")
        if self.cards is not None:
            self.open_group(self.cards.groups[0].group)

    def show_used(self, used: Sequence[PromptUse]) -> None:
        """Show what was asked in this recall so far, as after the vault was locked in the middle of it."""
        if self.cards is None or not used:
            return
        self._times = dict(Counter(one.prompt for one in used))
        last = self.cards.card(used[-1].prompt)
        self.open_group(self.group if last is None else last.group)
        if last is not None:
            self._choose(last.card)
        words = used[-1].words or ("" if last is None else last.text)
        if words:
            self.caption.setText(ASKED)
            self._show_asked(words, "prompt-asked")

    def open_group(self, group: str) -> None:
        """Show the cards of a group."""
        cards = self.cards
        if cards is None:
            return
        self.group = group
        for at, entry in enumerate(cards.groups):
            self.chips[at].setChecked(entry.group == group)
        keys = {card: key for key, card in cards.shown_keys(group).items()}
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = [
            CardRow(card, keys.get(card.card, ""), self._times.get(card.card, 0))
            for card in cards.of_group(group)
        ]
        for line in self.rows:
            line.clicked.connect(self.ask)
            self._list.addWidget(line)
        self._list.addStretch(1)
        self._choose(self.rows[0].card if self.rows else "")

    def _choose(self, card: str) -> None:
        self.chosen = card
        for entry in self.rows:
            entry.choose(entry.card == card)
        self._list.activate()
        self._keep_in_sight()
        self._describe()

    def _keep_in_sight(self) -> None:
        """Scroll to the chosen card; also once the rows of another group have got their room."""
        for entry in self.rows:
            if entry.card == self.chosen:
                self.area.ensureWidgetVisible(entry, 0, 0)

    def _describe(self) -> None:
        cards = self.cards
        if cards is None:
            return
        here = next(entry for entry in cards.groups if entry.group == self.group)
        found = cards.card(self.chosen)
        words = f"Group {cards.groups.index(here) + 1}, {here.label}."
        self.setAccessibleDescription(
            f"{words} Chosen: {found.text}" if found else f"{words} It has no cards."
        )

    # --- keys

    def press(self, key_text: str) -> bool:
        """Do what a digit or letter stands for; returns whether it stands for anything here."""
        cards = self.cards
        if cards is None or len(key_text) != 1:
            return False
        if (group := cards.group_at(key_text)) is not None:
            self.open_group(group.group)
            return True
        if key_text == ASK_CHOSEN:
            self.ask(self.chosen)
            return bool(self.chosen)
        found = cards.pressed(key_text, self.group)
        if found is None:
            return False
        self.ask(found.card)
        return True

    def ask(self, card: str) -> None:
        """Put a card on top as the one asked last, and say so."""
        found = self.cards.card(card) if self.cards is not None else None
        if found is None:
            return
        self._times[card] = self._times.get(card, 0) + 1
        if found.group != self.group:
            self.open_group(found.group)
        for entry in self.rows:
            entry.show_times(self._times.get(entry.card, 0))
        self._choose(card)
        self.caption.setText(ASKED)
        self._show_asked(found.text, "prompt-asked")
        self.used.emit(card)

    def _show_asked(self, words: str, role: str) -> None:
        self.asked.setText(words)
        if self.asked.property("role") != role:
            set_role(self.asked, role)

    def heed(self, event: QKeyEvent) -> bool:
        """Take a key press if it is one of the cards'; returns whether it was."""
        if event.modifiers() not in PLAIN:
            return False
        key = Key(event.key())
        steps = {Key.Key_Up: -1, Key.Key_Down: 1}
        if key in steps:
            self._step(steps[key])
        elif key in (Key.Key_PageUp, Key.Key_PageDown):
            self._step_group(-1 if key == Key.Key_PageUp else 1)
        elif key == Key.Key_Escape:
            self.closed.emit()
        elif event.isAutoRepeat():
            return event.text().isalnum()
        else:
            return self.press(event.text())
        return True

    def _step(self, step: int) -> None:
        names = [entry.card for entry in self.rows]
        if names:
            at = names.index(self.chosen) + step
            self._choose(names[min(max(at, 0), len(names) - 1)])

    def _step_group(self, step: int) -> None:
        if self.cards is not None:
            names = [entry.group for entry in self.cards.groups]
            self.open_group(names[(names.index(self.group) + step) % len(names)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the cards' keys while it has the focus; all others go on to the page."""
        if not self.heed(event):
            super().keyPressEvent(event)
