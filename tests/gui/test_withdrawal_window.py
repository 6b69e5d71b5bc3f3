"""A client takes a yes back, in the window: locked, listed, taken back or destroyed, certified; by keys."""

import json
from datetime import date
from pathlib import Path

import pytest
from dialogs import CTRL_SHIFT, Hand, Key, words_in
from gui_house import CLIENT, TITLE, TODAY, House
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from recollections import CLIENT_RECALL, CLIENTS, THERAPISTS, add_recollection
from supervise.app.changes import CONSENT, Change
from supervise.app.commands import MarkMoment
from supervise.app.recall_reading import recall_view, recalls
from supervise.app.withdrawing import WithdrawWish, take_back, withdraw
from supervise.domain.consent import Grant, Scope
from supervise.domain.errors import NotCoveredError
from supervise.domain.ids import SessionId
from supervise.domain.moments import MomentCode
from supervise.domain.recall import RecallKind, Setup
from supervise.domain.times import day_words, now_utc
from supervise.storage.copies import new_copy
from supervise.ui.client_errands import ClientDialog
from supervise.ui.main_window import MainWindow
from workspaces import OWN_USE


@pytest.fixture
def hand(window: MainWindow, qtbot: QtBot) -> Hand:
    return Hand(window, qtbot)


def opened(hand: Hand) -> ClientDialog:
    return hand.opened(ClientDialog, Key.Key_C, CTRL_SHIFT)


def withdrawn(hand: Hand) -> ClientDialog:
    dialog = opened(hand)
    hand.press_on(dialog.overview.withdraw)
    hand.press_on(dialog.withdraw.go)
    return dialog


def test_locked_at_once_with_what_it_touches_and_what_left(hand: Hand, session: SessionId) -> None:
    window = hand.window
    work = window.desk.workspace
    work.execute(MarkMoment(session, 1000, (MomentCode("wf.flag"),)))
    work.store.copies.add(new_copy(session, "txt", work.profile.profile, "/media/stick/talk.txt", "Dr Bo"))
    dialog = opened(hand)
    hand.press_on(dialog.overview.withdraw)
    page = dialog.withdraw
    (line,) = words_in(page.touched)
    assert "1 moment" in line
    assert "Destroyed: the sound, the transcripts, the moments and notes." in line
    (copy,) = words_in(page.copies)
    assert "for Dr Bo: /media/stick/talk.txt" in copy
    assert page.backups.isVisible()
    assert "Backups made before this still hold everything" in page.backups.text()
    hand.press_on(page.go)
    assert window.session is None
    assert window.library.model.rows == ()
    (row,) = window.library.model.locked
    assert "has withdrawn" in row.reason
    index = window.library.model.index(0, 1)
    assert (
        index.data() == "Locked. C-012 has withdrawn the consent to the therapist's own review on 2026-11-23."
    )
    assert TITLE not in str(index.data())
    (said,) = words_in(dialog.overview.decisions)
    assert said.endswith("Destroyed for good in 7 days, on 30 Nov 2026; until then it can be taken back.")
    hand.press_on(dialog.overview.copies)
    hand.press_on(dialog.copies.go)
    assert dialog.copies.list.count() == 0


def test_a_locked_session_is_not_opened_and_the_reason_is_said(hand: Hand, session: SessionId) -> None:
    window = hand.window
    withdrawn(hand)
    hand.press(Key.Key_Escape)
    hand.qtbot.waitUntil(lambda: window.errands.dialog is None)
    window.library.table.setFocus()
    hand.press(Key.Key_Return)
    assert window.session is None
    box = window.findChild(QMessageBox)
    assert "has withdrawn the consent" in box.informativeText()
    assert "supervise consent" not in box.informativeText()


def test_a_mistake_is_taken_back_within_the_grace_period(hand: Hand, session: SessionId) -> None:
    dialog = withdrawn(hand)
    hand.press_on(dialog.overview.take_back)
    assert "Taken back." in words_in(dialog.overview.decisions)[0]
    assert not dialog.overview.destroy_now.isEnabled()
    hand.press(Key.Key_Escape)
    hand.window.open_session(session)
    assert hand.window.session is not None


def test_destroyed_now_only_after_a_second_question(hand: Hand, session: SessionId, tmp_path: Path) -> None:
    window = hand.window
    dialog = withdrawn(hand)
    hand.press_on(dialog.overview.destroy_now)
    words = hand.answer(dialog, yes=False)
    assert "Nothing brings them back" in words
    assert "Backups made before this still hold everything" in words
    assert len(window.library.model.locked) == 1
    hand.press_on(dialog.overview.destroy_now)
    hand.answer(dialog)
    assert window.library.model.rowCount() == 0
    page = dialog.certificate
    assert dialog.page is page
    text = page.text.toPlainText()
    assert f"Client {CLIENT}" in text
    assert "Withdrawn: everything" in text
    assert "pages with one: 0" in text
    for suffix, field in (("pdf", page.go), ("json", page.as_json)):
        page.save_wished.emit(tmp_path / f"certificate.{suffix}")
        assert page.problem.text() == "", field.text()
        assert f"certificate.{suffix}" in page.said.text()
    assert (tmp_path / "certificate.pdf").read_bytes().startswith(b"%PDF")
    kept = json.loads((tmp_path / "certificate.json").read_text())
    assert [entry["session"] for entry in kept["sessions"]] == [session]
    hand.press(Key.Key_Escape)
    day = day_words(now_utc()[:10])  # decided and destroyed by the real clock
    assert words_in(dialog.overview.decisions) == [f"{day}  Withdrawn: everything. Destroyed on {day}."]
    hand.press_on(dialog.overview.certificate)
    assert page.text.toPlainText() == text


def test_the_clients_recalls_go_with_their_consent_to_them(hand: Hand, session: SessionId) -> None:
    window, work = hand.window, hand.window.desk.workspace
    work.add_consent(CLIENT, OWN_USE | {Scope.CLIENT_RECALL}, TODAY)
    clients = add_recollection(work, session, CLIENT_RECALL, CLIENTS, noted=False)
    mine = add_recollection(work, session, Setup(RecallKind.THERAPIST), THERAPISTS, noted=False)
    dialog = opened(hand)
    hand.press_on(dialog.overview.withdraw)
    page = dialog.withdraw
    hand.go_to(page.everything)
    hand.press(Key.Key_Down)
    hand.press_on(page.uses[Grant(Scope.CLIENT_RECALL)])
    (line,) = words_in(page.touched)
    assert ", 2 recalls. Destroyed: 1 of 2 recalls." in line
    hand.press_on(page.go)
    with pytest.raises(NotCoveredError):
        recall_view(work, clients)
    assert recall_view(work, mine).words
    hand.press_on(dialog.overview.take_back)
    assert recall_view(work, clients).words
    hand.press_on(dialog.overview.withdraw)
    hand.go_to(page.everything)
    hand.press(Key.Key_Down)
    hand.press_on(page.uses[Grant(Scope.CLIENT_RECALL)])
    hand.press_on(page.now)
    hand.answer(dialog)
    assert f"recall {clients} of 2026-11-22, with the client" in dialog.certificate.text.toPlainText()
    assert "pages with one: 0" in dialog.certificate.text.toPlainText()
    assert [row.recall for row in recalls(work, session)] == [mine]
    assert window.library.model.rowCount() == 1


def test_withdrawn_and_destroyed_in_one_go(hand: Hand) -> None:
    dialog = opened(hand)
    hand.press_on(dialog.overview.withdraw)
    hand.press_on(dialog.withdraw.now)
    hand.answer(dialog)
    assert dialog.page is dialog.certificate
    assert hand.window.library.model.rowCount() == 0


def test_one_use_is_withdrawn_and_what_another_allows_stays(hand: Hand, session: SessionId) -> None:
    window = hand.window
    dialog = opened(hand)
    hand.press_on(dialog.overview.withdraw)
    page = dialog.withdraw
    hand.go_to(page.everything)
    hand.press(Key.Key_Down)
    assert page.some.isChecked()
    assert not page.go.isEnabled()
    box = next(box for grant, box in page.uses.items() if grant.scope is Scope.RECORD)
    hand.press_on(box)
    assert words_in(page.touched)[0].endswith("Nothing of it is destroyed.")
    assert not page.now.isEnabled()
    hand.press_on(page.go)
    assert window.session is not None
    assert "No longer used for that; nothing is destroyed" in words_in(dialog.overview.decisions)[0]
    hand.press_on(dialog.overview.withdraw)
    hand.go_to(page.everything)
    hand.press(Key.Key_Down)
    hand.press_on(next(box for grant, box in page.uses.items() if grant.scope is Scope.TRANSCRIBE))
    assert words_in(page.touched)[0].endswith("Destroyed: the transcripts.")
    hand.press_on(page.go)
    decisions = dialog.overview.decisions
    assert (decisions.count(), decisions.currentRow()) == (2, 0), "the newest is chosen"


def test_transcripts_taken_back_leave_sound_and_moments_open(
    hand: Hand, transcribed: MainWindow, session: SessionId
) -> None:
    window, work = hand.window, hand.window.desk.workspace
    work.execute(MarkMoment(session, 1000, (MomentCode("wf.flag"),), note="mine"))
    view = window.view
    assert view.transcript.isVisible()
    assert view.transcript.rows.rows
    made = withdraw(work, WithdrawWish(CLIENT, frozenset({Grant(Scope.TRANSCRIBE)}))).decision
    assert window.session is not None
    assert not view.transcript.isVisible()
    assert list(view.transcript.rows.rows) == []
    assert view.none_title.text() == "The transcript is locked"
    assert "C-012 has withdrawn the consent to a transcript made on this machine" in view.none_words.text()
    assert "supervise consent" not in view.none_words.text()
    assert not view.none_button.isVisible()
    assert view.moments.rowCount() == 1
    assert [row.transcript for row in window.library.model.rows] == ["locked"]
    window.session.play_from(0)
    assert window.session.playing
    window.show_library()
    window.open_session(session)
    assert view.none_title.text() == "The transcript is locked"
    take_back(work, made.id)
    assert view.transcript.isVisible()
    assert view.transcript.rows.rows


def test_what_is_being_written_when_consent_goes_is_not_written(hand: Hand, session: SessionId) -> None:
    window = hand.window
    work = window.desk.workspace
    window.session.mark("wd.any")
    window.view.editor.note.setFocus()
    hand.press("half a sentence")
    moments = work.store.moments.of_session(session)
    window.session.play_from(0)
    dialog = withdrawn(hand)
    assert window.session is None
    assert not window.desk.listening.playing
    assert dialog.page is dialog.overview
    assert len(work.store.moments.of_session(session)) == len(moments)
    assert window.findChildren(QMessageBox) == []
    assert window.view.editor.note.toPlainText() == ""


def test_a_word_about_another_use_leaves_what_is_open_alone(hand: Hand, session: SessionId) -> None:
    window = hand.window
    window.session.play_from(5000)
    here = window.session
    work = window.desk.workspace
    work.add_consent(CLIENT, frozenset({Scope.QUOTATION}), TODAY)
    work.subscribers.tell(Change(CONSENT, (session,)))
    assert window.session is here
    assert window.desk.listening.session == session
    assert window.session.playing


def test_what_fell_due_is_destroyed_at_the_next_opening(hand: Hand, house: House, session: SessionId) -> None:
    withdrawn(hand)
    hand.window.close()
    house.services.today = lambda: date(2026, 11, 30)
    again = house.services.open_vault(house.vault, "quiet river seven lamps")
    assert again.store.sessions.all() == []
    assert again.store.withdrawals.stubs(again.store.consents.client(CLIENT)[0])
    again.close()


def test_what_was_locked_and_kept_may_be_destroyed_later(hand: Hand) -> None:
    work = hand.window.desk.workspace
    dialog = opened(hand)
    hand.press_on(dialog.overview.withdraw)
    hand.go_to(dialog.withdraw.to_destroy)
    hand.press(Key.Key_Down)
    assert dialog.withdraw.to_restrict.isChecked()
    hand.press_on(dialog.withdraw.go)
    assert words_in(dialog.overview.decisions)[0].endswith("Locked and kept.")
    assert not dialog.overview.destroy_now.isEnabled()
    hand.press_on(dialog.overview.withdraw)
    hand.press_on(dialog.withdraw.now)
    hand.answer(dialog)
    assert dialog.page is dialog.certificate
    assert work.store.sessions.all() == []
