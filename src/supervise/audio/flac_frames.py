"""Finding and decoding the frames of a FLAC master from any sample on (RFC 9639, section 9.1).

libav's own FLAC seeking needs ten frames of look-ahead and fails near the end of a stream that was written
without seeking, so the frame is found here: every frame has the same number of samples and carries its own
number, which makes a binary search over bytes exact.
"""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from supervise.domain.errors import DamagedError

if TYPE_CHECKING:
    from av import AudioCodecContext, AudioFrame, Packet
    from av.audio.stream import AudioStream

DAMAGED = "A part of this recording is damaged and cannot be played. Run `supervise verify` to see how much."
_HEAD_BYTES = 42
_SYNC = b"\xff\xf8"
_LONGEST_FRAME_HEADER = 16
_WINDOW_BYTES = 1 << 14
_PARSED_BYTES = 1 << 14


class _Mark(NamedTuple):
    frame: int
    offset: int


class FlacFrames:
    """The frames of a FLAC stream of fixed block size on a seekable stream, which stays the caller's."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read the header; raises DamagedError when it is not one."""
        self._stream = stream
        head = self._bytes(0, _HEAD_BYTES)
        if len(head) < _HEAD_BYTES or not head.startswith(b"fLaC\x80\x00\x00\x22"):
            raise DamagedError(DAMAGED)
        self._info = head[8:]
        self.block_samples = int.from_bytes(self._info[2:4], "big")
        self._size = stream.seek(0, os.SEEK_END)
        first = self._header(self._bytes(_HEAD_BYTES, _LONGEST_FRAME_HEADER), 0)
        if self.block_samples == 0 or (first is None and self._size > _HEAD_BYTES):
            raise DamagedError(DAMAGED)

    def decoded_from(self, sample: int) -> "Iterator[tuple[int, AudioFrame]]":
        """Yield (first sample, decoded frame) from the frame that holds `sample` on; raises DamagedError."""
        import av

        wanted = sample // self.block_samples
        codec = av.CodecContext.create("flac", "r")
        codec.extradata = self._info
        codec.options = {"err_detect": "crccheck+explode"}
        try:
            for number, packet in enumerate(self._packets(codec, self._offset_of(wanted)), start=wanted):
                if self._header(bytes(packet)[:_LONGEST_FRAME_HEADER], 0) != number:
                    raise DamagedError(DAMAGED)
                for frame in codec.decode(packet):
                    yield number * self.block_samples, frame
        except av.FFmpegError as error:
            raise DamagedError(DAMAGED) from error

    def last_frame(self) -> int:
        """Return the number of the last frame that begins in the stream, whole or not; 0 without any."""
        behind = self._size
        while behind > _HEAD_BYTES:
            start = max(_HEAD_BYTES, behind - _WINDOW_BYTES)
            number, place = None, start
            while (mark := self._next_mark(place, behind)) is not None:
                number, place = mark.frame, mark.offset + len(_SYNC)
            if number is not None:
                return number
            behind = start
        return 0

    def _packets(self, codec: "AudioCodecContext", offset: int) -> "Iterator[Packet[AudioStream]]":
        """Yield whole frames; before bytes that cannot be read, those that lie wholly ahead of them."""
        damage: DamagedError | None = None
        while damage is None:
            try:
                data = self._bytes(offset, _PARSED_BYTES)
            except DamagedError as error:
                damage, data = error, b""
            if not data:
                break
            yield from codec.parse(data)
            offset += len(data)
        while rest := codec.parse(None):
            yield from rest
        if damage is not None:
            raise damage

    def _offset_of(self, wanted: int) -> int:
        """Return the byte offset of a frame: halve the span down to a window, then walk it."""
        below, above = _Mark(0, _HEAD_BYTES), self._size
        while wanted > below.frame and above - below.offset > _WINDOW_BYTES:
            middle = (below.offset + above) // 2
            mark = self._next_mark(middle, above)
            if mark is None or not below.frame < mark.frame <= wanted:
                above = middle
            else:
                below = mark
        while below.frame < wanted:
            found = self._next_mark(below.offset + len(_SYNC), self._size)
            if found is None or not below.frame < found.frame <= wanted:
                raise DamagedError(DAMAGED)
            below = found
        return below.offset

    def _next_mark(self, start: int, end: int) -> _Mark | None:
        """Return the first frame that begins in bytes [start, end), passing over what cannot be read."""
        while start < end:
            window = self._window(start)
            at = window.find(_SYNC)
            while 0 <= at < _WINDOW_BYTES:
                frame = self._header(window, at)
                if frame is not None:
                    return _Mark(frame, start + at) if start + at < end else None
                at = window.find(_SYNC, at + 1)
            start += _WINDOW_BYTES
        return None

    def _window(self, start: int) -> bytes:
        try:
            return self._bytes(start, _WINDOW_BYTES + _LONGEST_FRAME_HEADER)
        except DamagedError:
            return b""

    def _header(self, data: bytes, at: int) -> int | None:
        """Return the number of the frame whose header lies at `at`, or None when there is none."""
        if data[at : at + 2] != _SYNC or len(data) < at + 6:
            return None
        number, behind = _coded_number(data, at + 4)
        if number is None:
            return None
        behind += {6: 1, 7: 2}.get(data[at + 2] >> 4, 0) + {12: 1, 13: 2, 14: 2}.get(data[at + 2] & 15, 0)
        if behind >= len(data) or _crc8(data[at:behind]) != data[behind]:
            return None
        return number

    def _bytes(self, offset: int, count: int) -> bytes:
        self._stream.seek(offset)
        parts = bytearray()
        while len(parts) < count and (piece := self._stream.read(count - len(parts))):
            parts += piece
        return bytes(parts)


def _coded_number(data: bytes, at: int) -> tuple[int | None, int]:
    """Read a number coded like UTF-8 (RFC 9639, 9.1.5); returns (number or None, next offset)."""
    first = data[at]
    if first < 0x80:
        return first, at + 1
    more = 7 - (first ^ 0xFF).bit_length()
    tail = data[at + 1 : at + 1 + more]
    if not 1 <= more <= 6 or len(tail) < more or any(byte & 0xC0 != 0x80 for byte in tail):
        return None, at + 1
    number = first & (0x3F >> more)
    for byte in tail:
        number = number << 6 | byte & 0x3F
    return number, at + 1 + more


def _crc8_table() -> tuple[int, ...]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value << 1 ^ (0x107 if value & 0x80 else 0)  # noqa: PLW2901 - the register of the division
        table.append(value)
    return tuple(table)


_CRC8 = _crc8_table()


def _crc8(data: bytes) -> int:
    value = 0
    for byte in data:
        value = _CRC8[value ^ byte]
    return value
