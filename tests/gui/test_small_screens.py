"""A small laptop: the note is at hand, lane names are whole, a long title leaves the queue readable."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from supervise.app.queue import QueueEntry
from supervise.ui.main_window import MainWindow
from supervise.ui.queue_panel import QueuePanel, state_words
from supervise.ui.wave_paint import GUTTER, SWATCH, short_label

Key = Qt.Key
Press = Callable[..., None]
SIZES = [(1280, 680), (1366, 768)]


def seen(widget: QWidget, inside: QWidget) -> QRect:
    """Return the part of `widget` that `inside` shows, in `inside`'s own coordinates."""
    place = QRect(widget.mapTo(inside, QPoint(0, 0)), widget.size())
    return place.intersected(inside.rect())


@pytest.mark.parametrize("size", SIZES)
def test_the_note_is_whole_after_t(
    transcribed: MainWindow, press: Press, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = transcribed
    window.resize(*size)
    qtbot.waitUntil(lambda: (window.width(), window.height()) == size)
    window.session.mark("cf.any")
    qtbot.waitUntil(window.view.editor.isVisible)
    press("T")
    editor, note = window.view.editor, window.view.editor.note
    assert note.hasFocus()
    qtbot.waitUntil(lambda: seen(note, editor.viewport()).size() == note.size())
    assert note.height() >= 84
    assert window.rect().contains(QRect(note.mapTo(window, QPoint(0, 0)), note.size()))


@pytest.mark.parametrize("size", SIZES)
def test_every_part_of_a_session_keeps_some_room(
    transcribed: MainWindow, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = transcribed
    for code in ("tr.any", "ct.any", "wd.any", "cf.any", "rp.apol", "oc.resolved", "al.goal", "wf.flag"):
        if any(entry.code == code for entry in window.desk.workspace.codebook().codes):
            window.session.mark(code)
    window.resize(*size)
    qtbot.waitUntil(lambda: window.view.transcript.viewport().height() >= 120)
    assert window.view.panel.list.viewport().height() >= 60
    assert window.width() == size[0]
    assert window.height() == size[1]


def test_names_of_lanes_that_ship_are_not_cut(window: MainWindow) -> None:
    font = QFont(window.view.waveform.font())
    font.setPointSizeF(font.pointSizeF() * 0.85)
    room = GUTTER - SWATCH - 6
    names = [short_label(family.label) for family in window.desk.workspace.codebook().families]
    assert [name for name in names if QFontMetrics(font).horizontalAdvance(name) > room] == []


def test_lanes_are_said_to_those_who_do_not_see_them(window: MainWindow) -> None:
    window.session.mark("wd.any")
    window.session.seek(3000)
    words = window.view.waveform.accessibleDescription()
    assert "Rupture - withdrawal (client moves away): 1" in words
    window.session.seek(0)
    window.session.delete_chosen()
    window.session.seek(1000)
    assert "Lanes" not in window.view.waveform.accessibleDescription()


def test_a_long_title_leaves_room_for_how_far_it_is(qtbot: QtBot, app: object) -> None:
    panel = QueuePanel()
    qtbot.addWidget(panel)
    panel.resize(1280, 60)
    entry = QueueEntry("job", "session", "running", 420, 1500.0, "")
    title = "C-012 · " + "The seventh session after the long summer break, with the sheet " * 4
    panel.show_entries([entry], lambda _session: title)
    panel.show()
    line = panel._lines["job"]
    qtbot.waitUntil(lambda: line.width() > 1000)
    assert line.state.width() >= line.state.fontMetrics().horizontalAdvance(state_words(entry))
    assert line.title.toolTip() == line.title.text()
    assert line.stop.geometry().right() <= line.rect().right()


@pytest.mark.parametrize("size", SIZES)
def test_the_first_mark_opens_the_editor_with_room_for_its_note(
    transcribed: MainWindow, press: Press, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = transcribed
    window.resize(*size)
    window.view.waveform.setFocus()
    press("M")
    editor, note = window.view.editor, window.view.editor.note
    qtbot.waitUntil(lambda: seen(note, editor.viewport()).height() == note.height())
