"""What a run of the speech engine says while it goes on, as frozen values."""

from dataclasses import dataclass

from supervise.domain.errors import SuperviseError
from supervise.domain.transcript import Word


@dataclass(frozen=True, slots=True)
class WindowResult:
    """One finished window, to be stored at once; `end_ms` is where a stopped run goes on from.

    Windows follow each other without a gap and in order; one without words held no speech.
    """

    seq: int
    start_ms: int
    end_ms: int
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """Sound dealt with so far (absolute, in ms) and the seconds still to wait, None while unknown."""

    done_ms: int
    eta_s: float | None


@dataclass(frozen=True, slots=True)
class VoiceSegment:
    """A stretch one voice speaks; `label` is `A`, `B` … in order of first speech."""

    start_ms: int
    end_ms: int
    label: str


@dataclass(frozen=True, slots=True)
class VoicesFound:
    """The voices told apart, with sentences on how far to trust that."""

    segments: tuple[VoiceSegment, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunStats:
    """What a run took and found; `cpu_s` counts the child and the feeding thread.

    `language` is the ISO 639-1 code used first; `dropped_words` counts text taken out because
    nothing was spoken under it.
    """

    cpu_s: float
    peak_mb: float
    language: str = ""
    windows: int = 0
    dropped_words: int = 0


@dataclass(frozen=True, slots=True)
class Finished:
    """The run came to its end."""

    stats: RunStats


@dataclass(frozen=True, slots=True)
class Failed:
    """The run stopped early; windows given before stay good and the run can go on from there."""

    error: SuperviseError


SpeechEvent = WindowResult | Progress | VoicesFound | Finished | Failed
