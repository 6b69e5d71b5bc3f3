"""A dialog that asks, works with progress and a way to stop, and says in words how it went."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QLayout, QLineEdit, QProgressBar, QWidget

from supervise.ui.columns import dialog_size
from supervise.ui.file_dialogs import ask_folder
from supervise.ui.pieces import add_field, button, column, label, row, say
from supervise.ui.theme import EDGE, GAP


class WorkDialog(QDialog):
    """Fields above, progress below them; `go` begins, Cancel stops the work before it closes."""

    cancel_wished = Signal()

    def __init__(self, parent: QWidget, title: str, go: str, doing: str) -> None:
        """Lay out an empty `inside` for the fields."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(dialog_size(parent, 560, 0).width())
        self._doing, self._running = doing, False
        body = column(self, EDGE + 4, GAP + 2)
        self.fields = QWidget()
        self.inside = column(self.fields, 0, GAP + 2)
        body.addWidget(self.fields)
        self.problem = label("", "error")
        self.doing = label("", "muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        for part in (self.problem, self.doing, self.bar):
            body.addWidget(part)
            part.hide()
        body.addStretch(1)
        self.cancel = button("Cancel", self.reject)
        self.go = button(go, self.on_go, "primary")
        self.buttons = row(1, self.cancel, self.go)
        body.addLayout(self.buttons)

    def on_go(self) -> None:
        """Begin; each dialog says what that is."""

    @property
    def running(self) -> bool:
        """Whether work is under way."""
        return self._running

    def begin_work(self) -> None:
        """Show progress; Cancel now stops it."""
        self._running = True
        self.fields.setEnabled(False)
        self.go.setEnabled(False)
        say(self.problem, "")
        say(self.doing, self._doing)
        self.bar.setValue(0)
        self.bar.show()
        self.cancel.setText("Stop")
        self.cancel.setFocus()
        fit(self)

    def show_progress(self, permille: int) -> None:
        """Show how far it is."""
        self.bar.setValue(permille)

    def end_work(self, problem: str = "") -> None:
        """Let the person change something and try again."""
        self._running = False
        self.fields.setEnabled(True)
        self.go.setEnabled(True)
        self.bar.hide()
        say(self.doing, "")
        say(self.problem, problem)
        self.cancel.setText("Cancel")
        fit(self)
        if problem:
            self.to_mend().setFocus()

    def to_mend(self) -> QWidget:
        """Where the focus belongs after a failure: the field most likely to mend it."""
        return self.go

    def show_end(self) -> None:
        """Leave nothing to do but read and close."""
        self.end_work()
        self.go.hide()
        self.cancel.setText("Close")
        self.cancel.setFocus()

    def reject(self) -> None:
        """Stop the work first; the dialog stays to say so."""
        if self._running:
            say(self.doing, "Stopping…")
            self.cancel_wished.emit()
            return
        super().reject()


def fit(dialog: QDialog) -> None:
    """Make a dialog as high as the words now in it need."""
    layout = dialog.layout()
    if layout is not None:
        for part in dialog.findChildren(QLayout):
            part.invalidate()
        layout.activate()
        dialog.resize(dialog.width(), max(dialog.minimumHeight(), layout.totalHeightForWidth(dialog.width())))


def add_folder_field(target: QFormLayout, text: str, ask: str, chosen: Callable[[Path], object]) -> QLineEdit:
    """Add a field for a folder with a button that chooses one; `chosen` gets what the button found."""
    holder = QWidget()
    field = QLineEdit()
    browse = button("Choose…", lambda: ask_folder(holder.window(), ask, chosen))
    browse.setAccessibleName(ask)
    column(holder).addLayout(row(field, browse))
    add_field(target, text, holder, field)
    return field
