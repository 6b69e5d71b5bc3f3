"""A rating going on in a real vault, at a loudspeaker moved by hand; session and clock go at its pace."""

from collections.abc import Iterator

import pytest

from recall_rooms import add_sounding_session
from supervise.app.rating import RatingSession
from supervise.app.workspace import Workspace
from supervise.audio.fake_output import FakeOutput
from supervise.domain.ids import SessionId
from supervise.domain.rating import ACTIVATION, AFFECT, Rater, RatingSetup
from supervise.domain.rating_trace import Trace
from two_clocks import RATE, numbered_session

THERAPIST = RatingSetup(Rater.THERAPIST, (AFFECT, ACTIVATION))


class RatingRoom:
    """A rating in a vault; `listen` lets time pass."""

    def __init__(
        self,
        desk: Workspace,
        setup: RatingSetup = THERAPIST,
        session: SessionId | None = None,
        seconds: float = 60,
        latency: int = 0,
    ) -> None:
        self.desk, self.looks = desk, 0
        self.output = FakeOutput(own_rate_hz=RATE, latency_frames=latency)
        self.session = session or add_sounding_session(desk, numbered_session(seconds))
        self.rating = RatingSession(desk, self.session, setup, self.output, lambda: self.looks / 10)
        self.told: list[str] = []

    def begin(self) -> None:
        """Start it and play."""
        self.rating.start()
        self.rating.play()

    def listen(self, seconds: float) -> None:
        """Let the loudspeaker go on for so long, looking ten times a second."""
        for _ in range(round(seconds * 10)):
            self.output.pull(RATE // 10)
            self.looks += 1
            self.told += self.rating.poll()

    def trace(self) -> Trace:
        """What is on the disk."""
        return self.desk.store.ratings.trace(self.rating.series)


@pytest.fixture
def rating_room(workspace: Workspace) -> Iterator[RatingRoom]:
    """A therapist's rating that has begun."""
    room = RatingRoom(workspace)
    room.begin()
    yield room
    room.rating.abandon()
