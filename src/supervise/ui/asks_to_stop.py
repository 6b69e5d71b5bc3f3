"""The client asks to stop: recording is paused already, and here it is said what is to become of it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QSpinBox, QStackedWidget, QWidget

from supervise.domain.recordings import Wish
from supervise.domain.times import clock
from supervise.ui.pieces import button, column, label, row
from supervise.ui.theme import EDGE, GAP

PAUSED = "Recording is paused. Nothing of what is said now is kept. Ask the client what is to become of it."
FOR_GOOD = (
    "What is deleted cannot be brought back by anybody. What was asked is written down, without content."
)
LATER = "The vault is locked: it is deleted as soon as you unlock it."
MOST_MINUTES = 600


class AsksToStopDialog(QDialog):
    """Emits one wish. Closing it another way leaves the recording paused."""

    go_on_wished = Signal()
    end_wished = Signal(object, float)

    def __init__(self, parent: QWidget, duration_ms: int, locked: bool) -> None:
        """Offer what can be done with the first `duration_ms`."""
        super().__init__(parent)
        self.setWindowTitle("The client asks to stop")
        self.setMinimumWidth(520)
        self._duration_ms, self._locked = duration_ms, locked
        self._wish, self._minutes = Wish.KEEP, 0.0
        self.stack = QStackedWidget()
        self.stack.addWidget(self._offers())
        self.stack.addWidget(self._question())
        body = column(self, EDGE + 4, GAP + 2)
        body.addWidget(label("The client asks to stop", "heading"))
        body.addWidget(self.stack)
        self.keep.setDefault(True)
        self.keep.setFocus()  # Enter, pressed by habit, must not record on against the client's wish

    def _offers(self) -> QWidget:
        page = QWidget()
        body = column(page, 0, GAP + 2)
        body.addWidget(label(f"{PAUSED} So far {clock(self._duration_ms)} are recorded."))
        self.go_on = button("&Go on recording", self._on_go_on)
        self.keep = button("&End here and keep what is recorded", lambda: self._end(Wish.KEEP), "primary")
        self.minutes = QSpinBox()
        self.minutes.lineEdit().setTextMargins(6, 0, 0, 0)
        self.minutes.setRange(1, MOST_MINUTES)
        self.minutes.setValue(5)
        self.minutes.setSuffix(" min")
        self.minutes.setAccessibleName("How many minutes to delete")
        self.delete_last = button("End, and &delete the last…", self._ask_last, "danger")
        self.delete_all = button("End, and delete e&verything…", self._ask_all, "danger")
        for one in (self.go_on, self.keep, self.delete_last, self.delete_all):
            one.setAutoDefault(True)
            one.setProperty("bulk", "big")
        for one in (self.go_on, self.keep, self.delete_all):
            body.addWidget(one)
        last = row(self.delete_last, self.minutes)
        last.setStretch(0, 1)
        body.insertLayout(3, last)
        return page

    def _question(self) -> QWidget:
        page = QWidget()
        body = column(page, 0, GAP + 2)
        self.question = label("")
        self.for_good = button("Delete for &good", self._on_for_good, "danger")
        self.back = button("&Back", lambda: self.stack.setCurrentIndex(0))
        for one in (self.for_good, self.back):
            one.setAutoDefault(True)
        body.addWidget(self.question)
        body.addWidget(label(f"{FOR_GOOD} {LATER if self._locked else ''}".strip(), "muted"))
        body.addStretch(1)
        body.addLayout(row(1, self.back, self.for_good))
        return page

    def _ask_last(self) -> None:
        minutes = self.minutes.value()
        kept_ms = self._duration_ms - minutes * 60_000
        if kept_ms <= 0:
            self._ask_all()
            return
        self._wish, self._minutes = Wish.DELETE_LAST, float(minutes)
        them = "The last minute is" if minutes == 1 else f"The last {minutes} minutes are"
        self._ask(f"{them} deleted for good. The first {clock(kept_ms)} are kept.")

    def _ask_all(self) -> None:
        self._wish, self._minutes = Wish.DELETE_ALL, 0.0
        self._ask(f"The whole recording of {clock(self._duration_ms)} is deleted for good.")

    def _ask(self, words: str) -> None:
        self.question.setText(words)
        self.stack.setCurrentIndex(1)
        self.back.setFocus()

    def _on_for_good(self) -> None:
        self._end(self._wish, self._minutes)

    def _end(self, wish: Wish, minutes: float = 0.0) -> None:
        self.accept()
        self.end_wished.emit(wish, minutes)

    def _on_go_on(self) -> None:
        self.accept()
        self.go_on_wished.emit()
