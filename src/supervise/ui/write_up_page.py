"""Writing a recall up: a quiet page with one's own words on it, and no code, rating or score."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QWidget

from supervise.domain.ids import ProfileId
from supervise.domain.write_ups import TEXT_LIMIT, WriteUp
from supervise.ui.columns import letters
from supervise.ui.moment_editor import NoteField
from supervise.ui.pieces import button, card, column, label, row, say
from supervise.ui.theme import EDGE, GAP

ASKED = "What stood out? What do you take with you?"
ABOUT = (
    "In your own words, for yourself. Nothing here is judged: teaching and evaluating are for another "
    "conversation. What you write is kept by itself."
)
PRIVATE = "Sealed with your own key. Nobody else in this vault can open it."
SHARED = "Whoever may read this recall can read it."
WIDE, OTHERS = 760, 220


class TextField(NoteField):
    """A large field with its own undo; Escape goes back to the recall."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.setPlaceholderText("")
        self.setAccessibleName("Your write-up")
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.15)
        self.setFont(font)


class WriteUpPage(QWidget):
    """Emits the text when it is left, and whether it is shared."""

    written = Signal(str)
    share_wished = Signal(bool)
    back_wished = Signal()

    def __init__(self) -> None:
        """Lay it out without a recall."""
        super().__init__()
        self._build()
        self._lay_out()
        self.clear()

    def _build(self) -> None:
        self.title = label("Writing up the recall", "title")
        self.facts = label("", "muted")
        self.asked = label(ASKED, "heading")
        self.text = TextField()
        self.text.finished.connect(self.written)
        self.text.left.connect(self._go_back)
        self.text.textChanged.connect(self._on_text)
        self.share = QCheckBox("&Share it with those who may read this recall")
        self.share.clicked.connect(self._on_share)
        self.state = label(PRIVATE, "muted")
        self.problem = label("", "error")
        self.back = button("&Back to the recall", self._go_back, "primary")

    def _lay_out(self) -> None:
        frame, body = card(EDGE * 2)
        frame.setMaximumWidth(letters(WIDE))
        frame.setMinimumWidth(420)
        for part in (self.title, self.facts, label(ABOUT, "muted")):
            body.addWidget(part)
        body.addSpacing(GAP)
        body.addWidget(self.asked)
        body.addWidget(self.text, 1)
        body.addWidget(self.problem)
        body.addWidget(self.share)
        body.addWidget(self.state)
        body.addLayout(row(1, self.back))
        self.others = self._others()
        outer = column(self, EDGE)
        middle = row(1, frame, 1)
        middle.setStretch(1, 20)
        outer.addLayout(middle, 1)
        lower = row(1, self.others, 1)
        lower.setStretch(1, 20)
        outer.addLayout(lower)

    def _others(self) -> QScrollArea:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setMaximumWidth(letters(WIDE))
        area.setMaximumHeight(OTHERS)
        area.setAccessibleName("What others wrote")
        inside = QWidget()
        body = column(inside, EDGE, GAP)
        body.addWidget(label("What others wrote and share", "heading"))
        self.others_words = label("")
        body.addWidget(self.others_words)
        body.addStretch(1)
        area.setWidget(inside)
        return area

    def show_write_ups(
        self, facts: str, me: ProfileId, entries: Sequence[WriteUp], names: Mapping[ProfileId, str]
    ) -> None:
        """Show one's own, and what others share; what is being typed stays."""
        own = next((entry for entry in entries if entry.author == me), None)
        self.facts.setText(facts)
        if not self.text.hasFocus() or not self.text.toPlainText().strip():
            self.text.show_text(own.text if own is not None else "")
        self.show_share(own)
        others = [entry for entry in entries if entry.author != me]
        words = [f"{names.get(entry.author, 'Somebody')}:\n{entry.text}" for entry in others]
        self.others_words.setText("\n\n".join(words))
        self.others.setVisible(bool(others))

    def show_share(self, own: WriteUp | None) -> None:
        """Show who may read it."""
        shared = own is not None and not own.private
        self.share.setChecked(shared)
        self._on_text()
        self.state.setText(SHARED if shared else PRIVATE)

    def show_problem(self, sentence: str) -> None:
        """Say why it could not be kept."""
        say(self.problem, sentence)

    def begin(self) -> None:
        """Put the cursor behind what is written."""
        self.text.setFocus()
        cursor = self.text.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.text.setTextCursor(cursor)

    def clear(self) -> None:
        """Forget everything; used when the vault locks."""
        self.text.show_text("")
        self.text.document().clearUndoRedoStacks()
        self.facts.clear()
        self.others_words.clear()
        self.others.hide()
        self.show_problem("")
        self.show_share(None)

    def keep(self) -> None:
        """Keep what was typed, now."""
        if len(self.text.toPlainText()) <= TEXT_LIMIT:
            self.text.commit()

    def _on_text(self) -> None:
        """There is something to share as soon as something is written."""
        self.share.setEnabled(bool(self.text.toPlainText().strip()))

    def _on_share(self) -> None:
        self.text.commit()
        self.share_wished.emit(self.share.isChecked())

    def _go_back(self) -> None:
        self.text.commit()
        self.back_wished.emit()
