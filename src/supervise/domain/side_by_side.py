"""Lays what was recalled beside the words it is about: a session's words, cut where the tape was stopped."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from supervise.domain.transcript import TURN_GAP_MS, Pause, Word

Thing = TypeVar("Thing")
Span = tuple[int, int]
_CLOSE_MS = 3000  # two stops no further apart, without a word between them, share a row
_LONG_WORDS = 60  # a turn longer than this goes on in a new piece at the end of a sentence
_MOST_WORDS = 120
_SENTENCE = (".", "?", "!", "…", "。", "？", "！")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one voice with the pauses among them, or one pause, deleted portion or part left aside.

    `kind` is `said`, `pause`, `deleted` or `apart`; `goes_on` says that the same turn began before.
    """

    kind: str
    start_ms: int
    end_ms: int
    speaker: str = ""
    parts: tuple[Word | Pause, ...] = ()
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Beside(Generic[Thing]):
    """A thing of recall number `recall` about a span of the session; `cuts`: the words end where it does."""

    recall: int
    start_ms: int
    end_ms: int
    thing: Thing
    cuts: bool = True


@dataclass(frozen=True, slots=True)
class SideRow(Generic[Thing]):
    """A stretch of the session, its pieces, and for each recall the things beside it."""

    start_ms: int
    end_ms: int
    pieces: tuple[Piece, ...]
    beside: tuple[tuple[Thing, ...], ...]


def side_by_side(
    words: Sequence[Word],
    pauses: Sequence[Pause],
    things: Sequence[Beside[Thing]],
    recalls: int,
    apart: Sequence[Span] = (),
) -> tuple[SideRow[Thing], ...]:
    """Return rows in the session's order: no word lost or repeated, every thing in one of them.

    A thing that cuts stands in the row that ends where it ends and begins where it begins, or where the
    one before it ended. Others stand beside the row they end in. `words` and `pauses` are in time order;
    of what lies in `apart` only the place is told.
    """
    spans = _covered(words, things)
    cuts = sorted({edge for span in spans for edge in span})
    pieces = list(_pieces([word for word in words if not _inside(_middle(word), apart)], pauses, cuts, apart))
    rows = _rows(pieces, spans)
    if not rows and things:
        rows = [(min(thing.start_ms for thing in things), max(thing.end_ms for thing in things), [])]
    return _filled(rows, things, recalls)


def _covered(words: Sequence[Word], things: Sequence[Beside[Thing]]) -> list[Span]:
    """Return the spans that cutting things are about, one for each place they end at, without overlap."""
    middles = [_middle(word) for word in words]
    ends: dict[int, int] = {}
    for thing in sorted((thing for thing in things if thing.cuts), key=lambda thing: thing.end_ms):
        last = max(ends, default=-1)
        close = last >= 0 and thing.end_ms - last <= _CLOSE_MS
        near = close and bisect_left(middles, last) == bisect_left(middles, thing.end_ms)
        start = min(thing.start_ms, ends.pop(last)) if near else thing.start_ms
        ends[thing.end_ms] = min(start, ends.get(thing.end_ms, start))
    spans: list[Span] = []
    for end, start in sorted(ends.items()):
        spans.append((max(start, spans[-1][1] if spans else 0), end))
    return spans


def _middle(entry: Word | Pause) -> int:
    return (entry.start_ms + entry.end_ms) // 2 if isinstance(entry, Word) else entry.start_ms


def _inside(ms: int, spans: Sequence[Span]) -> bool:
    return any(start <= ms < end for start, end in spans)


def _pieces(
    words: Sequence[Word], pauses: Sequence[Pause], cuts: Sequence[int], apart: Sequence[Span]
) -> Iterator[Piece]:
    """Yield the session in pieces, in time order, none of them across a cut."""
    shown = [pause for pause in pauses if pause.deleted or not _touches(pause, apart)]
    entries: list[Word | Pause | Span] = [*words, *shown, *apart]
    run = _Run()
    for entry in sorted(entries, key=_begin):
        if isinstance(entry, Word):
            yield from run.take(entry, bisect_right(cuts, _middle(entry)))
        elif isinstance(entry, Pause) and not entry.deleted:
            run.waiting.append(entry)
        else:
            yield from run.flush()
            start, end = (entry.start_ms, entry.end_ms) if isinstance(entry, Pause) else entry
            yield Piece("deleted" if isinstance(entry, Pause) else "apart", start, end)
    yield from run.flush()


def _touches(pause: Pause, apart: Sequence[Span]) -> bool:
    return any(start < pause.end_ms and pause.start_ms < end for start, end in apart)


def _begin(entry: Word | Pause | Span) -> tuple[int, int]:
    start = entry.start_ms if isinstance(entry, Word | Pause) else entry[0]
    return start, isinstance(entry, Word)


class _Run:
    """Words being gathered; pauses wait until it is known whether the run goes on behind them."""

    def __init__(self) -> None:
        self.parts: list[Word | Pause] = []
        self.waiting: list[Pause] = []
        self._words = self._cut = 0
        self._goes_on = False
        self._last: Word | None = None

    def take(self, word: Word, cut: int) -> Iterator[Piece]:
        last = self._last
        same = last is not None and last.speaker == word.speaker
        near = last is not None and word.start_ms - last.end_ms <= TURN_GAP_MS
        full = self._words >= _MOST_WORDS or (self._words >= _LONG_WORDS and _ends_sentence(last))
        turn_goes_on = bool(self.parts) and same and near
        if not turn_goes_on or cut != self._cut or full:
            yield from self.flush()
            self._goes_on = turn_goes_on
        self.parts += [*self.waiting, word]
        self.waiting.clear()
        self._words, self._cut, self._last = self._words + 1, cut, word

    def flush(self) -> Iterator[Piece]:
        if self.parts:
            words = [part for part in self.parts if isinstance(part, Word)]
            end_ms = max(word.end_ms for word in words)
            start = words[0].start_ms
            yield Piece("said", start, end_ms, words[0].speaker, tuple(self.parts), self._goes_on)
        for pause in self.waiting:
            yield Piece("pause", pause.start_ms, pause.end_ms)
        self.parts, self.waiting = [], []
        self._words, self._goes_on = 0, False


def _ends_sentence(word: Word | None) -> bool:
    return word is not None and word.text.rstrip("\"'”’»)").endswith(_SENTENCE)


def _rows(pieces: Sequence[Piece], spans: Sequence[Span]) -> list[tuple[int, int, list[Piece]]]:
    """Return a row for each covered span, with the pieces in it, and one for every other piece."""
    starts = [start for start, _ in spans]
    inside: list[list[Piece]] = [[] for _ in spans]
    rows: list[tuple[tuple[int, int], tuple[int, int, list[Piece]]]] = []
    for piece in pieces:
        at = _place(piece)
        number = bisect_right(starts, at) - 1
        if number >= 0 and at < spans[number][1]:
            inside[number].append(piece)
        else:
            rows.append(((at, 1), (piece.start_ms, piece.end_ms, [piece])))
    rows += [((start, 0), (start, end, inside[number])) for number, (start, end) in enumerate(spans)]
    return [row for _, row in sorted(rows, key=lambda entry: entry[0])]


def _place(piece: Piece) -> int:
    """Return the instant that says between which cuts a piece lies."""
    first = next((part for part in piece.parts if isinstance(part, Word)), None)
    return piece.start_ms if first is None else _middle(first)


def _filled(
    rows: Sequence[tuple[int, int, list[Piece]]], things: Sequence[Beside[Thing]], recalls: int
) -> tuple[SideRow[Thing], ...]:
    cells: list[list[list[Beside[Thing]]]] = [[[] for _ in range(recalls)] for _ in rows]
    ends = {end: number for number, (_, end, _) in enumerate(rows)}
    for thing in things:
        number = ends.get(thing.end_ms) if thing.cuts else None
        if number is None:
            number = _row_at(rows, thing.end_ms)
        cells[number][thing.recall].append(thing)
    return tuple(
        SideRow(start, end, tuple(pieces), tuple(tuple(entry.thing for entry in cell) for cell in cells[at]))
        for at, (start, end, pieces) in enumerate(rows)
    )


def _row_at(rows: Sequence[tuple[int, int, list[Piece]]], ms: int) -> int:
    """Return the number of the first row that reaches `ms`, else of the last."""
    return next((number for number, row in enumerate(rows) if row[0] <= ms <= row[1]), _nearest(rows, ms))


def _nearest(rows: Sequence[tuple[int, int, list[Piece]]], ms: int) -> int:
    begun = [number for number, row in enumerate(rows) if row[0] <= ms]
    return begun[-1] if begun else 0
