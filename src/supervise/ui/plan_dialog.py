"""Planning an interview, and the two questions of a study: who interviews the other, and why show early."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QWidget

from supervise.app.interview_planning import InterviewWish
from supervise.domain.ids import SessionId
from supervise.domain.protocols import Protocol
from supervise.domain.recall import Party
from supervise.ui.columns import dialog_size
from supervise.ui.pieces import add_field, button, column, form, label, row, say
from supervise.ui.theme import EDGE, GAP

ABOUT = "Later time points are planned with it. Interviewers go by a pseudonym, clients by their code."
ORDER = "The order of the steps is drawn; the seed is kept."
FIRST = "The {first} is asked first; the other one is cued to what they chose."
BLIND = "What is answered is hidden until both are done."


class PlanDialog(QDialog):
    """Gathers a wish."""

    wished = Signal(object)
    load_wished = Signal()

    def __init__(
        self,
        parent: QWidget,
        study: str,
        sessions: Sequence[tuple[SessionId, str]],
        protocols: Sequence[Protocol],
        chosen: SessionId | None,
    ) -> None:
        """Offer sessions (with their words) and protocols."""
        super().__init__(parent)
        self.setWindowTitle("Plan an interview")
        self.setMinimumWidth(dialog_size(parent, 560, 0).width())
        self._study, self._protocols = study, list(protocols)
        self.session, self.protocol, self.party = QComboBox(), QComboBox(), QComboBox()
        self.interviewer = QLineEdit()
        self.interviewer.setMaxLength(40)
        self.interviewer.setPlaceholderText("for example R-02")
        self._offer(sessions, chosen)
        body = column(self, EDGE + 4, GAP + 2)
        body.addWidget(label("Plan an interview", "heading"))
        body.addWidget(label(ABOUT, "muted"))
        fields = form()
        add_field(fields, "&Session", self.session)
        add_field(fields, "&Protocol", self.protocol)
        add_field(fields, "&Who is interviewed", self.party)
        add_field(fields, "&Interviewer", self.interviewer)
        body.addLayout(fields)
        self.says = label("", "muted")
        self.problem = label("", "error")
        for part in (self.says, self.problem):
            body.addWidget(part)
        self.go = button("Plan it", self._wish, "primary")
        self.go.setDefault(True)
        self.load = button("A protocol of your &own…", self.load_wished.emit)
        body.addLayout(row(self.load, 1, button("Cancel", self.reject), self.go))
        self.protocol.currentIndexChanged.connect(lambda _at: self._show())
        self.interviewer.textChanged.connect(lambda _text: self._look())
        self._show()
        say(self.problem, "")

    def _offer(self, sessions: Sequence[tuple[SessionId, str]], chosen: SessionId | None) -> None:
        for session, words in sessions:
            self.session.addItem(words, session)
        self.session.setCurrentIndex(max(0, self.session.findData(chosen)))
        for protocol in self._protocols:
            self.protocol.addItem(protocol.title)

    def show_loaded(self, loaded: Protocol) -> None:
        """Offer a protocol that was just read, and choose it."""
        kept = [entry for entry in self._protocols if entry.protocol != loaded.protocol]
        self._protocols = [*kept, loaded]
        self.protocol.clear()
        for protocol in self._protocols:
            self.protocol.addItem(protocol.title)
        self.protocol.setCurrentIndex(len(kept))
        self.interviewer.setFocus()
        say(self.problem, "")

    def _chosen(self) -> Protocol:
        return self._protocols[max(0, self.protocol.currentIndex())]

    def _show(self) -> None:
        found = self._chosen()
        self.party.clear()
        first = sorted(found.parties, key=lambda party: party is not found.first)
        for party in first:
            self.party.addItem(f"The {party}", party)
        lines = [found.source]
        lines += [FIRST.format(first=found.first)] if found.first else []
        lines += [BLIND] if found.blind else []
        lines += [ORDER] if found.random_order else []
        say(self.says, "\n".join(line for line in lines if line))
        self._look()

    def _look(self) -> None:
        self.go.setEnabled(bool(self.interviewer.text().strip()))

    def _wish(self) -> None:
        found = self._chosen()
        session, party = SessionId(str(self.session.currentData())), Party(self.party.currentData())
        self.wished.emit(InterviewWish(session, self._study, found.key, party, self.interviewer.text()))

    def show_problem(self, words: str) -> None:
        """Say what is in the way."""
        say(self.problem, words)


class LineDialog(QDialog):
    """Asks for one line, and says what follows."""

    wished = Signal(str)

    def __init__(self, parent: QWidget, title: str, about: str, field: str, deed: str) -> None:
        """Ask with these words."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(dialog_size(parent, 520, 0).width())
        body = column(self, EDGE + 4, GAP + 2)
        body.addWidget(label(title, "heading"))
        body.addWidget(label(about))
        fields = form()
        self.line = QLineEdit()
        self.line.setMaxLength(300)
        add_field(fields, field, self.line)
        body.addLayout(fields)
        self.problem = label("", "error")
        body.addWidget(self.problem)
        self.go = button(deed, lambda: self.wished.emit(self.line.text()), "primary")
        self.go.setDefault(True)
        self.go.setEnabled(False)
        self.line.textChanged.connect(lambda text: self.go.setEnabled(bool(text.strip())))
        body.addLayout(row(1, button("Cancel", self.reject), self.go))
        say(self.problem, "")

    def show_problem(self, words: str) -> None:
        """Say what is in the way."""
        say(self.problem, words)
