"""One speech child process seen from the parent: started, fed, heard, cancelled."""

import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from supervise.domain.errors import CancelledError, SuperviseError
from supervise.speech.events import Failed, Finished, SpeechEvent
from supervise.speech.frames import (
    FrameError,
    Message,
    Samples,
    read_message,
    write_message,
    write_sound,
)
from supervise.speech.messages import EventReader

WORKER = (sys.executable, "-P", "-m", "supervise.speech.worker")
_GRACE_S = 5.0
_SECRETS = ("SUPERVISE_PASSPHRASE",)
_QUIET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime would queue events about its use in HOME
    "PYTHONDONTWRITEBYTECODE": "1",
    "OMP_WAIT_POLICY": "PASSIVE",
    "KMP_BLOCKTIME": "0",
    "MALLOC_ARENA_MAX": "1",
}
_CANCELLED = "The transcription was stopped. What was transcribed before is kept."
_STOPPED = (
    "The speech engine stopped unexpectedly ({how}). Everything transcribed so far is kept; "
    "start the transcription again and it goes on from there."
)


def child_environment(threads: int) -> dict[str, str]:
    """Return the child's environment: nothing secret, nothing that reaches out, `threads` for OpenMP."""
    kept = {key: value for key, value in os.environ.items() if key not in _SECRETS}
    package_root = str(Path(__file__).resolve().parents[2])
    paths = [package_root, *filter(None, [kept.get("PYTHONPATH")])]
    threads_set = {"OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads)}
    return {**kept, **_QUIET, **threads_set, "PYTHONPATH": os.pathsep.join(paths)}


class ChildRun:
    """A run in a child process; implements SpeechRun.

    One thread starts the child and hears it (the kernel ties the child's life to that thread), one
    feeds it. The pipe holds a second of sound, so the child's pace is the feeder's.
    """

    def __init__(
        self,
        job: Message,
        sound: Iterator[Samples],
        start_ms: int,
        duration_ms: int,
        command: tuple[str, ...] = WORKER,
    ) -> None:
        """Start the child for `job` and feed it `sound`; returns at once."""
        self._job = {**job, "parent": os.getpid()}
        self._sound = sound
        self._command = command
        self._reader = EventReader(start_ms, duration_ms)
        self._events: deque[SpeechEvent] = deque()
        self._changed = threading.Condition()
        self._over = False
        self._cancelled = False
        self._child: subprocess.Popen[bytes] | None = None
        self._feeder_cpu_s = 0.0
        self._sound_error: SuperviseError | None = None
        self._listener = threading.Thread(target=self._listen, name="speech-listener", daemon=True)
        self._listener.start()

    @property
    def running(self) -> bool:
        """False once the last event is there to be polled."""
        with self._changed:
            return not self._over

    @property
    def child_pid(self) -> int | None:
        """The child's process id once it is started, for those who watch its memory."""
        with self._changed:
            return None if self._child is None else self._child.pid

    def poll(self) -> list[SpeechEvent]:
        """Return what happened since the last poll, oldest first, without waiting."""
        with self._changed:
            events = list(self._events)
            self._events.clear()
            return events

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until there is something to poll or the run is over; return whether there is."""
        with self._changed:
            self._changed.wait_for(lambda: self._over or bool(self._events), timeout_s)
            return bool(self._events)

    def cancel(self) -> None:
        """Kill the child and wait for it and both threads; harmless when the run is over."""
        with self._changed:
            self._cancelled = True
            if self._child is not None:
                self._child.kill()
        self._listener.join()

    def _listen(self) -> None:
        child = self._start()
        if child is None or child.stdout is None:
            return
        feeder = threading.Thread(target=self._feed, args=(child,), name="speech-feeder", daemon=True)
        feeder.start()
        last: SpeechEvent | None = None
        try:
            while last is None and (message := read_message(child.stdout)) is not None:
                event = self._reader.event(message)
                if isinstance(event, Finished | Failed):
                    last = event
                elif event is not None:
                    self._put(event)
        except FrameError:
            child.kill()
            last = Failed(SuperviseError(_STOPPED.format(how="it sent something unreadable")))
        finally:
            how = self._reap(child, feeder)
        self._finish(last or Failed(SuperviseError(_STOPPED.format(how=how))))

    def _start(self) -> subprocess.Popen[bytes] | None:
        """Start the child, unless cancelled before; None, with the last event given, when there is none."""
        debugging = bool(os.environ.get("SUPERVISE_SPEECH_DEBUG"))
        with self._changed:
            if self._cancelled:
                self._end_with(Failed(CancelledError(_CANCELLED)))
                return None
            try:
                self._child = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=None if debugging else subprocess.DEVNULL,
                    env=child_environment(threads=1),
                    bufsize=0,
                )
            except OSError as error:
                how = f"it could not be started: {error.strerror}"
                self._end_with(Failed(SuperviseError(_STOPPED.format(how=how))))
            return self._child

    def _feed(self, child: subprocess.Popen[bytes]) -> None:
        """Send the job and the sound; a child that is gone ends it, an error in the sound is kept."""
        pipe = child.stdin
        if pipe is None:
            return
        try:
            write_message(pipe, self._job)
            for block in self._sound:
                write_sound(pipe, block)
            write_message(pipe, {"end": True})
        except SuperviseError as error:
            self._sound_error = error
        except (BrokenPipeError, ConnectionResetError):
            pass
        finally:
            self._feeder_cpu_s = time.thread_time()
            close = getattr(self._sound, "close", None)
            if close is not None:
                close()
            pipe.close()

    def _reap(self, child: subprocess.Popen[bytes], feeder: threading.Thread) -> str:
        """See the child gone and the feeder ended; return how the child ended."""
        try:
            code = child.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            child.kill()
            code = child.wait()
        feeder.join()
        if child.stdout is not None:
            child.stdout.close()
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def _put(self, event: SpeechEvent) -> None:
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()

    def _finish(self, last: SpeechEvent) -> None:
        with self._changed:
            if isinstance(last, Finished):
                last = Finished(self._reader.with_feeder(last.stats, self._feeder_cpu_s))
            elif self._cancelled:
                last = Failed(CancelledError(_CANCELLED))
            elif self._sound_error is not None:
                last = Failed(self._sound_error)
            self._end_with(last)

    def _end_with(self, last: SpeechEvent) -> None:
        self._events.append(last)
        self._over = True
        self._changed.notify_all()
