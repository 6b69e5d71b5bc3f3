"""Draw what only is looked at: recalls without a stop, recalls with forty, and fifty recalls."""

import sys
from datetime import date
from pathlib import Path

from easel import ROOT, Easel, agreed, new_vault, services_for, shut

sys.path.insert(0, str(ROOT / "tests"))

from kept_recalls import keep_recall
from recall_samples import Told, talk
from supervise.app.workspace import Workspace
from supervise.domain.consent import Scope
from supervise.domain.ids import RecallId, SessionId
from supervise.domain.recall import Party
from supervise.ui.client_errands import ClientDialog
from supervise.ui.main_window import MainWindow
from supervise.ui.portion_dialog import PortionDialog
from workspaces import add_session

CODES = "K-07", "KLIENTIN-TRAUMAAMBULANZ-SUED-2026-0417-B"
TITLE = (
    "Third session",
    "Die siebenundzwanzigste Sitzung nach der langen Sommerunterbrechung, mit Videobrille",
)
TWO_HOURS_MS, RECALLS = 7_200_000, 50
TOLD = Told(40, 170_000, 45_000)


def fill(easel: Easel, desk: Workspace) -> tuple[SessionId, list[RecallId]]:
    """A session of two hours; recalls of it without a stop, with one, with forty, and many more."""
    code = easel.look.name(*CODES)
    desk.add_consent(code, agreed(Scope.CLIENT_RECALL), date(2026, 11, 1))
    session = add_session(desk, TWO_HOURS_MS, code, easel.look.name(*TITLE), talk(TWO_HOURS_MS))
    made = [
        keep_recall(desk, session, told, f"2026-11-2{number}T18:00:00.000Z")
        for number, told in enumerate((Told(0), Told(1), TOLD), 1)
    ]
    for number in range(RECALLS - len(made)):
        party = Party.CLIENT if number % 2 else Party.THERAPIST
        when = f"2026-11-24T{number // 4:02d}:{number % 4 * 15:02d}:00.000Z"
        keep_recall(desk, session, Told(6, 60_000, party=party), when)
    return session, made


def draw_reading(easel: Easel, window: MainWindow, session: SessionId, made: list[RecallId]) -> None:
    """The page of each, the list of all, and what all say about a moment."""
    annex = window.annexes.reading
    for name, recall in zip(("recall-empty", "recall-once", "recall-many"), made, strict=True):
        annex.open(recall)
        easel.draw(window, name)
    annex.view.lines.session_chosen.emit(58_000)
    annex.deeds()["reading_about"]()
    easel.draw(window, "recall-about-many")
    window.show_library()
    annex.open_recalls()
    easel.draw(window, "recalls-many")
    shut(window)
    window.open_session(session)
    window.annexes.recall_out.open()
    easel.draw(window, "recall-out-many")
    shut(window)


def draw_keeping(easel: Easel, window: MainWindow, code: str) -> None:
    """Deleting a portion many recalls heard; what a withdrawal touches; what falls due."""
    keeping = window.client_errands.keeping
    keeping.open_portion()
    dialog = window.errands.dialog
    if isinstance(dialog, PortionDialog):
        dialog.start.setText("0:30")
        dialog.end.setText("1:10")
        easel.draw(window, "portion-many")
    shut(window)
    window.show_library()
    window.client_errands.open(code)
    dialog = window.errands.dialog
    if isinstance(dialog, ClientDialog):
        easel.draw(window, "consent-recalls")
        dialog.overview.withdraw.click()
        easel.draw(window, "withdraw-recalls")
    window.errands.close_dialogs()
    keeping.open_kept()
    easel.draw(window, "kept-recalls")
    window.errands.close_dialogs()


def paint(easel: Easel, place: Path) -> None:
    """Fill a vault, and look at it."""
    services = services_for()
    window = easel.window(services)
    desk = new_vault(services, place)
    session, made = fill(easel, desk)
    window.adopt(desk)
    window.show()
    draw_reading(easel, window, session, made)
    draw_keeping(easel, window, easel.look.name(*CODES))
    easel.close(window)
