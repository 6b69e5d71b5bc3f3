"""The pictures of consent and keeping: a withdrawal from first to last, a portion deleted, what fell due.

They change the vault, so that each scale is drawn in a copy of it.
"""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from easel import CHEAP, PASSPHRASE, Easel
from pictures_window import DEMO
from PySide6.QtWidgets import QMessageBox

from supervise.app import demo
from supervise.app.consenting import Statement
from supervise.app.withdrawing import WithdrawWish, take_back, withdraw
from supervise.app.workspace import Workspace
from supervise.bootstrap import Services
from supervise.domain.consent import Grant, Scope
from supervise.domain.consent_details import ConsentDetails
from supervise.ui import pictures
from supervise.ui.client_errands import ClientDialog
from supervise.ui.kept_dialog import KeptDialog
from supervise.ui.portion_dialog import PortionDialog

PORTION = ("1:05", "1:20")


class ConsentPainter:
    """Walks through one vault with a clock that can be moved, drawing what it passes."""

    def __init__(self, easel: Easel, vault: Path) -> None:
        """Open the demo vault in a window of its own."""
        self._easel, self._day = easel, datetime.now(UTC).date()
        services = Services.default()
        services.kdf, services.today = CHEAP, lambda: self._day
        self.window = easel.window(services)
        self.window.show()
        self.window.adopt(services.open_vault(vault, PASSPHRASE))

    @property
    def _work(self) -> Workspace:
        assert self.window.desk is not None
        return self.window.desk.workspace

    def draw_all(self) -> None:
        """Draw everything, in the order in which it can happen."""
        self._agree()
        self._consent()
        self._portion()
        self._kept()
        self._transcript()
        self._withdraw()
        self._easel.close(self.window)

    def _draw(self, name: str) -> None:
        self._easel.draw(self.window, name)

    def _agree(self) -> None:
        granted = frozenset({Grant(Scope.SUPERVISOR, "Sven"), Grant(Scope.RESEARCH, "SAY-2/EK-17")})
        details = ConsentDetails(
            method="paper",
            witness="front desk",
            form_sha256="9f2c" * 16,
            language="en",
            review_on=self._day + timedelta(days=20),
            audible=(("P-2", "granted"),),
        )
        refused = frozenset({Grant(Scope.TRAINING)})
        ends = self._day + timedelta(days=25)
        said = Statement(demo.CLIENT, self._day, granted, refused, expires_on=ends, details=details)
        self._work.record_consent(said)

    def _client(self) -> ClientDialog:
        self.window.client_errands.open(demo.CLIENT)
        assert isinstance(self.window.errands.dialog, ClientDialog)
        return self.window.errands.dialog

    def _consent(self) -> None:
        self.window.show_library()
        dialog = self._client()
        self._draw("consent-page")
        dialog.overview.add.click()
        dialog.form.answers.answer[Scope.SUPERVISOR].setCurrentText("agrees")
        dialog.form.answers.name[Scope.SUPERVISOR].setCurrentText("Sven")
        self._draw("consent-add")
        self.window.errands.close_dialogs()

    def _portion(self) -> None:
        pictures.show_demo(self.window)
        self.window.client_errands.keeping.open_portion()
        dialog = self.window.errands.dialog
        assert isinstance(dialog, PortionDialog)
        dialog.start.setText(PORTION[0])
        dialog.end.setText(PORTION[1])
        self._draw("portion-1-asked")
        dialog.on_go()
        _answer(dialog)
        while not dialog.text.isVisible():
            pictures.settle()
        self._draw("portion-2-certificate")
        self.window.errands.close_dialogs()
        self.window.view.shown.show(30_000, 90_000)
        self.window.view.transcript.show_time(70_000)
        self._draw("portion-3-deleted")

    def _kept(self) -> None:
        keeping = self.window.client_errands.keeping
        self.window.show_library()
        keeping.open_kept()
        dialog = self.window.errands.dialog
        assert isinstance(dialog, KeptDialog)
        dialog.kept.days["sound"].setValue(90)
        dialog.kept.days["transcript"].setValue(365)
        dialog.kept.keep_rules.click()
        self._draw("kept-1-rules")
        self.window.errands.close_dialogs()
        real, self._day = self._day, self._day + timedelta(days=80)
        self.window.show_library()
        self._draw("kept-2-ahead")
        self._day = real + timedelta(days=91)
        self.window.show_library()
        keeping.open_kept()
        self._draw("kept-3-due")
        self.window.errands.close_dialogs()
        self._day = real
        self.window.show_library()
        keeping.open_log()
        self._draw("log")
        self.window.errands.close_dialogs()

    def _transcript(self) -> None:
        """Only the transcript is taken back, by mistake."""
        pictures.show_demo(self.window)
        wish = WithdrawWish(demo.CLIENT, frozenset({Grant(Scope.TRANSCRIBE)}))
        decision = withdraw(self._work, wish).decision
        self._draw("withdraw-6-transcript-locked")
        take_back(self._work, decision.id)

    def _withdraw(self) -> None:
        self.window.show_library()
        dialog = self._client()
        dialog.overview.withdraw.click()
        self._draw("withdraw-1-what-it-touches")
        dialog.withdraw.go.click()
        self._draw("withdraw-2-locked")
        self.window.errands.close_dialogs()
        self._draw("withdraw-3-library")
        dialog = self._client()
        dialog.overview.destroy_now.click()
        self._draw("withdraw-4-second-question")
        _answer(dialog)
        self._draw("withdraw-5-certificate")
        self.window.errands.close_dialogs()


def _answer(dialog: ClientDialog | PortionDialog) -> None:
    """Answer the question above a dialog with yes."""
    (box,) = [part for part in dialog.findChildren(QMessageBox) if part.isVisible()]
    accept = QMessageBox.ButtonRole.AcceptRole
    yes: Callable[[], None] = next(part.click for part in box.buttons() if box.buttonRole(part) is accept)
    yes()


def paint(easel: Easel, place: Path) -> None:
    """Draw everything in a copy of the demo vault, which is changed on the way."""
    own = place / f"changing-{easel.scale}"
    shutil.copytree(place / DEMO, own)
    ConsentPainter(easel, own).draw_all()
