"""Taking a copy out of the vault: what, where to, and plainly that it leaves the vault's protection."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QFormLayout,
    QGridLayout,
    QProgressBar,
    QRadioButton,
    QWidget,
)

from supervise.app.taking_out import NEEDS_TRANSCRIPT, ExportWish
from supervise.domain.ids import SessionId
from supervise.ui.pieces import add_field, button, column, form, label, row, say
from supervise.ui.target_field import TargetField
from supervise.ui.theme import EDGE, GAP

FORMATS = {
    "txt": ("Transcript as text", "to read or print"),
    "vtt": ("Transcript as WebVTT", "with times, for players and other tools"),
    "srt": ("Transcript as SubRip", "subtitles"),
    "csv": ("Moments as a table", "one row a code, for spreadsheets and statistics"),
    "json": ("Everything as JSON", "transcript, moments and codebook, documented"),
    "flac": ("Sound as FLAC", "lossless and small"),
    "wav": ("Sound as WAV", "lossless, opens everywhere"),
}
LEAVES = (
    "This copy leaves the vault's protection. Anybody who gets the file can read or hear it. "
    "The access log notes that a copy was taken out."
)
REDACTED = "Redact what is coded “Redact before sharing”: {how}"
HOW, HOW_SOUND = "blank in text, silent in sound", "silent in sound"
PRIVATE = "Take my private moments along"


class ExportDialog(QDialog):
    """Gathers a wish; the window does the work."""

    wished = Signal(object)
    cancel_wished = Signal()

    def __init__(self, parent: QWidget, session: SessionId, has_transcript: bool, held_on: str = "") -> None:
        """Offer what this session, held on an ISO day, can give."""
        super().__init__(parent)
        self.setWindowTitle("Take a copy out")
        self.setMinimumWidth(600)
        self._session = session
        self._running = False
        self.file = TargetField(held_on)
        self.target, self.browse = self.file.line, self.file.browse
        self.file.settled.connect(self._wish)
        self._lay_out(has_transcript)
        self.target.textChanged.connect(self._look)
        self._suggest()
        self._look()

    def _lay_out(self, has_transcript: bool) -> None:
        body = column(self, EDGE + 4, GAP + 2)
        self.fields = QWidget()
        inside = column(self.fields, 0, GAP + 2)
        inside.addWidget(label(LEAVES, "notice"))
        inside.addLayout(self._formats(has_transcript))
        self.redact = QCheckBox(REDACTED.format(how=HOW))
        self.redact.setChecked(True)
        self.private = QCheckBox(PRIVATE)
        inside.addWidget(self.redact)
        inside.addWidget(self.private)
        inside.addLayout(self._where())
        body.addWidget(self.fields)
        self.problem = label("", "error")
        self.problem.hide()
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.bar.hide()
        self.cancel = button("Cancel", self.reject)
        self.go = button("Take the copy out", self.file.settle, "primary")
        body.addWidget(self.problem)
        body.addWidget(self.bar)
        body.addStretch(1)
        body.addLayout(row(1, self.cancel, self.go))

    def _where(self) -> QFormLayout:
        where = form()
        add_field(where, "&To the file", self.file, self.target)
        return where

    def _formats(self, has_transcript: bool) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(EDGE)
        grid.setVerticalSpacing(2)
        group = QButtonGroup(self)
        self.choices: dict[str, QRadioButton] = {}
        for number, (name, (title, use)) in enumerate(FORMATS.items()):
            choice = QRadioButton(title)
            choice.setAccessibleName(f"{title}: {use}")
            choice.setEnabled(has_transcript or name not in NEEDS_TRANSCRIPT)
            group.addButton(choice)
            grid.addWidget(choice, number, 0)
            grid.addWidget(label(use, "muted", wrap=False), number, 1)
            self.choices[name] = choice
        self.choices["txt" if has_transcript else "csv"].setChecked(True)
        group.buttonToggled.connect(lambda _button, on: self._suggest() if on else None)
        grid.setColumnStretch(1, 1)
        return grid

    @property
    def fmt(self) -> str:
        """The format chosen."""
        return next(name for name, choice in self.choices.items() if choice.isChecked())

    def _suggest(self) -> None:
        self.file.suggest(FORMATS[self.fmt][0], self.fmt)
        sound = self.fmt in ("flac", "wav")
        self.private.setEnabled(self.fmt in ("csv", "json"))
        self.redact.setText(REDACTED.format(how=HOW_SOUND if sound else HOW))

    def _look(self) -> None:
        self.go.setEnabled(self.file.filled and not self._running)

    def _wish(self, target: Path, replace: bool) -> None:
        wish = ExportWish(
            session=self._session,
            fmt=self.fmt,
            target=target,
            force=replace,
            unredacted=not self.redact.isChecked(),
            private=self.private.isChecked() and self.private.isEnabled(),
        )
        self.wished.emit(wish)

    def begin_work(self) -> None:
        """Show progress; Cancel now stops it."""
        self._running = True
        self.fields.setEnabled(False)
        self.bar.setValue(0)
        self.bar.show()
        self._look()

    def show_progress(self, permille: int) -> None:
        """Show how far it is."""
        self.bar.setValue(permille)

    def end_work(self, problem: str = "") -> None:
        """Let the person change something and try again."""
        self._running = False
        self.fields.setEnabled(True)
        self.bar.hide()
        say(self.problem, problem)
        self._look()
        if problem:
            self.target.setFocus()

    def reject(self) -> None:
        """Cancel the work first."""
        if self._running:
            self.cancel_wished.emit()
            return
        super().reject()
