"""The nudge in a real recall: once a stop, only when asked for, only while a person's stop lasts."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from recall_rooms import THERAPIST, RecallRoom
from supervise.app.nudge import Nudge
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from supervise.domain.recall import MOST_NUDGE_S, Segments, Setup, StoppedBy, check_setup, setup_from_plain
from two_clocks import RATE, until

AFTER_S = 12


class QuietRoom(RecallRoom):
    """A recall whose microphone can hear a room without a voice."""

    def __init__(self, desk: Workspace, setup: Setup) -> None:
        super().__init__(desk, setup)
        self.random = np.random.default_rng(7)
        self.nudge = Nudge(self.recall, lambda: self.start_s + self.spoken / RATE)
        self.nudged: list[str] = []

    def hush(self, seconds: float) -> None:
        """Let nobody speak, and look twice a second."""
        for _ in range(round(seconds * 2)):
            part = self.random.integers(-30, 31, (RATE // 2, 1)).astype(np.int16)
            self.mic.speak(part, self.start_s + self.spoken / self.rate_in)
            self.spoken += len(part)
            until(lambda: self.samples() >= self.spoken)
            self.look()

    def talk(self, seconds: float) -> None:
        """Let somebody speak."""
        for _ in range(round(seconds * 10)):
            self.speak(0.1)
            self.look()

    def look(self) -> None:
        """Look once."""
        if words := self.nudge.look(self.recall.levels()):
            self.nudged.append(words)


@pytest.fixture
def room(workspace: Workspace, request: pytest.FixtureRequest) -> Iterator[QuietRoom]:
    setup = replace(THERAPIST, nudge_s=getattr(request, "param", AFTER_S))
    made = QuietRoom(workspace, setup)
    made.begin()
    yield made
    if made.recall.running:
        made.recall.abandon()


def test_it_comes_once_a_stop_after_so_long_a_silence(room: QuietRoom) -> None:
    room.listen(1)
    room.recall.stop()
    room.talk(2)
    room.hush(AFTER_S - 1)
    assert room.nudged == []
    room.hush(2)
    assert room.nudged == [f"Quiet for {AFTER_S} s. There is time: wait, ask with a card, or go on."]
    room.talk(1)
    room.hush(AFTER_S * 2)
    assert len(room.nudged) == 1
    room.recall.resume()
    room.listen(1)
    room.recall.stop(StoppedBy.INQUIRER)
    room.hush(AFTER_S + 1)
    assert len(room.nudged) == 2


def test_whoever_speaks_is_not_interrupted(room: QuietRoom) -> None:
    room.listen(1)
    room.recall.stop()
    for _ in range(4):
        room.hush(AFTER_S / 2)
        room.talk(1)
    assert room.nudged == []


@pytest.mark.parametrize("room", [0], indirect=True)
def test_nobody_is_nudged_who_did_not_ask(room: QuietRoom) -> None:
    room.recall.stop()
    room.hush(AFTER_S * 2)
    assert room.nudged == []


def test_silence_while_the_tape_runs_is_no_matter(room: QuietRoom) -> None:
    room.hush(AFTER_S * 2)
    room.recall.stop()
    room.hush(AFTER_S - 2)
    assert room.nudged == []
    room.hush(3)
    assert len(room.nudged) == 1


def test_a_tape_that_ended_by_itself_waits_for_nobody(workspace: Workspace) -> None:
    room = QuietRoom(workspace, replace(THERAPIST, nudge_s=AFTER_S, segments=Segments(((0, 1000),))))
    room.begin()
    room.listen(2)
    assert [stop.stopped_by for stop in room.recall.stops] == [StoppedBy.TAPE]
    room.hush(AFTER_S * 2)
    assert room.nudged == []
    room.recall.end()
    assert room.nudge.look(()) == ""


def test_a_microphone_that_is_gone_is_no_silence(room: QuietRoom) -> None:
    room.listen(1)
    room.recall.stop()
    room.hush(AFTER_S - 2)
    room.mic.unplug()
    until(lambda: room.recall.heard().absent_s > 0)
    for _ in range(20):
        room.spoken += RATE
        room.look()
    assert room.nudged == []


def test_the_set_up_keeps_it_and_older_ones_have_none(workspace: Workspace) -> None:
    setup = replace(THERAPIST, nudge_s=30)
    assert setup_from_plain(setup.plain()) == setup
    plain = setup.plain()
    del plain["nudge_s"]
    assert setup_from_plain(plain).nudge_s == 0
    for wrong in (-1, 4, MOST_NUDGE_S + 1):
        with pytest.raises(UsageError, match="Nudge after 5 to 600 seconds"):
            check_setup(replace(THERAPIST, nudge_s=wrong), 60_000)
