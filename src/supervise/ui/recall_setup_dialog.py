"""Before a recall: its kind, who recalls and inquires, what is recalled, with what; and its consent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QVBoxLayout,
    QWidget,
)

from supervise.domain.errors import NotCoveredError, SuperviseError, UsageError
from supervise.domain.recall import Party, RecallKind, Setup, late_words, usual_recaller
from supervise.ui.choices import typed
from supervise.ui.columns import dialog_size
from supervise.ui.paged_dialog import scrolling
from supervise.ui.pieces import add_field, button, card, column, form, label, row, say, set_role
from supervise.ui.plain_words import said
from supervise.ui.recall_devices import RecallDevices
from supervise.ui.recall_segments_box import PassagesDraft, RecallSegmentsBox
from supervise.ui.recall_words import KIND_ABOUT, KIND_WORDS, PARTY_WORDS, since_words
from supervise.ui.theme import EDGE, GAP
from supervise.ui.work_dialog import fit

COVERED = "The client's consent covers this recall."
NO_PROTOCOL = "Name the protocol of the interview."
NO_INQUIRER = "A client recalls with an inquirer who is not the therapist. Write who that is."
BELONGS = "Part of an interview: {about}. It is tied to it as soon as it is kept."
FULL = (
    "Held for an interview: {about}. That interview has its recall already, which stays. This one is kept "
    "beside it; to let it be the interview's recall instead, tie it by hand {by_hand}."
)
FREE = (RecallKind.PARALLEL, RecallKind.RESEARCH)
NUDGES = {0: "None", 60: "After 1 minute of silence"} | {
    minutes * 60: f"After {minutes} minutes of silence" for minutes in (2, 3, 5)
}
REST = 210  # what the lower part of the dialog and the frames of the desktop take
Check = Callable[[Setup], Setup]


@dataclass(frozen=True, slots=True)
class RecallWish:
    """What was set up, and with what it is held; `room` is the name to remember it by, or empty."""

    setup: Setup
    room: str
    microphone: str
    loudspeaker: str


@dataclass(frozen=True, slots=True)
class RecallDraft:
    """What was filled in so far, to be taken up again in the same run of the program."""

    setup: Setup
    passages: PassagesDraft
    devices: tuple[str, str, str]


class RecallSetupDialog(QDialog):
    """Gathers a wish; `check` says at every change whether it may be, and no device is opened before."""

    wished = Signal(object)
    consent_wished = Signal()

    def __init__(
        self,
        parent: QWidget,
        check: Check,
        passages: RecallSegmentsBox,
        devices: RecallDevices,
        hours: float,
        people: Sequence[str],
        protocols: Sequence[str] = (),
    ) -> None:
        """For a session `hours` ago; offer `people` as inquirers and `protocols` by name, to be typed too."""
        super().__init__(parent)
        self.setWindowTitle("Set up a recall")
        self.setMinimumWidth(dialog_size(parent, 1040, 0).width())
        self._check, self.passages, self.devices = check, passages, devices
        body = column(self, EDGE + 4, GAP + 4)
        self.sides = QWidget()
        sides = row(self._how(people, protocols), gap=EDGE)
        right = column(None, 0, EDGE)
        right.addWidget(self._what(), 1)
        right.addWidget(self._with_what())
        sides.addLayout(right)
        sides.setStretch(0, 1)
        sides.setStretch(1, 1)
        self.sides.setLayout(sides)
        self.area = scrolling(self.sides)
        body.addWidget(self.area, 1)
        self._add_foot(body, hours)
        self._connect()
        self._on_kind()

    def _add_foot(self, body: QVBoxLayout, hours: float) -> None:
        late = late_words(hours)
        self.late = label(late or since_words(hours), "warn" if late else "muted")
        self.consent = label("", "good")
        self.mend = button("Consent of the client…", self.consent_wished.emit)
        self.problem = label("", "error")
        body.addWidget(self.late)
        body.addWidget(self.problem)
        self.problem.hide()
        line = row(self.consent, self.mend)
        line.setStretch(0, 1)
        body.addLayout(line)
        self.lacking = label("", "muted")
        self.go = button("Start the recall", self._on_go, "primary")
        buttons = row(self.lacking, button("Cancel", self.reject), self.go)
        buttons.setStretch(0, 1)
        body.addLayout(buttons)

    def _how(self, people: Sequence[str], protocols: Sequence[str]) -> QFrame:
        frame, body = card()
        frame.setMinimumWidth(400)
        body.addWidget(label("The recall", "heading"))
        fields = self._fields = form()
        self.kind, self.recaller = QComboBox(), QComboBox()
        for kind, words in KIND_WORDS.items():
            self.kind.addItem(words, kind)
        self.about = label("", "muted")
        self.protocol = _typed(protocols, "Its name")
        self.inquirer = _typed(people, "Nobody; or a name or code")
        self.may_stop = QCheckBox("The inquirer may s&top the tape")
        self.nudge = QComboBox()
        for seconds, words in NUDGES.items():
            self.nudge.addItem(words, seconds)
        self.step_back = _step_back()
        self.may_stop.setChecked(True)
        add_field(fields, "&Kind", self.kind)
        fields.addRow(self.about)
        self._for_an_interview(fields)
        add_field(fields, "Proto&col", self.protocol)
        add_field(fields, "Who rec&alls", self.recaller)
        add_field(fields, "Who &inquires", self.inquirer)
        fields.addRow(self.may_stop)
        add_field(fields, "Going on steps &back", self.step_back)
        add_field(fields, "Quiet remin&der", self.nudge)
        body.addLayout(fields)
        body.addStretch(1)
        return frame

    def _for_an_interview(self, fields: QFormLayout) -> None:
        self.belongs, self.beside = label("", "good"), label("", "warn")
        for part in (self.belongs, self.beside):
            part.hide()
            fields.addRow(part)

    def _with_what(self) -> QFrame:
        frame, body = card()
        body.addWidget(label("With what", "heading"))
        body.addWidget(self.devices)
        return frame

    def _what(self) -> QFrame:
        frame, body = card()
        body.addWidget(label("What is recalled", "heading"))
        body.addWidget(self.passages)
        body.addStretch(1)
        return frame

    def _connect(self) -> None:
        self.kind.activated.connect(lambda _number: self._on_kind())
        self.recaller.activated.connect(lambda _number: self._look())
        for field in (self.protocol, self.inquirer):
            field.editTextChanged.connect(lambda _text: self._look())
        self.passages.changed.connect(self._look)
        self.passages.changed.connect(self._fit)
        self.devices.changed.connect(self._look)

    # --- what is chosen

    def choose(self, kind: RecallKind, inquirer: str = "") -> None:
        """Begin with a kind and an inquirer."""
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self.inquirer.setCurrentText(inquirer)
        self._on_kind()

    def be_for(self, protocol: str, party: Party, interviewer: str, about: str, by_hand: str = "") -> None:
        """Be part of an interview by a protocol with one party; say so.

        `by_hand` says where it is tied to an interview that has its recall already.
        """
        self.choose(RecallKind.RESEARCH, interviewer)
        self.protocol.setCurrentText(protocol)
        self.recaller.setCurrentIndex(self.recaller.findData(party))
        say(self.belongs, "" if by_hand else BELONGS.format(about=about))
        say(self.beside, FULL.format(about=about, by_hand=by_hand) if by_hand else "")
        self._look()

    @property
    def draft(self) -> RecallDraft:
        """What is filled in now."""
        return RecallDraft(self.setup, self.passages.draft, self.devices.chosen)

    def take_up(self, draft: RecallDraft) -> None:
        """Go on with what was filled in before."""
        setup = draft.setup
        self.choose(setup.kind, setup.inquirer)
        self.protocol.setCurrentText(setup.protocol)
        self.recaller.setCurrentIndex(self.recaller.findData(setup.recaller))
        self.may_stop.setChecked(setup.inquirer_may_stop)
        self.nudge.setCurrentIndex(max(self.nudge.findData(setup.nudge_s), 0))
        self.step_back.setValue(setup.step_back_ms / 1000)
        self.passages.take_up(draft.passages)
        self.devices.choose(*draft.devices)
        self._look()

    @property
    def _kind(self) -> RecallKind:
        return RecallKind(self.kind.currentData())

    @property
    def setup(self) -> Setup:
        """What is set up now."""
        research = self._kind is RecallKind.RESEARCH
        inquirer = self.inquirer.currentText().strip()
        return Setup(
            kind=self._kind,
            protocol=self.protocol.currentText().strip() if research else "",
            recaller=Party(self.recaller.currentData()),
            inquirer=inquirer,
            inquirer_may_stop=self.may_stop.isChecked(),
            step_back_ms=round(self.step_back.value() * 1000),
            segments=self.passages.chosen,
            nudge_s=int(self.nudge.currentData()) if inquirer else 0,
        )

    def _on_kind(self) -> None:
        kind = self._kind
        self.about.setText(KIND_ABOUT[kind])
        offered = (Party.THERAPIST, Party.CLIENT) if kind in FREE else (usual_recaller(kind),)
        held = self.recaller.currentData()
        self.recaller.clear()
        for party in offered:
            self.recaller.addItem(PARTY_WORDS[party], party)
        self.recaller.setCurrentIndex(max(self.recaller.findData(held), 0))
        self.recaller.setEnabled(len(offered) > 1)
        self._fields.setRowVisible(self.protocol, kind is RecallKind.RESEARCH)
        self._look()
        self._fit()

    def _fit(self) -> None:
        """Be as high as what is asked needs, or as the screen allows; then the upper part scrolls."""
        layout = self.sides.layout()
        if layout is None or not self.isVisible():
            return
        layout.invalidate()
        room = self.screen().availableGeometry().height() - REST
        wanted = max(layout.totalHeightForWidth(self.area.width()), layout.sizeHint().height())
        self.area.setMinimumHeight(min(wanted + 2, room))
        QTimer.singleShot(0, self, lambda: fit(self))

    # --- what is lacking

    def _look(self) -> None:
        if not hasattr(self, "go"):
            return
        setup, words = self.setup, ""
        for box in (self.may_stop, self.nudge):
            box.setEnabled(bool(setup.inquirer))
        covered, problem = self._consent(setup)
        if setup.kind is RecallKind.RESEARCH and not setup.protocol:
            words = NO_PROTOCOL
        elif setup.recaller is Party.CLIENT and not setup.inquirer:
            words = NO_INQUIRER
        else:
            words = self.passages.lacking or problem
        self.lacking.setText(words)
        self.devices.allow(covered)
        self.go.setEnabled(covered and not words and self.devices.ready)

    def _consent(self, setup: Setup) -> tuple[bool, str]:
        """Say whether the consent covers it; return that, and what else is wrong."""
        problem, refused = "", ""
        try:
            self._check(setup)
        except NotCoveredError as error:
            refused = said(error)
        except UsageError as error:
            problem = said(error).replace("segment", "passage")
        say(self.consent, refused or COVERED)
        role = "error" if refused else "good"
        if self.consent.property("role") != role:
            set_role(self.consent, role)
        self.mend.setVisible(bool(refused))
        return not refused, problem

    # --- deeds

    def _on_go(self) -> None:
        say(self.problem, "")
        room, microphone, loudspeaker = self.devices.chosen
        self.wished.emit(RecallWish(self.setup, room, microphone, loudspeaker))

    def show_problem(self, error: SuperviseError) -> None:
        """Say why it did not begin, and show the level again."""
        say(self.problem, said(error))
        self.devices.begin()

    def begin(self, *, again: bool = False) -> None:
        """Put the focus where work begins, or `again` where it goes on."""
        self.devices.begin()
        ways = (self.go, self.mend) if again else ()
        next((one for one in ways if one.isEnabled() and not one.isHidden()), self.kind).setFocus()
        self._fit()

    def done(self, result: int) -> None:
        """Give the devices back, however it is closed."""
        self.devices.release()
        super().done(result)


def _typed(offered: Sequence[str], hint: str) -> QComboBox:
    made = typed(offered, hint)
    made.setCurrentIndex(-1)
    return made


def _step_back() -> QDoubleSpinBox:
    made = QDoubleSpinBox()
    made.setRange(3, 5)
    made.setDecimals(1)
    made.setSingleStep(0.5)
    made.setSuffix(" s")
    made.lineEdit().setTextMargins(6, 0, 0, 0)
    made.setValue(4)
    return made
