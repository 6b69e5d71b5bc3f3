"""The page of copies that left the vault and were not called back."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from supervise.app.client_page import CopyOut
from supervise.ui.client_overview import chosen_in, fill, read_only_list
from supervise.ui.consent_words import copy_words
from supervise.ui.paged_dialog import AskingPage
from supervise.ui.pieces import label, say

ABOUT = (
    "Each was an ordinary file or a backup once it had left. After a withdrawal, ask for each back or see "
    "that it is destroyed, and note it here."
)
NONE = "No copy is out."


class CopiesPage(AskingPage):
    """`wished` is that the chosen one came back or is destroyed."""

    def __init__(self) -> None:
        """Lay out the list."""
        super().__init__(ABOUT, "It came back, or is destroyed")
        self.list = read_only_list("Copies that left")
        self.none = label(NONE, "muted")
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.none)
        self.list.currentRowChanged.connect(lambda row: self.go.setEnabled(row >= 0))

    @property
    def chosen(self) -> str:
        """The id of the copy chosen, or empty."""
        return chosen_in(self.list)

    def first(self) -> QWidget:
        """The list, when there is something in it."""
        return self.list if self.list.count() else self.back

    def show_copies(self, code: str, copies: Sequence[CopyOut]) -> None:
        """Show what is out."""
        self.title.setText(f"Copies of sessions with {code} that left")
        fill(self.list, [(entry.id, copy_words(entry)) for entry in copies])
        self.list.setVisible(bool(copies))
        say(self.none, "" if copies else NONE)
        self.go.setEnabled(bool(copies))
