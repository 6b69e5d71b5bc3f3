"""Every page and dialog of recalls by the Tab key alone: all is reached, nothing holds it, all has a name."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot
from reading_house import THERAPIST, add_recall
from recall_house import Salon, salon
from test_accessible import nameless

from supervise.app.consenting import Statement
from supervise.app.workspace import Workspace
from supervise.domain.consent import Grant, Scope
from supervise.domain.ids import RecallId, SessionId
from supervise.ui.main_window import MainWindow

__all__ = ["salon"]

Key, Press = Qt.Key, Callable[..., None]
SHIFT = Qt.KeyboardModifier.ShiftModifier
MOST = 120


def round_trip(press: Press, key: Key, *modifier: Qt.KeyboardModifier) -> list[QWidget]:
    """Press a key until the focus is where it began; return where it was."""
    first = QApplication.focusWidget()
    assert first is not None
    found = [first]
    for _ in range(MOST):
        press(key, *modifier)
        now = QApplication.focusWidget()
        assert now is not None
        if now is first:
            return found
        assert now not in found, f"{now.accessibleName()} comes a second time before {found[0]} comes again"
        found.append(now)
    raise AssertionError("the focus does not come back")


def reachable(root: QWidget) -> set[QWidget]:
    """Return what the Tab key must reach: what is seen, can be used, and is nobody else's part."""
    found = set()
    for part in root.findChildren(QWidget):
        inner = part.focusProxy() is not None or not part.focusPolicy() & Qt.FocusPolicy.TabFocus
        other = isinstance(part, QRadioButton) and not part.isChecked()
        if part.isVisible() and part.isEnabled() and part.window() is root.window() and not (inner or other):
            found.add(part)
    return found


def walk(root: QWidget, press: Press) -> list[QWidget]:
    """Go round by Tab and back by Shift+Tab; return the way there."""
    assert nameless(root) == []
    way = round_trip(press, Key.Key_Tab)
    back = round_trip(press, Key.Key_Tab, SHIFT)
    assert back == [way[0], *reversed(way[1:])]
    missed = {f"{type(part).__name__} {part.accessibleName()}" for part in reachable(root) - set(way)}
    assert missed == set()
    return way


def primary_last(root: QWidget, way: list[QWidget]) -> bool:
    """Whether the deed of a dialog lies lowest, and nothing that is asked comes after it."""
    deeds = [part for part in way if isinstance(part, QPushButton) and part.property("role") == "primary"]
    lowest = max(part.mapTo(root, QPoint(0, part.height())).y() for part in way)
    return all(part.mapTo(root, QPoint(0, part.height())).y() == lowest for part in deeds)


DIALOGS = {
    "set-up": lambda window: window.annexes.recall.open(),
    "recalls": lambda window: window.annexes.reading.open_recalls(),
    "out": lambda window: window.annexes.recall_out.open(),
    "cards": lambda window: window.annexes.cards.open(),
    "rating": lambda window: window.annexes.rating.open(),
    "ratings": lambda window: window.annexes.rating.open_ratings(),
    "portion": lambda window: window.client_errands.keeping.open_portion(),
    "kept": lambda window: window.client_errands.keeping.open_kept(),
}


@pytest.fixture
def recall(workspace: Workspace, session: SessionId) -> RecallId:
    """A recall of the session of the window."""
    return add_recall(workspace, session, THERAPIST)


@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog(window: MainWindow, recall: RecallId, press: Press, qtbot: QtBot, name: str) -> None:
    DIALOGS[name](window)
    dialog = window.errands.dialog
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    assert primary_last(dialog, walk(dialog, press))
    press(Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_the_page_a_recall_is_read_on(
    window: MainWindow, recall: RecallId, press: Press, qtbot: QtBot
) -> None:
    reading = window.annexes.reading
    reading.open(recall)
    qtbot.waitUntil(reading.view.isVisible)
    reading.view.back.setFocus()
    way = walk(reading.view, press)
    order = [reading.view.lines, reading.view.words, reading.view.passage.then, reading.view.player.play]
    assert [way.index(part) for part in order] == sorted(way.index(part) for part in order)
    reading.write_up()
    qtbot.waitUntil(reading.page.isVisible)
    walk(reading.page, press)


def test_the_studies(window: MainWindow, workspace: Workspace, press: Press, qtbot: QtBot) -> None:
    scopes = (Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW, Scope.CLIENT_RECALL)
    study = Grant(Scope.RESEARCH, "PROCESS-1/REC-22-041")
    granted = frozenset({*map(Grant, scopes), study})
    (row,) = workspace.library().rows
    workspace.record_consent(Statement(row.session.client_code, workspace.today(), granted))
    window.annexes.study.open()
    page = window.pages.currentWidget()
    qtbot.waitUntil(page.isVisible)
    walk(page, press)


def test_the_page_of_a_recall_that_goes_on(salon: Salon, press: Press) -> None:
    salon.set_up()
    salon.begin()
    walk(salon.page, press)
    assert salon.live.running
    salon.end()
    walk(salon.errands.after.page, press)
