"""Editing one moment: codes with ratings, times, note and privacy; one wish for each finished change."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QToolButton,
    QWidget,
)

from supervise.domain.codebook import Codebook, Scale
from supervise.domain.errors import UsageError
from supervise.domain.moments import Moment, MomentCode, Rating
from supervise.domain.times import clock, parse_seconds
from supervise.ui.choices import narrow
from supervise.ui.code_picker import CodePicker, explained, swatch_icon
from supervise.ui.comments_box import CommentsBox
from supervise.ui.lanes import end_is_open, family_of
from supervise.ui.moment_model import code_label
from supervise.ui.pieces import add_field, button, column, form, label, row, tool_button
from supervise.ui.theme import EDGE, GAP
from supervise.ui.tips import plain_tip

UNRATED = "not rated"
NOTE_HEIGHT = 84


def steps_of(scale: Scale) -> list[tuple[str, Rating]]:
    """Return a scale's answers as people read them, with their values."""
    if scale.type == "enum":
        return [(value, value) for value in scale.values]
    anchors = dict(scale.anchors)
    count = round((scale.maximum - scale.minimum) / scale.step) + 1
    answers: list[tuple[str, Rating]] = []
    for number in range(count):
        value = scale.minimum + number * scale.step
        shown: Rating = int(value) if scale.type == "int" else float(value)
        meaning = anchors.get(value, "")
        answers.append((f"{value:g} – {meaning}" if meaning else f"{value:g}", shown))
    return answers


def short_time(ms: int) -> str:
    """Write a time with tenths, as the fields take it."""
    return f"{clock(ms)}.{ms % 1000 // 100}"


class NoteField(QPlainTextEdit):
    """A note with its own undo; it becomes one change when the focus leaves."""

    finished = Signal(str)
    entered = Signal()
    left = Signal()

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self._before = ""
        self.setTabChangesFocus(True)
        self.setPlaceholderText("What did you notice?")
        self.setAccessibleName("Note")
        self.setMinimumHeight(NOTE_HEIGHT)
        self.installEventFilter(self)

    def sizeHint(self) -> QSize:
        """A few lines; more where there is room."""
        return QSize(super().sizeHint().width(), NOTE_HEIGHT)

    def show_text(self, text: str) -> None:
        """Show a stored note."""
        self._before = text
        if text != self.toPlainText():
            self.setPlainText(text)

    def commit(self) -> None:
        """Say so when the note has changed."""
        if self.toPlainText() != self._before:
            self._before = self.toPlainText()
            self.finished.emit(self._before)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape is done with it: what was written is kept, and the keys go back to where they were."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Finish when the focus leaves; when it comes, the note is brought on screen."""
        if event.type() == QEvent.Type.FocusOut:
            self.commit()
        elif event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        return False


class MomentEditor(QScrollArea):
    """Shows the moment picked; emits the whole changed moment, and never writes."""

    changed = Signal(object)
    delete_requested = Signal(str)
    play_requested = Signal(str)
    playhead_wanted = Signal(str)
    commented = Signal(str, str)
    failed = Signal(object)

    def __init__(self) -> None:
        """Show nothing until a moment is picked."""
        super().__init__()
        self.moment: Moment | None = None
        self._codebook: Codebook | None = None
        self._mine = False
        self.setWidgetResizable(True)
        self.setMinimumHeight(2 * NOTE_HEIGHT)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._picker: CodePicker | None = None
        self._lay_out()

    def _lay_out(self) -> None:
        inside = self._inside = QWidget()
        self.setWidget(inside)
        body = column(inside, EDGE - 4, GAP)
        self.title = label("Moment", "heading", wrap=False)
        self.play_button = tool_button("play", "Play this moment")
        self.delete_button = tool_button("delete", "Delete this moment")
        self.play_button.clicked.connect(self._on_play)
        self.delete_button.clicked.connect(self._on_delete)
        body.addLayout(row(self.title, 1, self.play_button, self.delete_button))
        self.whose = label("", "muted")
        body.addWidget(self.whose)
        self.open_end = label("", "muted")
        body.addWidget(self.open_end)
        self.note = NoteField()
        self.note.finished.connect(self._on_note)
        self.note.entered.connect(self._show_note)
        body.addWidget(label("Note", wrap=False))
        body.addWidget(self.note, 1)
        self._codes = column(None, 0, GAP)
        body.addLayout(self._codes)
        self.add_button = button("Add a code…", self.open_picker)
        body.addLayout(row(self.add_button, 1))
        body.addLayout(self._times())
        self.private = QCheckBox("Private: sealed with my own key")
        self.private.setAccessibleName("Private: sealed with my own key")
        self.private.toggled.connect(self._on_private)
        body.addWidget(self.private)
        self.comments = CommentsBox()
        self.comments.written.connect(self._on_comment)
        body.addWidget(self.comments)

    def _show_note(self) -> None:
        self.ensureWidgetVisible(self.note, 0, GAP)

    def _times(self) -> QGridLayout:
        """Both times in one row: a small screen is soon full."""
        fields = QGridLayout()
        fields.setSpacing(GAP)
        self.start, self.end = QLineEdit(), QLineEdit()
        self.start_here = tool_button("start_here", "Start where the sound stands")
        self.end_here = tool_button("end_here", "End where the sound stands")
        self.end.setPlaceholderText("none")
        pairs = (("Start", self.start, self.start_here), ("End", self.end, self.end_here))
        for number, (name, field, here) in enumerate(pairs):
            fields.addWidget(label(name, wrap=False), 0, number)
            fields.addLayout(row(field, here, gap=2), 1, number)
            fields.setColumnStretch(number, 1)
            field.setAccessibleName(f"{name} of the moment")
        self.start.editingFinished.connect(self._on_times)
        self.end.editingFinished.connect(self._on_times)
        self.start_here.clicked.connect(self._want_start)
        self.end_here.clicked.connect(self._want_end)
        return fields

    # --- showing

    def show_moment(self, moment: Moment, codebook: Codebook, author: str, mine: bool) -> None:
        """Show a moment; somebody else's can be read and not changed."""
        if self.moment is not None and self.moment.moment != moment.moment:
            self.note.commit()
        recoded = self.moment is None or self.moment.codes != moment.codes or self._mine != mine
        other = self.moment is None or self.moment.moment != moment.moment
        self.moment, self._codebook, self._mine = moment, codebook, mine
        self.whose.setText(author if mine else f"Made by {author}. Only they can change it.")
        if recoded or other:
            self._show_codes()
        with QSignalBlocker(self.private), QSignalBlocker(self.start), QSignalBlocker(self.end):
            self.private.setChecked(moment.private)
            self.start.setText(short_time(moment.start_ms))
            self.end.setText("" if moment.end_ms is None else short_time(moment.end_ms))
        if other or not self.note.hasFocus():
            self.note.show_text(moment.note)
        still_open = end_is_open(moment, codebook)
        self.open_end.setText(
            "End still open: press E where it ends, or leave it as a point." if still_open else ""
        )
        self.open_end.setVisible(still_open)
        for widget in (self.private, self.start, self.end, self.start_here, self.end_here, self.add_button):
            widget.setEnabled(mine)
        self.delete_button.setEnabled(mine)
        self.note.setReadOnly(not mine)

    def clear(self) -> None:
        """Forget the moment, without writing what is unfinished."""
        self.moment = None
        self.note.show_text("")
        self.comments.clear()
        self.whose.setText("")
        if self._picker is not None:
            self._picker.reject()
        self._empty_codes()

    def _empty_codes(self) -> None:
        while (item := self._codes.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _show_codes(self) -> None:
        focused = QApplication.focusWidget()
        keep = focused.accessibleName() if focused is not None and self.isAncestorOf(focused) else ""
        self._empty_codes()
        if self.moment is None:
            return
        before: QWidget = self.note
        for entry in self.moment.codes:
            box = self._code_box(entry)
            self._codes.addWidget(box)
            for part in (*box.findChildren(QToolButton), *box.findChildren(QComboBox)):
                QWidget.setTabOrder(before, part)
                before = part
        again = next((w for w in self._inside.findChildren(QComboBox) if w.accessibleName() == keep), None)
        if again is not None and keep:
            again.setFocus()

    def _code_box(self, entry: MomentCode) -> QFrame:
        book = self._codebook
        if book is None or self.moment is None:
            message = "no moment is shown"
            raise LookupError(message)
        box = QFrame()
        box.setProperty("role", "card")
        body = column(box, GAP, GAP - 2)
        name = code_label(book, entry.code)
        swatch = label("", wrap=False)
        swatch.setPixmap(swatch_icon(family_of(book, entry.code)).pixmap(18, 14))
        remove = tool_button("close", f"Take the code {name} away", size=14)
        remove.setEnabled(self._mine and len(self.moment.codes) > 1)
        remove.clicked.connect(lambda _checked=False, code=entry.code: self._remove(code))
        caption = label(name)
        line = row(swatch, caption, remove)
        line.setStretch(1, 1)
        body.addLayout(line)
        try:
            known = book.code(entry.code)
        except UsageError:
            return box
        caption.setToolTip(plain_tip(explained(known)))
        fields = form()
        for rate in known.rates:
            add_field(fields, rate.replace("_", " ").capitalize(), self._rating_box(entry, book.scale(rate)))
        if known.rates:
            body.addLayout(fields)
        return box

    def _rating_box(self, entry: MomentCode, scale: Scale) -> QComboBox:
        box = QComboBox()
        box.addItem(UNRATED, None)
        for text, value in steps_of(scale):
            box.addItem(text, value)
        held = dict(entry.ratings).get(scale.scale)
        place = next((n for n in range(1, box.count()) if box.itemData(n) == held), 0)
        box.setCurrentIndex(place)
        box.setEnabled(self._mine)
        narrow(box, 10)
        box.activated.connect(
            lambda _row, code=entry.code, name=scale.scale, box=box: self._rate(code, name, box.currentData())
        )
        return box

    # --- wishing

    def _wish(self, moment: Moment) -> None:
        if moment != self.moment and self._mine:
            self.changed.emit(moment)

    def _rate(self, code: str, name: str, value: Rating | None) -> None:
        if self.moment is None:
            return
        codes = []
        for entry in self.moment.codes:
            if entry.code == code:
                rated = {**dict(entry.ratings), name: value}
                kept = tuple((key, held) for key, held in rated.items() if held is not None)
                codes.append(replace(entry, ratings=kept))
            else:
                codes.append(entry)
        self._wish(replace(self.moment, codes=tuple(codes)))

    def _remove(self, code: str) -> None:
        if self.moment is not None:
            kept = tuple(entry for entry in self.moment.codes if entry.code != code)
            self._wish(replace(self.moment, codes=kept))

    def open_picker(self) -> None:
        """Open the list of codes."""
        if self._codebook is None or self.moment is None or not self._mine:
            return
        self._picker = CodePicker(self._codebook, self.window())
        self._picker.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._picker.chosen.connect(self.add_code)
        self._picker.finished.connect(self._forget_picker)
        self._picker.open()

    def _forget_picker(self) -> None:
        self._picker = None
        self.window().activateWindow()

    def add_code(self, code: str) -> None:
        """Add a code; the bare flag gives way to the first real one."""
        if self.moment is None or any(entry.code == code for entry in self.moment.codes):
            return
        kept = tuple(entry for entry in self.moment.codes if entry.code != "wf.flag")
        self._wish(replace(self.moment, codes=(*kept, MomentCode(code))))

    def _on_note(self, text: str) -> None:
        if self.moment is not None:
            self._wish(replace(self.moment, note=text))

    def _on_comment(self, words: str) -> None:
        if self.moment is not None:
            self.commented.emit(self.moment.moment, words)

    def _on_private(self, private: bool) -> None:
        if self.moment is not None:
            self._wish(replace(self.moment, private=private))

    def _on_times(self) -> None:
        if self.moment is None or not self._mine:
            return
        if (self.start.text(), self.end.text()) == self._times_text():
            return
        try:
            start = parse_seconds(self.start.text())
            end = parse_seconds(self.end.text()) if self.end.text().strip() else None
        except UsageError as error:
            self.failed.emit(error)
            self._put_times_back()
            return
        self._wish(replace(self.moment, start_ms=start, end_ms=end))

    def _times_text(self) -> tuple[str, str]:
        moment = self.moment
        if moment is None:
            return "", ""
        return short_time(moment.start_ms), "" if moment.end_ms is None else short_time(moment.end_ms)

    def _put_times_back(self) -> None:
        with QSignalBlocker(self.start), QSignalBlocker(self.end):
            start, end = self._times_text()
            self.start.setText(start)
            self.end.setText(end)

    def _want_start(self) -> None:
        self.playhead_wanted.emit("start")

    def _want_end(self) -> None:
        self.playhead_wanted.emit("end")

    def _on_play(self) -> None:
        if self.moment is not None:
            self.play_requested.emit(self.moment.moment)

    def _on_delete(self) -> None:
        if self.moment is not None:
            self.delete_requested.emit(self.moment.moment)
