"""No sentence in the window asks a person to type a command."""

import ast
import re
from pathlib import Path

import pytest

import supervise
from supervise.ui.plain_words import first_sentence, without_commands

COMMAND = re.compile(r"\bsupervise [a-z]+ ?[A-Z]*")
HOME = Path(supervise.__file__).parent


def sentences() -> list[str]:
    """Every text below the window that names a command, formatted parts standing in as a word."""
    found = []
    for folder in ("domain", "crypto", "storage", "audio", "speech", "exchange", "app"):
        for path in (HOME / folder).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    parts = [part.value if isinstance(part, ast.Constant) else "X" for part in node.values]
                    found.append("".join(map(str, parts)))
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.append(node.value)
    return [text for text in found if re.search(r"supervise (add|models|consent|verify|profile)", text)]


@pytest.mark.parametrize("text", sentences())
def test_no_command_is_left(text: str) -> None:
    assert not COMMAND.search(without_commands(text))


def test_the_windows_way_takes_its_place() -> None:
    reason = (
        "No consent is on record for C-012. If C-012 agrees, add it: supervise consent add VAULT "
        "--client C-012 --scope transcribe --signed YYYY-MM-DD"
    )
    assert without_commands(reason) == (
        "No consent is on record for C-012. Session, Consent of the client… adds it."
    )


def test_a_missing_model_is_got_in_the_window() -> None:
    said = without_commands(
        "The speech model “base” is not installed. Type: supervise models add base (looked in /a, /b.c)."
    )
    assert said == "The speech model “base” is not installed. File, Speech models… gets it."


def test_other_sentences_stay_as_they_are() -> None:
    assert without_commands("The disk is full.") == "The disk is full."


@pytest.mark.parametrize("who", ["S. Berg", "Dr. Lind", "Ada B. Cole! And more"])
def test_a_name_with_a_dot_leaves_nothing_of_a_command_behind(who: str) -> None:
    reason = (
        f"The consent of K7 does not cover the supervisor {who}. If K7 agrees, add it: supervise consent add "
        f'VAULT --client K7 --scope supervisor="{who}" --signed YYYY-MM-DD'
    )
    assert without_commands(reason) == (
        f"The consent of K7 does not cover the supervisor {who}. Session, Consent of the client… adds it."
    )


def test_the_first_sentence_does_not_end_behind_an_initial() -> None:
    assert first_sentence("S. Berg has left. Ask again.") == "S. Berg has left."
