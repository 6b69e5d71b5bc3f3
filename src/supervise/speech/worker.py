"""The speech child: one job and its sound in, answers out; it holds no key and writes nothing."""

import ctypes
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from supervise.crypto.process import harden_process
from supervise.domain.errors import NotReadableError, SuperviseError
from supervise.domain.transcript import TranscribeSettings
from supervise.speech.frames import FrameError, Message, Samples, read_frame, write_message

Send = Callable[[Message], None]

_PR_SET_PDEATHSIG = 1
_NICENESS = 5
_UNREADABLE = 3


def main() -> None:
    """Do one job and exit; never returns, so that no native clean-up can hang or crash."""
    harden_process()
    sound_in, answers = _private_pipes()
    try:
        job = read_frame(sound_in)
        if not isinstance(job, dict):
            os._exit(_UNREADABLE)
        _die_with(int(job.get("parent", 0)))
        _serve(job, sound_in, lambda message: write_message(answers, message))
    except (FrameError, BrokenPipeError, EndOfSoundError):
        os._exit(_UNREADABLE)
    os._exit(0)


class EndOfSoundError(Exception):
    """The parent stopped sending before the end: it is gone, or the sound could not be read."""


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep stdout for frames alone; whatever native code prints goes to stderr."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return os.fdopen(0, "rb", buffering=1 << 16), answers


def _die_with(parent: int) -> None:
    """Ask Linux to kill this process with its parent; elsewhere the end of stdin does it."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if parent and os.getppid() != parent:
            os._exit(0)


def _serve(job: Message, sound_in: BinaryIO, send: Send) -> None:
    sound = _sound(sound_in)
    try:
        if job.get("job") == "transcribe":
            found = _transcribe(job, sound, send)
        else:
            from supervise.speech.speaker_worker import run

            run(job, sound, send)
            found = {}
    except SuperviseError as error:
        send({"failed": str(error), "code": error.code})
    else:
        send({"finished": {**_usage(), **found}})


def _sound(stream: BinaryIO) -> Iterator[Samples]:
    """Yield blocks until the parent says it is the end."""
    while True:
        frame = read_frame(stream)
        if frame is None:
            raise EndOfSoundError
        if isinstance(frame, dict):
            if frame.get("end"):
                return
            raise FrameError("a message where sound was due")
        yield frame


def _transcribe(job: Message, sound: Iterator[Samples], send: Send) -> Message:
    from supervise.speech.transcriber import Transcriber

    settings = TranscribeSettings(**job["settings"])
    start_ms = int(job["start_ms"])
    send({"progress": start_ms})
    try:
        transcriber = Transcriber(Path(job["model_dir"]), settings, start_ms, int(job["first_seq"]))
    except (RuntimeError, OSError, ValueError) as error:
        line = f"Type: supervise models verify {settings.model}"
        raise NotReadableError(f"The speech model “{settings.model}” cannot be loaded. {line}") from error
    for result in transcriber.results(sound):
        words = [[word.text, word.start_ms, word.end_ms, word.confidence] for word in result.words]
        body = {"seq": result.seq, "start_ms": result.start_ms, "end_ms": result.end_ms, "words": words}
        send({"window": body})
        send({"progress": result.end_ms})
    return {
        "language": transcriber.language,
        "windows": transcriber.windows,
        "dropped_words": transcriber.dropped_words,
    }


def _usage() -> Message:
    """Return CPU seconds so far and the most memory held, as {"cpu_s", "peak_mb"}."""
    return {"cpu_s": round(time.process_time(), 3), "peak_mb": round(_peak_mb(), 1)}


def _peak_mb() -> float:
    """Return this program's own peak; what `getrusage` says on Linux counts the parent before exec too."""
    status = Path("/proc/self/status")
    if status.is_file():
        return int(status.read_text(encoding="ascii").split("VmHWM:")[1].split()[0]) / 1024
    if importlib.util.find_spec("resource") is None:
        return 0.0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024)


if __name__ == "__main__":
    main()
