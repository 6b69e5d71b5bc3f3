"""A Brief Structured Recall in the window with keys alone, at a real card: from the row to its ratings."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from test_research_terminal import STUDY, WHICH, table
from test_terminal import Call, call, services

from heard_places import noisy_session, played
from recall_card import Held, check_stops, check_voices, spoken_file, stored
from sounds import write_sound_file
from supervise.bootstrap import Services
from virtual_card import RATE_HZ, VirtualCard, virtual_card
from windows_at_cards import seen

__all__ = ["call", "services", "virtual_card"]


@pytest.fixture
def saw(virtual_card: VirtualCard, tmp_path: Path) -> dict[str, Any]:
    """Hold the interview; what was seen of it."""
    session = write_sound_file(tmp_path / "session.wav", noisy_session(), "s16.wav", RATE_HZ)
    said = spoken_file("client", tmp_path)
    return seen(virtual_card, "interview_at_the_card.py", tmp_path / "v", session, said, tmp_path / "played")


def test_a_brief_structured_recall_by_keys(
    saw: dict[str, Any], call: Call, services: Services, tmp_path: Path
) -> None:
    services.today = date.today
    vault = tmp_path / "v"
    assert "After the session" in saw["belongs"]
    assert saw["part"].startswith("It is tied to the interview")
    shown = call("recall", "show", vault, saw["recall"]).json
    assert (shown["kind"], shown["inquirer"]) == ("research:brief-structured-recall@1.0", "R-02")
    assert [stop["stopped_by"] for stop in shown["stops"]] == ["recaller", "recaller"]
    held = Held(saw["recall"], played((tmp_path / "played").read_bytes()))
    check_stops(held, shown)
    check_voices(stored(services, vault, saw["recall"]), shown, ("client",))
    _check_table(saw, services.today())
    _check_answers(call, vault, saw["recall"], tmp_path)


def _check_table(saw: dict[str, Any], today: date) -> None:
    """The study's page shows the interview as done and hidden, and its follow-up as due in thirty days."""
    (now, later), (done, still) = saw["planned"], saw["done"]
    assert now[3:6] == ["client", "now", "planned"]
    assert (done[5], done[7]) == ("done", "hidden until both are done")
    in_a_month = today + timedelta(days=30)
    assert later[3:6] == still[3:6] == ["client", "one month", "planned"]
    assert still[6].startswith(f"{in_a_month.day} {in_a_month:%b %Y} – ")


def _check_answers(call: Call, vault: Path, recall: str, folder: Path) -> None:
    """What was answered is there, is hidden until somebody has a reason, and is taken out with it."""
    overview = call("study", "show", vault, STUDY).json["dyads"][0]["sessions"][0]["interviews"]
    (client,) = [row["interview"] for row in overview if row["state"] == "done"]
    assert call("interview", "show", vault, client).json["answers"] == []
    call("interview", "unblind", vault, client, "--reason", "the therapist left")
    target = folder / "bsr.csv"
    call("interview", "export", vault, client, "--format", "csv", "--to", target)
    rows = table(target)
    assert {row["recall_id"] for row in rows} == {recall}
    given = {row["item"]: row["value"] for row in rows if row["kind"] in ("text", "rating")}
    assert (given["which"], given["helpfulness"], given["description"]) == (WHICH, "8.5", "She waited")
    assert [value for item, value in given.items() if item.startswith("impact.")] == ["3"] * 9
    (event,) = {(row["event_start_ms"], row["event_end_ms"]) for row in rows if row["item"] == "helpfulness"}
    assert event == ("5000", "15000")
    assert [row["value"] for row in rows if row["kind"] == "peaks"] == ["10000", "10000"]
