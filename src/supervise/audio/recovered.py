"""What a killed recorder left: how many frames can be read, their digest and outline; cutting its end off."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from supervise.audio.flac import FlacWriter, Sink
from supervise.audio.flac_frames import FlacFrames
from supervise.audio.master import MasterReader
from supervise.audio.peaks import PeaksBuilder
from supervise.domain.errors import CancelledError, DamagedError
from supervise.domain.session import SoundFacts

_BLOCK_FRAMES = 1 << 16


@dataclass(frozen=True, slots=True)
class Outline:
    """A digest of all frames (little-endian, as recorded) and the drawn outline of them."""

    sha256: str
    peaks: bytes


def count_samples(stream: BinaryIO) -> int:
    """Return how many frames of a FLAC stream that ends anywhere can be read; 0 when none can."""
    try:
        frames = FlacFrames(stream)
        start = frames.last_frame()
    except DamagedError:
        return 0
    behind = 0
    try:
        for first, frame in frames.decoded_from(max(0, start - 2) * frames.block_samples):
            behind = first + frame.samples
    except DamagedError:
        pass
    return behind


def outline(
    stream: BinaryIO,
    sound: SoundFacts,
    copy_to: Sink | None = None,
    report: Callable[[int], None] = lambda _permille: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Outline:
    """Read the first `sound.samples` frames of a master; copy them as a new master if asked.

    `report` gets 0 to 1000. Raises DamagedError, CancelledError, and what `copy_to` raises.
    """
    import av
    import numpy as np

    layout = {1: "mono", 2: "stereo"}[sound.channels]
    writer = FlacWriter(copy_to, sound.rate_hz, layout, 16) if copy_to is not None else None
    peaks, digest = PeaksBuilder(sound.channels, sound.rate_hz), hashlib.sha256()
    done = 0
    for block in MasterReader(stream, sound).blocks(0, _BLOCK_FRAMES):
        if cancelled():
            raise CancelledError
        done += len(block)
        report(done * 1000 // sound.samples)
        peaks.add(block)
        digest.update(block.astype("<i2").tobytes())
        if writer is not None:
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block).reshape(1, -1), "s16", layout)
            frame.sample_rate = sound.rate_hz
            writer.write(frame)
    if writer is not None:
        writer.finish()
    return Outline(digest.hexdigest(), peaks.finish())
