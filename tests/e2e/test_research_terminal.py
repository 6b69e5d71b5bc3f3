"""Research interviews as scripts hold them, without a recall: own protocols, an early look, refusals."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from test_recall_terminal import DEVICES, Room, room
from test_terminal import Call, call, services, session, sound, vault

__all__ = ["call", "room", "services", "session", "sound", "vault"]

STUDY = "PROCESS-1/REC-22-041"
BSR = "brief-structured-recall"
WHICH = "When she said that I need not decide today"
SCOPES = ("--scope", f"research={STUDY}", "--scope", "client_recall", "--signed", "2026-11-02")


@pytest.fixture
def agreed(call: Call, vault: Path, session: str) -> str:
    """The session of a client who agreed to the study and to recall interviews."""
    assert call("consent", "add", vault, "--client", "K-07", *SCOPES).code == 0
    return session


def plan(call: Call, vault: Path, session: str, party: str, protocol: str, *more: object) -> dict[str, Any]:
    who = ("--party", party, "--interviewer", "R-02")
    made = call("interview", "plan", vault, session, "--study", STUDY, "--protocol", protocol, *who, *more)
    assert made.code == 0, made.err
    return made.json


def answer(call: Call, vault: Path, interview: str, item: str, *values: object) -> None:
    said = call("interview", "answer", vault, interview, item, *values)
    assert said.code == 0, said.err
    assert set(said.json) == {"item", "lacking"}


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


# ------------------------------------------------------------------ an early look
def test_one_who_never_finishes_is_unblinded_with_a_reason(call: Call, vault: Path, agreed: str) -> None:
    client = plan(call, vault, agreed, "client", BSR)["interview"]
    call("interview", "open", vault, client)
    chosen = call("interview", "event", vault, client, "--from", 0.5, "--to", 2.5).json["event"]
    answer(call, vault, client, "which", WHICH)
    answer(call, vault, client, "helpfulness", "--declined", "--event", chosen)
    assert call("interview", "finish", vault, client).json["waits_for"] == ["therapist"]
    assert call("interview", "unblind", vault, client, "--reason", " ").code == 2
    shown = call("interview", "unblind", vault, client, "--reason", "the therapist left").json
    assert (shown["unblinded"], shown["hidden"]) == (True, False)
    assert {entry["item"]: entry["declined"] for entry in shown["answers"]}["helpfulness"] is True
    lines = call("log", vault).json["entries"]
    assert [line["action"] for line in lines].count("unblind") == 1
    assert "therapist left" not in json.dumps(lines)


# ------------------------------------------------------------------ a protocol of one's own
OWN = """\
protocol: {id: warmth, version: 1.0, title: Warm moments}
parties: [therapist]
window_hours: 24
order: random
scales: {warmth: {min: 0, max: 10}}
steps:
  - {kind: say, item: hello, words: Hello.}
  - {kind: rating, item: warm, scale: warmth, words: How warm?, required: true}
  - {kind: rating, item: near, scale: warmth, words: How near?}
  - {kind: choice, item: who, choices: [me, they], words: Who began?}
  - {kind: text, item: image, words: Any image?}
  - {kind: question, item: last, words: Anything else?, stay: true}
"""
ORDER_4 = ["near", "image", "who", "warm"]


def test_a_protocol_of_ones_own_is_checked_and_loaded(
    call: Call, vault: Path, agreed: str, tmp_path: Path
) -> None:
    path = tmp_path / "warmth.yaml"
    path.write_text(OWN.replace("kind: text", "kind: txt").replace("min: 0", "min: 11"))
    refused = call("protocol", "load", vault, path)
    assert (refused.code, refused.error["code"]) == (7, "not_readable")
    assert "line 5:" in refused.error["error"]
    assert "line 11:" in refused.error["error"]
    path.write_text(OWN)
    assert call("protocol", "check", path).json == {"key": "warmth@1.0", "steps": 6}
    assert call("protocol", "load", vault, path).json == {"key": "warmth@1.0", "steps": 6}
    assert call("protocol", "show", vault, "warmth").json["yaml"] == OWN
    keys = [row["key"] for row in call("protocol", "list", vault).json["protocols"]]
    assert keys[-1] == "warmth@1.0"
    assert len(keys) == 4


def test_an_own_protocol_is_asked_in_a_drawn_order(
    call: Call, vault: Path, agreed: str, tmp_path: Path
) -> None:
    path = tmp_path / "warmth.yaml"
    path.write_text(OWN)
    assert call("protocol", "load", vault, path).code == 0
    row = plan(call, vault, agreed, "therapist", "warmth", "--seed", 4)
    order = [step["item"] for step in call("interview", "open", vault, row["interview"]).json["steps"]]
    assert order == ["hello", *ORDER_4, "last"]
    call("interview", "drop", vault, row["interview"], "--yes")
    again = plan(call, vault, agreed, "therapist", "warmth", "--seed", 4)["interview"]
    assert [step["item"] for step in call("interview", "open", vault, again).json["steps"]] == order
    assert call("interview", "finish", vault, again).code == 2
    answer(call, vault, again, "warm", 7)
    answer(call, vault, again, "who", "they")
    assert call("interview", "answer", vault, again, "warm", "7.5").code == 2
    done = call("interview", "finish", vault, again).json
    assert (done["seed"], done["hidden"], done["lacking"]) == (4, False, [])
    target = tmp_path / "warmth.json"
    assert call("interview", "export", vault, again, "--format", "json", "--to", target).json["rows"] == 2
    (document,) = json.loads(target.read_text())["interviews"]
    assert (document["seed"], document["order"]) == (4, order)
    assert {entry["item"]: entry["value"] for entry in document["answers"]} == {"warm": 7, "who": "they"}
    drawn = plan(call, vault, agreed, "client", "significant-event")
    assert drawn["seed"] is None


# ------------------------------------------------------------------ refusals and the overview
def test_refusals_have_their_codes(call: Call, vault: Path, agreed: str, room: Room) -> None:
    begin = ("recall", "start", vault, agreed, *DEVICES)
    unknown = call(*begin, "--kind", "research:hat")
    assert (unknown.code, "no protocol “hat”" in unknown.error["error"]) == (2, True)
    assert call(*begin, "--kind", f"research:{BSR}", "--interview", "abcdef").code == 2
    client = plan(call, vault, agreed, "client", BSR)["interview"]
    assert call(*begin, "--kind", f"research:{BSR}", "--interview", client).code == 2
    assert call("interview", "show", vault, "abcdef").code == 2
    assert call("interview", "finish", vault, client).code == 2
    assert call("interview", "drop", vault, client).code == 2
    assert call("interview", "answer", vault, client, "which").code == 2
    assert call("interview", "event", vault, client, "--from", 1).code == 2
    assert call("interview", "event", vault, client, "--from", 1, "--to", 2, "--peak", "me=1").code == 2
    assert call("protocol", "show", vault, "hat").code == 2
    assert call("study", "show", vault, "OTHER/1").code == 2
    who = ("--party", "therapist", "--interviewer", "R-02", "--protocol", BSR)
    other = call("interview", "plan", vault, agreed, "--study", "OTHER/1", *who)
    assert (other.code, other.error["code"]) == (5, "no_consent")


def test_a_second_recall_for_an_interview_is_kept_beside_the_first_until_it_is_tied_by_hand(
    call: Call, vault: Path, agreed: str, room: Room, tmp_path: Path
) -> None:
    interview = plan(call, vault, agreed, "client", BSR)["interview"]
    script = tmp_path / "commands"
    script.write_text("@0.3 end\n")
    begin = (
        "recall",
        "start",
        vault,
        agreed,
        *DEVICES,
        "--kind",
        f"research:{BSR}",
        "--interview",
        interview,
    )
    whole = (*begin, "--recaller", "client", "--inquirer", "R-02", "--commands", script)
    first, second = call(*whole), call(*whole)
    assert (first.code, second.code) == (0, 0)
    assert "has its recall already" not in first.err
    assert "has its recall already" in second.err
    by_hand = f"supervise interview tie VAULT {interview[:8]} {second.json['recall'][:8]}"
    assert by_hand in second.err
    assert call("interview", "show", vault, interview).json["recall"] == first.json["recall"]
    assert call("interview", "tie", vault, interview[:8], second.json["recall"][:8]).code == 0
    assert call("interview", "show", vault, interview).json["recall"] == second.json["recall"]


def test_the_overview_counts_what_is_due(call: Call, vault: Path, agreed: str) -> None:
    assert call("study", "list", vault).json == {"studies": [STUDY]}
    empty = call("study", "show", vault, STUDY).json
    (dyad,) = empty["dyads"]
    assert (dyad["client"], dyad["sessions"][0]["session"]) == ("K-07", agreed)
    assert dyad["sessions"][0]["hours_left"] is not None
    plan(call, vault, agreed, "client", BSR)
    shown = call("study", "show", vault, STUDY).json
    assert shown["counts"] == [
        {"party": "client", "time_point": "now", "state": "planned", "interviews": 1},
        {"party": "client", "time_point": "one_month", "state": "planned", "interviews": 1},
    ]
    due = shown["dyads"][0]["sessions"][0]["interviews"][0]
    assert set(due) >= {"interview", "party", "time_point", "state", "due_until", "hours_left", "overdue"}
    words = call("study", "show", vault, STUDY, as_json=False).out
    assert "K-07" in words
    assert "Ada" not in words
