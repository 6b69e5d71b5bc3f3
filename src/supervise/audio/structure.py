"""What a file's own headers promise, read before libav sees it: is it complete, and is it copy-protected?

Decoders play a file that was cut short as if it simply ended there. The containers know better: they carry
sizes. Sources: RIFF/RF64 (EBU Tech 3306), AIFF, CAF (Apple), ISO 14496-12, ASF specification 1.20, RFC 8794
(EBML), RFC 3533 (Ogg), and the Xing/Info frame as LAME writes it.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from supervise.audio.source import SourceStream
from supervise.domain.errors import NotReadableError

CUT_SHORT = (
    "This file is cut short: its end is missing. Copy it from the recorder again; if it is short there too, "
    "let another program (VLC, for example) convert what is left, and import that."
)
DAMAGED = (
    "This file is damaged: a part of it is not what it was. Copy it from the recorder again; if it is "
    "damaged there too, let another program (VLC, for example) convert it, and import that."
)
UNREADABLE = "This file was cut short or damaged, so that it cannot be read. Copy it from the recorder again."
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
_EBML_PARENTS = {0x18538067, 0x1F43B675}  # Segment, Cluster
_EBML_HEAD_BYTES = 16
_OGG_HEAD_BYTES = 27
_WINDOW_BYTES = 1 << 17
_MIRRORED = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))


def check_structure(source: SourceStream) -> bool:
    """Raise NotReadableError when the file's headers show that it is cut short or protected.

    Files of kinds that promise nothing (plain ADTS, AMR) pass. Returns whether it begins like sound.
    """
    head = _at(source, 0, 16)
    check = next((check for check, begins in _CHECKS if begins(head)), None)
    if check is not None:
        check(source)
    source.seek(0)
    return check is not None


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
    size = struct.unpack("<Q", _at(source, 16, 8).ljust(8, b"\xff"))[0]
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
    """Return (value, next offset) of a variable-length number.

    "Unknown" gives -1; what is no number, an offset behind any head.
    """
    if start >= len(data) or not data[start]:
        return 0, _EBML_HEAD_BYTES + 1
    length = 9 - data[start].bit_length()
    raw = int.from_bytes(data[start : start + length], "big")
    if keep_marker:
        return raw, start + length
    ones = (1 << (7 * length)) - 1
    value = raw & ones
    return (-1 if value == ones else value), start + length


def _check_matroska(source: SourceStream) -> None:
    """Walk the elements down to single blocks: after damage, libav goes on at the next cluster silently."""
    view = _Window(source)
    offset = 0
    while offset < source.size:
        head = view.bytes(offset, _EBML_HEAD_BYTES)
        identity, behind = _ebml_number(head, 0, keep_marker=True)
        size, behind = _ebml_number(head, behind, keep_marker=False)
        if behind > len(head):
            raise NotReadableError(DAMAGED if len(head) == _EBML_HEAD_BYTES else CUT_SHORT)
        if size >= 0:
            _demand(offset + behind + size, source)
        elif identity not in _EBML_PARENTS:
            raise NotReadableError(DAMAGED)
        offset += behind if identity in _EBML_PARENTS else behind + size


class _Window:
    """Short reads at rising offsets, served from one larger read."""

    def __init__(self, source: SourceStream) -> None:
        self._source = source
        self._start = 0
        self._data = b""

    def bytes(self, offset: int, count: int) -> bytes:
        at = offset - self._start
        if not 0 <= at <= len(self._data) - count:
            self._start, self._data, at = offset, _at(self._source, offset, _WINDOW_BYTES), 0
        return self._data[at : at + count]


def _check_ogg(source: SourceStream) -> None:
    """Check every page's checksum: libav drops pages that fail theirs without a word."""
    view = _Window(source)
    offset = 0
    while offset < source.size:
        head = view.bytes(offset, _OGG_HEAD_BYTES)
        if not head.startswith(b"OggS"):
            if head.startswith(b"TAG") or b"OggS".startswith(head):
                break
            raise NotReadableError(DAMAGED)
        if len(head) < _OGG_HEAD_BYTES:
            break
        table = view.bytes(offset + _OGG_HEAD_BYTES, head[26])
        length = _OGG_HEAD_BYTES + len(table) + sum(table)
        if len(table) < head[26] or offset + length > source.size:
            break
        if _ogg_checksum(view.bytes(offset, length)) != int.from_bytes(head[22:26], "little"):
            raise NotReadableError(DAMAGED)
        offset += length
    if offset < source.size and _at(source, offset, 3) != b"TAG":
        raise NotReadableError(CUT_SHORT)


def _ogg_checksum(page: bytes) -> int:
    """CRC-32 of RFC 3533 (not reflected, starts at 0, its own field as zeros) by zlib's reflected one."""
    mirrored = (page[:22] + bytes(4) + page[26:]).translate(_MIRRORED)
    reflected = zlib.crc32(mirrored, 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(reflected.to_bytes(4, "little").translate(_MIRRORED), "big")


def _check_flac(source: SourceStream) -> None:
    """Walk the metadata blocks; the frames carry checksums of their own."""
    offset, last = 4, False
    while not last:
        head = _at(source, offset, 4).ljust(4, b"\x7f")
        last = bool(head[0] & 0x80)
        offset += 4 + int.from_bytes(head[1:], "big")
        _demand(offset + 1, source)


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


_BOX_KINDS = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}
_CHECKS: list[tuple[Callable[[SourceStream], None], Callable[[bytes], bool]]] = [
    (_check_wav, lambda head: head[:4] in {b"RIFF", b"RF64"} and head[8:12] == b"WAVE"),
    (_check_aiff, lambda head: head[:4] == b"FORM" and head[8:11] == b"AIF"),
    (_check_caf, lambda head: head[:4] == b"caff"),
    (_check_mov, lambda head: head[4:8] in _BOX_KINDS),
    (_check_asf, lambda head: head == _ASF_HEADER),
    (_check_matroska, lambda head: head[:4] == b"\x1a\x45\xdf\xa3"),
    (_check_flac, lambda head: head[:4] == b"fLaC"),
    (_check_ogg, lambda head: head[:4] == b"OggS"),
    (_check_mp3, lambda head: head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1:2] >= b"\xe0")),
]
