"""After a recall: it is kept, and what can be done with it now. Names nobody."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from supervise.app.recall_outcome import RecallOutcome
from supervise.domain.times import clock, length_words
from supervise.ui.after_strip import gap_words
from supervise.ui.columns import letters
from supervise.ui.pieces import button, card, column, label, row, say
from supervise.ui.theme import EDGE, GAP

APART = (
    "It is sealed in the vault and kept apart from the session: not searched, not counted, never beside "
    "ratings. What was said becomes words once it is transcribed."
)


def outcome_words(outcome: RecallOutcome) -> str:
    """Say what was kept."""
    stops = "1 stop" if outcome.stops == 1 else f"{outcome.stops} stops"
    length = length_words(outcome.duration_ms) if outcome.duration_ms < 60_000 else clock(outcome.duration_ms)
    return f"{length} of recall, {stops}."


class RecallAfterPage(QWidget):
    """Offers to transcribe it, to read it and write it up, or to go back to the session."""

    transcribe_wished = Signal()
    read_wished = Signal()
    session_wished = Signal()
    interview_wished = Signal()

    def __init__(self) -> None:
        """Lay it out without a recall."""
        super().__init__()
        frame, body = card(EDGE * 2)
        frame.setFixedWidth(letters(620))
        self.title = label("The recall is kept", "title")
        self.facts = label("", "heading")
        self.gaps = label("", "warn")
        self.part, self.beside = label("", "good"), label("", "warn")  # one of them, or neither
        self.whose = label("")
        self.queued = label("", "good")
        self.transcribe = button("Transcribe it now…", self.transcribe_wished.emit, "primary")
        self.read = button("Read it and write it up", self.read_wished.emit)
        self.back = button("Back to the session", self.session_wished.emit)
        self.interview = button("Go on with the interview", self.interview_wished.emit)
        said = self.title, self.facts, self.part, self.beside, self.gaps, self.whose, label(APART)
        for part in (*said, self.queued):
            body.addWidget(part)
        body.addSpacing(GAP)
        for one in (self.transcribe, self.read, self.back, self.interview):
            one.setProperty("bulk", "big")
        body.addLayout(row(self.transcribe, self.read, self.back, self.interview, 1))
        outer = column(self, EDGE)
        outer.addStretch(1)
        outer.addLayout(row(1, frame, 1))
        outer.addStretch(2)

    def show_outcome(
        self, outcome: RecallOutcome, can_read: bool, part_of: str = "", whose: str = "", beside: str = ""
    ) -> None:
        """Show what was kept, of which interview it is part, to whom it is open; focus where work goes on.

        `beside` says of which interview it is not part, as that had its recall already.
        """
        self.facts.setText(outcome_words(outcome))
        say(self.gaps, gap_words(outcome.gaps, "the recall"))
        say(self.part, part_of)
        say(self.beside, beside)
        say(self.whose, whose)
        self.interview.setVisible(bool(part_of or beside))
        self.back.setVisible(not (part_of or beside))
        say(self.queued, "")
        self.transcribe.setEnabled(True)
        self.read.setVisible(can_read)
        self.transcribe.setFocus()

    def show_queued(self) -> None:
        """Say that the transcription is under way."""
        say(self.queued, "Its transcription has begun. You can go on working meanwhile.")
        self.transcribe.setEnabled(False)
        ways = (self.interview, self.read, self.back)
        next(one for one in ways if not one.isHidden()).setFocus()
