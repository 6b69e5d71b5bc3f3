"""After a lock no widget holds a word: texts, lists, tooltips, what a screen reader says, the clipboard."""

from collections.abc import Callable, Iterator

from gui_house import CLIENT, TITLE
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QEvent, QModelIndex, QObject, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from test_recall_reading import desk_of, library, reading, recall
from test_study_window import STUDY, agree, hold, plan, studio, study_of

from supervise.app.recall_marks import MarkRecall
from supervise.app.withdrawing import WithdrawWish, withdraw
from supervise.app.write_ups import WriteUpRecall
from supervise.domain.consent import Grant, Scope
from supervise.domain.ids import RecallId, SeriesId, SessionId, new_id
from supervise.domain.rating import Rater, RatingSetup, own_dial
from supervise.domain.rating_trace import Point, Run
from supervise.domain.transcript import TranscribeSettings
from supervise.storage.rating import Series
from supervise.ui.interview_fields import Words
from supervise.ui.main_window import MainWindow
from supervise.ui.queue_panel import QueueLine

__all__ = ["library", "reading", "recall", "studio"]
Press = Callable[..., None]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
RATED = RatingSetup(Rater.OTHER, (own_dial("vermilion", "far", "near"),), "R-77")
ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)


def said_by(part: QObject) -> Iterator[str]:
    """Everything one object holds in words, seen or not."""
    for name in ("text", "toPlainText", "title", "placeholderText", "currentText"):
        found = getattr(part, name, None)
        if callable(found):
            yield str(found())
    if isinstance(part, QWidget):
        yield from (part.toolTip(), part.statusTip(), part.whatsThis(), part.windowTitle())
        yield from (part.accessibleName(), part.accessibleDescription())
    if isinstance(part, QAbstractItemModel):
        yield from in_model(part, QModelIndex())
    if isinstance(part, QTextDocument):
        yield part.toPlainText()


def in_model(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[str]:
    for row in range(model.rowCount(parent)):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)):
            place = model.index(row, column, parent)
            yield from (str(model.data(place, role) or "") for role in ROLES)
            yield from in_model(model, place) if column == 0 else ()


def left_on_screen(secrets: tuple[str, ...]) -> list[str]:
    """Which objects hold one of the secrets."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    parts: list[QObject] = []
    for window in QApplication.topLevelWidgets():
        parts += [window, *window.findChildren(QObject)]
    found: list[str] = []
    for part in parts:
        words = "\n".join(said_by(part))
        found += [f"{type(part).__name__}: {secret}" for secret in secrets if secret in words]
    board = QApplication.clipboard().text()
    return found + [f"clipboard: {secret}" for secret in secrets if secret in board]


def test_a_recall_that_was_read_and_written_up(
    reading: MainWindow, recall: RecallId, press: Press, qtbot: QtBot
) -> None:
    work, annex = desk_of(reading), reading.annexes.reading
    work.execute(MarkRecall(recall, 7500, 9000, note="a vermilion note"))
    work.execute(WriteUpRecall(recall, "an apricot write-up"))
    annex.open(recall)
    assert left_on_screen(("vermilion", "afraid", CLIENT))
    press("w")
    qtbot.waitUntil(annex.page.isVisible)
    assert left_on_screen(("apricot",))
    annex.page.text.selectAll()
    QTest.keyClick(annex.page.text, Qt.Key.Key_Z, CTRL)
    reading.lock()
    secrets = ("vermilion", "apricot", "afraid", "What did you feel", CLIENT, TITLE, "with Bo")
    assert left_on_screen(secrets) == []


def test_a_session_that_was_read_word_by_word(transcribed: MainWindow, press: Press) -> None:
    transcribed.session.mark("wd.any")
    transcribed.view.editor.note.setFocus()
    press("a vermilion note")
    transcribed.view.transcript.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        press(key)
    assert left_on_screen(("talk about", "vermilion"))
    transcribed.lock()
    assert left_on_screen(("talk about", "vermilion", "fine", "know what", CLIENT, TITLE)) == []


def test_why_a_transcription_failed(window: MainWindow, session: SessionId) -> None:
    work = desk_of(window)
    window.desk.queue.enqueue(session, TranscribeSettings(language="en"))
    window.desk.queue.step()
    withdraw(work, WithdrawWish(CLIENT, frozenset({Grant(Scope.TRANSCRIBE)}), "restrict"))
    window.desk.queue.step()
    reasons = [line.state.text() for line in window.queue.findChildren(QueueLine)]
    assert f"{CLIENT} has withdrawn" in "".join(reasons)
    window.lock()
    assert window.queue.isVisible()
    assert left_on_screen((CLIENT, TITLE)) == []


def test_ratings_that_were_looked_at(reading: MainWindow, press: Press, qtbot: QtBot) -> None:
    work = desk_of(reading)
    session = work.library().rows[0].session.session
    row = Series(SeriesId(new_id()), session, work.profile.profile, RATED, "2026-11-22T10:00:00Z")
    work.store.ratings.begin(row)
    work.store.ratings.add(row.series, 0, [Run(0, 0, 5000, 0)], [Point(0, 0, 0, 40, 0)])
    work.store.ratings.end(row.series, {})
    reading.open_session(session)
    reading.annexes.rating.open_ratings()
    assert left_on_screen(("vermilion",))
    reading.lock()
    assert left_on_screen(("vermilion", "R-77", CLIENT, TITLE)) == []


def test_an_interview_that_was_held(studio: MainWindow, press: Press, qtbot: QtBot) -> None:
    agree(desk_of(studio))
    plan(studio, press, qtbot)
    hold(studio, press, qtbot)
    secrets = ("R-02", STUDY, CLIENT, "vermilion")
    page = study_of(studio).interview.page
    for field in page.findChildren(Words):
        field.setPlainText("the vermilion heron")
    assert left_on_screen(("R-02",))
    studio.lock()
    assert left_on_screen(secrets) == []
