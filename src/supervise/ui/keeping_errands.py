"""Errands about what is kept: rules and what falls due, who did what when, deleting a portion."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QDialog, QWidget

from supervise.app import log_page, retention
from supervise.app.certificates import write_certificate
from supervise.app.log_words import plain_lines
from supervise.app.looking_ahead import ahead, fingerprint
from supervise.app.portion import PortionJob, PortionWish, heard_in
from supervise.app.workspace import Workspace
from supervise.domain.errors import CancelledError, SuperviseError
from supervise.ui.consent_words import BACKUPS
from supervise.ui.desk import Desk, attempt
from supervise.ui.failures import ask
from supervise.ui.jobs import Job
from supervise.ui.kept_dialog import KeptDialog
from supervise.ui.library_view import LibraryView
from supervise.ui.log_dialog import LogDialog
from supervise.ui.plain_words import said, saying
from supervise.ui.portion_dialog import GO_WITH, PortionDialog, listed
from supervise.ui.reading_words import begun_words, kind_words
from supervise.ui.session_desk import SessionDesk
from supervise.ui.session_view import SessionView
from supervise.ui.waiting import waiting

LOOK_MS = 10 * 60_000
RULES_KEPT = "The rules are kept. What falls due by them stands below."
NO_RETURN = "What is listed as due is destroyed: keys, words, moments and notes. Nothing brings it back."
PORTION = (
    "What is said there becomes silence of the same length. Its words, and notes that lie there or quote it, "
    "are gone from every version, and this session's undo history with them. Nothing brings it back."
)

WITH_RECALLS = (
    "What is said there sounds in these recalls, or is repeated in them. They go whole: their sound and "
    "words, what was marked and written up, and the interviews held in them."
)


class Host(Protocol):
    """What these errands need of the window."""

    desk: Desk | None
    session: SessionDesk | None
    library: LibraryView
    view: SessionView

    def open_session(self, session: str, start_ms: int = -1) -> None:
        """Open a session."""

    def fail(self, error: SuperviseError) -> None:
        """Show an expected failure."""


class KeepingErrands(QObject):
    """Looks ahead whenever the library is shown, and at every new day while a vault stays open."""

    def __init__(self, window: QWidget, host: Host, show: Callable[[QDialog], object]) -> None:
        """Work for `host`; `show` opens a dialog above `window`, in place of another."""
        super().__init__(window)
        self._window, self._host, self._show = window, host, show
        self._seen: tuple[object, ...] = ()
        self._ahead: Sequence[str] = ()
        self._day: tuple[Workspace, date] | None = None
        self._job: Job | None = None
        self._daily = QTimer(self)
        self._daily.setInterval(LOOK_MS)
        self._daily.timeout.connect(self.new_day)

    @property
    def _work(self) -> Workspace | None:
        desk = self._host.desk
        return None if desk is None or desk.workspace.locked else desk.workspace

    # --- looking ahead

    def look(self) -> None:
        """Show what lies ahead above the library."""
        work = self._work
        if work is None:
            self._daily.stop()
            self._seen, self._ahead = (), ()
        else:
            if not self._daily.isActive():
                self._daily.start()
            self._day = self._day if self._day and self._day[0] is work else (work, work.today())
            seen = (id(work), *fingerprint(work))
            if seen != self._seen:
                self._seen, self._ahead = seen, ahead(work)
        self._host.library.ahead.show_ahead(self._ahead)

    def new_day(self) -> None:
        """Once a day while the vault stays open: destroy what has fallen due, and look ahead again."""
        work = self._work
        if work is None or self._day is None or work.today() == self._day[1]:
            return
        self._day = (work, work.today())
        attempt(work.finish_due, self._host.fail)
        self.look()

    # --- what is kept

    def open_kept(self) -> None:
        """Show rules, what falls due, and holds."""
        work = self._work
        if work is None:
            return
        dialog = KeptDialog(self._window)
        _Kept(dialog, work, self.look)
        self._show(dialog)
        dialog.kept.begin()

    # --- who did what when

    def open_log(self) -> None:
        """Show the access log."""
        work = self._work
        if work is None:
            return
        dialog = LogDialog(self._window)
        broken = log_page.broken_lines(work)
        dialog.show_log(plain_lines(work), log_page.chain_words(broken), whole=not broken)

        def save(target: Path) -> None:
            def write() -> None:
                count = log_page.write_log(work, target, force=True)
                whose = "It names those who work here."
                dialog.show_saved(f"{count} lines are written to “{target.name}”. {whose}")

            attempt(write, saying(dialog.problem.setText))
            dialog.problem.setVisible(bool(dialog.problem.text()))

        dialog.save_wished.connect(save)
        self._show(dialog)
        dialog.words.setFocus()

    # --- a portion

    def open_portion(self) -> None:
        """Ask which portion of the open session is to be deleted."""
        work, session = self._work, self._host.session
        if work is None or session is None:
            return
        here = session.session
        moment = self._host.view.editor.moment
        span = self._host.view.transcript.chosen_span
        if span is None and moment is not None and moment.end_ms is not None:
            span = (moment.start_ms, moment.end_ms)

        def heard(start_ms: int, end_ms: int) -> list[str]:
            rows = heard_in(work, PortionWish(here.session, start_ms, end_ms))
            return [f"{kind_words(row.setup)} of {begun_words(row.started_at)}" for row in rows]

        dialog = PortionDialog(self._window, here.sound.duration_ms, span, heard)

        def sure(start_ms: int, end_ms: int) -> None:
            names = heard(start_ms, end_ms)
            wish = PortionWish(here.session, start_ms, end_ms, with_recalls=bool(names))
            if names:
                self._ask_recalls(dialog, wish, names)
            else:
                self._ask_portion(dialog, wish)

        dialog.wished.connect(sure)
        dialog.finished.connect(self.stop)
        self._show(dialog)
        dialog.start.setFocus()

    def _ask_recalls(self, dialog: PortionDialog, wish: PortionWish, names: Sequence[str]) -> None:
        text = f"{listed(names)}.\n\n{WITH_RECALLS}"
        title = "Recalls go with this portion"
        question = ask(dialog, title, text, GO_WITH, danger=True)
        question.accepted.connect(lambda: self._ask_portion(dialog, wish))
        question.rejected.connect(dialog.activateWindow)

    def _ask_portion(self, dialog: PortionDialog, wish: PortionWish) -> None:
        title = "Delete this portion and its recalls?" if wish.with_recalls else "Delete this portion?"
        question = ask(dialog, title, f"{PORTION}\n\n{BACKUPS}", "Delete it for good", danger=True)
        question.accepted.connect(lambda: self._delete(dialog, wish))
        question.finished.connect(dialog.activateWindow)

    def _delete(self, dialog: PortionDialog, wish: PortionWish) -> None:
        work = self._work
        made: list[PortionJob] = []
        if work is None or not attempt(lambda: made.append(PortionJob(work, wish)), saying(dialog.end_work)):
            return

        def done(_none: object) -> None:
            with waiting():
                certificate = made[0].finish()
            dialog.show_certificate(certificate)

        def failed(error: SuperviseError) -> None:
            dialog.end_work(
                "Stopped. Nothing was deleted." if isinstance(error, CancelledError) else said(error)
            )

        self._job = job = Job(made[0].run, self)
        job.progressed.connect(dialog.show_progress)
        job.finished.connect(lambda none: attempt(lambda: done(none), failed))
        job.failed.connect(failed)
        job.ended.connect(self._ended)
        dialog.cancel_wished.connect(job.cancel)
        dialog.begin_work()
        job.start()

    def _ended(self) -> None:
        self._job = None

    def stop(self) -> None:
        """Stop a deletion that is being prepared; nothing has changed by then."""
        job, self._job = self._job, None
        if job is not None:
            job.blockSignals(True)
            job.cancel_and_wait()


class _Kept(QObject):
    """One opening of the dashboard."""

    def __init__(self, dialog: KeptDialog, work: Workspace, changed: Callable[[], object]) -> None:
        super().__init__(dialog)
        self.dialog, self._work, self._changed = dialog, work, changed
        page = dialog.kept
        page.close_wished.connect(dialog.reject)
        page.rules_wished.connect(self._keep_rules)
        page.run_wished.connect(self._ask_run)
        page.hold_wished.connect(self._open_hold)
        page.lift_wished.connect(self._lift)
        dialog.hold.wished.connect(self._place)
        dialog.certificate.save_wished.connect(self._save)
        self._show()

    def _show(self, words: str = "") -> None:
        work = self._work
        rules, things = work.store.retention.rules(), retention.due_list(work)
        self.dialog.kept.show_kept(rules, things, retention.holds(work), words)
        self._changed()

    def _problem(self, error: SuperviseError) -> None:
        page = self.dialog.kept
        page.problem.setText(said(error))
        page.problem.show()

    def _keep_rules(self) -> None:
        def keep() -> None:
            held = self._work.store.retention.rules()
            for kind, days in self.dialog.kept.rules().items():
                if held.get(kind) != days:
                    retention.set_rule(self._work, kind, days)
            self._show(RULES_KEPT)

        attempt(keep, self._problem)

    def _ask_run(self) -> None:
        text = f"{NO_RETURN}\n\n{BACKUPS}"
        question = ask(self.dialog, "Destroy what is due?", text, "Destroy it for good", danger=True)
        question.accepted.connect(self._run)
        question.finished.connect(self.dialog.activateWindow)

    def _run(self) -> None:
        def run() -> None:
            with waiting():
                made = retention.run(self._work)
            count = "One certificate" if len(made) == 1 else f"{len(made)} certificates"
            self._show(f"Destroyed. {count}; each stays on its client's consent page.")
            if made:
                self._certificate: Any = made[0]
                self.dialog.certificate.show_certificate(made[0])
                self.dialog.show_page(self.dialog.certificate)

        attempt(run, self._problem)

    def _save(self, target: Path) -> None:
        page = self.dialog.certificate
        write = lambda: write_certificate(self._certificate, target, force=True)  # noqa: E731
        if attempt(write, saying(page.show_problem)):
            page.show_saved(target.name)

    def _open_hold(self) -> None:
        sessions: dict[str, list[tuple[str, str]]] = {code: [] for code in self._work.clients()}
        for row in self._work.store.sessions.all():
            sessions[row.client_code].append((row.session, row.held_on))
        self.dialog.hold.begin(sessions)
        self.dialog.show_page(self.dialog.hold)

    def _place(self) -> None:
        page = self.dialog.hold
        if attempt(lambda: retention.place_hold(self._work, *page.asked()), saying(page.show_problem)):
            self._show("The hold is placed.")
            self.dialog.show_first()

    def _lift(self, hold: str) -> None:
        if attempt(lambda: retention.lift_hold(self._work, hold), self._problem):
            self._show("The hold is lifted.")
