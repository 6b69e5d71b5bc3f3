"""Rating in the window by keys and mouse: set up, turned, paused, ended, looked at, taken out, locked."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gui_house import CLIENT, PASSPHRASE, RATE_HZ, TODAY, House
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from test_accessible import nameless
from test_main_job import focus, tab_to

from supervise.app.rating_reading import rating_view, ratings
from supervise.app.withdrawing import WithdrawWish, withdraw
from supervise.domain.consent import Grant, Scope
from supervise.domain.ids import SessionId
from supervise.domain.rating import Rater
from supervise.domain.rating_trace import Held, Trace, held
from supervise.ui.dial import DialView
from supervise.ui.main_window import MainWindow
from supervise.ui.rating_dialog import RatingDialog
from supervise.ui.ratings_dialog import RatingsDialog

Key, Mod = Qt.Key, Qt.KeyboardModifier
CTRL, SHIFT = Mod.ControlModifier, Mod.ShiftModifier
Press = Callable[..., None]


@pytest.fixture(autouse=True)
def _let_go(window: MainWindow) -> Iterator[None]:
    yield
    window.annexes.rating.give_up()


def set_up(window: MainWindow, press: Press, qtbot: QtBot) -> RatingDialog:
    """Ctrl+Shift+G."""
    press(Key.Key_G, CTRL | SHIFT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), RatingDialog))
    found = window.errands.dialog
    assert isinstance(found, RatingDialog)
    return found


def begin(window: MainWindow, press: Press, qtbot: QtBot, both: bool = True) -> None:
    """Set up with affect, and activation too, by keys, and go to the dials."""
    set_up(window, press, qtbot)
    if both:
        tab_to(press, "The second dial")
        press(Key.Key_Down)
        press(Key.Key_Down)
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: window.isActiveWindow() and isinstance(QApplication.focusWidget(), DialView))


def hear(window: MainWindow, house: House, seconds: float) -> None:
    """Let the loudspeaker go on, and the window look."""
    house.output.pull(round(seconds * RATE_HZ))
    live = window.annexes.rating.live
    assert live is not None
    live.look()


def end(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    """Tab to the button and press it."""
    tab_to(press, "End the rating")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: window.annexes.rating.live is None)


def trace(window: MainWindow, session: SessionId) -> Trace:
    """What is kept of the newest series."""
    work = window.desk.workspace
    return rating_view(work, ratings(work, session)[-1].series).trace


def test_two_dials_turned_by_keys_are_kept_where_they_were_heard(
    window: MainWindow, house: House, session: SessionId, press: Press, qtbot: QtBot
) -> None:
    begin(window, press, qtbot)
    page = window.annexes.rating.page
    assert window.session is None  # nothing else is seen
    press(Key.Key_Space)
    hear(window, house, 2)
    press(Key.Key_Up)
    press("w")
    press(Key.Key_Left)
    assert page.clock.text() == "0:02"
    hear(window, house, 1)
    press("d")
    press("d")
    press(Key.Key_Down)
    hear(window, house, 1)
    press("0")
    hear(window, house, 0.5)
    press(Key.Key_Space)
    press(Key.Key_Up)  # counts from going on
    press(Key.Key_Space)
    hear(window, house, 0.5)
    end(window, press, qtbot)
    kept = trace(window, session)
    assert held(kept, 0) == (
        Held(1, 0, 2000, 0),
        Held(1, 2000, 3000, 10),
        Held(1, 3000, 4000, 5),
        Held(1, 4000, 4500, 0),
        Held(1, 4500, 5000, 5),
    )
    assert [row.value for row in held(kept, 1)] == [0, -5, 5, 0, 0]
    assert "0:05 of the session is rated" in page.outcome.text()
    (row,) = ratings(window.desk.workspace, session)
    assert (row.setup.rater, [dial.key for dial in row.setup.dials]) == (
        Rater.THERAPIST,
        ["affect", "activation"],
    )


def test_a_key_that_is_held_turns_on(
    window: MainWindow, house: House, session: SessionId, press: Press, qtbot: QtBot
) -> None:
    begin(window, press, qtbot, both=False)
    press(Key.Key_Space)
    for _ in range(30):
        press(Key.Key_Up)
        hear(window, house, 0.03)
    view = window.annexes.rating.page.dials[0]
    assert view.value() == 100
    press(Key.Key_Right)  # one dial: both pairs of arrows turn it
    press(Key.Key_Left)
    assert view.value() == 95
    assert view.accessibleDescription() == "95 towards pleasant"


def test_a_dial_says_where_it_stands(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    begin(window, press, qtbot)
    page = window.annexes.rating.page
    press(Key.Key_Right)
    spoken = QAccessible.queryAccessibleInterface(page.dials[1])
    assert spoken.text(QAccessible.Text.Name) == "Activation: calm to activated"
    assert spoken.text(QAccessible.Text.Description) == "5 towards activated"
    assert spoken.valueInterface().currentValue() == 5
    assert nameless(page) == []


def test_the_mouse_turns_too(
    window: MainWindow, house: House, session: SessionId, press: Press, qtbot: QtBot
) -> None:
    begin(window, press, qtbot)
    first, second = window.annexes.rating.page.dials
    press(Key.Key_Space)
    hear(window, house, 1)
    top = QPoint(first.width() // 2, round(first._place(80)))
    QTest.mousePress(first, Qt.MouseButton.LeftButton, pos=top)
    assert first.value() == 80
    QTest.mouseMove(first, QPoint(first.width() // 2, round(first._place(-40))))
    QTest.mouseRelease(first, Qt.MouseButton.LeftButton, pos=top)
    at = QPointF(second.rect().center())
    turned = QWheelEvent(
        at,
        at,
        QPoint(),
        QPoint(0, -240),
        Qt.MouseButton.NoButton,
        Mod.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(second, turned)
    assert (abs(first.value() + 40) <= 1, second.value()) == (True, -10)
    hear(window, house, 1)
    end(window, press, qtbot)
    assert abs(held(trace(window, session), 0)[-1].value + 40) <= 1


def test_whoever_rates_in_their_own_words(
    window: MainWindow, house: House, session: SessionId, press: Press, qtbot: QtBot
) -> None:
    dialog = set_up(window, press, qtbot)
    press(Key.Key_Down)  # the client
    tab_to(press, "The first dial")
    press(Key.Key_End)
    press(Key.Key_Return)
    qtbot.waitUntil(dialog.problem.isVisible)
    assert "needs a name" in dialog.problem.text()
    for field, words in (("called", "Trust"), ("low end", "guarded"), ("high end", "open")):
        tab_to(press, f"The first dial: {field}")
        press(words)
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: "recall" in dialog.problem.text())  # the client has not agreed to that
    window.desk.workspace.add_consent(CLIENT, frozenset({Scope.CLIENT_RECALL}), TODAY)
    press(Key.Key_Return)
    page = window.annexes.rating.page
    qtbot.waitUntil(page.isVisible)
    assert page.dials[0].accessibleName() == "Trust: guarded to open"
    assert nameless(dialog) == []


def test_nothing_played_is_nothing_kept(
    window: MainWindow, session: SessionId, press: Press, qtbot: QtBot
) -> None:
    begin(window, press, qtbot)
    end(window, press, qtbot)
    page = window.annexes.rating.page
    assert "nothing is kept" in page.outcome.text()
    press(Key.Key_Return)
    qtbot.waitUntil(window.view.isVisible)
    assert ratings(window.desk.workspace, session) == ()


def test_a_lock_ends_it_and_keeps_it(
    window: MainWindow, house: House, session: SessionId, press: Press, qtbot: QtBot
) -> None:
    begin(window, press, qtbot)
    press(Key.Key_Space)
    hear(window, house, 1.5)
    press(Key.Key_L, CTRL)
    qtbot.waitUntil(window.door.isVisible)
    page = window.annexes.rating.page
    assert (page.dials, page.clock.text(), page.hint.text()) == ([], "0:00", "")
    window.desk.workspace.unlock(PASSPHRASE)
    box = next(part for part in QApplication.topLevelWidgets() if isinstance(part, QMessageBox))
    assert "Everything rated up to then is kept" in box.informativeText()
    box.close()
    assert trace(window, session).played_ms == 1500


def test_consent_taken_back_ends_it_and_says_so(
    window: MainWindow, house: House, session: SessionId, press: Press, qtbot: QtBot
) -> None:
    begin(window, press, qtbot)
    press(Key.Key_Space)
    hear(window, house, 1.5)
    withdraw(window.desk.workspace, WithdrawWish(CLIENT, frozenset({Grant(Scope.OWN_REVIEW)})))
    page = window.annexes.rating.page
    qtbot.waitUntil(lambda: window.annexes.rating.live is None)
    assert "no longer covers it" in page.outcome.text()
    assert page.curve.isHidden()
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    press(Key.Key_Escape)
    assert window.library.isVisible()


def test_it_begins_where_the_sound_stands(
    window: MainWindow, house: House, session: SessionId, press: Press, qtbot: QtBot
) -> None:
    window.session.seek(12_000)
    dialog = set_up(window, press, qtbot)
    assert "0:12" in dialog.here.text()
    tab_to(press, dialog.here.text())
    press(Key.Key_Space)
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: window.isActiveWindow() and isinstance(QApplication.focusWidget(), DialView))
    press(Key.Key_Space)
    hear(window, house, 1)
    end(window, press, qtbot)
    (run,) = trace(window, session).runs
    assert (run.start_ms, run.end_ms) == (12_000, 13_000)


def test_neither_left_nor_closed_unasked(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    begin(window, press, qtbot)
    press(Key.Key_B, CTRL)
    assert window.annexes.rating.page.isVisible()
    press(Key.Key_O, CTRL)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    assert "End the rating first" in QApplication.activeWindow().informativeText()
    press(Key.Key_Escape)
    assert not window.close()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    press(Key.Key_Escape)
    assert window.annexes.rating.live is not None


def rated(window: MainWindow, house: House, press: Press, qtbot: QtBot) -> RatingsDialog:
    """Rate six seconds, and show the ratings from the page that says so."""
    begin(window, press, qtbot)
    press(Key.Key_Space)
    for _ in range(6):
        press(Key.Key_Up)
        hear(window, house, 1)
    end(window, press, qtbot)
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), RatingsDialog))
    found = window.errands.dialog
    assert isinstance(found, RatingsDialog)
    return found


def test_ratings_are_drawn_read_out_and_gone_to(
    window: MainWindow, house: House, session: SessionId, press: Press, qtbot: QtBot
) -> None:
    dialog = rated(window, house, press, qtbot)
    assert nameless(dialog) == []
    assert "0:06 · Affect, Activation" in dialog.list.item(0).text()
    assert [lane.dial.key for lane in dialog.curve.lanes] == ["affect", "activation"]
    assert "moved 6 times, between +5 and +30" in dialog.figures.text()
    tab_to(press, "What was rated, over the session")
    press(Key.Key_Right)
    assert dialog.readout.text() == "0:05: Affect 30 towards pleasant; Activation in the middle"
    press(Key.Key_Left, SHIFT)
    assert dialog.readout.text().startswith("0:04: Affect 25")
    assert dialog.curve.accessibleDescription() == dialog.readout.text()
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert window.session.position_ms == 4000


def test_only_what_is_ticked_is_drawn(
    window: MainWindow, house: House, session: SessionId, press: Press, qtbot: QtBot
) -> None:
    rated(window, house, press, qtbot)
    press(Key.Key_Escape)
    qtbot.waitUntil(window.isActiveWindow)
    dialog = rated(window, house, press, qtbot)
    assert [len(lane.lines) for lane in dialog.curve.lanes] == [1, 1]
    dialog.list.setFocus()
    press(Key.Key_Down)
    press(Key.Key_Space)
    assert [len(lane.lines) for lane in dialog.curve.lanes] == [2, 2]
    tab_to(press, "What was rated, over the session")
    press(Key.Key_Right)
    assert "(line 2)" in dialog.readout.text()


def test_a_series_is_taken_out_and_deleted(
    window: MainWindow, house: House, session: SessionId, press: Press, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = rated(window, house, press, qtbot)
    tab_to(press, "Take out…")
    press(Key.Key_Return)
    press(Key.Key_Down)
    press(Key.Key_Down)
    target = tmp_path / "r.json"
    tab_to(press, "To the file")
    focus().selectAll()
    press(str(target))
    press(Key.Key_Return)
    qtbot.waitUntil(target.exists)
    document = json.loads(target.read_text())
    assert document["resampled"]["rows"][4]["values"] == {"affect": 10, "activation": 0}
    assert "r.json" in dialog.about.text()
    assert nameless(dialog) == []
    tab_to(press, "Delete…")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    tab_to(press, "Delete them")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: ratings(window.desk.workspace, session) == ())
    assert "Nobody has rated" in dialog.about.text()


def test_what_cannot_begin_says_why(window: MainWindow, house: House, press: Press, qtbot: QtBot) -> None:
    begin(window, press, qtbot)
    house.output.missing = True
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    assert "no device" in QApplication.activeWindow().informativeText()
    press(Key.Key_Escape)
