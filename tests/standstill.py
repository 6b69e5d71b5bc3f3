"""A standstill from outside: processes stopped for a while, and marks pressed at known moments."""

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence

from supervise.domain.moments import Moment
from supervise.domain.recordings import Gap

PRESSES = 8


def stand_still(pids: Sequence[int], seconds: float) -> None:
    """Stop processes, the first first, and let them go on in the opposite order."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    threading.Event().wait(seconds)
    for pid in reversed(pids):
        os.kill(pid, signal.SIGCONT)


def press(mark: Callable[[], object]) -> list[float]:
    """Set marks one after the other; return when each was pressed (mark waits until it is set).

    The recorder looks for keys 20 times a second: the presses fall at every place between two looks.
    """
    pressed = []
    for number in range(PRESSES):
        threading.Event().wait(0.05 * number / PRESSES)
        pressed.append(time.monotonic())
        mark()
    return pressed


def unaccounted_ms(
    before: Sequence[float], after: Sequence[float], marks: Sequence[Moment], gaps: Sequence[Gap]
) -> float:
    """Return how much longer than what was recorded and what is told as missing the time between was.

    Of each group the mark counts that was set soonest after its key.
    """
    places = sorted(moment.start_ms for moment in marks)
    assert len(places) == len(before) + len(after), places
    missing = sum(gap.lost_ms for gap in gaps)
    first = min(place - at_s * 1000 for place, at_s in zip(places[: len(before)], before, strict=True))
    last = min(place - at_s * 1000 for place, at_s in zip(places[len(before) :], after, strict=True))
    return first - last - missing
