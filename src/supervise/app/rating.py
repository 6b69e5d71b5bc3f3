"""A rating going on: the session plays, and what the dials stand at is kept on its time line."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, cast

from supervise.app import changes, rating_gate, underway
from supervise.app.changes import Change
from supervise.app.listening import refuse_while_recording
from supervise.app.workspace import Workspace
from supervise.audio.inputs import steady_s
from supervise.audio.output import OutputDevice
from supervise.audio.player import Player
from supervise.domain.errors import NoSpaceError, NotCoveredError, UsageError
from supervise.domain.ids import SeriesId, SessionId, new_id
from supervise.domain.rating import RatingSetup, check_setup
from supervise.domain.rating_trace import Point, Run, next_run
from supervise.domain.times import now_utc
from supervise.storage.database import transaction
from supervise.storage.rating import Series

WRITE_S = 1.0
CLOSEST_MS = 20  # points of one dial nearer to each other than this become one
AT_THE_END = "The session is at its end."
_ENDED = "The rating has ended."


@dataclass(frozen=True, slots=True)
class RatingOutcome:
    """What a rating left; `series` is None when nothing was played, and so nothing kept."""

    series: SeriesId | None
    points: int
    played_ms: int


class RatingSession:
    """One rating, for the workspace's thread; call `poll` some 20 times a second.

    It begins paused. The session plays as recorded, at no other speed. What a dial stood at is on disk a
    second later at the latest. When the vault locks or consent is taken back, it ends and stays kept.
    """

    def __init__(
        self,
        workspace: Workspace,
        session: SessionId,
        setup: RatingSetup,
        output: OutputDevice,
        now_s: Callable[[], float] = steady_s,
    ) -> None:
        """Ask the gate and check the set-up; raises NotCoveredError, UsageError."""
        self.setup = check_setup(setup)
        self._session = rating_gate.require_rating(workspace, session, setup)
        self.series = SeriesId(new_id())
        self._workspace, self._now_s = workspace, now_s
        self._player = Player(output)
        self._stream: BinaryIO | None = None
        self._values = [dial.middle for dial in setup.dials]
        self._runs: list[Run] = []  # the last one only: those before are on the disk
        self._first_run = 0
        self._points: list[Point] = []  # those not yet on the disk
        self._count = self._before_ms = 0
        self._playing = self._begun = self._full = False
        self._written_s = self._began_s = 0.0
        self._said: list[str] = []
        self.outcome: RatingOutcome | None = None
        self.why = ""  # `lock` or `consent` when it did not end because somebody ended it
        self._leave: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Make the session ready to play; raises UsageError while anything is recorded, recalled or rated."""
        refuse_while_recording()
        row = Series(
            self.series, self._session.session, self._workspace.profile.profile, self.setup, now_utc()
        )
        self._stream = cast("BinaryIO", self._workspace.store.media.open(self._session.master))
        begun = False
        try:
            self._player.load(self._stream, self._session.sound)
            with transaction(self._workspace.vault.db):
                self._workspace.store.ratings.begin(row)
                self._workspace.vault.log("rate", row.session, f"begins, {self.setup.rater}")
            begun = True
        finally:
            if not begun:
                self._let_go()
        self._began_s = self._written_s = self._now_s()
        self._begun = True
        underway.begin_rating(row.session)
        self._leave = self._workspace.subscribe(self._heed)

    # ------------------------------------------------------------------ what is
    @property
    def running(self) -> bool:
        """Whether it has begun and not ended."""
        return self._begun and self.outcome is None

    @property
    def playing(self) -> bool:
        """Whether sound comes out, so that the dials count."""
        return self._playing

    @property
    def position_ms(self) -> int:
        """The place of the session that is being heard."""
        return self._player.position_ms

    @property
    def duration_ms(self) -> int:
        """How long the session is."""
        return self._session.sound.duration_ms

    @property
    def session(self) -> SessionId:
        """Which session is rated."""
        return self._session.session

    @property
    def length_ms(self) -> int:
        """How long ago the rating began."""
        return self._at_ms()

    def value(self, key: str) -> int:
        """What a dial stands at."""
        return self._values[self.setup.dials.index(self.setup.dial(key))]

    # ------------------------------------------------------------------ orders
    def play(self) -> int:
        """Play on (from the start, at the end); return the place.

        Raises NotCoveredError, DeviceMissingError, NoSpaceError.
        """
        self._require_running()
        if not self._playing:
            rating_gate.require_rating(self._workspace, self._session.session, self.setup)
            self._flush()
            self._player.play()
            self._begin_run()
            self._workspace.vault.log("play", self._session.session, "rating")
        return self.position_ms

    def pause(self) -> int:
        """Stand still; what the dials do meanwhile counts from going on."""
        self._require_running()
        if self._playing:
            self._end_run()
            self._player.pause()
            self._write()
        return self.position_ms

    def seek(self, session_ms: int) -> int:
        """Go to a place, playing or not; going back begins another pass."""
        self._require_running()
        playing = self._playing
        if playing:
            self._end_run()
            self._write()
        self._player.seek(session_ms)
        if playing and not self._full:
            self._begin_run()
        return self.position_ms

    def set_value(self, key: str, value: int) -> int:
        """Turn a dial; return what it stands at, which is as near to `value` as it goes."""
        self._require_running()
        dial = self.setup.dial(key)
        number = self.setup.dials.index(dial)
        value = dial.within(value)
        if value != self._values[number]:
            self._values[number] = value
            if self._playing:
                self._advance()
                self._note(number)
        return value

    def turn(self, key: str, steps: int) -> int:
        """Turn a dial by so many of its steps."""
        dial = self.setup.dial(key)
        return self.set_value(key, self.value(key) + steps * dial.step)

    def to_middle(self, key: str) -> int:
        """Let a dial go back to its middle."""
        return self.set_value(key, self.setup.dial(key).middle)

    def _require_running(self) -> None:
        if not self.running:
            raise UsageError(_ENDED)

    # ------------------------------------------------------------------ the trace
    def _at_ms(self) -> int:
        return round((self._now_s() - self._began_s) * 1000)

    def _begin_run(self) -> None:
        run = next_run(self._runs, self.position_ms, self._at_ms())
        if self._runs:
            self._before_ms += self._runs[0].end_ms - self._runs[0].start_ms
            self._first_run += 1
        self._runs = [run]
        self._playing, self._written_s = True, -WRITE_S  # written at the next look
        for number in range(len(self._values)):
            self._add(Point(self._first_run, number, run.start_ms, self._values[number], run.at_ms))

    def _end_run(self) -> None:
        if self._playing:
            self._advance()
            self._playing = False

    def _advance(self) -> None:
        """Let the present run reach to what is heard now."""
        run = self._runs[0]
        if (here := self.position_ms) > run.end_ms:
            self._runs[0] = run._replace(end_ms=here)

    def _note(self, number: int) -> None:
        point = Point(self._first_run, number, self._runs[0].end_ms, self._values[number], self._at_ms())
        for at in range(len(self._points) - 1, -1, -1):
            last = self._points[at]
            if last.dial == number:
                near = last.run == point.run and point.session_ms - last.session_ms < CLOSEST_MS
                if near:
                    self._points[at] = last._replace(value=point.value)
                    return
                break
        self._add(point)

    def _add(self, point: Point) -> None:
        self._points.append(point)
        self._count += 1

    def _flush(self) -> None:
        """Write what is not yet on the disk; raises NoSpaceError with all of it kept for the next time."""
        self._written_s = self._now_s()
        if self._runs:
            self._workspace.store.ratings.add(self.series, self._first_run, self._runs, self._points)
        self._points, self._full = [], False

    # ------------------------------------------------------------------ while it runs
    def poll(self) -> list[str]:
        """Take in what happened; return sentences to show, each once."""
        if not self.running:
            said, self._said = self._said, []
            return said
        if self._playing:
            self._advance()
        error = self._player.poll()
        if error is not None:
            self._said.append(str(error))
        if self._playing and not self._player.playing:
            self._playing = False
            if error is None:
                self._runs[0] = self._runs[0]._replace(end_ms=self._session.sound.duration_ms)
                self._said.append(AT_THE_END)
            self._write()
        elif self._playing and self._now_s() - self._written_s >= WRITE_S:
            self._write()
        said, self._said = self._said, []
        return said

    def _write(self) -> None:
        """Write, or stand still when the disk is full: what is in memory must not grow."""
        try:
            self._flush()
        except NoSpaceError as error:
            self._full = True
            self._end_run()
            self._player.pause()
            self._said.append(str(error))

    def _heed(self, change: Change) -> None:
        """End before the vault locks, and when consent, or what was rated, is no longer there."""
        if change.topic == changes.LOCKING:
            self.end("lock")
        elif change.topic == changes.CONSENT and self._session.session in change.ids and not self._covered():
            self.end("consent")

    def _covered(self) -> bool:
        try:
            self._workspace.store.ratings.get(self.series)
            row = rating_gate.require_rating(self._workspace, self._session.session, self.setup)
        except (NotCoveredError, UsageError):
            return False
        return row.master == self._session.master

    # ------------------------------------------------------------------ the end
    def end(self, why: str = "") -> RatingOutcome:
        """End it and keep it; a second time does nothing. Raises NoSpaceError, with it going on, paused."""
        if self.outcome is not None:
            return self.outcome
        self._require_running()
        self._end_run()
        self._player.pause()
        played_ms = self._before_ms + sum(run.end_ms - run.start_ms for run in self._runs)
        try:
            kept = self._keep(why)
        except NoSpaceError:
            if not why:
                raise
            kept = bool(self._runs)  # all but the last second is on the disk, and closed at the next opening
        outcome, self.why = RatingOutcome(self.series if kept else None, self._count, played_ms), why
        self._close(outcome)
        self._workspace.subscribers.tell(Change(changes.RATING, (self.series, self._session.session)))
        return outcome

    def _keep(self, why: str) -> bool:
        """Write the rest; False when nothing was heard, or it was destroyed meanwhile."""
        store = self._workspace.store.ratings
        if not any(row.series == self.series for row in store.of_session(self._session.session)):
            return False
        if not self._runs:
            store.delete(self.series)
            return False
        self._flush()
        store.end(self.series, {"ended": why} if why else {})
        self._workspace.vault.log("rate", self._session.session, f"{self._count} points")
        return True

    def abandon(self) -> None:
        """End it without more ado, as when it cannot be written: the next opening closes what is there."""
        if self.running:
            self._close(RatingOutcome(self.series, self._count, 0))

    def _close(self, outcome: RatingOutcome) -> None:
        self.outcome = outcome
        self._let_go()
        self._leave()
        underway.end_rating(self._session.session)

    def _let_go(self) -> None:
        self._player.close()
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()
