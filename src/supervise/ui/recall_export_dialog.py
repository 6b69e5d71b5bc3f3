"""Taking a recall out: which, as what, beside which others, where to, and that it leaves the protection."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QWidget,
)

from supervise.app.recall_export import MOST_BESIDE, READING_COPIES, WITHOUT_WORDS, RecallWish
from supervise.app.recalls_to_take_out import RecallToTakeOut
from supervise.domain.ids import RecallId
from supervise.domain.recall import Party, RecallKind
from supervise.domain.times import clock, day_words
from supervise.ui.columns import dialog_size
from supervise.ui.export_dialog import REDACTED
from supervise.ui.pieces import add_field, form, label, line_up, say
from supervise.ui.target_field import TargetField
from supervise.ui.theme import EDGE
from supervise.ui.work_dialog import WorkDialog, fit

TITLE, GO = "Take a recall out", "Take the recall out"
FORMATS = {
    "pdf": ("Reading copy on paper, PDF", "the session's words, and beside them what was recalled"),
    "html": ("Reading copy as a page, HTML", "the same, for a screen or to be read out"),
    "csv": ("Table", "one row an utterance, for spreadsheets and statistics"),
    "json": ("Everything as JSON", "stops, words, marks and ratings, documented"),
    "vtt": ("WebVTT for the recall", "its words with times, beside its own sound"),
    "session-vtt": ("WebVTT for the session", "its words at the session's times, beside the session's sound"),
}
ENDINGS = {"session-vtt": "vtt"}
LEAVES = (
    "This copy leaves the vault's protection. Anybody who gets the file can read it. "
    "The access log notes that a copy was taken out."
)
NO_WORDS = (
    "This recall has no transcript yet. Its stops can be taken out; the rest comes once it is transcribed."
)
NAMES = "Name who inquired, instead of “an inquirer”"
HOW_BOTH = "blank in the copy, and what was said about it"
TOO_MANY = f"Up to {MOST_BESIDE} other recalls go beside one."
_KINDS = {
    RecallKind.THERAPIST: "therapist recall",
    RecallKind.CLIENT: "client recall",
    RecallKind.MUTUAL: "mutual recall",
    RecallKind.PARALLEL: "parallel recall",
    RecallKind.RESEARCH: "research interview",
}
_PARTIES = {Party.THERAPIST: "by the therapist", Party.CLIENT: "by the client", Party.BOTH: "by both"}


def choice_words(choice: RecallToTakeOut) -> str:
    """Tell recalls apart: when, what kind, by whom, how long."""
    day = datetime.fromisoformat(choice.started_at.replace("Z", "+00:00")).astimezone()
    kind = _KINDS[choice.setup.kind]
    if choice.setup.protocol:
        kind = f"{kind} {choice.setup.protocol}"
    who = (
        ""
        if choice.setup.kind in (RecallKind.THERAPIST, RecallKind.CLIENT)
        else _PARTIES[choice.setup.recaller]
    )
    stops = "1 stop" if choice.stops == 1 else f"{choice.stops} stops"
    when = f"{day_words(day.date().isoformat())}, {day:%H:%M}"
    return " · ".join(part for part in (when, kind, who, clock(choice.duration_ms), stops) if part)


class RecallExportDialog(WorkDialog):
    """Gathers a wish; the window does the work."""

    wished = Signal(object)

    def __init__(
        self, parent: QWidget, choices: Sequence[RecallToTakeOut], chosen: RecallId | None, held_on: str
    ) -> None:
        """Offer the recalls of a session held on an ISO day, `chosen` (or the newest) first."""
        super().__init__(parent, TITLE, GO, "Writing…")
        self.setMinimumWidth(dialog_size(parent, 680, 0).width())
        self._choices = {choice.recall: choice for choice in choices}
        self.file = TargetField(held_on)
        self.target, self.browse = self.file.line, self.file.browse
        self.file.settled.connect(self._wish)
        self.inside.addWidget(label(LEAVES, "notice"))
        self.inside.addLayout(self._which(choices, chosen))
        self.inside.addLayout(self._formats())
        self.no_words = label(NO_WORDS, "muted")
        self.inside.addWidget(self.no_words)
        self.beside = QListWidget()
        self.inside.addLayout(self._beside())
        self.redact, self.names = QCheckBox(REDACTED.format(how=HOW_BOTH)), QCheckBox(NAMES)
        self.redact.setChecked(True)
        self.inside.addWidget(self.redact)
        self.inside.addWidget(self.names)
        self.inside.addLayout(self._where())
        self.recall.currentIndexChanged.connect(self._on_recall)
        self.target.textChanged.connect(self._look)
        self.beside.itemChanged.connect(self._look)
        self._on_recall()
        line_up(self.which, self.where_beside, self.where)
        self.recall.setFocus()

    # --- laying out

    def _which(self, choices: Sequence[RecallToTakeOut], chosen: RecallId | None) -> QFormLayout:
        self.recall = QComboBox()
        for choice in choices:
            self.recall.addItem(choice_words(choice), str(choice.recall))
        self.recall.setCurrentIndex(max(0, self.recall.findData(str(chosen))))
        self.which = form()
        add_field(self.which, "&Recall", self.recall)
        return self.which

    def _formats(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(EDGE)
        grid.setVerticalSpacing(2)
        group = QButtonGroup(self)
        self.formats: dict[str, QRadioButton] = {}
        for number, (name, (title, use)) in enumerate(FORMATS.items()):
            choice = QRadioButton(title)
            choice.setAccessibleName(f"{title}: {use}")
            group.addButton(choice)
            grid.addWidget(choice, number, 0)
            grid.addWidget(label(use, "muted", wrap=False), number, 1)
            self.formats[name] = choice
        self.formats["pdf"].setChecked(True)
        group.buttonToggled.connect(lambda _button, on: self._on_format() if on else None)
        grid.setColumnStretch(1, 1)
        return grid

    def _beside(self) -> QFormLayout:
        self.beside.setTabKeyNavigation(False)
        self.where_beside = form()
        add_field(self.where_beside, "Put &beside it", self.beside)
        return self.where_beside

    def _where(self) -> QFormLayout:
        self.recipient = QLineEdit()
        self.recipient.setMaxLength(120)
        self.recipient.setPlaceholderText("kept in the list of copies, so that they can be asked for it")
        self.where = form()
        add_field(self.where, "&For whom", self.recipient)
        add_field(self.where, "To the f&ile", self.file, self.target)
        return self.where

    # --- what is chosen

    @property
    def fmt(self) -> str:
        """The format chosen."""
        return next(name for name, choice in self.formats.items() if choice.isChecked())

    def _chosen(self) -> RecallToTakeOut:
        return self._choices[RecallId(str(self.recall.currentData()))]

    def _others(self) -> tuple[RecallId, ...]:
        if self.fmt not in READING_COPIES:
            return ()
        items = [self.beside.item(number) for number in range(self.beside.count())]
        ticked = [item for item in items if item.checkState() is Qt.CheckState.Checked]
        return tuple(RecallId(str(item.data(Qt.ItemDataRole.UserRole))) for item in ticked)

    def _on_recall(self) -> None:
        chosen = self._chosen()
        self.beside.clear()
        for choice in self._choices.values():
            if choice.recall == chosen.recall:
                continue
            item = QListWidgetItem(choice_words(choice))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setData(Qt.ItemDataRole.UserRole, str(choice.recall))
            self.beside.addItem(item)
        if self.beside.count():
            self.beside.setCurrentRow(0)
            shown = min(4, self.beside.count()) * self.beside.sizeHintForRow(0)
            self.beside.setFixedHeight(shown + 2 * self.beside.frameWidth() + 12)
        for name, radio in self.formats.items():
            radio.setEnabled(chosen.has_words or name in WITHOUT_WORDS)
        if not self.formats[self.fmt].isEnabled():
            self.formats["pdf"].setChecked(True)
        self.no_words.setVisible(not chosen.has_words)
        self._on_format()

    def _on_format(self) -> None:
        copy = self.fmt in READING_COPIES
        self.where_beside.setRowVisible(0, copy and self.beside.count() > 0)
        self.names.setVisible(copy)
        kind = "recall-session" if self.fmt == "session-vtt" else "recall"
        self.file.suggest(FORMATS[self.fmt][0], ENDINGS.get(self.fmt, self.fmt), kind)
        self._look()
        fit(self)

    def _look(self) -> None:
        many = len(self._others()) > MOST_BESIDE
        say(self.problem, TOO_MANY if many else "")
        self.go.setEnabled(self.file.filled and not many and not self.running)

    # --- where to

    def on_go(self) -> None:
        """Ask before a file is replaced."""
        say(self.problem, "")
        self.file.settle()

    def _wish(self, target: Path, replace: bool) -> None:
        wish = RecallWish(
            recall=self._chosen().recall,
            fmt=self.fmt,
            target=target,
            force=replace,
            unredacted=not self.redact.isChecked(),
            recipient=self.recipient.text().strip(),
            beside=self._others(),
            names=self.fmt in READING_COPIES and self.names.isChecked(),
        )
        self.wished.emit(wish)

    def to_mend(self) -> QWidget:
        """The file is what most often is in the way."""
        return self.target
