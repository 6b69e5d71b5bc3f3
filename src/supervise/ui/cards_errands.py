"""The errand of the prompt cards: the dialog that changes them, and their files."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal

from supervise.app.cards import (
    NOT_A_CLIENTS,
    card_uses,
    cards,
    may_change_cards,
    read_cards,
    save_cards,
    standard_cards,
    use_cards,
)
from supervise.domain.errors import UsageError
from supervise.domain.prompt_cards import CardSet
from supervise.ui.annex import Annex
from supervise.ui.cards_dialog import CardsDialog
from supervise.ui.desk import attempt
from supervise.ui.failures import show_failure
from supervise.ui.file_dialogs import ask_file, ask_target
from supervise.ui.plain_words import saying

YAML = "Prompt cards (*.yaml *.yml)"
FILE_NAME = "prompt-cards.yaml"


class CardsErrands(Annex):
    """Opens the cards to be changed, or says who may; `changed` carries those in use from now on."""

    changed = Signal(object)

    def deeds(self) -> dict[str, Callable[[], object]]:
        """Return what its action does."""
        return {"prompt_cards": self.open}

    def open(self) -> None:
        """Show the cards in use."""
        desk = self._desk
        if desk is None:
            return
        work = desk.workspace
        if not may_change_cards(work):
            self._host.fail(UsageError(NOT_A_CLIENTS))
            return
        dialog = CardsDialog(self._window, cards(work), standard_cards(), card_uses(work))

        def save(wanted: CardSet) -> None:
            if attempt(lambda: use_cards(work, wanted), saying(dialog.show_problem)):
                dialog.accept()
                self.changed.emit(cards(work))
                self._host.say("The prompt cards are saved.")

        dialog.save_wished.connect(save)
        dialog.open_wished.connect(lambda: self._read(dialog))
        dialog.write_wished.connect(lambda wanted: self._write(dialog, wanted))
        self._host.show_dialog(dialog)

    def _read(self, dialog: CardsDialog) -> None:
        def taken(path: Path) -> None:
            attempt(lambda: dialog.show_draft(read_cards(path)), lambda error: show_failure(dialog, error))

        ask_file(dialog, "Open prompt cards", YAML, taken)

    def _write(self, dialog: CardsDialog, wanted: CardSet) -> None:
        def taken(path: Path) -> None:  # Qt has asked before an existing file was chosen
            attempt(lambda: save_cards(wanted, path, force=True), saying(dialog.show_problem))

        ask_target(dialog, "Save prompt cards", FILE_NAME, "yaml", taken)
