"""Two time lines, the session above and the recall below: go along either by hand or key."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from supervise.domain.recall import PromptUse, Stop
from supervise.domain.recall_map import RecallMap
from supervise.domain.times import clock, samples_to_ms
from supervise.ui.recall_lines_paint import (
    BADGES_TOP,
    BAND_TOP,
    HEIGHT,
    MARKS_TOP,
    RECALL_TOP,
    Heard,
    LinesScene,
    Mark,
    plot_width,
    render,
)
from supervise.ui.stop_badges import Kept
from supervise.ui.theme import colors, theme_of
from supervise.ui.timespan import ShownSpan
from supervise.ui.wave_paint import GUTTER, RULER, PeaksSource

SESSION, RECALL = "session", "recall"
STEP_MS = 5000
ZOOM_STEP = 0.8


class RecallLines(QWidget):
    """Emits what a hand asked for; has a place on each line and one line the keys go along."""

    session_chosen = Signal(int)
    recall_chosen = Signal(int)
    session_entered = Signal(int)
    recall_entered = Signal(int)

    def __init__(self) -> None:
        """Show nothing until a recall is opened."""
        super().__init__()
        self.scene = LinesScene(ShownSpan(self), ShownSpan(self))
        self.line = RECALL
        self.session_ms = self.recall_ms = 0
        self._picture: QPixmap | None = None
        self._stale = True
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Two time lines: the session above, the recall below")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        for shown in (self.scene.session, self.scene.recall):
            shown.changed.connect(self.redraw)
        theme_of().changed.connect(self.redraw)

    def sizeHint(self) -> QSize:
        """As high as it always is."""
        return QSize(900, HEIGHT)

    # --- what is shown

    def open(
        self, found: RecallMap, session_ms: int, peaks: tuple[PeaksSource | None, PeaksSource | None]
    ) -> None:
        """Show a recall of a session `session_ms` long; `peaks` are those of session and recall."""
        scene = self.scene
        scene.session_peaks, scene.recall_peaks = peaks
        lengths = (session_ms, found.duration_ms)
        scene.gains = (_gain(peaks[0], lengths[0]), _gain(peaks[1], lengths[1]))
        scene.heard = heard_of(found)
        scene.session.open(session_ms)
        scene.recall.open(found.duration_ms)
        self.redraw()

    def set_stops(self, stops: Sequence[Stop], prompts: Sequence[PromptUse]) -> None:
        """Show stops and the prompts that were used."""
        self.scene.stops, self.scene.prompts = tuple(stops), tuple(prompts)
        self.redraw()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Show where marks lie."""
        self.scene.marks = tuple(marks)
        self.redraw()

    def clear(self) -> None:
        """Forget everything; used when the vault locks."""
        scene = self.scene
        scene.session_peaks = scene.recall_peaks = None
        scene.heard, scene.stops, scene.prompts, scene.marks = (), (), (), ()
        scene.kept = Kept()
        self.session_ms = self.recall_ms = 0
        for shown in (scene.session, scene.recall):
            shown.open(1)
        self.setAccessibleDescription("")
        self._picture = None
        self.redraw()

    def set_places(self, session_ms: int, recall_ms: int) -> None:
        """Move both places, repainting only where they were and are."""
        if (session_ms, recall_ms) == (self.session_ms, self.recall_ms):
            return
        old = self._place_xs()
        self.session_ms, self.recall_ms = session_ms, recall_ms
        new = self._place_xs()
        said = f"Session at {clock(session_ms)}, recall at {clock(recall_ms)}. "
        self.setAccessibleDescription(f"{said}Left and Right go along the {self.line}.")
        if old != new:
            for x in (*old, *new):
                self.update(QRect(x - 7, 0, 15, HEIGHT))

    def follow(self) -> None:
        """Turn the page where a place has left the screen."""
        self.scene.session.follow(self.session_ms)
        self.scene.recall.follow(self.recall_ms)

    def zoom(self, factor: float) -> None:
        """Show more or less of both, each about its place."""
        self.scene.session.zoom(factor, self.session_ms)
        self.scene.recall.zoom(factor, self.recall_ms)

    def whole(self) -> None:
        """Show all of both."""
        for shown in (self.scene.session, self.scene.recall):
            shown.show(0, shown.duration_ms)

    def redraw(self) -> None:
        """Let the cached picture be made anew at the next paint."""
        self._stale = True
        self.update()

    # --- places

    def _place_xs(self) -> tuple[int, int]:
        wide = plot_width(self.width())
        scene = self.scene
        xs = scene.session.x_of(self.session_ms, wide), scene.recall.x_of(self.recall_ms, wide)
        return GUTTER + round(xs[0]), GUTTER + round(xs[1])

    def point_of(self, line: str, ms: int) -> QPoint:
        """Return where an instant of a line is drawn."""
        shown = self.scene.session if line == SESSION else self.scene.recall
        x = GUTTER + round(shown.x_of(ms, plot_width(self.width())))
        return QPoint(x, (RULER + BAND_TOP) // 2 if line == SESSION else (RECALL_TOP + MARKS_TOP) // 2)

    def _at(self, point: QPoint) -> tuple[str, int] | None:
        if point.x() < GUTTER:
            return None
        line = SESSION if point.y() < (BAND_TOP + BADGES_TOP) // 2 else RECALL
        shown = self.scene.session if line == SESSION else self.scene.recall
        return line, round(shown.ms_of(point.x() - GUTTER, plot_width(self.width())))

    # --- painting

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew at the new size."""
        self.redraw()
        super().resizeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Copy the cached picture, then the places on it."""
        ratio = self.devicePixelRatioF()
        if self._picture is None or self._stale or self._picture.devicePixelRatio() != ratio:
            self._picture = render(self.scene, self.width(), ratio, colors(), self.font(), self._picture)
            self._stale = False
        painter, look = QPainter(self), colors()
        painter.drawPixmap(0, 0, self._picture)
        session_x, recall_x = self._place_xs()
        spans = ((session_x, RULER - 6, BAND_TOP), (recall_x, RECALL_TOP, MARKS_TOP + 8))
        for x, top, bottom in spans:
            if x >= GUTTER:
                painter.fillRect(QRect(x - 1, top, 2, bottom - top), QColor(look.playhead))
                painter.fillRect(QRect(x - 4, top, 8, 4), QColor(look.playhead))
        if self.hasFocus():
            top, bottom = (RULER, BAND_TOP) if self.line == SESSION else (RECALL_TOP, MARKS_TOP)
            painter.setPen(QColor(look.focus))
            for inset in (0, 1):
                area = QRect(GUTTER, top, self.width() - GUTTER - 1, bottom - top - 1)
                painter.drawRect(area.adjusted(inset, inset, -inset, -inset))
        painter.end()

    # --- hand and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the place under the pointer, on the line it is on."""
        found = self._at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and found is not None:
            self._choose(*found)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Hear the place."""
        found = self._at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and found is not None:
            self._enter()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom both with Ctrl, else move along the line under the pointer."""
        turns = event.angleDelta().y() / 120
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(ZOOM_STEP**turns)
        else:
            found = self._at(event.position().toPoint())
            line = found[0] if found is not None else self.line
            (self.scene.session if line == SESSION else self.scene.recall).pan(-0.15 * turns)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down choose the line, Left and Right go along it, Return hears the place."""
        here = self.session_ms if self.line == SESSION else self.recall_ms
        shown = self.scene.session if self.line == SESSION else self.scene.recall
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                self.line = SESSION if event.key() == Qt.Key.Key_Up else RECALL
                self.update()
            case Qt.Key.Key_Left:
                self._choose(self.line, here - STEP_MS)
            case Qt.Key.Key_Right:
                self._choose(self.line, here + STEP_MS)
            case Qt.Key.Key_Home:
                self._choose(self.line, 0)
            case Qt.Key.Key_End:
                self._choose(self.line, shown.duration_ms)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._enter()
            case _:
                super().keyPressEvent(event)

    def _choose(self, line: str, ms: int) -> None:
        self.line = line
        shown = self.scene.session if line == SESSION else self.scene.recall
        place = min(max(ms, 0), shown.duration_ms)
        (self.session_chosen if line == SESSION else self.recall_chosen).emit(place)
        shown.follow(place)
        self.update()

    def _enter(self) -> None:
        if self.line == SESSION:
            self.session_entered.emit(self.session_ms)
        else:
            self.recall_entered.emit(self.recall_ms)


def heard_of(found: RecallMap) -> tuple[Heard, ...]:
    """Return what was heard in one go, on both clocks, in ms."""
    rows = []
    for run in found.runs():
        recall = [
            samples_to_ms(frame, found.recall_hz) for frame in (run[0].recall_start, run[-1].recall_end)
        ]
        session = [
            samples_to_ms(frame, found.session_hz) for frame in (run[0].session_start, run[-1].session_end)
        ]
        rows.append(Heard(*recall, *session))
    return tuple(rows)


def _gain(peaks: PeaksSource | None, duration_ms: int) -> float:
    if peaks is None:
        return 1.0
    loud = np.abs(peaks.columns(0, max(duration_ms, 1), 2000)[:, :2]).max(axis=1)
    top = float(np.percentile(loud, 99.0)) if loud.size else 0.0
    return min(0.95 / top, 40.0) if top > 0 else 1.0
