"""A study at a glance: whose interviews are due, open, done or overdue, and the hours left in the window."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QTableWidget, QTableWidgetItem, QWidget

from supervise.app.studies import Due, StudyOverview, StudySession
from supervise.domain.ids import SessionId
from supervise.domain.interviews import InterviewState
from supervise.domain.times import clock, day_words
from supervise.ui.columns import fit_columns, letters
from supervise.ui.pieces import as_rows, button, column, label, left_headings, row, say
from supervise.ui.theme import EDGE, GAP
from supervise.ui.tips import plain_tip

COLUMNS = ("Client", "Session", "Protocol", "Who", "When", "State", "Due", "Answers")
NO_STUDY = (
    "No client has agreed to a study yet. In Session, Consent of the client…, a research study is named as "
    "STUDY/ETHICS-REF; an interview with the client takes their yes to a recall interview besides."
)
EMPTY = "No session of a client who agreed to this study is here yet."
STATES = {InterviewState.PLANNED: "planned", InterviewState.OPEN: "open", InterviewState.DONE: "done"}
TOO_LATE = "The other party has begun without this event, or is done."
HIDDEN = "hidden until both are done"
TO_TAKE_OUT = "open, to be taken out"
WEEK_H = 24 * 7
NOT_WIDER = 760
Row = tuple[str, StudySession, Due | None]


class StudyPage(QWidget):
    """Emits what is wanted of the row in the list; names clients by their codes only."""

    study_chosen = Signal(str)
    hold_wished = Signal(str)
    plan_wished = Signal(object)
    cue_wished = Signal(str)
    unblind_wished = Signal(str)
    drop_wished = Signal(str)
    out_wished = Signal()
    library_wished = Signal()

    def __init__(self) -> None:
        """Lay it out without a study."""
        super().__init__()
        self._rows: list[Row] = []
        self.studies = QComboBox()
        self.studies.setAccessibleName("Study")
        self.studies.setMinimumWidth(280)
        self.studies.activated.connect(lambda _at: self.study_chosen.emit(self.studies.currentText()))
        self.counts = label("", "heading", wrap=False)
        self.overdue = label("", "warn", wrap=False)
        self.left_out = label("", "muted")
        self.nothing = label("", "muted")
        self.nothing.setMaximumWidth(letters(NOT_WIDER))
        self.problem = label("", "error")
        outer = column(self, EDGE + 4, GAP + 2)
        outer.addLayout(row(label("Studies", "title", wrap=False), self.studies, 1, gap=EDGE))
        outer.addLayout(row(self.counts, self.overdue, 1, gap=EDGE))
        outer.addWidget(self.nothing)
        self._add_table()
        outer.addWidget(self.table, 1)
        self._room = QWidget()  # in place of the list while there is nothing in it
        outer.addWidget(self._room, 1)
        for part in (self.left_out, self.problem):
            outer.addWidget(part)
        self._add_buttons()
        outer.addLayout(
            row(self.library, self.out, 1, self.drop, self.unblind, self.cue, self.plan, self.hold)
        )

    def _add_table(self) -> None:
        self.table = QTableWidget(0, len(COLUMNS))
        self.table.setAccessibleName("Interviews of the study")
        self.table.setHorizontalHeaderLabels(list(COLUMNS))
        as_rows(self.table)
        self.table.verticalHeader().setDefaultSectionSize(letters(34))
        self.table.setWordWrap(False)
        left_headings(self.table)
        self.table.currentCellChanged.connect(lambda *_places: self._look())
        self.table.doubleClicked.connect(lambda _index: self._hold())

    def _add_buttons(self) -> None:
        self.library = button("&Library", self.library_wished.emit)
        self.out = button("Take answers &out…", self.out_wished.emit)
        self.drop = button("&Drop it…", lambda: self._emit(self.drop_wished))
        self.unblind = button("Sho&w early…", lambda: self._emit(self.unblind_wished))
        self.cue = button("C&ue the other party…", lambda: self._emit(self.cue_wished))
        self.plan = button("Pla&n an interview…", lambda: self.plan_wished.emit(self._session()))
        self.hold = button("Hold the &interview", self._hold, "primary")

    # --- what is shown

    def show_studies(self, names: Sequence[str], chosen: str) -> None:
        """Offer studies; without one the page says how a study begins."""
        self.studies.clear()
        self.studies.addItems(list(names))
        self.studies.setCurrentText(chosen)
        self.studies.setVisible(bool(names))
        if not names:
            self.clear()
            say(self.nothing, NO_STUDY)

    def clear(self) -> None:
        """Forget everything, as when the vault locks."""
        self._rows = []
        self.studies.clear()
        self.table.setRowCount(0)
        self._show_table(there=False)
        for part in (self.counts, self.overdue, self.left_out, self.nothing, self.problem):
            say(part, "")
        self._look()

    def show_overview(self, found: StudyOverview) -> None:
        """Show a study, with the same row in the list as before."""
        before = self._interview()
        self._rows = [
            (dyad.client_code, held, due)
            for dyad in found.dyads
            for held in dyad.sessions
            for due in held.interviews or (None,)
        ]
        self._show_table(there=bool(self._rows))
        self.table.setRowCount(len(self._rows))
        for number, entry in enumerate(self._rows):
            for place, words in enumerate(row_words(entry)):
                item = QTableWidgetItem(words)
                item.setToolTip(plain_tip(words))
                self.table.setItem(number, place, item)
        fit_columns(self.table, COLUMNS.index("Protocol"))
        say(self.counts, counts_words(found))
        say(self.overdue, f"{found.overdue} overdue" if found.overdue else "")
        say(self.left_out, left_out_words(found))
        say(self.nothing, "" if self._rows else EMPTY)
        say(self.problem, "")
        places = [at for at, (_, _, due) in enumerate(self._rows) if due and due.interview == before]
        if self._rows:
            self.table.setCurrentCell(places[0] if places else 0, 0)
        self._look()

    def _show_table(self, *, there: bool) -> None:
        self.table.setVisible(there)
        self._room.setVisible(not there)

    def take_focus(self) -> None:
        """Put the focus where work goes on."""
        (self.table if self._rows else self.library).setFocus()

    def _current(self) -> Row | None:
        at = self.table.currentRow()
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def _interview(self) -> str:
        entry = self._current()
        return str(entry[2].interview) if entry is not None and entry[2] is not None else ""

    @property
    def to_be_held(self) -> str:
        """The interview that is chosen, if it is not finished."""
        return self._interview() if self.hold.isEnabled() else ""

    @property
    def client(self) -> str:
        """The code of the client whose row is chosen."""
        entry = self._current()
        return entry[0] if entry is not None else ""

    @property
    def planned(self) -> bool:
        """Whether the row that is chosen is an interview's."""
        return bool(self._interview())

    def _session(self) -> SessionId | None:
        entry = self._current()
        return entry[1].session if entry is not None else None

    def _look(self) -> None:
        entry = self._current()
        due = entry[2] if entry is not None else None
        self.hold.setEnabled(due is not None and due.state is not InterviewState.DONE)
        begun = due is not None and due.state is InterviewState.OPEN
        self.hold.setText("Go on w&ith it" if begun else "Hold the &interview")
        self.plan.setEnabled(entry is not None)
        without = entry is not None and due is not None and went_without(entry[1], due)
        begun_here = due is not None and due.state is not InterviewState.PLANNED and not due.cued
        self.cue.setEnabled(begun_here and not without)
        self.cue.setToolTip(plain_tip(TOO_LATE if begun_here and without else ""))
        self.unblind.setEnabled(due is not None and due.hidden)
        self.drop.setEnabled(self.hold.isEnabled())
        self.out.setEnabled(any(row[2] is not None for row in self._rows))

    def _emit(self, signal: object) -> None:
        if self._interview():
            signal.emit(self._interview())  # type: ignore[attr-defined]

    def _hold(self) -> None:
        if self.hold.isEnabled():
            self._emit(self.hold_wished)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter holds the interview, Delete drops it (after a question), Escape goes to the library."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._hold()
        elif event.key() == Qt.Key.Key_Delete and self.drop.isEnabled():
            self._emit(self.drop_wished)
        elif event.key() == Qt.Key.Key_Escape:
            self.library_wished.emit()
        else:
            super().keyPressEvent(event)


def went_without(held: StudySession, due: Due) -> bool:
    """Whether the other party has begun without an event of this interview, or is done."""
    name = due.protocol.partition("@")[0]
    others = (
        other
        for other in held.interviews
        if (other.protocol.partition("@")[0], other.point) == (name, due.point)
        and other.party is not due.party
    )
    states = [(other.state, other.cued) for other in others]
    return any(
        state is InterviewState.DONE or (state is InterviewState.OPEN and not cued) for state, cued in states
    )


def row_words(entry: Row) -> tuple[str, ...]:
    """Return one line of the list."""
    code, held, due = entry
    if due is None:
        left = "" if held.hours_left is None else left_words(held.hours_left, overdue="the window is over")
        return code, day_words(held.held_on), "", "", "", "nothing planned", left, ""
    done = TO_TAKE_OUT if due.state is InterviewState.DONE else ""
    answers = HIDDEN if due.hidden else "shown early" if due.unblinded else done
    when = due.point.replace("_", " ")
    day = day_words(held.held_on)
    return code, day, due.title, str(due.party), when, STATES[due.state], due_words(due), answers


def due_words(due: Due) -> str:
    """Say when an interview is due."""
    if due.hours_left is None:
        return ""
    if due.not_before:
        return f"{day_words(due.due_from[:10])} – {day_words(due.due_until[:10])}"
    return left_words(due.hours_left, overdue="overdue")


def left_words(hours: float, *, overdue: str) -> str:
    """Say how long there is left."""
    if hours < 0:
        return f"{overdue} by {_long(-hours)}"
    return f"{_long(hours)} left"


def _long(hours: float) -> str:
    if hours < 1:
        return f"{clock(round(hours * 3_600_000))} min"
    return f"{hours:.0f} h" if hours < WEEK_H else f"{hours / 24:.0f} days"


def counts_words(found: StudyOverview) -> str:
    """Say how many dyads and interviews there are."""
    dyads = "1 dyad" if len(found.dyads) == 1 else f"{len(found.dyads)} dyads"
    states = [sum(due.state is state for due in found.interviews) for state in InterviewState]
    parts = [f"{count} {STATES[state]}" for count, state in zip(states, InterviewState, strict=True) if count]
    return " · ".join([dyads, *(parts or ["no interviews yet"])])


def left_out_words(found: StudyOverview) -> str:
    """Say who is left out."""
    if not found.left_out:
        return ""
    who = "1 client is" if found.left_out == 1 else f"{found.left_out} clients are"
    return f"{who} left out: no consent covers them now."
