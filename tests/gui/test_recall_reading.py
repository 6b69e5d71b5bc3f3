"""Reading a recall by keyboard alone: both time lines, hearing both sounds, marks, and what was recalled."""

import json
from collections.abc import Callable, Iterator

import pytest
from gui_house import CLIENT, TODAY, House, show
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from reading_house import CLIENTS, STOPS, add_recall, add_words

from supervise.app.recall_marks import marks_of
from supervise.app.workspace import Workspace
from supervise.domain.consent import Scope
from supervise.domain.ids import RecallId, SessionId
from supervise.domain.recall import Party, RecallKind, Setup
from supervise.domain.recall_marks import About, TimeFrame
from supervise.storage.database import transaction
from supervise.ui.main_window import MainWindow
from supervise.ui.recall_lines import RECALL, SESSION
from supervise.ui.recalls_dialog import RecalledDialog, RecallsDialog
from supervise.ui.wiring import wired_window

Key, Mod = Qt.Key, Qt.KeyboardModifier
CTRL_SHIFT = Mod.ControlModifier | Mod.ShiftModifier
Press = Callable[..., None]


@pytest.fixture
def recall(workspace: Workspace, session: SessionId) -> RecallId:
    return add_recall(workspace, session)


@pytest.fixture
def library(
    house: House, workspace: Workspace, recall: RecallId, app: QApplication, qtbot: QtBot
) -> Iterator[MainWindow]:
    """The window on its library, with a session that was recalled."""
    made = wired_window(house.services, app)
    qtbot.addWidget(made)
    made.adopt(workspace)
    made.show_library()
    show(made, qtbot)
    yield made
    made.close()


@pytest.fixture
def reading(library: MainWindow, recall: RecallId) -> MainWindow:
    library.annexes.reading.open(recall)
    return library


def desk_of(window: MainWindow) -> Workspace:
    assert window.desk is not None
    return window.desk.workspace


def test_from_the_library_by_keys_to_the_words(
    library: MainWindow, recall: RecallId, press: Press, qtbot: QtBot
) -> None:
    press(Key.Key_O, CTRL_SHIFT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), RecallsDialog))
    dialog = QApplication.activeWindow()
    assert isinstance(dialog, RecallsDialog)
    texts = [dialog.table.item(0, column).text() for column in range(6)]
    assert texts[1:] == ["Therapist recall", "therapist, with Bo", "30 s", "2", "transcribed"]
    press(Key.Key_Return)
    view = library.annexes.reading.view
    qtbot.waitUntil(lambda: library.pages.currentWidget() is view and view.words.hasFocus())
    assert "Therapist recall" in view.title.text()
    assert "21 h after" in view.facts.text()
    rows = [view.words.rows.spoken(row) for row in view.words.rows.rows]
    assert rows[0] == "Stopped by the recaller at 0:10 of the session · asked: What did you feel there?"
    assert rows[1].startswith("Inquirer, 0:05: What did you feel there. about 0:05 – 0:10")
    assert rows[2].startswith("Recaller, 0:07: I was afraid that she would leave")
    assert rows[3].startswith("Stopped by the inquirer at 0:14")
    assert view.lines.scene.stops == STOPS
    assert len(view.lines.scene.heard) == 2


def test_a_recall_the_client_held_without_the_therapist_is_told_of_and_not_shown(
    library: MainWindow, recall: RecallId, press: Press, qtbot: QtBot
) -> None:
    work = desk_of(library)
    setup = Setup(RecallKind.CLIENT, recaller=Party.CLIENT, inquirer="Cara")
    with transaction(work.vault.db) as db:  # as if somebody with a profile of their own had held it
        values = [json.dumps(setup.plain()), "somebody", recall]
        db.execute("UPDATE recalls SET setup = ?, made_by = ? WHERE id = ?", values)
    press(Key.Key_O, CTRL_SHIFT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), RecallsDialog))
    dialog = QApplication.activeWindow()
    assert isinstance(dialog, RecallsDialog)
    assert dialog.table.rowCount() == 0
    assert dialog.closed.isVisible()
    assert dialog.closed.text().startswith("One recall is not open to you")
    assert "has not agreed to share it. Session, Consent of the client…" in dialog.closed.text()
    assert "“Sharing the client's own recall” is added there" in dialog.closed.text()
    assert not dialog.open_button.isVisible()


def test_a_word_is_heard_in_the_session_and_r_hears_the_recall(
    reading: MainWindow, house: House, press: Press
) -> None:
    annex = reading.annexes.reading
    desk, view = annex.reading, annex.view
    assert desk is not None
    for _ in range(2):
        press(Key.Key_Down)
    press(Key.Key_Right)
    assert (desk.session_ms, desk.recall_ms) == (10_000, 7800)
    press(Key.Key_Return)
    assert desk.playing
    assert view.player.place.text().startswith("Session 0:08")  # two seconds of run-up
    house.output.pull(RATE_PULL)
    press(Key.Key_Space)
    assert not desk.playing
    press(Key.Key_R)
    assert desk.playing
    assert view.player.place.text() == "Recall 0:07 / 0:30"
    press(Key.Key_Space)
    log = [(line.action, line.detail) for line in desk_of(reading).log_lines(20)]
    assert ("open", "recall read") in log
    assert ("play", "recall from 0:07") in log
    assert any(action == "play" and detail == "from 0:08" for action, detail in log)


RATE_PULL = 800


def test_a_passage_is_marked_by_keys_undone_and_done_again(
    reading: MainWindow, recall: RecallId, press: Press
) -> None:
    view, work = reading.annexes.reading.view, desk_of(reading)
    for _ in range(2):
        press(Key.Key_Down)
    press("1")
    press("t")
    press("9")
    (mark,) = marks_of(work, recall)
    assert [entry.code for entry in mark.codes] == ["ip.affect", "ip.risk"]
    assert (mark.time_frame, mark.about) == (TimeFrame.THEN, About.RECALLER)
    assert (mark.start_ms, mark.end_ms) == (7500, 9550)
    assert view.passage.chips["ip.affect"].isChecked()
    assert view.passage.then.isChecked()
    assert ("Feeling recalled, Risk / fear of speaking, there and then", False) in view.words.rows.footers[
        2
    ].chips
    assert len(view.lines.scene.marks) == 1
    press(Key.Key_Z, Mod.ControlModifier)
    assert [entry.code for entry in marks_of(work, recall)[0].codes] == ["ip.affect"]
    assert not view.passage.chips["ip.risk"].isChecked()
    press(Key.Key_Z, Mod.ControlModifier)
    press(Key.Key_Z, Mod.ControlModifier)
    assert marks_of(work, recall) == ()
    assert not view.passage.then.isChecked()
    for _ in range(3):
        press(Key.Key_Z, CTRL_SHIFT)
    assert len(marks_of(work, recall)[0].codes) == 2
    press("h")
    assert marks_of(work, recall)[0].time_frame is TimeFrame.NOW
    press(Key.Key_Backspace, Mod.ControlModifier)
    assert marks_of(work, recall) == ()


def test_the_inquirers_words_have_codes_of_their_own(
    reading: MainWindow, recall: RecallId, press: Press
) -> None:
    view, work = reading.annexes.reading.view, desk_of(reading)
    press(Key.Key_Down)
    assert view.passage.inquirer.isChecked()
    assert set(view.passage.chips) == {"ip.evalslip", "ip.judged", "ip.taught", "ip.interpreted"}
    press("3")
    (mark,) = marks_of(work, recall)
    assert ([entry.code for entry in mark.codes], mark.about) == (["ip.taught"], About.INQUIRER)
    press("i")
    assert view.passage.recaller.isChecked()
    assert "ip.affect" in view.passage.chips


def test_a_note_is_kept_when_the_keys_leave_it_and_on_a_part_of_what_was_said(
    reading: MainWindow, recall: RecallId, press: Press
) -> None:
    view, work = reading.annexes.reading.view, desk_of(reading)
    for _ in range(2):
        press(Key.Key_Down)
    press(Key.Key_Right)
    press(Key.Key_Right, Mod.ShiftModifier)
    press("e")
    assert view.passage.note.hasFocus()
    press("she went pale 123")
    press(Key.Key_Escape)
    assert view.words.hasFocus()
    (mark,) = marks_of(work, recall)
    assert (mark.note, mark.start_ms, mark.end_ms) == ("she went pale 123", 7800, 8350)
    press(Key.Key_Up)
    assert view.passage.note.toPlainText() == ""
    press(Key.Key_Down)
    assert "she went pale" in view.passage.others.text()


def test_the_lines_are_walked_and_zoomed_by_keys(reading: MainWindow, press: Press) -> None:
    annex = reading.annexes.reading
    desk, lines = annex.reading, annex.view.lines
    assert desk is not None
    lines.setFocus()
    press(Key.Key_Home)
    assert (desk.session_ms, desk.recall_ms) == (5000, 0)
    lines.setFocus()
    press("n")
    assert (desk.session_ms, desk.recall_ms) == (10_000, 5000)
    press("n")
    assert (desk.session_ms, desk.recall_ms) == (14_000, 20_000)
    press("n")
    assert "no other stop" in annex.view.player.message.text()
    press("p")
    lines.setFocus()
    press(Key.Key_Up)
    assert lines.line == SESSION
    press(Key.Key_Left)
    assert desk.session_ms == 5000
    press("+")
    assert lines.scene.session.length_ms < lines.scene.session.duration_ms
    press(Key.Key_0, Mod.ControlModifier)
    assert lines.scene.session.length_ms == lines.scene.session.duration_ms
    press(Key.Key_Down)
    assert lines.line == RECALL
    press(Key.Key_End)
    assert desk.recall_ms == 30_000
    assert "recall at 0:30" in lines.accessibleDescription()


def test_a_click_on_the_session_shows_all_that_was_recalled_and_leads_there(
    reading: MainWindow, session: SessionId, press: Press, qtbot: QtBot
) -> None:
    work, annex = desk_of(reading), reading.annexes.reading
    agreed = frozenset({Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW, Scope.CLIENT_RECALL})
    work.add_consent(CLIENT, agreed, TODAY)
    other = add_recall(work, session, CLIENTS)
    view = annex.view
    QTest.mouseClick(view.lines, Qt.MouseButton.LeftButton, pos=view.lines.point_of(SESSION, 8000))
    assert view.about_title.text() == "What was recalled about 0:08"
    found = [view.recalled.item(n).data(Qt.ItemDataRole.UserRole)[0] for n in range(view.recalled.count())]
    assert other in found
    press("a")
    assert view.recalled.hasFocus()
    press(Key.Key_End)
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: annex.reading is not None and annex.reading.recall == other)
    assert "Client recall" in view.title.text()
    assert view.words.hasFocus()


def test_from_the_session_where_the_sound_stands(
    library: MainWindow, session: SessionId, recall: RecallId, press: Press, qtbot: QtBot
) -> None:
    library.open_session(session, 9000)
    press(Key.Key_H, CTRL_SHIFT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), RecalledDialog))
    press(Key.Key_Return)
    annex = library.annexes.reading
    qtbot.waitUntil(lambda: annex.reading is not None and library.pages.currentWidget() is annex.view)
    assert library.session is None
    qtbot.waitUntil(annex.view.words.hasFocus)
    press("s")
    assert library.pages.currentWidget() is library.view
    assert library.session is not None
    assert annex.reading is None


def test_without_words_it_is_offered_to_make_them_and_stops_are_marked(
    library: MainWindow, session: SessionId, press: Press
) -> None:
    work, annex = desk_of(library), library.annexes.reading
    bare = add_recall(work, session, words=False)
    annex.open(bare)
    assert annex.view.none.isVisible()
    assert annex.view.none_button.isVisible()
    press(Key.Key_Down)
    press("2")
    (mark,) = marks_of(work, bare)
    assert (mark.start_ms, mark.end_ms) == (20_000, 30_000)
    assert annex.view.words.rows.footers[1].chips == (("Thought recalled", False),)
    add_words(work, bare)
    annex.open(bare)
    assert not annex.view.none.isVisible()


def test_who_is_who_is_said_and_undone(reading: MainWindow, recall: RecallId, press: Press) -> None:
    view, work = reading.annexes.reading.view, desk_of(reading)
    box = view.speakers.boxes["A"]
    box.setFocus()
    box.lineEdit().selectAll()
    press("Mira")
    press(Key.Key_Return)
    assert work.store.recall_transcripts.names(recall).name("A") == "Mira"
    assert view.words.rows.names.name("A") == "Mira"
    view.words.setFocus()
    press(Key.Key_Z, Mod.ControlModifier)
    assert work.store.recall_transcripts.names(recall).name("A") == "Recaller"


def test_locking_empties_it_and_keeps_the_note_being_written(
    reading: MainWindow, recall: RecallId, press: Press
) -> None:
    annex, work = reading.annexes.reading, desk_of(reading)
    press(Key.Key_Down)
    press("e")
    press("half a sentence")
    reading.lock()
    assert annex.reading is None
    assert annex.view.words.rows.rows == []
    assert annex.view.title.text() == annex.view.passage.others.text() == ""
    assert annex.view.lines.scene.stops == ()
    work.unlock("quiet river seven lamps")
    assert [mark.note for mark in work.store.recall_marks.of_recall(recall)] == ["half a sentence"]
