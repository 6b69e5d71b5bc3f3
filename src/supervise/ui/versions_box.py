"""Choosing among a session's transcripts: the newest is shown unless an older one is asked for."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFrame

from supervise.domain.transcript import TranscriptVersion
from supervise.ui.pieces import button, label, row
from supervise.ui.theme import EDGE, GAP
from supervise.ui.transcribe_dialog import LANGUAGES

OLDER = "This is an older transcript, to read and listen to. Search, voices and copies use the newest."


class VersionsBox(QComboBox):
    """Hidden while there is only one; emits the id chosen, or empty for the newest."""

    version_chosen = Signal(str)

    def __init__(self) -> None:
        """Start with nothing to choose from."""
        super().__init__()
        self.setAccessibleName("Which transcript")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(self._on_chosen)
        self.hide()

    def show_versions(self, versions: Sequence[TranscriptVersion], shown: str) -> None:
        """List the versions, the current one first; `shown` is the id of the one on screen."""
        current = next((v for v in versions if v.finished), versions[0] if versions else None)
        with QSignalBlocker(self):
            self.clear()
            for version in sorted(versions, key=lambda v: v is not current):
                held = "" if version is current else version.transcript
                self.addItem(version_words(version, newest=version is current), held)
                if version.transcript == shown:
                    self.setCurrentIndex(self.count() - 1)
        self.setVisible(len(versions) > 1)

    def _on_chosen(self, _row: int) -> None:
        self.version_chosen.emit(str(self.currentData() or ""))


class OlderNotice(QFrame):
    """Says that an older transcript is on screen, with the way back."""

    newest_wished = Signal(str)

    def __init__(self) -> None:
        """Start hidden."""
        super().__init__()
        self.setProperty("role", "older")
        self.newest = button("Show the newest", lambda: self.newest_wished.emit(""))
        self.words = label(OLDER, "warn")
        line = row(self.words, self.newest)
        line.setStretch(0, 1)
        line.setContentsMargins(EDGE - 4, GAP - 2, GAP, GAP - 2)
        self.setLayout(line)
        self.hide()


def version_words(version: TranscriptVersion, *, newest: bool) -> str:
    """Say when a transcript was made, and how."""
    made = datetime.fromisoformat(version.created_at).astimezone()
    how = version.settings
    parts = [f"{made.day} {made:%b %Y, %H:%M}"]
    parts += [LANGUAGES.get(how.language, how.language)] if how.language else []
    parts += ["more accurate"] if how.accuracy == "accurate" else []
    parts += [f"model {how.model}"] if how.model != "base" else []
    parts += [] if version.finished else ["not whole"]
    return f"{'Newest' if newest else 'Older'}: {' · '.join(parts)}"
