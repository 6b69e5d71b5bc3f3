"""A recall taken out: a row an utterance with its session span, and cues on both time lines."""

import csv
import io
import json

import webvtt

from supervise.domain.ids import ClientId, MediaId, RecallId, SessionId
from supervise.domain.recall import Party, PromptUse, RecallKind, Setup, Stop, StoppedBy
from supervise.domain.recall_map import RecallMap, Stretch
from supervise.domain.recall_utterances import utterances
from supervise.domain.session import Session, SoundFacts
from supervise.domain.speakers import SpeakerNames
from supervise.domain.transcript import Word
from supervise.exchange.recalls import COLUMNS, RECALL_FORMATS, RecallContent, redacted_recall

SETUP = Setup(RecallKind.CLIENT, recaller=Party.CLIENT, inquirer="=Cara", hours_since=3.5)
STOPS = (
    Stop(0, 12_000, 3000, StoppedBy.RECALLER, 3000, 10_000, 6000, 9000),
    Stop(1, 11_000, 7000, StoppedBy.INQUIRER, 1000, 9000, 9000, None),
)
PROMPTS = (PromptUse(0, 3100, "affect.feel", 0), PromptUse(1, 5500, "body.image", 0))
MAP = RecallMap(
    (Stretch(1000, 3000, 10_000, 12_000), Stretch(6000, 7000, 9000, 11_000, 2.0, 1)), 1000, 1000, 9000
)


def word(text: str, at_ms: int, speaker: str = "A") -> Word:
    return Word(text, at_ms, at_ms + 200, 0.9, speaker)


WORDS = (
    word("oh", 2000),
    word("there", 3200),
    word("I", 3400),
    word("felt?", 4000, "B"),
    word("<sad>", 5600),
    word("again", 6400),
    word("yes", 7500),
)


def content() -> RecallContent:
    sound = SoundFacts(60_000, 1000, 1, 60_000, "", 16)
    media = (MediaId("m"), MediaId("p"))
    row = Session(SessionId("5" * 32), ClientId("c"), "K-07", "a title", "2026-11-22", "now", sound, *media)
    said = utterances(WORDS, STOPS, PROMPTS, MAP)
    names = SpeakerNames((("A", "client"), ("B", "inquirer")))
    return RecallContent(RecallId("7" * 32), row, SETUP, "then", 9000, STOPS, PROMPTS, MAP, said, names)


def test_utterances_end_where_the_tape_stops_or_starts_and_where_the_voice_changes() -> None:
    rows = utterances(WORDS, STOPS, PROMPTS, MAP)
    told = [
        (
            row.text,
            row.session_start_ms,
            row.session_end_ms,
            row.over_playing,
            row.prompt,
            row.stop and row.stop.seq,
        )
        for row in rows
    ]
    assert told == [
        ("oh", 11_000, 11_200, True, "", None),
        ("there I", 10_000, 12_000, False, "affect.feel", 0),
        ("felt?", 10_000, 12_000, False, "affect.feel", 0),
        ("<sad>", 10_000, 12_000, False, "body.image", 0),
        ("again", 9800, 10_200, True, "", None),
        ("yes", 9000, 11_000, False, "", 1),
    ]
    assert utterances((), STOPS, PROMPTS, MAP) == ()


def test_the_table_has_a_row_an_utterance_and_no_formula() -> None:
    made = RECALL_FORMATS["csv"](content())
    rows = list(csv.DictReader(io.StringIO(made.text)))
    assert len(rows) == made.rows == 6
    assert set(rows[0]) == set(COLUMNS)
    second = rows[1]
    assert (second["session_start_ms"], second["session_end_ms"], second["stop"]) == ("10000", "12000", "1")
    assert (second["stopped_by"], second["replayed_from_ms"], second["prompt"]) == (
        "recaller",
        "9000",
        "affect.feel",
    )
    assert (second["speaker"], second["text"], second["hours_since"]) == ("Client", "there I", "3.5")
    assert not second["inquirer"].startswith("=")
    assert (rows[0]["stop"], rows[0]["over_playing"]) == ("", "true")
    assert "a title" not in made.text


def test_the_document_holds_stops_map_and_utterances() -> None:
    made = RECALL_FORMATS["json"](content())
    found = json.loads(made.text)
    assert (found["format"], found["format_version"]) == ("supervise-recall", 1)
    assert found["stops"][0]["prompts"] == ["affect.feel", "body.image"]
    assert found["stops"][0]["prompt"] == "body.image"
    assert found["heard"][1] == {
        "recall_start_ms": 6000,
        "recall_end_ms": 7000,
        "session_start_ms": 9000,
        "session_end_ms": 11_000,
        "speed": 2.0,
    }
    assert found["utterances"][0]["stop"] is None
    assert found["utterances"][1]["words"][0] == {"text": "there", "start_ms": 3200, "end_ms": 3400}
    assert "a title" not in made.text


def test_both_time_lines_are_valid_cues() -> None:
    for fmt, first in (("vtt", "00:00:02.000"), ("session-vtt", "00:00:09.000")):
        made = RECALL_FORMATS[fmt](content())
        cues = webvtt.from_string(made.text)
        assert len(cues.captions) == made.rows == 6
        assert cues.captions[0].start == first
        starts = [cue.start_in_seconds for cue in cues.captions]
        assert starts == sorted(starts)
        assert "&lt;sad&gt;" in made.text


def test_what_is_about_a_redacted_passage_is_masked() -> None:
    made = redacted_recall(content(), [(11_500, 11_600)])
    texts = [row.text for row in made.utterances]
    assert texts == ["oh", "[redacted]", "[redacted]", "[redacted]", "again", "yes"]
    assert made.redacted
    assert "Passages were left out" in RECALL_FORMATS["vtt"](made).text
    assert redacted_recall(content(), ()).utterances == content().utterances
