"""Taking a recording in: one decoding pass that makes the lossless master, its outline and its facts.

Nothing is kept of a file that is cut short or damaged: a session that silently lacks its end would be
trusted. The caller discards what was written to `master` whenever this raises.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from supervise.audio.decoding import SoundSource
from supervise.audio.flac import FlacWriter, Sink
from supervise.audio.peaks import PeaksBuilder, as_ints
from supervise.audio.source import (
    NOT_SOUND,
    SourceStream,
    opened_container,
    opened_source,
    source_sha256,
    stream_sha256,
)
from supervise.audio.structure import UNREADABLE, check_structure
from supervise.domain.errors import CancelledError
from supervise.domain.session import SoundFacts

if TYPE_CHECKING:
    from av import AudioFrame
    from av.audio.layout import AudioLayout

__all__ = ["Decoded", "Imported", "decoded_here", "import_sound", "source_sha256"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import found; `source_format` reads like `mp4/aac`, `peaks` is stored as it is."""

    sound: SoundFacts
    source_format: str
    peaks: bytes


class Decoded(Protocol):
    """A recording's sound, decoded once from start to end."""

    rate_hz: int
    channels: int
    bits: int
    codec: str
    container: str

    @property
    def position(self) -> int:
        """How far the file was read, in bytes."""
        ...

    @property
    def layout(self) -> "AudioLayout | str":
        """Its channels."""
        ...

    def blocks(self) -> "Iterator[AudioFrame]":
        """Yield packed frames."""
        ...

    def demand_all(self, samples: int, size: int) -> None:
        """Raise NotReadableError when more was promised than there is."""
        ...


Decode = Callable[[SourceStream, str, Callable[[], bool]], AbstractContextManager[Decoded]]


@contextmanager
def decoded_here(stream: SourceStream, refusal: str, cancelled: Callable[[], bool]) -> Iterator[Decoded]:
    """Decode in this process, for files that are trusted."""
    with opened_container(stream, refusal) as container:
        yield SoundSource(container, cancelled, stream)


def import_sound(
    source: Path,
    master: Sink,
    report: Callable[[int], None],
    cancelled: Callable[[], bool],
    decode: Decode = decoded_here,
) -> Imported:
    """Decode `source` once and write it to `master` as FLAC at its own rate, channels and (up to 32) bits.

    `master` is write-only and need not seek; it is not closed. `report` gets 0 to 1000. Memory does not
    grow with the recording, but for the outline (about 5 MB an hour). Raises NotReadableError,
    CancelledError, NoSpaceError.
    """
    with opened_source(source) as stream:
        sha256 = stream_sha256(stream, cancelled)
        refusal = UNREADABLE if check_structure(stream) else NOT_SOUND
        with decode(stream, refusal, cancelled) as sound:
            samples, peaks = _kept(sound, stream.size, master, report, cancelled)
            sound.demand_all(samples, stream.size)
            source_format = f"{sound.container}/{sound.codec}"
    report(1000)
    facts = SoundFacts(
        samples=samples,
        rate_hz=sound.rate_hz,
        channels=sound.channels,
        duration_ms=round(samples * 1000 / sound.rate_hz),
        source_sha256=sha256,
        bits=sound.bits,
    )
    return Imported(facts, source_format, peaks)


def _kept(
    sound: Decoded,
    size: int,
    master: Sink,
    report: Callable[[int], None],
    cancelled: Callable[[], bool],
) -> tuple[int, bytes]:
    """Write the master and return its length in samples and its outline."""
    writer = FlacWriter(master, sound.rate_hz, sound.layout, sound.bits)
    outline = PeaksBuilder(sound.channels, sound.rate_hz)
    done = 0
    for block in sound.blocks():
        if cancelled():
            raise CancelledError("The import was stopped; nothing was kept.")
        writer.write(block)
        outline.add(as_ints(block, sound.channels))
        done = max(done, min(999, sound.position * 1000 // size))
        report(done)
    writer.finish()
    return writer.samples, outline.finish()
