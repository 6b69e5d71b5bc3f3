"""The tape of a recall: a session is played while what is said about it is recorded, both clocks known."""

from collections.abc import Callable
from typing import BinaryIO, NamedTuple

from supervise.audio.inputs import InputDevice, steady_s
from supervise.audio.output import OutputDevice
from supervise.audio.played import PlayLog
from supervise.audio.player import Player
from supervise.audio.recorder import Recorder
from supervise.audio.sealing import Recorded, Target
from supervise.domain.errors import SuperviseError
from supervise.domain.recall_map import Stretch
from supervise.domain.session import SoundFacts
from supervise.domain.times import ms_to_samples, samples_to_ms


class Instant(NamedTuple):
    """One instant on both clocks."""

    recall_ms: int
    session_ms: int


class Tape:
    """Plays one session to `output` and hears `device`; all methods are for one thread.

    Call `poll` some 20 times a second.
    """

    def __init__(
        self,
        device: InputDevice,
        output: OutputDevice,
        channels: int = 1,
        rate_hz: int | None = None,
        now_s: Callable[[], float] = steady_s,
    ) -> None:
        """Open the microphone; raises DeviceMissingError."""
        self._now_s = now_s
        self.recorder = Recorder(device, channels, rate_hz)
        self._played = PlayLog()
        self._player = Player(output, self._played, now_s)
        self._sound: SoundFacts | None = None
        self._wanted_ms = 0  # where the tape stands, or was sent to last
        self._runs_before = 0
        self._playing = False

    # ------------------------------------------------------------------ beginning and ending
    def start(self, target: Target, chunk_bytes: int, room: Callable[[], int]) -> None:
        """Begin to record to `target`; raises DeviceMissingError, NoSpaceError."""
        self.recorder.start(target, chunk_bytes, room)

    def load(self, stream: BinaryIO, sound: SoundFacts) -> None:
        """Take a session's sound and let the loudspeaker run, silent; raises DeviceMissingError."""
        speed = self._player.speed
        self._player.load(stream, sound)
        self._sound = sound
        self._player.set_speed(speed)
        self._player.ready()

    def unload(self) -> None:
        """Give the sound and the loudspeaker back; recording goes on."""
        self._playing = False
        self._player.close()

    def stop(self) -> Recorded:
        """End it all: everything heard is on the disk when this returns."""
        self.unload()
        self._played.settle()
        return self.recorder.stop()

    # ------------------------------------------------------------------ what is
    @property
    def playing(self) -> bool:
        """Whether the session is meant to be heard."""
        return self._playing

    @property
    def speed(self) -> float:
        """The speed, 1 as recorded."""
        return self._player.speed

    @property
    def runs(self) -> int:
        """How often something was played without a break, up to now."""
        self._played.settle()
        return self._played.begun

    @property
    def underflows(self) -> int:
        """How often the loudspeaker fell silent for a moment since the machine was too busy."""
        return self._player.underflows

    @property
    def hears(self) -> bool:
        """Whether sound has come from the microphone, so that the recall's clock runs."""
        return self.recorder.line.known

    def recall_ms(self, at_s: float | None = None) -> int:
        """Return where on the recall an instant of the steady clock is (default: now)."""
        heard = self.recorder.heard()
        line = self.recorder.line
        if not line.known or heard.absent_s:
            return heard.duration_ms
        frame = line.frame_at(self._now_s() if at_s is None else at_s)
        return samples_to_ms(max(0, round(frame)), self.recorder.rate_hz)

    def now(self) -> Instant:
        """Return the instant that is being heard, or where the tape stands."""
        self._played.settle()
        if self._playing and self._played.begun > self._runs_before:
            sample = self._played.sample_at(self._now_s(), self._runs_before)
            if sample is not None:
                return Instant(self.recall_ms(), self._session_ms(sample))
        return Instant(self.recall_ms(), self._rest_ms())

    def _rest_ms(self) -> int:
        """Return where the tape stands: where it was sent to, or what was heard last, as is known by now."""
        last = None if self._playing else self._played.last(self._runs_before)
        if last is not None:
            self._wanted_ms = self._session_ms(last.behind)
        return self._wanted_ms

    def stretches(self, most: int | None = None) -> tuple[Stretch, ...]:
        """Return what was played when; `most` frames is the recording's length once it is known."""
        self._played.settle()
        if self._sound is None:
            return ()
        found = self._played.stretches(self.recorder.line, self._sound.rate_hz, most)
        coming = self._coming(found[-1].recall_end if found else 0) if most is None else None
        return found if coming is None else (*found, coming)

    def _coming(self, reached: int) -> Stretch | None:
        """Return one frame of what was asked for and is not heard yet: a kill must not forget it."""
        heard_s, line = self._played.next_s(), self.recorder.line
        asked = self._playing and self._played.begun <= self._runs_before
        if not asked or not line.known or self._sound is None:
            return None
        begin = max(reached, round(line.frame_at(max(heard_s or 0.0, self._now_s()))))
        sample = ms_to_samples(self._wanted_ms, self._sound.rate_hz)
        return Stretch(begin, begin + 1, sample, sample + 1, self.speed, self._played.begun)

    def _session_ms(self, sample: float) -> int:
        assert self._sound is not None
        return samples_to_ms(round(sample), self._sound.rate_hz)

    # ------------------------------------------------------------------ orders
    def play(self, from_ms: int, to_ms: int | None = None) -> None:
        """Play from a place, up to `to_ms` if given; raises DeviceMissingError."""
        self._player.set_end(to_ms)
        self._go(from_ms)
        self._player.play()
        self._playing = True

    def seek(self, session_ms: int, to_ms: int | None = None) -> None:
        """Go to a place, playing or not."""
        self._player.set_end(to_ms)
        self._go(session_ms)

    def _go(self, session_ms: int) -> None:
        self._played.settle()
        self._runs_before = self._played.begun
        self._wanted_ms = session_ms
        self._player.seek(session_ms)

    def set_speed(self, speed: float) -> None:
        """Play at 0.5 to 2 times the speed; raises UsageError."""
        self._player.set_speed(speed)

    def pause(self) -> Instant:
        """Stop the tape; return when it falls silent and at which instant of the session it stands then."""
        asked_s = self._now_s()  # a device may take its time to fall silent, and to run on
        self._player.pause()
        return self._come_to_rest(asked_s)

    def _come_to_rest(self, asked_s: float) -> Instant:
        self._playing = False
        self._played.settle()
        silent_s = self._played.silent_from()
        at_s = asked_s if silent_s is None else max(asked_s, silent_s)
        return Instant(self.recall_ms(at_s), self._rest_ms())

    def poll(self) -> tuple[Instant | None, SuperviseError | None]:
        """Notice the end, a lost loudspeaker, damaged sound: where the tape came to rest, and what to say."""
        error = self._player.poll()
        if self._playing and not self._player.playing:
            self._playing = False
            self._played.settle()
            silent_s = self._played.silent_from()
            rest = self._come_to_rest(self._now_s())
            if error is None and silent_s is not None:
                rest = Instant(self.recall_ms(silent_s), rest.session_ms)
            return rest, error
        self._played.settle()
        return None, error
