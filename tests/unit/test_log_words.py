"""The access log in plain words: no id on the page, every action has words, time as on the wall."""

import os
import time
from collections.abc import Iterator

import pytest

from supervise.app.log_page import LogEntry
from supervise.app.log_words import DONE, in_words, local_time
from supervise.storage.access_log import ACTIONS
from supervise.storage.subjects import Subject

SESSION, CLIENT, ANNA = "a" * 31 + "1", "b" * 31 + "2", "c" * 31 + "3"
MEETING = "C-012 · 2026-11-03 · First meeting"
KNOWN = {
    SESSION: Subject("C-012", "First meeting", "2026-11-03", is_session=True),
    CLIENT: Subject("C-012"),
    "d" * 32: Subject("C-013", is_session=True, gone=True),
}


def said(action: str, subject: str = "", detail: str = "") -> tuple[str, str, str]:
    entry = LogEntry("2026-11-03T09:00:00.000Z", "Anna", action, subject, detail)
    (line,) = in_words([entry], KNOWN, {ANNA: "Anna"})
    return line.what, line.whose, line.more


def test_every_action_of_the_log_has_words() -> None:
    assert set(DONE) == ACTIONS


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("play", SESSION, "from 0:12"), ("played", MEETING, "from 0:12")),
        (("mark", SESSION, "e" * 31 + "5"), ("marked a moment", MEETING, "")),
        (("transcribe", SESSION, f"transcript {CLIENT}"), ("transcribed", MEETING, "")),
        (
            ("consent", CLIENT, "asked again before recording: yes"),
            ("wrote down consent", "C-012", "asked again before recording: yes"),
        ),
        (
            ("destroy", "d" * 32, "sound, transcript"),
            ("destroyed for good", "C-013 · destroyed session", "sound, transcripts"),
        ),
        (
            ("withdraw", CLIENT, "10 scopes, destroy"),
            ("withdrawal", "C-012", "10 kinds of use; destroyed after the days to reconsider"),
        ),
        (("profile", ANNA, "passphrase"), ("changed who works here", "Anna", "a new passphrase")),
        (
            ("export", SESSION, "copy 1a2b3c4d called back"),
            ("took out a copy", MEETING, "a copy was called back"),
        ),
        (
            ("record", SESSION, "2 gaps, client asked: delete_last 5 min"),
            ("recorded", MEETING, "2 gaps, the client asked to delete the last 5 minutes"),
        ),
        (("search", "", "3 hits"), ("searched", "", "found 3 places")),
        (("retention", "sound", "90 days"), ("rule or hold for keeping", "sound", "90 days")),
        (("open", "f" * 32, ""), ("opened", "", "")),
    ],
)
def test_a_line_in_words(line: tuple[str, str, str], words: tuple[str, str, str]) -> None:
    assert said(*line) == words


def test_ids_of_the_file_find_a_line() -> None:
    (line,) = in_words([LogEntry("2026-11-03T09:00:00.000Z", "Anna", "play", SESSION, "")], KNOWN, {})
    assert SESSION in line.searched
    assert "c-012" in line.searched


@pytest.fixture
def _in_vienna() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Vienna"
    time.tzset()
    yield
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    time.tzset()


@pytest.mark.usefixtures("_in_vienna")
def test_the_time_is_the_one_on_the_wall() -> None:
    assert local_time("2026-07-03T22:30:05.123Z") == "2026-07-04 00:30:05"
    assert local_time("2026-12-03T22:30:05.123Z") == "2026-12-03 23:30:05"
