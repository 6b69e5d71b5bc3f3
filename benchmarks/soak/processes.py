"""The children of commands, seen through /proc: what they were told, and files without a name."""

import threading
from pathlib import Path


class ChildWatch:
    """Looks again and again at every process two or more steps below `root`: the program's own children."""

    def __init__(self, root: int) -> None:
        """Start looking."""
        self._root = root
        self.seen: dict[int, bytes] = {}
        self.unnamed: set[str] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop looking."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.03):
            for command in _children(self._root):
                self._files(command)
                for child in _below(command):
                    told = _read(child, "cmdline") + b"\0" + _read(child, "environ")
                    if len(told) > 1:
                        self.seen[child] = told
                    self._files(child)

    def _files(self, pid: int) -> None:
        """Note open files that have no name (any more) and are not the memory of a library."""
        for link in _links(pid):
            if link.endswith(" (deleted)") and not link.startswith(("/memfd:", "/dev/zero", "/SYSV")):
                self.unnamed.add(link)


def _links(pid: int) -> list[str]:
    found = []
    try:
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            found.append(str(entry.readlink()))
    except OSError:
        return found
    return found


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


def _children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        for listing in Path(f"/proc/{pid}/task").glob("*/children"):
            found += [int(word) for word in listing.read_text().split()]
    except OSError:
        return found
    return found


def _below(pid: int) -> list[int]:
    direct = _children(pid)
    return direct + [further for child in direct for further in _below(child)]
