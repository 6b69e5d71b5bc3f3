"""What is answered in an interview: a rating, a choice or words; large, and each by keys alone."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QLabel,
    QPlainTextEdit,
    QRadioButton,
    QSlider,
    QWidget,
)

from supervise.domain.protocols import Answer, RatingScale, Step, StepKind
from supervise.ui.pieces import column, label, row
from supervise.ui.theme import GAP

NOT_YET = "–"
KEYS = "Digits or the arrow keys choose, a dot adds a step. Enter goes on."
KEYS_CHOICE = "Digits choose. Enter goes on."
DIGITS = {Qt.Key(Qt.Key.Key_0 + number): number for number in range(10)}


class Field(QWidget):
    """Holds one answer; `changed` when a person gave or changed it."""

    changed = Signal()
    done = Signal()

    def value(self) -> Answer:
        """Return what was answered, None for nothing yet."""
        return None

    def show_value(self, value: Answer) -> None:
        """Show an answer given before."""

    def begin(self) -> None:
        """Take the focus."""


class RatingSlider(QSlider):
    """A slider over the places of a scale; digits go to their number, a dot a step further."""

    chosen = Signal()

    def __init__(self, scale: RatingScale) -> None:
        """Stand in the middle, with nothing chosen."""
        super().__init__(Qt.Orientation.Horizontal)
        self._values = scale.values()
        self.setRange(0, len(self._values) - 1)
        self.setValue(len(self._values) // 2)
        self.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.setTickInterval(max(1, round(1 / scale.step)))
        self.setPageStep(max(1, round(1 / scale.step)))
        self.setAccessibleName("Rating")
        self.setMinimumHeight(36)
        self.sliderMoved.connect(lambda _at: self.chosen.emit())

    def number(self) -> float:
        """Return the number it stands at."""
        return self._values[self.value()]

    def go_to(self, number: float) -> None:
        """Go to a number of the scale."""
        self.setValue(min(range(len(self._values)), key=lambda at: abs(self._values[at] - number)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits, dot and arrows."""
        key = Qt.Key(event.key())
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and key in DIGITS and DIGITS[key] in self._values:
            self.go_to(DIGITS[key])
        elif plain and key in (Qt.Key.Key_Period, Qt.Key.Key_Comma):
            self.setValue(self.value() + 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or not plain:
            event.ignore()
            return
        else:
            super().keyPressEvent(event)
            if key not in _MOVES:
                return
        self.chosen.emit()


_MOVES = {
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down),
    *(Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown),
}


class RatingField(Field):
    """The number large, the word of the nearest anchor below, and a slider with its ends named."""

    def __init__(self, scale: RatingScale) -> None:
        """Show a scale, nothing chosen."""
        super().__init__()
        self._scale, self._given = scale, False
        self.shown = QLabel(NOT_YET)
        self.shown.setProperty("role", "clock")
        self.shown.setAccessibleName("Chosen")
        self.anchor = label("", "muted")
        self.slider = RatingSlider(scale)
        for one in (self.shown, self.anchor):
            one.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        body = column(self, 0, GAP)
        body.addWidget(self.shown)
        body.addWidget(self.anchor)
        body.addWidget(self.slider)
        words = dict(scale.anchors)
        ends = [_end(scale.minimum, words), _end(scale.maximum, words)]
        body.addLayout(row(label(ends[0], "muted", wrap=False), 1, label(ends[1], "muted", wrap=False)))
        body.addWidget(label(KEYS, "muted"))
        self.setFocusProxy(self.slider)
        self.slider.chosen.connect(self._choose)

    def _choose(self) -> None:
        self._given = True
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        number = self.slider.number()
        self.shown.setText(f"{number:g}" if self._given else NOT_YET)
        self.anchor.setText(nearest_words(self._scale, number) if self._given else " ")
        said = f"{number:g}, {self.anchor.text()}" if self._given else "nothing chosen yet"
        self.slider.setAccessibleDescription(said)

    def value(self) -> Answer:
        """Return the number chosen."""
        return self.slider.number() if self._given else None

    def show_value(self, value: Answer) -> None:
        """Show a number given before."""
        self._given = isinstance(value, (int, float))
        if isinstance(value, (int, float)):
            self.slider.go_to(value)
        self._show()

    def begin(self) -> None:
        """Take the focus."""
        self.slider.setFocus()


def _end(number: float, words: dict[float, str]) -> str:
    return f"{number:g}  {words.get(number, '')}".rstrip()


def nearest_words(scale: RatingScale, number: float) -> str:
    """Return the words of an anchor, or between which two a number lies."""
    words = dict(scale.anchors)
    if number in words:
        return words[number]
    below = [at for at in words if at < number]
    above = [at for at in words if at > number]
    if not below or not above:
        return " "
    return f"between “{words[max(below)]}” and “{words[min(above)]}”"


class ChoiceField(Field):
    """One of some, or any of them; digits choose."""

    def __init__(self, step: Step) -> None:
        """Show the choices, none taken."""
        super().__init__()
        self._many = step.many
        self._group = QButtonGroup(self)
        self._group.setExclusive(not step.many)
        body = column(self, 0, GAP)
        self.boxes: list[QAbstractButton] = []
        for number, words in enumerate(step.choices, 1):
            text = words.replace("&", "&&")
            shown = f"{number}  {text}" if number < 10 else text
            box: QAbstractButton = QCheckBox(shown) if step.many else QRadioButton(shown)
            box.setProperty("choice", words)
            self._group.addButton(box, number)
            self.boxes.append(box)
            body.addWidget(box)
        body.addWidget(label(KEYS_CHOICE, "muted"))
        self.setFocusProxy(self.boxes[0])
        self._group.buttonClicked.connect(lambda _box: self.changed.emit())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit takes its choice."""
        number = DIGITS.get(Qt.Key(event.key()), 0)
        if not 1 <= number <= len(self.boxes) or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
            return
        self.boxes[number - 1].setFocus()
        self.boxes[number - 1].click()

    def value(self) -> Answer:
        """Return what was chosen."""
        taken = [str(box.property("choice")) for box in self.boxes if box.isChecked()]
        if not taken:
            return None
        return taken if self._many else taken[0]

    def show_value(self, value: Answer) -> None:
        """Show what was chosen before."""
        taken = value if isinstance(value, list) else [value]
        for box in self.boxes:
            box.setChecked(box.property("choice") in taken)

    def begin(self) -> None:
        """Take the focus."""
        chosen = next((box for box in self.boxes if box.isChecked()), self.boxes[0])
        chosen.setFocus()


class Words(QPlainTextEdit):
    """Several lines; Tab leaves it, Ctrl+Enter goes on."""

    done = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter goes on."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.done.emit()
            return
        super().keyPressEvent(event)


class WordsField(Field):
    """Words, written down or noted."""

    def __init__(self, step: Step) -> None:
        """Show an empty field."""
        super().__init__()
        self.words = Words()
        self.words.setTabChangesFocus(True)
        note = step.kind is StepKind.QUESTION
        self.words.setAccessibleName("Note" if note else "Answer")
        self.words.setPlaceholderText("A note, if you want to keep one" if note else "The answer")
        self.words.setMinimumHeight(110)
        self.words.textChanged.connect(self.changed)
        self.words.done.connect(self.done)
        body = column(self, 0, GAP)
        body.addWidget(self.words)
        body.addWidget(label("Ctrl+Enter goes on.", "muted"))
        self.setFocusProxy(self.words)

    def value(self) -> Answer:
        """Return the words, None for none."""
        return self.words.toPlainText().strip() or None

    def show_value(self, value: Answer) -> None:
        """Show words given before."""
        self.words.setPlainText(value if isinstance(value, str) else "")

    def begin(self) -> None:
        """Take the focus."""
        self.words.setFocus()


def field_for(step: Step) -> Field | None:
    """Return what a step is answered in; None where nothing is answered."""
    if step.kind is StepKind.RATING and step.scale is not None:
        return RatingField(step.scale)
    if step.kind is StepKind.CHOICE:
        return ChoiceField(step)
    if step.kind in (StepKind.TEXT, StepKind.QUESTION):
        return WordsField(step)
    return None
