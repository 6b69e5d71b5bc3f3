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
        collected = False
        while True:
            left = [words for key, words in Leftovers.now().found.items() if key not in self.found]
            if not left or time.monotonic() > until:
                return left
            if not collected:
                collected = True
                gc.collect()
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
    for thing in gc.get_objects():
        kind = type(thing)
        if issubclass(kind, core.QTimer) and shiboken.isValid(thing) and thing.isActive():
            found["timer", id(thing)] = f"timer of {type(thing.parent()).__name__}, {thing.interval()} ms"
        elif issubclass(kind, core.QThread) and shiboken.isValid(thing) and thing.isRunning():
            found["qthread", id(thing)] = f"Qt thread {kind.__name__}"
    return found
