"""Research recalls for real: the program at a sound card, stopped while people speak, blind until both did.

What came out is held against what went in: the voices in the recordings, the loudspeaker at every stop.
"""

import json
import re
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from test_research_terminal import BSR, STUDY, answer, plan, table
from test_terminal import SCOPES, Call, call, services, vault

from heard_places import noisy_session
from recall_card import RecallCard, check_stops, check_voices, handed_over, stored
from sounds import write_sound_file
from supervise.app.studies import study_overview
from supervise.bootstrap import Services
from supervise.domain.ids import SessionId
from virtual_card import RATE_HZ, VirtualCard, virtual_card
from workspaces import PASSPHRASE

__all__ = ["call", "services", "vault", "virtual_card"]

WHICH = "When she said that I need not decide today"
RATED = re.compile(r"helpfulness[^}\n]*\b8\.5\b|-> .*8\.5")
AGREED = ("--scope", f"research={STUDY}", "--scope", "client_recall", "--signed", "2026-11-02")


@pytest.fixture
def agreed(call: Call, vault: Path, services: Services, tmp_path: Path) -> str:
    """The session, today, of a client who agreed to the study and to recall interviews."""
    services.today = date.today  # the program in a process of its own has no other
    path = write_sound_file(tmp_path / "session.wav", noisy_session(), "s16.wav", RATE_HZ)
    assert call("consent", "add", vault, "--client", "K-07", *SCOPES, *AGREED).code == 0
    made = call("import", vault, path, "--client", "K-07", "--held-on", services.today().isoformat())
    assert made.code == 0, made.err
    return str(made.json["session"])


@pytest.fixture
def card(virtual_card: VirtualCard, vault: Path, agreed: str, tmp_path: Path) -> RecallCard:
    return RecallCard(virtual_card, vault, agreed, tmp_path)


# ------------------------------------------------------------------ a mutual recall
def test_a_mutual_recall_holds_what_both_said(
    call: Call, vault: Path, card: RecallCard, agreed: str, tmp_path: Path
) -> None:
    lines = ["@2.2 stop recaller", "say therapist", "resume", "@5 stop inquirer", "prompt mutual.of_you"]
    held = card.hold("mutual", "--inquirer", "Cara", lines=[*lines, "say client"])
    shown = call("recall", "show", vault, held.recall).json
    assert (shown["kind"], shown["recaller"], shown["inquirer"]) == ("mutual", "both", "Cara")
    assert [stop["stopped_by"] for stop in shown["stops"]] == ["recaller", "inquirer"]
    check_stops(held, shown)
    bundle = tmp_path / "bundle.zip"
    assert call("subject-access", vault, "--client", "K-07", "--to", bundle).code == 0
    check_voices(handed_over(bundle, held.recall), shown, ("therapist", "client"))
    at_s = shown["stops"][0]["session_ms"] / 1000 - 0.1
    (first, *_) = call("recall", "about", vault, agreed, at_s).json["recalled"]
    assert (first["recall"], first["recaller"]) == (held.recall, "both")
    taken_back = ("--scope", "client_recall")
    assert call("consent", "withdraw", vault, "--client", "K-07", *taken_back).code == 0
    assert call("recall", "show", vault, held.recall).error["code"] == "no_consent"


# ------------------------------------------------------------------ a parallel pair, blind
def test_a_parallel_pair_is_cued_blind(
    call: Call, vault: Path, card: RecallCard, agreed: str, services: Services, tmp_path: Path
) -> None:
    client = plan(call, vault, agreed, "client", BSR)["interview"]
    assert call("interview", "open", vault, client).json["state"] == "open"
    options = ("--recaller", "client", "--inquirer", "R-02", "--interview", client)
    first = card.hold("parallel", *options, lines=["@3 stop recaller", "say client"])
    shown = call("recall", "show", vault, first.recall).json
    check_stops(first, shown)
    check_voices(stored(services, vault, first.recall), shown, ("client",))
    at_s = shown["stops"][0]["session_ms"] / 1000
    span = ("--from", at_s - 1, "--to", at_s + 1, "--peak", f"client={at_s}")
    event = call("interview", "event", vault, client, *span).json["event"]
    answer(call, vault, client, "which", WHICH)
    answer(call, vault, client, "helpfulness", "8.5", "--event", event)
    done = call("interview", "finish", vault, client).json
    assert (done["state"], done["recall"]) == ("done", first.recall)

    _nothing_leaks(call, vault, client, tmp_path)
    therapist = _cued_therapist(call, vault, client, event, round(at_s * 1000))
    options = ("--recaller", "therapist", "--inquirer", "R-03", "--interview", therapist)
    options += ("--segment", f"{at_s - 1}-{at_s + 1}", "--chosen-by", "participant")
    second = card.hold("parallel", *options, lines=["@2 stop recaller", "say therapist"])
    _nothing_leaks(call, vault, client, tmp_path)
    shown = call("recall", "show", vault, second.recall).json
    check_stops(second, shown)
    assert abs(shown["stops"][0]["session_ms"] - at_s * 1000) < 1000
    check_voices(stored(services, vault, second.recall), shown, ("therapist",))
    assert call("interview", "finish", vault, therapist).json["hidden"] is False
    _both_are_shown(call, vault, client, round(at_s * 1000), tmp_path)
    about = call("recall", "about", vault, agreed, at_s - 0.5).json["recalled"]
    assert {entry["recall"] for entry in about} == {first.recall, second.recall}


def _cued_therapist(call: Call, vault: Path, client: str, event: str, at_ms: int) -> str:
    """Cue the therapist to the client's event and let them rate it; return their interview."""
    cue = call("interview", "cue", vault, client, "--event", event, "--interviewer", "R-03").json
    therapist = str(cue["interview"])
    opened = call("interview", "open", vault, therapist).json
    (own,) = opened["events"]
    assert (own["start_ms"], own["end_ms"], own["same_as"]) == (at_ms - 1000, at_ms + 1000, event)
    assert (own["peaks"], own["title"]) == ({}, "")
    assert opened["cued_from"] == client
    answer(call, vault, therapist, "helpfulness", "6", "--event", own["event"])
    answer(call, vault, therapist, "intent.support", 4, "--event", own["event"])
    return therapist


def _both_are_shown(call: Call, vault: Path, client: str, at_ms: int, folder: Path) -> None:
    shown = call("interview", "show", vault, client).json
    assert RATED.search(call("interview", "show", vault, client).out)
    assert RATED.search(call("interview", "show", vault, client, as_json=False).out)
    assert {entry["item"]: entry["value"] for entry in shown["answers"]} == {
        "which": WHICH,
        "helpfulness": 8.5,
    }
    assert shown["events"][0]["peaks"] == {"client": [at_ms]}
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


# ------------------------------------------------------------------ a whole Brief Structured Recall
def test_a_brief_structured_recall_with_its_follow_up(
    call: Call, vault: Path, card: RecallCard, agreed: str, services: Services, tmp_path: Path
) -> None:
    planned = plan(call, vault, agreed, "client", BSR)
    client, (later,) = planned["interview"], planned["follow_ups"]
    assert (planned["time_point"], later["time_point"]) == ("now", "one_month")
    steps = call("interview", "open", vault, client).json["steps"]
    scale = next(step["scale"] for step in steps if step["item"] == "helpfulness")
    assert (scale["min"], scale["max"], scale["step"]) == (1, 9, 0.5)
    answer(call, vault, client, "which", WHICH)
    options = ("--recaller", "client", "--inquirer", "R-02", "--interview", client)
    lines = ["seek 8", "@2.5 stop recaller", "say client", "resume", "@5 stop inquirer"]
    held = card.hold(f"research:{BSR}", *options, lines=lines)
    shown = call("recall", "show", vault, held.recall).json
    check_stops(held, shown)
    check_voices(stored(services, vault, held.recall), shown, ("client",))
    at_s = shown["stops"][0]["session_ms"] / 1000
    assert at_s > 8
    event = _clients_event(call, vault, client, at_s)
    assert call("interview", "finish", vault, client).json["recall"] == held.recall
    own = _therapists_intentions(call, vault, client, event)
    _due_in_a_month(services, vault, agreed)
    _a_month_later(call, vault, event, own)
    rows = _taken_out(call, vault, tmp_path / "bsr.csv", at_s)
    now = {row["recall_id"] for row in rows if (row["party"], row["time_point"]) == ("client", "now")}
    assert now == {held.recall}
    taken_back = ("--scope", f"research={STUDY}")
    assert call("consent", "withdraw", vault, "--client", "K-07", *taken_back).code == 0
    assert call("interview", "show", vault, client).error["code"] == "no_consent"
    left = call("study", "show", vault, STUDY).json
    assert (left["dyads"], left["clients_left_out"], left["interviews_left_out"]) == ([], 1, 4)


def _clients_event(call: Call, vault: Path, client: str, at_s: float) -> str:
    """Choose the client's event where they stopped the tape, with its peaks, and rate it; return it."""
    span = ("--from", at_s - 1.5, "--to", at_s + 1.5, "--title", "no need to decide")
    event = call("interview", "event", vault, client, *span).json["event"]
    peaks = (
        "--peak",
        f"therapist={at_s - 1}",
        "--peak",
        f"therapist={at_s - 0.5}",
        "--peak",
        f"client={at_s}",
    )
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


def _due_in_a_month(services: Services, vault: Path, session: str) -> None:
    """Both follow-ups are to come today, due in thirty days, and overdue eight days later."""
    desk = services.open_vault(vault, PASSPHRASE)
    noon = datetime.fromisoformat(desk.session(SessionId(session)).held_on + "T12:00:01+00:00")
    states = []
    for days in (1, 30, 38):
        overview = study_overview(desk, STUDY, (noon + timedelta(days=days)).isoformat())
        later = [due for due in overview.interviews if due.point == "one_month"]
        states.append([(due.not_before, due.overdue) for due in later])
    desk.close()
    assert states == [[(True, False)] * 2, [(False, False)] * 2, [(False, True)] * 2]


def _a_month_later(call: Call, vault: Path, event: str, own: str) -> None:
    shown = call("study", "show", vault, STUDY).json["dyads"][0]["sessions"][0]["interviews"]
    later = {row["party"]: row["interview"] for row in shown if row["time_point"] == "one_month"}
    for party, about, value in (("client", event, 7), ("therapist", own, 5)):
        steps = call("interview", "open", vault, later[party]).json
        assert [entry["event"] for entry in steps["events"]] == [about]
        answer(call, vault, later[party], "helpfulness", value, "--event", about)
        call("interview", "finish", vault, later[party])


def _taken_out(call: Call, vault: Path, target: Path, at_s: float) -> list[dict[str, str]]:
    """Take all four interviews out and check their ratings and peaks; return the rows."""
    out = call("interview", "export", vault, "--study", STUDY, "--format", "csv", "--to", target).json
    assert (out["interviews"], out["hidden"]) == (4, 0)
    rows = table(target)
    rated = {(row["party"], row["time_point"]): row for row in rows if row["item"] == "helpfulness"}
    assert {point: row["value"] for point, row in rated.items()} == {
        ("client", "now"): "8.5",
        ("therapist", "now"): "6",
        ("client", "one_month"): "7",
        ("therapist", "one_month"): "5",
    }
    at_ms, first = round(at_s * 1000), rated["client", "now"]
    span = (str(at_ms - 1500), str(at_ms + 1500))
    assert (first["times_given"], first["event_start_ms"], first["event_end_ms"]) == ("2", *span)
    peaks = [row["value"] for row in rows if row["kind"] == "peaks"]
    assert peaks == [f"{at_ms - 1000} {at_ms - 500}", str(at_ms)]
    about = rated["client", "one_month"]["event_id"]
    assert rated["therapist", "now"]["same_as"] == first["event_id"] == about
    assert {row["client_code"] for row in rows} == {"K-07"}
    assert "Ada" not in target.read_text("utf-8-sig")
    assert call("copies", "list", vault).json["copies"][-1]["kind"] == "interviews csv"
    return rows


# ------------------------------------------------------------------ a protocol of one's own
OWN = """\
protocol: {id: warmth, version: 1.0, title: Warm moments}
parties: [therapist]
window_hours: 24
order: random
time_points: [{id: now}, {id: one_week, days: 7, leeway_days: 2}]
scales: {warmth: {min: 0, max: 10}}
steps:
  - {kind: event, item: passage, required: true, time_points: [now], words: Where was it warm?}
  - {kind: recall, item: recall, time_points: [now], words: We hear it again.}
  - {kind: rating, item: warm, scale: warmth, per_event: true, required: true, words: How warm?}
  - {kind: rating, item: near, scale: warmth, per_event: true, words: How near?}
  - {kind: choice, item: who, choices: [me, they], words: Who began?}
  - {kind: text, item: image, words: Any image?}
"""


def test_a_protocol_of_ones_own_with_a_recall_of_its_passage(
    call: Call, vault: Path, card: RecallCard, agreed: str, services: Services, tmp_path: Path
) -> None:
    path = tmp_path / "warmth.yaml"
    path.write_text(OWN)
    assert call("protocol", "load", vault, path).json == {"key": "warmth@1.0", "steps": 6}
    planned = plan(call, vault, agreed, "therapist", "warmth", "--seed", 4)
    interview = planned["interview"]
    assert [row["time_point"] for row in planned["follow_ups"]] == ["one_week"]
    order = [step["item"] for step in call("interview", "open", vault, interview).json["steps"]]
    event = call("interview", "event", vault, interview, "--from", 5, "--to", 7.5).json["event"]
    options = ("--inquirer", "R-02", "--interview", interview, "--segment", "5-7.5", "--why", "it was warm")
    lines = ["@2 stop recaller", "say therapist", "resume", "@7 end"]
    held = card.hold("research:warmth", *options, "--step-back", 1, lines=lines)
    shown = call("recall", "show", vault, held.recall).json
    assert (shown["kind"], shown["setup"]["segments"]["why"]) == ("research:warmth", "it was warm")
    assert [stop["stopped_by"] for stop in shown["stops"]] == ["recaller", "tape"]
    check_stops(held, shown)
    assert abs(shown["stops"][1]["session_ms"] - 7500) <= 1
    check_voices(stored(services, vault, held.recall), shown, ("therapist",))
    for item, value in (("warm", 7), ("near", 9)):
        answer(call, vault, interview, item, value, "--event", event)
    answer(call, vault, interview, "who", "they")
    assert call("interview", "finish", vault, interview).json["recall"] == held.recall
    target = tmp_path / "warmth.json"
    call("interview", "export", vault, interview, "--format", "json", "--to", target)
    (document,) = json.loads(target.read_text())["interviews"]
    assert (document["seed"], document["order"], document["recall"]) == (4, order, held.recall)
    given = {(entry["item"], entry["event"]): entry["value"] for entry in document["answers"]}
    assert given == {("warm", event): 7, ("near", event): 9, ("who", None): "they"}
