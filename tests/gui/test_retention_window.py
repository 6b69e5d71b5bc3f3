"""What is kept and for how long, a portion deleted, who did what when, the client's own copy: by keys."""

import csv
import json
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from dialogs import CTRL_SHIFT, Hand, Key, words_in
from gui_house import CLIENT, TODAY
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from recollections import CLIENT_RECALL, CLIENTS, add_recollection
from supervise.app import log_page, retention, withdrawing
from supervise.app.commands import MarkMoment
from supervise.app.workspace import Workspace
from supervise.domain.consent import Scope
from supervise.domain.ids import RecallId, SessionId
from supervise.domain.moments import MomentCode
from supervise.storage.recalls import DESTROYED
from supervise.ui.client_errands import ClientDialog
from supervise.ui.keeping_dialogs import BackupDialog
from supervise.ui.kept_dialog import KeptDialog
from supervise.ui.log_dialog import LogDialog
from supervise.ui.main_window import MainWindow
from supervise.ui.portion_dialog import GO, GO_WITH, PortionDialog
from workspaces import OWN_USE

FLAG = (MomentCode("wf.flag"),)


@pytest.fixture
def hand(window: MainWindow, qtbot: QtBot) -> Hand:
    return Hand(window, qtbot)


def work_of(hand: Hand) -> Workspace:
    return hand.window.desk.workspace


def move_clock(work: Workspace, day: date) -> None:
    work.today = lambda: day
    work.gate._today = lambda: day


def test_a_rule_is_kept_and_what_falls_due_is_told_ahead(hand: Hand) -> None:
    window, work = hand.window, work_of(hand)
    window.show_library()
    dialog = hand.opened(KeptDialog, Key.Key_K, CTRL_SHIFT)
    page = dialog.kept
    assert page.none.isVisible()
    hand.write(page.days["sound"], "30")
    hand.write(page.days["transcript"], "60")
    hand.press_on(page.keep_rules)
    assert work.store.retention.rules() == {"sound": 30, "transcript": 60}
    assert words_in(page.due) == ["20 Dec 2026  later: The sound of a session with C-012"]
    assert not page.run.isEnabled()
    hand.press(Key.Key_Escape)
    assert not window.library.ahead.isVisible()
    move_clock(work, date(2026, 12, 10))
    window.show_library()
    assert "One thing is to be destroyed by 20 Dec 2026." in window.library.ahead.words.text()
    move_clock(work, date(2026, 12, 20))
    window.show_library()
    assert "due to be destroyed" in window.library.ahead.words.text()


def test_a_recall_has_a_day_of_its_own_and_goes_with_a_certificate(hand: Hand, session: SessionId) -> None:
    window, work = hand.window, work_of(hand)
    work.add_consent(CLIENT, OWN_USE | {Scope.CLIENT_RECALL}, TODAY)
    recall = add_recollection(work, session, CLIENT_RECALL, CLIENTS)
    window.show_library()
    dialog = hand.opened(KeptDialog, Key.Key_K, CTRL_SHIFT)
    page = dialog.kept
    hand.write(page.days["recall"], "30")
    hand.press_on(page.keep_rules)
    assert work.store.retention.rules() == {"recall": 30}
    assert words_in(page.due) == ["22 Dec 2026  later: A recall of a session with C-012"]
    hand.press(Key.Key_Escape)
    move_clock(work, date(2026, 12, 22))
    dialog = hand.opened(KeptDialog, Key.Key_K, CTRL_SHIFT)
    assert words_in(dialog.kept.due) == ["22 Dec 2026  due now: A recall of a session with C-012"]
    hand.press_on(dialog.kept.run)
    hand.answer(dialog)
    text = dialog.certificate.text.toPlainText()
    assert "destroyed: recall" in text
    assert f"recall {recall} of 2026-11-22, with the client" in text
    assert work.store.recalls.get(recall).state == DESTROYED
    assert len(work.store.sessions.all()) == 1


def test_what_is_due_is_destroyed_after_a_second_question(hand: Hand) -> None:
    window, work = hand.window, work_of(hand)
    retention.set_rule(work, "sound", 3)
    window.show_library()
    hand.press_on(window.library.ahead.more)
    dialog = window.errands.dialog
    assert isinstance(dialog, KeptDialog)
    hand.qtbot.waitUntil(dialog.isActiveWindow)
    hand.press_on(dialog.kept.run)
    assert "Nothing brings it back" in hand.answer(dialog, yes=False)
    assert len(work.store.sessions.all()) == 1
    hand.press_on(dialog.kept.run)
    hand.answer(dialog)
    assert dialog.page is dialog.certificate
    assert "The time for keeping it was over." in dialog.certificate.text.toPlainText()
    assert work.store.sessions.all() == []
    hand.press(Key.Key_Escape)
    assert dialog.kept.none.isVisible()
    assert not window.library.ahead.isVisible()


def test_a_hold_stops_what_is_due(hand: Hand) -> None:
    work = work_of(hand)
    retention.set_rule(work, "sound", 0)
    dialog = hand.opened(KeptDialog, Key.Key_K, CTRL_SHIFT)
    assert dialog.kept.run.isEnabled()
    hand.press_on(dialog.kept.hold)
    page = dialog.hold
    hand.press_on(page.go)
    assert "needs a day" in page.problem.text()
    hand.write(page.until, "2027-01-31")
    hand.press_on(page.go)
    assert "needs a reason" in page.problem.text()
    hand.write(page.reason, "complaint pending")
    hand.press_on(page.go)
    assert words_in(dialog.kept.holds) == ["C-012, everything, until 31 Jan 2027: complaint pending"]
    assert "stopped by a legal hold" in words_in(dialog.kept.due)[0]
    assert not dialog.kept.run.isEnabled()
    hand.press_on(dialog.kept.lift)
    assert dialog.kept.run.isEnabled()


def test_what_falls_due_while_the_vault_stays_open_goes_at_the_new_day(
    hand: Hand, session: SessionId
) -> None:
    work, keeping = work_of(hand), hand.window.client_errands.keeping
    withdrawing.withdraw(work, withdrawing.WithdrawWish(CLIENT, withdrawing.ALL))
    hand.window.show_library()
    assert "What C-012 has withdrawn is destroyed for good on 30 Nov 2026." in (
        hand.window.library.ahead.words.text()
    )
    keeping.new_day()
    assert len(work.store.sessions.all()) == 1
    move_clock(work, date(2026, 11, 30))
    keeping.new_day()
    assert work.store.sessions.all() == []
    assert hand.window.library.model.rowCount() == 0


def test_a_portion_is_deleted_and_shown_as_that(
    transcribed: MainWindow, session: SessionId, qtbot: QtBot
) -> None:
    hand = Hand(transcribed, qtbot)
    window, work = transcribed, work_of(hand)
    work.execute(MarkMoment(session, 21_000, FLAG, end_ms=23_000, note="quotes Really it was fine"))
    hand.press(Key.Key_Backspace, CTRL_SHIFT)
    dialog = window.errands.dialog
    assert isinstance(dialog, PortionDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    hand.write(dialog.start, "0:20")
    hand.write(dialog.end, "0:99")
    hand.press_on(dialog.go)
    assert "inside the session, which is 0:40 long" in dialog.problem.text()
    hand.write(dialog.end, "0:30")
    hand.press_on(dialog.go)
    assert "Nothing brings it back" in hand.answer(dialog, yes=False)
    assert work.removed(session) == ()
    hand.press_on(dialog.go)
    hand.answer(dialog)
    qtbot.waitUntil(dialog.text.isVisible)
    assert "A portion was deleted." in dialog.text.toPlainText()
    assert work.removed(session) == ((20_000, 30_000),)
    hand.press(Key.Key_Escape)
    rows = window.view.transcript.rows
    shown = [rows.spoken(row) for row in rows.rows]
    assert "10 seconds deleted for good at 0:20" in shown
    assert [pause.deleted for pause in window.view.waveform.scene.pauses if pause.start_ms == 20_000] == [
        True
    ]
    assert not any(20_000 <= word.start_ms < 30_000 for word in work.transcript(session).words)
    assert work.moments(session)[0].note == ""
    assert window.session is not None
    window.session.toggle()
    assert window.session.playing


@pytest.fixture
def heard(hand: Hand, session: SessionId) -> tuple[PortionDialog, RecallId]:
    """The page for a portion, from 0:00 to 0:30, which was heard in a recall."""
    work = work_of(hand)
    work.add_consent(CLIENT, OWN_USE | {Scope.CLIENT_RECALL}, TODAY)
    recall = add_recollection(work, session, CLIENT_RECALL, CLIENTS)
    hand.window.open_session(session)
    dialog = hand.opened(PortionDialog, Key.Key_Backspace, CTRL_SHIFT)
    hand.write(dialog.start, "0:20")
    hand.write(dialog.end, "0:30")
    assert not dialog.recalls.isVisible()
    assert dialog.go.text() == GO
    hand.write(dialog.start, "0:00")
    return dialog, recall


def test_a_portion_heard_in_a_recall_names_it_and_neither_return_nor_escape_destroys(
    hand: Hand, session: SessionId, heard: tuple[PortionDialog, RecallId]
) -> None:
    dialog, recall = heard
    assert "heard in one recall" in dialog.recalls.text()
    assert "Client recall of 22 Nov" in dialog.recalls.text()
    assert dialog.go.text() == GO_WITH
    for key in (Key.Key_Return, Key.Key_Escape):
        for agreed in (0, 1):
            hand.press_on(dialog.go)
            for _ in range(agreed):
                hand.answer(dialog)
            (box,) = [part for part in dialog.findChildren(QMessageBox) if part.isVisible()]
            hand.qtbot.waitUntil(box.isActiveWindow)
            hand.press(key)
            assert [part for part in dialog.findChildren(QMessageBox) if part.isVisible()] == []
            hand.qtbot.waitUntil(dialog.isActiveWindow)
    assert work_of(hand).removed(session) == ()
    assert [row.recall for row in work_of(hand).store.recalls.of_session(session)] == [recall]


def test_a_portion_heard_in_a_recall_goes_with_it_after_two_questions(
    hand: Hand, session: SessionId, heard: tuple[PortionDialog, RecallId]
) -> None:
    dialog, recall = heard
    hand.press_on(dialog.go)
    assert "They go whole" in hand.answer(dialog)
    assert "Nothing brings it back" in hand.answer(dialog)
    hand.qtbot.waitUntil(dialog.text.isVisible)
    assert f"recall {recall} of 2026-11-22, with the client" in dialog.text.toPlainText()
    assert work_of(hand).removed(session) == ((0, 30_000),)
    assert work_of(hand).store.recalls.of_session(session) == []


def test_the_log_is_read_filtered_and_saved(hand: Hand, tmp_path: Path, session: SessionId) -> None:
    work = work_of(hand)
    work.execute(MarkMoment(session, 1000, FLAG))
    dialog = hand.opened(LogDialog, Key.Key_L, CTRL_SHIFT)
    assert "The chain holds" in dialog.chain.text()
    everything = dialog.table.rowCount()
    assert everything == len(log_page.log_entries(work))
    hand.write(dialog.words, "anna import")
    assert dialog.table.rowCount() == 1
    shown = [dialog.table.item(0, place).text() for place in range(1, 5)]
    held = work.session(session)
    whose = f"{held.client_code} · {held.held_on} · {held.title or 'Untitled'}"
    assert shown == ["Anna", "imported", whose, "the original file was left where it is"]
    (line,) = [entry for entry in log_page.log_entries(work) if entry.action == "import"]
    local = datetime.fromisoformat(line.at.replace("Z", "+00:00")).astimezone()
    assert dialog.table.item(0, 0).text() == f"{local:%Y-%m-%d %H:%M:%S}"
    hand.write(dialog.words, "")
    every = [
        dialog.table.item(row, place).text() for row in range(dialog.table.rowCount()) for place in range(5)
    ]
    assert not [text for text in every if re.search(r"[0-9a-f]{8}", text)]
    dialog.save_wished.emit(tmp_path / "log.csv")
    dialog.save_wished.emit(tmp_path / "log.json")
    with (tmp_path / "log.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == everything
    assert {"who": "Anna", "action": "import", "subject": session}.items() <= rows[
        [row["action"] for row in rows].index("import")
    ].items()
    kept = json.loads((tmp_path / "log.json").read_text())
    assert kept["chain_holds"] is True
    assert len(kept["entries"]) == everything + 1  # writing the table was noted too


def test_a_broken_chain_is_said(hand: Hand) -> None:
    work = work_of(hand)
    work.vault.db.execute("UPDATE access_log SET action = 'show' WHERE seq = 2")
    dialog = hand.opened(LogDialog, Key.Key_L, CTRL_SHIFT)
    assert "broken at line 2" in dialog.chain.text()


def test_the_client_gets_a_copy_and_private_notes_are_decided_on(
    hand: Hand, tmp_path: Path, session: SessionId, qtbot: QtBot
) -> None:
    work = work_of(hand)
    work.execute(MarkMoment(session, 1000, FLAG, note="kept to myself", private=True))
    work.execute(MarkMoment(session, 2000, FLAG, note="I can stand by this", private=True))
    dialog = hand.opened(ClientDialog, Key.Key_C, CTRL_SHIFT)
    hand.press_on(dialog.overview.access)
    page = dialog.access
    assert CLIENT not in page.target.text()
    hand.write(page.target, str(tmp_path / "copy.zip"))
    hand.go_to(page.notes)
    hand.press(Key.Key_Down)
    hand.press(Key.Key_Space)
    hand.press_on(page.go)
    qtbot.waitUntil(lambda: page.said.isVisible() and page.back.isEnabled())
    assert "Held back, and named in it: 1." in page.said.text()
    with zipfile.ZipFile(tmp_path / "copy.zip") as bundle:
        assert bundle.testzip() is None
        everything = b"".join(bundle.read(name) for name in bundle.namelist() if not name.endswith("flac"))
        assert any(name.endswith("sound.flac") for name in bundle.namelist())
    assert b"I can stand by this" in everything
    assert b"kept to myself" not in everything
    hand.press(Key.Key_Escape)
    assert dialog.overview.copies.text() == "&Copies that left (1)…"


def test_a_backup_says_what_it_leaves_out(hand: Hand, tmp_path: Path, qtbot: QtBot) -> None:
    work = work_of(hand)
    work.add_consent(CLIENT, frozenset({Scope.OWN_REVIEW}), date(2026, 11, 1), TODAY)
    move_clock(work, date(2026, 11, 24))
    hand.window.show_library()
    dialog = hand.opened(BackupDialog, Key.Key_B, CTRL_SHIFT)
    hand.write(dialog.target, str(tmp_path / "copy"))
    hand.press_on(dialog.go)
    qtbot.waitUntil(lambda: not hand.window.vault_errands.busy)
    assert dialog.left_out.text().startswith("One session is not in this backup, because no consent in force")
