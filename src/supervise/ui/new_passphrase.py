"""Two fields for a new passphrase, with what can be said about it while it is typed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from supervise.ui.pieces import add_field, column, form, label, set_role
from supervise.ui.strength import LEAST, strength_words


def secret_field() -> QLineEdit:
    """Return a field that shows no letters."""
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
    return made


class NewPassphrase(QWidget):
    """Emits `changed`; `good` once both fields agree and it is long enough."""

    changed = Signal()
    entered = Signal()

    def __init__(self, caption: str = "New passphrase", fields: QFormLayout | None = None) -> None:
        """Stand in `fields`, or in a form of its own."""
        super().__init__()
        body = column(self)
        self.fields = fields or form()
        self.first, self.second = secret_field(), secret_field()
        add_field(self.fields, caption, self.first)
        add_field(self.fields, "The same again", self.second)
        self.hint = label("", "muted")
        self.hint.setMinimumHeight(40)
        if fields is None:
            body.addLayout(self.fields)
        body.addWidget(self.hint)
        for field in (self.first, self.second):
            field.textChanged.connect(self._look)
        self.first.returnPressed.connect(self._on_first)
        self.second.returnPressed.connect(self.entered)
        self._look()

    def _on_first(self) -> None:
        """Enter goes on to the second field, as long as that is wanting."""
        if self.good:
            self.entered.emit()
        else:
            self.second.setFocus()

    @property
    def text(self) -> str:
        """What was typed."""
        return self.first.text()

    @property
    def good(self) -> bool:
        """Whether it can be used."""
        return self.first.text() == self.second.text() and len(self.first.text()) >= LEAST

    def clear(self) -> None:
        """Forget what was typed."""
        self.first.clear()
        self.second.clear()

    def _look(self) -> None:
        words, role = strength_words(self.first.text())
        if self.second.text() and self.first.text() != self.second.text():
            words, role = "The two passphrases differ.", "error"
        self.hint.setText(words)
        set_role(self.hint, role)
        self.changed.emit()
