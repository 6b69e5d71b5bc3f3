"""Sealed files: any way of writing and reading gives the same bytes; every change is noticed in its place."""

import io
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from supervise.crypto.sealed import HEADER_BYTES, TAG_BYTES, SealedReader, SealedWriter, damaged_chunks
from supervise.domain.errors import DamagedError, NoSpaceError

KEY = bytes(range(32))
ID = "0123456789abcdef0123456789abcdef"
CHUNK = 16
STEP = CHUNK + TAG_BYTES


class Kept(io.BytesIO):
    """A file in memory whose bytes can be read after it is closed."""

    kept = b""

    def close(self) -> None:
        if not self.closed:
            self.kept = self.getvalue()
        super().close()


def sealed_bytes(plaintext: bytes, chunk: int = CHUNK, media_id: str = ID) -> bytes:
    raw = Kept()
    with SealedWriter(raw, KEY, media_id, chunk) as writer:
        writer.write(plaintext)
    return raw.kept


def opened(sealed: bytes, media_id: str = ID, key: bytes = KEY, **options: bool) -> SealedReader:
    return SealedReader(io.BytesIO(sealed), key, media_id, **options)


def bad_chunks(sealed: bytes) -> list[int]:
    return damaged_chunks(io.BytesIO(sealed), KEY, ID)


@given(st.lists(st.one_of(st.binary(max_size=90), st.none()), max_size=12), st.integers(16, 64))
def test_whatever_is_written_comes_back(pieces, chunk):
    raw = Kept()
    with SealedWriter(raw, KEY, ID, chunk) as writer:
        for piece in pieces:
            if piece is None:
                writer.flush()
            else:
                assert writer.write(piece) == len(piece)
        expected = b"".join(piece or b"" for piece in pieces)
        assert writer.tell() == len(expected)
    with opened(raw.kept) as reader:
        assert reader.size == len(expected)
        assert reader.read() == expected
        assert reader.complete
        assert reader.damaged() == []


@given(st.binary(max_size=200), st.lists(st.tuples(st.integers(0, 250), st.integers(-1, 90)), max_size=15))
def test_seeking_and_reading_is_like_a_plain_file(plaintext, moves):
    plain = io.BytesIO(plaintext)
    with opened(sealed_bytes(plaintext)) as reader:
        for position, count in moves:
            assert reader.seek(position) == plain.seek(position)
            assert reader.read(count) == plain.read(count)
            assert reader.tell() == plain.tell()
        assert reader.seek(0, io.SEEK_END) == len(plaintext)


def test_a_buffered_reader_stands_on_it():
    plaintext = bytes(range(256)) * 10
    with io.BufferedReader(opened(sealed_bytes(plaintext))) as reader:
        reader.seek(-100, io.SEEK_END)
        assert reader.read() == plaintext[-100:]


def test_the_format_is_the_stream_construction():
    sealed = sealed_bytes(b"a" * CHUNK + b"b" * 5)
    header = sealed[:HEADER_BYTES]
    assert header[:8] == b"SPVSEAL\x01"
    assert int.from_bytes(header[8:12], "big") == CHUNK
    prefix, associated = header[12:19], header + ID.encode()
    first, last = sealed[HEADER_BYTES : HEADER_BYTES + STEP], sealed[HEADER_BYTES + STEP :]
    aead = AESGCM(KEY)
    assert aead.decrypt(prefix + b"\0\0\0\0\0", first, associated) == b"a" * CHUNK
    assert aead.decrypt(prefix + b"\0\0\0\1\1", last, associated) == b"b" * 5


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_every_flipped_byte_is_noticed_and_the_rest_stays_readable(size):
    plaintext = bytes(range(size))
    sealed = sealed_bytes(plaintext)
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 0x40
        if at < HEADER_BYTES:
            with pytest.raises(DamagedError):
                opened(bytes(changed)).read()
            continue
        chunk = (at - HEADER_BYTES) // STEP
        assert bad_chunks(bytes(changed)) == [chunk]
        with opened(bytes(changed)) as reader:
            with pytest.raises(DamagedError, match=f"chunk {chunk}"):
                reader.read()
            for other in set(range(reader.chunks)) - {chunk}:
                reader.seek(other * CHUNK)
                assert reader.read(CHUNK) == plaintext[other * CHUNK : (other + 1) * CHUNK]


@pytest.mark.parametrize("size", [0, 5, CHUNK, 2 * CHUNK, 3 * CHUNK + 7])
def test_a_file_cut_anywhere_never_passes_for_whole(size):
    sealed = sealed_bytes(bytes(size))
    for length in range(len(sealed)):
        cut = sealed[:length]
        with pytest.raises(DamagedError):
            opened(cut).read()
        if length >= HEADER_BYTES:
            assert bad_chunks(cut)
            with opened(cut) as reader:
                reader.seek(0, io.SEEK_END)
                with pytest.raises(DamagedError):
                    reader.read(1)


def test_a_file_with_something_added_is_noticed():
    for extra in (b"x", bytes(STEP)):
        with pytest.raises(DamagedError):
            opened(sealed_bytes(b"whole") + extra).read()


def test_exchanged_chunks_are_noticed():
    sealed = sealed_bytes(bytes(range(3 * CHUNK)))
    head, chunks = (
        sealed[:HEADER_BYTES],
        [sealed[at : at + STEP] for at in range(HEADER_BYTES, len(sealed), STEP)],
    )
    assert bad_chunks(head + chunks[1] + chunks[0] + chunks[2]) == [0, 1]
    assert bad_chunks(head + chunks[0] + chunks[2] + chunks[1]) == [1, 2]
    assert bad_chunks(head + chunks[0] + chunks[2]) == [1]
    assert bad_chunks(head + chunks[0] + chunks[0] + chunks[2]) == [1]


def test_a_chunk_of_another_file_under_the_same_key_is_noticed():
    one, other = sealed_bytes(bytes(2 * CHUNK)), sealed_bytes(bytes(2 * CHUNK))
    assert bad_chunks(one[: HEADER_BYTES + STEP] + other[HEADER_BYTES + STEP :]) == [1]


def test_a_file_opens_with_its_own_key_and_id_only():
    sealed = sealed_bytes(b"whole")
    for reader in (opened(sealed, key=bytes(32)), opened(sealed, media_id="another")):
        with pytest.raises(DamagedError):
            reader.read()


def test_a_newer_format_says_so():
    sealed = bytearray(sealed_bytes(b"whole"))
    sealed[7] = 2
    with pytest.raises(DamagedError, match="newer version"):
        opened(bytes(sealed))


@pytest.mark.parametrize("chunk", [0, 15, 2**31])
def test_a_header_with_impossible_chunks_is_refused(chunk):
    sealed = bytearray(sealed_bytes(b"whole"))
    sealed[8:12] = chunk.to_bytes(4, "big")
    with pytest.raises(DamagedError):
        opened(bytes(sealed))


@given(st.binary(max_size=80), st.integers(0, 60))
def test_what_a_crash_leaves_is_readable_when_asked_for(plaintext, torn):
    raw = Kept()
    writer = SealedWriter(raw, KEY, ID, CHUNK)
    writer.write(plaintext)
    writer.flush()
    left = raw.getvalue()
    writer.abort()
    left = left[: max(HEADER_BYTES, len(left) - torn)]
    with pytest.raises(DamagedError):
        opened(left).read()
    with opened(left, allow_open_end=True) as reader:
        whole = (len(left) - HEADER_BYTES) // STEP * CHUNK
        assert reader.read() == plaintext[:whole]
        assert not reader.complete
        assert reader.damaged() == []


def test_an_open_end_does_not_hide_damage():
    raw = Kept()
    writer = SealedWriter(raw, KEY, ID, CHUNK)
    writer.write(bytes(3 * CHUNK + 1))
    writer.abort()
    changed = bytearray(raw.kept)
    changed[HEADER_BYTES + STEP] ^= 1
    with opened(bytes(changed), allow_open_end=True) as reader, pytest.raises(DamagedError, match="chunk 1"):
        reader.read()
    assert damaged_chunks(io.BytesIO(bytes(changed)), KEY, ID) == [1, 3]


def test_leaving_by_an_exception_leaves_no_whole_file():
    raw = Kept()
    with pytest.raises(ZeroDivisionError), SealedWriter(raw, KEY, ID, CHUNK) as writer:
        writer.write(b"half")
        raise ZeroDivisionError
    with pytest.raises(DamagedError):
        opened(raw.kept).read()


def test_a_forgotten_writer_leaves_no_whole_file():
    raw = Kept()
    writer = SealedWriter(raw, KEY, ID, CHUNK)
    writer.write(b"half")
    del writer
    with pytest.raises(DamagedError):
        opened(raw.kept).read()


def test_a_closed_stream_says_so():
    raw = Kept()
    writer = SealedWriter(raw, KEY, ID, CHUNK)
    writer.close()
    writer.close()
    with pytest.raises(ValueError, match="closed"):
        writer.write(b"x")
    reader = opened(raw.kept)
    reader.close()
    with pytest.raises(ValueError, match="closed"):
        reader.read(1)


def test_a_full_disk_is_said_and_nothing_passes_for_whole():
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(NoSpaceError):
        SealedWriter(full, KEY, ID, CHUNK)


def test_many_values_in_one_write_take_their_turn():
    plaintext = bytes(1 << 20)
    with opened(sealed_bytes(plaintext, 4096)) as reader:
        assert reader.chunks == 256
        assert reader.read() == plaintext


def test_the_progress_of_a_check_counts_every_chunk():
    steps: list[int] = []
    with opened(sealed_bytes(bytes(10 * CHUNK))) as reader:
        reader.damaged(steps.append)
    assert len(steps) == 10
