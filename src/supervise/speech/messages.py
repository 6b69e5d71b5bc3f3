"""The child's messages turned into events, each checked, since a child may send anything."""

import dataclasses
import time
from typing import Any

from supervise.domain import errors
from supervise.domain.transcript import Word
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
from supervise.speech.frames import FrameError, Message

_KNOWN_ERRORS = {
    kind.code: kind for kind in (errors.NotReadableError, errors.NoSpaceError, errors.UsageError)
}


class EventReader:
    """Reads one run's messages in order and reckons the time that is left."""

    def __init__(self, start_ms: int, duration_ms: int) -> None:
        """Expect sound from `start_ms` to `duration_ms`."""
        self._start_ms = start_ms
        self._duration_ms = duration_ms
        self._first: tuple[float, int] | None = None

    def event(self, message: Message) -> SpeechEvent | None:
        """Return the event a message means, None for an unknown one; raises FrameError if malformed."""
        try:
            if "window" in message:
                return _window(message["window"])
            if "progress" in message:
                return self._progress(int(message["progress"]))
            if "voices" in message:
                segments = tuple(VoiceSegment(int(s), int(e), str(v)) for s, e, v in message["voices"])
                return VoicesFound(segments, tuple(str(note) for note in message.get("notes", ())))
            if "finished" in message:
                return Finished(RunStats(**message["finished"]))
            if "failed" in message:
                kind = _KNOWN_ERRORS.get(str(message.get("code", "")), errors.SuperviseError)
                return Failed(kind(str(message["failed"])))
        except (TypeError, ValueError, KeyError, OverflowError) as error:
            raise FrameError("a message with the wrong content") from error
        return None

    def _progress(self, done_ms: int) -> Progress:
        """Extrapolate from the first message on, so that loading the model does not count."""
        now_s = time.monotonic()
        if self._first is None:
            self._first = (now_s, done_ms)
        first_s, first_ms = self._first
        heard_ms = done_ms - first_ms
        if heard_ms <= 0:
            return Progress(done_ms, None)
        left_ms = max(0, self._duration_ms - done_ms)
        return Progress(done_ms, (now_s - first_s) * left_ms / heard_ms)

    @staticmethod
    def with_feeder(stats: RunStats, feeder_cpu_s: float) -> RunStats:
        """Return stats that count the feeding thread as well."""
        return dataclasses.replace(stats, cpu_s=round(stats.cpu_s + feeder_cpu_s, 3))


def _window(body: dict[str, Any]) -> WindowResult:
    words = tuple(
        Word(str(text), int(start_ms), int(end_ms), float(confidence))
        for text, start_ms, end_ms, confidence in body["words"]
    )
    return WindowResult(int(body["seq"]), int(body["start_ms"]), int(body["end_ms"]), words)
