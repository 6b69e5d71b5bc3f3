"""Draw the prompt cards, as they lie beside a recall and as they are changed."""

from pathlib import Path

from easel import Easel, new_vault, services_for

from supervise.app.cards import cards
from supervise.app.workspace import Workspace
from supervise.ui import pictures
from supervise.ui.cards_dialog import CardsDialog
from supervise.ui.cards_panel import CardsPanel
from supervise.ui.main_window import MainWindow
from supervise.ui.theme import theme_of

PANEL = 420, 620
WORDING = (
    "What was there just before the feeling?",
    "Was war unmittelbar vor diesem Gefühl da, und woran hätten Sie es damals vielleicht bemerken können?",
)


def draw_panel(easel: Easel, work: Workspace) -> None:
    """The cards beside a recall, two of them asked."""
    for mode in easel.modes("cards-panel"):
        theme_of().choose(mode)
        panel = CardsPanel()
        panel.resize(*PANEL)
        panel.show_cards(cards(work))
        panel.show()
        panel.setFocus()
        for key in ("B", "H"):
            panel.press(key)
        pictures.settle()
        easel.keep(panel.grab().toImage(), "cards-panel", mode)
        panel.close()


def draw_dialog(easel: Easel, window: MainWindow) -> None:
    """The dialog, with a card of one's own."""
    window.annexes.cards.open()
    dialog = window.errands.dialog
    if not isinstance(dialog, CardsDialog):
        raise TypeError
    dialog.add.click()
    dialog.words.setText(easel.look.name(*WORDING))
    dialog.words.textEdited.emit(dialog.words.text())
    easel.draw(window, "cards-dialog")
    window.errands.close_dialogs()


def paint(easel: Easel, place: Path) -> None:
    """Draw both."""
    services = services_for()
    window = easel.window(services)
    work = new_vault(services, place)
    window.adopt(work)
    window.show()
    window.show_library()
    draw_panel(easel, work)
    draw_dialog(easel, window)
    easel.close(window)
