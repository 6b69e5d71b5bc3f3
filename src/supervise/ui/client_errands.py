"""Errands about one client: the consent page, withdrawing, certificates, copies, parts in the case."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from supervise.app import client_page as pages
from supervise.app import consenting, withdrawing
from supervise.app.certificates import write_certificate
from supervise.app.subject_access import AccessJob, held_notes
from supervise.app.workspace import Workspace
from supervise.domain.errors import SuperviseError
from supervise.ui.access_page import AccessPage
from supervise.ui.certificate_page import CertificatePage
from supervise.ui.client_overview import ClientOverview
from supervise.ui.consent_form import ConsentForm
from supervise.ui.consent_words import BACKUPS
from supervise.ui.copies_page import CopiesPage
from supervise.ui.desk import attempt
from supervise.ui.failures import ask, show_notice
from supervise.ui.jobs import Job
from supervise.ui.keeping_errands import Host, KeepingErrands
from supervise.ui.paged_dialog import PagedDialog
from supervise.ui.parts_page import PartsPage
from supervise.ui.plain_words import saying
from supervise.ui.waiting import waiting
from supervise.ui.withdraw_page import WithdrawPage

NO_CLIENT = "A client comes in with the first recording."
NO_RETURN = (
    "The sound's keys, the words, the moments and the notes are destroyed, and the vault is swept for "
    "traces. Nothing brings them back."
)
WITHDRAWN = "Withdrawn. Look below for what becomes of it and when, and take a mistake back there."
TAKEN_BACK = "Taken back. What was agreed before is agreed again; both stay in the record."
DESTROYED = "Withdrawn and destroyed."


class ClientDialog(PagedDialog):
    """The pages about one client."""

    def __init__(self, parent: QWidget, clients: list[str], work: Workspace) -> None:
        """Make every page; they are filled when they are gone to."""
        self.overview = ClientOverview(clients)
        super().__init__(parent, "Consent", self.overview, 1000, 640)
        people = [entry.name for entry in work.profiles()]
        others = [entry.name for entry in work.profiles()[1:]]
        self.form = ConsentForm(others, work.today())
        self.withdraw = WithdrawPage()
        self.certificate = CertificatePage()
        self.copies = CopiesPage()
        self.parts = PartsPage(people)
        self.access = AccessPage()
        for page in (self.form, self.withdraw, self.certificate, self.copies, self.parts, self.access):
            self.add_page(page)


class ClientErrands(QObject):
    """Fills the pages, and does what they wish."""

    closed = Signal()

    def __init__(self, window: QWidget, host: Host, show: Callable[[QDialog], object]) -> None:
        """Work for `host`; `show` opens a dialog above `window`, in place of another."""
        super().__init__(window)
        self._window, self._host, self._show = window, host, show
        self.keeping = KeepingErrands(window, host, show)

    def open(self, client: str = "") -> None:
        """Show the consent of the client of the open session, of `client`, or of any."""
        desk = self._host.desk
        if desk is None or desk.workspace.locked:
            return
        clients = desk.workspace.clients()
        if not clients:
            show_notice(self._window, "No client yet", NO_CLIENT)
            return
        session = self._host.session
        chosen = client or (session.session.client_code if session is not None else clients[0])
        visit = _Visit(ClientDialog(self._window, clients, desk.workspace), desk.workspace, chosen)
        self._show(visit.dialog)
        visit.dialog.finished.connect(lambda _result: self.closed.emit())
        visit.dialog.overview.begin()


class _Visit(QObject):
    """One opening of the dialog; lives as long as it does."""

    def __init__(self, dialog: ClientDialog, work: Workspace, client: str) -> None:
        super().__init__(dialog)
        self.dialog, self._work, self._client = dialog, work, client
        self._page = pages.client_page(work, client)
        self._job: Job | None = None
        dialog.overview.client.setCurrentText(client)
        self._connect()
        self._show()

    def _connect(self) -> None:
        dialog, first = self.dialog, self.dialog.overview
        first.client_chosen.connect(self._choose)
        first.close_wished.connect(dialog.reject)
        first.add_wished.connect(self._open_form)
        first.withdraw_wished.connect(self._open_withdraw)
        first.copies_wished.connect(self._open_copies)
        first.parts_wished.connect(self._open_parts)
        first.take_back_wished.connect(self._take_back)
        first.destroy_wished.connect(self._ask_destroy)
        first.certificate_wished.connect(self._open_certificate)
        dialog.form.wished.connect(self._add)
        dialog.withdraw.changed.connect(self._preview)
        dialog.withdraw.wished.connect(lambda: self._withdraw(now=False))
        dialog.withdraw.now_wished.connect(self._ask_now)
        dialog.certificate.save_wished.connect(self._save)
        dialog.copies.wished.connect(self._called_back)
        first.access_wished.connect(self._open_access)
        dialog.access.wished.connect(self._hand_over)
        dialog.finished.connect(self._stop)
        dialog.parts.wished.connect(self._give_part)
        dialog.parts.end_wished.connect(self._end_part)

    def _choose(self, client: str) -> None:
        self._client = client
        self._show()

    def _show(self, said: str = "") -> None:
        self._page = pages.client_page(self._work, self._client)
        self.dialog.overview.show_page(self._page, said)

    def _back(self, said: str) -> None:
        self._show(said)
        self.dialog.show_first()

    # --- adding

    def _open_form(self) -> None:
        self.dialog.form.title.setText(f"Add to the record of {self._client}")
        self.dialog.show_page(self.dialog.form)

    def _add(self) -> None:
        form = self.dialog.form

        def add() -> None:
            self._work.record_consent(form.statement(self._client))

        if attempt(add, saying(form.show_problem)):
            form.answers.clear()
            self._back("Added to the record.")

    # --- withdrawing

    def _open_withdraw(self) -> None:
        self.dialog.withdraw.begin(self._page)
        self.dialog.show_page(self.dialog.withdraw)

    def _preview(self) -> None:
        page = self.dialog.withdraw
        wish = page.wish()
        listed = withdrawing.preview(self._work, wish) if wish is not None else None
        page.show_touched(listed, self._page.copies)

    def _withdraw(self, *, now: bool) -> None:
        page = self.dialog.withdraw
        wish = page.wish(now=now)
        if wish is None:
            return

        def deed() -> None:
            with waiting():
                done = withdrawing.withdraw(self._work, wish)
            if done.certificate is not None:
                self._show(DESTROYED)
                self._certified(done.certificate)
            else:
                self._back(WITHDRAWN)

        attempt(deed, saying(page.show_problem))

    def _ask_now(self) -> None:
        self._question(lambda: self._withdraw(now=True))

    def _question(self, deed: Callable[[], object]) -> None:
        """Ask a second time before something is destroyed."""
        text = f"{NO_RETURN}\n\n{BACKUPS}"
        question = ask(self.dialog, "Destroy it now?", text, "Destroy it for good", danger=True)
        question.accepted.connect(deed)
        question.finished.connect(self.dialog.activateWindow)

    def _take_back(self, decision: str) -> None:
        if attempt(lambda: withdrawing.take_back(self._work, decision), self._fail):
            self._show(TAKEN_BACK)

    def _ask_destroy(self, decision: str) -> None:
        self._question(partial(self._destroy, decision))

    def _destroy(self, decision: str) -> None:
        def deed() -> None:
            with waiting():
                certificate = withdrawing.finish(self._work, decision)
            self._show(DESTROYED)
            self._certified(certificate)

        attempt(deed, self._fail)

    def _fail(self, error: SuperviseError) -> None:
        saying(lambda words: show_notice(self.dialog, "That did not work", words))(error)

    # --- certificates and copies

    def _open_certificate(self, decision: str) -> None:
        found = next((entry for entry in self._page.decisions if entry.id == decision), None)
        if found is not None and found.certificate is not None:
            self._certified(found.certificate)

    def _certified(self, certificate: Mapping[str, Any]) -> None:
        self._certificate = certificate
        self.dialog.certificate.show_certificate(certificate)
        self.dialog.show_page(self.dialog.certificate)

    def _save(self, target: Path) -> None:
        page = self.dialog.certificate
        if attempt(
            lambda: write_certificate(self._certificate, target, force=True), saying(page.show_problem)
        ):
            page.show_saved(target.name)

    def _open_copies(self) -> None:
        self.dialog.copies.show_copies(self._client, self._page.copies)
        self.dialog.show_page(self.dialog.copies)

    def _called_back(self) -> None:
        page = self.dialog.copies
        if attempt(lambda: pages.call_back(self._work, page.chosen), saying(page.show_problem)):
            self._show()
            page.show_copies(self._client, self._page.copies)
            page.first().setFocus()

    # --- the client's own copy

    def _open_access(self) -> None:
        page = self.dialog.access

        def begin() -> None:
            page.begin(self._client, held_notes(self._work, self._client), self._work.today())
            self.dialog.show_page(page)

        attempt(begin, self._fail)

    def _hand_over(self) -> None:
        page = self.dialog.access
        made: list[AccessJob] = []

        def begin() -> None:
            made.append(AccessJob(self._work, page.wish()))
            made[0].announce()

        if not attempt(begin, saying(page.show_problem)):
            return
        page.show_problem("")
        page.set_busy(True)
        self._job = job = Job(made[0].run, self)
        job.progressed.connect(page.bar.setValue)
        job.finished.connect(lambda _none: attempt(lambda: page.show_done(made[0].finish()), self._fail))
        job.failed.connect(saying(page.show_problem))
        job.failed.connect(lambda _error: made[0].take_back())
        job.ended.connect(lambda: page.set_busy(False))
        job.ended.connect(self._handed_over)
        job.start()

    def _handed_over(self) -> None:
        self._job = None
        self._show()

    def _stop(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.blockSignals(True)
            job.cancel_and_wait()

    # --- parts

    def _open_parts(self) -> None:
        self.dialog.parts.show_parts(self._page)
        self.dialog.show_page(self.dialog.parts)

    def _give_part(self) -> None:
        page = self.dialog.parts

        def give() -> None:
            name, part, until = page.asked()
            consenting.give_part(self._work.store, self._work.gate, self._client, name, part, until)

        self._changed_parts(give)

    def _end_part(self, part: str) -> None:
        self._changed_parts(lambda: consenting.end_part(self._work.store, self._work.gate, part))

    def _changed_parts(self, deed: Callable[[], object]) -> None:
        page = self.dialog.parts
        if attempt(deed, saying(page.show_problem)):
            page.show_problem("")
            self._show()
            page.show_parts(self._page)
