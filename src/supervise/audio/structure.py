"""What a file's own headers promise, read before libav sees it: is it complete, and is it copy-protected?

Decoders play a file that was cut short as if it simply ended there. The containers know better: they carry
sizes. Sources: RIFF/RF64 (EBU Tech 3306), AIFF, CAF (Apple), ISO 14496-12, ASF specification 1.20, RFC 8794
(EBML), RFC 3533 (Ogg), and the Xing/Info frame as LAME writes it.
"""

import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

from supervise.audio.source import SourceStream
from supervise.domain.errors import NotReadableError

CUT_SHORT = (
    "This file is cut short: its end is missing. Copy it from the recorder again; if it is short there too, "
    "let another program (VLC, for example) convert what is left, and import that."
)
PROTECTED = (
    "This file is copy-protected (DRM), so no other program can read it. Export an unprotected copy from the "
    "program it belongs to, and import that."
)
_UNKNOWN_SIZES = {0, 0xFFFFFFFF}
_PROTECTED_ENTRIES = {b"drms", b"drmi", b"drmt", b"enca", b"encv", b"encs", b"enct", b"aavd", b"aavs"}
_BOXES_WITH_BOXES = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
_MOST_BOXES = 1_000_000
_ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_ASF_PROTECTION = (
    bytes.fromhex("fbb31122 23bdd211b4b700a0c955fc6e".replace(" ", "")),
    bytes.fromhex("14e68a29 2226174cb935dae07ee9289c".replace(" ", "")),
)
_EBML_SEGMENT = 0x18538067
_OGG_TAIL_BYTES = 2 * 65307


def check_structure(source: SourceStream, format_name: str) -> None:
    """Raise NotReadableError when the file's headers show that it is cut short or protected.

    `format_name` is libav's word for the container; formats without any promise pass.
    """
    check = _CHECKS.get(format_name.split(",", maxsplit=1)[0])
    if check is not None:
        position = source.position
        check(source)
        source.seek(position)


def check_boxes(source: SourceStream) -> None:
    """Check a file that begins like MP4 or MOV, whatever libav makes of it; others pass."""
    if _at(source, 4, 4) in {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}:
        _check_mov(source)
    source.seek(0)


def _at(source: SourceStream, offset: int, count: int) -> bytes:
    source.seek(offset)
    return source.read(count)


def _demand(end: int, source: SourceStream) -> None:
    if end > source.size:
        raise NotReadableError(CUT_SHORT)


class _Box(NamedTuple):
    kind: bytes
    start: int
    end: int


def _chunks(source: SourceStream, start: int, order: str) -> Iterator[_Box]:
    """Walk RIFF or IFF chunks: four letters, a 32-bit size, padded to even."""
    while start + 8 <= source.size:
        kind, size = struct.unpack(f"{order}4sI", _at(source, start, 8))
        yield _Box(kind, start + 8, start + 8 + size)
        start += 8 + size + (size & 1)


def _check_wav(source: SourceStream) -> None:
    long_size = 0
    for chunk in _chunks(source, 12, "<"):
        if chunk.kind == b"ds64":
            long_size = struct.unpack("<Q", _at(source, chunk.start + 8, 8).ljust(8, b"\0"))[0]
        if chunk.kind == b"data":
            size = chunk.end - chunk.start
            if size in _UNKNOWN_SIZES:
                size = long_size
            return _demand(chunk.start + size, source)
    raise NotReadableError(CUT_SHORT)


def _check_aiff(source: SourceStream) -> None:
    for chunk in _chunks(source, 12, ">"):
        if chunk.kind == b"SSND":
            return _demand(chunk.end, source)
    raise NotReadableError(CUT_SHORT)


def _check_caf(source: SourceStream) -> None:
    start = 8
    while start + 12 <= source.size:
        kind, size = struct.unpack(">4sq", _at(source, start, 12))
        if kind == b"data" and size == -1:
            return
        if size < 0:
            break
        _demand(start + 12 + size, source)
        start += 12 + size


def _boxes(source: SourceStream, start: int, end: int) -> Iterator[_Box]:
    """Walk the boxes between two offsets; the last may reach beyond `end`, and does when the file is cut."""
    for _ in range(_MOST_BOXES):
        if start + 8 > end:
            return
        size, kind = struct.unpack(">I4s", _at(source, start, 8))
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", _at(source, start + 8, 8).ljust(8, b"\xff"))[0], 16
        elif size == 0:
            size = end - start
        if size < head:
            return
        yield _Box(kind, start + head, start + size)
        start += size


def _check_mov(source: SourceStream) -> None:
    kinds = set()
    for box in _boxes(source, 0, source.size):
        kinds.add(box.kind)
        if box.kind == b"moov":
            _refuse_protected(source, box)
        if box.kind in {b"moov", b"mdat", b"moof"}:
            _demand(box.end, source)
    if b"moov" not in kinds:
        raise NotReadableError(CUT_SHORT)


def _refuse_protected(source: SourceStream, parent: _Box) -> None:
    for box in _boxes(source, parent.start, min(parent.end, source.size)):
        if box.kind in _BOXES_WITH_BOXES:
            _refuse_protected(source, box)
        if box.kind == b"stsd":
            entries = _boxes(source, box.start + 8, min(box.end, source.size))
            if any(entry.kind in _PROTECTED_ENTRIES for entry in entries):
                raise NotReadableError(PROTECTED)


def _check_asf(source: SourceStream) -> None:
    guid, size = struct.unpack("<16sQ", _at(source, 0, 24).ljust(24, b"\0"))
    if guid != _ASF_HEADER:
        return
    _demand(size, source)
    header = _at(source, 30, min(size, 1 << 20))
    start = 0
    while start + 24 <= len(header):
        kind, length = struct.unpack_from("<16sQ", header, start)
        if kind in _ASF_PROTECTION:
            raise NotReadableError(PROTECTED)
        if kind == _ASF_PROPERTIES and start + 92 <= len(header):
            file_bytes, flags = struct.unpack_from("<Q", header, start + 40)[0], header[start + 88]
            if not flags & 1:
                _demand(file_bytes, source)
        start += max(length, 24)


def _ebml_number(data: bytes, start: int, *, keep_marker: bool) -> tuple[int, int]:
    """Return (value, next offset) of a variable-length number; -1 when it says "unknown"."""
    first = data[start]
    length = 9 - first.bit_length() if first else 9
    raw = int.from_bytes(data[start : start + length], "big")
    if keep_marker:
        return raw, start + length
    ones = (1 << (7 * length)) - 1
    value = raw & ones
    return (-1 if value == ones else value), start + length


def _check_matroska(source: SourceStream) -> None:
    offset = 0
    while offset + 12 <= source.size:
        head = _at(source, offset, 16).ljust(16, b"\0")
        identity, behind = _ebml_number(head, 0, keep_marker=True)
        size, behind = _ebml_number(head, min(behind, 7), keep_marker=False)
        if size < 0:
            return
        _demand(offset + behind + size, source)
        if identity == _EBML_SEGMENT:
            return
        offset += behind + size


def _check_ogg(source: SourceStream) -> None:
    start = max(0, source.size - _OGG_TAIL_BYTES)
    tail = _at(source, start, _OGG_TAIL_BYTES)
    offset, end = tail.find(b"OggS"), 0
    while offset >= 0:
        segments = tail[offset + 26] if offset + 26 < len(tail) else 255
        table = tail[offset + 27 : offset + 27 + segments]
        whole = len(table) == segments and offset + 27 + segments + sum(table) <= len(tail)
        if not whole and tail.find(b"OggS", offset + 4) < 0:
            raise NotReadableError(CUT_SHORT)
        end = offset + 27 + segments + sum(table) if whole else offset + 4
        offset = tail.find(b"OggS", end)
    if end < len(tail) and b"OggS".startswith(tail[end : end + 4]):
        raise NotReadableError(CUT_SHORT)


def _check_mp3(source: SourceStream) -> None:
    start = 0
    head = _at(source, 0, 10)
    if head.startswith(b"ID3") and len(head) == 10:
        sizes = head[6:10]
        start = 10 + (sizes[0] << 21 | sizes[1] << 14 | sizes[2] << 7 | sizes[3])
    _demand(start + 4, source)
    first = _at(source, start, 2048)
    for mark in (b"Xing", b"Info"):
        at = first.find(mark)
        if 0 <= at < 256 and len(first) >= at + 16:
            flags = int.from_bytes(first[at + 4 : at + 8], "big")
            place = at + 8 + 4 * (flags & 1)
            if flags & 2:
                _demand(start + int.from_bytes(first[place : place + 4], "big"), source)
            return


_CHECKS: dict[str, Callable[[SourceStream], None]] = {
    "wav": _check_wav,
    "aiff": _check_aiff,
    "caf": _check_caf,
    "mov": _check_mov,
    "asf": _check_asf,
    "matroska": _check_matroska,
    "ogg": _check_ogg,
    "mp3": _check_mp3,
}
