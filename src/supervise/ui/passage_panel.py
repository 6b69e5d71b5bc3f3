"""Marking a passage of a recall: then or now, whose words, codes and a note; emits wishes, never writes."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from supervise.domain.codebook import Code, Codebook
from supervise.domain.recall_marks import About, RecallMark, TimeFrame, recall_codes
from supervise.ui.code_picker import explained
from supervise.ui.moment_editor import NoteField
from supervise.ui.pieces import button, column, label, row, say
from supervise.ui.reading_words import span_words
from supervise.ui.theme import EDGE, GAP

KEYED = 10
NOTHING = "Choose a passage: walk the words, or click one. Shift chooses part of it."
COLUMNS = 2


def chip(text: str, clicked: object, hint: str = "") -> QPushButton:
    """Return a button that stays pressed."""
    made = button(text, clicked, "chip")  # type: ignore[arg-type]
    made.setCheckable(True)
    made.setToolTip(hint)
    return made


class PassagePanel(QScrollArea):
    """Shows one's own mark on the passage chosen, and what others marked there."""

    frame_wished = Signal(str)
    about_wished = Signal(str)
    code_wished = Signal(str)
    noted = Signal(str)
    removed = Signal()

    def __init__(self) -> None:
        """Show nothing until a passage is chosen."""
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.chips: dict[str, QPushButton] = {}
        self._codebook: Codebook | None = None
        self._about = About.RECALLER
        self._span: tuple[int, int] | None = None
        self._fresh = True
        self._columns = 0
        self._lay_out()
        self.clear()

    def _lay_out(self) -> None:
        inside = QWidget()
        self.setWidget(inside)
        body = column(inside, EDGE, GAP)
        self.title = label("", "heading")
        self.facts = label("", "muted")
        self.nothing = label(NOTHING, "muted")
        for part in (self.title, self.facts, self.nothing):
            body.addWidget(part)
        self.parts = QWidget()
        lower = column(self.parts, 0, GAP)
        body.addWidget(self.parts)
        body.addStretch(1)
        self.then = chip(
            "T  There and then", lambda: self.frame_wished.emit("then"), "It tells what went on then (T)"
        )
        self.now = chip(
            "H  Here and now", lambda: self.frame_wished.emit("now"), "It tells what is thought now (H)"
        )
        self.recaller = chip("The recaller's words", lambda: self.about_wished.emit("recaller"))
        self.inquirer = chip(
            "I  The inquirer's", lambda: self.about_wished.emit("inquirer"), "Whose words (I)"
        )
        self._finish(lower)

    def _finish(self, lower: QVBoxLayout) -> None:
        """Put the parts of a mark under each other."""
        lower.addLayout(row(self.then, self.now, 1))
        lower.addLayout(row(self.recaller, self.inquirer, 1))
        self.codes = QGridLayout()
        self.codes.setSpacing(GAP - 2)
        lower.addLayout(self.codes)
        self.unlisted = label("", "muted")
        lower.addWidget(self.unlisted)
        self.note = NoteField()
        self.note.setPlaceholderText("A note on this passage")
        self.note.finished.connect(self.noted)
        lower.addWidget(self.note)
        self.remove = button("Remove my mark", self.removed.emit)
        lower.addLayout(row(self.remove, 1))
        self.others = label("", "muted")
        lower.addWidget(self.others)

    # --- what is shown

    @property
    def about(self) -> About:
        """Whose words the codes on offer are about."""
        return self._about

    def offered(self) -> tuple[Code, ...]:
        """Return the codes on offer, in the order of their keys."""
        return () if self._codebook is None else recall_codes(self._codebook, self._about)

    @staticmethod
    def offered_to_recaller(codebook: Codebook) -> tuple[Code, ...]:
        """Return the codes for the recaller's words, which the menu names."""
        return recall_codes(codebook, About.RECALLER)

    def show_passage(
        self, codebook: Codebook, span: tuple[int, int], session: tuple[int, int], who: str, about: About
    ) -> None:
        """Show which passage is chosen, and the codes for whoever speaks in it."""
        if codebook is not self._codebook or about is not self._about or not self.chips:
            self._codebook, self._about = codebook, about
            self._offer()
        self._fresh = self._fresh or span != self._span
        self._span = span
        self.title.setText(" · ".join(part for part in (span_words(*span), who) if part))
        self.facts.setText(f"about {span_words(*session)} of the session")
        self.recaller.setChecked(about is About.RECALLER)
        self.inquirer.setChecked(about is About.INQUIRER)
        self.nothing.hide()
        for part in (self.title, self.facts, self.parts):
            part.show()

    def show_marks(self, own: RecallMark | None, others: Sequence[str]) -> None:
        """Show one's own mark, and in words those of others and on parts of the passage."""
        self.then.setChecked(own is not None and own.time_frame is TimeFrame.THEN)
        self.now.setChecked(own is not None and own.time_frame is TimeFrame.NOW)
        held = {entry.code for entry in own.codes} if own is not None else set()
        for code, box in self.chips.items():
            box.setChecked(code in held)
        missing = sorted(held - set(self.chips))
        say(self.unlisted, f"Besides: {', '.join(missing)}" if missing else "")
        if self._fresh or not self.note.hasFocus():
            self.note.show_text(own.note if own is not None else "")
        self._fresh = False
        self.remove.setEnabled(own is not None)
        say(self.others, "\n".join(others))

    def clear(self) -> None:
        """Show that no passage is chosen."""
        self._span, self._fresh = None, True
        self.title.clear()
        self.facts.clear()
        self.others.clear()
        self.note.show_text("")
        for part in (self.title, self.facts, self.parts):
            part.hide()
        self.nothing.show()

    def _offer(self) -> None:
        while (item := self.codes.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.chips = {}
        for number, code in enumerate(self.offered()):
            key = str((number + 1) % KEYED) if number < KEYED else ""
            made = chip(
                f"{key}  {code.label}" if key else code.label.replace("&", "&&"),
                lambda code=code.code: self.code_wished.emit(code),
                explained(code),
            )
            made.setAccessibleName(code.label)
            self.chips[code.code] = made
        self._columns = 0
        self._place()
        for first, second in pairwise([self.inquirer, *self.chips.values(), self.note]):
            self.setTabOrder(first, second)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the codes beside each other where there is room."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        room = self.viewport().width() - 2 * EDGE
        widths = [made.sizeHint().width() for made in self.chips.values()]
        beside = sum(max(widths[number::COLUMNS], default=0) for number in range(COLUMNS))
        columns = COLUMNS if beside + self.codes.spacing() <= room else 1
        if columns != self._columns:
            self._columns = columns
            for number, made in enumerate(self.chips.values()):
                self.codes.addWidget(made, number // columns, number % columns)
