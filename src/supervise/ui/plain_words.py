"""A failure's sentence as the window says it: what a terminal would type becomes what the window offers."""

import re
from collections.abc import Callable

WAYS: tuple[tuple[str, str], ...] = (
    (
        r"role give",
        "The case's therapist gives you one: Session, Consent of the client…, Parts.",
    ),
    (r"its therapist adds it", "The case's therapist adds it: Session, Consent of the client…"),
    (r"consent add", "Session, Consent of the client… adds it."),
    (r"models (?:add|verify)", "File, Speech models… gets it."),
    (r"profile list", "File, People… shows who works in this vault."),
    (r"recall list", "Make room and open the vault again: it is offered to you there."),
    (r"\bverify\b", "File, Check the vault… shows how much is damaged."),
    (r"\binit\b", "Check the folder, or make a new vault."),
)
_COMMAND = re.compile(r"\bsupervise [a-z]")
# A sentence ends where the next begins with a capital; dots inside names and versions do not end one.
# Nor does the dot behind an initial: “S. Berg” is one person.
_SENTENCES = re.compile(r"(?<=[.!?])(?<!\b[A-Z]\.)\s+(?=[A-Z“`])")
_NAMED = re.compile(r"(--[a-z-]+ [a-z_]+=)\"[^\"]*\"")
_LOOKED = re.compile(r"\s*\(looked in [^)]*\)")


def said(error: Exception) -> str:
    """Return an expected failure's own words, with nothing in them that is to be typed in a terminal."""
    return without_commands(str(error))


def without_commands(words: str) -> str:
    """Put the window's ways in the place of commands; a sentence about any other command is left out."""
    if not _COMMAND.search(words):
        return words
    kept: list[str] = []
    for sentence in _SENTENCES.split(_NAMED.sub(r"\1X", _LOOKED.sub("", words))):
        if not _COMMAND.search(sentence):
            kept.append(sentence)
            continue
        way = next((way for pattern, way in WAYS if re.search(pattern, sentence)), "")
        if way and way not in kept:
            kept.append(way)
    return " ".join(kept) or "That cannot be done here."


def first_sentence(words: str) -> str:
    """Return what is said first."""
    return _SENTENCES.split(words, maxsplit=1)[0]


def saying(show: Callable[[str], object]) -> Callable[[Exception], object]:
    """Return what shows a failure's words with `show`."""
    return lambda error: show(said(error))
