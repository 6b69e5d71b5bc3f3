"""From a source's packets to even blocks of whole-number samples, and what counts as damage on the way.

A packet that does not decode is damage and ends the import, with one exception: before the first sound some
MP3 and AAC files carry the rest of something they were cut from, which every player skips too.
"""

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from supervise.audio.source import ELSEWHERE, SourceStream
from supervise.audio.structure import CUT_SHORT
from supervise.domain.errors import CancelledError, NotReadableError

if TYPE_CHECKING:
    from av import AudioFrame, Packet
    from av.audio.resampler import AudioResampler
    from av.audio.stream import AudioStream
    from av.container import InputContainer

BLOCK_SAMPLES = 1 << 16
MOST_CHANNELS = 8
MOST_RATE_HZ = 655_350
LEAST_RATE_HZ = 2000  # less is no speech; at 1 Hz a small file would be days to transcribe
_SKIPPED_AT_START = 8
_TAGS = (b"ID3", b"TAG", b"APETAGEX", b"LYRICS")
_FLOAT_BITS = 24
_NO_SOUND = (
    "Nothing in this file can be played: its sound is empty, or it was cut short or damaged. Copy it from "
    "the recorder again."
)
_ONLY_PICTURES = "This file holds no sound, only pictures or text. Choose another."
_UNKNOWN_KIND = (
    "The sound in this file is of a kind that cannot be read here. Convert it to WAV, FLAC or "
    "M4A with another program first."
)
_MISSING = (
    "This file is cut short or damaged: {:.1f} s of its sound are "
    "missing. Copy it from the recorder again, or let another program convert it."
)
_TOO_MANY = "This recording has {} channels; at most {} can be kept. Mix it down with another program first."
BAD_RATE = (
    "This recording has a sample rate of {} Hz, which cannot be kept. "
    "Convert it to 48000 Hz with another program first."
)
DAMAGED_AT = (
    "This file is damaged at about {}. Copy it from the recorder again; if it is damaged there too, "
    "let another program (VLC, for example) convert it, and import that."
)
_REFUSALS = (
    *(_NO_SOUND, _ONLY_PICTURES, _UNKNOWN_KIND, CUT_SHORT, ELSEWHERE),
    *(_MISSING.format(0), _TOO_MANY.format(0, 0), BAD_RATE.format(0), DAMAGED_AT.format("0:00:00")),
)


def refuses(sentence: str) -> bool:
    """Whether decoding refuses a file in these words, whatever the figures in them."""
    return _figureless(sentence) in map(_figureless, _REFUSALS)


def _figureless(sentence: str) -> str:
    return re.sub(r"[0-9.]*[0-9]", "0", sentence)


def possible_rate(rate_hz: int) -> bool:
    """Whether sound of this rate can be kept."""
    return LEAST_RATE_HZ <= rate_hz <= MOST_RATE_HZ and (rate_hz <= 65535 or rate_hz % 10 == 0)


class SoundSource:
    """The first sound track of an opened container, decoded once from start to end.

    `rate_hz`, `channels` and `bits` are those of the first decoded sound; should they change on the way, what
    follows is converted to them.
    """

    def __init__(
        self, container: "InputContainer", cancelled: Callable[[], bool], source: SourceStream
    ) -> None:
        """Raise NotReadableError when there is no sound track or nobody can decode it."""
        stream = container.streams.best("audio")
        if stream is None:
            raise NotReadableError(_ONLY_PICTURES)
        if stream.codec_context is None:
            raise NotReadableError(_UNKNOWN_KIND)
        self.container = container.format.name.split(",")[0]
        self._stream: AudioStream = stream  # type: ignore[assignment]
        self._container, self._source = container, source
        self._cancelled = cancelled
        self._keep_only_sound()
        if self._stream.codec_context.name == "flac":
            self._stream.codec_context.options = {"err_detect": "crccheck+explode"}
        self._frames = self._decoded_frames()
        self._first = next(self._frames, None)
        if self._first is None:
            raise NotReadableError(_NO_SOUND)
        self._check_first(self._first)
        self.rate_hz = self._first.sample_rate
        self.layout = self._first.layout
        self.channels = self._first.layout.nb_channels
        self.bits = _bits(self._stream, self._first.format.name)
        self.codec = self._stream.codec_context.name

    @property
    def position(self) -> int:
        """How far the file was read, in bytes."""
        return self._source.position

    def blocks(self) -> "Iterator[AudioFrame]":
        """Yield packed s16 (`bits` 16) or s32 frames, full scale used, each of BLOCK_SAMPLES but the last."""
        import av

        assert self._first is not None
        template = self._first
        queue = av.AudioFifo()
        whole = av.AudioResampler("s16" if self.bits == 16 else "s32", self.layout, self.rate_hz)
        for frame in _like(template, self._all_frames()):
            frame.pts = None
            queue.write(frame)
            while (block := queue.read(BLOCK_SAMPLES)) is not None:
                yield from whole.resample(block)
        rest = queue.read(0)
        if rest is not None:
            yield from whole.resample(rest)
        yield from whole.resample(None)

    def demand_all(self, samples: int, size: int) -> None:
        """Raise NotReadableError when the track promises more than `samples` or reaches beyond `size`."""
        kind = self._container.format.name.split(",")[0]
        missing = (self._stream.duration or 0) - samples if kind == "flac" else 0
        if missing > 0:
            raise NotReadableError(_MISSING.format(missing / self.rate_hz))
        entries = self._stream.index_entries
        if kind == "mov" and len(entries) and entries[-1].pos + entries[-1].size > size:
            raise NotReadableError(CUT_SHORT)

    def _all_frames(self) -> "Iterator[AudioFrame]":
        assert self._first is not None
        yield self._first
        yield from self._frames

    def _keep_only_sound(self) -> None:
        from av.stream import Discard

        for stream in self._container.streams:
            if stream.index != self._stream.index:
                stream.discard = Discard.all

    def _decoded_frames(self) -> "Iterator[AudioFrame]":
        failed: Packet[AudioStream] | None = None
        last: Packet[AudioStream] | None = None
        skipped = 0
        for packet in self._packets():
            last = packet if packet.size else last
            if self._cancelled():
                raise CancelledError("The import was stopped; nothing was kept.")
            frames = self._frames_of(packet)
            if frames is None and skipped < _SKIPPED_AT_START:
                skipped += 1
            elif frames is None or (packet.is_corrupt and packet.size):
                failed = failed or packet
            elif frames and failed is not None:
                raise _damaged(failed)
            if frames:
                skipped = _SKIPPED_AT_START
                yield from frames
        if (failed is not None and bytes(failed).strip(b"\0")) or (
            last is not None and self._stream.codec_context.name == "aac" and _is_cut_adts(bytes(last))
        ):
            raise NotReadableError(CUT_SHORT)

    def _frames_of(self, packet: "Packet[AudioStream]") -> "list[AudioFrame] | None":
        """Decode one packet; None when it cannot be, nothing when it was a tag between two joined files."""
        import av

        try:
            return packet.decode()
        except av.FFmpegError:
            return [] if bytes(packet).startswith(_TAGS) else None

    def _packets(self) -> "Iterator[Packet[AudioStream]]":
        import av

        try:
            yield from self._container.demux(self._stream)
        except av.FFmpegError as error:
            raise NotReadableError(CUT_SHORT) from error

    def _check_first(self, frame: "AudioFrame") -> None:
        channels, rate = frame.layout.nb_channels, frame.sample_rate
        if channels > MOST_CHANNELS:
            raise NotReadableError(_TOO_MANY.format(channels, MOST_CHANNELS))
        if not possible_rate(rate):
            raise NotReadableError(BAD_RATE.format(rate))


def _is_cut_adts(packet: bytes) -> bool:
    """Whether an AAC packet with a header of its own (ISO 13818-7, 6.2) is shorter than that says."""
    if len(packet) < 7 or packet[0] != 0xFF or packet[1] & 0xF6 != 0xF0:
        return False
    return len(packet) < (packet[3] & 3) << 11 | packet[4] << 3 | packet[5] >> 5


def _damaged(packet: "Packet[AudioStream]") -> NotReadableError:
    time_base = packet.time_base or Fraction(0)
    seconds = int((packet.pts or 0) * time_base)
    return NotReadableError(DAMAGED_AT.format(f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"))


def _like(template: "AudioFrame", frames: "Iterator[AudioFrame]") -> "Iterator[AudioFrame]":
    """Pass frames on; those of another rate, format or channels come converted to the template's."""
    wanted = _shape(template)
    shape, convert = wanted, None
    for frame in frames:
        if _shape(frame) != shape:
            yield from _unstamped(_flushed(convert), template)
            shape = _shape(frame)
            convert = None if shape == wanted else _converter(template)
        frame.pts = None
        if convert is None:
            yield frame
        else:
            yield from _unstamped(convert.resample(frame), template)
    yield from _unstamped(_flushed(convert), template)


def _shape(frame: "AudioFrame") -> tuple[str, int, int]:
    return frame.format.name, frame.sample_rate, frame.layout.nb_channels


def _converter(template: "AudioFrame") -> "AudioResampler":
    import av

    return av.AudioResampler(template.format.name, template.layout, template.sample_rate)


def _unstamped(frames: "list[AudioFrame]", template: "AudioFrame") -> "Iterator[AudioFrame]":
    for frame in frames:
        frame.pts, frame.time_base = None, template.time_base
        yield frame


def _flushed(convert: "AudioResampler | None") -> "list[AudioFrame]":
    return [] if convert is None else convert.resample(None)


def _bits(stream: "AudioStream", sample_format: str) -> int:
    """Return the bits a sample kept of a source: 16, 24 or 32.

    Lossless whole numbers keep their own, up to 32. Floating point keeps 24, the precision of a 32-bit
    float at full scale (louder than full scale is clipped). Lossy codecs keep 16: what lies below was never
    recorded.
    """
    codec, extradata = stream.codec_context.name, stream.codec_context.extradata or b""
    if codec == "flac" and len(extradata) >= 34:
        own = ((extradata[12] & 1) << 4 | extradata[13] >> 4) + 1
    elif codec == "alac" and len(extradata) >= 36:
        own = extradata[17]
    elif codec.startswith(("pcm_f", "pcm_s24", "pcm_u24")):
        own = _FLOAT_BITS
    elif codec.startswith("pcm_") or codec in _LOSSLESS:
        own = 32 if sample_format.startswith(("s32", "flt", "dbl", "s64")) else 16
    else:
        own = 16
    return 16 if own <= 16 else 24 if own <= 24 else 32


_LOSSLESS = {"wavpack", "tta", "ape", "wmalossless", "truehd", "mlp"}
