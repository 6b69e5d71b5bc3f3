"""The file a copy is written to: offered a name, typed or chosen, and asked about before it replaces one."""

from pathlib import Path

from PySide6.QtCore import QDir, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from supervise.ui.copy_names import offered_name, with_ending
from supervise.ui.failures import ask
from supervise.ui.file_dialogs import ask_target
from supervise.ui.pieces import button, column, row


class TargetField(QWidget):
    """Emits the file once it is settled, and whether what is there now may be replaced."""

    settled = Signal(object, bool)

    def __init__(self, held_on: str) -> None:
        """Offer names for what is taken out of a session held on an ISO day."""
        super().__init__()
        self._held_on, self._title, self._suffix = held_on, "", ""
        self._offered = self._confirmed = ""
        self.line = QLineEdit()
        self.line.textChanged.connect(self._on_changed)
        self.browse = button("Choose…", self._on_browse)
        self.browse.setAccessibleName("Choose where the copy goes")
        column(self).addLayout(row(self.line, self.browse))

    @property
    def filled(self) -> bool:
        """Whether there is a name at all."""
        return bool(self.line.text().strip())

    def suggest(self, title: str, suffix: str, kind: str = "") -> None:
        """Offer a name for this format; one that was typed keeps all but its ending."""
        self._title, self._suffix = title, suffix
        typed = self.line.text().strip()
        if typed == self._offered or not typed:
            folder = Path(typed).parent if typed else Path(QDir.homePath())
            self._offered = str(offered_name(folder, suffix, self._held_on, kind))
            self.line.setText(self._offered)
        else:
            self.line.setText(str(with_ending(Path(typed), suffix)))

    def settle(self) -> None:
        """Emit the file; ask first when it would be replaced."""
        target = with_ending(Path(self.line.text().strip()).expanduser(), self._suffix)
        if target.name != Path(self.line.text().strip()).name:
            self.line.setText(str(target))
        if target.is_file() and not self._confirmed:
            text = f"{target.name} is there already. What it holds now would be lost."
            question = ask(self.window(), "Replace the file?", text, "Replace it", danger=True)
            question.accepted.connect(self._replace)
            return
        self.settled.emit(target, bool(self._confirmed))

    def _on_changed(self, text: str) -> None:
        if text != self._confirmed:
            self._confirmed = ""

    def _on_browse(self) -> None:
        ask_target(self.window(), self._title, Path(self.line.text()).name, self._suffix, self._take)

    def _take(self, path: Path) -> None:
        self._confirmed = str(path)
        self.line.setText(self._confirmed)

    def _replace(self) -> None:
        self._confirmed = self.line.text()
        self.settled.emit(Path(self.line.text().strip()).expanduser(), True)
