"""What a test may leave behind by mistake: threads, child processes, Qt timers, Qt threads, open windows."""

import gc
import os
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Leftovers:
    """What was running at one moment, as (kind, identity) -> words for the report."""

    found: dict[tuple[str, int], str]

    @classmethod
    def now(cls) -> "Leftovers":
        """Look at this process as it is."""
        return cls({**_threads(), **_children(), **_qt()})

    def new_ones(self, grace_s: float) -> list[str]:
        """Return what runs now and did not before, after letting it end for at most `grace_s`."""
        until = time.monotonic() + grace_s
        patience = threading.Event()
        looks = 0
        while True:
            left = [words for key, words in Leftovers.now().found.items() if key not in self.found]
            if not left or time.monotonic() > until:
                return left
            looks += 1
            if looks == 2:  # costly, and seldom needed once Qt has deleted what it was asked to
                gc.collect()
            if looks > 1:
                patience.wait(0.02)
            _let_qt_finish()


def _threads() -> dict[tuple[str, int], str]:
    return {("thread", id(thread)): f"thread {thread.name}" for thread in threading.enumerate()}


def _children() -> dict[tuple[str, int], str]:
    found = {}
    for listing in Path("/proc/self/task").glob("*/children"):
        try:
            pids = listing.read_text().split()
        except OSError:  # the thread ended while we looked
            continue
        for pid in pids:
            found["child", int(pid)] = f"child process {pid} ({_command(pid)})"
    return found


def _command(pid: str) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return "gone"
    return " ".join(os.fsdecode(word) for word in words[:4]) or "ended, not waited for"


def _application() -> Any:
    widgets = sys.modules.get("PySide6.QtWidgets")
    return None if widgets is None else widgets.QApplication.instance()


def _let_qt_finish() -> None:
    application = _application()
    if application is not None:
        event = sys.modules["PySide6.QtCore"].QEvent
        application.sendPostedEvents(None, event.Type.DeferredDelete)
        application.processEvents()


def _qt() -> dict[tuple[str, int], str]:
    application = _application()
    if application is None:
        return {}
    core, shiboken = sys.modules["PySide6.QtCore"], sys.modules["shiboken6"]
    found = {
        ("window", id(widget)): f"open window {type(widget).__name__}"
        for widget in application.topLevelWidgets()
        if widget.isVisible()
    }
    timers, threads = _kinds(core.QTimer), _kinds(core.QThread)
    both = timers | threads
    for thing in gc.get_objects():
        kind = type(thing)
        if kind not in both or not shiboken.isValid(thing):
            continue
        if kind in timers and thing.isActive():
            found["timer", id(thing)] = f"timer of {type(thing.parent()).__name__}, {thing.interval()} ms"
        elif kind in threads and thing.isRunning():
            found["qthread", id(thing)] = f"Qt thread {kind.__name__}"
    return found


def _kinds(kind: type) -> set[type]:
    """Return a class and all that are made from it: looked up, they are found faster than asked for."""
    return {kind}.union(*(_kinds(made) for made in kind.__subclasses__()))
