"""The child's speaker job: sound in, voices and notes out."""

from collections.abc import Callable, Iterator
from pathlib import Path

from supervise.speech.frames import Message, Samples
from supervise.speech.speakers import Findings, VoiceSeparator
from supervise.speech.voice_models import RATE_HZ

_REPORT_MS = 5000


def run(job: Message, sound: Iterator[Samples], send: Callable[[Message], None]) -> None:
    """Do a job `{"job": "speakers", "speakers": 2, "models_dir": ...}` and send its one result."""
    models_dir, speakers = Path(str(job["models_dir"])), int(job["speakers"])
    segments, notes = separate(sound, speakers, models_dir, lambda done_ms: send({"progress": done_ms}))
    rows = [[segment.start_ms, segment.end_ms, segment.label] for segment in segments]
    send({"voices": rows, "notes": list(notes)})


def separate(
    blocks: Iterator[Samples], speakers: int, models_dir: Path, report: Callable[[int], None]
) -> Findings:
    """Tell voices apart in 16 kHz mono float32 blocks; `report` hears how many ms are done.

    Raises NotReadableError when the networks are not in `models_dir`.
    """
    separator = VoiceSeparator(models_dir, speakers)
    samples = reported_ms = 0
    report(0)
    for block in blocks:
        separator.add(block)
        samples += len(block)
        done_ms = samples * 1000 // RATE_HZ
        if done_ms - reported_ms >= _REPORT_MS:
            report(done_ms)
            reported_ms = done_ms
    return separator.finish()
