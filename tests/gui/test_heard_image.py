"""The bands between the time lines, held against Qt's own antialiased polygons."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from supervise.domain.recall import PromptUse, Stop, StoppedBy
from supervise.domain.recall_map import RecallMap, Stretch
from supervise.ui.heard_image import EDGE_PX, Band, heard_image
from supervise.ui.recall_lines import RecallLines
from supervise.ui.recall_lines_paint import Mark, render
from supervise.ui.theme import Mode, colors, theme_of

GROUND, INK = QColor("#f4f3ef"), QColor("#336699")
STEEP = [(10.0, 40.0, 60.0, 75.0), (100.0, 130.0, 100.0, 180.0), (150.0, 171.5, 105.2, 140.0)]
FLAT = [(-300.0, -250.0, 560.0, 600.0), (20.0, 25.0, 380.0, 390.0)]
BEYOND = [(-900.0, 900.0, -20.0, 700.0), (-90.0, -50.0, -80.0, -40.0), (380.0, 460.0, 390.0, 520.0)]


def pixels_of(image):
    """Return an image as an array (height, width, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(int)


def painted(corners, band, ratio):
    """Return what Qt paints."""
    image = QImage(band.width, band.height, QImage.Format.Format_RGB32)
    image.fill(band.ground)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    fill, edge = QColor(band.ink), QColor(band.ink)
    fill.setAlphaF(band.fill)
    edge.setAlphaF(band.edge)
    painter.setPen(QPen(edge, EDGE_PX * ratio))
    painter.setBrush(fill)
    for left, right, below_left, below_right in corners:
        tips = ((left, -2), (right, -2), (below_right, band.height + 2), (below_left, band.height + 2))
        lean = ((below_left - left) / band.height, (below_right - right) / band.height)
        moved = (-2 * lean[0], -2 * lean[1], 2 * lean[1], 2 * lean[0])
        painter.drawPolygon(QPolygonF([QPointF(x + by, y) for (x, y), by in zip(tips, moved, strict=True)]))
    painter.end()
    return image


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("corners", [STEEP, FLAT, BEYOND, [*STEEP, *FLAT, *BEYOND]])
@pytest.mark.parametrize("ratio", [1, 2])
def test_bands_look_as_qt_paints_them(corners, ratio):
    band = Band(400, 90, GROUND, INK, 0.15, 0.59)
    ours, theirs = pixels_of(heard_image(corners, band, ratio)), pixels_of(painted(corners, band, ratio))
    apart = np.abs(ours - theirs)
    assert apart.mean() < 1.5
    assert np.percentile(apart, 99) < 24  # a line lies a fraction of a pixel elsewhere
    assert apart.mean() < np.abs(theirs - [0xF4, 0xF3, 0xEF]).mean() / 5


@pytest.mark.usefixtures("qapp")
def test_nothing_heard_is_plain_ground_and_a_wide_band_covers_it_all():
    band = Band(30, 10, GROUND, INK, 0.15, 0.59)
    assert np.all(pixels_of(heard_image([], band, 1)) == [0xF4, 0xF3, 0xEF])
    wide = (-90.0, 90.0, -90.0, 90.0)
    for bands, covered in (([wide], 0.15), ([wide, wide], 1 - 0.85**2)):
        pixels = pixels_of(heard_image(bands, band, 1))[:, : band.width, 0]
        assert np.all(np.abs((0xF4 - pixels) / (0xF4 - 0x33) - covered) < 0.01)


@pytest.mark.usefixtures("qapp")
def test_a_picture_painted_over_is_as_a_fresh_one() -> None:
    lines = RecallLines()
    stop = Stop(0, 3000, 4000, StoppedBy.RECALLER, 3000, 0, 6000)
    found = RecallMap(
        (Stretch(0, 4000, 0, 3000, 1.0, 0), Stretch(6000, 9000, 3000, 6000, 1.0, 1)), 1000, 1000, 9000
    )
    lines.open(found, 9000, (None, None))
    lines.set_stops([stop], [PromptUse(0, 4500, "felt", 0)])
    full = render(lines.scene, 600, 2, colors(), lines.font())
    lines.clear()
    lines.open(found, 9000, (None, None))
    fresh = render(lines.scene, 600, 2, colors(), lines.font())
    assert not np.array_equal(pixels_of(full.toImage()), pixels_of(fresh.toImage()))
    over = render(lines.scene, 600, 2, colors(), lines.font(), full)
    assert np.array_equal(pixels_of(over.toImage()), pixels_of(fresh.toImage()))
    assert render(lines.scene, 500, 2, colors(), lines.font(), over).width() == 1000


@pytest.mark.usefixtures("app")
def test_what_is_kept_of_a_picture_is_made_anew_when_it_shows_something_else() -> None:
    found = RecallMap((Stretch(0, 4000, 0, 3000, 1.0, 0),), 1000, 1000, 9000)
    stops = [Stop(0, 3000, 4000, StoppedBy.RECALLER, 3000, 0, 6000)]
    prompts, marks = [PromptUse(0, 4500, "felt", 0)], [Mark(4200, 5200, "#aa5533", now=False)]

    def shown(lines: RecallLines, ratio: float) -> object:
        return pixels_of(render(lines.scene, 600, ratio, colors(), lines.font()).toImage())

    def fresh(ratio: float) -> object:
        lines = RecallLines()
        lines.open(found, 9000, (None, None))
        lines.set_stops(used[0], used[1])
        lines.set_marks(used[2])
        return shown(lines, ratio)

    used: tuple[list[Stop], list[PromptUse], list[Mark]] = ([], [], [])
    kept, before = RecallLines(), None
    kept.open(found, 9000, (None, None))
    steps = [([], [], []), (stops, [], []), (stops, prompts, []), (stops, prompts, marks)]
    for mode in (Mode.LIGHT, Mode.DARK):
        theme_of().choose(mode)
        for ratio in (1, 1.5, 2):
            for used in steps:
                kept.set_stops(used[0], used[1])
                kept.set_marks(used[2])
                now = shown(kept, ratio)
                assert np.array_equal(now, fresh(ratio))
                assert before is None or not np.array_equal(now, before)
                before = now
    theme_of().choose(Mode.LIGHT)
