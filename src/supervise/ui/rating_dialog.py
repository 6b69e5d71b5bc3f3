"""Before a rating: who rates, on one dial or two, in which words, from where on."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QFrame, QLineEdit, QWidget

from supervise.domain.errors import UsageError
from supervise.domain.rating import STANDARD_DIALS, Dial, Rater, RatingSetup, check_setup, own_dial
from supervise.domain.times import clock
from supervise.ui.columns import dialog_size
from supervise.ui.pieces import add_field, button, card, column, form, label, row, say
from supervise.ui.theme import EDGE, GAP

RATERS = {
    Rater.THERAPIST: "The therapist",
    Rater.CLIENT: "The client",
    Rater.OTHER: "Somebody else, who hears the session too",
}
OWN, NO_DIAL = "In my own words", "No second dial"
ABOUT = (
    "The session plays at the speed it had. Whoever rates turns the dials with what they hear, and sees "
    "nothing else: no transcript, no moments, nobody's earlier ratings."
)


@dataclass(frozen=True, slots=True)
class RatingWish:
    """What is rated with, and from which place on."""

    setup: RatingSetup
    at_ms: int


class DialFields(QFrame):
    """One dial: a standard one whose words may be changed, or one's own."""

    def __init__(self, title: str, first: str, optional: bool) -> None:
        """Show the standard dial of that key, or nothing if it is optional."""
        super().__init__()
        self.setProperty("role", "card")
        body = column(self, EDGE)
        body.addWidget(label(title, "heading"))
        fields = form()
        self.which = QComboBox()
        if optional:
            self.which.addItem(NO_DIAL, "")
        for dial in STANDARD_DIALS:
            self.which.addItem(f"{dial.title} ({dial.low} – {dial.high})", dial.key)
        self.which.addItem(OWN, OWN)
        self.name, self.low, self.high = QLineEdit(), QLineEdit(), QLineEdit()
        number = "first" if not optional else "second"
        add_field(fields, "&Dial" if not optional else "D&ial", self.which)
        self.which.setAccessibleName(f"The {number} dial")
        for caption, field in (("Called", self.name), ("Low end", self.low), ("High end", self.high)):
            add_field(fields, caption, field)
            field.setAccessibleName(f"The {number} dial: {caption.lower()}")
        self.name.setMaxLength(40)
        self.low.setMaxLength(30)
        self.high.setMaxLength(30)
        body.addLayout(fields)
        body.addStretch(1)
        self.which.currentIndexChanged.connect(self._fill)
        self.which.setCurrentIndex(max(0, self.which.findData(first)))
        self._fill()

    def _fill(self) -> None:
        key = self.which.currentData()
        dial = next((one for one in STANDARD_DIALS if one.key == key), None)
        words = (dial.title, dial.low, dial.high) if dial is not None else ("", "", "")
        for field, text in zip((self.name, self.low, self.high), words, strict=True):
            field.setText(text)
            field.setEnabled(bool(key))
        self.name.setEnabled(key == OWN)

    def dial(self) -> Dial | None:
        """Return the dial; None when there is none. Whether its words will do is checked later."""
        if not self.which.currentData():
            return None
        return own_dial(self.name.text(), self.low.text(), self.high.text())


class RatingDialog(QDialog):
    """Gathers a wish; the window does the rest."""

    wished = Signal(object)

    def __init__(self, parent: QWidget, here_ms: int) -> None:
        """Offer to begin where the sound stands, if that is not the start."""
        super().__init__(parent)
        self.setWindowTitle("Rate while replaying")
        self.setMinimumWidth(dialog_size(parent, 820, 0).width())
        self._here_ms = here_ms
        body = column(self, EDGE + 4, GAP + 4)
        body.addWidget(label(ABOUT, "muted"))
        body.addWidget(self._who())
        self.first = DialFields("First dial", "affect", optional=False)
        self.second = DialFields("Second dial", "", optional=True)
        sides = row(self.first, self.second, gap=EDGE)
        sides.setStretch(0, 1)
        sides.setStretch(1, 1)
        body.addLayout(sides)
        self.here = QCheckBox(f"&Begin where the sound stands, at {clock(here_ms)}")
        self.here.setVisible(here_ms > 0)
        body.addWidget(self.here)
        self.problem = label("", "error")
        self.problem.hide()
        body.addWidget(self.problem)
        self.cancel = button("Cancel", self.reject)
        self.go = button("Go to the dials", self._on_go, "primary")
        body.addLayout(row(1, self.cancel, self.go))
        self._look()

    def _who(self) -> QFrame:
        frame, body = card()
        fields = form()
        self.rater = QComboBox()
        for who, words in RATERS.items():
            self.rater.addItem(words, who)
        self.rater.currentIndexChanged.connect(self._look)
        add_field(fields, "&Who rates", self.rater)
        self.name = QLineEdit()
        self.name.setMaxLength(80)
        self.name.setPlaceholderText("As in the client's consent")
        add_field(fields, "&Name", self.name)
        self.study = QLineEdit()
        self.study.setMaxLength(80)
        self.study.setPlaceholderText("Only if it is for one: as the client's consent names it")
        add_field(fields, "For the st&udy", self.study)
        body.addLayout(fields)
        return frame

    def _look(self) -> None:
        self.name.setEnabled(self.rater.currentData() == Rater.OTHER)

    def _on_go(self) -> None:
        dials = tuple(dial for dial in (self.first.dial(), self.second.dial()) if dial is not None)
        who = Rater(self.rater.currentData())
        name = self.name.text().strip() if who is Rater.OTHER else ""
        try:
            setup = check_setup(RatingSetup(who, dials, name, self.study.text().strip()))
        except UsageError as error:
            self.show_problem(str(error))
            return
        say(self.problem, "")
        self.wished.emit(RatingWish(setup, self._here_ms if self.here.isChecked() else 0))

    def show_problem(self, sentence: str) -> None:
        """Say why it did not begin."""
        say(self.problem, sentence)
