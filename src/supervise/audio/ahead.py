"""The player's one thread: it decodes ahead into the take that is wanted."""

from collections.abc import Callable
from threading import Condition, Thread

from supervise.audio.master import MasterReader
from supervise.audio.output import Block
from supervise.audio.rendering import Rendering, frames_step, rendered
from supervise.audio.takes import Span, Take
from supervise.domain.errors import SuperviseError

_RETRY_S = 0.02


class DecodeAhead:
    """Fills the rings of takes from one master; `close` ends and joins the thread.

    The device's callback must not wake anybody, so while `consumed` says that it runs, a full ring is tried
    again every 20 ms; else the thread sleeps until `nudge`.
    """

    def __init__(self, reader: MasterReader, consumed: Callable[[], bool]) -> None:
        self._reader = reader
        self._consumed = consumed
        self._wanted: Take | None = None
        self._closing = False
        self._wake = Condition()
        self._thread = Thread(target=self._run, name="player", daemon=True)
        self._thread.start()

    def work_on(self, take: Take) -> None:
        """Leave what was wanted before and fill this take."""
        with self._wake:
            self._wanted = take
            self._wake.notify_all()

    def nudge(self) -> None:
        """Look again, since the device has begun to run or has made space."""
        with self._wake:
            self._wake.notify_all()

    def wait_until(self, ready: Callable[[], bool], most_s: float | None = None) -> None:
        """Return when `ready()`, asked again after each block decoded, when closing, or after `most_s`."""
        with self._wake:
            self._wake.notify_all()
            self._wake.wait_for(lambda: self._closing or ready(), most_s)

    def close(self) -> None:
        """End the thread and wait for it."""
        with self._wake:
            self._closing = True
            self._wake.notify_all()
        self._thread.join()

    def _run(self) -> None:
        done: Take | None = None
        while (take := self._next(done)) is not None:
            try:
                self._fill(take)
            except SuperviseError as error:
                take.failure = error
            finally:
                with self._wake:
                    take.finished = True
                    self._wake.notify_all()
            done = take

    def _next(self, done: Take | None) -> Take | None:
        with self._wake:
            self._wake.wait_for(lambda: self._closing or self._wanted is not done)
            return None if self._closing else self._wanted

    def _fill(self, take: Take) -> None:
        how = Rendering(take.speed, take.rate_hz)
        step, sample = frames_step(self._reader, how), take.start
        end = self._reader.sound.samples if take.end is None else take.end
        while True:
            behind = take.loop[1] if take.loop is not None and sample < take.loop[1] else end
            take.spans.append(Span(take.ring.written, float(sample), step, behind))
            for block in rendered(self._reader, sample, behind, how):
                if not self._put(take, block):
                    return
            if take.loop is None or behind != take.loop[1]:
                return
            sample = take.loop[0]

    def _put(self, take: Take, block: Block) -> bool:
        """Write all of a block as space comes free; False when another take is wanted instead."""
        while True:
            block = block[take.ring.write(block) :]
            with self._wake:
                self._wake.notify_all()
                if self._closing or self._wanted is not take:
                    return False
                if not len(block):
                    return True
                self._wake.wait(_RETRY_S if self._consumed() else None)
