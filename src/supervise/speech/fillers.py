"""Sounds of hesitation, left out when the person asked for that; never words that may mean something."""

from collections.abc import Sequence

from supervise.speech.whisper import HeardWord

FILLERS = frozenset(["um", "umm", "uhm", "uh", "uhh", "er", "erm", "ehm", "ähm", "äh", "öhm", "euh"])
SIGNS = ".,;:!?…-—\"'“”"


def without_fillers(words: Sequence[HeardWord]) -> list[HeardWord]:
    """Return the words that are not a mere um or uh; “mm-hm” stays, it answers somebody."""
    return [word for word in words if word.text.strip(SIGNS).lower() not in FILLERS]
