"""Moments as CSV, and the whole session as JSON that fits its schema."""

import csv
import io
import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from supervise.domain.moments import MomentCode
from supervise.exchange.content import SessionContent, redacted_content
from supervise.exchange.moments import COLUMNS, write_csv
from supervise.exchange.session_json import session_document, write_json
from unit.exchange_samples import BOOK, MOMENTS, STAMP, a_moment, an_id, content_of
from unit.json_schema_check import faults

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "resources" / "schemas" / "session.schema.json").read_text(encoding="utf-8")
)


def rows_of(content: SessionContent) -> list[dict[str, str]]:
    text = write_csv(content).text
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_one_row_for_each_code_of_each_moment() -> None:
    taken = write_csv(content_of())
    assert b"".join(taken.parts).startswith(b"\xef\xbb\xbfmoment_id,session_id,start_ms,")
    rows = rows_of(content_of())
    assert taken.rows == len(rows) == 3
    assert tuple(rows[0]) == COLUMNS
    assert rows[1] == {
        "moment_id": an_id(20),
        "session_id": an_id(1),
        "start_ms": "9000",
        "end_ms": "29000",
        "start_clock": "00:00:09.000",
        "end_clock": "00:00:29.000",
        "code_id": "wd.minimal",
        "code_label": "Minimal response / silence",
        "family": "withdrawal",
        "ratings": "salience=3;impact=2",
        "note": "'=clipped, then\nsilent",
        "author": "Ana",
        "perspective": "therapist",
        "private": "false",
        "codebook": "supervise-default@1.1.0",
        "created_at": STAMP,
        "changed_at": STAMP,
    }
    assert (rows[2]["code_id"], rows[2]["ratings"]) == ("oc.missed", "")
    assert (rows[0]["code_id"], rows[0]["end_ms"], rows[0]["end_clock"]) == ("wf.flag", "", "")


def test_a_code_whose_codebook_is_not_at_hand_keeps_its_id() -> None:
    content = content_of()
    bare = SessionContent(session=content.session, moments=content.moments)
    row = rows_of(bare)[0]
    assert (row["code_id"], row["code_label"], row["author"]) == ("wf.flag", "", an_id(5))


def test_halves_and_words_as_ratings() -> None:
    rated = MomentCode("ip.event", (("helpfulness", 7.5), ("valence", "mixed")))
    row = rows_of(content_of(moments=[a_moment(1, 0, 5, rated)]))[0]
    assert row["ratings"] == "helpfulness=7.5;valence=mixed"


ODD = "=+-@\t\r\n\x00,\";' \uff1d\u202e\u2028\ud800"
NOTES = st.text(st.one_of(st.sampled_from(ODD), st.characters()), max_size=30)


@given(st.lists(NOTES, max_size=5))
def test_any_note_stays_in_its_cell_and_is_never_a_formula(notes) -> None:
    moments = [a_moment(n + 50, n, None, MomentCode("wf.flag"), note=note) for n, note in enumerate(notes)]
    rows = rows_of(content_of(moments=moments))
    assert len(rows) == len(notes)
    for row, note in zip(rows, notes, strict=True):
        assert not row["note"].startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"))
        assert not row["note"].lstrip().startswith(("=", "+", "-", "@"))
        assert "\x00" not in row["note"]
        assert set(filter(str.isalnum, note)) <= set(row["note"])


def test_the_whole_session_fits_its_schema() -> None:
    taken = write_json(content_of())
    document = json.loads(b"".join(taken.parts))
    assert faults(document, SCHEMA, SCHEMA) == []
    assert taken.rows == 3 + 2
    assert document == session_document(content_of())
    assert "The title stays" not in taken.text
    assert [turn["speaker"] for turn in document["transcript"]["turns"]] == ["A", "B", "A"]
    assert document["transcript"]["pauses"][0] == {"start_ms": 0, "end_ms": 1500}
    second = document["moments"][1]
    assert second["codes"][0] == {
        "code": "wd.minimal",
        "label": BOOK.code("wd.minimal").label,
        "family": "withdrawal",
        "ratings": {"salience": 3, "impact": 2},
    }
    assert second["note"] == MOMENTS[0].note
    assert [comment["text"] for comment in second["comments"]] == ["I hear it too"]


def test_a_session_without_a_transcript_fits_too() -> None:
    bare = SessionContent(session=content_of().session)
    assert faults(session_document(bare), SCHEMA, SCHEMA) == []
    assert write_json(bare).rows == 0


def test_redaction_is_said_and_reaches_the_terms() -> None:
    document = session_document(redacted_content(content_of(), ((3_600, 3_900),)))
    assert faults(document, SCHEMA, SCHEMA) == []
    assert document["redacted"] is True
    assert document["transcript"]["settings"]["terms"] == "[redacted]"
    assert document["moments"][1]["comments"][0]["text"] == "I hear it too"


def test_the_schema_notices_a_fault() -> None:
    document = session_document(content_of())
    document["moments"][0]["start_ms"] = -1
    document["moments"][1]["perspective"] = "uncle"
    del document["session"]["rate_hz"]
    document["extra"] = 1
    assert len(faults(document, SCHEMA, SCHEMA)) == 4


@given(NOTES)
def test_any_text_makes_readable_json(note) -> None:
    taken = write_json(content_of(moments=[a_moment(1, 0, None, MomentCode("wf.flag"), note=note)]))
    read = json.loads(b"".join(taken.parts).decode("utf-8"))["moments"][0]["note"]
    assert read == note.encode("utf-8", "replace").decode("utf-8")
