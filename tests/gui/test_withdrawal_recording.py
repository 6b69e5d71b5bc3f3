"""A client withdraws while being recorded in the window: it ends, and is destroyed with the rest."""

from collections.abc import Callable

from gui_house import CLIENT
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot
from recording_house import Studio, begin, desk, heard, room, studio

from supervise.app.withdrawing import ALL, WithdrawWish, finish, withdraw
from supervise.ui.main_window import MainWindow

__all__ = ["desk", "room", "studio"]

Press = Callable[..., None]


def test_a_withdrawal_ends_the_recording(
    room: MainWindow, studio: Studio, press: Press, qtbot: QtBot
) -> None:
    begin(room, press, qtbot)
    studio.speak(2)
    heard(room, qtbot, 2000)
    work = room.desk.workspace
    done = withdraw(work, WithdrawWish(CLIENT, ALL))
    qtbot.waitUntil(lambda: not room.recording.running)
    told = [box.informativeText() for box in room.findChildren(QMessageBox) if box.isVisible()]
    assert "Consent to recording was withdrawn. The recording has ended and is locked." in told
    assert room.session is None
    assert room.library.model.rows == ()
    (row,) = room.library.model.locked
    assert row.session.session == done.decision.inventory["sessions"][0]["session"]
    assert "sound" in done.decision.inventory["sessions"][0]["goes"]
    finish(work, done.decision.id)
    assert work.store.sessions.all() == []
    assert work.store.recordings.unfinished() == []
    assert list((work.vault.path / "media").iterdir()) == []
