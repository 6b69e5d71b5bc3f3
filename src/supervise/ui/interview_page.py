"""An interview, one step at a time: its words large, one field, and the session's time line. Names nobody."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QScrollArea, QVBoxLayout, QWidget

from supervise.domain.interviews import Event
from supervise.domain.protocols import Answer, Step, StepKind
from supervise.domain.times import clock
from supervise.ui.columns import letters
from supervise.ui.interview_fields import Field, field_for
from supervise.ui.passage_box import PassageBox
from supervise.ui.pieces import button, card, column, label, row, say
from supervise.ui.theme import EDGE, GAP

HIDDEN = "Answered. It is hidden until both are done; another answer takes its place."
DECLINED = "Noted as not to be answered. An answer takes its place."
NO_RECALL = "No recall yet"
LAST = "This is the last step. Finishing is for good: nothing can be answered afterwards."
HEARD = (StepKind.EVENT, StepKind.PEAKS, StepKind.CUE)
SINGLE = {Qt.Key.Key_B: "begin", Qt.Key.Key_E: "end", Qt.Key.Key_P: "peak", Qt.Key.Key_Space: "play"}


class InterviewPage(QWidget):
    """Fills the window; everything on it can be seen by whoever is interviewed."""

    next_wished = Signal()
    back_wished = Signal()
    decline_wished = Signal()
    leave_wished = Signal()
    another_wished = Signal()
    recall_wished = Signal()

    def __init__(self) -> None:
        """Lay it out without an interview."""
        super().__init__()
        self.field: Field | None = None
        self._kind = StepKind.SAY
        self.title = label("", "title", wrap=False)
        self.about = label("", "muted", wrap=False)
        self.progress = label("", "heading", wrap=False)
        self.words = label("", "prompt-asked")
        self.passage = label("", "heading")
        self.note = label("", "muted")
        self.box = PassageBox()
        self.another = button("Ano&ther passage", self.another_wished.emit)
        self.problem = label("", "error")
        outer = column(self, EDGE)
        outer.addLayout(row(self.title, 1, self.progress))
        outer.addWidget(self.about)
        outer.addWidget(self._middle(), 1)
        self._add_buttons(outer)

    def _middle(self) -> QScrollArea:
        frame, body = card(EDGE * 2)
        frame.setMaximumWidth(letters(960))
        self._fill(body)
        inside = QWidget()
        middle = column(inside, 0, 0)
        middle.addStretch(1)
        line = row(1, frame, 1)
        line.setStretch(1, 12)
        middle.addLayout(line)
        middle.addStretch(2)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area

    def _fill(self, body: QVBoxLayout) -> None:
        self._place = column(gap=GAP)
        self.recalls = QComboBox()
        self.recalls.setAccessibleName("Which recall it is")
        self.recall = button("Hol&d a recall…", self.recall_wished.emit)
        self._recall_row = QWidget()
        line = row(self.recalls, self.recall, 1)
        self._recall_row.setLayout(line)
        for part in (self.words, self.passage, self.box, self.another, self._recall_row):
            body.addWidget(part)
        body.insertSpacing(1, GAP)
        body.addLayout(self._place)
        self.last = label("", "muted")
        for part in (self.note, self.last, self.problem):
            body.addWidget(part)
        body.setAlignment(self.another, Qt.AlignmentFlag.AlignLeft)

    def _add_buttons(self, outer: QVBoxLayout) -> None:
        self.back = button("&Back", self.back_wished.emit)
        self.decline = button("Not to be &answered", self.decline_wished.emit)
        self.leave = button("&Leave for now", self.leave_wished.emit)
        self.go = button("&Next", self.next_wished.emit, "primary")
        for one in (self.back, self.decline, self.leave, self.go):
            one.setProperty("bulk", "big")
        outer.addLayout(row(self.leave, 1, self.back, self.decline, self.go))

    def begin(self, title: str, about: str) -> None:
        """Show which interview it is."""
        self.title.setText(title)
        self.about.setText(about)

    def clear(self) -> None:
        """Forget everything, as when the vault locks."""
        self._put_field(None)
        for part in (self.title, self.about, self.progress, self.words, self.passage, self.note, self.last):
            part.setText("")
        say(self.problem, "")
        self.recalls.clear()
        self.box.rest()
        self.box.line.clear()

    def show_step(
        self,
        step: Step,
        event: Event | None,
        number: int,
        count: int,
        *,
        fixed: bool = False,
        settled: bool = True,
    ) -> None:
        """Show a step, about an event if there is one; `fixed` says that its span is given.

        Unless `settled`, there are more steps once an event is chosen: how many is not said yet.
        """
        self._kind = step.kind
        self.progress.setText(f"Step {number} of {count}" if settled else f"Step {number}")
        self.words.setText(step.words)
        about = event is not None and step.kind not in HEARD
        span = "" if event is None else f"The passage {clock(event.start_ms)} to {clock(event.end_ms)}"
        say(self.passage, span if about else "")
        self.box.setVisible(step.kind in HEARD or event is not None)
        self.box.show_for(step.kind, event, fixed=fixed, speaker=step.speaker)
        self._recall_row.setVisible(step.kind is StepKind.RECALL)
        self.another.setVisible(step.kind is StepKind.EVENT and step.most > 1)
        self.decline.setVisible(step.kind not in (StepKind.SAY, StepKind.CUE))
        self.back.setEnabled(number > 1)
        last = number == count
        self.go.setText("Fi&nish the interview" if last else "&Next")
        say(self.last, LAST if last else "")
        say(self.problem, "")
        self._put_field(field_for(step))

    def show_answer(self, value: Answer, *, answered: bool, hidden: bool) -> None:
        """Show what was answered before, or that it was."""
        if self.field is not None and not hidden:
            self.field.show_value(value)
        declined = answered and value is None and not hidden
        say(self.note, HIDDEN if answered and hidden else DECLINED if declined else "")

    def show_recalls(self, offered: Sequence[tuple[str, str]], chosen: str) -> None:
        """Offer recalls, by id and words."""
        self.recalls.clear()
        self.recalls.addItem(NO_RECALL, "")
        for recall, words in offered:
            self.recalls.addItem(words, recall)
        self.recalls.setCurrentIndex(max(0, self.recalls.findData(chosen)))

    def take_focus(self) -> None:
        """Put the focus where work goes on."""
        if self.field is not None:
            self.field.begin()
        elif self._kind in (StepKind.EVENT, StepKind.PEAKS):
            self.box.line.setFocus()
        else:
            self.go.setFocus()

    def show_problem(self, words: str) -> None:
        """Say what is in the way."""
        say(self.problem, words)

    def _put_field(self, field: Field | None) -> None:
        old, self.field = self.field, field
        if old is not None:
            self._place.removeWidget(old)
            old.hide()
            old.deleteLater()
        if field is not None:
            self._place.addWidget(field)
            field.done.connect(self.next_wished)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, Escape leaves; Space, B, E and P where something is heard."""
        key, plain = Qt.Key(event.key()), not event.modifiers() or event.key() == Qt.Key.Key_Enter
        wished = SINGLE.get(key, "") if plain and not self.box.isHidden() else ""
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self.next_wished.emit()
        elif key == Qt.Key.Key_Escape and plain:
            self.leave_wished.emit()
        elif wished == "play":
            self.box.play_wished.emit()
        elif wished == "peak" and not self.box.peak.isHidden():
            self.box.peak_wished.emit()
        elif wished in ("begin", "end") and not self.box.begins.isHidden():
            self.box.edge_wished.emit(wished)
        else:
            super().keyPressEvent(event)
