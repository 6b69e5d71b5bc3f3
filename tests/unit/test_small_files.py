"""Files a person hands in are read up to a bound; pipes, devices and folders are refused."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from supervise.app.cards import read_cards
from supervise.app.certificates import read_certificate
from supervise.app.forms import read_form
from supervise.app.protocols import read_protocol
from supervise.app.restoring import read_certificates
from supervise.cli.command_lines import command_lines
from supervise.cli.options import read_secret
from supervise.domain.errors import DamagedError, NotReadableError
from supervise.exchange.small_files import read_small, read_small_text

READERS: list[Callable[[Path], object]] = [
    read_cards,
    read_protocol,
    read_form,
    lambda path: read_certificates([path]),
]


@pytest.mark.parametrize("read", READERS)
def test_no_reader_waits_for_a_pipe_or_reads_a_device(read: Callable[[Path], object], tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    link = tmp_path / "link.yaml"
    link.symlink_to("/dev/zero")
    for path in (pipe, Path("/dev/zero"), link, tmp_path):
        with pytest.raises(NotReadableError, match="not an ordinary file"):
            read(path)


@pytest.mark.parametrize("read", READERS)
def test_no_reader_takes_in_more_than_its_bound(read: Callable[[Path], object], tmp_path: Path) -> None:
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(1 << 40)  # sparse: a terabyte that takes no room
    with pytest.raises(NotReadableError, match="larger than"):
        read(huge)
    with pytest.raises(NotReadableError, match="cannot be read"):
        read(tmp_path / "nothing")


def test_what_fits_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "small"
    path.write_bytes(b"\xef\xbb\xbfabc\r\nd")
    assert read_small(path, 9, "It", "") == b"\xef\xbb\xbfabc\r\nd"
    assert read_small_text(path, 9, "It", "") == "abc\nd"
    with pytest.raises(NotReadableError, match="It is larger than 0 kB"):
        read_small(path, 8, "It", "")
    path.write_bytes(b"\xff")
    with pytest.raises(NotReadableError, match="It is not UTF-8 text"):
        read_small_text(path, 8, "It", "Again.")


def test_a_certificate_of_brackets_only_is_told_to_be_none() -> None:
    with pytest.raises(DamagedError, match="no certificate"):
        read_certificate("[" * 200_000, "it")


def test_a_passphrase_or_commands_without_end_are_not_read_for_ever(tmp_path: Path) -> None:
    with pytest.raises(NotReadableError, match="longer than a passphrase"):
        read_secret(Path("/dev/zero"))
    assert list(command_lines("/dev/zero") or ()) == []
    path = tmp_path / "lines"
    path.write_text("stop recaller\nresume")
    assert list(command_lines(str(path)) or ()) == ["stop recaller\n", "resume"]
