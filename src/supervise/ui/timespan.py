"""Which part of a session is on screen, shared by waveform, lanes and ruler."""

from PySide6.QtCore import QObject, Signal

SHORTEST_MS = 500


class ShownSpan(QObject):
    """The span [`start_ms`, `end_ms`) on screen; always inside the session and never empty."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Start with an empty session."""
        super().__init__(parent)
        self.duration_ms = 1
        self.start_ms = 0.0
        self.end_ms = 1.0

    @property
    def length_ms(self) -> float:
        """How much is on screen."""
        return self.end_ms - self.start_ms

    def open(self, duration_ms: int) -> None:
        """Show the whole of a session `duration_ms` long."""
        self.duration_ms = max(duration_ms, 1)
        self.start_ms, self.end_ms = 0.0, float(self.duration_ms)
        self.changed.emit()

    def show(self, start_ms: float, length_ms: float) -> None:
        """Show `length_ms` from `start_ms`, moved and shortened to fit the session."""
        length = min(max(length_ms, min(SHORTEST_MS, self.duration_ms)), self.duration_ms)
        start = min(max(start_ms, 0.0), self.duration_ms - length)
        if (start, start + length) != (self.start_ms, self.end_ms):
            self.start_ms, self.end_ms = start, start + length
            self.changed.emit()

    def zoom(self, factor: float, about_ms: float) -> None:
        """Show `factor` times as much, keeping `about_ms` where it is on screen."""
        length = min(max(self.length_ms * factor, SHORTEST_MS), self.duration_ms)
        share = (about_ms - self.start_ms) / self.length_ms
        self.show(about_ms - share * length, length)

    def pan(self, share: float) -> None:
        """Move by `share` of what is on screen; negative is back."""
        self.show(self.start_ms + share * self.length_ms, self.length_ms)

    def follow(self, ms: float, margin: float = 0.08) -> None:
        """Turn the page when `ms` has left the screen or is about to."""
        if not self.start_ms <= ms <= self.end_ms - margin * self.length_ms:
            self.show(ms - margin * self.length_ms, self.length_ms)

    def reveal(self, start_ms: float, end_ms: float) -> None:
        """Bring a span into view, keeping the zoom when it fits."""
        if start_ms >= self.start_ms and end_ms <= self.end_ms:
            return
        length = max(self.length_ms, (end_ms - start_ms) * 1.4)
        self.show((start_ms + end_ms - length) / 2, length)

    def x_of(self, ms: float, width: float) -> float:
        """Return the horizontal place of `ms` on a strip `width` wide."""
        return (ms - self.start_ms) / self.length_ms * width

    def ms_of(self, x: float, width: float) -> float:
        """Return the time at `x` on a strip `width` wide, inside the session."""
        ms = self.start_ms + x / max(width, 1.0) * self.length_ms
        return min(max(ms, 0.0), float(self.duration_ms))
