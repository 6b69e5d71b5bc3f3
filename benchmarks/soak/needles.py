"""What must never be found in a file, in every spelling a program might write it, and the search for it."""

import base64
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import av
import numpy as np
from ground import opened

from supervise.audio.master import speech_blocks
from supervise.domain.ids import SessionId

_RUN = 24
_PIECE = 1 << 24


def spellings(text: str) -> Iterator[bytes]:
    """Yield a text as UTF-8, UTF-16, UTF-32, hexadecimal, and base64 at its three offsets."""
    plain = text.encode()
    yield plain.lower()
    for encoding in ("utf-16-le", "utf-16-be", "utf-32-le"):
        yield text.encode(encoding).lower()
    yield plain.hex().encode()
    for lead in range(3):
        coded = base64.b64encode(b"\0" * lead + plain)
        skip, tail = (0, 2, 3)[lead], (len(plain) + lead) % 3
        yield coded[skip + (1 if lead else 0) : len(coded) - (4 if tail else 0)]


def phrases(words: list[str], most: int = 40) -> list[str]:
    """Return runs of four words of what was said, and its distinctive single words."""
    runs = [" ".join(words[at : at + 4]) for at in range(0, len(words) - 4, 5)]
    clean = {re.sub(r"[^A-Za-z]", "", word) for word in words}
    return [run for run in runs if len(run) >= 14][:most] + sorted(word for word in clean if len(word) >= 7)


def sound_runs(source: Path) -> list[bytes]:
    """Return runs of samples of a recording, where it is loud, as programs keep them."""
    with av.open(str(source)) as container:
        parts = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
    samples = np.concatenate(parts)
    samples = (samples >> 16).astype(np.int16) if samples.dtype == np.int32 else samples
    found = []
    for at in _loud(samples):
        run = samples[at : at + _RUN]
        floats = run.astype(np.float32) / np.float32(32768)
        found += [run.astype("<i2").tobytes(), run.astype(">i2").tobytes(), floats.tobytes()]
        found += [(run.astype("<i4") << 16).tobytes(), run.astype("<i4").tobytes()]
    raw = source.read_bytes()
    return [*found, *(raw[at : at + 48] for at in range(20_000, len(raw) - 48, len(raw) // 9))]


def _loud(samples: np.ndarray) -> list[int]:
    step = len(samples) // 12
    starts = range(0, step * 12, step)
    return [start + int(np.argmax(np.abs(samples[start : start + step - _RUN]))) for start in starts]


def kept_runs(vault: Path, session: str) -> list[bytes]:
    """Return pieces of the master, of the peaks, and of the sound the speech child is fed."""
    desk = opened(vault)
    row = desk.session(SessionId(session))
    found = []
    for media in (row.master, row.peaks):
        with desk.store.media.open(media) as stream:
            for at in range(stream.size // 10, stream.size - 48, stream.size // 9):
                stream.seek(at)
                found.append(stream.read(48))
    with desk.store.media.open(row.master) as stream:
        blocks = speech_blocks(stream, row.sound)
        for _, block in zip(range(8), blocks, strict=False):
            at = int(np.argmax(np.abs(block[:-_RUN])))
            found.append(block[at : at + _RUN].astype("<f4").tobytes())
    desk.close()
    return [run for run in found if len(set(run)) > 12]


class Needles:
    """All needles at once; `in_file` names those a file holds."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._texts: dict[bytes, str] = {}
        self._runs: dict[bytes, str] = {}

    def add_texts(self, texts: Iterable[str]) -> None:
        """Look for these texts in every spelling."""
        for text in texts:
            for spelling in spellings(text):
                if len(spelling) >= 7:
                    self._texts[spelling] = text

    def add_runs(self, runs: Iterable[bytes], what: str) -> None:
        """Look for these bytes as they are."""
        self._runs.update((run, what) for run in runs)

    def __len__(self) -> int:
        """How many spellings and runs there are."""
        return len(self._texts) + len(self._runs)

    def in_bytes(self, data: bytes) -> set[str]:
        """Return what is found in some bytes, texts in any case."""
        lower = data.lower()
        found = {text for spelling, text in self._texts.items() if spelling in lower or spelling in data}
        return found | {what for run, what in self._runs.items() if run in data}

    def in_file(self, path: Path) -> set[str]:
        """Return what is found in a file, read in overlapping pieces."""
        found: set[str] = set()
        rest = b""
        with path.open("rb") as stream:
            while piece := stream.read(_PIECE):
                found |= self.in_bytes(rest + piece)
                rest = piece[-4096:]
        return found
