"""The speech engine: transcription and voices in a child process, heard of through events."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from supervise.domain.transcript import TranscribeSettings
from supervise.speech.child import ChildRun
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

__all__ = [
    "ChildEngine",
    "Failed",
    "Finished",
    "Progress",
    "RunStats",
    "SpeechEngine",
    "SpeechEvent",
    "SpeechRun",
    "VoiceSegment",
    "VoicesFound",
    "WindowResult",
]


class SpeechRun(Protocol):
    """One run under way. `poll` never waits, `wait` is for the terminal, `cancel` is certain."""

    @property
    def running(self) -> bool:
        """False once the last event (Finished or Failed) is there to be polled."""
        ...

    def poll(self) -> list[SpeechEvent]:
        """Return what happened since the last poll, oldest first."""
        ...

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until there is something to poll or the run is over; return whether there is."""
        ...

    def cancel(self) -> None:
        """Stop for good: the child is dead and the threads are gone when this returns (within 1 s).

        The last event is then `Failed(CancelledError)`, unless the run had ended before.
        """
        ...


class SpeechEngine(Protocol):
    """What turns sound into words and voices."""

    def transcribe(
        self,
        sound: Iterator[Samples],
        duration_ms: int,
        settings: TranscribeSettings,
        model_dir: Path,
        start_ms: int = 0,
        first_seq: int = 0,
    ) -> SpeechRun:
        """Start transcribing; `sound` is 16 kHz mono float32 in blocks and starts at `start_ms`.

        To go on with a stopped run give the last stored window's `end_ms` and the next `seq`. The
        iterator is read on another thread; SuperviseErrors it raises become the Failed event.
        """
        ...

    def separate(
        self, sound: Iterator[Samples], duration_ms: int, speakers: int, models_dir: Path
    ) -> SpeechRun:
        """Start telling `speakers` voices apart in the whole sound; ends with VoicesFound, Finished."""
        ...


class ChildEngine:
    """The engine of the product: one child process for each run, fed through a pipe."""

    def transcribe(
        self,
        sound: Iterator[Samples],
        duration_ms: int,
        settings: TranscribeSettings,
        model_dir: Path,
        start_ms: int = 0,
        first_seq: int = 0,
    ) -> ChildRun:
        """Start transcribing in a child; see SpeechEngine."""
        job = {
            "job": "transcribe",
            "model_dir": str(model_dir),
            "settings": dataclasses.asdict(settings),
            "duration_ms": duration_ms,
            "start_ms": start_ms,
            "first_seq": first_seq,
        }
        return ChildRun(job, sound, start_ms, duration_ms)

    def separate(
        self, sound: Iterator[Samples], duration_ms: int, speakers: int, models_dir: Path
    ) -> ChildRun:
        """Start telling voices apart in a child; see SpeechEngine."""
        job = {
            "job": "speakers",
            "models_dir": str(models_dir),
            "speakers": speakers,
            "duration_ms": duration_ms,
        }
        return ChildRun(job, sound, 0, duration_ms)
