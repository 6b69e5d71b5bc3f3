"""The page of who has which part in a client's case."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from supervise.app.client_page import ClientPage
from supervise.ui.client_overview import chosen_in, fill, read_only_list
from supervise.ui.consent_words import PARTS, capital, part_words
from supervise.ui.day_field import DayField
from supervise.ui.paged_dialog import AskingPage
from supervise.ui.pieces import add_field, button, form, label, row, say

ABOUT = (
    "A part opens nothing by itself: the client must have agreed to that person, group or study too. Without "
    "any part given here, the case is that of the therapist who made the vault, and a supervisor needs to be "
    "named in the consent."
)
NAMED = ("group", "researcher")


class PartsPage(AskingPage):
    """`wished` is to give the part asked for; `end_wished` to end the one chosen."""

    end_wished = Signal(str)

    def __init__(self, people: Sequence[str]) -> None:
        """Ask who gets which part until when."""
        super().__init__(ABOUT, "Give this part")
        self.list = read_only_list("Parts in this case")
        self.list.setMaximumHeight(140)
        self.none = label("Nobody was given a part.", "muted")
        self.end = button("&End the chosen part", lambda: self.end_wished.emit(chosen_in(self.list)))
        self.body.addWidget(self.list)
        self.body.addWidget(self.none)
        self.body.addLayout(row(self.end, 1))
        fields = form()
        self.person, self.part = QComboBox(), QComboBox()
        self.person.addItems(list(people))
        self.person.setCurrentIndex(min(1, len(people) - 1))
        for word, words in PARTS.items():
            self.part.addItem(capital(words), word)
        self.part.setCurrentIndex(1)
        self.name = QLineEdit()
        self.name.setPlaceholderText("The group, or STUDY/REF, as the client's consent names it")
        self.until = DayField(empty="no end set")
        add_field(fields, "&Who", self.person)
        add_field(fields, "&Part", self.part)
        add_field(fields, "&Group or study", self.name)
        add_field(fields, "&Until", self.until)
        self.body.addLayout(fields)
        self.body.addStretch(1)
        self.part.currentIndexChanged.connect(self._look)
        self._look()

    def _look(self) -> None:
        self.name.setEnabled(self.part.currentData() in NAMED)

    def first(self) -> QWidget:
        """Who it is about."""
        return self.person

    def show_parts(self, page: ClientPage) -> None:
        """Show the parts given."""
        self.title.setText(f"Parts in the case of {page.code}")
        fill(self.list, [(entry.id, part_words(entry)) for entry in page.parts])
        self.list.setVisible(bool(page.parts))
        say(self.none, "" if page.parts else "Nobody was given a part.")
        self.end.setEnabled(bool(page.parts))

    def asked(self) -> tuple[str, str, date | None]:
        """Return who, the part as it is written, and its last day; raises UsageError."""
        word = str(self.part.currentData())
        name = self.name.text().strip() if word in NAMED else ""
        return self.person.currentText(), f"{word}={name}" if name else word, self.until.day()
