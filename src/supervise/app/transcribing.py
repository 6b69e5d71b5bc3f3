"""One transcription from first window to named voices, as steps the queue drives.

It holds the recording's own data key and nothing else, so it goes on while the vault is locked.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import numpy as np
import numpy.typing as npt

from supervise.app import intake
from supervise.app.background import Background
from supervise.app.recall_transcribing import RecallSound
from supervise.audio.channels import (
    ENERGIES_PER_S,
    ChannelVerdict,
    channel_energies,
    judge_channels,
    louder_channel,
)
from supervise.audio.master import MasterReader, speech_blocks
from supervise.audio.peaks import Ints
from supervise.domain.errors import CancelledError, SuperviseError
from supervise.domain.ids import JobId, TranscriptId
from supervise.domain.session import SoundFacts
from supervise.domain.transcript import TranscribeSettings
from supervise.speech.engine import (
    Failed,
    Finished,
    Progress,
    RunStats,
    SpeechEngine,
    SpeechEvent,
    SpeechRun,
    VoicesFound,
    WindowResult,
)

Samples: TypeAlias = npt.NDArray[np.float32]
Sink: TypeAlias = Callable[[str, dict[str, Any]], None]
WORDS_SHARE = 0.9
CHANNEL_BIN_MS = 50
GUESS = "Which voice is whose was guessed by the program; check before you rely on it."


@dataclass(frozen=True, slots=True)
class Assignment:
    """What one run needs: its ids, the sound with a way to open it, models, and where it goes on."""

    job: JobId
    transcript: TranscriptId
    sound: SoundFacts
    open_sound: Callable[[], BinaryIO]
    settings: TranscribeSettings
    model_dir: Path
    speaker_models: Path
    next_seq: int
    start_ms: int
    recalled: RecallSound | None = None  # when it is of a recall


class TranscriptionRun:
    """Drives one assignment; `step` is called again and again on the workspace's thread."""

    def __init__(self, assignment: Assignment, engine: SpeechEngine, sink: Sink) -> None:
        self._todo = assignment
        self._engine = engine
        self._sink = sink
        self._stats: list[RunStats] = []
        self._notes: list[str] = []
        self._comparison: Background[Comparison] | None = None
        self.done_ms = assignment.start_ms
        self.eta_s: float | None = None
        self.error: SuperviseError | None = None
        self.ended = False
        self._phase = "words"
        self._run: SpeechRun | None = self._start_words()

    @property
    def done_permille(self) -> int:
        """How much is done, words counting for most of it."""
        whole = max(1, self._todo.sound.duration_ms)
        share = min(1.0, self.done_ms / whole)
        before = 0.0 if self._phase == "words" else WORDS_SHARE
        room = WORDS_SHARE if self._phase == "words" else 1 - WORDS_SHARE
        return int(1000 * (before + share * room))

    def step(self) -> None:
        """Take in what happened since the last call; sets `ended` when there is no more."""
        if self._comparison is not None:
            self._compare()
        elif self._run is not None:
            for event in self._run.poll():
                self._take(event)

    def wait(self, timeout_s: float) -> None:
        """Wait until there is something for `step`, at most `timeout_s`."""
        if self._comparison is not None:
            self._comparison.wait(timeout_s)
        elif self._run is not None:
            self._run.wait(timeout_s)

    def cancel(self) -> None:
        """Stop at once; what was stored stays and a later run goes on from there."""
        if self._comparison is not None:
            self._comparison.cancel()
        if self._run is not None:
            self._run.cancel()
        self.ended = True

    # -- phases ---------------------------------------------------------------------------------

    def _start_words(self) -> SpeechRun | None:
        todo = self._todo
        if todo.start_ms >= todo.sound.duration_ms:
            self._after_words()
            return self._run if self._phase != "words" else None
        sound = self._blocks(todo.start_ms)
        models = todo.model_dir
        length_ms = todo.sound.duration_ms
        return self._engine.transcribe(sound, length_ms, todo.settings, models, todo.start_ms, todo.next_seq)

    def _blocks(self, start_ms: int) -> Iterator[Samples]:
        if self._todo.recalled is not None:
            yield from self._todo.recalled.blocks(start_ms)
            return
        stream = self._todo.open_sound()
        try:
            yield from speech_blocks(stream, self._todo.sound, start_ms)
        finally:
            stream.close()

    def _take(self, event: SpeechEvent) -> None:
        if isinstance(event, WindowResult):
            words = [[w.text, w.start_ms, w.end_ms, w.confidence, w.speaker] for w in event.words]
            values = {"seq": event.seq, "start_ms": event.start_ms, "end_ms": event.end_ms, "words": words}
            self._sink(intake.WINDOW, {"transcript": self._todo.transcript, **values})
        elif isinstance(event, Progress):
            self.done_ms, self.eta_s = event.done_ms, event.eta_s
        elif isinstance(event, VoicesFound):
            self._notes += [*event.notes, GUESS]
            segments = [[s.start_ms, s.end_ms, s.label] for s in event.segments]
            self._sink(intake.VOICES, {"transcript": self._todo.transcript, "segments": segments})
        elif isinstance(event, Finished):
            self._stats.append(event.stats)
            if self._phase == "words":
                self._after_words()
            else:
                self._finish()
        elif isinstance(event, Failed):
            self.error, self.ended = event.error, True

    def _after_words(self) -> None:
        self._phase, self.done_ms, self.eta_s = "voices", 0, None
        self._run = None
        if self._todo.settings.speakers == 1:
            self._finish()
        elif self._todo.sound.channels == 2:
            todo = self._todo
            self._comparison = Background(lambda cancelled: compare_channels(todo, cancelled))
        else:
            self._separate()

    def _compare(self) -> None:
        if self._comparison is None or not self._comparison.done:
            return
        comparison, self._comparison = self._comparison, None
        if comparison.failure is not None:
            self.error, self.ended = comparison.failure, True
            return
        found = comparison.result()
        self._notes.append(found.verdict.sentence)
        if found.louder:
            louder = {"louder": found.louder, "bin_ms": CHANNEL_BIN_MS}
            self._sink(intake.CHANNELS, {"transcript": self._todo.transcript, **louder})
            self._finish()
        else:
            self._separate()

    def _separate(self) -> None:
        todo = self._todo
        self._run = self._engine.separate(
            self._blocks(0), todo.sound.duration_ms, todo.settings.speakers, todo.speaker_models
        )

    def _finish(self) -> None:
        words = self._stats[0] if self._stats else RunStats(0.0, 0.0)
        stats = {
            "cpu_s": round(sum(entry.cpu_s for entry in self._stats), 2),
            "peak_mb": round(max((entry.peak_mb for entry in self._stats), default=0.0), 1),
            "words_cpu_s": round(words.cpu_s, 2),
            "dropped_words": sum(entry.dropped_words for entry in self._stats),
        }
        todo = self._todo
        if todo.recalled is not None:
            self._notes += todo.recalled.notes()
        language = words.language or todo.settings.language
        values = {"job": todo.job, "language": language, "notes": self._notes, "stats": stats}
        self._sink(intake.FINISHED, {"transcript": todo.transcript, **values})
        self._run, self.ended = None, True


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two channels are; `louder` has a digit a bin (0 left, 1 right), or is empty."""

    verdict: ChannelVerdict
    louder: str


class _StoppableReader(MasterReader):
    """Reads until it is told to stop, so that a long comparison ends within a second."""

    def __init__(self, stream: BinaryIO, sound: SoundFacts, cancelled: Callable[[], bool]) -> None:
        super().__init__(stream, sound)
        self._cancelled = cancelled

    def read(self, start_sample: int, frames: int) -> Ints:
        """Return the frames; raises CancelledError."""
        if self._cancelled():
            raise CancelledError("The transcription was stopped.")
        return super().read(start_sample, frames)


def compare_channels(todo: Assignment, cancelled: Callable[[], bool]) -> Comparison:
    """Measure whether two channels really carry one person each, and which is louder when."""
    stream = todo.open_sound()
    try:
        reader = _StoppableReader(stream, todo.sound, cancelled)
        verdict = judge_channels(reader)
        if verdict.kind != "separate" or todo.settings.speakers != 2:
            return Comparison(verdict, "")
        energies = channel_energies(reader)
    finally:
        stream.close()
    ends_ms = range(CHANNEL_BIN_MS, len(energies) * 1000 // ENERGIES_PER_S + CHANNEL_BIN_MS, CHANNEL_BIN_MS)
    louder = louder_channel(energies, [(end_ms - CHANNEL_BIN_MS, end_ms) for end_ms in ends_ms])
    return Comparison(verdict, "".join(map(str, louder)))
