"""Checking the vault, copying it, and putting a copy back, each with its result in words."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import QDir, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from supervise.ui.pieces import add_field, button, form, label, say, set_role
from supervise.ui.work_dialog import WorkDialog, add_folder_field, fit

CHECK = (
    "Everything in the vault is read and every seal on it tried: each session's sound, the words, the "
    "moments, the access log. You can stop at any time; nothing is changed."
)
WHOLE = "Everything is whole."
BACKUP = (
    "A backup is a sealed copy of the whole vault as it is now. The same passphrases open it. Keep it on "
    "another disk, away from this machine, and make a new one after important sessions."
)
RESTORE = "The backup is copied to a new folder, opened there, and checked. The backup itself is not changed."
LEFT_OUT = (
    "{them} not in this backup, because no consent in force covers you there. What only waits for "
    "its consent to be renewed is nowhere but in this vault."
)
NAME = "Sessions vault"


class Findings:
    """A sentence about a check, and below it a line for each thing that is damaged."""

    def __init__(self, body: QVBoxLayout) -> None:
        """Stand at the end of `body`, hidden."""
        self.verdict = label("", "good")
        self.list = QListWidget()
        self.list.setAccessibleName("What is damaged")
        self.list.setWordWrap(True)
        self.list.setMinimumHeight(160)
        for part in (self.verdict, self.list):
            body.addWidget(part)
            part.hide()

    def show_damage(self, sentences: Sequence[str], whole: str = WHOLE) -> None:
        """Say that all is whole, or what is not."""
        count = len(sentences)
        things = "One thing is damaged." if count == 1 else f"{count} things are damaged."
        rest = "The rest stays usable. A backup can bring back what is lost."
        say(self.verdict, f"{things} {rest}" if sentences else whole)
        set_role(self.verdict, "error" if sentences else "good")
        self.list.clear()
        for sentence in sentences:
            item = QListWidgetItem(sentence, self.list)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        self.list.setVisible(bool(sentences))


class CheckDialog(WorkDialog):
    """Emits the wish to check."""

    wished = Signal()

    def __init__(self, parent: QWidget) -> None:
        """Say what a check is."""
        super().__init__(parent, "Check the vault", "Check it", "Reading and trying every seal…")
        self.inside.addWidget(label("Check the vault", "heading"))
        self.inside.addWidget(label(CHECK))
        self.findings = Findings(self.inside)
        self.go.setFocus()

    def on_go(self) -> None:
        """Begin."""
        self.wished.emit()

    def show_damage(self, sentences: Sequence[str]) -> None:
        """Say how the check went."""
        self.show_end()
        self.findings.show_damage(sentences)
        fit(self)


class BackupDialog(WorkDialog):
    """Emits the folder the copy is to be."""

    wished = Signal(object)

    def __init__(self, parent: QWidget, today: date) -> None:
        """Suggest a name with the day in it."""
        super().__init__(parent, "Make a backup", "Make the backup", "Copying what is sealed…")
        self._name = f"{NAME}, backup of {today.isoformat()}"
        self.inside.addWidget(label("Make a backup", "heading"))
        self.inside.addWidget(label(BACKUP))
        fields = form()
        ask = "Choose where the backup goes"
        self.target = add_folder_field(fields, "&New folder", ask, self._take)
        self.target.setText(str(Path(QDir.homePath()) / self._name))
        self.inside.addLayout(fields)
        self.done_words = label("", "good")
        self.done_words.hide()
        self.inside.addWidget(self.done_words)
        self.left_out = label("", "notice")
        self.left_out.hide()
        self.inside.addWidget(self.left_out)
        self.target.returnPressed.connect(self.on_go)

    def _take(self, folder: Path) -> None:
        self.target.setText(str(folder / self._name))

    def on_go(self) -> None:
        """Begin, once there is a folder to go to."""
        if self.target.text().strip() and not self.running:
            self.wished.emit(Path(self.target.text().strip()).expanduser())

    def to_mend(self) -> QWidget:
        """Another folder."""
        return self.target

    def show_done(self, folder: Path, left_out: int = 0, recalls: int = 0) -> None:
        """Say where the copy is, and loudly what it does not hold."""
        self.show_end()
        counts = [(left_out, "session", "sessions"), (recalls, "recall", "recalls")]
        things = [f"{'One' if n == 1 else n} {one if n == 1 else many}" for n, one, many in counts if n]
        are = "is" if left_out + recalls == 1 else "are"
        them = f"{' and '.join(things)} {are}"
        say(self.left_out, LEFT_OUT.format(them=them) if things else "")
        say(self.done_words, f"The backup is in “{folder.name}”, whole and sealed.")
        fit(self)


class RestoreDialog(WorkDialog):
    """Emits backup, new folder and passphrase; then offers to open what was restored."""

    wished = Signal(object, object, str)
    open_wished = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        """Ask for both folders and the passphrase."""
        super().__init__(parent, "Restore a backup", "Restore it", "Copying, opening and checking…")
        self._target = Path()
        self.inside.addWidget(label("Restore a backup", "heading"))
        self.inside.addWidget(label(RESTORE))
        fields = form()
        self.source = add_folder_field(fields, "&Backup", "Choose the backup's folder", self._take_source)
        self.target = add_folder_field(
            fields, "&New folder", "Choose where the vault goes", self._take_target
        )
        self.target.setText(str(Path(QDir.homePath()) / f"{NAME}, restored"))
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
        add_field(fields, "&Passphrase", self.passphrase)
        self.inside.addLayout(fields)
        self.findings = Findings(self.inside)
        self.open_it = button("Open it", self._on_open, "primary")
        self.buttons.addWidget(self.open_it)
        self.open_it.hide()
        for field in (self.source, self.target, self.passphrase):
            field.textChanged.connect(self._look)
            field.returnPressed.connect(self.on_go)
        self._look()

    def _take_source(self, folder: Path) -> None:
        self.source.setText(str(folder))
        self.passphrase.setFocus()

    def _take_target(self, folder: Path) -> None:
        self.target.setText(str(folder / f"{NAME}, restored"))

    def _ready(self) -> bool:
        return all(field.text().strip() for field in (self.source, self.target, self.passphrase))

    def _look(self) -> None:
        self.go.setEnabled(self._ready() and not self.running)

    def on_go(self) -> None:
        """Begin, once everything is there."""
        if self._ready() and not self.running:
            source, self._target = (
                Path(field.text().strip()).expanduser() for field in (self.source, self.target)
            )
            self.wished.emit(source, self._target, self.passphrase.text())

    def end_work(self, problem: str = "") -> None:
        """Let the person try again."""
        super().end_work(problem)
        self._look()

    def to_mend(self) -> QWidget:
        """The passphrase, which is what mostly fails."""
        return self.passphrase

    def show_damage(self, sentences: Sequence[str]) -> None:
        """Say how it went, and offer to open it."""
        self.passphrase.clear()
        self.show_end()
        self.findings.show_damage(sentences, "Restored. Everything is whole.")
        self.open_it.show()
        fit(self)
        self.open_it.setFocus()

    def _on_open(self) -> None:
        self.accept()
        self.open_wished.emit(self._target)
