"""Playing a master: exact places, any speed at the same pitch, loops, and what is being heard right now."""

from collections.abc import Callable
from typing import BinaryIO

from supervise.audio.ahead import DecodeAhead
from supervise.audio.inputs import steady_s
from supervise.audio.master import MasterReader
from supervise.audio.output import DEVICE_LOST, OutputDevice, OutputStream
from supervise.audio.played import PlayLog
from supervise.audio.playhead import Playhead
from supervise.domain.errors import DeviceMissingError, SuperviseError, UsageError
from supervise.domain.session import SoundFacts

SLOWEST, FASTEST = 0.5, 2.0


class Player:
    """Plays one master at a time to `output`; all methods are for one thread.

    Call `poll` some 30 times a second. Callables in `on_change` are called from `poll`, after playing,
    speed, loop, place or sound have changed.
    """

    def __init__(
        self,
        output: OutputDevice,
        played: PlayLog | None = None,
        now_s: Callable[[], float] = steady_s,
    ) -> None:
        """With `played`, note there what is heard when, and let the device run on, silent, while paused."""
        self.on_change: list[Callable[[], None]] = []
        self._output = output
        self._now_s = now_s
        self._sound: SoundFacts | None = None
        self._head = Playhead()
        self._played = self._head.played = played
        self._device: OutputStream | None = None
        self._underflows = 0
        self._failure: SuperviseError | None = None  # what `poll` is to tell
        self._running = self._playing = self._changed = False
        self._speed = 1.0
        self._loop: tuple[int, int] | None = None

    # ------------------------------------------------------------------ what is
    @property
    def playing(self) -> bool:
        """Whether sound is meant to be heard."""
        return self._playing

    @property
    def speed(self) -> float:
        """The speed, 1 as recorded."""
        return self._speed

    @property
    def loop(self) -> tuple[int, int] | None:
        """The repeated span in ms, or None."""
        return (self._ms(self._loop[0]), self._ms(self._loop[1])) if self._loop is not None else None

    @property
    def position_ms(self) -> int:
        """The moment that is being heard; after a seek, the moment that will be heard next."""
        return self._ms(self._heard_sample())

    @property
    def duration_ms(self) -> int:
        """The length of what is loaded; 0 without."""
        return self._sound.duration_ms if self._sound is not None else 0

    def _ms(self, sample: float) -> int:
        return round(sample * 1000 / self._sound.rate_hz) if self._sound is not None else 0

    def _sample(self, position_ms: int) -> int:
        assert self._sound is not None
        return max(0, min(round(position_ms * self._sound.rate_hz / 1000), self._sound.samples))

    def _heard_sample(self) -> float:
        return self._head.sample_at(self._device.heard_frames() if self._device is not None else None)

    @property
    def underflows(self) -> int:
        """How often the machine was too busy to hand sound over in time, so that silence was heard."""
        return self._underflows + (self._device.underflows if self._device is not None else 0)

    # ------------------------------------------------------------------ loading
    def load(self, stream: BinaryIO, sound: SoundFacts) -> None:
        """Take a master on a seekable stream, which only the player may read until `close`; paused at 0.

        Raises DamagedError.
        """
        self.close()
        reader = MasterReader(stream, sound)
        self._sound = sound
        self._head.ahead = DecodeAhead(reader, lambda: self._playing)
        self._head.rate_hz = sound.rate_hz
        self._begin(0)

    def close(self) -> None:
        """Stop, give the device back and end the decoding thread; the stream is the caller's again."""
        self._failure = None
        self._set_playing(on=False)
        self._close_device()
        if self._head.ahead is not None:
            self._head.ahead.close()
            self._head.ahead = None
        self._sound = self._loop = None
        self._begin(0)
        self._head.let_go()

    def use_output(self, output: OutputDevice) -> None:
        """Play to another device from now on; pauses where it stands."""
        self._failure = None
        self._set_playing(on=False)
        self._close_device()
        self._output = output

    # ------------------------------------------------------------------ orders
    def ready(self) -> None:
        """Open the device and let it run, silent; raises DeviceMissingError."""
        if self._device is None:
            self._open_device()
        self._start_device()

    def play(self) -> None:
        """Play on from where it stands (from the start, at the end); raises DeviceMissingError."""
        if self._sound is None or self._playing:
            return
        self._failure = None
        if self._heard_sample() >= self._sound.samples:
            self._begin(self._loop[0] if self._loop is not None else 0)
        if self._device is None:
            self._open_device()
        self._stop_device()
        self._set_playing(on=True)
        self._let_sound()

    def pause(self) -> None:
        """Fall silent at once; the position rests at what was heard last."""
        self._set_playing(on=False)
        if self._device is None or not self._running or self._head.heard_all(self._device.heard_frames()):
            return
        self._stop_device()
        self._begin(round(self._heard_sample()))
        if self._played is not None:
            self._go_on()

    def toggle(self) -> None:
        """Play or pause."""
        if self._playing:
            self.pause()
        else:
            self.play()

    def seek(self, position_ms: int) -> None:
        """Go to a moment, exact to the sample, and play on from there if it was playing.

        A device that is gone then is told of by `poll`, as at any other time.
        """
        if self._sound is not None:
            self._jump(self._sample(position_ms))

    def skip(self, by_ms: int) -> None:
        """Go forward or (negative) back."""
        self.seek(self.position_ms + by_ms)

    def set_speed(self, speed: float) -> None:
        """Play at 0.5 to 2 times the recorded speed, without a gap; raises UsageError beyond."""
        if not SLOWEST <= speed <= FASTEST:
            raise UsageError(f"The speed goes from {SLOWEST:g} to {FASTEST:g}.")
        if speed != self._speed:
            self._speed = speed
            self._follow_on()

    def set_loop(self, span_ms: tuple[int, int] | None) -> None:
        """Repeat (start, end) from now on, or with None no more; raises UsageError for an empty span.

        From outside the span, the place moves to its start.
        """
        if self._sound is None:
            return
        loop = (self._sample(span_ms[0]), self._sample(span_ms[1])) if span_ms is not None else None
        if loop is not None and loop[0] >= loop[1]:
            raise UsageError("A loop must end after it starts.")
        self._loop = loop
        if loop is not None and not loop[0] <= self._heard_sample() < loop[1]:
            self._jump(loop[0])
        else:
            self._follow_on()

    def set_end(self, end_ms: int | None) -> None:
        """From the next seek on, play up to `end_ms` and rest there; with None up to the end of the sound."""
        self._head.end = self._sample(end_ms) if end_ms is not None else None

    def poll(self) -> SuperviseError | None:
        """Notice the end, a lost device and damaged sound; returns what the person should be told, once.

        A lost device pauses at the moment last heard.
        """
        failure, self._failure = self._failure, None
        failure = failure or self._lost_device() or self._damaged_sound()
        if failure is None and self._running:
            self._come_to_rest()
        if self._changed:
            self._changed = False
            for call in self.on_change:
                call()
        return failure

    def _set_playing(self, *, on: bool) -> None:
        self._changed = self._changed or on != self._playing
        self._playing = on
        if on:
            self._head.gate = True
        else:
            self._head.shut()
        if self._head.ahead is not None:
            self._head.ahead.nudge()

    def _begin(self, sample: int) -> None:
        self._changed = True
        self._head.begin(sample, self._speed, self._loop)

    def _jump(self, sample: int) -> None:
        """Go to a place, and what waits to be heard there and then is dropped."""
        sounding = self._playing and self._running
        if sounding:
            self._stop_device()
        self._begin(sample)
        if sounding:
            self._head.await_sound()
            self._go_on()

    def _follow_on(self) -> None:
        self._changed = True
        if self._playing:
            self._head.follow_on(self._speed, self._loop)
        else:
            self._begin(round(self._heard_sample()))

    # ------------------------------------------------------------------ the device
    def _open_device(self) -> None:
        """Open the device and decode afresh for its rate, from where we stand."""
        assert self._sound is not None
        sample = round(self._heard_sample())
        self._device = self._output.open(self._sound.rate_hz, self._head)
        self._head.device_opened(self._device.rate_hz)
        self._begin(sample)

    def _start_device(self) -> None:
        assert self._device is not None
        if self._running:
            return
        try:
            self._device.start()
        except DeviceMissingError:
            self._close_device()
            raise
        self._running = True

    def _let_sound(self) -> None:
        """Start the device when there is enough for it; without one, raise DeviceMissingError."""
        self._head.await_sound()
        try:
            self._start_device()
        except DeviceMissingError:
            self._set_playing(on=False)
            raise

    def _go_on(self) -> None:
        """Start the device again after a stop; if it is gone meanwhile, pause and let `poll` say so."""
        try:
            self._start_device()
        except DeviceMissingError:
            self._set_playing(on=False)
            self._failure = DeviceMissingError(DEVICE_LOST)

    def _stop_device(self) -> None:
        """Stop, and drop what was not heard."""
        if self._device is not None and self._running:
            self._running, at_s = False, self._now_s()
            self._device.stop()
            self._head.dropped(at_s)

    def _close_device(self) -> None:
        """Give the device back; the position stays at what was heard last."""
        if self._device is not None:
            self._running, at_s = False, self._now_s()
            self._device.close()
            self._head.dropped(at_s)
            self._underflows += self._device.underflows
            sample = round(self._heard_sample())
            self._device = None
            self._begin(sample)

    def _come_to_rest(self) -> None:
        """When all has been heard: pause at the end of the sound; after a pause, let the device stop."""
        assert self._device is not None
        assert self._sound is not None
        over = self._head.over()
        if not self._head.heard_all(self._device.heard_frames()):
            return
        if self._playing and over:
            self._set_playing(on=False)
            self._begin(self._sound.samples if self._head.end is None else self._head.end)
        if not self._playing and self._played is None:
            self._stop_device()

    def _lost_device(self) -> SuperviseError | None:
        if self._device is None or not self._device.lost:
            return None
        self._set_playing(on=False)
        self._close_device()
        return DeviceMissingError(DEVICE_LOST)

    def _damaged_sound(self) -> SuperviseError | None:
        take = self._head.last_take
        if take.failure is None or not self._head.over():
            return None
        failure, take.failure = take.failure, None
        self._set_playing(on=False)
        return failure
