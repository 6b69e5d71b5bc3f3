"""A client's consent in the window: read whole, added to with everything it may say, by keys alone."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from dialogs import CTRL_SHIFT, Hand, Key, words_in
from gui_house import CLIENT, PASSPHRASE, TODAY
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from supervise.app.consenting import Statement
from supervise.app.workspace import Workspace
from supervise.domain.consent import Grant, Scope
from supervise.domain.consent_details import ConsentDetails
from supervise.domain.ids import SessionId
from supervise.domain.moments import Perspective
from supervise.ui.client_errands import ClientDialog
from supervise.ui.consent_form import ConsentForm
from supervise.ui.main_window import MainWindow


@pytest.fixture
def hand(window: MainWindow, qtbot: QtBot) -> Hand:
    return Hand(window, qtbot)


def opened(hand: Hand) -> ClientDialog:
    return hand.opened(ClientDialog, Key.Key_C, CTRL_SHIFT)


def answers(dialog: ClientDialog) -> dict[str, str]:
    table = dialog.overview.table
    return {table.item(n, 0).text(): table.item(n, 1).text() for n in range(table.rowCount())}


def write_everything(hand: Hand, form: ConsentForm, paper: Path) -> None:
    for scope, answer, name in (
        (Scope.SUPERVISOR, "agrees", "Dr Bo"),
        (Scope.GROUP, "agrees", "Tuesday group"),
        (Scope.TRAINING, "refuses", ""),
        (Scope.RESEARCH, "agrees", "SAY/EK-17"),
    ):
        hand.choose(form.answers.answer[scope], answer)
        if name:
            hand.write(form.answers.name[scope], name)
    hand.write(form.signed_on, "2026-11-20")
    hand.write(form.valid_from, "2026-11-21")
    hand.write(form.expires_on, "2027-11-20")
    hand.write(form.review_on, "2027-05-01")
    hand.choose(form.signer, "A guardian")
    hand.write(form.witness, "front desk")
    hand.write(form.capacity, "talked through twice")
    hand.write(form.form_file, str(paper))
    hand.write(form.language, "en")
    hand.press_on(form.minor)
    hand.choose(form.assent, "agrees too")
    hand.write(form.guardian, "G-1")
    hand.write(form.adult_on, "2030-02-03")
    hand.write(form.heard_yes, "P-2, I-1")
    hand.write(form.keep["sound"], "90")
    hand.press_on(form.go)


def test_everything_a_record_may_say_is_written_by_keys(hand: Hand, tmp_path: Path) -> None:
    paper = tmp_path / "form.txt"
    paper.write_text("I agree to be recorded.")
    work: Workspace = hand.window.desk.workspace
    dialog = opened(hand)
    assert dialog.overview.title.text() == f"Consent of {CLIENT}"
    hand.press_on(dialog.overview.add)
    form = dialog.form
    assert QApplication.focusWidget() is form.answers.answer[Scope.RECORD]
    write_everything(hand, form, paper)
    assert form.problem.text() == ""
    assert dialog.page is dialog.overview
    record = work.consents(CLIENT)[-1]
    assert [str(grant) for grant in record.grants(record.granted)] == [
        "group=Tuesday group",
        "research=SAY/EK-17",
        "supervisor=Dr Bo",
    ]
    assert record.refused == {Scope.TRAINING}
    assert (record.signed_on, record.expires_on) == (date(2026, 11, 20), date(2027, 11, 20))
    assert record.details == ConsentDetails(
        form="I agree to be recorded.",
        form_sha256=hashlib.sha256(paper.read_bytes()).hexdigest(),
        language="en",
        signer_role="guardian",
        method="paper",
        witness="front desk",
        capacity="talked through twice",
        minor=True,
        assent=True,
        guardian="G-1",
        adult_on=date(2030, 2, 3),
        valid_from=date(2026, 11, 21),
        review_on=date(2027, 5, 1),
        audible=(("I-1", "granted"), ("P-2", "granted")),
        keep_days=(("sound", 90),),
    )
    shown = words_in(dialog.overview.records)[0]
    for words in ("the supervisor Dr Bo", "the study SAY/EK-17", "Refused: training", "guardian G-1", "P-2"):
        assert words in shown
    assert answers(dialog)["The group Tuesday group"] == "agreed"
    assert answers(dialog)["Training and teaching"] == "refused"


def test_what_makes_no_sense_is_said_and_nothing_is_lost(hand: Hand) -> None:
    dialog = opened(hand)
    hand.press_on(dialog.overview.add)
    form = dialog.form
    hand.press_on(form.go)
    assert "at least one use" in form.problem.text()
    hand.choose(form.answers.answer[Scope.SUPERVISOR], "agrees")
    hand.press_on(form.go)
    assert "for whom" in form.problem.text()
    hand.write(form.answers.name[Scope.SUPERVISOR], "Dr Bo")
    hand.write(form.expires_on, "next year")
    hand.press_on(form.go)
    assert "“next year” under “Last day” is not a day" in form.problem.text()
    hand.write(form.expires_on, "2026-11-01")
    hand.press_on(form.go)
    assert "end before it was signed" in form.problem.text()
    assert len(hand.window.desk.workspace.consents(CLIENT)) == 1
    hand.press(Key.Key_Escape)
    assert dialog.page is dialog.overview
    hand.press(Key.Key_Escape)
    hand.qtbot.waitUntil(lambda: hand.window.errands.dialog is None)


def test_what_is_about_to_end_is_said(hand: Hand) -> None:
    work: Workspace = hand.window.desk.workspace
    details = ConsentDetails(review_on=date(2026, 12, 1))
    said = Statement(
        CLIENT, TODAY, frozenset({Grant(Scope.QUOTATION)}), expires_on=date(2026, 11, 30), details=details
    )
    work.record_consent(said)
    dialog = opened(hand)
    words = dialog.overview.warnings.text()
    assert "The consent of C-012 to quotation ends on 30 Nov 2026, in 7 days." in words
    assert "Talk about the consent with C-012 again: that is due on 1 Dec 2026, in 8 days." in words


def test_another_clients_consent_is_given_from_the_library(hand: Hand) -> None:
    window = hand.window
    work = window.desk.workspace
    work.add_consent("C-099", frozenset({Scope.RECORD}), work.today())
    window.show_library()
    dialog = opened(hand)
    hand.choose(dialog.overview.client, "C-099")
    assert answers(dialog)["The therapist's own review"] == "not asked"
    hand.press_on(dialog.overview.add)
    hand.choose(dialog.form.answers.answer[Scope.OWN_REVIEW], "agrees")
    hand.press_on(dialog.form.go)
    assert answers(dialog)["The therapist's own review"] == "agreed"
    assert len(work.consents("C-099")) == 2


def test_a_refusal_closes_the_open_session(hand: Hand) -> None:
    window = hand.window
    assert window.session is not None
    dialog = opened(hand)
    hand.press_on(dialog.overview.add)
    hand.choose(dialog.form.answers.answer[Scope.OWN_REVIEW], "refuses")
    hand.press_on(dialog.form.go)
    assert window.session is None
    assert window.pages.currentWidget() is window.library


def test_a_part_in_the_case_is_given_and_ended(hand: Hand) -> None:
    work = hand.window.desk.workspace
    work.add_profile("Sven", Perspective.SUPERVISOR, "the other person's quiet words")
    dialog = opened(hand)
    hand.press_on(dialog.overview.parts)
    parts = dialog.parts
    hand.choose(parts.part, "Member of the group")
    hand.press_on(parts.go)
    assert "group=NAME" in parts.problem.text()
    hand.write(parts.name, "Tuesday group")
    hand.write(parts.until, "2027-01-31")
    hand.press_on(parts.go)
    assert words_in(parts.list) == ["Sven: member of the group Tuesday group, until 31 Jan 2027"]
    hand.press_on(parts.end)
    assert parts.list.count() == 0
    assert work.store.case_roles.all() == []


def test_the_dialog_fits_a_small_screen(hand: Hand) -> None:
    dialog = opened(hand)
    for page in (dialog.overview, dialog.form, dialog.withdraw, dialog.certificate, dialog.parts):
        hint = page.minimumSizeHint()
        assert (hint.width() <= 1240, hint.height() <= 640) == (True, True), type(page).__name__


def enter(hand: Hand, name: str, words: str) -> None:
    """Lock, and let another person in at the door."""
    window = hand.window
    window.lock()
    window.doors.unlock(words, name)
    hand.qtbot.waitUntil(lambda: not window.doors.busy)
    window.activateWindow()
    hand.qtbot.waitUntil(window.isActiveWindow)
    assert window.who.text().startswith(name)


def test_a_supervisor_hears_only_those_who_named_them(hand: Hand, session: SessionId) -> None:
    window = hand.window
    words = "the other person's quiet words"
    window.desk.workspace.add_profile("Sven", Perspective.SUPERVISOR, words)
    enter(hand, "Sven", words)
    assert window.library.model.rowCount() == 0
    assert "One session is not shown, because the client has not agreed" in window.library.left_out.text()
    window.open_session(session)
    box = window.findChild(QMessageBox)
    told = box.informativeText()
    assert "The consent of C-012 does not cover the supervisor Sven." in told
    assert "The case's therapist adds it: Session, Consent of the client…" in told
    box.reject()
    enter(hand, "Anna", PASSPHRASE)
    dialog = opened(hand)
    hand.press_on(dialog.overview.add)
    hand.choose(dialog.form.answers.answer[Scope.SUPERVISOR], "agrees")
    hand.write(dialog.form.answers.name[Scope.SUPERVISOR], "Sven")
    hand.press_on(dialog.form.go)
    enter(hand, "Sven", words)
    assert [row.session.session for row in window.library.model.rows] == [session]
    window.open_session(session)
    assert window.session is not None


def test_enter_in_a_field_adds_to_the_record(hand: Hand) -> None:
    dialog = opened(hand)
    hand.press_on(dialog.overview.add)
    hand.choose(dialog.form.answers.answer[Scope.SUPERVISOR], "agrees")
    hand.write(dialog.form.answers.name[Scope.SUPERVISOR], "Sven")
    hand.press(Key.Key_Return)
    assert dialog.page is dialog.overview
    assert answers(dialog)["The supervisor Sven"] == "agreed"
    assert dialog.overview.add.isDefault()


def test_enter_in_a_field_never_withdraws(hand: Hand) -> None:
    dialog = opened(hand)
    hand.press_on(dialog.overview.withdraw)
    hand.write(dialog.withdraw.reason, "none")
    hand.press(Key.Key_Return)
    assert dialog.page is dialog.withdraw
    assert "withdrawn" not in answers(dialog).values()
