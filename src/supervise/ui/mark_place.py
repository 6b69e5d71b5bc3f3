"""Where a mark made while nothing plays falls: on the word framed in the transcript, if one is."""

from dataclasses import dataclass

from PySide6.QtWidgets import QApplication

from supervise.ui.session_view import SessionView
from supervise.ui.transcript_rows import Place

HERE = "where the sound stands"
HEARD = "where the sound was"
CHOSEN = "on the words chosen"
LONGEST = 24


@dataclass(frozen=True, slots=True)
class FramedPlace:
    """A framed word or pause: from when to when (ms), and how a sentence names it."""

    start_ms: int
    end_ms: int
    words: str


def framed_place(view: SessionView) -> FramedPlace | None:
    """Return the word framed by hand while the keys go to the transcript or to Find, or None.

    A word counts until the sound goes anywhere else; then the place of the sound does.
    """
    words, held = view.transcript, QApplication.focusWidget()
    reading = held is words or (held is not None and view.finder.isAncestorOf(held))
    place = words.cursor_place
    if not reading or not words.by_hand or place is None or not words.rows.rows:
        return None
    return FramedPlace(words.rows.start_of(place), words.rows.end_of(place), _named(view, place))


def _named(view: SessionView, place: Place) -> str:
    word = view.transcript.rows.word(place)
    if word is None:
        return "the pause"
    text = word.text.strip(".,;:!?…\"'“”‘’()")
    return f"“{text if len(text) <= LONGEST else text[:LONGEST] + '…'}”"
