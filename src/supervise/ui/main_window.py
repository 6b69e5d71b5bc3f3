"""The window: one page at a time (first steps, door, library, session), menus, queue, and the lock."""

from pathlib import Path

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QMenu, QStackedWidget, QWidget

from supervise.app.changes import Change
from supervise.app.workspace import Workspace
from supervise.bootstrap import Services
from supervise.domain.errors import SuperviseError
from supervise.domain.ids import JobId, SessionId
from supervise.ui.actions import OPEN, SESSION, Actions
from supervise.ui.annexes import Annexes
from supervise.ui.client_errands import ClientErrands
from supervise.ui.desk import Desk, attempt
from supervise.ui.doors import Doors
from supervise.ui.errands import Errands
from supervise.ui.failures import show_failure, way_out
from supervise.ui.first_run import FirstRun
from supervise.ui.idle import IdleWatch
from supervise.ui.keys import KeyGate
from supervise.ui.library_view import LibraryView
from supervise.ui.people_dialog import role_words, who_button
from supervise.ui.pieces import column, focus_next
from supervise.ui.plain_words import said
from supervise.ui.printing import print_key
from supervise.ui.queue_panel import QueuePanel
from supervise.ui.session_desk import SessionDesk
from supervise.ui.session_view import SessionView
from supervise.ui.theme import Mode, theme_of
from supervise.ui.unlock import UnlockPage
from supervise.ui.vault_errands import VaultErrands

QUEUE_MS = 200
TITLE = "supervise"


class MainWindow(QMainWindow):
    """Owns the open vault's desk; its title never names anybody."""

    def __init__(self, services: Services, app: QApplication) -> None:
        """Build every page; `open_path` or `begin` decides which is first."""
        super().__init__()
        self.setWindowTitle(TITLE)
        self.resize(1280, 820)
        self.services = services
        self.desk: Desk | None = None
        self.session: SessionDesk | None = None
        self.path: Path | None = None
        self.actions_ = Actions(self)
        self.keys = KeyGate(self)
        self.idle = IdleWatch(self)
        self.errands = Errands(self, self)
        self.doors = Doors(self, self)
        self.vault_errands = VaultErrands(self, self, self.errands.show_dialog)
        self.client_errands = ClientErrands(self, self, self.errands.show_dialog)
        self.pages = QStackedWidget()
        self.annexes = Annexes(self, self)
        self.recording = self.annexes.recording
        self.first_run, self.door = FirstRun(), UnlockPage()
        self.library, self.view = LibraryView(), SessionView()
        self.queue = QueuePanel()
        self.who = who_button()
        self._lay_out()
        self._queue_timer = QTimer(self)
        self._queue_timer.setInterval(QUEUE_MS)
        self._queue_timer.timeout.connect(self._step_queue)
        self.mark_menu = QMenu()
        self._watch(app)

    def _watch(self, app: QApplication) -> None:
        self.keys.watch(app)
        self.idle.watch(app)

    def _lay_out(self) -> None:
        for page in (self.first_run, self.door, self.library, self.view, *self.annexes.pages()):
            self.pages.addWidget(page)
        middle = QWidget()
        body = column(middle, 0, 0)
        for strip in self.annexes.strips():
            body.addWidget(strip)
        body.addWidget(self.pages, 1)
        body.addWidget(self.queue)
        self.setCentralWidget(middle)
        status = self.statusBar()
        status.setSizeGripEnabled(False)
        status.messageChanged.connect(lambda words: status.setVisible(bool(words)))
        status.hide()

    # --- coming in

    def begin(self) -> None:
        """Show the first steps."""
        self.show_page(self.first_run)
        self.first_run.begin()

    @Slot(object)
    def open_path(self, path: Path) -> None:
        """Ask for the passphrase of a vault's folder."""
        if not self._leave_vault():
            return
        self.path = path
        self.show_page(self.door)
        self.door.begin(opening=True)

    def adopt(self, workspace: Workspace) -> None:
        """Work on an open vault from now on."""
        self.desk = Desk(workspace, self.services.queue(workspace), self.services.listening(workspace))
        self.path = workspace.vault.path
        bridge = self.desk.bridge
        bridge.library_changed.connect(self._read_library)
        bridge.moments_changed.connect(self._on_moments_changed)
        bridge.consent_changed.connect(self._on_consent_changed)
        bridge.queue_changed.connect(self._show_queue)
        bridge.locking.connect(self._on_locking)
        bridge.lock_changed.connect(self._on_lock_changed)
        bridge.anything_changed.connect(self._look_at_history)
        self.use(self.desk)
        self._queue_timer.start()
        self._read_library()
        self.annexes.adopted()

    def use(self, desk: Desk) -> None:
        """Take over the desk's settings and codebook."""
        self.actions_.use(desk.settings)
        theme_of().choose(Mode(desk.settings.look))
        self.idle.start(desk.settings.lock_minutes)
        desk.use_output(self.services.make_output)
        for action in self.actions_.set_codebook(desk.workspace.codebook(), self._mark):
            self.mark_menu.addAction(action)
        self.refresh()

    def print_key(self, key: str) -> None:
        """Print the recovery key."""
        print_key(self, key)

    def another_vault(self) -> None:
        """Go to the first steps, closing what is open."""
        if self._leave_vault():
            self.begin()

    def import_first(self) -> None:
        """Go to the library and ask for a recording."""
        self.show_library()
        self.errands.open_import()

    # --- pages

    def show_page(self, page: QWidget) -> None:
        """Go to a page."""
        if self.annexes.leaves_session(page):
            self._leave_session()
        self.pages.setCurrentWidget(page)
        self.refresh()
        self._show_queue()

    def refresh(self) -> None:
        """Turn actions and strips on and off for what is shown now."""
        page = self.pages.currentWidget()
        unlocked = self.desk is not None and not self.desk.workspace.locked
        places = []
        if unlocked and page in (self.library, self.view, self.first_run):
            places.append(OPEN)
        places += self.annexes.places(page)
        if unlocked and page is self.view and self.session is not None:
            places.append(SESSION)
        self.actions_.be_at(*places)
        profile = self.desk.workspace.profile if self.desk is not None and unlocked else None
        self.who.setText(f"{profile.name} · {role_words(profile)}" if profile else "")
        self.who.setVisible(profile is not None)
        self._look_at_history()

    def show_library(self) -> None:
        """Go to the library."""
        if self.desk is None or self.desk.workspace.locked:
            return
        self._leave_session()
        self._read_library()
        self.show_page(self.library)
        self.library.begin()

    def open_session(self, session: str, start_ms: int = -1) -> None:
        """Open a session, at a time if there is one."""
        desk = self.desk
        if desk is None:
            return
        self._leave_session()

        def enter() -> None:
            self.session = SessionDesk(desk, self.view, SessionId(session))
            self.session.failed.connect(self.fail)

        if attempt(enter, self.fail) and self.session is not None:
            self.annexes.tell(lambda annex: annex.session_opened(session))
            self.show_page(self.view)
            self._show_queue()
            self.view.waveform.setFocus()
            if start_ms >= 0:
                self.session.seek(start_ms)
                self.view.transcript.show_time(start_ms)

    def recorded(self, session: str) -> None:
        """Open the session that was just recorded."""
        self._read_library()
        self.open_session(session)

    def show_dialog(self, dialog: QDialog) -> None:
        """Open a dialog in place of another."""
        self.errands.show_dialog(dialog)

    def _leave_session(self) -> None:
        session, self.session = self.session, None
        if session is not None:
            session.close()

    @Slot(object)
    def _on_consent_changed(self, change: Change) -> None:
        """Let a session go that is covered no longer; show one anew of which a portion is gone."""
        desk, session = self.desk, self.session
        if desk is None or session is None or session.session.session not in change.ids:
            return
        place = session.position_ms
        if attempt(lambda: desk.workspace.session(session.session.session), lambda _error: None):
            if session.outdated():
                self.open_session(session.session.session, place)
            return
        self.session = None
        session.close(keep=False)
        self.show_library()

    def _read_library(self) -> None:
        if self.desk is not None and not self.desk.workspace.locked:
            self.library.show_library(self.desk.workspace.library())

    def search(self, words: str) -> None:
        """Search the library."""
        desk = self.desk
        if desk is not None:
            failed = lambda error: self.library.show_failure(said(error))  # noqa: E731
            attempt(lambda: self.library.show_hits(desk.workspace.search(words)), failed)

    def find_all(self) -> None:
        """Go to the library and search it."""
        self.show_library()
        self.library.begin_search()

    def next_pane(self, step: int = 1) -> None:
        """Put the focus into the next part of the page, or with -1 into the one before."""
        view, library, page = self.view, self.library, self.pages.currentWidget()
        focus_next(
            [view.waveform, view.transcript, view.panel.list, view.editor.note, view.player.play]
            if page is view
            else self.annexes.panes(page) or [library.table, library.words],
            step,
        )

    # --- deeds

    def _mark(self, code: str) -> None:
        if self.session is not None:
            self.session.mark(code)

    def _on_moments_changed(self) -> None:
        self._read_library()

    def travel(self, way: str) -> None:
        """Undo or redo."""
        desk = self.desk
        if desk is None:
            return

        def go() -> None:
            change = desk.workspace.undo() if way == "undo" else desk.workspace.redo()
            what = {"moments": "a moment", "speakers": "the voices", "transcript": "the voices"}
            what["recall"] = "what was noted of a recall"
            self.say(
                f"{'Taken back' if way == 'undo' else 'Done again'}: {what.get(change.topic, change.topic)}"
            )

        attempt(go, self.fail)

    def _look_at_history(self) -> None:
        desk = self.desk
        if desk is None or desk.workspace.locked:
            return
        page = self.pages.currentWidget()
        enabled = page in (self.library, self.view) or self.annexes.undoes(page)
        self.actions_.by_name["undo"].setEnabled(enabled and desk.workspace.can_undo)
        self.actions_.by_name["redo"].setEnabled(enabled and desk.workspace.can_redo)

    def say(self, words: str) -> None:
        """Say something small, for a while."""
        if self.session is not None and self.pages.currentWidget() is self.view:
            self.session.say(words)
        else:
            self.statusBar().showMessage(words, 6000)

    def other_look(self) -> None:
        """Change between light and dark."""
        theme = theme_of()
        theme.choose(Mode.LIGHT if theme.colors.dark else Mode.DARK)

    def on_look(self) -> None:
        """Draw the session anew in other colours."""
        if self.session is not None:
            self.session.read_again()

    @Slot(object)
    def fail(self, error: SuperviseError) -> None:
        """Show an expected failure."""
        show_failure(self, error, way=self.actions_.by_name.get(way_out(error)))

    # --- queue

    def _step_queue(self) -> None:
        if self.desk is not None:
            if self.session is not None and self.session.playing:
                self.idle.touch()
            if self.desk.queue.step():
                self._show_queue()

    def _show_queue(self) -> None:
        if self.desk is None:
            return
        hidden = self.desk.workspace.locked or self.annexes.others_look(self.pages.currentWidget())
        entries = self.desk.queue.entries()
        self.queue.show_entries(entries, None if hidden else self.library.model.name_of)
        if self.session is not None:
            here = self.session.session.session
            busy = any(e.session == here and e.state in ("queued", "running") for e in entries)
            self.view.show_waiting("The words will appear here as they are found." if busy else "")

    def cancel_job(self, job: str) -> None:
        """Take a transcription out of the queue, or stop it."""
        desk = self.desk
        if desk is not None:
            attempt(lambda: desk.queue.cancel(JobId(job)), self.fail)

    # --- locking and leaving

    def lock(self) -> None:
        """Drop the keys and empty every view."""
        if self.desk is not None and not self.desk.workspace.locked:
            attempt(self.desk.workspace.lock, self.fail)

    def _on_locking(self) -> None:
        self.errands.close_dialogs()
        self.annexes.tell(lambda annex: annex.locking())
        self._leave_session()

    def _on_lock_changed(self) -> None:
        desk = self.desk
        if desk is None:
            return
        if desk.workspace.locked:
            self.idle.stop()
            self.library.clear()
            self.statusBar().clearMessage()
            self.show_page(self.door)
            busy = any(entry.state == "running" for entry in desk.queue.entries())
            self.door.begin(opening=False, busy=busy)
        else:
            desk.read_settings()
            self.use(desk)
            self.show_library()
            self.errands.take_in_finished()
            self.annexes.unlocked()
        self._show_queue()

    def _leave_vault(self) -> bool:
        """Close what is open; False when work under way must be waited for."""
        if not self.annexes.may_leave() or not self.errands.stop():
            return False
        self.doors.stop()
        self.vault_errands.stop()
        self._leave_session()
        self._queue_timer.stop()
        self.idle.stop()
        desk, self.desk = self.desk, None
        if desk is not None:
            desk.close()
        self.library.clear()
        self.queue.show_entries((), str)
        return True

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what runs, wait for it, close the vault, go; while recording, ask first."""
        if not self.annexes.may_close():
            event.ignore()
            return
        self._leave_vault()
        self.annexes.tell(lambda annex: annex.give_up())
        super().closeEvent(event)
