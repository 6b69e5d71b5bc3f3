"""Trying the devices of a recall: a few notes are played while the microphone hears, in memory only."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from supervise.app.recall_leakage import ADVISE_DB
from supervise.app.sound_check import InMemory
from supervise.audio.echo import measure
from supervise.audio.inputs import InputDevice, steady_s
from supervise.audio.levels import FLOOR_DB, Level
from supervise.audio.output import OutputDevice
from supervise.audio.tape import Tape
from supervise.audio.trial import trial_sound
from supervise.domain.errors import DeviceMissingError
from supervise.domain.recall_map import RecallMap
from supervise.domain.session import SoundFacts
from supervise.domain.times import samples_to_ms

BEFORE_MS, AFTER_MS = 400, 600  # of the room alone, to tell the notes from
GIVE_UP_S = 12.0
_ENOUGH = 1 << 40
GONE = "The microphone is gone. Plug it in again, and check once more."
NOTHING_HEARD = "Nothing comes from the microphone. Is it the right one?"
NOTHING_PLAYED = "No sound came out in time. Choose another loudspeaker, or check once more."


class _Step(Enum):
    ROOM, NOTES, REST = range(3)


@dataclass(frozen=True, slots=True)
class TriedSound:
    """What a check found: how loud the notes are in the microphone against what was played, and the peak.

    `leaked_db` is None when they are not heard there.
    """

    leaked_db: float | None
    peak_db: float

    @property
    def leaks(self) -> bool:
        """Whether headphones are advised."""
        return self.leaked_db is not None and self.leaked_db > ADVISE_DB


class RecallSoundCheck:
    """Works as a recall does, with the same tape; call `poll` some 20 times a second, and `close` at last."""

    def __init__(
        self, device: InputDevice, output: OutputDevice, now_s: Callable[[], float] = steady_s
    ) -> None:
        """Begin; raises DeviceMissingError, with nothing left open."""
        self._now_s, self._begun_s = now_s, now_s()
        self._tape: Tape | None = Tape(device, output, now_s=now_s)
        self._memory = InMemory()
        self._stream, self._sound = trial_sound()
        self._step, self._until_ms, self._peak_db = _Step.ROOM, BEFORE_MS, FLOOR_DB
        begun = False
        try:
            self._tape.load(self._stream, self._sound)
            self._tape.start(self._memory, 1, lambda: _ENOUGH)
            begun = True
        finally:
            if not begun:
                self._tape.unload()
                self._tape.recorder.give_up()
                self._tape = None

    @property
    def playing(self) -> bool:
        """Whether the notes are meant to be heard now."""
        return self._tape is not None and self._tape.playing

    def levels(self) -> tuple[Level, ...]:
        """Return the microphone's level since the last look; empty once it is over."""
        found = self._tape.recorder.levels() if self._tape is not None else ()
        self._peak_db = max([self._peak_db, *(level.peak_db for level in found)])
        return found

    def poll(self) -> TriedSound | None:
        """Go on; return what was found when it is over. Raises DeviceMissingError, with all given back."""
        tape = self._tape
        if tape is None:
            return None
        try:
            return self._look(tape)
        except DeviceMissingError:
            self.close()
            raise

    def _look(self, tape: Tape) -> TriedSound | None:
        heard = tape.recorder.heard()
        if heard.absent_s:
            raise DeviceMissingError(GONE)
        if self._now_s() - self._begun_s > GIVE_UP_S:
            raise DeviceMissingError(NOTHING_PLAYED if tape.hears else NOTHING_HEARD)
        rest, error = tape.poll()
        if error is not None:
            raise DeviceMissingError(str(error))
        if rest is not None:
            self._step, self._until_ms = _Step.REST, rest.recall_ms + AFTER_MS
        if heard.duration_ms < self._until_ms or self._step is _Step.NOTES or not tape.hears:
            return None
        if self._step is _Step.ROOM:
            self._step = _Step.NOTES
            tape.play(0)
            return None
        return self._judged(tape)

    def _judged(self, tape: Tape) -> TriedSound:
        done = tape.stop()
        self._tape = None
        found = RecallMap(
            tape.stretches(done.samples), tape.recorder.rate_hz, self._sound.rate_hz, done.samples, 0
        )
        length_ms = samples_to_ms(done.samples, tape.recorder.rate_hz)
        sound = SoundFacts(done.samples, tape.recorder.rate_hz, 1, length_ms, done.sha256, 16)
        leakage = measure(self._memory.stream(), sound, self._stream, self._sound, found)
        return TriedSound(None if leakage.db is None else float(leakage.db), self._peak_db)

    def close(self) -> None:
        """Give both devices back, however far it is; what was heard is gone."""
        tape, self._tape = self._tape, None
        if tape is not None:
            tape.stop()
