"""Files of a vault: private modes, no symbolic links, whole or not at all."""

import os
import stat
import uuid
from pathlib import Path
from typing import BinaryIO

from supervise.crypto.space import minding_space
from supervise.domain.errors import DamagedError

FOLDER_MODE = 0o700
FILE_MODE = 0o600
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)


def make_folder(path: Path) -> None:
    """Make a folder that only its owner can enter; it may be there already."""
    with minding_space():
        path.mkdir(mode=FOLDER_MODE, exist_ok=True)


def create_file(path: Path) -> BinaryIO:
    """Create a file for writing that must not exist yet, readable by its owner only; unbuffered."""
    with minding_space():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | _BINARY, FILE_MODE)
    return os.fdopen(descriptor, "wb", buffering=0)


def open_file(path: Path) -> BinaryIO:
    """Open a regular file for reading, unbuffered; raises DamagedError for a link, OSError when missing."""
    refuse_link(path)
    return os.fdopen(os.open(path, os.O_RDONLY | _NO_FOLLOW | _BINARY), "rb", buffering=0)


def read_file(path: Path, most_bytes: int) -> bytes:
    """Read a small file whole; raises DamagedError when it is a link or larger than `most_bytes`."""
    with open_file(path) as stream:
        if os.fstat(stream.fileno()).st_size > most_bytes:
            raise DamagedError(f"{path.name} in the vault is larger than it can be.")
        return stream.read(most_bytes)


def refuse_link(path: Path) -> None:
    """Raise DamagedError when something is at `path` that is neither a regular file nor a folder."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise DamagedError(f"{path.name} in the vault is not a plain file. Something else was put there.")


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file's content in one step that survives a power cut; on failure the old content stays."""
    new = path.with_name(f".{path.name}.{uuid.uuid4().hex}.new")
    try:
        with create_file(new) as stream, minding_space():
            write_all(stream, data)
            os.fsync(stream.fileno())
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_all(stream: BinaryIO, data: bytes) -> None:
    """Write every byte; an unbuffered stream may take fewer at a time."""
    view = memoryview(data)
    while view:
        view = view[stream.write(view) :]


def sync_folder(path: Path) -> None:
    """Return when the names in a folder are on the disk; does nothing on Windows, which cannot."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
