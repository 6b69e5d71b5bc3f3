"""The whole session in one low strip: its sound, its moments, and which part is on screen."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from supervise.domain.codebook import Codebook
from supervise.domain.moments import Moment
from supervise.domain.times import clock
from supervise.ui.patterns import edge_color
from supervise.ui.theme import colors, theme_of
from supervise.ui.timespan import ShownSpan
from supervise.ui.wave_image import Strip, draw_sound, image_of
from supervise.ui.wave_paint import GUTTER, PeaksSource

HEIGHT = 44
MARKS = 8


class Overview(QWidget):
    """Click or drag to bring another part on screen; the waveform follows the shared span."""

    seek_requested = Signal(int)

    def __init__(self, shown: ShownSpan, parent: QWidget | None = None) -> None:
        """Show nothing until a session is opened."""
        super().__init__(parent)
        self._shown = shown
        self._peaks: PeaksSource | None = None
        self._marks: list[tuple[int, int, str]] = []
        self._gain = 1.0
        self._playhead_ms = 0
        self._picture: QPixmap | None = None
        self._grip_ms: float | None = None
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Whole session")
        shown.changed.connect(self.update)
        theme_of().changed.connect(self.redraw)

    def sizeHint(self) -> QSize:
        """A low strip."""
        return QSize(900, HEIGHT)

    def open(self, peaks: PeaksSource, gain: float) -> None:
        """Show a session's sound."""
        self._peaks, self._gain, self._playhead_ms = peaks, gain, 0
        self.redraw()

    def clear(self) -> None:
        """Forget the session."""
        self._peaks, self._marks = None, []
        self.redraw()

    def set_moments(self, moments: Sequence[Moment], codebook: Codebook) -> None:
        """Show where moments are, in their first code's colour."""
        look = colors()
        shades = {family.family: edge_color(family, look) for family in codebook.families}
        families = {code.code: code.family for code in codebook.codes}
        self._marks = [
            (
                m.start_ms,
                m.end_ms or m.start_ms,
                shades.get(families.get(m.codes[0].code, ""), look.muted),
            )
            for m in moments
        ]
        self.redraw()

    def set_playhead(self, ms: int) -> None:
        """Move the playhead."""
        old = round(self._x(self._playhead_ms))
        self._playhead_ms = ms
        if round(self._x(ms)) != old:
            self.update()

    def redraw(self) -> None:
        """Throw the cached picture away."""
        self._picture = None
        self.update()

    def _width(self) -> int:
        return max(self.width() - GUTTER, 8)

    def _x(self, ms: float) -> float:
        return GUTTER + ms / self._shown.duration_ms * self._width()

    def _ms(self, x: float) -> float:
        return min(max((x - GUTTER) / self._width(), 0.0), 1.0) * self._shown.duration_ms

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew at the new size."""
        self.redraw()
        super().resizeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Copy the cached picture, veil what is off screen, draw the playhead."""
        ratio = self.devicePixelRatioF()
        if self._picture is None or self._picture.devicePixelRatio() != ratio:
            self._picture = self._drawn(ratio)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        look, shown = colors(), self._shown
        if shown.length_ms < shown.duration_ms:
            left, right = round(self._x(shown.start_ms)), round(self._x(shown.end_ms))
            right = max(right, left + 4)
            veil = QColor(look.window)
            veil.setAlpha(150)
            painter.fillRect(QRect(GUTTER, 0, left - GUTTER, HEIGHT), veil)
            painter.fillRect(QRect(right, 0, self.width() - right, HEIGHT), veil)
            painter.setPen(QColor(look.accent))
            painter.drawRoundedRect(QRect(left, 0, right - left - 1, HEIGHT - 2), 3, 3)
            painter.drawRoundedRect(QRect(left + 1, 1, right - left - 3, HEIGHT - 4), 2, 2)
        painter.fillRect(round(self._x(self._playhead_ms)) - 1, 0, 2, HEIGHT, QColor(look.playhead))

    def _drawn(self, ratio: float) -> QPixmap:
        look = colors()
        pixmap = QPixmap(round(self.width() * ratio), round(HEIGHT * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(look.window))
        painter = QPainter(pixmap)
        if self._peaks is not None:
            width, height = round(self._width() * ratio), round((HEIGHT - MARKS - 4) * ratio)
            whole = np.zeros((height, (width + 3) // 4 * 4), dtype=np.uint8)
            peaks = self._peaks.columns(0, self._shown.duration_ms, width)
            draw_sound(whole[:, :width], Strip(0, height), peaks, self._gain)
            shades = (look.window, look.pause, look.line, look.wave, look.wave_core)
            image = image_of(whole, [QColor(color).rgb() for color in shades])
            image.setDevicePixelRatio(ratio)
            painter.drawImage(GUTTER, 2, image)
        for start_ms, end_ms, shade in self._marks:
            left = self._x(start_ms)
            wide = max(self._x(end_ms) - left, 2.0)
            painter.fillRect(QRect(round(left), HEIGHT - MARKS, round(wide), MARKS - 2), QColor(shade))
        painter.setPen(QColor(look.muted))
        place = QRect(12, 0, GUTTER - 20, HEIGHT)
        text = f"Whole session\n{clock(self._shown.duration_ms)}" if self._peaks is not None else ""
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
        return pixmap

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the part on screen, or bring the place under the pointer on screen."""
        if event.position().x() < GUTTER:
            return
        ms, shown = self._ms(event.position().x()), self._shown
        if shown.length_ms >= shown.duration_ms:
            self.seek_requested.emit(round(ms))
            return
        if not shown.start_ms <= ms <= shown.end_ms:
            shown.show(ms - shown.length_ms / 2, shown.length_ms)
        self._grip_ms = ms - shown.start_ms

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Slide the part on screen."""
        if self._grip_ms is not None:
            self._shown.show(self._ms(event.position().x()) - self._grip_ms, self._shown.length_ms)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._grip_ms = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        self.seek_requested.emit(round(self._ms(event.position().x())))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        self._shown.zoom(0.8 ** (event.angleDelta().y() / 120), self._ms(event.position().x()))
        event.accept()
