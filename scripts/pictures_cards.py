"""Draw the prompt cards, as they lie beside a recall and as they are changed, in light and dark.

scripts/pictures_cards.py [FOLDER]
"""

import sys
import tempfile
from pathlib import Path

from PySide6.QtWidgets import QApplication

from supervise.app.cards import cards
from supervise.audio.fake_output import FakeOutput
from supervise.bootstrap import Services
from supervise.crypto.keys import KdfParams
from supervise.domain.moments import Perspective
from supervise.ui import pictures
from supervise.ui.app import make_application, make_window
from supervise.ui.cards_dialog import CardsDialog
from supervise.ui.cards_panel import CardsPanel
from supervise.ui.main_window import MainWindow
from supervise.ui.theme import Mode, theme_of

ROOT = Path(__file__).resolve().parent.parent
PASSPHRASE = "only a demonstration"  # noqa: S105 - of an empty vault
CHEAP = KdfParams(iterations=1, memory_kib=8, lanes=1)
PANEL = 420, 620


def draw_panel(window: MainWindow, folder: Path, mode: Mode) -> None:
    """The cards beside a recall, two of them asked."""
    if window.desk is None:
        return
    panel = CardsPanel()
    panel.resize(*PANEL)
    panel.show_cards(cards(window.desk.workspace))
    panel.show()
    panel.setFocus()
    for key in ("B", "H"):
        panel.press(key)
    pictures.settle()
    pictures.save(panel.grab().toImage(), folder / f"cards-panel-{mode}-1x.png")
    panel.close()


def draw_dialog(window: MainWindow, folder: Path, mode: Mode) -> None:
    """The dialog, with a card of one's own."""
    window.annexes.cards.open()
    dialog = window.errands.dialog
    if not isinstance(dialog, CardsDialog):
        raise TypeError
    dialog.add.click()
    dialog.words.setText("What was there just before the feeling?")
    dialog.words.textEdited.emit(dialog.words.text())
    pictures.save(pictures.picture_of(window), folder / f"cards-dialog-{mode}-1x.png")
    window.errands.close_dialogs()


def main() -> None:
    """Draw both."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "guide" / "pictures"
    with tempfile.TemporaryDirectory() as place:
        services = Services.default()
        services.kdf, services.make_output = CHEAP, lambda _name: FakeOutput()
        window = make_window(services, None, None, make_application())
        window.resize(pictures.WIDTH, pictures.HEIGHT)
        made, _key = services.create_vault(
            Path(place) / "vault", "Anna Muster", Perspective.THERAPIST, PASSPHRASE
        )
        window.adopt(made)
        window.show()
        window.show_library()
        for mode in (Mode.LIGHT, Mode.DARK):
            theme_of().choose(mode)
            draw_panel(window, folder, mode)
            draw_dialog(window, folder, mode)
        window.close()
        QApplication.processEvents()


if __name__ == "__main__":
    main()
