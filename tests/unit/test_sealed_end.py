"""A sealed file cut anywhere gets an end: what was whole stays, and it reads as complete."""

from pathlib import Path

import pytest

from supervise.crypto.keys import new_key
from supervise.crypto.sealed import HEADER_BYTES, SealedReader, SealedWriter
from supervise.crypto.sealed_end import end_sealed

CHUNK = 64
TEXT = bytes(range(256)) * 2


def ended(path: Path, key: bytes) -> bytes:
    with path.open("r+b") as raw:
        end_sealed(raw, key, "m")
    with SealedReader(path.open("rb"), key, "m") as reader:
        assert reader.complete
        assert reader.damaged() == []
        return reader.read()


def test_a_file_cut_at_every_length_keeps_its_whole_chunks(tmp_path: Path) -> None:
    key, path = new_key(), tmp_path / "m"
    with SealedWriter(path.open("wb"), key, "m", CHUNK) as writer:
        writer.write(TEXT + b"rest")
    whole = path.read_bytes()
    for length in range(HEADER_BYTES, len(whole)):
        path.write_bytes(whole[:length])
        chunks = min((length - HEADER_BYTES) // (CHUNK + 16), len(TEXT) // CHUNK)
        assert ended(path, key) == TEXT[: chunks * CHUNK], length


@pytest.mark.parametrize("length", [0, 10, CHUNK, 200])
def test_a_file_with_an_end_stays_as_it_is(tmp_path: Path, length: int) -> None:
    key, path = new_key(), tmp_path / "m"
    with SealedWriter(path.open("wb"), key, "m", CHUNK) as writer:
        writer.write(TEXT[:length])
    before = path.read_bytes()
    assert ended(path, key) == TEXT[:length]
    assert path.read_bytes() == before


def test_a_killed_writer_that_synced_loses_nothing_synced(tmp_path: Path) -> None:
    key, path = new_key(), tmp_path / "m"
    writer = SealedWriter(path.open("wb"), key, "m", CHUNK)
    writer.write(TEXT)
    writer.sync()
    writer.write(b"not yet")
    writer.abort()
    assert ended(path, key) == TEXT
