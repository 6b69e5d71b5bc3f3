"""Recording from an input device that may go and come back: one thread keeps the device, one seals."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from supervise.audio.clock_line import ClockLine
from supervise.audio.inputs import InputDevice, InputStream, Samples, steady_s
from supervise.audio.levels import Level
from supervise.audio.ring import Ring
from supervise.audio.sealing import Recorded, SealedSound, Target, room_sentence
from supervise.domain.errors import DeviceMissingError, NoSpaceError, SuperviseError
from supervise.domain.recordings import Gap, GapReason
from supervise.domain.times import samples_to_ms

RING_S = (
    120  # a device that stood still for a minute may hand the minute over at once; 23 MB at 48 kHz stereo
)
STILL_S = 3.0
_LOOK_S = 0.05
_SEAL_S = 0.02
_DEAD_LOOKS = 40  # two seconds without a block, counted in looks so that sleeping does not count
_RETRY_LOOKS = 5
_MORE_LOOKS = 2
_PATIENCE_S = 5.0
_AHEAD_S = 2.0
DEVICE_GONE = (
    "The microphone is gone. Everything up to here is safe, and recording goes on when it is back. "
    "Plug it in again."
)
WRITE_FAILED = "The disk refused what was recorded. Everything written before is safe; recording has stopped."
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording at this moment.

    `absent_s` is how long the device has been gone (0 while it is there), `full` whether the limit is
    reached, `error` why writing ended, `synced_samples` what a power cut would leave, `still_s` how long
    computer or program have stood still, each time they did.
    """

    samples: int
    synced_samples: int
    duration_ms: int
    paused: bool
    absent_s: float
    full: bool
    gaps: tuple[Gap, ...]
    overflows: int
    dropped_frames: int
    error: SuperviseError | None
    still_s: tuple[float, ...] = ()


class Recorder:
    """Hears `device` from `start` to `stop`. Methods are for one thread; only `stop` waits."""

    def __init__(self, device: InputDevice, channels: int, rate_hz: int | None) -> None:
        """Open the device, to learn what it can do; raises DeviceMissingError."""
        self._device = device
        self._stream: InputStream | None = self._opened(rate_hz, channels)
        self.rate_hz = self._stream.rate_hz
        self.channels = channels
        self._ring = Ring(RING_S * self.rate_hz, channels, self.rate_hz)
        self._sound: SealedSound | None = None
        self._over, self._drained = threading.Event(), threading.Event()
        self._absent_looks = 0
        self._still_s: tuple[float, ...] = ()
        self._error: SuperviseError | None = None
        self._broken = False
        self._recorded: Recorded | None = None
        self._keeper = threading.Thread(target=self._keep_device, name="input device", daemon=True)
        self._sealer = threading.Thread(target=self._seal, name="sealing", daemon=True)

    def _opened(self, rate_hz: int | None, channels: int) -> InputStream:
        """Open the device; a busy sound system may not show it at the first look."""
        for _ in range(_MORE_LOOKS):
            try:
                return self._device.open(rate_hz, channels, self)
            except DeviceMissingError:
                self._device.look_again()
        return self._device.open(rate_hz, channels, self)

    def take(self, block: Samples, captured_s: float, *, overflowed: bool) -> None:
        """Put what the device hears into the ring; called from the device's thread."""
        self._ring.take(block, captured_s, overflowed=overflowed)

    def start(
        self, target: Target, chunk_bytes: int, room: Callable[[], int], limit: int | None = None
    ) -> None:
        """Begin to write at most `limit` frames to `target`; raises DeviceMissingError, NoSpaceError."""
        assert self._stream is not None
        self._sound = SealedSound(target, chunk_bytes, self.rate_hz, self.channels, room, limit)
        self._stream.start()
        self._keeper.start()
        self._sealer.start()

    def give_up(self) -> None:
        """Close the device of a recorder that could not be started."""
        if self._stream is not None:
            self._stream.close()

    # ------------------------------------------------------------------ while it runs
    def pause(self) -> None:
        """Let nothing in from now on; the device stays open."""
        self._ring.paused = True

    def resume(self) -> None:
        """Go on, with the gap kept in the record."""
        if self._ring.paused:
            self._ring.note_gap(GapReason.PAUSE)
            self._ring.paused = False

    def heard(self) -> Heard:
        """Return how it stands."""
        sound = self._running()
        return Heard(
            samples=sound.samples,
            synced_samples=sound.synced_samples,
            duration_ms=samples_to_ms(sound.samples, self.rate_hz),
            paused=self._ring.paused,
            absent_s=self._absent_looks * _LOOK_S,
            full=sound.full,
            gaps=sound.gaps,
            overflows=self._ring.overflows,
            dropped_frames=self._ring.dropped_frames,
            error=self._error,
            still_s=self._still_s,
        )

    @property
    def line(self) -> ClockLine:
        """When each frame was heard; another thread adds to it."""
        return self._running().line

    def levels(self) -> tuple[Level, ...]:
        """Return one level a channel since the last look."""
        return self._running().meter.look()

    def position_ms(self) -> int:
        """Return where in the recording the present moment is, also when its sound is still on its way."""
        sound = self._running()
        if sound.anchor is None:
            return 0
        samples, heard_at_s = sound.anchor
        ahead_s = 0.0
        if not self._ring.paused and not self._absent_looks:
            ahead_s = min(max(0.0, steady_s() - heard_at_s), _AHEAD_S)
        return samples_to_ms(samples + round(ahead_s * self.rate_hz), self.rate_hz)

    def stop(self) -> Recorded:
        """Stop hearing, seal what is in the ring and write the end; everything heard is on the disk then."""
        self._over.set()
        self._keeper.join(_PATIENCE_S)  # a dead sound server may hold its stream; the sound is not in there
        self._ring.closed = True
        self._drained.set()
        self._sealer.join()
        assert self._recorded is not None
        return self._recorded

    def _running(self) -> SealedSound:
        assert self._sound is not None
        return self._sound

    # ------------------------------------------------------------------ the device's thread
    def _keep_device(self) -> None:
        looks = blocks = 0
        while not self._wait_a_look():
            stream = self._stream
            if stream is None:
                self._absent_looks += 1
                if self._absent_looks % _RETRY_LOOKS == 0:
                    self._come_back()
                looks = blocks = 0
                continue
            looks = looks + 1 if stream.heard == blocks else 0
            blocks = stream.heard
            if stream.ended or looks >= _DEAD_LOOKS:
                self._absent_looks = max(1, looks)
                self._stream = None
                stream.close()
                self._ring.note_gap(GapReason.DEVICE)
                _log.warning("the input device is gone")
        if self._stream is not None:
            self._stream.close()

    def _wait_a_look(self) -> bool:
        """Wait until it is time to look, and notice when that took far too long; True when it is over."""
        begun_s = steady_s()
        over = self._over.wait(_LOOK_S)
        waited_s = steady_s() - begun_s
        if waited_s > STILL_S:
            self._still_s = (*self._still_s, waited_s)
            _log.warning("computer or program stood still for %.1f s", waited_s)
        return over

    def _come_back(self) -> None:
        try:
            self._device.look_again()
            stream = self._device.open(self.rate_hz, self.channels, self)
        except DeviceMissingError:
            return
        self._ring.rate_hz = stream.rate_hz
        try:
            stream.start()
        except DeviceMissingError:
            stream.close()
            return
        self._stream = stream
        self._absent_looks = 0

    # ------------------------------------------------------------------ the sealing thread
    def _seal(self) -> None:
        sound = self._running()
        while not self._drained.wait(_SEAL_S):
            if self._error is None:
                self._seal_once(sound)
        if self._error is None:
            self._seal_once(sound)
            if self._absent_looks and not self._ring.paused:
                sound.end_in_gap(GapReason.DEVICE)
        self._recorded = sound.finish(broken=self._broken)

    def _seal_once(self, sound: SealedSound) -> None:
        try:
            for piece in self._ring.pieces():
                sound.add(piece)
                sound.sync_when_due()
            sound.sync_when_due()
        except NoSpaceError as error:
            self._error, self._broken = error, True
        except OSError:
            self._error, self._broken = SuperviseError(WRITE_FAILED), True
        if sound.nearly_full and self._error is None:
            self._error = NoSpaceError(room_sentence(sound.samples, self.rate_hz))
