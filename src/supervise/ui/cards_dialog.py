"""The prompt cards, to be worded, sorted, given keys, added and taken out; saved for everybody at once."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from supervise.domain.errors import UsageError
from supervise.domain.prompt_cards import (
    CARD_KEYS,
    MOST_TEXT,
    CardSet,
    PromptCard,
    changed,
    checked,
    moved,
    new_card_id,
    plain_words,
    same_cards,
    with_card,
    without_card,
)
from supervise.ui.columns import dialog_size, letters
from supervise.ui.failures import ask
from supervise.ui.pieces import add_field, as_rows, button, column, form, label, row, say
from supervise.ui.theme import EDGE, GAP

ABOUT = (
    "What an inquirer may ask in a recall: about then, openly, suggesting nothing. The cards are "
    "everybody's in this vault, so write nothing about a client on them."
)
NO_KEY = "A free letter, while its group is open"
NO_WORDS = "(no words yet)"
HEADS = ("Key", "Card", "Asked")


class CardsDialog(QDialog):
    """Works on a draft; `save_wished` carries it, and nothing is kept before."""

    save_wished = Signal(object)
    open_wished = Signal()
    write_wished = Signal(object)

    def __init__(self, parent: QWidget, cards: CardSet, standard: CardSet, uses: Mapping[str, int]) -> None:
        """Show `cards`; `standard` are those that ship, `uses` says how often each was asked."""
        super().__init__(parent)
        self.setWindowTitle("Prompt cards")
        self.setMinimumSize(dialog_size(parent, 780, 560))
        self._base = self.draft = self._kept = cards
        self._standard, self._uses = standard, uses
        self._shown: list[str] = []
        self._filling = False
        body = column(self, EDGE + 4, GAP + 2)
        body.addWidget(label("Prompt cards", "heading"))
        body.addWidget(label(ABOUT, "muted"))
        top = form()
        self.group = QComboBox()
        add_field(top, "&Group", self.group)
        body.addLayout(top)
        self._caption = top.labelForField(self.group)
        self._add_table(body)
        self._add_fields(body)
        self.problem = label("", "error")
        body.addWidget(self.problem)
        self._add_ends(body)
        self.group.currentIndexChanged.connect(lambda _at: self._fill())
        self._fill_groups()

    # --- laying out

    def _add_table(self, body: QVBoxLayout) -> None:
        self.table = QTableWidget(0, len(HEADS))
        self.table.setAccessibleName("Cards of the group")
        self.table.setHorizontalHeaderLabels(list(HEADS))
        as_rows(self.table)
        head = self.table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.setColumnWidth(0, letters(70))
        self.table.setColumnWidth(2, letters(80))
        self.table.currentCellChanged.connect(lambda *_places: self._show_card())
        self.add = button("&Add a card", self._on_add)
        self.up = button("Move &up", lambda: self._on_move(-1))
        self.down = button("Move &down", lambda: self._on_move(1))
        self.remove = button("&Remove", self._on_remove)
        side = column(gap=GAP)
        for one in (self.add, self.up, self.down, self.remove):
            side.addWidget(one)
        side.addStretch(1)
        middle = row(self.table)
        middle.addLayout(side)
        body.addLayout(middle, 1)

    def _add_fields(self, body: QVBoxLayout) -> None:
        fields = form()
        self.words = QLineEdit()
        self.words.setMaxLength(MOST_TEXT)
        self.words.textEdited.connect(lambda text: self._change(text=text))
        add_field(fields, "&Wording", self.words)
        self.key = QComboBox()
        self.key.activated.connect(lambda _at: self._change(key=str(self.key.currentData())))
        add_field(fields, "&Key", self.key)
        self.belongs = QComboBox()
        self.belongs.activated.connect(lambda _at: self._on_belongs(str(self.belongs.currentData())))
        add_field(fields, "&Belongs to", self.belongs)
        body.addLayout(fields)
        self._caption.setMinimumWidth(fields.labelForField(self.belongs).sizeHint().width())

    def _add_ends(self, body: QVBoxLayout) -> None:
        self.standard = button("S&tandard cards again", self._on_standard)
        self.open_file = button("&Open a file…", self.open_wished.emit)
        self.write_file = button("Save to a &file…", lambda: self.write_wished.emit(self._result()))
        self.go = button("Save", lambda: self.save_wished.emit(self._result()), "primary")
        cancel = button("Cancel", self.reject)
        body.addLayout(row(self.standard, self.open_file, self.write_file, 1, cancel, self.go))

    # --- what is shown

    def show_draft(self, cards: CardSet) -> None:
        """Work on other cards, as read from a file; they are not in use before they are saved."""
        self._base = self.draft = cards
        self._fill_groups()
        self.group.setFocus()

    def show_problem(self, sentence: str) -> None:
        """Say why something could not be."""
        say(self.problem, sentence)

    def _fill_groups(self) -> None:
        before = self._group
        self._filling = True
        for box in (self.group, self.belongs):
            box.clear()
            for digit, entry in enumerate(self.draft.groups, 1):
                box.addItem(f"{digit}  {entry.label}", entry.group)
        self.group.setCurrentIndex(max(self.group.findData(before), 0))
        self._filling = False
        self._fill()

    @property
    def _group(self) -> str:
        return str(self.group.currentData() or "")

    @property
    def card(self) -> PromptCard | None:
        """The chosen card."""
        at = self.table.currentRow()
        return self.draft.card(self._shown[at]) if 0 <= at < len(self._shown) else None

    def _fill(self, choose: str = "") -> None:
        """Show the cards of the group, the chosen one or the first chosen."""
        if self._filling:
            return
        self._filling = True
        here = self.draft.of_group(self._group)
        keys = {card: key for key, card in self.draft.shown_keys(self._group).items()}
        self._shown = [entry.card for entry in here]
        self.table.setRowCount(len(here))
        for at, entry in enumerate(here):
            free = keys.get(entry.card, "")
            asked = self._uses.get(entry.card, 0)
            parts = (entry.key or f"({free})", entry.text or NO_WORDS, f"{asked}×" if asked else "")
            for place, words in enumerate(parts):
                self.table.setItem(at, place, _item(words))
        at = self._shown.index(choose) if choose in self._shown else 0
        self.table.setCurrentCell(at if here else -1, 0)
        self._filling = False
        self._show_card()

    def _show_card(self) -> None:
        if self._filling:
            return
        card = self.card
        if card is not None and plain_words(self.words.text()) != card.text:  # a space just typed stays
            self.words.setText(card.text)
        elif card is None:
            self.words.clear()
        self._fill_keys(card)
        self.belongs.setCurrentIndex(self.belongs.findData(self._group))
        for part in (self.words, self.key, self.belongs, self.remove):
            part.setEnabled(card is not None)
        at = self.table.currentRow()
        self.up.setEnabled(at > 0)
        self.down.setEnabled(0 <= at < len(self._shown) - 1)
        self._look()

    def _fill_keys(self, card: PromptCard | None) -> None:
        taken = {entry.key for entry in self.draft.cards if entry.key and entry is not card}
        self.key.clear()
        self.key.addItem(NO_KEY, "")
        for key in CARD_KEYS:
            if key not in taken:
                self.key.addItem(key, key)
        self.key.setCurrentIndex(max(self.key.findData(card.key if card is not None else ""), 0))

    def _look(self) -> None:
        """Say what is wrong with the draft, and let it be saved when nothing is."""
        try:
            checked(self.draft)
            problem = ""
        except UsageError as error:
            problem = str(error)
        say(self.problem, problem)
        self.go.setEnabled(not problem)
        self.write_file.setEnabled(not problem)
        self.standard.setEnabled(not same_cards(self.draft, self._standard))

    # --- changing

    def _change(self, **parts: str) -> None:
        card = self.card
        if card is None:
            return
        self.draft = with_card(self.draft, replace(card, **parts))
        self._fill(card.card)

    def _on_belongs(self, group: str) -> None:
        card = self.card
        if card is None or group == card.group:
            return
        rest = without_card(self.draft, card.card)
        self.draft = with_card(rest, replace(card, group=group))
        self._filling = True
        self.group.setCurrentIndex(self.group.findData(group))
        self._filling = False
        self._fill(card.card)

    def _on_add(self) -> None:
        made = PromptCard(new_card_id(self.draft, self._group), self._group, "")
        self.draft = with_card(self.draft, made)
        self._fill(made.card)
        self.words.setFocus()

    def _on_remove(self) -> None:
        card, at = self.card, self.table.currentRow()
        if card is None:
            return
        self.draft = without_card(self.draft, card.card)
        left = [entry.card for entry in self.draft.of_group(self._group)]
        self._fill(left[min(at, len(left) - 1)] if left else "")
        self.table.setFocus()

    def _on_move(self, step: int) -> None:
        card = self.card
        if card is not None:
            self.draft = moved(self.draft, card.card, step)
            self._fill(card.card)

    def _on_standard(self) -> None:
        self.show_draft(self._standard)

    # --- the end

    def _result(self) -> CardSet:
        return changed(self._base, self.draft)

    def reject(self) -> None:
        """Leave; asks when something was changed and not saved."""
        if same_cards(self.draft, self._kept):
            super().reject()
            return
        words = "What you have changed on the cards is not saved yet."
        box = ask(self, "Leave without saving?", words, "Leave", danger=True)
        box.accepted.connect(lambda: self.done(0))


def _item(words: str) -> QTableWidgetItem:
    made = QTableWidgetItem(words)
    made.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    return made
