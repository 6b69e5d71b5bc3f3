"""A recall is taken out in the window, by keys alone: which, as what, beside which, and stopped midway."""

import csv
import io
import threading
from pathlib import Path

import pytest
from dialogs import CTRL_SHIFT, Hand
from gui_house import CLIENT, PASSPHRASE, TITLE
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from kept_recalls import keep_recall
from recall_samples import Told
from supervise.app.commands import MarkMoment
from supervise.domain.ids import SessionId
from supervise.domain.moments import MomentCode
from supervise.domain.recall import Party
from supervise.exchange.recalls import RECALL_FORMATS
from supervise.storage.copies import CopyStore
from supervise.ui.main_window import MainWindow
from supervise.ui.recall_export_dialog import RecallExportDialog
from supervise.ui.recall_out_errands import CHOOSE, NONE, STOPPED
from supervise.ui.recalls_dialog import RecallsDialog

Key = Qt.Key
FIRST, SECOND = "2026-11-20T18:00:00.000Z", "2026-11-21T18:00:00.000Z"


@pytest.fixture
def hand(window: MainWindow, qtbot: QtBot) -> Hand:
    return Hand(window, qtbot)


@pytest.fixture
def recalled(transcribed: MainWindow, session: SessionId) -> MainWindow:
    """The window on a transcribed session that was recalled twice by its therapist."""
    assert transcribed.desk is not None
    for when, told in ((FIRST, Told(2, 9000)), (SECOND, Told(3, 8000, shift_ms=500))):
        keep_recall(transcribed.desk.workspace, session, told, when)
    return transcribed


def opened(hand: Hand) -> RecallExportDialog:
    return hand.opened(RecallExportDialog, Key.Key_E, CTRL_SHIFT)


def told(window: MainWindow) -> str:
    boxes = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    return " ".join(f"{box.text()} {box.informativeText()}" for box in boxes)


def until_out(hand: Hand) -> None:
    hand.qtbot.waitUntil(lambda: "no longer protected" in told(hand.window), timeout=30_000)


def read(hand: Hand) -> None:
    """Close a notice; a window manager gives the focus back to the window."""
    hand.press(Key.Key_Escape)
    hand.window.activateWindow()
    hand.qtbot.waitUntil(hand.window.isActiveWindow)


def shut(hand: Hand, dialog: RecallExportDialog) -> None:
    dialog.reject()
    hand.window.activateWindow()
    hand.qtbot.waitUntil(hand.window.isActiveWindow)


def kinds(window: MainWindow) -> list[tuple[str, str]]:
    assert window.desk is not None
    return [(copy.kind, copy.recipient) for copy in CopyStore(window.desk.workspace.vault).all()]


def test_a_reading_copy_of_two_recalls_goes_out_by_keys_alone(
    recalled: MainWindow, hand: Hand, private_home: Path
) -> None:
    dialog = opened(hand)
    assert dialog.recall.currentText().startswith("21 Nov 2026")
    assert dialog.recall.hasFocus() or dialog.fields.isEnabled()
    hand.go_to(dialog.beside)
    hand.press(Key.Key_Space)
    hand.write(dialog.recipient, "Dr. Weber")
    assert Path(dialog.target.text()) == private_home / "session-2026-11-20-recall.pdf"
    hand.press_on(dialog.go)
    until_out(hand)
    assert str(private_home / "session-2026-11-20-recall.pdf") in told(hand.window)
    made = (private_home / "session-2026-11-20-recall.pdf").read_bytes()
    assert made.startswith(b"%PDF-")
    assert kinds(recalled) == [("recall pdf", "Dr. Weber")]
    assert recalled.annexes.recall_out.job is None


def test_every_format_goes_out_under_a_name_of_its_own(
    recalled: MainWindow, hand: Hand, private_home: Path
) -> None:
    for fmt, name in (
        ("html", "session-2026-11-20-recall.html"),
        ("csv", "session-2026-11-20-recall.csv"),
        ("json", "session-2026-11-20-recall.json"),
        ("vtt", "session-2026-11-20-recall.vtt"),
        ("session-vtt", "session-2026-11-20-recall-session.vtt"),
    ):
        dialog = opened(hand)
        dialog.formats[fmt].setFocus()
        hand.press(Key.Key_Space)
        assert dialog.fmt == fmt
        assert Path(dialog.target.text()).name == name
        assert CLIENT not in name
        assert TITLE not in name
        assert dialog.names.isVisible() == (fmt == "html")
        hand.press_on(dialog.go)
        until_out(hand)
        read(hand)
        assert (private_home / name).stat().st_size > 100
    table = (private_home / "session-2026-11-20-recall.csv").read_text(encoding="utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(table)))) >= 3
    assert len(kinds(recalled)) == 5


def test_redacted_passages_stay_unless_the_tick_is_taken_away(
    recalled: MainWindow, hand: Hand, session: SessionId, private_home: Path
) -> None:
    assert recalled.desk is not None
    recalled.desk.workspace.execute(MarkMoment(session, 0, (MomentCode("wf.redact"),), 30_000))
    target = private_home / "session-2026-11-20-recall.html"
    for unredacted in (False, True):
        dialog = opened(hand)
        dialog.formats["html"].click()
        dialog.target.setText(str(target))
        if unredacted:
            hand.press_on(dialog.redact)
        hand.press_on(dialog.go)
        if unredacted:
            assert "would be lost" in hand.answer(dialog)
        until_out(hand)
        read(hand)
        text = target.read_text(encoding="utf-8")
        assert ("stomach" in text) == unredacted
        assert ("[redacted]" in text) != unredacted


def test_a_file_that_is_there_is_kept_unless_said(
    recalled: MainWindow, hand: Hand, private_home: Path
) -> None:
    mine = private_home / "mine.html"
    mine.write_text("mine")
    dialog = opened(hand)
    dialog.formats["html"].click()
    hand.write(dialog.target, str(mine))
    hand.press_on(dialog.go)
    hand.answer(dialog, yes=False)
    assert mine.read_text() == "mine"
    assert dialog.isVisible()
    dialog.activateWindow()
    hand.write(dialog.target, str(private_home / "nowhere" / "x.html"))
    hand.press_on(dialog.go)
    hand.qtbot.waitUntil(lambda: "does not exist" in dialog.problem.text())
    assert dialog.target.hasFocus()
    assert kinds(recalled) == []


def test_without_words_only_what_needs_none_can_be_chosen(
    window: MainWindow, hand: Hand, session: SessionId
) -> None:
    assert window.desk is not None
    keep_recall(window.desk.workspace, session, Told(2, 9000), words=False)
    dialog = opened(hand)
    enabled = {name for name, choice in dialog.formats.items() if choice.isEnabled()}
    assert enabled == {"pdf", "html", "json"}
    assert dialog.no_words.isVisible()
    assert not dialog.beside.isVisible()
    hand.press_on(dialog.go)
    until_out(hand)


def test_without_a_session_or_a_recall_it_says_so(window: MainWindow, hand: Hand) -> None:
    window.annexes.recall_out.open()
    assert NONE in told(window)
    read(hand)
    window.show_library()
    window.library.table.clearSelection()
    window.library.table.setCurrentIndex(window.library.table.rootIndex())
    window.annexes.recall_out.open()
    assert window.statusBar().currentMessage() == CHOOSE


def test_it_is_offered_where_a_recall_is_read_and_listed(
    recalled: MainWindow, hand: Hand, session: SessionId
) -> None:
    assert recalled.desk is not None
    older = keep_recall(recalled.desk.workspace, session, Told(1, 7000), "2026-11-19T18:00:00.000Z")
    reading = recalled.annexes.reading
    reading.open(older)
    hand.go_to(reading.view.out_button)
    hand.press(Key.Key_Space)
    dialog = recalled.errands.dialog
    assert isinstance(dialog, RecallExportDialog)
    assert dialog.recall.currentData() == older
    shut(hand, dialog)
    dialog = hand.opened(RecallExportDialog, Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert dialog.recall.currentData() == older
    shut(hand, dialog)
    reading.open_recalls()
    listed = recalled.errands.dialog
    assert isinstance(listed, RecallsDialog)
    hand.qtbot.waitUntil(listed.isActiveWindow)
    hand.press_on(listed.out_button)
    dialog = recalled.errands.dialog
    assert isinstance(dialog, RecallExportDialog)
    assert dialog.recall.currentText().startswith("21 Nov 2026")
    dialog.reject()


class Slow:
    """A format that waits until it may go on, or until it is stopped."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, content):
        self.begun.set()
        assert self.go_on.wait(30)
        return RECALL_FORMATS["vtt"](content)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    made = Slow()
    monkeypatch.setitem(RECALL_FORMATS, "csv", made)
    return made


def begun(hand: Hand, slow: Slow) -> RecallExportDialog:
    dialog = opened(hand)
    dialog.formats["csv"].click()
    hand.press_on(dialog.go)
    hand.qtbot.waitUntil(slow.begun.is_set)
    return dialog


def test_it_is_stopped_and_nothing_has_left(
    recalled: MainWindow, hand: Hand, slow: Slow, private_home: Path
) -> None:
    dialog = begun(hand, slow)
    assert dialog.running
    assert dialog.cancel.text() == "Stop"
    hand.press(Key.Key_Escape)
    assert dialog.isVisible()
    slow.go_on.set()
    hand.qtbot.waitUntil(lambda: dialog.problem.text() == STOPPED)
    assert not dialog.running
    assert kinds(recalled) == []
    assert list(private_home.glob("*.csv")) == []


def test_a_lock_stops_it_and_nothing_has_left(
    recalled: MainWindow, hand: Hand, slow: Slow, private_home: Path
) -> None:
    begun(hand, slow)
    out = recalled.annexes.recall_out
    assert out.job is not None
    out.job.cancel()
    slow.go_on.set()
    recalled.lock()
    assert out.job is None
    assert list(private_home.glob("*.csv")) == []
    assert recalled.desk is not None
    recalled.desk.workspace.unlock(PASSPHRASE)
    assert kinds(recalled) == []


def test_many_recalls_are_told_apart_and_no_more_than_three_go_beside(
    recalled: MainWindow, hand: Hand, session: SessionId
) -> None:
    assert recalled.desk is not None
    for number in range(4):
        when = f"2026-11-2{number}T09:0{number}:00.000Z"
        keep_recall(recalled.desk.workspace, session, Told(1, 9000, party=Party.THERAPIST), when)
    dialog = opened(hand)
    texts = [dialog.recall.itemText(number) for number in range(dialog.recall.count())]
    assert len(texts) == len(set(texts)) == 6
    for number in range(dialog.beside.count()):
        dialog.beside.item(number).setCheckState(Qt.CheckState.Checked)
    assert "Up to 3" in dialog.problem.text()
    assert not dialog.go.isEnabled()
    dialog.formats["csv"].click()
    assert dialog.go.isEnabled()
    assert not dialog.beside.isVisible()
