"""Choosing how to transcribe, in a therapist's words; every choice is kept with the transcript."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from supervise.domain.recall import Party, Setup
from supervise.domain.transcript import TranscribeSettings
from supervise.ui.pieces import add_field, button, column, form, label, row, say
from supervise.ui.theme import EDGE, GAP
from supervise.ui.work_dialog import fit

LANGUAGES = {
    "": "Find out by listening",
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "nl": "Dutch",
    "pt": "Portuguese", "pl": "Polish", "sv": "Swedish", "da": "Danish", "no": "Norwegian", "fi": "Finnish",
    "cs": "Czech", "el": "Greek", "hu": "Hungarian", "ro": "Romanian", "tr": "Turkish", "uk": "Ukrainian",
    "ru": "Russian", "ar": "Arabic", "he": "Hebrew", "hi": "Hindi", "ja": "Japanese", "ko": "Korean",
    "zh": "Chinese",
}  # fmt: skip
ONE = "One, or do not tell them apart"
VOICES = {2: "Two: therapist and client", 1: ONE, 3: "Three", 4: "Four"}
KEPT = "An earlier transcript is kept as an older version. Moments stay where they are."


def voices_of(setup: Setup) -> dict[int, str]:
    """Return how many voices a recall may hold, in words; first the number that is to be expected."""
    both, inquired = setup.recaller is Party.BOTH, bool(setup.inquirer)
    words = {1: ONE, 2: VOICES[2] if both else "Two: recaller and inquirer", 3: "Three", 4: "Four"}
    first = 1 + both + inquired
    return {first: words[first], **words}


class TranscribeDialog(QDialog):
    """Emits the settings chosen."""

    wished = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        minutes: float,
        has_transcript: bool,
        models: Mapping[str, str] | None = None,
        recall: Setup | None = None,
    ) -> None:
        """Ask for a session, or a recall, `minutes` long; `models` are those here, name to title."""
        super().__init__(parent)
        self._voices = VOICES if recall is None else voices_of(recall)
        self._models = dict(models or {})
        self.setWindowTitle("Transcribe")
        self.setMinimumWidth(560)
        body = column(self, EDGE + 4, GAP + 2)
        body.addWidget(label("Transcribe on this machine", "heading"))
        about = f"{minutes:.0f} minutes of sound." if minutes >= 2 else "A short recording."
        body.addWidget(label(f"{about} You can go on working meanwhile.", "muted"))
        self.faster = QRadioButton("Faster: good for clear speech")
        self.accurate = QRadioButton("More accurate: takes about twice as long")
        group = QButtonGroup(self)
        for choice in (self.faster, self.accurate):
            group.addButton(choice)
            body.addWidget(choice)
        self.faster.setChecked(True)
        body.addLayout(self._fields())
        self.fillers = QCheckBox("Keep “um”, “mhm” and the like")
        self.fillers.setChecked(True)
        body.addWidget(self.fillers)
        note = "Words come with the program's own doubt: dotted words were heard badly. Voices are a guess."
        body.addWidget(label(f"{note} {KEPT}" if has_transcript else note, "muted"))
        self._add_problem(body)
        body.addStretch(1)
        self.go = button("Transcribe", self._on_go, "primary")
        body.addLayout(row(1, button("Cancel", self.reject), self.go))
        self.go.setFocus()

    def _add_problem(self, body: QVBoxLayout) -> None:
        self.problem = label("", "error")
        self.problem.hide()
        self._mend: QAction | None = None
        self.way = button("What mends it", self._on_way)
        self.way.hide()
        body.addWidget(self.problem)
        body.addLayout(row(self.way, 1))

    def _fields(self) -> QFormLayout:
        fields = form()
        self.language = QComboBox()
        for code, name in LANGUAGES.items():
            self.language.addItem(name, code)
        add_field(fields, "&Language", self.language)
        self.voices = QComboBox()
        for count, words in self._voices.items():
            self.voices.addItem(words, count)
        add_field(fields, "&Voices", self.voices)
        self.model = QComboBox()
        for name, title in self._models.items():
            self.model.addItem(title.split(":", maxsplit=1)[0], name)
        if len(self._models) > 1:
            add_field(fields, "Speech &model", self.model)
        self.terms = QLineEdit()
        self.terms.setMaxLength(500)
        self.terms.setPlaceholderText("Names and words to expect, with commas between")
        add_field(fields, "&Names and terms", self.terms)
        return fields

    def settings(self) -> TranscribeSettings:
        """Return what was chosen."""
        return TranscribeSettings(
            model=str(self.model.currentData() or TranscribeSettings().model),
            language=str(self.language.currentData()),
            accuracy="accurate" if self.accurate.isChecked() else "faster",
            speakers=int(self.voices.currentData()),
            terms=self.terms.text().strip(),
            keep_fillers=self.fillers.isChecked(),
        )

    def _on_go(self) -> None:
        say(self.problem, "")
        self.wished.emit(self.settings())

    def show_problem(self, sentence: str, way: QAction | None = None) -> None:
        """Say why it cannot begin, and offer what mends it."""
        say(self.problem, sentence)
        self.way.setVisible(way is not None)
        self._mend = way
        if way is not None:
            self.way.setText(way.text().replace("&", ""))
            self.way.setFocus()
        fit(self)

    def _on_way(self) -> None:
        way = self._mend
        self.reject()
        if way is not None:
            way.trigger()
