"""Sounds of hesitation: kept by setting an example, or left out; never words that may mean something."""

from collections.abc import Sequence

from supervise.speech.whisper import HeardWord

FILLERS = frozenset(["um", "umm", "uhm", "uh", "uhh", "er", "erm", "ehm", "ähm", "äh", "öhm", "euh"])
SIGNS = ".,;:!?…-—\"'“”"
# Whisper writes as the text before was written, and learned to leave ums out; an example brings them back.
_EXAMPLES = {"en": "So, um, yeah. Uh, I was, you know, I was thinking."}


def hesitant(language: str) -> str:
    """Return an example of spoken language with its ums; empty where none was tried."""
    return _EXAMPLES.get(language, "")


def without_fillers(words: Sequence[HeardWord]) -> list[HeardWord]:
    """Return the words that are not a mere um or uh; “mm-hm” stays, it answers somebody."""
    return [word for word in words if word.text.strip(SIGNS).lower() not in FILLERS]
