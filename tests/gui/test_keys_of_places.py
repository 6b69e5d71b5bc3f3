"""All keys are in `actions.py`: none does two things at one place, F1 lists each, and so does the guide."""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from supervise.ui.actions import (
    ALSO,
    ALWAYS,
    OPEN,
    READING,
    RECALL,
    RECALLING,
    RECORDING,
    SESSION,
    SPECS,
    Actions,
)
from supervise.ui.main_window import MainWindow
from supervise.ui.settings import Settings
from supervise.ui.settings_dialog import KeysDialog

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
# What may apply at once, page by page: the window's own, and what goes on meanwhile.
TOGETHER = (
    {ALWAYS, OPEN, SESSION, RECORDING, RECALLING},
    {ALWAYS, OPEN, RECALL, RECORDING, RECALLING},
    {ALWAYS, OPEN, READING, RECORDING, RECALLING},
)


@pytest.fixture
def actions(window: MainWindow) -> Actions:
    return window.actions_


@pytest.mark.parametrize("places", TOGETHER, ids=["session", "recall", "reading"])
def test_no_key_does_two_things_at_one_place(actions: Actions, places: set[str]) -> None:
    """The keys of the codebook's codes too."""
    seen: dict[str, str] = {}
    for name, spec in actions.specs.items():
        if spec.where not in places:
            continue
        for keys in actions.every_key_of(name):
            word = keys.toString()
            assert word not in seen, f"{word} is {seen.get(word)} and {name}"
            seen[word] = name
            assert actions.taken_by(word, name) == ""


def test_second_keys_are_taken_too(actions: Actions) -> None:
    assert actions.taken_by(ALSO["redo"], "play") == "redo"
    actions.use(Settings().with_key("redo", "Ctrl+Alt+Z"))
    assert actions.taken_by(ALSO["redo"], "play") == ""


def test_f1_lists_every_action_with_all_its_keys_and_tells_them_apart(actions: Actions) -> None:
    parent = QWidget()
    dialog = KeysDialog(parent, actions, Settings(), can_change=True)
    table = dialog.table
    rows = [[table.item(row, place).text() for place in range(3)] for row in range(table.rowCount())]
    assert len(rows) == len(actions.specs)
    assert len({(text, menu) for text, menu, _keys in rows}) == len(rows)
    shown = {(text, keys) for text, _menu, keys in rows}
    assert ("Stop the tape, or go on", "F5, Ctrl+Shift+Space") in shown
    assert ("Redo", "Ctrl+Shift+Z, Ctrl+Y") in shown
    parent.deleteLater()


def test_the_guide_names_no_key_that_is_not_there(actions: Actions) -> None:
    """Ctrl with a letter, and F keys, wherever the guide writes one."""
    known = {keys.toString() for name in actions.specs for keys in actions.every_key_of(name)}
    of_pages = {"Ctrl+Enter", "Ctrl+C", "Ctrl+A"}  # in fields, and on a question of an interview
    for path in GUIDE.glob("*.md"):
        for word in re.findall(
            r"\b(?:Ctrl\+(?:Shift\+)?(?:\w+|,)|(?:Shift\+)?F\d\d?)(?!\w)", path.read_text()
        ):
            assert QKeySequence(word).toString() in known or word in of_pages, f"{path.name}: {word}"


MEANT = {
    "Ctrl+R": "record",
    "Ctrl+J": "recall",
    "Ctrl+Shift+J": "recall_end",
    "Ctrl+Shift+O": "recalls",
    "Ctrl+Shift+H": "recalled_here",
    "Ctrl+Shift+E": "recall_out",
    "Ctrl+Shift+G": "rate",
    "Ctrl+Shift+V": "ratings",
    "Ctrl+Shift+C": "consent",
    "Ctrl+Shift+K": "kept",
    "Ctrl+Shift+L": "log",
    "F4": "recall_cards",
    "F8": "live_mark",
    "F9": "live_pause",
    "F12": "live_asks",
}


def test_keys_that_the_guide_teaches_are_these() -> None:
    keys = {spec.name: spec.keys for spec in SPECS}
    assert {key: name for key, name in MEANT.items() if keys[name] != key} == {}
    text = "\n".join(path.read_text() for path in GUIDE.glob("*.md"))
    assert [key for key in MEANT if key not in text] == []
