"""The window's errands that need a dialog: import, take out, transcribe, settings, keys, codebook, demo."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QWidget

from supervise.app.commands import DescribeSession
from supervise.app.demo import add_demo_session, add_sample_moments, demo_truth
from supervise.app.importing import ImportJob, ImportWish
from supervise.app.taking_out import ExportJob, ExportWish
from supervise.bootstrap import Services
from supervise.domain.consent import Scope
from supervise.domain.errors import CancelledError, NotCoveredError, SuperviseError, VaultLockedError
from supervise.domain.session import Session
from supervise.domain.transcript import TranscribeSettings
from supervise.ui.actions import Actions
from supervise.ui.describe_dialog import DescribeDialog
from supervise.ui.desk import Desk, attempt
from supervise.ui.export_dialog import ExportDialog
from supervise.ui.failures import show_failure, show_notice, way_out
from supervise.ui.file_dialogs import ask_file
from supervise.ui.import_dialog import ConsentWish, ImportDialog, outcome_words
from supervise.ui.jobs import Job
from supervise.ui.plain_words import said
from supervise.ui.session_desk import SessionDesk
from supervise.ui.settings import Settings
from supervise.ui.settings_dialog import KeysDialog, SettingsDialog
from supervise.ui.transcribe_dialog import TranscribeDialog
from supervise.ui.waiting import waiting


class Host(Protocol):
    """What errands need of the window."""

    desk: Desk | None
    session: SessionDesk | None
    services: Services
    actions_: Actions

    def open_session(self, session: str, start_ms: int = -1) -> None:
        """Open a session."""

    def show_library(self) -> None:
        """Go to the library."""

    def use(self, desk: Desk) -> None:
        """Take over the desk's settings and codebook."""

    def fail(self, error: SuperviseError) -> None:
        """Show an expected failure."""


class Errands(QObject):
    """At most one dialog and one job at a time."""

    def __init__(self, window: QWidget, host: Host) -> None:
        """Work for `host`, whose dialogs lie above `window`."""
        super().__init__(window)
        self._window = window
        self._host = host
        self.dialog: QDialog | None = None
        self.job: Job | None = None
        self._import: ImportJob | None = None
        self._export: ExportJob | None = None
        self._unfinished: ImportJob | None = None

    @property
    def _desk(self) -> Desk | None:
        desk = self._host.desk
        return None if desk is None or desk.workspace.locked else desk

    def show_dialog(self, dialog: QDialog) -> None:
        """Open a dialog in place of another."""
        self.close_dialogs()
        self.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._forget)
        dialog.open()

    def _forget(self) -> None:
        self.dialog = None
        self._window.activateWindow()

    def close_dialogs(self) -> None:
        """Close what is open, without waiting for its work (an import goes on while the vault locks)."""
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.done(0)
        for box in self._window.findChildren(QDialog):
            if box.isVisible():
                box.done(0)

    def stop(self) -> bool:
        """Stop a running job and wait until it has."""
        if self.job is not None:
            self.job.cancel_and_wait()
            self.job = None
        if self._unfinished is not None:
            self._unfinished.discard()
            self._unfinished = None
        self.close_dialogs()
        return True

    # --- importing

    def open_import(self) -> None:
        """Ask for a recording."""
        desk = self._desk
        if desk is None:
            return
        dialog = ImportDialog(self._window, desk.workspace.clients(), desk.workspace.today())
        dialog.covered = {code.casefold(): _in_force(desk, code) for code in desk.workspace.clients()}
        dialog.wished.connect(self._start_import)
        dialog.cancel_wished.connect(self._cancel)
        self.show_dialog(dialog)

    def _start_import(self, wish: ImportWish, consent: ConsentWish | None) -> None:
        desk, dialog = self._desk, self.dialog
        if desk is None or not isinstance(dialog, ImportDialog):
            return

        def begin() -> None:
            if consent is not None:
                desk.workspace.add_consent(consent.client, consent.granted, consent.signed_on)
            self._import = ImportJob(desk.workspace, wish)

        if attempt(begin, self._job_failed) and self._import is not None:
            dialog.begin_work()
            self._run(self._import.run, self._imported, dialog.show_progress)

    def _imported(self, _result: object) -> None:
        job, self._import = self._import, None
        self.job = None
        if job is None:
            return
        try:
            outcome = job.finish()
        except VaultLockedError:
            self._unfinished = job
            return
        except SuperviseError as error:
            self._job_failed(error)
            return
        self.close_dialogs()
        desk = self._desk
        opens = desk is None or Scope.OWN_REVIEW in _in_force(desk, outcome.session.client_code)
        words = outcome_words(outcome, opens=opens)
        if words:
            show_notice(self._window, "Already here" if outcome.duplicate else "Imported", words)
        if opens:
            self._host.open_session(outcome.session.session)
        else:
            self._host.show_library()

    def take_in_finished(self) -> None:
        """Finish an import that ended while the vault was locked."""
        job, self._unfinished = self._unfinished, None
        if job is not None and attempt(job.finish, self._host.fail):
            self._host.show_library()

    # --- taking out

    def open_export(self) -> None:
        """Ask what goes where."""
        desk, session = self._desk, self._host.session
        if desk is None or session is None:
            return
        row = session.session

        def show() -> None:
            has_words = desk.workspace.transcript(row.session).version is not None
            dialog = ExportDialog(self._window, row.session, has_words, row.held_on)
            dialog.wished.connect(self._start_export)
            dialog.cancel_wished.connect(self._cancel)
            self.show_dialog(dialog)

        attempt(show, self._host.fail)

    def _start_export(self, wish: ExportWish) -> None:
        desk, dialog = self._desk, self.dialog
        if desk is None or not isinstance(dialog, ExportDialog):
            return

        def begin() -> None:
            job = ExportJob(desk.workspace, wish)
            job.announce()
            self._export = job

        if attempt(begin, lambda error: dialog.end_work(said(error))) and self._export is not None:
            dialog.begin_work()
            self._run(self._export.run, self._exported, dialog.show_progress)

    def _exported(self, rows: object) -> None:
        job, self._export = self._export, None
        self.job = None
        if job is None:
            return
        self.close_dialogs()
        count = job.left_out if job.holds_moments else 0
        which = "One private moment" if count == 1 else f"{count} private moments"
        left = f" {which} stayed behind." if count else ""
        text = f"It is written, and no longer protected by the vault.{left}"
        show_notice(self._window, "The copy is out", text if rows else f"{text} It holds no rows.")

    # --- running

    def _run(
        self, work: Callable[..., object], done: Callable[[object], None], report: Callable[[int], None]
    ) -> None:
        self.job = Job(work, self)
        self.job.progressed.connect(report)
        self.job.finished.connect(done)
        self.job.failed.connect(self._job_failed)
        self.job.ended.connect(self._job_ended)
        self.job.start()

    def _cancel(self) -> None:
        if self.job is not None:
            self.job.cancel()

    def _job_failed(self, error: SuperviseError) -> None:
        if self._export is not None:
            self._export.take_back()
        self.job = self._import = self._export = None
        dialog = self.dialog
        words = "Stopped. Nothing was kept." if isinstance(error, CancelledError) else said(error)
        if isinstance(dialog, ImportDialog):
            dialog.end_work(words, isinstance(error, NotCoveredError))
        elif isinstance(dialog, ExportDialog):
            dialog.end_work(words)
        elif not isinstance(error, CancelledError):
            show_failure(self._window, error)

    def _job_ended(self) -> None:
        """After a bug neither `finished` nor `failed` came; let the person go on."""
        if self.job is not None and not self.job.running:
            self._job_failed(SuperviseError("That stopped unexpectedly. Nothing was kept."))

    # --- the rest

    def open_transcribe(self) -> None:
        """Ask how to transcribe."""
        desk, session = self._desk, self._host.session
        if desk is None or session is None:
            return
        attempt(lambda: self._ask_how(desk, session.session), self._host.fail)

    def _ask_how(self, desk: Desk, here: Session) -> None:
        has_words = desk.workspace.transcript(here.session).version is not None
        there = [entry for entry in self._host.services.models.list() if entry.folder is not None]
        models = {state.entry.name: state.entry.title for state in there}
        dialog = TranscribeDialog(self._window, here.sound.duration_ms / 60_000, has_words, models)

        def failed(error: SuperviseError) -> None:
            dialog.show_problem(said(error), self._host.actions_.by_name.get(way_out(error)))

        def begin(settings: TranscribeSettings) -> None:
            if attempt(lambda: desk.queue.enqueue(here.session, settings), failed):
                dialog.accept()

        dialog.wished.connect(begin)
        self.show_dialog(dialog)

    def open_describe(self) -> None:
        """Ask for title and date."""
        desk, session = self._desk, self._host.session
        if desk is None or session is None:
            return
        here = session.session
        dialog = DescribeDialog(self._window, here)

        def describe(title: str, held_on: str) -> None:
            wish = DescribeSession(here.session, title, held_on)
            attempt(lambda: desk.workspace.execute(wish, "window"), self._host.fail)

        dialog.chosen.connect(describe)
        self.show_dialog(dialog)

    def open_settings(self) -> None:
        """Show the settings."""
        if self._desk is not None:
            dialog = SettingsDialog(self._window, self._desk.settings, self._host.services.output_names())
            dialog.chosen.connect(self._keep_settings)
            self.show_dialog(dialog)

    def open_keys(self) -> None:
        """Show every key."""
        desk = self._desk
        settings = desk.settings if desk is not None else Settings()
        dialog = KeysDialog(self._window, self._host.actions_, settings, desk is not None)
        dialog.chosen.connect(self._keep_settings)
        self.show_dialog(dialog)

    def _keep_settings(self, settings: Settings) -> None:
        desk = self._desk
        if desk is not None and attempt(lambda: desk.keep(settings), self._host.fail):
            self._host.use(desk)

    def open_codebook(self) -> None:
        """Ask for a codebook file."""
        if self._desk is not None:
            ask_file(self._window, "Choose a codebook", "Codebooks (*.yaml *.yml)", self._load_codebook)

    def _load_codebook(self, path: Path) -> None:
        desk = self._desk
        if desk is None:
            return
        if attempt(lambda: desk.workspace.codebooks.load(path), self._host.fail):
            self._host.use(desk)
            if self._host.session is not None:
                self._host.session.read_again()
            book = desk.workspace.codebook()
            show_notice(self._window, "Codebook in use", f"{len(book.codes)} codes, version {book.version}.")

    def try_demo(self) -> None:
        """Import the demo session with its sample moments, start its transcription and open it."""
        desk = self._desk
        if desk is None:
            return
        folder = self._host.services.demo_folder

        def add() -> None:
            with waiting():
                session = add_demo_session(desk.workspace, folder, _silent)
                add_sample_moments(desk.workspace, session, demo_truth(folder))
            if desk.workspace.transcript(session).version is None:
                attempt(
                    lambda: desk.queue.enqueue(session, TranscribeSettings(language="en")), self._host.fail
                )
            self._host.open_session(session)

        attempt(add, self._host.fail)


def _silent(_permille: int) -> None:
    return


def _in_force(desk: Desk, client: str) -> frozenset[Scope]:
    found = desk.workspace.store.consents.client(client)
    if found is None:
        return frozenset()
    verdict = desk.workspace.gate.verdict
    return frozenset(scope for scope in Scope if verdict(found[0], found[1], scope).covered)
