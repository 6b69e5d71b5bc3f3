"""Draw what leaves a recall: the dialog, in light and dark, and the first page of a reading copy.

Session and recalls are made up by the tests' own samples, in a vault in a temporary folder.

    scripts/pictures_recall_out.py [FOLDER]
"""

import sys
import tempfile
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from kept_recalls import keep_recall  # noqa: E402 - the tests' samples lie beside the scripts
from recall_samples import Told, copy_content, talk  # noqa: E402
from supervise.audio.fake_output import FakeOutput  # noqa: E402
from supervise.bootstrap import Services  # noqa: E402
from supervise.crypto.keys import KdfParams  # noqa: E402
from supervise.domain.consent import Scope  # noqa: E402
from supervise.domain.moments import Perspective  # noqa: E402
from supervise.domain.recall import Party  # noqa: E402
from supervise.exchange.reading_copy import reading_copy  # noqa: E402
from supervise.ui import pictures  # noqa: E402
from supervise.ui.app import make_application, make_window  # noqa: E402
from supervise.ui.paper import DPI  # noqa: E402
from supervise.ui.reading_pages import ReadingPages, draw_page  # noqa: E402
from supervise.ui.recall_export_dialog import RecallExportDialog  # noqa: E402
from supervise.ui.theme import Mode, theme_of  # noqa: E402
from workspaces import add_session  # noqa: E402

PASSPHRASE = "only a demonstration"  # noqa: S105 - of a fictional session
NAME, CLIENT = "Anna Muster", "K-07"
CHEAP = KdfParams(iterations=1, memory_kib=8, lanes=1)
TARGET = "/home/anna/session-2026-11-20-recall.pdf"
LENGTH_MS, SHOWN_DPI = 600_000, 88
HELD = (
    (Told(6, 60_000), "2026-11-20T18:00:00.000Z"),
    (Told(4, 80_000, party=Party.CLIENT), "2026-11-21T09:10:00.000Z"),
)


def draw_dialog(folder: Path, place: Path) -> None:
    """Draw the dialog on a session with two recalls."""
    services = Services.default()
    services.kdf, services.make_output = CHEAP, lambda _name: FakeOutput()
    window = make_window(services, None, None, make_application())
    window.resize(pictures.WIDTH, pictures.HEIGHT)
    workspace, _key = services.create_vault(place / "vault", NAME, Perspective.THERAPIST, PASSPHRASE)
    agreed = frozenset({Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW, Scope.CLIENT_RECALL})
    workspace.add_consent(CLIENT, agreed, date(2026, 11, 1))
    session = add_session(workspace, LENGTH_MS, CLIENT, "Third session", talk(LENGTH_MS))
    for told, when in HELD:
        keep_recall(workspace, session, told, when)
    window.adopt(workspace)
    window.show()
    window.open_session(session)
    for mode in (Mode.LIGHT, Mode.DARK):
        theme_of().choose(mode)
        window.annexes.recall_out.open()
        dialog = window.errands.dialog
        if not isinstance(dialog, RecallExportDialog):
            raise SystemExit("the dialog did not open")
        dialog.beside.item(0).setCheckState(Qt.CheckState.Checked)
        dialog.target.setText(TARGET)
        pictures.settle()
        pictures.save(dialog.grab().toImage(), folder / f"recall-out-{mode.value}-1x.png")
        window.errands.close_dialogs()
    window.close()


def draw_copy(folder: Path) -> None:
    """Draw the first page of a reading copy, as it is set for paper."""
    pages = ReadingPages(reading_copy(copy_content(180_000, Told(6, 25_000))), lambda _: None, lambda: False)
    image = QImage(round(210 * SHOWN_DPI / 25.4), round(297 * SHOWN_DPI / 25.4), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(SHOWN_DPI / DPI, SHOWN_DPI / DPI)
    draw_page(painter, pages.pages[0])
    painter.end()
    pictures.save(image, folder / "recall-copy-light-1x.png")


def main() -> None:
    """Draw both."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "guide" / "pictures"
    with tempfile.TemporaryDirectory() as place:
        draw_dialog(folder, Path(place))
        draw_copy(folder)
    QApplication.processEvents()


if __name__ == "__main__":
    main()
