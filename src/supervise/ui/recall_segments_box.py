"""Which passages of a session are recalled: typed, from moments, or drawn at random; who chose, and why."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QRadioButton,
    QSpinBox,
    QWidget,
)

from supervise.domain.codebook import Codebook
from supervise.domain.errors import SuperviseError
from supervise.domain.moments import Moment
from supervise.domain.recall import ChosenBy, Segments
from supervise.domain.recall_segments import Span, around, drawn, parse_span
from supervise.domain.times import clock
from supervise.ui.desk import attempt
from supervise.ui.pieces import add_field, button, column, form, label, row, say
from supervise.ui.plain_words import said
from supervise.ui.theme import GAP

CHOSEN_WORDS = {
    ChosenBy.PARTICIPANT: "Whoever recalls",
    ChosenBy.RESEARCHER: "The researcher",
    ChosenBy.MARKER: "Whoever marked moments",
    ChosenBy.RANDOM: "Chance, drawn from a seed",
}
NONE_YET = "No passage is chosen yet."
EVERY = "Every moment"
LIST_HEIGHT = 80


@dataclass(frozen=True, slots=True)
class PassagesDraft:
    """What was filled in so far, chosen or only typed; `drawing` is how many, how long, and the seed."""

    some: bool
    spans: tuple[Span, ...]
    who: ChosenBy
    why: str
    typed: str
    moment: int
    drawing: tuple[int, int, int]


class RecallSegmentsBox(QWidget):
    """The whole session, or a list of passages that is kept in order."""

    changed = Signal()

    def __init__(self, duration_ms: int, moments: Sequence[Moment], codebook: Codebook) -> None:
        """Offer a session's moments, by time and first code."""
        super().__init__()
        self._duration_ms, self._spans = duration_ms, list[Span]()
        self._moments = sorted(moments, key=lambda moment: moment.start_ms)
        names = {code.code: code.label for code in codebook.codes}
        body = column(self, 0, GAP)
        self.whole = QRadioButton(f"The w&hole session ({clock(duration_ms)})")
        self.some = QRadioButton("Chosen &passages")
        group = QButtonGroup(self)
        for choice in (self.whole, self.some):
            group.addButton(choice)
        self.whole.setChecked(True)
        body.addLayout(row(self.whole, self.some, 1))
        self.passages = QWidget()
        body.addWidget(self.passages)
        inside = column(self.passages, 0, GAP)
        self._add_chooser(inside_form := form())
        inside.addLayout(inside_form)
        self._add_list()
        self._add_ways(names)
        for part in (self.typing, self.marked, self.drawing, self.problem, self.list):
            inside.addWidget(part)
        inside.addSpacing(GAP)
        inside.addLayout(row(self.remove, 1))
        self._say_why(inside_why := form())
        inside.addLayout(inside_why)
        self.whole.toggled.connect(self._look)
        self.chosen_by.activated.connect(lambda _number: self._on_chooser())
        self._look()

    def _add_chooser(self, fields: QFormLayout) -> None:
        self.chosen_by = QComboBox()
        for who, words in CHOSEN_WORDS.items():
            self.chosen_by.addItem(words, who)
        add_field(fields, "Chosen b&y", self.chosen_by)

    def _say_why(self, fields: QFormLayout) -> None:
        self.why = QLineEdit()
        self.why.setMaxLength(200)
        self.why.setPlaceholderText("Why these; kept with the recall")
        add_field(fields, "Wh&y these", self.why)

    def _add_list(self) -> None:
        self.list = QListWidget()
        self.list.setAccessibleName("Passages to be recalled")
        self.list.setFixedHeight(LIST_HEIGHT)
        self.problem = label("", "error")
        self.problem.hide()
        self.remove = button("Take the chosen one out", self._on_remove)

    def _add_ways(self, names: dict[str, str]) -> None:
        self.typing, self.marked, self.drawing = QWidget(), QWidget(), QWidget()
        self.span = QLineEdit()
        self.span.setAccessibleName("Passage, from – to")
        self.span.setPlaceholderText("From – to, for example 1:03–1:35")
        self.span.returnPressed.connect(self._on_add)
        self.add = button("Add", self._on_add)
        self.add.setAccessibleName("Add the passage")
        self.typing.setLayout(row(self.span, self.add))
        self.moment = QComboBox()
        self.moment.setAccessibleName("Moment")
        self.moment.addItem(EVERY)
        for moment in self._moments:
            first = names.get(moment.codes[0].code, "") if moment.codes else ""
            self.moment.addItem(f"{clock(moment.start_ms)}  {first}")
        self.take = button("Add", self._on_take)
        self.take.setAccessibleName("Add the moment")
        self.take.setEnabled(bool(self._moments))
        line = row(self.moment, self.take)
        line.setStretch(0, 1)
        self.marked.setLayout(line)
        self.count, self.length, self.seed = QSpinBox(), QSpinBox(), QSpinBox()
        for box, name, most, value, unit in (
            (self.count, "How many", 99, 3, " passages"),
            (self.length, "How long", 3600, 60, " s"),
            (self.seed, "Seed", 999_999, secrets.randbelow(1_000_000), ""),
        ):
            box.setRange(0 if box is self.seed else 1, most)
            box.setValue(value)
            box.setSuffix(unit)
            box.lineEdit().setTextMargins(6, 0, 0, 0)
            box.setAccessibleName(name)
        self.seed.setPrefix("seed ")
        self.draw = button("Draw", self._on_draw)
        self.drawing.setLayout(row(self.count, self.length, self.seed, self.draw))

    # --- what is chosen

    @property
    def _who(self) -> ChosenBy:
        return ChosenBy(self.chosen_by.currentData())

    @property
    def lacking(self) -> str:
        """What is still to be chosen; empty when nothing is."""
        return NONE_YET if self.some.isChecked() and not self._spans else ""

    @property
    def chosen(self) -> Segments:
        """The passages as they are now."""
        if self.whole.isChecked():
            return Segments()
        seed = self.seed.value() if self._who is ChosenBy.RANDOM else None
        return Segments(tuple(self._spans), self._who, self.why.text().strip(), seed)

    @property
    def draft(self) -> PassagesDraft:
        """What is filled in now."""
        drawing = self.count.value(), self.length.value(), self.seed.value()
        spans, moment = tuple(self._spans), self.moment.currentIndex()
        return PassagesDraft(
            self.some.isChecked(), spans, self._who, self.why.text(), self.span.text(), moment, drawing
        )

    def take_up(self, draft: PassagesDraft) -> None:
        """Go on with what was filled in before."""
        self.chosen_by.setCurrentIndex(self.chosen_by.findData(draft.who))
        self.why.setText(draft.why)
        self.span.setText(draft.typed)
        self.moment.setCurrentIndex(draft.moment if draft.moment < self.moment.count() else 0)
        for box, value in zip((self.count, self.length, self.seed), draft.drawing, strict=True):
            box.setValue(value)
        self.some.setChecked(draft.some)
        self._show(draft.spans)

    def _look(self) -> None:
        self.passages.setVisible(self.some.isChecked())
        self.typing.setVisible(self._who is not ChosenBy.RANDOM)
        self.marked.setVisible(self._who is ChosenBy.MARKER)
        self.drawing.setVisible(self._who is ChosenBy.RANDOM)
        self.remove.setEnabled(bool(self._spans) and self._who is not ChosenBy.RANDOM)
        self.changed.emit()

    def _on_chooser(self) -> None:
        self._show([] if self._who is ChosenBy.RANDOM else self._spans)

    def _show(self, spans: Sequence[Span]) -> None:
        self._spans = sorted(set(spans))
        say(self.problem, "")
        self.list.clear()
        self.list.addItems([f"{clock(start_ms)} – {clock(end_ms)}" for start_ms, end_ms in self._spans])
        if self._spans:
            self.list.setCurrentRow(0)
        self._look()

    def _failed(self, error: SuperviseError) -> None:
        say(self.problem, said(error).replace("segment", "passage"))

    def _on_add(self) -> None:
        def add() -> None:
            start_ms, end_ms = parse_span(self.span.text())
            self._show([*self._spans, (start_ms, end_ms)])

        if attempt(add, self._failed):
            self.span.clear()

    def _on_take(self) -> None:
        number = self.moment.currentIndex()
        picked = self._moments if number == 0 else self._moments[number - 1 : number]
        self._show([*self._spans, *around(picked, self._duration_ms)])

    def _on_draw(self) -> None:
        def draw() -> None:
            length_ms = self.length.value() * 1000
            self._show(drawn(self._duration_ms, self.count.value(), length_ms, self.seed.value()))

        attempt(draw, self._failed)

    def _on_remove(self) -> None:
        number = self.list.currentRow()
        if number >= 0:
            self._show([span for place, span in enumerate(self._spans) if place != number])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the chosen passage out."""
        if event.key() == Qt.Key.Key_Delete and self.list.hasFocus() and self.remove.isEnabled():
            self._on_remove()
        else:
            super().keyPressEvent(event)
