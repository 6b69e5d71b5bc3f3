"""What follows a recall: its words through the one queue, reading it, or the session again."""

from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from supervise.app.interviews import full_interview, tied_interview
from supervise.app.recall_lists import RecallRow, closed_to_therapist, recall_rows
from supervise.app.recall_outcome import RecallOutcome
from supervise.app.recall_recovering import outcome_of
from supervise.domain.errors import SuperviseError
from supervise.domain.ids import RecallId, SessionId
from supervise.domain.transcript import TranscribeSettings
from supervise.ui.annex import Host
from supervise.ui.desk import attempt
from supervise.ui.failures import way_out
from supervise.ui.plain_words import said
from supervise.ui.recall_after_page import RecallAfterPage
from supervise.ui.recall_words import by_hand_words, part_words
from supervise.ui.transcribe_dialog import TranscribeDialog

CLOSED = (
    "It is the client's own: the therapist can tell that there is one, and neither reads nor hears it until "
    "the client agrees to share it."
)
OPEN = "It was recorded in the profile of the therapist, so it is open to them: please tell the client so."
TIED = "It is tied to the interview: {about}."
FULL = (
    "The interview ({about}) has its recall already, which stays. This one is kept beside it; to let it be "
    "the interview's recall instead, tie it by hand {by_hand}."
)


class Kept(Protocol):
    """A recall that a crash had cut short, now kept."""

    recall: RecallId
    session: SessionId


class RecallAfterErrands(QObject):
    """Works on the recall that ended last."""

    interview_wished = Signal(str)

    def __init__(self, window: QWidget, host: Host) -> None:
        """Work for `host`, whose dialogs lie above `window`."""
        super().__init__(window)
        self._window, self._host = window, host
        self.outcome: RecallOutcome | None = None
        self._session, self._interview = "", ""
        self.page = RecallAfterPage()
        self.page.interview_wished.connect(lambda: self.interview_wished.emit(self._interview))
        self.page.transcribe_wished.connect(self.transcribe)
        self.page.read_wished.connect(self.read)
        self.page.session_wished.connect(self.open_session)

    @property
    def _reading(self) -> object | None:
        """The annex that shows recalls, where there is one."""
        return getattr(getattr(self._host, "annexes", None), "reading", None)

    def show(self, outcome: RecallOutcome, session: str) -> None:
        """Show what was kept of a recall of a session."""
        self.outcome, self._session = outcome, session
        (part_of, beside), whose = self._part_of(outcome.recall), self._whose(outcome.recall)
        self.page.show_outcome(outcome, self._reading is not None, part_of, whose, beside)
        self._host.show_page(self.page)
        self.page.transcribe.setFocus()

    def _part_of(self, recall: RecallId) -> tuple[str, str]:
        """Say which interview a recall was tied to, or which it was held for in vain; empty without one."""
        desk = self._host.desk
        tied = tied_interview(desk.workspace, recall) if desk is not None else None
        full = full_interview(desk.workspace, recall) if desk is not None else None
        found = tied or full
        self._interview = "" if found is None else str(found.row.interview)
        if tied is not None:
            return TIED.format(about=part_words(tied)), ""
        return "", "" if full is None else FULL.format(about=part_words(full), by_hand=by_hand_words(full))

    def _whose(self, recall: RecallId) -> str:
        """Say to whom what a client recalled alone is open; empty where that is no question."""
        desk = self._host.desk
        closed = closed_to_therapist(desk.workspace, recall) if desk is not None else None
        return "" if closed is None else CLOSED if closed else OPEN

    def where(self) -> tuple[str, str]:
        """Return the session and the recall while the page about them is shown."""
        shown = self.outcome is not None and self._host.pages.currentWidget() is self.page
        return (self._session, str(self.outcome.recall)) if shown and self.outcome else ("", "")

    def show_recovered(self, kept: Kept) -> None:
        """Show what was kept of a recall that a crash had cut short."""
        desk = self._host.desk
        if desk is not None:
            self.show(outcome_of(desk.workspace, kept.recall), kept.session)

    def forget(self) -> None:
        """Let go of it, as when the vault locks."""
        self.outcome, self._session, self._interview = None, "", ""

    def transcribe(self) -> None:
        """Ask how, and put it into the queue."""
        desk, outcome = self._host.desk, self.outcome
        if desk is None or outcome is None:
            return
        there = [entry for entry in self._host.services.models.list() if entry.folder is not None]
        models = {state.entry.name: state.entry.title for state in there}
        minutes = outcome.duration_ms / 60_000
        rows: list[RecallRow] = []
        session = SessionId(self._session)
        attempt(lambda: rows.extend(recall_rows(desk.workspace, session)), lambda _error: None)
        setup = next((row.setup for row in rows if row.recall == outcome.recall), None)
        dialog = TranscribeDialog(self._window, minutes, has_transcript=False, models=models, recall=setup)

        def failed(error: SuperviseError) -> None:
            dialog.show_problem(said(error), self._host.actions_.by_name.get(way_out(error)))

        def begin(settings: TranscribeSettings) -> None:
            if attempt(lambda: desk.queue.enqueue_recall(outcome.recall, settings), failed):
                dialog.accept()
                self.page.show_queued()

        dialog.wished.connect(begin)
        self._host.show_dialog(dialog)

    def read(self) -> None:
        """Read it and write it up."""
        reading = self._reading
        if reading is not None and self.outcome is not None:
            reading.open(self.outcome.recall)  # type: ignore[attr-defined]
        else:
            self._host.show_library()

    def open_session(self) -> None:
        """Go back to the session."""
        if self._session:
            self._host.open_session(self._session)
        else:
            self._host.show_library()
