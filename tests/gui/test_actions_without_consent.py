"""Every action of the window without each scope: refused in words, nothing shown, heard or written.

The scope goes while the session is on screen and nobody is told, as when a consent ends at midnight.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gui_house import CLIENT, TODAY, House, write_sound
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from supervise.app import consenting
from supervise.app.asking import standing
from supervise.app.commands import MarkMoment, NameSpeaker
from supervise.app.consenting import Statement
from supervise.app.importing import ImportWish
from supervise.app.recording import RecordingSession, RecordingWish
from supervise.audio.fake_input import FakeInput
from supervise.domain.consent import Grant, Scope
from supervise.domain.errors import NotCoveredError
from supervise.domain.ids import SessionId
from supervise.domain.moments import MomentCode
from supervise.domain.recall import RecallKind
from supervise.ui.actions import (
    ALWAYS,
    CODE_PREFIX,
    READING,
    RECALL,
    RECALLING,
    RECORDING,
    SPECS,
)
from supervise.ui.main_window import MainWindow

OWN, RECORD, TRANSCRIBE, CLIENT_RECALL = (
    Scope.OWN_REVIEW,
    Scope.RECORD,
    Scope.TRANSCRIBE,
    Scope.CLIENT_RECALL,
)
REFUSED = {"withdrawn": "withdrawn the consent to", "refused": "refused"}
UNLINKED = "No consent to being recorded is on record"
Deed = Callable[[MainWindow, Path], object]

# Moves about on what is on the screen already, or has nothing to do with a client's material.
ON_SCREEN = {
    "find", "back", "forward", "slower", "faster", "loop", "next_moment", "previous_moment", "edit_moment",
    "add_code", "zoom_in", "zoom_out", "whole", "next_pane", "previous_pane",
}  # fmt: skip
ABOUT_NOBODY = {"codebook", "people", "check", "backup", "lock", "settings", "prompt_cards", "studies"}
LEAVE_OUT = {
    "find_all",
    "library",
    "ratings",
    "recall_out",
}  # over many things: those uncovered are left out, see below
# What consent itself consists of, and destroying: open without any consent (ADR 0011).
WITHOUT_CONSENT = {"consent", "kept", "log", "portion"}
RECORDED = {"record"}  # asks whose session before anything; tried below
# Only on pages that are not reached without consent: `recalls`, `recall`, `record` lead there.
INSIDE = (READING, RECALL, RECALLING, RECORDING)


def trigger(name: str) -> Deed:
    """Do what the menu or the key does."""
    return lambda window, _folder: window.actions_.by_name[name].trigger()


def dialog_of(window: MainWindow) -> QDialog:
    dialog = window.errands.dialog
    assert dialog is not None
    return dialog


def take_out(fmt: str) -> Deed:
    def done(window: MainWindow, folder: Path) -> None:
        trigger("take_out")(window, folder)
        if window.errands.dialog is not None:
            dialog = dialog_of(window)
            dialog.choices[fmt].setChecked(True)
            dialog.target.setText(str(folder / f"out.{fmt}"))
            dialog.go.click()

    return done


def transcribe(window: MainWindow, folder: Path) -> None:
    trigger("transcribe")(window, folder)
    if window.errands.dialog is not None:
        dialog_of(window).go.click()


def describe(window: MainWindow, folder: Path) -> None:
    trigger("describe")(window, folder)
    dialog = dialog_of(window)
    dialog.title.setText("another title")
    dialog._on_save()


def rate(window: MainWindow, folder: Path) -> None:
    trigger("rate")(window, folder)
    dialog_of(window).go.click()


def recall_by_client(window: MainWindow, folder: Path) -> None:
    trigger("recall")(window, folder)
    dialog = dialog_of(window)
    dialog.choose(RecallKind.CLIENT, "Anna")


def bring_in(window: MainWindow, folder: Path) -> None:
    trigger("import")(window, folder)
    wish = ImportWish(write_sound(folder.parent / "second.wav", 5), CLIENT)
    dialog_of(window).wished.emit(wish, None)


def voice(window: MainWindow, _folder: Path) -> None:
    window.view.transcript.drop_choice()
    window.session.voices._give(0, 2000, "B")


def comment(window: MainWindow, _folder: Path) -> None:
    window.view.editor.commented.emit(window.view.chosen, "a remark")


def note(window: MainWindow, _folder: Path) -> None:
    trigger("edit_moment")(window, _folder)
    window.view.editor.note.setPlainText("a note")
    window.view.editor.note.commit()


def drag(window: MainWindow, _folder: Path) -> None:
    window.view.waveform.span_drawn.emit(3000, 5000)


def end(window: MainWindow, folder: Path) -> None:
    window.session.seek(5000)
    trigger("end")(window, folder)


def play_a_word(window: MainWindow, _folder: Path) -> None:
    window.view.transcript.word_clicked.emit(1000)


def open_again(window: MainWindow, _folder: Path) -> None:
    window.library.session_opened.emit(window.session.session.session, -1)


def older_version(window: MainWindow, _folder: Path) -> None:
    session = window.session.session.session
    older = window.desk.workspace.store.transcripts.versions(session)[-1].transcript
    window.view.versions.version_chosen.emit(older)


DEEDS: dict[str, dict[Scope, Deed]] = {
    "play": {OWN: trigger("play")},
    "play_moment": {OWN: trigger("play_moment")},
    "mark": {OWN: trigger("mark")},
    "end": {OWN: end},
    "delete_moment": {OWN: trigger("delete_moment")},
    "take_out": {OWN: take_out("csv"), TRANSCRIBE: take_out("txt")},
    "transcribe": {OWN: transcribe, TRANSCRIBE: transcribe},
    "describe": {OWN: describe},
    "voice": {OWN: voice, TRANSCRIBE: voice},
    "swap": {OWN: trigger("swap"), TRANSCRIBE: trigger("swap")},
    "spoken": {OWN: trigger("spoken"), RECORD: trigger("spoken")},
    "undo": {OWN: trigger("undo"), TRANSCRIBE: trigger("undo")},
    "redo": {OWN: trigger("redo")},
    "recall": {OWN: trigger("recall"), CLIENT_RECALL: recall_by_client},
    "rate": {OWN: rate},
    "recalls": {OWN: trigger("recalls")},
    "recalled_here": {OWN: trigger("recalled_here")},
    "import": {RECORD: bring_in},
    # Ways that are no actions:
    "a comment": {OWN: comment},
    "a note": {OWN: note},
    "a span drawn": {OWN: drag},
    "a word clicked": {OWN: play_a_word},
    "an older transcript": {OWN: older_version, TRANSCRIBE: older_version},
    "a session opened": {OWN: open_again},  # last, as it leaves the one on screen
}
SCOPES = sorted({scope for needed in DEEDS.values() for scope in needed})


def test_every_action_is_in_the_table() -> None:
    known = ON_SCREEN | ABOUT_NOBODY | LEAVE_OUT | RECORDED | WITHOUT_CONSENT | DEEDS.keys()
    free = {spec.name for spec in SPECS if spec.where in (ALWAYS, *INSIDE)}
    assert {spec.name for spec in SPECS} - free - known == set()
    assert not {name for name in known if name in free}


@pytest.fixture
def ready(
    window: MainWindow, transcribed: MainWindow, session: SessionId, tmp_path: Path
) -> Iterator[MainWindow]:
    """A transcribed session on screen, a moment chosen, something to take back and to do again."""
    work = window.desk.workspace
    moment = work.execute(MarkMoment(session, 1000, (MomentCode("wf.flag"),), end_ms=3000, note="mine"))
    work.execute(NameSpeaker(session, "A", "the therapist"))
    work.execute(NameSpeaker(session, "B", "the client"))
    work.undo()
    window.session.pick(moment)
    (tmp_path / "taken").mkdir()
    yield window
    put_away(window)


def put_away(window: MainWindow) -> None:
    """Close what a deed opened."""
    window.errands.close_dialogs()
    for box in window.findChildren(QMessageBox):
        box.close()


def take_away(window: MainWindow, scope: Scope, way: str) -> None:
    """Leave the client without a scope, and tell nobody."""
    work = window.desk.workspace
    grants = frozenset({Grant(scope)})
    if way == "refused":
        said = Statement(CLIENT, TODAY, refused=grants)
    else:
        said = Statement(CLIENT, TODAY, withdrawn=grants)
    consenting.record(work.store, work.gate, work.today, said)


def written(window: MainWindow, folder: Path) -> dict[str, object]:
    """Everything that a refused deed must leave as it is."""
    db = window.desk.workspace.vault.db
    tables = (
        "sessions", "moments", "comments", "jobs", "transcripts", "history", "recordings", "recalls",
        "rating_series", "copies", "consents", "media",
    )  # fmt: skip
    found: dict[str, object] = {
        name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608 -- names are ours
        for name in tables
    }
    found["texts"] = list(db.execute("SELECT title, held_on FROM sessions"))
    found["notes"] = list(db.execute("SELECT id, start_ms, end_ms, note FROM moments ORDER BY id"))
    found["words"] = list(db.execute("SELECT words FROM windows ORDER BY transcript_id, seq"))
    found["names"] = list(db.execute("SELECT label, name FROM speaker_names ORDER BY label"))
    found["undone"] = list(db.execute("SELECT seq, undone FROM history ORDER BY seq"))
    found["log"] = [line.action for line in window.desk.workspace.log_lines(500)]
    found["files"] = sorted(path.name for path in folder.iterdir())
    return found


def sentences(window: MainWindow) -> str:
    """What boxes and dialogs say now."""
    boxes = [box.informativeText() for box in window.findChildren(QMessageBox) if box.isVisible()]
    dialogs = [part for part in QApplication.topLevelWidgets() if isinstance(part, QDialog)]
    dialogs = [part for part in dialogs if part.isVisible()]
    labels = [part.text() for one in dialogs for part in one.findChildren(QLabel) if part.isVisible()]
    return "\n".join((*boxes, *labels))


@pytest.mark.parametrize("way", ["withdrawn", "refused"])
@pytest.mark.parametrize("scope", SCOPES)
def test_without_a_scope_every_action_that_needs_it_is_refused(
    ready: MainWindow, house: House, tmp_path: Path, qtbot: QtBot, scope: Scope, way: str
) -> None:
    folder = tmp_path / "taken"
    take_away(ready, scope, way)
    before = written(ready, folder)
    for name, needed in DEEDS.items():
        if scope not in needed:
            continue
        needed[scope](ready, folder)
        refusal = UNLINKED if (name, scope) == ("spoken", RECORD) else f"{CLIENT} has {REFUSED[way]}"

        def told(refusal: str = refusal, name: str = name) -> None:
            assert refusal in sentences(ready), name

        qtbot.waitUntil(told)
        assert "supervise consent" not in sentences(ready), name
        assert written(ready, folder) == before, name
        assert not ready.desk.listening.playing, name
        assert not (house.output.pull(4800) != 0).any(), name
        put_away(ready)


def test_no_recording_begins_without_the_consent_to_it(ready: MainWindow) -> None:
    take_away(ready, RECORD, "withdrawn")
    assert RECORD not in standing(ready.desk.workspace, CLIENT).covered
    with pytest.raises(NotCoveredError, match=CLIENT):
        RecordingSession(ready.desk.workspace, RecordingWish(CLIENT), FakeInput())


def test_the_table_holds_what_the_window_does_with_its_codes(ready: MainWindow) -> None:
    codes = [name for name in ready.actions_.by_name if name.startswith(CODE_PREFIX)]
    take_away(ready, OWN, "withdrawn")
    before = written(ready, ready.desk.workspace.vault.path)
    for name in codes:
        ready.actions_.by_name[name].trigger()
        assert "has withdrawn the consent to" in sentences(ready)
        for box in ready.findChildren(QMessageBox):
            box.close()
    assert codes
    assert written(ready, ready.desk.workspace.vault.path) == before


def test_library_and_search_leave_out_what_is_not_covered(ready: MainWindow) -> None:
    take_away(ready, OWN, "withdrawn")
    ready.actions_.by_name["library"].trigger()
    assert ready.session is None
    assert ready.library.model.rows == ()
    assert len(ready.library.model.locked) == 1
    ready.search("well")
    assert ready.library.hits.isVisible() is False or ready.desk.workspace.search("well").hits == ()
