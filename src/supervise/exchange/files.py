"""Files that leave the vault: written whole under their own name, or not at all."""

import contextlib
import errno
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from supervise.domain.errors import NoSpaceError, SuperviseError, UsageError
from supervise.domain.ids import new_id

VAULT_MARK = "vault.json"  # a folder that holds it is a vault, whose files `force` must never replace
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_NO_UNNAMED = frozenset({errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT, errno.ENOSYS})
_NO_LINKS = frozenset({errno.EOPNOTSUPP, errno.EPERM, errno.ENOSYS, errno.EMLINK, errno.EXDEV})


def write_whole(target: Path, parts: Iterable[bytes], *, force: bool = False) -> int:
    """Write `parts` to `target` as `whole_file` does and return the number of bytes."""
    size_bytes = 0
    with whole_file(target, force=force) as file:
        for part in parts:
            file.write(part)
            size_bytes += len(part)
    return size_bytes


@contextlib.contextmanager
def whole_file(target: Path, *, force: bool = False) -> Iterator[BinaryIO]:
    """Yield a seekable file that becomes `target`, readable by its owner only, when the block ends well.

    After any failure nothing is left, and an existing `target` is untouched; where the system knows
    files without a name (Linux), not even a kill leaves anything. Raises UsageError for a target that
    exists (unless `force`), is no plain file, lies in a vault or where one may not write, and NoSpaceError.
    """
    with _in_words(target):
        _check_target(target, force=force)
        descriptor, named = _open_new(target.parent)
    try:
        with _full_in_words(target), os.fdopen(descriptor, "w+b", buffering=1 << 20) as file:
            yield file
            with _in_words(target):
                file.flush()
                os.fsync(file.fileno())
                if named is None:
                    _name_unnamed(file.fileno(), target, force=force)
        if named is not None:
            with _in_words(target):
                _rename(named, target, force=force)
    finally:
        if named is not None:
            named.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _check_target(target: Path, *, force: bool) -> None:
    folder = target.parent.resolve()
    if any((place / VAULT_MARK).exists() for place in (folder, folder.parent)):
        raise UsageError("A copy cannot be put inside a vault. Choose another folder.")
    if not target.parent.is_dir():
        raise UsageError(f"The folder {target.parent} does not exist. Make it first, or choose another.")
    try:
        found = target.stat()
    except FileNotFoundError:
        if target.is_symlink() and not force:
            raise _exists(target) from None
        return
    if not stat.S_ISREG(found.st_mode):
        raise UsageError(f"{target} is not a file that can be written. Choose a file name.")
    if not force:
        raise _exists(target)


def _exists(target: Path) -> UsageError:
    return UsageError(f"{target} exists already. Choose another name, or add --force to replace it.")


def _open_new(folder: Path) -> tuple[int, Path | None]:
    """Return a descriptor of a new file in `folder`, and its temporary name where it needs one."""
    if hasattr(os, "O_TMPFILE"):
        try:
            return os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600), None
        except OSError as error:
            if error.errno not in _NO_UNNAMED:
                raise
    named = _temporary_in(folder)
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0)
    return os.open(named, flags, 0o600), named


def _temporary_in(folder: Path) -> Path:
    return folder / f".{new_id()}.part"


def _name_unnamed(descriptor: int, target: Path, *, force: bool) -> None:
    """Give the file of `descriptor` its name; a link never replaces, so `force` goes by a second name."""
    folder = os.open(target.parent, os.O_RDONLY)
    between = _temporary_in(target.parent)
    try:
        name = between.name if force else target.name
        os.link(f"/proc/self/fd/{descriptor}", name, dst_dir_fd=folder, follow_symlinks=True)
        if force:
            between.replace(target)
    except FileExistsError:
        raise _exists(target) from None
    finally:
        between.unlink(missing_ok=True)
        os.close(folder)


def _rename(named: Path, target: Path, *, force: bool) -> None:
    """Turn the temporary name into `target`; a link first, since it alone never replaces a file."""
    if force:
        named.replace(target)
        return
    try:
        target.hardlink_to(named)
    except FileExistsError:
        raise _exists(target) from None
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _check_target(target, force=False)
        named.rename(target)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):  # some network folders cannot be synced; the file itself is
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def _full_in_words(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise NoSpaceError(
            f"There is no room left for {target}. Nothing was written; free some space and try again."
        ) from error


@contextlib.contextmanager
def _in_words(target: Path) -> Iterator[None]:
    try:
        with _full_in_words(target):
            yield
    except OSError as error:
        if error.errno in _REFUSED:
            raise UsageError(f"You may not write in {target.parent}. Choose another folder.") from error
        reason = error.strerror or type(error).__name__
        raise SuperviseError(f"{target} could not be written ({reason}). Choose another place.") from error
