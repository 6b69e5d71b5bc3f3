"""For a passphrase that is lost: the recovery key from the paper, and a new passphrase, twice."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from supervise.ui.new_passphrase import NewPassphrase
from supervise.ui.pieces import add_field, button, column, form, label, row

ABOUT = "Type the recovery key from your paper, then choose a new passphrase. The recovery key stays valid."


class LostPage(QWidget):
    """Emits key and new passphrase; Enter goes on from field to field, Escape goes back."""

    wished = Signal(str, str)
    back_wished = Signal()

    def __init__(self) -> None:
        """Lay it out, empty."""
        super().__init__()
        self._busy = False
        body = column(self)
        body.addWidget(label(ABOUT, "muted"))
        fields = form()
        self.key = QLineEdit()
        self.key.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
        add_field(fields, "Recovery key", self.key)
        self.secret = NewPassphrase(fields=fields)
        body.addLayout(fields)
        body.addWidget(self.secret)
        self.back = button("Back", self.back_wished.emit)
        self.go = button("Set the new passphrase", self._on_go, "primary")
        body.addLayout(row(self.back, 1, self.go))
        self.key.textChanged.connect(self._look)
        self.key.returnPressed.connect(self.secret.first.setFocus)
        self.secret.changed.connect(self._look)
        self.secret.entered.connect(self._on_go)
        self._look()

    def forget(self) -> None:
        """Empty every field."""
        self.key.clear()
        self.secret.clear()

    def set_busy(self, busy: bool) -> None:
        """Show that the key is being tried."""
        self._busy = busy
        self.back.setEnabled(not busy)
        self._look()

    def _look(self) -> None:
        self.go.setEnabled(self._ready() and not self._busy)

    def _ready(self) -> bool:
        return bool(self.key.text().strip()) and self.secret.good

    def _on_go(self) -> None:
        if self._ready() and not self._busy:
            self.wished.emit(self.key.text(), self.secret.text)
        elif not self.key.text().strip():
            self.key.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back."""
        if event.key() == Qt.Key.Key_Escape and not self._busy:
            self.back_wished.emit()
        else:
            super().keyPressEvent(event)
