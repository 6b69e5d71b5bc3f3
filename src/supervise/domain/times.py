"""Times on a recording: integer milliseconds on the master's sample clock, and how they are written."""

from datetime import UTC, date, datetime

from supervise.domain.errors import UsageError


def samples_to_ms(samples: int, rate_hz: int) -> int:
    """Return the millisecond at which `samples` frames have passed, rounded to nearest (half up)."""
    return (samples * 2000 + rate_hz) // (2 * rate_hz)


def ms_to_samples(ms: int, rate_hz: int) -> int:
    """Return the frame index at `ms`, rounded to nearest (half up)."""
    return (ms * rate_hz * 2 + 1000) // 2000


def clock(ms: int) -> str:
    """Write `ms` for people: `3:07` below an hour, `1:02:07` from there on."""
    seconds = ms // 1000
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def length_words(ms: int) -> str:
    """Write how long something lasted: `0.4 s` below ten seconds, `42 s` below a minute, `3:07` beyond."""
    if ms < 60_000:
        return f"{ms / 1000:.1f} s" if ms < 10_000 else f"{ms // 1000} s"
    return clock(ms)


def day_words(day: str | date) -> str:
    """Write a day (one as text: in ISO form) as people read it, `3 Nov 2026`."""
    try:
        found = date.fromisoformat(day) if isinstance(day, str) else day
    except ValueError:
        return str(day)
    return f"{found.day} {found:%b %Y}"


def clock_ms(ms: int) -> str:
    """Write `ms` in full, `01:02:03.456`, as WebVTT does."""
    seconds, millis = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{millis:03}"


def parse_seconds(text: str) -> int:
    """Read `83.5`, `1:23.5` or `0:01:23.5` and return milliseconds.

    Raises UsageError when the text is not a time or is negative.
    """
    try:
        parts = [float(part) for part in text.strip().split(":")]
        if not 1 <= len(parts) <= 3 or any(not 0 <= part < 1e7 for part in parts):
            raise ValueError
    except ValueError:
        message = f"“{text}” is not a time. Write seconds (83.5) or minutes and seconds (1:23.5)."
        raise UsageError(message) from None
    total = 0.0
    for part in parts:
        total = total * 60 + part
    return round(total * 1000)


def now_utc() -> str:
    """Return the present moment as ISO 8601 in UTC with milliseconds, the form every store column uses."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
