"""While a transcript is being made for the first time, the window says that, and not that it is unknown."""

from gui_house import House
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from supervise.domain.ids import SessionId
from supervise.domain.transcript import TranscribeSettings, Turn
from supervise.ui.main_window import MainWindow


def test_words_without_a_voice_are_being_transcribed(
    window: MainWindow, session: SessionId, qtbot: QtBot
) -> None:
    queue, view = window.desk.queue, window.view
    window._queue_timer.stop()
    queue.enqueue(session, TranscribeSettings(language="en"))
    window._step_queue()
    qtbot.waitUntil(lambda: view.transcribe_button.text() == "Being transcribed")
    assert not view.transcribe_button.isEnabled()
    states = set()

    def went_on() -> bool:
        window._step_queue()
        rows = view.transcript.rows
        turns = [number for number, row in enumerate(rows.rows) if isinstance(row, Turn)]
        for number in turns:
            states.add(rows.index(number).data(Qt.ItemDataRole.AccessibleTextRole).split(",")[0])
        return bool(turns) and view.transcribe_button.text() == "Transcribe again…"

    qtbot.waitUntil(went_on)
    assert "Being transcribed" in states
    assert "Unknown" not in states
    assert view.transcribe_button.isEnabled()


def test_an_older_transcript_keeps_its_names_during_another_run(
    transcribed: MainWindow, session: SessionId, house: House, qtbot: QtBot
) -> None:
    window = transcribed
    window._queue_timer.stop()
    names = window.view.transcript.rows.names
    window.desk.queue.enqueue(session, TranscribeSettings(language="de"))
    window._show_queue()
    assert window.view.transcribe_button.text() == "Being transcribed"
    assert window.view.transcript.rows.names == names
    qtbot.waitUntil(lambda: not window.desk.queue.step())
    window._show_queue()
    assert window.view.transcribe_button.text() == "Transcribe again…"
