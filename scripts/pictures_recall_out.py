"""Draw what leaves a recall: the dialog, and the first page of a reading copy.

Session and recalls are made up by the tests' own samples.
"""

import sys
from datetime import date
from pathlib import Path

from easel import ROOT, Easel, agreed, new_vault, services_for
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

sys.path.insert(0, str(ROOT / "tests"))

from kept_recalls import keep_recall
from recall_samples import Told, copy_content, talk
from supervise.domain.consent import Scope
from supervise.domain.recall import Party
from supervise.exchange.reading_copy import reading_copy
from supervise.ui import pictures
from supervise.ui.paper import DPI
from supervise.ui.reading_pages import ReadingPages, draw_page
from supervise.ui.recall_export_dialog import RecallExportDialog
from supervise.ui.theme import theme_of
from workspaces import add_session

CLIENT = "K-07"
TARGET = "/home/anna/session-2026-11-20-recall.pdf"
LENGTH_MS, SHOWN_DPI = 600_000, 88
HELD = (
    (Told(6, 60_000), "2026-11-20T18:00:00.000Z"),
    (Told(4, 80_000, party=Party.CLIENT), "2026-11-21T09:10:00.000Z"),
)


def draw_dialog(easel: Easel, place: Path) -> None:
    """Draw the dialog on a session with two recalls."""
    services = services_for()
    window = easel.window(services)
    workspace = new_vault(services, place)
    workspace.add_consent(CLIENT, agreed(Scope.CLIENT_RECALL), date(2026, 11, 1))
    session = add_session(workspace, LENGTH_MS, CLIENT, "Third session", talk(LENGTH_MS))
    for told, when in HELD:
        keep_recall(workspace, session, told, when)
    window.adopt(workspace)
    window.show()
    window.open_session(session)
    for mode in easel.modes("recall-out"):
        theme_of().choose(mode)
        window.annexes.recall_out.open()
        dialog = window.errands.dialog
        if not isinstance(dialog, RecallExportDialog):
            raise SystemExit("the dialog did not open")
        dialog.beside.item(0).setCheckState(Qt.CheckState.Checked)
        dialog.target.setText(TARGET)
        pictures.settle()
        easel.keep(dialog.grab().toImage(), "recall-out", mode)
        window.errands.close_dialogs()
    easel.close(window)


def draw_copy(easel: Easel) -> None:
    """Draw the first page of a reading copy, as it is set for paper."""
    pages = ReadingPages(reading_copy(copy_content(180_000, Told(6, 25_000))), lambda _: None, lambda: False)
    image = QImage(round(210 * SHOWN_DPI / 25.4), round(297 * SHOWN_DPI / 25.4), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(SHOWN_DPI / DPI, SHOWN_DPI / DPI)
    draw_page(painter, pages.pages[0])
    painter.end()
    easel.keep(image, "recall-copy")


def paint(easel: Easel, place: Path) -> None:
    """Draw both."""
    draw_dialog(easel, place)
    draw_copy(easel)
