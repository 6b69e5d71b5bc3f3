"""The page on which somebody rates: the clock, one dial or two, play, end. Nothing else, and no names."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from supervise.domain.rating import Dial, RatingSetup
from supervise.domain.times import clock
from supervise.ui.columns import letters
from supervise.ui.dial import DialView
from supervise.ui.live_rating import RatingStanding
from supervise.ui.pieces import button, card, column, dress, label, row, say, set_role
from supervise.ui.theme import EDGE, GAP

PLAYS, STANDS = "It plays: turn with what you hear", "It stands still: Space plays"
Key = Qt.Key
UPRIGHT = {Key.Key_Up: 1, Key.Key_W: 1, Key.Key_Down: -1, Key.Key_S: -1}
SIDEWAYS = {Key.Key_Right: 1, Key.Key_D: 1, Key.Key_Left: -1, Key.Key_A: -1}
MIDDLE = {Key.Key_0, Key.Key_Home}
_LOOSE = Qt.KeyboardModifier.KeypadModifier
ENDED = "The rating has ended"


def key_words(dials: tuple[Dial, ...]) -> str:
    """Say which keys turn what."""
    if len(dials) == 1:
        return (
            "Up and Down, or W and S, turn the dial; 0 brings it back to the middle. Space plays and pauses."
        )
    return (
        f"Up and Down (W, S) turn “{dials[0].title}”, Left and Right (A, D) turn “{dials[1].title}”; "
        "0 brings both back to the middle. Space plays and pauses."
    )


class RatingPage(QWidget):
    """Shows what it is told and says what is wished; keys turn the dials wherever the focus is on it."""

    turn_wished = Signal(int, int)
    value_wished = Signal(int, int)
    middle_wished = Signal()
    play_wished = Signal()
    end_wished = Signal()
    lock_wished = Signal()
    back_wished = Signal()
    curve_wished = Signal()

    def __init__(self) -> None:
        """Lay it out, with no dials yet."""
        super().__init__()
        self.dials: list[DialView] = []
        self.parts = QStackedWidget()
        self.parts.addWidget(self._rating())
        self.parts.addWidget(self._over())
        column(self, EDGE).addWidget(self.parts)

    def _rating(self) -> QWidget:
        frame, body = card(EDGE * 2)
        frame.setMinimumWidth(560)
        frame.setMaximumWidth(letters(1040))
        self.state = label("", "heading", wrap=False)
        self.clock = QLabel("0:00")
        self.clock.setProperty("role", "clock")
        self.clock.setAccessibleName("Place in the session")
        self.length = label("", "muted", wrap=False)
        body.addLayout(row(self.state, 1, self.clock, self.length, gap=GAP))
        body.addSpacing(GAP)
        self._place = QHBoxLayout()
        self._place.setSpacing(EDGE * 3)
        body.addLayout(self._place, 1)
        self.notice = label("", "notice")
        self.notice.hide()
        body.addWidget(self.notice)
        body.addSpacing(EDGE)
        body.addLayout(self._buttons())
        self.hint = label("", "muted")
        body.addWidget(self.hint)
        holder = QWidget()
        outer = row(1, frame, 1)
        outer.setStretch(1, 100)
        holder.setLayout(outer)
        return holder

    def _buttons(self) -> QHBoxLayout:
        self.play = button("Play", self.play_wished.emit, "primary")
        self.play.setProperty("bulk", "huge")
        dress(self.play, "play", "on_accent")
        self.end = button("End the rating", self.end_wished.emit)
        self.end.setProperty("bulk", "huge")
        self.end.setToolTip("Everything rated is kept")
        for one in (self.play, self.end):
            one.installEventFilter(self)
        buttons = row(self.play, self.end)
        buttons.setStretch(0, 3)
        buttons.setStretch(1, 1)
        return buttons

    def _over(self) -> QWidget:
        frame, body = card(EDGE * 2)
        frame.setMinimumWidth(480)
        frame.setMaximumWidth(letters(620))
        body.addWidget(label(ENDED, "title"))
        self.outcome = label("")
        self.back = button("Back to the session", self.back_wished.emit)
        self.curve = button("Show the ratings", self.curve_wished.emit, "primary")
        body.addWidget(self.outcome)
        body.addSpacing(GAP)
        body.addLayout(row(1, self.back, self.curve))
        holder = QWidget()
        outer = column(holder)
        outer.addStretch(1)
        outer.addLayout(row(1, frame, 1))
        outer.addStretch(2)
        return holder

    # --- what is shown

    def begin(self, setup: RatingSetup) -> None:
        """Show the dials of a rating that begins, standing still."""
        self.clear()
        for number, dial in enumerate(setup.dials):
            self._add_dial(number, dial)
        self.hint.setText(key_words(setup.dials))
        self.parts.setCurrentIndex(0)

    def _add_dial(self, number: int, dial: Dial) -> None:
        made = DialView(dial, upright=number == 0)
        made.turned.connect(lambda value: self.value_wished.emit(number, value))
        self.dials.append(made)
        holder = QWidget()
        inside: QVBoxLayout = column(holder, 0, GAP * 2)
        title = label(dial.title, "heading", wrap=False)
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        if number:
            inside.addStretch(1)
        inside.addWidget(title)
        inside.addWidget(made, 0 if number else 1)
        if number:
            inside.addStretch(1)
        self._place.addWidget(holder, 1 if number else 0)
        if number == 0:
            self._place.setAlignment(holder, Qt.AlignmentFlag.AlignHCenter)

    def clear(self) -> None:
        """Show no dials and no words about anything."""
        while (item := self._place.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.dials = []
        for one in (self.state, self.length, self.hint, self.outcome):
            one.clear()
        say(self.notice, "")
        self.clock.setText("0:00")

    def focus_first(self) -> None:
        """Put the focus where the hand is."""
        if self.dials:
            self.dials[0].setFocus()

    def show_standing(self, now: RatingStanding) -> None:
        """Show how it stands."""
        _set(self.state, PLAYS if now.playing else STANDS)
        _set(self.clock, clock(now.position_ms))
        _set(self.length, f"of {clock(now.duration_ms)}")
        for dial, value in zip(self.dials, now.values, strict=True):
            dial.show_value(value)
        if self.notice.text() != now.said:
            say(self.notice, now.said)
        words = "Pause" if now.playing else "Play"
        if self.play.text() != words:
            self.play.setText(words)
            set_role(self.play, "" if now.playing else "primary")
            dress(self.play, "pause" if now.playing else "play", "" if now.playing else "on_accent")

    def show_end(self, words: str, kept: bool) -> None:
        """Show that it is over, and what there is of it."""
        self.outcome.setText(words)
        self.curve.setVisible(kept)
        self.parts.setCurrentIndex(1)
        (self.curve if kept else self.back).setFocus()

    # --- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the dials' keys work while a button has the focus, too."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            turns = Key(event.key()) in (*UPRIGHT, *SIDEWAYS, *MIDDLE)
            return turns and self._takes(event)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn, play or pause; Ctrl+L locks."""
        if not self._takes(event):
            super().keyPressEvent(event)

    def _takes(self, event: QKeyEvent) -> bool:
        key = Key(event.key())
        if key == Key.Key_L and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.lock_wished.emit()
            return True
        if event.modifiers() & ~_LOOSE or not self.dials or self.parts.currentIndex():
            return False
        if key == Key.Key_Space and not event.isAutoRepeat():
            self.play_wished.emit()
        elif key in UPRIGHT:
            self.turn_wished.emit(0, UPRIGHT[key])
        elif key in SIDEWAYS:
            self.turn_wished.emit(len(self.dials) - 1, SIDEWAYS[key])
        elif key in MIDDLE:
            self.middle_wished.emit()
        else:
            return key == Key.Key_Space
        return True


def _set(target: QLabel, text: str) -> None:
    if target.text() != text:
        target.setText(text)
