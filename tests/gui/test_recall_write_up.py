"""Writing a recall up by keyboard: a page without codes, with its own undo, private, kept when it is left."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from test_recall_reading import desk_of, library, reading, recall

from supervise.app.write_ups import WriteUpRecall, own_write_up
from supervise.domain.ids import RecallId
from supervise.domain.write_ups import TEXT_LIMIT
from supervise.ui.main_window import MainWindow

__all__ = ["library", "reading", "recall"]
Key, Mod = Qt.Key, Qt.KeyboardModifier
Press = Callable[..., None]


def test_it_is_written_kept_and_taken_back(reading: MainWindow, recall: RecallId, press: Press) -> None:
    annex, work = reading.annexes.reading, desk_of(reading)
    press("1")
    press("w")
    page = annex.page
    assert reading.pages.currentWidget() is page
    assert page.text.hasFocus()
    words = " ".join(part.text() for part in page.findChildren(QLabel))
    assert "Feeling recalled" not in words
    press("What stood out: 1 her silence")
    press(Key.Key_Z, Mod.ControlModifier)  # the text's own undo, while the keys are in it
    assert own_write_up(work, recall) is None
    press(Key.Key_Z, Mod.ControlModifier | Mod.ShiftModifier)
    assert page.text.toPlainText() == "What stood out: 1 her silence"
    press(Key.Key_Tab)
    entry = own_write_up(work, recall)
    assert entry is not None
    assert (entry.text, entry.private) == ("What stood out: 1 her silence", True)


def test_sharing_and_undoing_by_keys(reading: MainWindow, recall: RecallId, press: Press) -> None:
    annex, work = reading.annexes.reading, desk_of(reading)
    page = annex.page
    press("w")
    press("What stood out: 1 her silence")
    press(Key.Key_Tab)
    assert page.share.hasFocus()
    press(Key.Key_Space)
    assert own_write_up(work, recall).private is False  # type: ignore[union-attr]
    assert page.state.text() == "Whoever may read this recall can read it."
    press(Key.Key_Z, Mod.ControlModifier)
    assert own_write_up(work, recall).private is True  # type: ignore[union-attr]
    assert not page.share.isChecked()
    press(Key.Key_Z, Mod.ControlModifier)
    assert own_write_up(work, recall) is None
    assert page.text.toPlainText() == ""
    press(Key.Key_Z, Mod.ControlModifier | Mod.ShiftModifier)
    assert page.text.toPlainText() == "What stood out: 1 her silence"
    page.text.setFocus()
    press(Key.Key_Escape)
    assert reading.pages.currentWidget() is annex.view
    assert annex.view.words.hasFocus()


def test_locking_and_closing_keep_what_is_being_written(
    reading: MainWindow, recall: RecallId, press: Press
) -> None:
    annex, work = reading.annexes.reading, desk_of(reading)
    press("w")
    press("I was in a hurry")
    reading.lock()
    assert annex.page.text.toPlainText() == ""
    work.unlock("quiet river seven lamps")
    assert own_write_up(work, recall).text == "I was in a hurry"  # type: ignore[union-attr]
    annex.open(recall)
    press("w")
    assert annex.page.text.toPlainText() == "I was in a hurry"
    press(" indeed")
    reading.show_library()
    assert own_write_up(work, recall).text == "I was in a hurry indeed"  # type: ignore[union-attr]


def test_what_is_too_long_is_said_and_stays_in_the_field(
    reading: MainWindow, recall: RecallId, press: Press, qtbot: QtBot
) -> None:
    annex, work = reading.annexes.reading, desk_of(reading)
    press("w")
    annex.page.text.insertPlainText("x" * (TEXT_LIMIT + 1))
    press(Key.Key_Tab)
    qtbot.waitUntil(annex.page.problem.isVisible)
    assert "at most" in annex.page.problem.text()
    assert own_write_up(work, recall) is None
    assert len(annex.page.text.toPlainText()) == TEXT_LIMIT + 1


def test_what_others_share_stands_below(reading: MainWindow, recall: RecallId, press: Press) -> None:
    work, page = desk_of(reading), reading.annexes.reading.page
    work.execute(WriteUpRecall(recall, "mine", shared=True))
    sql = "UPDATE recall_writeups SET author_id = 'somebody'"
    work.vault.db.execute(sql)
    press("w")
    assert page.others.isVisible()
    assert page.others_words.text() == "Somebody:\nmine"
    assert page.text.toPlainText() == ""
