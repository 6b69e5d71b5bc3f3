"""A drag in progress on the waveform: a new span, or a moment whose edge or body is moved."""

from dataclasses import dataclass, replace

from supervise.domain.moments import Moment

BEGIN_PX = 4
SHORTEST_MS = 50


@dataclass(frozen=True, slots=True)
class Drag:
    """Where a press began and where it is now; `begun` once the hand has clearly moved."""

    from_x: float
    from_ms: int
    to_ms: int
    origin: Moment | None = None
    part: str = ""
    begun: bool = False

    @staticmethod
    def span(x: float, ms: int) -> "Drag":
        """Begin on empty ground."""
        return Drag(x, ms, ms)

    @staticmethod
    def moment(x: float, ms: int, moment: Moment, part: str) -> "Drag":
        """Begin on a moment's `start`, `end` or `body`."""
        return Drag(x, ms, ms, moment, part)

    def moved(self, x: float, ms: int) -> "Drag":
        """Return the drag with the hand at `x`, over time `ms`."""
        return replace(self, to_ms=ms, begun=self.begun or abs(x - self.from_x) >= BEGIN_PX)

    @property
    def is_span(self) -> bool:
        """Whether it draws a new span."""
        return self.origin is None and self.begun

    @property
    def moment_now(self) -> Moment | None:
        """Return the moment as it would be if the hand let go now."""
        moment = self.origin
        if moment is None:
            return None
        by = self.to_ms - self.from_ms
        if self.part == "start" and moment.end_ms is not None:
            start = min(max(moment.start_ms + by, 0), moment.end_ms - SHORTEST_MS)
            return replace(moment, start_ms=start)
        if self.part == "end" and moment.end_ms is not None:
            return replace(moment, end_ms=max(moment.end_ms + by, moment.start_ms + SHORTEST_MS))
        by = max(by, -moment.start_ms)
        end = None if moment.end_ms is None else moment.end_ms + by
        return replace(moment, start_ms=moment.start_ms + by, end_ms=end)
