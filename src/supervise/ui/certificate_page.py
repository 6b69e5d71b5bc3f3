"""The page that shows a certificate of destruction, to be saved as PDF or JSON."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from supervise.app.certificates import certificate_lines
from supervise.ui.consent_words import BACKUPS
from supervise.ui.file_dialogs import ask_target
from supervise.ui.paged_dialog import AskingPage
from supervise.ui.pieces import button, label, say

ABOUT = "It says what was destroyed, when and by whom, and holds nothing of what was said."
NAME = "certificate of destruction"


class CertificatePage(AskingPage):
    """Emits where to save it."""

    save_wished = Signal(object)

    def __init__(self) -> None:
        """Lay out the text and the two ways to save it."""
        super().__init__(ABOUT, "Save as PDF…")
        self.title.setText("Certificate of destruction")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName("Certificate of destruction")
        self.text.setTabChangesFocus(True)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self.body.addWidget(self.text, 1)
        self.body.addWidget(label(BACKUPS, "notice"))
        self.said = label("", "good")
        self.said.hide()
        self.body.addWidget(self.said)
        self.as_json = button("Save as JSON…", lambda: self._ask("json"))
        self.buttons.insertWidget(2, self.as_json)
        self.wished.connect(lambda: self._ask("pdf"))
        self._id = ""

    def first(self) -> QWidget:
        """The way to save it."""
        return self.go

    def show_certificate(self, certificate: Mapping[str, Any]) -> None:
        """Show it, line by line."""
        self._id = str(certificate["certificate"])[:8]
        self.text.setPlainText("\n".join(certificate_lines(certificate)))
        say(self.said, "")

    def _ask(self, suffix: str) -> None:
        ask_target(
            self.window(),
            "Save the certificate",
            f"{NAME} {self._id}.{suffix}",
            suffix,
            self.save_wished.emit,
        )

    def show_saved(self, name: str) -> None:
        """Say where it is."""
        self.show_problem("")
        say(self.said, f"Written to “{name}”. It names the client by client code only.")
