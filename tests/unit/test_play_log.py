"""What a device was handed, laid on the clock: it tells too early times at first; a stop drops some."""

import pytest

from supervise.audio.clock_line import ClockLine
from supervise.audio.played import PlayLog
from supervise.audio.takes import Ring, Span, Take
from supervise.domain.recall_map import Stretch

RATE = 48000
BLOCK = 2400
EARLY_S = 0.02


@pytest.fixture
def log() -> PlayLog:
    made = PlayLog()
    made.device_opened(RATE)
    return made


@pytest.fixture
def heard() -> ClockLine:
    """A recording that began with the clock."""
    line = ClockLine(RATE)
    for number in range(200):
        line.hear(number * BLOCK, BLOCK, number * BLOCK / RATE)
    return line


def take(start: int = 0) -> Take:
    made = Take(start, 1.0, RATE, None, Ring(1), 0)
    made.spans.append(Span(0, float(start), 1.0, RATE * 60))
    return made


def hand(log: PlayLog, plays: Take, first: int, blocks: int, began_s: float, filling: int) -> None:
    """Hand over blocks from the device's frame `first` on, heard from `began_s` on; the first fill it up."""
    for number in range(blocks):
        at = number * BLOCK
        settled = number >= filling
        heard_s = began_s + at / RATE - (0.0 if settled else EARLY_S)
        log.filled(first + at, BLOCK, heard_s, settled=settled)
        log.handed(first + at, plays, at, BLOCK)


def played(log: PlayLog, heard: ClockLine) -> tuple[Stretch, ...]:
    log.settle()
    return log.stretches(heard, RATE)


def test_times_told_while_a_device_fills_up_hold_only_until_there_are_better_ones(
    log: PlayLog, heard: ClockLine
) -> None:
    hand(log, take(), 0, 6, 1.0, filling=6)
    assert played(log, heard)[0].recall_start == round((1.0 - EARLY_S) * RATE)
    hand(log, take(RATE), 6 * BLOCK, 3, 1.3, filling=0)
    assert [row.recall_start for row in played(log, heard)] == [RATE, round(1.3 * RATE)]


def test_a_stop_ends_what_was_heard_half_way_to_what_comes_next(log: PlayLog, heard: ClockLine) -> None:
    hand(log, take(), 0, 20, 1.0, filling=6)
    log.dropped(1.5)
    (row,) = played(log, heard)
    assert (row.recall_end, row.session_end) == (round(1.5 * RATE), RATE // 2)
    log.filled(20 * BLOCK, BLOCK, 1.5, settled=False)
    assert played(log, heard) == (row,)
    log.filled(21 * BLOCK, BLOCK, 1.59)
    (row,) = played(log, heard)
    assert (row.recall_end, row.session_end) == (round(1.52 * RATE), round(0.52 * RATE))


def test_what_comes_long_after_a_stop_says_nothing_about_it(log: PlayLog, heard: ClockLine) -> None:
    hand(log, take(), 0, 20, 1.0, filling=6)
    log.dropped(1.5)
    log.filled(20 * BLOCK, BLOCK, 3.0)
    (row,) = played(log, heard)
    assert row.recall_end <= round(1.55 * RATE)


def test_a_stop_before_anything_is_heard_leaves_a_run_of_no_length(log: PlayLog, heard: ClockLine) -> None:
    hand(log, take(RATE), 0, 6, 1.0, filling=6)
    log.dropped(0.9)
    assert played(log, heard) == ()
    assert (log.begun, log.runs[-1].behind) == (1, RATE)
