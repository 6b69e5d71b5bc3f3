"""Speech for tests: short clips with known words, the installed base model, a run followed to its end."""

import re
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from supervise.domain.transcript import TranscribeSettings, Word
from supervise.resources import model_places, resource_path
from supervise.speech.engine import ChildEngine, SpeechEvent, SpeechRun, WindowResult
from supervise.speech.models import ModelStore, Registry

RATE = 16000
CLIPS = Path(__file__).parent / "data" / "speech"
TWO_TURNS = (
    "this question and answer might well go into the primer of information for those who come to san "
    "francisco from the east for what is called a lobster in san francisco is not a lobster at all but a "
    "crayfish i really liked that account of himself better than anything else he said when is a lobster "
    "not a lobster when it is a crayfish margaret said mister hale as he returned from showing his guest "
    "downstairs i could not help watching your face with some anxiety when mister thornton made his "
    "confession of having been a shop boy"
)
Sound = NDArray[np.float32]


def clip(name: str) -> Sound:
    """Return a clip of tests/data/speech as 16 kHz mono float32."""
    with av.open(str(CLIPS / name)) as container:
        parts = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
    return np.concatenate(parts).astype(np.float32) / 32768


def blocks(sound: Sound, start_ms: int = 0) -> Iterator[Sound]:
    """Yield a second at a time from `start_ms` on."""
    return (sound[at : at + RATE] for at in range(start_ms * RATE // 1000, len(sound), RATE))


def base_model_folder() -> Path:
    """Return the base model's folder; a missing one fails the test with the line to type."""
    registry = Registry.load(resource_path("models", "registry.toml"))
    return ModelStore(registry, model_places(Path("/nonexistent"))).find("base")


def start(sound: Sound, start_ms: int = 0, first_seq: int = 0, language: str = "en") -> SpeechRun:
    """Start transcribing a clip in a child."""
    settings = TranscribeSettings(language=language)
    return ChildEngine().transcribe(
        blocks(sound, start_ms), len(sound) * 1000 // RATE, settings, base_model_folder(), start_ms, first_seq
    )


def events_of(run: SpeechRun) -> list[SpeechEvent]:
    """Follow a run to its end."""
    events: list[SpeechEvent] = []
    while run.wait():
        events += run.poll()
    return events


def windows_of(events: list[SpeechEvent]) -> list[WindowResult]:
    """Return the windows among events."""
    return [event for event in events if isinstance(event, WindowResult)]


def words_of(events: list[SpeechEvent]) -> list[Word]:
    """Return all words of all windows."""
    return [word for window in windows_of(events) for word in window.words]


def plain(text: str) -> list[str]:
    """Return words in lower case without punctuation."""
    return re.sub(r"[^a-z' ]", " ", text.lower().replace("mr.", "mister")).split()


def word_errors(reference: list[str], heard: list[str]) -> int:
    """Return the least number of words changed, left out or put in."""
    row = list(range(len(heard) + 1))
    for i, wanted in enumerate(reference, 1):
        above, row[0] = row[:], i
        for j, said in enumerate(heard, 1):
            row[j] = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (wanted != said))
    return row[-1]
