"""One word for one thing (CONTEXT.md): words we do not use stand nowhere in the window."""

import re

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from test_dialog_keys import ERRANDS, OF_THE_VAULT

from supervise.ui.main_window import MainWindow

AVOIDED = re.compile(
    r"\b(exports?|exported|mask(ed)?|mutes?|muted|playhead|as given|password|bookmarks?|segments?|utterances?"
    r"|captions?|annotations?|audit|log out|database|users?|patients?|encrypt(ed)?|default)\b",
    re.IGNORECASE,
)


def words_of(root: QWidget) -> list[str]:
    """Return all that can be read or heard on `root` and the widgets on it, hidden ones too."""
    found = [root.windowTitle()]
    for widget in (root, *root.findChildren(QWidget)):
        found += [widget.accessibleName(), widget.toolTip()]
        if isinstance(widget, (QLabel, QAbstractButton)):
            found.append(widget.text())
        elif isinstance(widget, QLineEdit):
            found.append(widget.placeholderText())
    return [re.sub(r"&(?=\w)", "", words) for words in found if words]


def avoided(words: list[str]) -> list[str]:
    return sorted({entry for entry in words if AVOIDED.search(entry)})


def test_pages(transcribed: MainWindow) -> None:
    window = transcribed
    window.session.mark("wd.any")
    for page in (window.first_run, window.door, window.library, window.view, window.queue):
        assert avoided(words_of(page)) == []


def test_menus_and_keys(window: MainWindow) -> None:
    texts = [action.text().replace("&", "") for action in window.actions_.by_name.values()]
    assert avoided(texts) == []


@pytest.mark.parametrize("errand", [*ERRANDS, *OF_THE_VAULT])
def test_dialogs(transcribed: MainWindow, errand: str) -> None:
    owner = transcribed.errands if errand in ERRANDS else transcribed.vault_errands
    getattr(owner, errand)()
    words = words_of(transcribed.errands.dialog)
    assert avoided(words) == []
    assert "Keep" not in words
    transcribed.errands.close_dialogs()
