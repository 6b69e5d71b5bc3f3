"""A recall taken out: a row an utterance with its session span, and cues on both time lines."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
import webvtt

from recall_samples import Told, recall_of, session_row
from supervise.domain.ids import ClientId, MediaId, RecallId, SessionId
from supervise.domain.recall import Party, PromptUse, RecallKind, Setup, Stop, StoppedBy
from supervise.domain.recall_map import RecallMap, Stretch
from supervise.domain.recall_utterances import utterances
from supervise.domain.session import Session, SoundFacts
from supervise.domain.speakers import SpeakerNames
from supervise.domain.transcript import Word
from supervise.exchange.recall_content import RecallCoding, RecallContent, RecallRating, redacted_recall
from supervise.exchange.recalls import COLUMNS, RECALL_FORMATS
from unit.json_schema_check import faults

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "resources" / "schemas" / "recall.schema.json").read_text(encoding="utf-8")
)
SETUP = Setup(RecallKind.CLIENT, recaller=Party.CLIENT, inquirer="=Cara", hours_since=3.5)
STOPS = (
    Stop(0, 12_000, 3000, StoppedBy.RECALLER, 3000, 10_000, 6000, 9000),
    Stop(1, 11_000, 7000, StoppedBy.INQUIRER, 1000, 9000, 9000, None),
)
PROMPTS = (PromptUse(0, 3100, "affect.feel", 0, "=What did you feel?"), PromptUse(1, 5500, "body.image", 0))
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


def test_a_word_begun_in_one_stop_and_ended_in_the_next_was_said_in_the_next() -> None:
    """Transcripts of before have such words, with the whole playing between begin and end."""
    stops = (
        replace(STOPS[0], recall_end_ms=4000),
        replace(STOPS[1], recall_start_ms=14_000, recall_end_ms=None),
    )
    found = RecallMap(
        (Stretch(1000, 3000, 10_000, 12_000), Stretch(4000, 14_000, 9000, 19_000)), 1000, 1000, 20_000
    )
    words = (word("good.", 3200), Word("question", 3400, 16_000, 0.9, "A"), word("and", 16_000))
    rows = utterances(words, stops, (), found)
    assert [(row.text, row.stop and row.stop.seq) for row in rows] == [("good.", 0), ("question and", 1)]
    assert (rows[1].recall_start_ms, rows[1].over_playing) == (14_000, False)


def test_a_word_at_the_edge_of_a_stop_goes_with_the_breath_it_was_said_in() -> None:
    words = (word("that", 2500), word("there", 2750), word("is", 2950), word("so", 6000), word("yes", 6400))
    rows = utterances(words, STOPS, (), MAP)
    told = [("that", None), ("there is", 0), ("so yes", None)]
    assert [(row.text, row.stop and row.stop.seq) for row in rows] == told
    said_on = (word("so", 5800), word("it", 6000), word("was", 6150))
    rows = utterances(said_on, STOPS, (), MAP)
    assert [(row.text, row.stop and row.stop.seq) for row in rows] == [("so it", 0), ("was", None)]


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


MARKS = (
    RecallCoding(
        3000, 4000, then_now="then", codes=(("rc.body", "Body"), ("rc.feel", "=Feeling")), note="-1"
    ),
    RecallCoding(
        3300, 3300, then_now="now", codes=(("rc.body", "Body"),), author="Ada", perspective="therapist"
    ),
)
RATINGS = (
    RecallRating("helpfulness", 7.5, "now", 11_500, 12_500, "client", "S1", "bsr"),
    RecallRating("helpfulness", 6, "one-month", 11_500, 12_500),
    RecallRating("overall", ["warm", "tired"]),
)


def marked() -> RecallContent:
    return replace(content(), codings=MARKS, ratings=RATINGS)


def test_marks_ratings_and_the_prompts_words_are_in_the_table() -> None:
    rows = list(csv.DictReader(io.StringIO(RECALL_FORMATS["csv"](marked()).text)))
    second, third = rows[1], rows[2]
    assert second["then_now"] == "then;now"
    assert second["codes"] == "rc.body;rc.feel"
    assert second["code_labels"] == "Body;=Feeling"
    assert second["notes"] == "'-1"
    assert second["prompt_words"] == "'=What did you feel?"
    assert second["ratings"] == "helpfulness@now=7.5;helpfulness@one-month=6"
    assert third["codes"] == ""
    assert rows[5]["ratings"] == ""
    for row in rows:
        assert not any(
            (value or "").startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for value in row.values()
        )


@pytest.mark.parametrize(
    "made",
    [
        content(),
        marked(),
        redacted_recall(marked(), [(11_000, 11_600)]),
        recall_of(session_row(300_000), Told(9)),
        replace(content(), utterances=(), stops=(), prompts=(), map=RecallMap((), 1000, 1000, 0)),
        replace(content(), setup=Setup(RecallKind.RESEARCH, "bsr", hours_since=None)),
    ],
)
def test_every_document_fits_its_schema(made: RecallContent) -> None:
    taken = RECALL_FORMATS["json"](made)
    document = json.loads(taken.text)
    assert faults(document, SCHEMA, SCHEMA) == []
    assert taken.rows == len(document["utterances"])


def test_the_schema_notices_faults() -> None:
    document = json.loads(RECALL_FORMATS["json"](marked()).text)
    document["utterances"][0]["session_start_ms"] = -1
    document["stops"][0]["stopped_by"] = "uncle"
    document["codings"][0]["then_now"] = ""
    del document["ratings"][0]["item"]
    document["extra"] = 1
    assert len(faults(document, SCHEMA, SCHEMA)) == 5


def test_notes_on_what_was_said_about_a_redacted_passage_are_masked() -> None:
    made = redacted_recall(marked(), [(11_500, 11_600)])
    assert [entry.note for entry in made.codings] == ["[redacted]", ""]
    assert [entry.note for entry in redacted_recall(marked(), [(50_000, 51_000)]).codings] == ["-1", ""]


def test_stops_are_notes_among_the_cues() -> None:
    for fmt in ("vtt", "session-vtt"):
        made = RECALL_FORMATS[fmt](replace(content(), prompts=(PromptUse(0, 3100, "a --> b", 0),)))
        notes = [line for line in made.text.splitlines() if line.startswith("NOTE Stop")]
        assert [note.split(":")[0] for note in sorted(notes)] == [
            "NOTE Stop 1 by recaller",
            "NOTE Stop 2 by inquirer",
        ]
        assert "prompts a -> b" in made.text
        cues = webvtt.from_string(made.text)
        assert len(cues.captions) == made.rows == 6
        voices = [voice for cue in cues.captions for voice in (cue.voice,)]
        assert voices == ["Client" if cue.text != "felt?" else "Inquirer" for cue in cues.captions]
        for cue in cues.captions:
            assert cue.start < cue.end


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
