"""PortAudio, loaded when it is first needed; its list of devices is read anew when nothing is open."""

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
