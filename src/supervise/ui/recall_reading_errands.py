"""Reading recalls: which there are, one of them with both its time lines, and writing it up."""

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from supervise.app.changes import Change
from supervise.app.recall_lists import closed_recalls, recall_rows
from supervise.app.recall_reading import recalled_about
from supervise.app.write_ups import ShareWriteUp, WriteUpRecall, own_write_up, write_ups_of
from supervise.domain.errors import SuperviseError
from supervise.domain.ids import RecallId, SessionId
from supervise.domain.times import day_words
from supervise.domain.transcript import TranscribeSettings
from supervise.ui.actions import OPEN, READING
from supervise.ui.annex import Annex, Host
from supervise.ui.desk import attempt
from supervise.ui.failures import way_out
from supervise.ui.library_model import RowRole
from supervise.ui.plain_words import said
from supervise.ui.reading_words import day_of, kind_words
from supervise.ui.recall_desk import RecallDesk
from supervise.ui.recall_view import RecallView
from supervise.ui.recalls_dialog import RecalledDialog, RecallsDialog
from supervise.ui.transcribe_dialog import TranscribeDialog
from supervise.ui.write_up_page import WriteUpPage

ZOOM = 0.6
CHOOSE = "Choose a session in the library first."


class RecallReading(Annex):
    """The pages of recalls that are over; `open` leads to one of them."""

    out_wished = Signal(str, str)

    def __init__(self, window: QWidget, host: Host) -> None:
        """Work for `host`."""
        super().__init__(window, host)
        self.view, self.page = RecallView(), WriteUpPage()
        self.reading: RecallDesk | None = None
        self.ended: Callable[[], tuple[str, str]] = lambda: (
            "",
            "",
        )  # as `where`, after one
        self._writing: RecallId | None = None
        self.view.session_wished.connect(self.open_session)
        self.view.transcribe_wished.connect(self.transcribe)
        self.view.write_up_wished.connect(self.write_up)
        self.view.take_out_wished.connect(lambda: self.out_wished.emit(*self.where()))
        self.page.written.connect(self._on_written)
        self.page.share_wished.connect(self._on_share)
        self.page.back_wished.connect(self.back)

    # --- the window

    def pages(self) -> list[QWidget]:
        """Reading, and writing up."""
        return [self.view, self.page]

    def leaves_session(self, page: QWidget) -> bool:
        """A session that was open is let go: one thing is heard at a time."""
        return page in (self.view, self.page)

    def undoes(self, page: QWidget) -> bool:
        """Marks and write-ups are undone like anything else."""
        return page in (self.view, self.page)

    def panes(self, page: QWidget) -> list[QWidget]:
        """The parts of the page that is shown."""
        return self.view.panes() if page is self.view else []

    def places(self, page: QWidget) -> tuple[str, ...]:
        """Its keys apply on its page, and those of an open vault on both."""
        if page is not self.view and self.reading is not None and page is not self.page:
            self._leave()
        found = [OPEN] if page in self.pages() and self._desk is not None else []
        if page is self.view and self.reading is not None:
            found.append(READING)
        return tuple(found)

    def adopted(self) -> None:
        """Watch what changes in the vault."""
        if self._host.desk is not None:
            bridge = self._host.desk.bridge
            bridge.consent_changed.connect(self._on_consent_changed)
            bridge.recall_changed.connect(self._on_recall_changed)
            bridge.queue_changed.connect(self._show_waiting)

    def locking(self) -> None:
        """Keep what is being written, and empty every view."""
        self.page.keep()
        self._leave()

    def may_leave(self) -> bool:
        """Keep what is being written; nothing is in the way."""
        self.page.keep()
        self._leave()
        return True

    def deeds(self) -> dict[str, Callable[[], object]]:
        """Return what its actions do."""
        deeds: dict[str, Callable[[RecallDesk], object]] = {
            "reading_play": RecallDesk.toggle,
            "reading_recall": RecallDesk.hear_recall_here,
            "reading_about": lambda desk: desk.ask_about(enter=True),
            "reading_next": lambda desk: desk.step_stop(1),
            "reading_previous": lambda desk: desk.step_stop(-1),
            "reading_then": lambda desk: desk.passages.frame("then"),
            "reading_now": lambda desk: desk.passages.frame("now"),
            "reading_whose": lambda desk: desk.passages.tell_about(),
            "reading_note": lambda _desk: self.view.passage.note.setFocus(),
            "reading_unmark": lambda desk: desk.passages.remove(),
            "reading_zoom_in": lambda _desk: self.view.lines.zoom(ZOOM),
            "reading_zoom_out": lambda _desk: self.view.lines.zoom(1 / ZOOM),
            "reading_whole": lambda _desk: self.view.lines.whole(),
        }
        for number in range(1, 11):
            deeds[f"reading_code{number % 10}"] = _coding(number)
        made = {name: self._on_reading(deed) for name, deed in deeds.items()}
        return {
            **made,
            "recalls": self.open_recalls,
            "recalled_here": self.open_recalled_here,
            "reading_write": self.write_up,
            "reading_session": self.open_session,
            "reading_transcribe": self.transcribe,
        }

    def _on_reading(self, deed: Callable[[RecallDesk], object]) -> Callable[[], object]:
        def done() -> None:
            if self.reading is not None:
                deed(self.reading)

        return done

    # --- which there are

    def _session(self) -> SessionId | None:
        host = self._host
        if self.reading is not None:
            return self.reading.session
        if host.session is not None:
            return host.session.session.session
        if self.ended()[0]:
            return SessionId(self.ended()[0])
        index = host.library.table.currentIndex()
        if host.pages.currentWidget() is not host.library or not index.isValid():
            return None
        return SessionId(index.data(RowRole).session.session)

    def where(self) -> tuple[str, str]:
        """Return the session in question and the recall that is read or has just ended; empty without one."""
        recall = self.ended()[1] if self.reading is None else str(self.reading.recall)
        return str(self._session() or ""), recall

    def client(self, page: QWidget) -> str:
        """Return the code of the client whose recall is read; empty while none is."""
        return self.reading.client if self.reading is not None and page in self.pages() else ""

    def open_recalls(self) -> None:
        """Show the recalls of the session that is open, or chosen in the library."""
        desk, session = self._desk, self._session()
        if desk is None:
            return
        if session is None:
            self._host.say(CHOOSE)
            return

        def show() -> None:
            row = desk.workspace.session(session)
            rows = recall_rows(desk.workspace, session)
            about = f"{row.client_code} · {row.title or 'Untitled session'} · {day_words(row.held_on)}"
            dialog = RecallsDialog(self._window, about, rows, closed_recalls(desk.workspace, session))
            dialog.wished.connect(self.open)
            dialog.out_wished.connect(lambda recall: self.out_wished.emit(str(session), recall))
            self._host.show_dialog(dialog)

        attempt(show, self._host.fail)

    def open_recalled_here(self) -> None:
        """Show what was recalled about where the sound of the session stands."""
        desk, open_session = self._desk, self._host.session
        if desk is None or open_session is None:
            return
        session, ms = open_session.session.session, open_session.position_ms

        def show() -> None:
            found = recalled_about(desk.workspace, session, ms)
            dialog = RecalledDialog(self._window, ms, found)
            dialog.wished.connect(self.open)
            self._host.show_dialog(dialog)

        attempt(show, self._host.fail)

    # --- one of them

    def open(self, recall: str, recall_ms: int = -1) -> None:
        """Read a recall, at a place of it if there is one."""
        desk = self._desk
        if desk is None:
            return
        self._leave()

        def enter() -> None:
            self.reading = RecallDesk(desk, self._host.services, self.view, RecallId(recall))
            self.reading.failed.connect(self._host.fail)
            self.reading.hearing.connect(self._host.idle.touch)
            self.reading.other_wished.connect(self.open)

        if not attempt(enter, self._host.fail) or self.reading is None:
            if self._host.pages.currentWidget() in self.pages():
                self._host.show_library()
            return
        self._name_codes()
        self._host.show_page(self.view)
        self._show_waiting()
        self.view.words.setFocus()
        if recall_ms >= 0:
            self.reading.go_to_recall(recall_ms)
        elif self.view.words.rows.rows:
            self.view.words.go_to(self.view.words.rows.rows[0].start_ms)

    def _name_codes(self) -> None:
        """Let the menu name the codes that the keys stand for."""
        offered = self.view.passage.offered_to_recaller(self._desk.workspace.codebook()) if self._desk else ()
        for number in range(1, 11):
            action = self._host.actions_.by_name[f"reading_code{number % 10}"]
            there = number <= len(offered)
            action.setText(offered[number - 1].label.replace("&", "&&") if there else f"Code {number}")
            action.setVisible(there)

    def _leave(self) -> None:
        reading, self.reading = self.reading, None
        self._writing = None
        self.page.clear()
        if reading is not None:
            reading.close()

    def open_session(self) -> None:
        """Go to the session, where it stands here."""
        reading = self.reading
        if reading is not None:
            session, ms = reading.session, reading.session_ms
            self._leave()
            self._host.open_session(session, ms)

    @Slot(object)
    def _on_consent_changed(self, change: Change) -> None:
        """Let a recall go that is covered no longer, or is gone."""
        reading = self.reading
        if reading is None or (change.ids and reading.session not in change.ids):
            return
        if not self._still(reading):
            self.reading, self._writing = None, None
            self.page.clear()
            reading.close(keep=False)
            self._host.show_library()

    def _still(self, reading: RecallDesk) -> bool:
        desk = self._desk
        if desk is None:
            return False
        rows: list[RecallId] = []
        attempt(
            lambda: rows.extend(row.recall for row in recall_rows(desk.workspace, reading.session)),
            lambda _error: None,
        )
        return reading.recall in rows

    @Slot(object)
    def _on_recall_changed(self, change: Change) -> None:
        if self.reading is None or self.reading.recall not in change.ids:
            return
        if not self._still(self.reading):
            self._on_consent_changed(change)
        elif self._writing is not None:
            self._show_write_ups()

    @Slot()
    def _show_waiting(self) -> None:
        """Say that the words are on their way."""
        desk, reading = self._host.desk, self.reading
        if desk is not None and reading is not None:
            entries = desk.queue.entries()
            busy = any(e.session == reading.session and e.state in ("queued", "running") for e in entries)
            self.view.show_waiting(busy)

    def transcribe(self) -> None:
        """Ask how, and put it into the queue."""
        desk, reading = self._desk, self.reading
        if desk is None or reading is None:
            return
        there = [entry for entry in self._host.services.models.list() if entry.folder is not None]
        models = {state.entry.name: state.entry.title for state in there}
        minutes = reading.content.map.duration_ms / 60_000
        again = reading.content.version is not None
        setup = reading.content.recall.setup
        dialog = TranscribeDialog(self._window, minutes, has_transcript=again, models=models, recall=setup)

        def failed(error: SuperviseError) -> None:
            dialog.show_problem(said(error), self._host.actions_.by_name.get(way_out(error)))

        def begin(settings: TranscribeSettings) -> None:
            if attempt(lambda: desk.queue.enqueue_recall(reading.recall, settings), failed):
                dialog.accept()
                self._show_waiting()

        dialog.wished.connect(begin)
        self._host.show_dialog(dialog)

    # --- writing it up

    def write_up(self) -> None:
        """Go to one's own words about the recall."""
        reading = self.reading
        if reading is None:
            return
        self.view.passage.note.commit()
        reading.hush()
        self._writing = reading.recall
        if attempt(self._show_write_ups, self._host.fail):
            self._host.show_page(self.page)
            self.page.begin()
        else:
            self._writing = None

    def _show_write_ups(self) -> None:
        desk, reading = self._desk, self.reading
        if desk is None or reading is None:
            return
        work, entry = desk.workspace, reading.content.recall
        names = {profile.profile: profile.name for profile in work.profiles()}
        facts = f"{kind_words(entry.setup)}, {day_of(entry.started_at)}"
        self.page.show_write_ups(facts, work.profile.profile, write_ups_of(work, reading.recall), names)

    def _on_written(self, text: str) -> None:
        desk, recall = self._desk, self._writing
        if desk is None or recall is None:
            return
        work = desk.workspace
        if text.strip() or own_write_up(work, recall) is not None:
            done = attempt(lambda: work.execute(WriteUpRecall(recall, text)), self._said)
            if done:
                self.page.show_problem("")

    def _said(self, error: SuperviseError) -> None:
        self.page.show_problem(said(error))

    def _on_share(self, shared: bool) -> None:
        desk, recall = self._desk, self._writing
        if desk is not None and recall is not None:
            attempt(lambda: desk.workspace.execute(ShareWriteUp(recall, shared)), self._said)

    def back(self) -> None:
        """Go back to the recall."""
        self._writing = None
        if self.reading is not None:
            self.page.clear()
            self._host.show_page(self.view)
            self.view.words.setFocus()


def _coding(number: int) -> Callable[[RecallDesk], object]:
    return lambda desk: desk.passages.code_number(number)
