"""PortAudio, loaded when it is first needed; its list of devices is read anew when nothing is open."""

import atexit
from typing import Any

from supervise.domain.errors import DeviceMissingError

NO_PORTAUDIO = (
    "The sound system PortAudio is not installed, so nothing can be played or recorded. On Debian or Ubuntu "
    "type: sudo apt install libportaudio2"
)


class _Use:
    """How many streams are open: PortAudio must not start anew under them."""

    streams = 0


def loaded() -> Any:
    """Return the sounddevice module; raises DeviceMissingError without PortAudio."""
    try:
        import sounddevice
    except OSError as error:
        raise DeviceMissingError(NO_PORTAUDIO) from error
    return sounddevice


def opened() -> None:
    """Count a stream that was opened."""
    _Use.streams += 1


def closed() -> None:
    """Count a stream that was closed."""
    _Use.streams -= 1


def stuck() -> None:
    """Leave PortAudio as it is for good: a stream waits in it, and for that ending it would wait too."""
    atexit.unregister(loaded()._exit_handler)


def refresh() -> bool:
    """Look for devices that came or went; return False, having done nothing, while a stream is open.

    PortAudio reads its list of devices once, when it starts, so it is started anew.
    """
    if _Use.streams:
        return False
    sounddevice = loaded()
    sounddevice._terminate()
    sounddevice._initialize()
    return True
