"""What is kept, for how long: rules for each kind, what falls due, what a hold stops, and destruction."""

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from supervise.app.retention import DueThing, HoldShown
from supervise.domain.keeping import KINDS
from supervise.domain.times import day_words
from supervise.ui.certificate_page import CertificatePage
from supervise.ui.client_overview import chosen_in, fill, read_only_list
from supervise.ui.consent_words import KINDS as WORDS
from supervise.ui.consent_words import capital
from supervise.ui.day_field import DayField
from supervise.ui.paged_dialog import AskingPage, PagedDialog
from supervise.ui.pieces import add_field, button, column, form, label, row, say
from supervise.ui.theme import EDGE, GAP

ABOUT = (
    "After the meeting (recalls: after the recall) each kind is kept for so many days, or for fewer where a "
    "client was promised that. "
    "Nothing is destroyed by a rule before you say so here; you are told fourteen days ahead."
)
KEYS = ("&Sound", "&Transcripts", "&Moments and notes", "&Recalls")
ONE = {"recall": "A recall", "interview": "An interview", "series": "A rating"}
INDENT = 6
NO_RULE = "as long as consent allows"
NOTHING = "Nothing has a day: without a rule and a promise, things are kept as long as consent allows."
STATES = {"due": "due now", "soon": "soon", "later": "later", "held": "stopped by a legal hold"}
HOLD = (
    "A legal or safeguarding hold stops every destruction for a client or one session until its last day. "
    "It opens nothing that consent does not cover."
)


class KeptPage(QWidget):
    """Shows the rules and what follows from them; emits what is to be done."""

    rules_wished = Signal()
    run_wished = Signal()
    hold_wished = Signal()
    lift_wished = Signal(str)
    close_wished = Signal()

    def __init__(self) -> None:
        """Lay it out."""
        super().__init__()
        body = column(self, EDGE + 4, GAP + 2)
        body.addWidget(label("What is kept, for how long", "heading"))
        body.addWidget(label(ABOUT, "muted"))
        self.said = label("", "good")
        self.problem = label("", "error")
        for part in (self.said, self.problem):
            body.addWidget(part)
            part.hide()
        body.addLayout(self._rules())
        self.keep_rules = button("&Keep these rules", self.rules_wished.emit)
        body.addLayout(row(self.keep_rules, 1))
        body.addWidget(label("What falls due"))
        self.due = read_only_list("What falls due")
        self.none = label(NOTHING, "muted")
        body.addWidget(self.due, 3)
        self.none.setAlignment(Qt.AlignmentFlag.AlignTop)
        body.addWidget(self.none, 3)
        self._holds(body)
        self.run = button("&Destroy what is due…", self.run_wished.emit, "danger")
        body.addLayout(row(self.run, 1, button("Close", self.close_wished.emit, "primary")))

    def _rules(self) -> QFormLayout:
        fields = form()
        self.days: dict[str, QSpinBox] = {}
        for kind, key in zip(KINDS, KEYS, strict=True):
            box = QSpinBox()
            box.setRange(-1, 36_525)
            box.setSpecialValueText(NO_RULE)
            box.setSuffix(" days")
            box.lineEdit().setTextMargins(INDENT, 0, 0, 0)
            add_field(fields, key, box)
            self.days[kind] = box
        return fields

    def _holds(self, body: QVBoxLayout) -> None:
        self.holds_words = label("Legal holds")
        self.holds = read_only_list("Legal holds")
        self.holds.setMaximumHeight(84)
        self.hold = button("Place a &hold…", self.hold_wished.emit)
        self.lift = button("&Lift the chosen hold", lambda: self.lift_wished.emit(chosen_in(self.holds)))
        body.addWidget(self.holds_words)
        body.addWidget(self.holds)
        body.addLayout(row(self.hold, self.lift, 1))

    def show_kept(
        self, rules: Mapping[str, int], things: Sequence[DueThing], holds: Sequence[HoldShown], said: str = ""
    ) -> None:
        """Show rules, days and holds."""
        say(self.said, said)
        say(self.problem, "")
        for kind, box in self.days.items():
            box.setValue(rules.get(kind, -1))
        named = [(f"{thing.session} {thing.kind} {thing.recall}", due_words(thing)) for thing in things]
        fill(self.due, named)
        self.due.setVisible(bool(things))
        self.none.setVisible(not things)
        fill(self.holds, [(hold.id, hold_words(hold)) for hold in holds])
        for part in (self.holds, self.holds_words, self.lift):
            part.setVisible(bool(holds))
        self.run.setEnabled(any(thing.state == "due" for thing in things))

    def rules(self) -> dict[str, int | None]:
        """Return the days asked for; None where there is no rule."""
        return {kind: box.value() if box.value() >= 0 else None for kind, box in self.days.items()}

    def begin(self) -> None:
        """Put the focus where work begins."""
        self.days[KINDS[0]].setFocus()


class HoldPage(AskingPage):
    """`wished` is to place the hold asked for."""

    def __init__(self) -> None:
        """Ask for whom, why and until when."""
        super().__init__(HOLD, "Place the hold")
        self.title.setText("Place a hold")
        fields = form()
        self.client, self.session = QComboBox(), QComboBox()
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("For example: complaint pending; no names")
        self.until = DayField()
        add_field(fields, "&Client code", self.client)
        add_field(fields, "&Session", self.session)
        add_field(fields, "&Reason", self.reason)
        add_field(fields, "&Last day", self.until)
        self.body.addLayout(fields)
        self.body.addStretch(1)
        self.client.currentTextChanged.connect(self._show_sessions)
        self._sessions: Mapping[str, Sequence[tuple[str, str]]] = {}

    def begin(self, sessions: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """Offer clients, each with the id and day of every session."""
        self._sessions = sessions
        self.client.clear()
        self.client.addItems(list(sessions))
        self.reason.clear()
        self.until.clear()
        self._show_sessions(self.client.currentText())

    def _show_sessions(self, client: str) -> None:
        self.session.clear()
        self.session.addItem("All of this client's", "")
        for session, day in self._sessions.get(client, ()):
            self.session.addItem(f"The one of {day_words(day)}", session)

    def first(self) -> QWidget:
        """For whom."""
        return self.client

    def asked(self) -> tuple[str, str, str, date]:
        """Return client, session or empty, reason, last day; raises UsageError."""
        session = str(self.session.currentData() or "")
        return self.client.currentText(), session, self.reason.text().strip(), self.until.must_be()


class KeptDialog(PagedDialog):
    """The dashboard, the hold page, and the certificate of what was destroyed."""

    def __init__(self, parent: QWidget) -> None:
        """Make the pages."""
        self.kept = KeptPage()
        super().__init__(parent, "What is kept, for how long", self.kept, 760, 640)
        self.hold, self.certificate = HoldPage(), CertificatePage()
        for page in (self.hold, self.certificate):
            self.add_page(page)


def due_words(thing: DueThing) -> str:
    """Say what falls due when."""
    what = ONE[thing.what] if thing.recall else capital(WORDS[thing.kind])
    return f"{day_words(thing.due_on)}  {STATES[thing.state]}: {what} of a session with {thing.client_code}"


def hold_words(hold: HoldShown) -> str:
    """Say what is held, until when and why."""
    what = "one session" if hold.session else "everything"
    return f"{hold.client_code}, {what}, until {day_words(hold.expires_on)}: {hold.reason}"
