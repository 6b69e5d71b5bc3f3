"""Who holds a vault: one process at a time, and what the next one is told."""

import errno
import json
import logging
import os
from pathlib import Path

from filelock import Timeout, UnixFileLock, WindowsFileLock

from supervise.domain.errors import DamagedError, UsageError, VaultInUseError
from supervise.domain.times import now_utc
from supervise.storage.database import READ_ONLY_SENTENCE
from supervise.storage.files import FILE_MODE, read_file, refuse_link, write_whole

LOCK_NAME, HOLDER_NAME = "vault.lock", "vault.holder"
# Long enough to outlast a neighbour's glance at the lock (`is_held`), short enough to be an answer at once.
_PATIENCE_S = 0.2
_log = logging.getLogger(__name__)


class Hold:
    """The right to write in a vault, kept until `release` or the end of the process."""

    def __init__(self, folder: Path) -> None:
        """Take hold; raises VaultInUseError at once when another process or window has it."""
        self._holder = folder / HOLDER_NAME
        self._lock = _lock(folder)
        refuse_link(folder / LOCK_NAME)
        try:
            self._lock.acquire(timeout=_PATIENCE_S, poll_interval=0.02)
        except Timeout:
            raise VaultInUseError(_who(self._holder)) from None
        except NotImplementedError:
            message = (
                "The disk this vault is on cannot lock files, so it is not safe to open it there. Move it."
            )
            raise UsageError(message) from None
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
                raise
            raise UsageError(READ_ONLY_SENTENCE) from None
        try:
            write_whole(self._holder, json.dumps({"pid": os.getpid(), "since": now_utc()}).encode("ascii"))
        except BaseException:
            self._lock.release()
            raise

    def release(self) -> None:
        """Let go; does nothing the second time."""
        if self._lock.is_locked:
            try:
                self._holder.unlink(missing_ok=True)
            finally:
                self._lock.release()


def _lock(folder: Path) -> "UnixFileLock | WindowsFileLock":
    kind = WindowsFileLock if os.name == "nt" else UnixFileLock
    return kind(folder / LOCK_NAME, mode=FILE_MODE, thread_local=False, fallback_to_soft=False)


def is_held(folder: Path) -> bool:
    """Whether some process holds the vault at this instant; takes the lock for microseconds to find out."""
    if not (folder / LOCK_NAME).exists():
        return False
    lock = _lock(folder)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:  # a read-only disk: nobody can hold anything there
        return False
    lock.release()
    return False


def _who(holder: Path) -> str:
    advice = "Close it there, or wait until it is done."
    try:
        values = json.loads(read_file(holder, 4096))
        pid, since = int(values["pid"]), str(values["since"])[:16].replace("T", " ")
    except (OSError, ValueError, KeyError, TypeError, DamagedError):
        return f"This vault is open in another window or command. {advice}"
    return f"This vault is open in another window or command (process {pid}, since {since} UTC). {advice}"
