"""Where moments lie: a lane for each family in use, overlapping moments beside each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from supervise.domain.codebook import Codebook, Family, Kind
from supervise.domain.errors import UsageError
from supervise.domain.ids import MomentId
from supervise.domain.moments import Moment

POINT_PX = 7
EDGE_PX = 5
MAX_ROWS = 3


@dataclass(slots=True)
class Bar:
    """One moment in one lane; `row` of `rows` keeps moments that overlap apart."""

    moment: Moment
    start_ms: int
    end_ms: int
    row: int = 0
    rows: int = 1
    open_end: bool = False

    @property
    def is_point(self) -> bool:
        """Whether it has no end (yet)."""
        return self.moment.end_ms is None


@dataclass(slots=True)
class Lane:
    """A family and its bars in time order."""

    family: Family
    bars: list[Bar] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies under a pointer; `part` is `start`, `end` or `body`."""

    moment: MomentId
    part: str


UNKNOWN_FAMILY = Family("", "Other codes", "#777777", "outline")


def family_of(codebook: Codebook, code: str) -> Family:
    """Return the family a code belongs to; a code this codebook lacks gets a lane of its own."""
    try:
        return codebook.family(codebook.code(code).family)
    except UsageError:
        return UNKNOWN_FAMILY


def end_is_open(moment: Moment, codebook: Codebook) -> bool:
    """Whether a moment without an end carries a code that expects one."""
    if moment.end_ms is not None:
        return False
    for entry in moment.codes:
        try:
            if codebook.code(entry.code).kind is Kind.SPAN:
                return True
        except UsageError:
            continue
    return False


def lanes_of(moments: Iterable[Moment], codebook: Codebook) -> list[Lane]:
    """Arrange moments in lanes, in the codebook's order of families, leaving out empty ones."""
    lanes = {family.family: Lane(family) for family in (*codebook.families, UNKNOWN_FAMILY)}
    families = {code.code: code.family for code in codebook.codes}
    for moment in sorted(moments, key=lambda m: (m.start_ms, m.moment)):
        end_ms = moment.start_ms if moment.end_ms is None else moment.end_ms
        still_open = end_is_open(moment, codebook)
        for name in dict.fromkeys(families.get(entry.code, "") for entry in moment.codes):
            lanes[name].bars.append(Bar(moment, moment.start_ms, end_ms, open_end=still_open))
    used = [lane for lane in lanes.values() if lane.bars]
    for lane in used:
        _stack(lane.bars)
    return used


def _stack(bars: Sequence[Bar]) -> None:
    """Give each run of overlapping bars as many rows as it needs, at most `MAX_ROWS`."""
    run: list[Bar] = []
    ends: list[int] = []
    for bar in bars:
        if run and bar.start_ms >= max(ends):
            _settle(run, len(ends))
            run, ends = [], []
        free = next((row for row, end in enumerate(ends) if end <= bar.start_ms), len(ends))
        if free == MAX_ROWS:
            free = min(range(MAX_ROWS), key=lambda row: ends[row])
        elif free == len(ends):
            ends.append(0)
        bar.row = free
        ends[free] = max(bar.end_ms, bar.start_ms + 1)
        run.append(bar)
    _settle(run, len(ends))


def _settle(run: Sequence[Bar], rows: int) -> None:
    for bar in run:
        bar.rows = rows


def hit_bar(bars: Sequence[Bar], share: float, x: float, scale: float, origin_ms: float) -> Hit | None:
    """Return what is at `x` px, `share` (0 to 1) down the lane; `scale` is px a ms, `origin_ms` x = 0.

    Later bars lie on top; an edge wins over a body, the nearer edge over the other.
    """
    found: Hit | None = None
    for bar in bars:
        if bar.row != min(int(share * bar.rows), bar.rows - 1):
            continue
        left, right = (bar.start_ms - origin_ms) * scale, (bar.end_ms - origin_ms) * scale
        if bar.is_point:
            if abs(x - left) <= POINT_PX:
                found = Hit(bar.moment.moment, "body")
            continue
        reach = EDGE_PX if right - left > 3 * EDGE_PX else 2
        if abs(x - right) <= reach:
            found = Hit(bar.moment.moment, "end")
        elif abs(x - left) <= reach:
            found = Hit(bar.moment.moment, "start")
        elif left < x < right:
            found = Hit(bar.moment.moment, "body")
    return found
