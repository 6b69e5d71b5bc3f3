"""Errands about the vault itself: who works in it, checking it, copies of it, and speech models."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from supervise.app import entering
from supervise.app.keeping import BackupJob, CheckJob
from supervise.bootstrap import Services
from supervise.domain.errors import CancelledError, SuperviseError, UsageError
from supervise.domain.moments import Perspective, Profile
from supervise.ui.desk import Desk, attempt
from supervise.ui.jobs import Job, Work
from supervise.ui.keeping_dialogs import BackupDialog, CheckDialog, RestoreDialog
from supervise.ui.models_dialog import HUB, PYPI, ModelRow, ModelsDialog
from supervise.ui.people_dialog import PeopleDialog
from supervise.ui.plain_words import said, saying
from supervise.ui.printing import print_key
from supervise.ui.work_dialog import WorkDialog

STOPPED = "Stopped. Nothing was kept."


class Host(Protocol):
    """What these errands need of the window."""

    desk: Desk | None
    services: Services

    def open_path(self, path: Path) -> None:
        """Ask for the passphrase of a vault's folder."""


class VaultErrands(QObject):
    """One job at a time; a dialog that is gone is told nothing."""

    def __init__(self, window: QWidget, host: Host, show: Callable[[QDialog], object]) -> None:
        """Work for `host`; `show` opens a dialog above `window`, in place of another."""
        super().__init__(window)
        self._window = window
        self._host = host
        self._show = show
        self._job: Job | None = None

    @property
    def _desk(self) -> Desk | None:
        desk = self._host.desk
        return None if desk is None or desk.workspace.locked else desk

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return self._job is not None

    def stop(self) -> None:
        """Stop what runs and wait until it has; nobody is told any more."""
        job, self._job = self._job, None
        if job is not None:
            job.blockSignals(True)
            job.cancel_and_wait()

    def _run(
        self, work: Work, done: Callable[[Any], object], failed: Callable[[SuperviseError], object]
    ) -> Job | None:
        if self._job is not None:
            failed(UsageError("Something else is still being done. Wait until it is, and try again."))
            return None
        job = self._job = Job(work, self)
        job.finished.connect(done)
        job.failed.connect(failed)
        job.ended.connect(self._end)
        job.ended.connect(job.deleteLater)
        return job

    def _end(self) -> None:
        self._job = None

    def _work(self, dialog: WorkDialog, work: Work, done: Callable[[Any], object]) -> None:
        """Run with progress in `dialog`; it may be closed meanwhile by locking."""
        alive = [True]
        dialog.finished.connect(lambda _answer: alive.clear())

        def failed(error: SuperviseError) -> None:
            if alive:
                dialog.end_work(STOPPED if isinstance(error, CancelledError) else said(error))

        job = self._run(work, lambda result: alive and done(result), failed)
        if job is not None:
            job.progressed.connect(dialog.show_progress)
            job.ended.connect(lambda: _not_left_hanging(dialog) if alive else None)
            dialog.cancel_wished.connect(job.cancel)
            dialog.finished.connect(job.cancel)
            dialog.begin_work()
            job.start()

    # --- checking and copying

    def open_check(self) -> None:
        """Check everything in the vault."""
        desk = self._desk
        if desk is None:
            return
        dialog = CheckDialog(self._window)

        def begin() -> None:
            attempt(lambda: self._work(dialog, CheckJob(desk.workspace).run, done), saying(dialog.end_work))

        def done(report: object) -> None:
            dialog.show_damage(_sentences(report))

        dialog.wished.connect(begin)
        self._show(dialog)

    def open_backup(self) -> None:
        """Copy the vault."""
        desk = self._desk
        if desk is None:
            return
        dialog = BackupDialog(self._window, desk.workspace.today())

        def begin(target: Path) -> None:
            def work() -> None:
                job = BackupJob(desk.workspace, target)
                self._work(
                    dialog,
                    job.run,
                    lambda folder: dialog.show_done(folder, job.left_out, job.recalls_left_out),
                )

            attempt(work, saying(dialog.end_work))

        dialog.wished.connect(begin)
        self._show(dialog)

    def open_restore(self) -> None:
        """Put a backup back as a new vault."""
        dialog, services = RestoreDialog(self._window), self._host.services

        def begin(source: Path, target: Path, passphrase: str) -> None:
            def work(report: Callable[[int], None], cancelled: Callable[[], bool]) -> object:
                return services.restore(source, target, passphrase, report, cancelled)

            self._work(dialog, work, lambda found: dialog.show_damage(_sentences(found)))

        dialog.wished.connect(begin)
        dialog.open_wished.connect(self._host.open_path)
        self._show(dialog)

    # --- people

    def open_people(self) -> None:
        """Show who works in the vault."""
        desk = self._desk
        if desk is None:
            return
        dialog, work = PeopleDialog(self._window), desk.workspace

        def show() -> None:
            dialog.show_people(work.profiles(), work.profile.profile)

        def added(name: str, role: Perspective, passphrase: str) -> None:
            def shown(made: tuple[Profile, str]) -> None:
                show()
                dialog.show_key(made[1], name)

            self._think(dialog, partial(entering.adding_profile, work, name, role, passphrase), shown)

        def changed(old: str, new: str) -> None:
            said_so = lambda _none: dialog.show_done("Your passphrase is changed.")  # noqa: E731
            self._think(dialog, partial(entering.changing_passphrase, work, old, new), said_so)

        def renewed(old: str) -> None:
            shown = lambda key: dialog.show_key(str(key))  # noqa: E731
            self._think(dialog, partial(entering.replacing_recovery_key, work, old), shown)

        dialog.add_wished.connect(added)
        dialog.passphrase_wished.connect(changed)
        dialog.key_wished.connect(renewed)
        dialog.print_wished.connect(lambda key: print_key(dialog, key))
        show()
        self._show(dialog)

    def _think(
        self,
        dialog: PeopleDialog,
        slow: Callable[[], Callable[[], object]],
        done: Callable[[Any], object],
    ) -> None:
        """Make keys off the window's thread, do the rest on it, and show the result in `dialog`."""
        alive = [True]
        dialog.finished.connect(lambda _answer: alive.clear())

        def problem(error: SuperviseError) -> None:
            if alive:
                dialog.set_busy(busy=False)
                dialog.show_problem(said(error))

        def rest(quick: Callable[[], object]) -> None:
            if alive:
                dialog.set_busy(busy=False)
                attempt(lambda: done(quick()), problem)

        job = self._run(lambda _report, _cancelled: slow(), rest, problem)
        if job is not None:
            job.ended.connect(lambda: dialog.set_busy(busy=False) if alive else None)
            dialog.set_busy(busy=True)
            job.start()

    # --- speech models

    def open_models(self) -> None:
        """Show the speech models, and get others."""
        dialog, models = ModelsDialog(self._window), self._host.services.models

        def show() -> None:
            dialog.show_models(model_rows(self._host.services))

        def done(sentence: str) -> None:
            show()
            dialog.show_done(sentence)

        def add(name: str, source: Path | str) -> None:
            def work(report: Callable[[int], None], cancelled: Callable[[], bool]) -> object:
                return models.add(name, [source], report, cancelled)

            self._work(dialog, work, lambda _folder: done(f"“{name}” is here, checked, and ready."))

        def remove(name: str) -> None:
            if attempt(lambda: models.remove(name), saying(dialog.end_work)):
                done(f"“{name}” is removed.")

        dialog.add_wished.connect(add)
        dialog.remove_wished.connect(remove)
        show()
        self._show(dialog)


def model_rows(services: Services) -> list[ModelRow]:
    """Return every known model as the window shows it."""
    rows = []
    for state in services.models.list():
        entry = state.entry
        places = ((PYPI, entry.wheels), (HUB, entry.hub))
        rows.append(
            ModelRow(
                name=entry.name,
                title=entry.title,
                languages=entry.languages,
                licence=entry.licence,
                megabytes=round(entry.size_bytes / 1e6),
                here=state.folder is not None,
                places=tuple(place for place, there in places if there),
            )
        )
    return rows


def _not_left_hanging(dialog: WorkDialog) -> None:
    """After a bug neither `finished` nor `failed` came; let the person go on."""
    if dialog.running:
        dialog.end_work("That stopped unexpectedly. Nothing was kept.")


def _sentences(report: object) -> list[str]:
    return [damage.detail for damage in getattr(report, "damaged", ())]
