"""What one dial stood at, as arrays: found at an instant at once, and drawn with few points a pixel."""

from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from supervise.domain.rating_trace import Held

Floats = npt.NDArray[np.floating]
Ints = npt.NDArray[np.int64]


class Steps:
    """The times one dial stood at a value, piece by piece: a piece was heard in one go, in one pass."""

    def __init__(self, rows: Sequence[Held]) -> None:
        """Take what `held` returned."""
        table = np.fromiter(chain.from_iterable(rows), np.int64, 4 * len(rows)).reshape(len(rows), 4)
        breaks = (table[1:, 0] != table[:-1, 0]) | (table[1:, 1] != table[:-1, 2])
        self._pieces = np.split(table, np.flatnonzero(breaks) + 1) if len(rows) else []

    def at(self, ms: int) -> list[Held]:
        """Return what was held at an instant, pass by pass."""
        found = []
        for piece in self._pieces:
            if piece[0, 1] <= ms < piece[-1, 2]:
                number = int(np.searchsorted(piece[:, 1], ms, side="right")) - 1
                found.append(Held(*(int(value) for value in piece[number])))
        return found

    def lines(self, px_a_ms: float) -> list[tuple[Floats, Floats]]:
        """Return each piece as a line of steps: pixels from the session's begin, and values.

        Where several values fall on half a pixel, the line goes through the first, lowest, highest and last
        of them: it looks the same, and has at most ten points a pixel.
        """
        return [_line(piece[:, 1], piece[:, 2], piece[:, 3], px_a_ms) for piece in self._pieces]


def _line(starts: Ints, ends: Ints, values: Ints, px_a_ms: float) -> tuple[Floats, Floats]:
    cells = np.floor(starts * (px_a_ms * 2)).astype(np.int64)
    firsts = np.flatnonzero(np.diff(cells, prepend=cells[0] - 1))
    if len(firsts) * 2 >= len(values):
        x = np.stack([starts, ends], axis=1).ravel() * px_a_ms
        return x, np.repeat(values, 2).astype(np.float64)
    lasts = np.append(firsts[1:], len(values)) - 1
    low, high = np.minimum.reduceat(values, firsts), np.maximum.reduceat(values, firsts)
    y = np.stack([values[firsts], low, high, values[lasts], values[lasts]], axis=1).ravel()
    x = np.repeat(starts[firsts] * px_a_ms, 5).reshape(-1, 5)
    x[:, 4] = ends[lasts] * px_a_ms
    return x.ravel(), y.astype(np.float64)
