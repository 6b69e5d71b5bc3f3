"""Taking a recall out, from the session it is of or from the page it is read on."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from supervise.app.recall_export import RecallExportJob, RecallWish
from supervise.app.recalls_to_take_out import recalls_to_take_out
from supervise.domain.errors import CancelledError, SuperviseError
from supervise.domain.ids import RecallId, SessionId
from supervise.ui.annex import Annex, Host
from supervise.ui.desk import Desk, attempt
from supervise.ui.failures import show_notice
from supervise.ui.jobs import Job
from supervise.ui.plain_words import said
from supervise.ui.reading_pages import reading_pdf
from supervise.ui.recall_export_dialog import RecallExportDialog

CHOOSE = "Choose the session whose recall you want to take out."
NONE = "No recall of this session has ended yet."
OUT = "It is written, and no longer protected by the vault."
STOPPED = "Stopped. Nothing was taken out."
BROKE = "That stopped unexpectedly. Nothing was taken out."


class RecallOut(Annex):
    """At most one dialog and one job at a time."""

    def __init__(self, window: QWidget, host: Host) -> None:
        """Work for `host`, whose dialogs lie above `window`."""
        super().__init__(window, host)
        self.job: Job | None = None
        self.where: Callable[[], tuple[str, str]] = lambda: ("", "")  # the session in question, recall read
        self._dialog: RecallExportDialog | None = None
        self._export: RecallExportJob | None = None
        self._written = False

    def deeds(self) -> dict[str, Callable[[], object]]:
        """Return what its actions do."""
        return {"recall_out": self.open, "reading_out": self.open}

    def open(self, session: str = "", recall: str = "") -> None:
        """Ask what goes where: of the recall given or read, else of a session's that is open or chosen."""
        desk = self._desk
        if desk is None or self.job is not None:
            return
        if not session:
            session, recall = self.where()
        if session:
            attempt(lambda: self._ask(desk, SessionId(session), recall), self._host.fail)
        else:
            self._host.say(CHOOSE)

    def _ask(self, desk: Desk, session: SessionId, recall: str) -> None:
        choices = recalls_to_take_out(desk.workspace, session)
        if not choices:
            show_notice(self._window, "Nothing to take out", NONE)
            return
        held_on = desk.workspace.session(session).held_on
        dialog = RecallExportDialog(self._window, choices, RecallId(recall) if recall else None, held_on)
        dialog.wished.connect(self._start)
        dialog.cancel_wished.connect(self._cancel)
        dialog.finished.connect(self._forget)
        self._host.show_dialog(dialog)
        self._dialog = dialog

    def _forget(self) -> None:
        self._dialog = None

    def _start(self, wish: RecallWish) -> None:
        desk, dialog = self._desk, self._dialog
        if desk is None or dialog is None:
            return

        def begin() -> None:
            export = RecallExportJob(desk.workspace, wish, reading_pdf)
            export.announce()
            self._export = export

        if not attempt(begin, lambda error: dialog.end_work(said(error))) or self._export is None:
            return
        export, self._written = self._export, False

        def run(report: Callable[[int], None], cancelled: Callable[[], bool]) -> int:
            rows = export.run(report, cancelled)
            self._written = True
            return rows

        dialog.begin_work()
        self.job = Job(run, self)
        self.job.progressed.connect(dialog.show_progress)
        self.job.finished.connect(self._on_written)
        self.job.failed.connect(self._on_failed)
        self.job.ended.connect(self._on_ended)
        self.job.start()

    def _cancel(self) -> None:
        if self.job is not None:
            self.job.cancel()

    def _on_written(self, rows: object) -> None:
        export = self._export
        if export is None:
            return
        self.job = self._export = None
        if self._dialog is not None:
            self._dialog.accept()
        words = OUT if rows else f"{OUT} It holds no rows."
        show_notice(self._window, "The recall is out", f"{words}\n\n{export.target}")

    def _on_failed(self, error: SuperviseError) -> None:
        export, self.job, self._export = self._export, None, None
        if export is not None:
            export.take_back()
        if self._dialog is not None:
            self._dialog.end_work(STOPPED if isinstance(error, CancelledError) else said(error))

    def _on_ended(self) -> None:
        """After a bug neither `finished` nor `failed` came; let the person go on."""
        if self._export is not None:
            self._on_failed(SuperviseError(BROKE))

    def _stop(self) -> None:
        """Stop a job that runs and wait; what it wrote by then stays in the list of copies."""
        job, export = self.job, self._export
        self.job = self._export = None
        if job is None:
            return
        job.cancel_and_wait()
        if export is not None and not self._written:
            export.take_back()

    def locking(self) -> None:
        """Stop, while the keys are there to say that nothing left."""
        self._stop()

    def may_leave(self) -> bool:
        """Nothing is in the way; stop."""
        self._stop()
        return True

    def may_close(self) -> bool:
        """Likewise."""
        self._stop()
        return True

    def give_up(self) -> None:
        """Stop at once."""
        self._stop()
