"""The zoomable waveform with a lane for each family: seek, drag a span, drag a moment's edges."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from supervise.domain.codebook import Codebook
from supervise.domain.ids import ProfileId
from supervise.domain.moments import Moment
from supervise.domain.recordings import Gap
from supervise.domain.times import clock
from supervise.domain.transcript import Pause
from supervise.ui.lanes import UNKNOWN_FAMILY, Hit, hit_bar, lanes_of
from supervise.ui.theme import colors, theme_of
from supervise.ui.timespan import ShownSpan
from supervise.ui.wave_drag import Drag
from supervise.ui.wave_gaps import NEAR_PX, gap_words, gaps_words
from supervise.ui.wave_image import PaletteIndex
from supervise.ui.wave_paint import (
    FOOT,
    GUTTER,
    LANE_HEIGHT,
    LANE_LEAST,
    RULER,
    WAVE_GOOD,
    WAVE_LEAST,
    Layout,
    PeaksSource,
    WaveScene,
    gaps_shown,
    render,
)

ZOOM_STEP = 0.8
HINT = "No moments yet. M marks the moment you just heard; drag across the sound marks a stretch of it."


class Waveform(QWidget):
    """Shows part of a session; emits what the hand asked for and changes nothing itself."""

    seek_requested = Signal(int)
    span_drawn = Signal(int, int)
    moment_picked = Signal(str)
    moment_activated = Signal(str)
    moment_dragged = Signal(str, int, int)
    play_requested = Signal()

    def __init__(self, shown: ShownSpan, parent: QWidget | None = None) -> None:
        """Show nothing until a session is opened."""
        super().__init__(parent)
        self.scene = WaveScene(shown, hint=HINT)
        self.me = ProfileId("")
        self._moments: dict[str, Moment] = {}
        self._codebook: Codebook | None = None
        self._picture: QPixmap | None = None
        self._playhead_ms = 0
        self._lanes_words = ""
        self._drag: Drag | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumHeight(RULER + 88)
        self.setAccessibleName("Sound and moments")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        shown.changed.connect(self.redraw)
        theme_of().changed.connect(self._dress)

    def open(self, peaks: PeaksSource, duration_ms: int, gaps: Sequence[Gap]) -> None:
        """Show a session's sound from its start to its end, with where some of the meeting is missing."""
        self.scene.peaks = peaks
        self.scene.pauses, self.scene.gaps = (), gaps
        loud = np.abs(peaks.columns(0, duration_ms, 2000)[:, :2]).max(axis=1)
        top = float(np.percentile(loud, 99.0)) if loud.size else 0.0
        self.scene.gain = min(0.95 / top, 40.0) if top > 0 else 1.0
        self._playhead_ms = 0
        self.scene.shown.open(duration_ms)
        self.redraw()

    def clear(self) -> None:
        """Forget the session; used when the vault locks."""
        self.scene.peaks, self.scene.pauses, self.scene.gaps, self.scene.lanes = None, (), (), []
        self.scene.selected = self._lanes_words = ""
        self._moments = {}
        self.scene.shown.open(1)
        self.redraw()

    def set_pauses(self, pauses: Sequence[Pause]) -> None:
        """Show pauses found by a new transcript."""
        self.scene.pauses = pauses
        self.redraw()

    def set_moments(self, moments: Sequence[Moment], codebook: Codebook) -> None:
        """Show these moments in the lanes of `codebook`."""
        if codebook is not self._codebook:
            self._codebook = codebook
            self._dress()
        self._moments = {moment.moment: moment for moment in moments}
        self.scene.lanes = lanes_of(moments, codebook)
        counts = (f"{lane.family.label}: {len(lane.bars)}" for lane in self.scene.lanes)
        self._lanes_words = f"Lanes: {'; '.join(counts)}" if moments else ""
        self.setMinimumHeight(RULER + WAVE_LEAST + FOOT + LANE_LEAST * max(len(self.scene.lanes), 1))
        self.updateGeometry()
        self.redraw()

    def select(self, moment: str) -> None:
        """Frame one moment; empty frames none."""
        if moment != self.scene.selected:
            self.scene.selected = moment
            self.redraw()

    def set_playhead(self, ms: int) -> None:
        """Move the playhead, repainting only the two thin strips it leaves and enters."""
        old, self._playhead_ms = self._playhead_x(), ms
        new = self._playhead_x()
        place = f"The sound stands at {clock(ms)} of {clock(self.scene.shown.duration_ms)}"
        told = (place, self._lanes_words, gaps_words(self.scene.gaps))
        self.setAccessibleDescription(". ".join(words for words in told if words))
        if old != new:
            self.update(QRect(old - 6, 0, 13, self.height()))
            self.update(QRect(new - 6, 0, 13, self.height()))

    @property
    def dragging(self) -> bool:
        """Whether a hand is drawing or moving something."""
        return self._drag is not None

    def redraw(self) -> None:
        """Throw the cached picture away; it is made anew at the next paint."""
        self._picture = None
        self.update()

    def _dress(self) -> None:
        if self._codebook is not None:
            self.scene.index = PaletteIndex((*self._codebook.families, UNKNOWN_FAMILY), colors())
        self.redraw()

    # --- geometry

    def layout_now(self) -> Layout:
        """Return where things are at the present size."""
        return Layout(self.width(), self.height(), len(self.scene.lanes))

    def sizeHint(self) -> QSize:
        """Room for the sound and every lane in use."""
        return QSize(900, RULER + WAVE_GOOD + FOOT + LANE_HEIGHT * max(len(self.scene.lanes), 1))

    def x_of(self, ms: float) -> float:
        """Return the widget x of a time."""
        return GUTTER + self.scene.shown.x_of(ms, self.layout_now().plot_width)

    def ms_at(self, x: float) -> int:
        """Return the time at a widget x."""
        return round(self.scene.shown.ms_of(x - GUTTER, self.layout_now().plot_width))

    def _playhead_x(self) -> int:
        return round(self.x_of(self._playhead_ms))

    def hit(self, point: QPointF) -> Hit | None:
        """Return the moment under a point."""
        layout = self.layout_now()
        number = layout.lane_at(point.y())
        if number < 0 or point.x() < GUTTER:
            return None
        lane = self.scene.lanes[number]
        share = (point.y() - layout.lane_top(number)) / layout.lane_height
        scale = layout.plot_width / self.scene.shown.length_ms
        return hit_bar(lane.bars, share, point.x() - GUTTER, scale, self.scene.shown.start_ms)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the cached picture, then the span being drawn and the playhead over it."""
        ratio = self.devicePixelRatioF()
        if self._picture is None or self._picture.devicePixelRatio() != ratio:
            self._picture = render(self.scene, self.layout_now(), ratio, colors(), self.font())
        painter = QPainter(self)
        area = event.rect()
        source = QRect(area.topLeft() * ratio, area.size() * ratio)
        painter.drawPixmap(area, self._picture, source)
        painter.setClipRect(QRect(GUTTER, 0, self.width() - GUTTER, self.height()))
        if self._drag is not None and self._drag.is_span:
            self._paint_span(painter, self._drag)
        self._paint_playhead(painter)
        if self.hasFocus():
            painter.setClipping(False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(colors().focus))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))

    def _paint_span(self, painter: QPainter, drag: Drag) -> None:
        left, right = sorted((self.x_of(drag.from_ms), self.x_of(drag.to_ms)))
        shade = QColor(colors().accent)
        shade.setAlpha(60)
        painter.fillRect(QRect(int(left), RULER, int(right - left), self.height()), shade)
        painter.setPen(QColor(colors().accent))
        painter.drawLine(int(left), RULER, int(left), self.height())
        painter.drawLine(int(right), RULER, int(right), self.height())

    def _paint_playhead(self, painter: QPainter) -> None:
        x, look = self._playhead_x(), colors()
        painter.fillRect(x - 1, 0, 2, self.height(), QColor(look.playhead))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.playhead))
        painter.drawPolygon([QPointF(x - 6, 0), QPointF(x + 6, 0), QPointF(x, 9)])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew at the new size."""
        self.redraw()
        super().resizeEvent(event)

    # --- hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a seek, a span, or the move of one of the person's own moments."""
        if event.button() != Qt.MouseButton.LeftButton or event.position().x() < GUTTER:
            return
        ms = self.ms_at(event.position().x())
        found = self.hit(event.position())
        if found is None:
            self._drag = Drag.span(event.position().x(), ms)
            return
        moment = self._moments[found.moment]
        self.moment_picked.emit(found.moment)
        if moment.author == self.me:
            self._drag = Drag.moment(event.position().x(), ms, moment, found.part)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow a drag, or show by the pointer what could be dragged."""
        if self._drag is None:
            found = self.hit(event.position())
            edge = found is not None and found.part != "body"
            shape = Qt.CursorShape.SizeHorCursor if edge else Qt.CursorShape.ArrowCursor
            self.setCursor(Qt.CursorShape.PointingHandCursor if found and not edge else shape)
            return
        self._drag = self._drag.moved(event.position().x(), self.ms_at(event.position().x()))
        if self._drag.moment_now is not None and self._drag.begun:
            self._preview(self._drag.moment_now)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Finish: one signal for one drag."""
        drag, self._drag = self._drag, None
        if drag is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self.update()
        if not drag.begun:
            if drag.moment_now is None:
                self.seek_requested.emit(drag.from_ms)
            return
        moment = drag.moment_now
        if moment is None:
            self.span_drawn.emit(*sorted((drag.from_ms, drag.to_ms)))
        else:
            end_ms = -1 if moment.end_ms is None else moment.end_ms
            self.moment_dragged.emit(moment.moment, moment.start_ms, end_ms)

    def _preview(self, moment: Moment) -> None:
        shown = {**self._moments, moment.moment: replace(moment)}
        if self._codebook is not None:
            self.scene.lanes = lanes_of(shown.values(), self._codebook)
        self.redraw()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Play a moment."""
        found = self.hit(event.position())
        if found is not None:
            self.moment_activated.emit(found.moment)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer; sideways, or with Shift, pan."""
        turn = event.angleDelta()
        sideways = turn.x() or (turn.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0)
        if sideways:
            self.scene.shown.pan(-sideways / 120 * 0.1)
        elif turn.y():
            self.scene.shown.zoom(ZOOM_STEP ** (turn.y() / 120), self.ms_at(event.position().x()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page keys pan, Home and End go to the ends, Return plays, Escape lets a drag go."""
        shown = self.scene.shown
        match event.key():
            case Qt.Key.Key_PageUp:
                shown.pan(-0.8)
            case Qt.Key.Key_PageDown:
                shown.pan(0.8)
            case Qt.Key.Key_Home:
                self.seek_requested.emit(0)
            case Qt.Key.Key_End:
                self.seek_requested.emit(shown.duration_ms)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.play_requested.emit()
            case Qt.Key.Key_Escape if self._drag is not None:
                self._drag = None
                self.set_moments(tuple(self._moments.values()), self._codebook)  # type: ignore[arg-type]
            case _:
                super().keyPressEvent(event)

    def zoom_by(self, factor: float) -> None:
        """Zoom about the playhead when it is on screen, else about the middle."""
        shown = self.scene.shown
        inside = shown.start_ms <= self._playhead_ms <= shown.end_ms
        shown.zoom(factor, self._playhead_ms if inside else shown.start_ms + shown.length_ms / 2)

    def event(self, event: QEvent) -> bool:
        """Say in a tooltip what lies under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.words_at(event.pos()), self)
            return True
        return super().event(event)

    def _gap_at(self, point: QPoint) -> Gap | None:
        layout = self.layout_now()
        if not RULER <= point.y() < layout.lane_top(0):
            return None
        near = [(abs(x - point.x()), gap) for x, gap in gaps_shown(self.scene, layout)]
        away, found = min(near, key=lambda one: one[0], default=(NEAR_PX + 1, None))
        return found if away <= NEAR_PX else None

    def words_at(self, point: QPoint) -> str:
        """Return what lies under a point, in words; empty where nothing does."""
        found = self.hit(QPointF(point))
        layout = self.layout_now()
        if found is not None and self._codebook is not None:
            return described(self._moments[found.moment], self._codebook)
        if point.x() < GUTTER and layout.lane_at(point.y()) >= 0:
            return self.scene.lanes[layout.lane_at(point.y())].family.label
        gap = self._gap_at(point)
        return gap_words(gap) if gap is not None else ""


def described(moment: Moment, codebook: Codebook) -> str:
    """Say in one line what a moment is."""
    known = {code.code: code.label for code in codebook.codes}
    labels = ", ".join(known.get(entry.code, entry.code) for entry in moment.codes)
    times = clock(moment.start_ms) + ("" if moment.end_ms is None else f"–{clock(moment.end_ms)}")
    return f"{labels} · {times}" + (f"\n{moment.note}" if moment.note else "")
