"""Files that leave the vault are whole or absent, whatever fails in the middle."""

import errno
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from supervise.domain.errors import NoSpaceError, SuperviseError, UsageError
from supervise.exchange import files
from supervise.exchange.files import whole_file, write_whole


@pytest.fixture(params=["unnamed", "named", "named_without_links"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param != "unnamed":
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    if request.param == "named_without_links":

        def refuse(self: Path, target: Path) -> None:
            raise OSError(errno.EOPNOTSUPP, "no links on this file system")

        monkeypatch.setattr(Path, "hardlink_to", refuse)


pytestmark = pytest.mark.usefixtures("_way")


def failing() -> Iterator[bytes]:
    yield b"half"
    raise ValueError("stopped in the middle")


def test_a_new_file_is_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    assert write_whole(target, [b"one ", b"two"]) == 7
    assert target.read_bytes() == b"one two"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [target]


def test_an_existing_file_stays_unless_forced(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"mine")
    with pytest.raises(UsageError, match=r"exists already.*--force"):
        write_whole(target, [b"new"])
    assert target.read_bytes() == b"mine"
    write_whole(target, [b"new"], force=True)
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"

    def write_beside() -> None:
        with whole_file(target) as file:
            file.write(b"mine")
            target.write_bytes(b"theirs")

    with pytest.raises(UsageError, match="exists already"):
        write_beside()
    assert target.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("force", [True, False])
def test_a_failure_in_the_middle_leaves_nothing(tmp_path: Path, force: bool) -> None:
    with pytest.raises(ValueError, match="stopped"):
        write_whole(tmp_path / "a.txt", failing(), force=force)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_file_that_was_to_be_replaced(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"mine")
    with pytest.raises(ValueError, match="stopped"):
        write_whole(target, failing(), force=True)
    assert target.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [target]


def test_no_room_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(NoSpaceError, match="no room left"):
            write_whole(tmp_path / "a.bin", (b"x" * 50_000 for _ in range(10)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_odd_targets_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        write_whole(tmp_path / "no" / "a.txt", [b""])
    with pytest.raises(UsageError, match="not a file"):
        write_whole(tmp_path, [b""], force=True)
    with pytest.raises(UsageError, match="not a file"):
        write_whole(Path("/dev/null"), [b""], force=True)
    with pytest.raises(SuperviseError, match="too long"):
        write_whole(tmp_path / ("a" * 300), [b""])
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="exists already"):
        write_whole(link, [b""])


def test_a_folder_one_may_not_write_in_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(files.os, "open", refuse)
    with pytest.raises(UsageError, match="may not write"):
        write_whole(tmp_path / "a.txt", [b""])


def test_a_sound_writer_may_seek_back(tmp_path: Path) -> None:
    with whole_file(tmp_path / "a.bin") as file:
        file.write(b"....body")
        file.seek(0)
        file.write(b"head")
    assert (tmp_path / "a.bin").read_bytes() == b"headbody"


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="needs Linux (files without a name)")
def test_a_killed_export_leaves_nothing(tmp_path: Path) -> None:
    program = (
        "import os, sys, pathlib; from supervise.exchange.files import whole_file\n"
        "with whole_file(pathlib.Path(sys.argv[1])) as file:\n"
        "    file.write(b'secret' * 100000); file.flush(); os.kill(os.getpid(), 9)\n"
    )
    source = Path(files.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "a.txt")],
        env={"PYTHONPATH": str(source)},
        check=False,
    )
    assert done.returncode == -9
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_its_place_is_replaced_and_what_it_leads_to_is_not(tmp_path: Path) -> None:
    precious, link = tmp_path / "precious", tmp_path / "out"
    precious.write_bytes(b"kept")
    link.symlink_to(precious)
    with pytest.raises(UsageError, match="exists already"):
        write_whole(link, [b"new"])
    write_whole(link, [b"new"], force=True)
    assert (precious.read_bytes(), link.read_bytes(), link.is_symlink()) == (b"kept", b"new", False)
