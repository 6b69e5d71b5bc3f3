"""Research interviews as scripts hold them: a mutual recall, a blind pair, a whole BSR, an own protocol."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_recall_terminal import DEVICES, Room, acknowledged, room
from test_terminal import Call, call, services, session, sound, vault

__all__ = ["call", "room", "services", "session", "sound", "vault"]

STUDY = "PROCESS-1/REC-22-041"
BSR = "brief-structured-recall"
WHICH = "When she said that I need not decide today"
SCOPES = ("--scope", f"research={STUDY}", "--scope", "client_recall", "--signed", "2026-11-02")
RATED = re.compile(r"helpfulness[^}\n]*\b8\.5\b|-> .*8\.5")
Hold = Callable[..., dict[str, Any]]


@pytest.fixture
def agreed(call: Call, vault: Path, session: str) -> str:
    """The session of a client who agreed to the study and to recall interviews."""
    assert call("consent", "add", vault, "--client", "K-07", *SCOPES).code == 0
    return session


@pytest.fixture
def hold(call: Call, vault: Path, agreed: str, room: Room, tmp_path: Path) -> Hold:
    """Hold a short recall: one stop of the recaller's, one of the inquirer's."""

    def held(kind: str, *options: object) -> dict[str, Any]:
        script = tmp_path / "commands"
        script.write_text("@0.8 stop recaller\n@1.2 resume\n@1.6 stop inquirer\n@1.8 end\n")
        said = call(
            "recall", "start", vault, agreed, "--kind", kind, *DEVICES, *options, "--commands", script
        )
        assert said.code == 0, said.err
        assert [line["done"] for line in acknowledged(said.err)][1:] == [
            "stop recaller",
            "resume",
            "stop inquirer",
            "end",
        ]
        return said.json

    return held


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


# ------------------------------------------------------------------ a mutual recall
def test_both_recall_together_and_both_may_stop(call: Call, vault: Path, hold: Hold, agreed: str) -> None:
    made = hold("mutual", "--inquirer", "Cara")
    shown = call("recall", "show", vault, made["recall"]).json
    assert (shown["kind"], shown["recaller"], shown["inquirer"]) == ("mutual", "both", "Cara")
    assert [stop["stopped_by"] for stop in shown["stops"]] == ["recaller", "inquirer"]
    at = shown["stops"][0]["session_ms"] / 1000 - 0.1
    (first, *_) = call("recall", "about", vault, agreed, at).json["recalled"]
    assert first["recaller"] == "both"
    taken_back = ("--scope", "client_recall")
    assert call("consent", "withdraw", vault, "--client", "K-07", *taken_back).code == 0
    assert call("recall", "show", vault, made["recall"]).error["code"] == "no_consent"


# ------------------------------------------------------------------ a parallel pair, blind
def test_a_parallel_pair_is_cued_blind(
    call: Call, vault: Path, hold: Hold, agreed: str, tmp_path: Path
) -> None:
    client = plan(call, vault, agreed, "client", BSR)["interview"]
    assert call("interview", "open", vault, client).json["state"] == "open"
    recalled = hold("parallel", "--recaller", "client", "--inquirer", "R-02", "--interview", client)
    chosen = call(
        "interview", "event", vault, client, "--from", 0.5, "--to", 2.5, "--peak", "client=1.2"
    ).json
    answer(call, vault, client, "which", WHICH)
    answer(call, vault, client, "helpfulness", "8.5", "--event", chosen["event"])
    done = call("interview", "finish", vault, client).json
    assert (done["state"], done["recall"]) == ("done", recalled["recall"])

    _nothing_leaks(call, vault, client, tmp_path)
    therapist = _cued_therapist(call, vault, client, chosen["event"])
    hold("parallel", "--recaller", "therapist", "--inquirer", "R-03", "--interview", therapist)
    _nothing_leaks(call, vault, client, tmp_path)
    assert call("interview", "finish", vault, therapist).json["hidden"] is False
    _both_are_shown(call, vault, client, tmp_path)


def _cued_therapist(call: Call, vault: Path, client: str, event: str) -> str:
    """Cue the therapist to the client's event and let them rate it; return their interview."""
    cue = call("interview", "cue", vault, client, "--event", event, "--interviewer", "R-03").json
    therapist = str(cue["interview"])
    opened = call("interview", "open", vault, therapist).json
    (own,) = opened["events"]
    assert (own["start_ms"], own["end_ms"], own["same_as"]) == (500, 2500, event)
    assert (own["peaks"], own["title"]) == ({}, "")
    assert opened["cued_from"] == client
    answer(call, vault, therapist, "helpfulness", "6", "--event", own["event"])
    answer(call, vault, therapist, "intent.support", 4, "--event", own["event"])
    return therapist


def _both_are_shown(call: Call, vault: Path, client: str, folder: Path) -> None:
    shown = call("interview", "show", vault, client).json
    assert RATED.search(call("interview", "show", vault, client).out)
    assert RATED.search(call("interview", "show", vault, client, as_json=False).out)
    assert {entry["item"]: entry["value"] for entry in shown["answers"]} == {
        "which": WHICH,
        "helpfulness": 8.5,
    }
    assert shown["events"][0]["peaks"] == {"client": [1200]}
    target = folder / "pair.csv"
    out = call("interview", "export", vault, "--study", STUDY, "--format", "csv", "--to", target).json
    assert (out["interviews"], out["hidden"]) == (2, 0)
    rated = [(row["party"], row["value"]) for row in table(target) if row["item"] == "helpfulness"]
    assert rated == [("client", "8.5"), ("therapist", "6")]
    assert call("interview", "open", vault, client).code == 2
    assert call("interview", "answer", vault, client, "which", "else").code == 2
    assert call("verify", vault).code == 0


def _nothing_leaks(call: Call, vault: Path, client: str, folder: Path) -> None:
    """Try everything that could show what the client answered."""
    shown = call("interview", "show", vault, client)
    assert shown.json["hidden"] is True
    assert shown.json["answers"] == []
    assert {"which", "helpfulness"} <= set(shown.json["answered"])
    target = folder / "hidden.json"
    refused = call("interview", "export", vault, client, "--format", "json", "--to", target)
    assert (refused.code, refused.error["code"]) == (2, "blind")
    all_of_it = call(
        "interview", "export", vault, "--study", STUDY, "--format", "json", "--to", target, "--force"
    )
    assert all_of_it.json["hidden"] >= 1
    bundle = folder / "bundle.zip"
    given = call("subject-access", vault, "--client", "K-07", "--to", bundle, "--force")
    assert given.code == 0, given.err
    said = [shown.out, target.read_text(), call("log", vault).out]
    said += [call(*words).out for words in (("study", "show", vault, STUDY), ("search", vault, "decide"))]
    said += [call("interview", "show", vault, client, as_json=False).out]
    with zipfile.ZipFile(bundle) as files:
        said += [
            files.read(name).decode("utf-8", "replace") for name in files.namelist() if "flac" not in name
        ]
    assert all(WHICH not in text and not RATED.search(text) for text in said)
    assert call("undo", vault).code == 2


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


# ------------------------------------------------------------------ a whole Brief Structured Recall
def test_a_brief_structured_recall_with_its_follow_up(
    call: Call, vault: Path, hold: Hold, agreed: str, tmp_path: Path
) -> None:
    planned = plan(call, vault, agreed, "client", BSR)
    client, (later,) = planned["interview"], planned["follow_ups"]
    assert (planned["time_point"], later["time_point"]) == ("now", "one_month")
    assert later["due_from"] > planned["due_until"]
    assert call("interview", "open", vault, later["interview"]).code == 2
    steps = call("interview", "open", vault, client).json["steps"]
    scale = next(step["scale"] for step in steps if step["item"] == "helpfulness")
    assert (scale["min"], scale["max"], scale["step"]) == (1, 9, 0.5)
    answer(call, vault, client, "which", WHICH)
    recalled = hold(f"research:{BSR}", "--recaller", "client", "--inquirer", "R-02", "--interview", client)
    event = _clients_event(call, vault, client)
    call("interview", "finish", vault, client)
    own = _therapists_intentions(call, vault, client, event)
    _a_month_later(call, vault, event, own)
    rows = _taken_out(call, vault, tmp_path / "bsr.csv")
    assert {row["recall_id"] for row in rows if (row["party"], row["time_point"]) == ("client", "now")} == {
        recalled["recall"]
    }
    assert [row["value"] for row in rows if row["kind"] == "peaks"] == ["1000 2000", "2500"]
    taken_back = ("--scope", f"research={STUDY}")
    assert call("consent", "withdraw", vault, "--client", "K-07", *taken_back).code == 0
    assert call("interview", "show", vault, client).error["code"] == "no_consent"
    left = call("study", "show", vault, STUDY).json
    assert (left["dyads"], left["clients_left_out"], left["interviews_left_out"]) == ([], 1, 4)


def _clients_event(call: Call, vault: Path, client: str) -> str:
    """Choose the client's event with its peaks, and rate it; return it."""
    span = ("--from", 0.5, "--to", 3.2, "--title", "no need to decide")
    event = call("interview", "event", vault, client, *span).json["event"]
    peaks = ("--peak", "therapist=1.0", "--peak", "therapist=2.0", "--peak", "client=2.5")
    assert call("interview", "event", vault, client, "--event", event, *peaks).json["event"] == event
    assert call("interview", "answer", vault, client, "helpfulness", "8.25", "--event", event).code == 2
    about = ("--event", event)
    answer(call, vault, client, "helpfulness", 7.5, *about)
    answer(call, vault, client, "helpfulness", 8.5, *about)
    answer(call, vault, client, "description", "She waited, and it got quiet.", *about)
    answer(call, vault, client, "impact.relief", 5, *about)
    return str(event)


def _therapists_intentions(call: Call, vault: Path, client: str, event: str) -> str:
    """Cue the therapist, rate every intention and finish; return their event."""
    cue = call("interview", "cue", vault, client, "--event", event, "--interviewer", "R-03").json
    therapist, own = cue["interview"], call("interview", "open", vault, cue["interview"]).json["events"][0]
    intents = [step["item"] for step in call("interview", "show", vault, therapist).json["steps"]]
    assert sum(item.startswith("intent.") for item in intents) == 8
    answer(call, vault, therapist, "helpfulness", 6, "--event", own["event"])
    for item in intents:
        if item.startswith("intent."):
            answer(call, vault, therapist, item, 3, "--event", own["event"])
    call("interview", "finish", vault, therapist)
    return str(own["event"])


def _taken_out(call: Call, vault: Path, target: Path) -> list[dict[str, str]]:
    """Take all four interviews out and check their ratings; return the rows."""
    out = call("interview", "export", vault, "--study", STUDY, "--format", "csv", "--to", target).json
    assert (out["interviews"], out["hidden"]) == (4, 0)
    rows = table(target)
    rated = {(row["party"], row["time_point"]): row for row in rows if row["item"] == "helpfulness"}
    assert {place: row["value"] for place, row in rated.items()} == {
        ("client", "now"): "8.5",
        ("therapist", "now"): "6",
        ("client", "one_month"): "7",
        ("therapist", "one_month"): "5",
    }
    first = rated["client", "now"]
    assert (first["times_given"], first["event_start_ms"], first["event_end_ms"]) == ("2", "500", "3200")
    place = rated["client", "one_month"]["event_id"]
    assert rated["therapist", "now"]["same_as"] == first["event_id"] == place
    assert {row["client_code"] for row in rows} == {"K-07"}
    assert "Ada" not in target.read_text("utf-8-sig")
    assert call("copies", "list", vault).json["copies"][-1]["kind"] == "interviews csv"
    return rows


def _a_month_later(call: Call, vault: Path, event: str, own: str) -> None:
    shown = call("study", "show", vault, STUDY).json["dyads"][0]["sessions"][0]["interviews"]
    later = {row["party"]: row["interview"] for row in shown if row["time_point"] == "one_month"}
    for party, about, value in (("client", event, 7), ("therapist", own, 5)):
        steps = call("interview", "open", vault, later[party]).json
        assert [entry["event"] for entry in steps["events"]] == [about]
        answer(call, vault, later[party], "helpfulness", value, "--event", about)
        call("interview", "finish", vault, later[party])


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
