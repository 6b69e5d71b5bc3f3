"""An honest fake of the speech engine for tests: scripted words and voices, no child, no threads."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from supervise.domain.errors import CancelledError, SuperviseError
from supervise.domain.transcript import TranscribeSettings, Word
from supervise.speech.events import (
    Failed,
    Finished,
    Progress,
    RunStats,
    SpeechEvent,
    VoiceSegment,
    VoicesFound,
    WindowResult,
)
from supervise.speech.frames import Samples


class FakeRun:
    """A scripted run; each poll gives the next event, so that tests meet every state in between."""

    def __init__(self, events: Sequence[SpeechEvent], each_poll: Callable[[], None]) -> None:
        """Give `events` one a poll, calling `each_poll` before each."""
        self._events = list(events)
        self._each_poll = each_poll

    @property
    def running(self) -> bool:
        """False once the last event has been given."""
        return bool(self._events)

    def poll(self) -> list[SpeechEvent]:
        """Return the next event, or nothing."""
        self._each_poll()
        return [self._events.pop(0)] if self._events else []

    def wait(self, timeout_s: float | None = None) -> bool:
        """Return whether there is an event left; never waits."""
        del timeout_s
        return bool(self._events)

    def cancel(self) -> None:
        """End with Failed(CancelledError), unless all was given."""
        if self._events:
            self._events = [Failed(CancelledError("The transcription was stopped."))]


class FakeEngine:
    """Speaks `words` and `voices` whatever the sound; implements SpeechEngine.

    `fail_after` windows the run ends with `error`, as a crash of the child would. Calls are kept in
    `calls` as (settings or number of voices, start_ms). The sound is read to its end unless
    `read_sound` is False.
    """

    def __init__(
        self,
        words: Sequence[Word] = (),
        voices: Sequence[VoiceSegment] = (),
        notes: Sequence[str] = (),
        window_ms: int = 28_000,
        fail_after: int | None = None,
        *,
        read_sound: bool = True,
    ) -> None:
        """Set what will be heard."""
        self.words = tuple(words)
        self.voices = tuple(voices)
        self.notes = tuple(notes)
        self.window_ms = window_ms
        self.fail_after = fail_after
        self.error = SuperviseError("The speech engine stopped unexpectedly (scripted).")
        self.read_sound = read_sound
        self.calls: list[tuple[TranscribeSettings | int, int]] = []

    def transcribe(
        self,
        sound: Iterator[Samples],
        duration_ms: int,
        settings: TranscribeSettings,
        model_dir: Path,
        start_ms: int = 0,
        first_seq: int = 0,
    ) -> FakeRun:
        """Give the scripted words from `start_ms` on, a window at a time."""
        del model_dir
        self.calls.append((settings, start_ms))
        events: list[SpeechEvent] = []
        starts = range(start_ms, max(duration_ms, start_ms + 1), self.window_ms)
        for number, window_start in enumerate(starts):
            if number == self.fail_after:
                return self._run([*events, Failed(self.error)], sound)
            window_end = min(window_start + self.window_ms, duration_ms)
            heard = tuple(w for w in self.words if window_start <= w.start_ms < window_end)
            events.append(WindowResult(first_seq + number, window_start, window_end, heard))
            events.append(Progress(window_end, (duration_ms - window_end) / 10_000))
        stats = RunStats(0.1, 100.0, settings.language or "en", len(starts), 0)
        return self._run([*events, Finished(stats)], sound)

    def separate(
        self, sound: Iterator[Samples], duration_ms: int, speakers: int, models_dir: Path
    ) -> FakeRun:
        """Give the scripted voices."""
        del models_dir
        self.calls.append((speakers, 0))
        found = VoicesFound(self.voices, self.notes)
        return self._run([Progress(duration_ms, 0.0), found, Finished(RunStats(0.1, 100.0))], sound)

    def _run(self, events: Sequence[SpeechEvent], sound: Iterator[Samples]) -> FakeRun:
        def read_a_block() -> None:
            if self.read_sound:
                next(sound, None)

        return FakeRun(events, read_a_block)
