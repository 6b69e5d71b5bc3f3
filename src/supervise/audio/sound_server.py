"""Noticing that the sound server gave us another microphone: pulled devices are replaced without a word.

PulseAudio (14 and later) and PipeWire move a stream whose source goes away to the default source, which may
be the loudspeaker's monitor. A recording would go on with the wrong sound. PortAudio does not tell, so the
server's own tool `pactl` is asked; without it, or for a device that is not the server's, nothing is watched.
"""

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_PATIENCE_S = 2.0
_SOURCE = "PULSE_SOURCE"  # read by the server's library when a stream is opened
_CHOOSING = threading.Lock()
_ABOUT = (b"source-output", b"on source #")


class SourceWatch:
    """Watches where this process's recording streams come from, from `start` on until `close`."""

    def __init__(self, moved: Callable[[], None]) -> None:
        """`moved` is called from the watching thread, once, when a stream gets another source."""
        self._moved = moved
        self._before = set(sources_of_streams())
        self._known: dict[str, str] = {}
        self._listener: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, with the stream running."""
        found = sources_of_streams()
        self._known = {stream: found[stream] for stream in found.keys() - self._before}
        if not self._known:
            return
        self._listener = subprocess.Popen(
            [_tool(), "subscribe"],
            env={**os.environ, "LC_ALL": "C"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )
        self._thread = threading.Thread(target=self._listen, name="sound server", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End watching."""
        if self._listener is not None and self._thread is not None:
            self._listener.kill()
            self._listener.wait()
            self._thread.join(_PATIENCE_S)
            self._listener = None

    def _listen(self) -> None:
        listener = self._listener
        assert listener is not None
        assert listener.stdout is not None
        with listener.stdout as lines:
            for line in lines:
                if any(words in line for words in _ABOUT) and self._gone():
                    self._moved()
                    return

    def _gone(self) -> bool:
        """Whether a stream of ours now comes from elsewhere; one that is no longer there ends by itself."""
        now = sources_of_streams()
        return any(now.get(stream, source) != source for stream, source in self._known.items())


def monitors() -> tuple[str, ...]:
    """Return the sound server's sources that hear what a loudspeaker plays; empty without an answer."""
    answer = _asked("list", "short", "sources")
    names = [line.split("\t")[1] for line in answer.splitlines() if line.count("\t") > 1]
    return tuple(name for name in names if name.endswith(".monitor"))


@contextmanager
def heard_from(source: str) -> Iterator[None]:
    """Let a stream that is opened inside the block hear this source of the server, not its default one."""
    with _CHOOSING:
        before = os.environ.get(_SOURCE)
        os.environ[_SOURCE] = source
        try:
            yield
        finally:
            del os.environ[_SOURCE]
            if before is not None:
                os.environ[_SOURCE] = before


def sources_of_streams() -> dict[str, str]:
    """Return the source of each recording stream of this process; empty without an answer."""
    answer = _asked("list", "source-outputs")
    found = {}
    for block in answer.split("Source Output #")[1:]:
        if f'application.process.id = "{os.getpid()}"' in block:
            stream = block.partition("\n")[0].strip()
            source = block.partition("\tSource: ")[2].partition("\n")[0].strip()
            found[stream] = source
    return found


def _asked(*words: str) -> str:
    try:
        answer = subprocess.run(
            [_tool(), *words],
            env={**os.environ, "LC_ALL": "C"},
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.decode("utf-8", "replace")


def _tool() -> str:
    return shutil.which("pactl") or "pactl"
