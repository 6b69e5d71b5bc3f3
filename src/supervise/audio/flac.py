"""Writing FLAC as a plain stream: a header, then frames, to a target that cannot seek (RFC 9639).

The header's sample count and checksum stay zero, which FLAC allows for streams; the exact count is kept
beside the master, in the database, and each frame carries its own checksum.
"""

import errno
from typing import TYPE_CHECKING, Protocol

from supervise.domain.errors import NoSpaceError

if TYPE_CHECKING:
    from av import AudioFrame, Packet
    from av.audio.layout import AudioLayout
    from av.audio.stream import AudioStream

COMPRESSION = "5"
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_LAST_BLOCK_STREAMINFO = b"\x80\x00\x00\x22"


class Sink(Protocol):
    """Anything bytes can be written to."""

    def write(self, data: bytes, /) -> object:
        """Take all of `data`."""


class FlacWriter:
    """Encode packed s16 (`bits` 16) or full-scale s32 frames (`bits` 24 or 32) losslessly."""

    def __init__(self, target: Sink, rate_hz: int, layout: "AudioLayout | str", bits: int) -> None:
        """Write the header at once; raises NoSpaceError when the target's disk is full."""
        import av

        codec = av.CodecContext.create("flac", "w")
        codec.sample_rate = rate_hz
        codec.layout = layout
        codec.format = "s16" if bits == 16 else "s32"
        codec.options = {"compression_level": COMPRESSION, "strict": "experimental"}
        if bits == 24:
            codec.options["bits_per_raw_sample"] = "24"
        codec.open()
        self._codec = codec
        self._target = target
        self.samples = 0
        self._put(b"fLaC" + _LAST_BLOCK_STREAMINFO + (codec.extradata or b"")[:34])

    def write(self, frame: "AudioFrame") -> None:
        """Encode one frame of any length; raises NoSpaceError."""
        frame.pts = None
        self.samples += frame.samples
        self._put_packets(self._codec.encode(frame))

    def finish(self) -> None:
        """Encode what is left; the target stays open."""
        self._put_packets(self._codec.encode(None))

    def _put_packets(self, packets: "list[Packet[AudioStream]]") -> None:
        for packet in packets:
            if packet.size:
                self._put(bytes(packet))

    def _put(self, data: bytes) -> None:
        try:
            self._target.write(data)
        except OSError as error:
            if error.errno in _FULL:
                raise NoSpaceError("The disk is full. Make room and try again.") from error
            raise
