"""A client's own bundle: what they recalled, answered and rated, with what is private or blind held back."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recall_rooms import add_sounding_session
from recollections import CLIENT_RECALL, CLIENTS, THERAPISTS, add_recollection, add_row
from studies import LIKED, STUDY, agree_to_study, event, held_by_client, held_by_therapist
from supervise.app.commands import MarkMoment
from supervise.app.interviews import unblind
from supervise.app.subject_access import AccessWish, find_held, held_notes, write_bundle
from supervise.app.workspace import Workspace
from supervise.app.write_ups import WriteUpRecall
from supervise.domain.consent import Scope
from supervise.domain.ids import ProfileId, RecallId, SeriesId, SessionId, WriteUpId
from supervise.domain.moments import MomentCode
from supervise.domain.rating import AFFECT, Rater, RatingSetup
from supervise.domain.rating_trace import Point, Run
from supervise.domain.recall import RecallKind, Setup
from supervise.domain.redaction import MASK
from supervise.domain.write_ups import WriteUp
from supervise.storage.rating import Series
from workspaces import CLIENT, OWN_USE, TODAY, add_transcript, spoken

Bundled = Callable[..., dict[str, Any]]


@pytest.fixture
def bundled(workspace: Workspace, tmp_path: Path) -> Bundled:
    """Write the bundle and return its JSON files by name."""

    def write(*include: str) -> dict[str, Any]:
        wish = AccessWish(CLIENT, tmp_path / "a.zip", force=True, include=frozenset(include))
        write_bundle(workspace, wish, lambda _: None, lambda: False)
        with zipfile.ZipFile(wish.target) as bundle:
            names = [name for name in bundle.namelist() if name.endswith(".json")]
            return {name.rpartition("/")[2]: json.loads(bundle.read(name)) for name in names}

    return write


@pytest.fixture
def session(workspace: Workspace) -> SessionId:
    workspace.add_consent(CLIENT, OWN_USE, TODAY)
    agree_to_study(workspace)
    made = add_sounding_session(workspace, np.zeros((300_000, 1), np.int16), 1000)
    add_transcript(workspace, made, spoken("my neighbour told me her secret yesterday evening"))
    return made


@pytest.fixture
def recall(workspace: Workspace, session: SessionId) -> RecallId:
    """A client's recall with a mark on it; and one of the therapist's."""
    made = add_recollection(workspace, session, CLIENT_RECALL, CLIENTS, noted=False)
    add_recollection(workspace, session, Setup(RecallKind.THERAPIST), THERAPISTS)
    place = {"recall_id": made, "session_id": session, "start_ms": 3000, "end_ms": 6000}
    seat = {"author_id": workspace.profile.profile, "perspective": "therapist", "about": "recaller"}
    rest = {"time_frame": "then", "codes": "[]", "codebook": workspace.codebook().key}
    add_row(workspace.vault, "recall_marks", note="a turn", created_at="2026", **place, **seat, **rest)
    return made


def rated(desk: Workspace, session: SessionId, rater: Rater) -> SeriesId:
    series = SeriesId(f"{rater:e<32}")
    desk.store.ratings.begin(
        Series(series, session, desk.profile.profile, RatingSetup(rater, (AFFECT,)), "2026-11-22T10:00:00Z")
    )
    points = [Point(0, 0, ms, ms // 100, ms) for ms in range(0, 9000, 1000)]
    desk.store.ratings.add(series, 0, [Run(0, 0, 9000, 0)], points)
    desk.store.ratings.end(series, {})
    return series


def test_marks_ratings_and_answers_of_the_client_are_in_it_and_the_therapists_are_not(
    workspace: Workspace, session: SessionId, recall: RecallId, bundled: Bundled
) -> None:
    mine, theirs = rated(workspace, session, Rater.THERAPIST), rated(workspace, session, Rater.CLIENT)
    files = bundled()
    names = set(files)
    told = json.dumps(files)
    assert f"recall-{recall[:8]}.json" in names
    assert "a turn" in json.dumps(files[f"recall-{recall[:8]}.json"])
    assert f"ratings-{theirs[:8]}.json" in names
    assert f"ratings-{mine[:8]}.json" not in names
    assert "stones" not in told
    assert files["held_back.json"]["moments"] == []


def test_write_ups_that_are_shared_go_and_private_ones_wait_for_a_decision(
    workspace: Workspace, recall: RecallId, session: SessionId, bundled: Bundled
) -> None:
    mine = workspace.execute(WriteUpRecall(recall, "for myself: a heron"))
    at = "2026-11-22T10:00:00Z"
    row = WriteUp(WriteUpId("b" * 32), recall, session, ProfileId("Bo"), "to be read", False, at, at)
    workspace.store.write_ups.put(row)
    add_row(workspace.vault, "recall_writeups", recall_id=recall, author_id="Cy", private=1, sealed=b"x")
    files = bundled()
    shared = files[f"recall-{recall[:8]}-write-ups.json"]["write_ups"]
    assert [entry["text"] for entry in shared] == ["to be read"]
    held = files["held_back.json"]["moments"]
    assert [entry["write_up"] for entry in held] == [mine, None]
    (note,) = [note for note in held_notes(workspace, CLIENT) if note.start_ms is None]
    assert (note.moment, note.note) == (mine, "for myself: a heron")
    assert find_held(workspace, CLIENT, mine[:8]) == mine
    files = bundled(mine)
    shared = files[f"recall-{recall[:8]}-write-ups.json"]["write_ups"]
    assert {entry["text"] for entry in shared} == {"to be read", "for myself: a heron"}
    assert [entry["write_up"] for entry in files["held_back.json"]["moments"]] == [None]


def test_blind_answers_are_held_back_until_both_are_done(
    workspace: Workspace, session: SessionId, bundled: Bundled
) -> None:
    row, chosen = held_by_client(workspace, session)
    name = f"interview-{row.interview[:8]}.json"
    files = bundled()
    assert "8.5" not in json.dumps(files[name]["answers"])
    assert files[name]["held_back"]
    (held,) = files["held_back.json"]["moments"]
    assert held["interview"] == row.interview
    other = held_by_therapist(workspace, row, chosen)
    files = bundled()
    answers = {entry["item"]: entry["value"] for entry in files[name]["answers"]}
    assert (answers["helpfulness"], answers["which"]) == (8.5, LIKED)
    assert files[name]["events"][0]["title"] == "not deciding"
    assert files[name]["study"] == STUDY
    assert f"interview-{other.interview[:8]}.json" not in files
    assert files["held_back.json"]["moments"] == []


def test_unblinded_for_a_reason_they_are_given(
    workspace: Workspace, session: SessionId, bundled: Bundled
) -> None:
    row, _ = held_by_client(workspace, session)
    unblind(workspace, row.interview, "the client asks for it")
    answers = bundled()[f"interview-{row.interview[:8]}.json"]["answers"]
    assert any(entry["value"] == 8.5 for entry in answers)


def test_what_is_about_a_redacted_passage_is_masked(
    workspace: Workspace, session: SessionId, recall: RecallId, bundled: Bundled
) -> None:
    series = rated(workspace, session, Rater.CLIENT)
    row, chosen = held_by_client(workspace, session)
    held_by_therapist(workspace, row, chosen)
    workspace.execute(WriteUpRecall(recall, "“told me her secret yesterday”, she said", shared=True))
    workspace.execute(MarkMoment(session, 0, (MomentCode("wf.redact"),), 90_000))
    files = bundled()
    interview = files[f"interview-{row.interview[:8]}.json"]
    about = [entry["value"] for entry in interview["answers"] if entry["event"]]
    assert set(about) == {MASK}
    assert interview["events"][0]["title"] == MASK
    (write_up,) = files[f"recall-{recall[:8]}-write-ups.json"]["write_ups"]
    assert write_up["text"] == MASK
    assert files[f"ratings-{series[:8]}.json"]["points"] == []
    assert event().start_ms == 60_000  # the event of the study lies in the redacted passage


def test_nothing_of_another_clients_recall_is_in_it(
    workspace: Workspace, recall: RecallId, bundled: Bundled
) -> None:
    workspace.add_consent("K-99", OWN_USE | {Scope.CLIENT_RECALL}, TODAY)
    other = add_sounding_session(workspace, np.zeros((300, 1), np.int16), 1000, "K-99")
    add_recollection(workspace, other, CLIENT_RECALL, "somebody else's words entirely")
    assert recall
    assert "somebody else" not in json.dumps(bundled())
