"""The waveform under hands: seek, drag a span, move an edge, zoom about the pointer."""

from collections.abc import Iterator

import pytest
from gui_house import at, drag
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from samples import ME, OTHER, Peaks, codebook, moment, moments

from supervise.domain.recordings import Gap, GapReason
from supervise.ui.lanes import hit_bar, lanes_of
from supervise.ui.theme import Mode, colors, theme_of
from supervise.ui.timespan import ShownSpan
from supervise.ui.wave_paint import GUTTER, RULER
from supervise.ui.waveform import Waveform

LENGTH_MS = 100_000


@pytest.fixture
def wave(app: QApplication, qtbot: QtBot) -> Iterator[Waveform]:
    made = Waveform(ShownSpan())
    qtbot.addWidget(made)
    made.me = ME
    made.resize(GUTTER + 1000, 400)
    made.open(Peaks(LENGTH_MS), LENGTH_MS, ())
    made.set_moments(
        [
            moment(1, 20_000, 40_000, "wd.any"),
            moment(2, 60_000, None, "cf.any"),
            moment(3, 70_000, 80_000, author=OTHER),
        ],
        codebook(),
    )
    made.show()
    return made


def test_click_asks_for_the_place(wave: Waveform, qtbot: QtBot) -> None:
    with qtbot.waitSignal(wave.seek_requested) as asked:
        QTest.mouseClick(wave, Qt.MouseButton.LeftButton, pos=at(wave, 50_000))
    assert asked.args == [50_000]


def test_drag_draws_a_span_either_way(wave: Waveform, qtbot: QtBot) -> None:
    with qtbot.waitSignal(wave.span_drawn) as drawn:
        drag(wave, at(wave, 55_000), at(wave, 45_000))
    assert drawn.args == [45_000, 55_000]


def test_edge_of_own_moment_moves(wave: Waveform, qtbot: QtBot) -> None:
    with qtbot.waitSignal(wave.moment_dragged) as moved:
        drag(wave, at(wave, 40_000, lane=0), at(wave, 45_000, lane=0))
    assert moved.args[0].endswith("1")
    assert moved.args[1:] == [20_000, 45_000]


def test_point_moves_and_stays_a_point(wave: Waveform, qtbot: QtBot) -> None:
    with qtbot.waitSignal(wave.moment_dragged) as moved:
        drag(wave, at(wave, 60_000, lane=1), at(wave, 63_000, lane=1))
    assert moved.args[1:] == [63_000, -1]


def test_moment_of_somebody_else_is_picked_and_not_moved(wave: Waveform, qtbot: QtBot) -> None:
    with qtbot.waitSignal(wave.moment_picked), qtbot.assertNotEmitted(wave.moment_dragged):
        drag(wave, at(wave, 75_000, lane=2), at(wave, 90_000, lane=2))


def test_escape_lets_a_drag_go(wave: Waveform, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(wave.span_drawn):
        QTest.mousePress(wave, Qt.MouseButton.LeftButton, pos=at(wave, 10_000))
        QTest.mouseMove(wave, at(wave, 15_000))
        QTest.keyClick(wave, Qt.Key.Key_Escape)
        QTest.mouseRelease(wave, Qt.MouseButton.LeftButton, pos=at(wave, 15_000))


def test_wheel_zooms_about_the_pointer(wave: Waveform) -> None:
    place = QPointF(at(wave, 30_000))
    down, none = QPoint(0, 120), QPoint(0, 0)
    buttons, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    phase = Qt.ScrollPhase.NoScrollPhase
    QApplication.sendEvent(wave, QWheelEvent(place, place, none, down, buttons, keys, phase, False))
    assert wave.scene.shown.length_ms == pytest.approx(80_000)
    assert abs(wave.ms_at(place.x()) - 30_000) < 150


def test_page_keys_pan(wave: Waveform) -> None:
    wave.scene.shown.show(0, 20_000)
    QTest.keyClick(wave, Qt.Key.Key_PageDown)
    assert wave.scene.shown.start_ms == 16_000


def test_playhead_is_told_to_screen_readers(wave: Waveform) -> None:
    wave.set_playhead(65_000)
    assert wave.accessibleDescription().startswith("The sound stands at 1:05 of 1:40. Lanes: ")


def test_overlapping_moments_lie_beside_each_other() -> None:
    both = [moment(1, 0, 1000, "wd.any"), moment(2, 500, 1500, "wd.any"), moment(3, 5000, 6000, "wd.any")]
    (lane,) = lanes_of(both, codebook())
    assert [(bar.row, bar.rows) for bar in lane.bars] == [(0, 2), (1, 2), (0, 1)]
    upper, lower = hit_bar(lane.bars, 0.2, 70, 0.1, 0), hit_bar(lane.bars, 0.8, 70, 0.1, 0)
    assert upper is not None
    assert lower is not None
    assert upper.moment != lower.moment


def test_every_moment_is_drawn_somewhere(wave: Waveform) -> None:
    many = moments(300, LENGTH_MS)
    wave.set_moments(many, codebook())
    drawn = {bar.moment.moment for lane in wave.scene.lanes for bar in lane.bars}
    assert drawn == {entry.moment for entry in many}
    assert not wave.grab().isNull()


GAPS = (Gap(30_000, 4_000, GapReason.DEVICE), Gap(80_000, 125_000, GapReason.PAUSE))


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_gaps_are_drawn_as_torn_lines_with_their_length(wave: Waveform, mode: Mode) -> None:
    theme_of().choose(mode)
    bare = wave.grab().toImage()
    wave.open(Peaks(LENGTH_MS), LENGTH_MS, GAPS)
    torn = wave.grab().toImage()
    warn = QColor(colors().warn)
    for gap in GAPS:
        x = round(wave.x_of(gap.start_ms))
        rows = range(RULER + 4, RULER + wave.layout_now().wave_height - 4)
        columns = {near - x for y in rows for near in range(x - 4, x + 5) if torn.pixelColor(near, y) == warn}
        assert len(columns) >= 3, "a zigzag, not a plain line"
    assert bare != torn
    away = round(wave.x_of(55_000))
    assert all(bare.pixelColor(away, y) == torn.pixelColor(away, y) for y in range(bare.height()))


def test_gaps_are_told_in_the_tooltip_and_to_a_reader(wave: Waveform) -> None:
    wave.open(Peaks(LENGTH_MS), LENGTH_MS, GAPS)
    wave.set_playhead(1000)
    told = wave.accessibleDescription()
    assert "Sound of the meeting is missing. At 0:30 4.0 s are missing: the microphone was gone" in told
    assert "At 1:20 2:05 are missing: paused" in told
    assert wave.words_at(at(wave, 30_000)) == "At 0:30 4.0 s are missing: the microphone was gone"
    assert wave.words_at(at(wave, 50_000)) == ""
    wave.clear()
    wave.set_playhead(0)
    assert "missing" not in wave.accessibleDescription()
