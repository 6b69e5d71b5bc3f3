"""What a person reads about recalls that are over: kinds, people, stops, then and now."""

from datetime import datetime

from supervise.app.recall_reading import Recalled
from supervise.domain.codebook import Codebook
from supervise.domain.recall import Party, Setup, Stop, StoppedBy
from supervise.domain.recall_marks import RecallMark, TimeFrame
from supervise.domain.times import clock, day_words
from supervise.ui.moment_model import code_label
from supervise.ui.recall_words import KIND_WORDS

PARTIES = {Party.THERAPIST: "therapist", Party.CLIENT: "client", Party.BOTH: "both together"}
FRAMES = {TimeFrame.THEN: "there and then", TimeFrame.NOW: "here and now", TimeFrame.OPEN: ""}
STOPPED = {
    StoppedBy.RECALLER: "Stopped by the recaller",
    StoppedBy.INQUIRER: "Stopped by the inquirer",
    StoppedBy.TAPE: "The tape was over",
    StoppedBy.DEVICE: "A device went away",
    StoppedBy.LOCK: "The vault locked",
}
LETTERS = {
    StoppedBy.RECALLER: "R",
    StoppedBy.INQUIRER: "I",
    StoppedBy.TAPE: "E",
    StoppedBy.DEVICE: "D",
    StoppedBy.LOCK: "L",
}


def kind_words(setup: Setup) -> str:
    """Say what kind of recall it was."""
    return f"{KIND_WORDS[setup.kind]}, {setup.protocol}" if setup.protocol else KIND_WORDS[setup.kind]


def people_words(setup: Setup) -> str:
    """Say who recalled with whom."""
    who = PARTIES[setup.recaller]
    return f"{who}, with {setup.inquirer}" if setup.inquirer else who


def day_of(started_at: str) -> str:
    """Write the day a recall was held on this machine's calendar."""
    return day_words(
        datetime.fromisoformat(started_at.replace("Z", "+00:00")).astimezone().date().isoformat()
    )


def begun_words(started_at: str) -> str:
    """Write the day and the minute a recall began on this machine's clock."""
    begun = datetime.fromisoformat(started_at.replace("Z", "+00:00")).astimezone()
    return f"{day_of(started_at)}, {begun:%H:%M}"


def hours_words(hours: float | None) -> str:
    """Say how long after the session it was; empty when nobody knows."""
    if hours is None:
        return ""
    if hours == 0:  # of a day before its noon, or at once
        return "the same day"
    if hours < 48:
        return f"{max(1, round(hours))} h after"
    return f"{round(hours / 24)} days after"


def stops_words(count: int) -> str:
    """Say how many stops."""
    return "1 stop" if count == 1 else f"{count} stops"


def stop_words(stop: Stop, prompts: tuple[str, ...] = ()) -> str:
    """Say who stopped the tape where, and what was asked."""
    asked = f" · asked: {'; '.join(prompts)}" if prompts else ""
    return f"{STOPPED[stop.stopped_by]} at {clock(stop.session_ms)} of the session{asked}"


def span_words(start_ms: int, end_ms: int) -> str:
    """Write a span, or an instant."""
    return clock(start_ms) if clock(start_ms) == clock(end_ms) else f"{clock(start_ms)} – {clock(end_ms)}"


def mark_words(mark: RecallMark, codebook: Codebook) -> str:
    """Say what a mark says, without its note."""
    codes = [code_label(codebook, entry.code) for entry in mark.codes]
    return ", ".join(part for part in (*codes, FRAMES[mark.time_frame]) if part)


def recalled_words(entry: Recalled) -> str:
    """Say of something recalled by whom, when, and how."""
    how = STOPPED[entry.stop.stopped_by].lower() if entry.stop is not None else "said while the tape ran"
    place = f"{clock(entry.recall_start_ms)} of the recall"
    parts = (day_of(entry.started_at), people_words(entry.setup), how, place)
    return " · ".join(parts)
