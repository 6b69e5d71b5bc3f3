"""The page of a recall: one big button for the recaller, both clocks, the level. Nothing of the review."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from supervise.domain.prompt_cards import CardSet
from supervise.domain.recall import Setup
from supervise.domain.times import clock
from supervise.ui.cards_panel import CardsPanel
from supervise.ui.columns import letters
from supervise.ui.live_recall import RecallStanding
from supervise.ui.pieces import button, card, column, dress, label, row, say, set_role
from supervise.ui.recall_words import FORBIDDEN, going_words, state_words, turn_words
from supervise.ui.recording_parts import ABSENT, LevelMeter, RedLight
from supervise.ui.theme import EDGE, GAP

PRESS = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}
PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
DRAWING, LEAST = 44, 600
END, CARDS, INQUIRER = "End the recall", "Prompt cards", "The inquirer stops the tape"
STOPS, WAY_KEYS = "Inquirer stops", ("←", "→", "[", "]")
Keyed = tuple[QPushButton, str, str]
STEPS = {Qt.Key.Key_Up, Qt.Key.Key_Down}


class TurnButton(QPushButton):
    """The big button; Up and Down are left to the prompt cards beside it."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say that there is another room."""
        super().resizeEvent(event)
        self.resized.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press it, or let the page have the key."""
        if event.key() in STEPS:
            event.ignore()
        else:
            super().keyPressEvent(event)


class RecallKeys(NamedTuple):
    """Keys the page names, as they are set: a pedal's, the inquirer's, the cards', and the end's."""

    pedal: str
    inquirer: str
    cards: str
    end: str


class RecallPage(QWidget):
    """Fills the window. What stops the tape does so when it is pressed, not when it is let go."""

    turn_wished = Signal()
    inquirer_wished = Signal()
    move_wished = Signal(int)
    speed_wished = Signal(int)
    end_wished = Signal()
    prompt_wished = Signal(str)

    def __init__(self) -> None:
        """Lay it out, showing nothing yet."""
        super().__init__()
        self._setup: Setup | None = None
        self._ways: tuple[Keyed, ...] = ()
        self._deeds: tuple[Keyed, ...] = ()
        self._keys = ""
        self._shown: tuple[bool, bool] | None = None
        frame, body = card(EDGE * 2)
        self._frame = frame
        frame.setMaximumWidth(letters(860))
        self._add_clocks(body)
        self._add_turn(body)
        self._add_buttons(body)
        self.cards = CardsPanel()
        self.cards.hide()
        self.cards.used.connect(self.prompt_wished)
        self.cards.closed.connect(self.turn_cards)
        middle = column()
        middle.addStretch(1)
        middle.addWidget(frame)
        middle.addStretch(2)
        outer = row(1, gap=EDGE)
        outer.addLayout(middle, 10)
        outer.addWidget(self.cards, 6)  # the standard groups' names are whole in 1280
        outer.addStretch(1)
        outer.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        self.setLayout(outer)

    def _add_turn(self, body: QVBoxLayout) -> None:
        self.turn = TurnButton()
        self.turn.setProperty("bulk", "turn")
        self.turn.setIconSize(QSize(DRAWING, DRAWING))
        self.turn.pressed.connect(self.turn_wished)
        self.turn.resized.connect(self._fit_keys)
        self.keys = label("", "muted")
        self.keys.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.words = label("", "")
        self.words.setMinimumHeight(self.words.fontMetrics().height() * 2)
        self.notice = label("", "notice")
        self.nudge = label("", "muted")
        for part in (self.turn, self.keys, self.words, self.notice, self.nudge):
            body.addWidget(part)
        self.notice.hide()
        self.nudge.hide()

    def _add_clocks(self, body: QVBoxLayout) -> None:
        self.light = RedLight(30)
        self.state = label("", "title", wrap=False)
        self.clock, self.place = QLabel("0:00"), QLabel("0:00")
        self.clock.setProperty("role", "clock")
        self.clock.setAccessibleName("The recall so far")
        self.clock.setToolTip("The recall so far")
        self.place.setProperty("role", "clock2")
        self.place.setAccessibleName("Where the session stands")
        self.speed = label("", "muted", wrap=False)
        body.addLayout(row(self.light, self.state, 1, self.clock, gap=GAP * 2))
        session, recall = label("Session", "muted", wrap=False), label("Recall", "muted", wrap=False)
        body.addLayout(row(session, self.place, self.speed, 1, recall, gap=GAP + 2))
        self.meter = LevelMeter()
        body.addWidget(self.meter)
        body.addSpacing(GAP)

    def _add_buttons(self, body: QVBoxLayout) -> None:
        self.back = button("Back 5 s", lambda: self.move_wished.emit(-1))
        self.forward = button("Forward 5 s", lambda: self.move_wished.emit(1))
        self.slower = button("Slower", lambda: self.speed_wished.emit(-1))
        self.faster = button("Faster", lambda: self.speed_wished.emit(1))
        self.end = button(END, self.end_wished.emit)
        self.end.setToolTip("Everything is kept")
        self.inquirer, self.show_cards = QPushButton(), button(CARDS, self.turn_cards)
        self.inquirer.pressed.connect(self.inquirer_wished)
        self.show_cards.setCheckable(True)
        self.forbidden = label(FORBIDDEN, "muted")
        ways = [self.back, self.forward, self.slower, self.faster]
        named = [*ways, self.end, self.inquirer, self.show_cards]
        names = ("Back 5 seconds", "Forward 5 seconds", "Slower", "Faster", END, INQUIRER, CARDS)
        for one, name in zip(named, names, strict=True):
            one.setAccessibleName(name)
        for one in named:
            one.setProperty("bulk", "big")
            one.released.connect(self.turn.setFocus)
        body.addLayout(row(*ways))
        body.addWidget(self.forbidden)
        body.addLayout(row(self.inquirer, self.show_cards, self.end))
        self._ways = tuple((one, one.text(), key) for one, key in zip(ways, WAY_KEYS, strict=True))

    # --- what is shown

    def begin(self, setup: Setup, cards: CardSet, keys: RecallKeys) -> None:
        """Show a recall that has just begun."""
        self._setup, self._shown = setup, None
        self._keys = f"Space, Enter or {keys.pedal}" if keys.pedal else "Space or Enter"
        self._deeds = (
            (self.inquirer, STOPS, keys.inquirer),
            (self.show_cards, CARDS, keys.cards),
            (self.end, END, keys.end),
        )
        self.inquirer.setVisible(bool(setup.inquirer))
        self.show_cards.setVisible(bool(setup.inquirer))
        self.cards.clear()
        self.cards.show_cards(cards)
        self._show_cards(bool(setup.inquirer))
        self.inquirer.setEnabled(setup.inquirer_may_stop)
        self._keep_room(self.nudge, wanted=bool(setup.nudge_s))
        self.forbidden.setVisible(bool(setup.inquirer) and not setup.inquirer_may_stop)
        self.meter.clear()
        self.advise("")
        say(self.nudge, "")
        self.turn.setFocus()

    def show_standing(self, now: RecallStanding) -> None:
        """Show how it stands."""
        if self._setup is None:
            return
        self.light.show_state(now.state)
        _set(self.state, state_words(now))
        _set(self.clock, clock(now.recall_ms))
        _set(self.place, clock(now.session_ms))
        _set(self.speed, "" if now.speed == 1 else f"{now.speed:g}×")
        self.meter.show_levels(now.levels)
        self._show_turn(now)
        self.inquirer.setEnabled(self._setup.inquirer_may_stop and now.playing)
        words = now.said or going_words(now, self._setup)
        _set(self.words, words)
        wrong = now.state == ABSENT
        nudge = "" if wrong else now.nudge
        if self.nudge.text() != nudge:
            say(self.nudge, nudge)
        if (self.words.property("role") == "warn") != wrong:
            set_role(self.words, "warn" if wrong else "")

    @staticmethod
    def _keep_room(part: QWidget, *, wanted: bool) -> None:
        """Let what comes and goes have its room always: no button moves under a hand."""
        policy = part.sizePolicy()
        policy.setRetainSizeWhenHidden(wanted)
        part.setSizePolicy(policy)

    def _show_turn(self, now: RecallStanding) -> None:
        if self._shown == (now.begun, now.playing):
            return
        self._shown = (now.begun, now.playing)
        self.turn.setText(turn_words(now))
        dress(self.turn, "pause" if now.playing else "play", "" if now.playing else "on_accent", DRAWING)
        set_role(self.turn, "" if now.playing else "primary")
        self.keys.setText(self._keys if now.begun else "")

    def turn_cards(self) -> None:
        """Show or hide the inquirer's cards; there are none where nobody inquires."""
        if self._setup is not None and self._setup.inquirer:
            self._show_cards(self.cards.isHidden())

    def _show_cards(self, shown: bool) -> None:
        self.cards.setVisible(shown)
        self.show_cards.setChecked(shown)
        self._fit_keys()
        self.turn.setFocus()

    def _fit_keys(self) -> None:
        """Keep the keys on their buttons, in a line of their own where there is no room beside the words."""
        least = 0
        for line in (self._ways, self._deeds):
            shown = [entry for entry in line if not entry[0].isHidden()]
            least = max(least, _width_of(shown, "\n"))
            if _width_of(shown, "  ") > self.turn.width():
                _width_of(shown, "\n")
        self._frame.setMinimumWidth(max(LEAST, least + EDGE * 4 + 2))

    def forget(self) -> None:
        """Let nothing of a recall stand here, as when the vault locks."""
        self.cards.clear()
        say(self.nudge, "")

    def advise(self, words: str) -> None:
        """Say what was measured of the loudspeaker in the microphone; nothing when it is well."""
        say(self.notice, words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter stop the tape wherever the focus is, but on another button; cards have the rest."""
        if event.key() in PRESS and event.modifiers() in PLAIN and not event.isAutoRepeat():
            self.turn_wished.emit()
        elif self.cards.isHidden() or not self.cards.heed(event):
            super().keyPressEvent(event)


def _width_of(line: Sequence[Keyed], between: str) -> int:
    """Write words and keys on a row of buttons; return the width it needs."""
    for one, words, key in line:
        one.setText(f"{words}{between}{key}".rstrip())
    return sum(one.sizeHint().width() + GAP for one, _, _ in line) - GAP


def _set(target: QLabel, text: str) -> None:
    if target.text() != text:
        target.setText(text)
