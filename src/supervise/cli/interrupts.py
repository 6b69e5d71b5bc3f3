"""Keys pressed from outside while a command runs: Ctrl-C and `kill` end it in order, USR1 is its one key."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def interrupts(end: Callable[[], object], press: Callable[[], object]) -> Iterator[None]:
    """Call `end` on INT, TERM and HUP and `press` on USR1, on the main thread; as before afterwards."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wanted = {"SIGINT": end, "SIGTERM": end, "SIGHUP": end, "SIGUSR1": press}
    before = {
        getattr(signal, name): signal.signal(getattr(signal, name), lambda *_, deed=deed: deed())
        for name, deed in wanted.items()
        if hasattr(signal, name)
    }
    try:
        yield
    finally:
        for number, call in before.items():
            signal.signal(number, call)
