"""`recall mark|unmark|write-up` as scripts use them, undone by `undo`, in what `recall show` prints."""

from pathlib import Path

import pytest
from test_recall_terminal import DEVICES, Room, room
from test_terminal import Call, call, services, session, sound, vault

__all__ = ["call", "room", "services", "session", "sound", "vault"]

MARK_FIELDS = {
    "mark",
    "author",
    "perspective",
    "about",
    "start_ms",
    "end_ms",
    "time_frame",
    "codes",
    "note",
    "codebook",
    "created_at",
    "changed_at",
}


@pytest.fixture
def held(call: Call, vault: Path, session: str, room: Room, tmp_path: Path) -> str:
    script = tmp_path / "commands"
    script.write_text("@0.5 stop recaller\n@1.0 end\n")
    said = call("recall", "start", vault, session, "--kind", "therapist", *DEVICES, "--commands", script)
    assert said.code == 0, said.err
    return str(said.json["recall"])


def test_marks_are_made_shown_undone_and_removed(call: Call, vault: Path, held: str) -> None:
    stop = call("recall", "show", vault, held).json["stops"][0]
    fear = ("--code", "ip.affect", "--rate", "intensity=3", "--then", "--note", "in the chest")
    inside = (stop["recall_start_ms"] + stop["recall_end_ms"]) / 2000  # a busy machine stops later than told
    made = call("recall", "mark", vault, held[:8], "--at", f"{inside:.3f}", *fear)
    assert made.code == 0, made.err
    assert (made.json["start_ms"], made.json["end_ms"]) == (stop["recall_start_ms"], stop["recall_end_ms"])
    taught = call("recall", "mark", vault, held, "--at", "0.1", "--until", "0.3", "--code", "ip.taught")
    assert taught.code == 0, taught.err
    rows = call("recall", "show", vault, held).json["marks"]
    assert [row["about"] for row in rows] == ["inquirer", "recaller"]
    assert set(rows[1]) == MARK_FIELDS
    assert (rows[1]["time_frame"], rows[1]["note"]) == ("then", "in the chest")
    assert rows[1]["codes"] == [{"code": "ip.affect", "ratings": {"intensity": 3}}]
    assert "in the chest" in call("recall", "show", vault, held, as_json=False).out
    assert call("undo", vault).code == 0
    assert len(call("recall", "show", vault, held).json["marks"]) == 1
    assert call("recall", "unmark", vault, made.json["mark"][:8]).json == {"removed": made.json["mark"]}
    assert call("recall", "show", vault, held).json["marks"] == []
    assert call("undo", vault).code == 0
    assert [row["mark"] for row in call("recall", "show", vault, held).json["marks"]] == [made.json["mark"]]


def test_marks_that_make_no_sense_are_refused(call: Call, vault: Path, held: str) -> None:
    for wrong in (
        ("--at", "0.1"),
        ("--at", "0.1", "--code", "wd.minimal"),
        ("--at", "0.1", "--code", "ip.taught", "--about", "recaller"),
        ("--at", "1000", "--code", "ip.affect"),
        ("--at", "0.1", "--code", "ip.nothing"),
    ):
        assert call("recall", "mark", vault, held, *wrong).code == 2
    assert call("recall", "unmark", vault, "ffffff").code == 2
    assert call("recall", "show", vault, held).json["marks"] == []


def test_a_write_up_is_kept_shared_and_taken_away(call: Call, vault: Path, held: str, tmp_path: Path) -> None:
    text = tmp_path / "mine.txt"
    text.write_text("What stood out: my haste.\n", encoding="utf-8")
    assert call("recall", "write-up", vault, held).json == {"write_ups": []}
    assert call("recall", "write-up", vault, held, "--share").code == 2
    (row,) = call("recall", "write-up", vault, held, "--text", text).json["write_ups"]
    assert (row["text"], row["private"]) == ("What stood out: my haste.", True)
    (row,) = call("recall", "write-up", vault, held, "--share").json["write_ups"]
    assert row["private"] is False
    assert "my haste" in call("recall", "write-up", vault, held, as_json=False).out
    assert "my haste" not in str(call("recall", "show", vault, held).json)
    (row,) = call("recall", "write-up", vault, held, "--keep-private").json["write_ups"]
    assert row["private"] is True
    text.write_text("")
    assert call("recall", "write-up", vault, held, "--text", text).json == {"write_ups": []}
    assert call("recall", "write-up", vault, held, "--text", tmp_path / "nothing").code == 7
    assert call("undo", vault).code == 0
    assert len(call("recall", "write-up", vault, held).json["write_ups"]) == 1
