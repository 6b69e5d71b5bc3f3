"""Series of ratings: taken out, deleted, and gone with a portion, the moments or their session."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from page_traces import traces
from rating_rooms import RatingRoom, rating_room
from supervise.app import changes
from supervise.app.changes import Change
from supervise.app.commands import MarkMoment
from supervise.app.portion import PortionWish, delete_portion
from supervise.app.rating_export import export_rating
from supervise.app.rating_reading import delete_rating, find_rating, rating_rows, rating_view, ratings, row_of
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from supervise.domain.ids import SeriesId
from supervise.domain.moments import MomentCode
from supervise.domain.rating_trace import Held, Point, Trace, held
from supervise.storage import destruction
from supervise.storage.database import transaction
from supervise.storage.recall_destruction import RecallIds

__all__ = ["rating_room"]


def no(_: int = 0) -> bool:
    return False


# ---------------------------------------------------------------- finding, taking out, deleting
def rated(desk: Workspace, session_seconds: float = 20) -> RatingRoom:
    """A session rated from 0 to 8 s, every half second another value, and from 2 to 3 s again."""
    room = RatingRoom(desk, seconds=session_seconds)
    room.begin()
    for number in range(16):
        room.rating.set_value("affect", number * 5 - 40)
        room.rating.set_value("activation", 97 - number)
        room.listen(0.5)
    room.rating.seek(2000)
    room.listen(1)
    room.rating.end()
    return room


def test_a_series_is_taken_out_and_the_copy_is_on_the_list(workspace: Workspace, tmp_path: Path) -> None:
    room = rated(workspace)
    series = find_rating(workspace, room.rating.series[:8])
    target = tmp_path / "r.json"
    assert export_rating(workspace, series, "json", target) == 34
    document = json.loads(target.read_text())
    assert document["rating"]["dials"][0]["low"] == "unpleasant"
    assert [run["pass"] for run in document["runs"]] == [1, 2]
    assert document["points"][0] == {
        "pass": 1,
        "run": 1,
        "at_ms": 0,
        "session_ms": 0,
        "until_ms": 500,
        "dial": "affect",
        "value": -40,
    }
    assert export_rating(workspace, series, "csv", tmp_path / "g.csv", rate_hz=4) == 36
    (copy, _) = workspace.store.copies.of({room.session: "9"})
    assert (copy.kind, copy.place) == ("rating json", str(target))
    for wrong in ({"fmt": "pdf"}, {"fmt": "csv", "rate_hz": 3}):
        with pytest.raises(UsageError):
            export_rating(workspace, series, target=tmp_path / "x", **wrong)  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        export_rating(workspace, series, "json", target)
    assert len(workspace.store.copies.of({room.session: "9"})) == 2


def test_what_was_rated_in_redacted_passages_stays_behind(workspace: Workspace, tmp_path: Path) -> None:
    room = rated(workspace)
    workspace.execute(MarkMoment(room.session, 3000, (MomentCode("wf.redact"),), end_ms=4000))
    target = tmp_path / "r.json"
    export_rating(workspace, room.rating.series, "json", target)
    document = json.loads(target.read_text())
    assert document["redacted"]
    assert not any(2750 <= point["session_ms"] < 4250 for point in document["points"])
    assert [(run["start_ms"], run["end_ms"]) for run in document["runs"]] == [
        (0, 2750),
        (4250, 8000),
        (2000, 2750),
    ]
    export_rating(workspace, room.rating.series, "json", target, unredacted=True, force=True)
    assert len(json.loads(target.read_text())["points"]) == 34


def test_only_its_maker_and_the_cases_therapist_delete_it(workspace: Workspace) -> None:
    room = rated(workspace)
    delete_rating(workspace, room.rating.series)
    assert ratings(workspace) == ()
    with pytest.raises(UsageError):
        rating_view(workspace, room.rating.series)
    assert workspace.store.ratings.trace(room.rating.series) == Trace()


# ---------------------------------------------------------------- forgetting
def pieces_of(desk: Workspace, series: SeriesId) -> list[bytes]:
    rows = desk.vault.db.execute("SELECT points FROM rating_points WHERE series_id = ?", [series])
    return [row[0].encode() for row in rows]


def test_a_deleted_portion_takes_what_was_rated_in_it(workspace: Workspace) -> None:
    room = rated(workspace)
    series = room.rating.series
    before = workspace.store.ratings.trace(series)
    gone = [
        json.dumps(p, separators=(",", ":")).encode() for p in before.points if 2250 <= p.session_ms < 4200
    ]
    assert len(gone) > 6
    certificate = delete_portion(workspace, PortionWish(room.session, 2250, 4200), no, no)
    assert certificate["proof"]["pages_with_traces"] == 0
    assert certificate["proof"]["pieces_looked_for"] > 2
    after = rating_view(workspace, series).trace
    assert [(run.pass_no, run.start_ms, run.end_ms) for run in after.runs] == [
        (1, 0, 2250),
        (1, 4200, 8000),
        (2, 2000, 2250),
    ]
    assert not any(2250 <= point.session_ms < 4200 for point in after.points)
    assert held(after, 0)[5] == Held(1, 4200, 4500, 0)
    assert traces(workspace.vault.path, workspace.vault.database_key, gone) == []


def test_a_destroyed_session_takes_its_ratings_and_leaves_no_trace(workspace: Workspace) -> None:
    room, other = rated(workspace), rated(workspace)
    pieces = destruction.needles(workspace.vault.db, room.session)
    stored = pieces_of(workspace, room.rating.series)
    assert all(any(piece in text for piece in pieces) for text in stored)
    with transaction(workspace.vault.db) as db:
        destruction.delete_session(db, room.session)
    proof = destruction.purge(workspace.vault, pieces)
    assert proof.hits == 0
    assert traces(workspace.vault.path, workspace.vault.database_key, stored) == []
    left = [row[0] for row in workspace.vault.db.execute("SELECT id FROM rating_series")]
    assert left == [other.rating.series]
    for table in ("rating_points", "rating_runs"):
        found = workspace.vault.db.execute(f"SELECT DISTINCT series_id FROM {table}")  # noqa: S608
        assert [row[0] for row in found] == left


def test_ratings_go_with_the_recalls_and_not_with_the_moments(workspace: Workspace) -> None:
    room, other = rated(workspace), rated(workspace)
    with transaction(workspace.vault.db) as db:
        destruction.delete_moments(db, room.session)
        assert len(ratings(workspace)) == 2
        destruction.delete_recalls(db, room.session, RecallIds(series=(room.rating.series,)))
    assert [row.series for row in ratings(workspace)] == [other.rating.series]


def test_a_rating_destroyed_while_it_goes_on_ends(workspace: Workspace, rating_room: RatingRoom) -> None:
    rating_room.listen(1.5)
    with transaction(workspace.vault.db) as db:
        ids = RecallIds(series=(rating_room.rating.series,))
        destruction.delete_recalls(db, rating_room.session, ids)
    workspace.subscribers.tell(Change(changes.CONSENT, (rating_room.session,)))
    assert not rating_room.rating.running
    assert rating_room.rating.outcome is not None
    assert rating_room.rating.outcome.series is None


def test_what_a_crash_left_is_closed_at_the_next_opening(
    workspace: Workspace, rating_room: RatingRoom, reopen: Callable[[], Workspace]
) -> None:
    room = rating_room
    room.listen(2)
    room.rating.set_value("affect", 77)
    room.listen(2)
    room.rating.abandon()
    desk = reopen()
    (row,) = ratings(desk)
    assert (row.state, row.facts) == ("kept", {"ended": "crash", "points": 3})
    assert rating_view(desk, row.series).trace.points[-1] == Point(0, 0, 2000, 77, 2000)


# ---------------------------------------------------------------- listing
def test_a_list_says_how_much_there_is_without_reading_what_was_rated(workspace: Workspace) -> None:
    room = rated(workspace)
    asked: list[str] = []
    workspace.vault.db.conn.set_trace_callback(asked.append)
    (row,) = rating_rows(workspace)
    workspace.vault.db.conn.set_trace_callback(None)
    assert not [sql for sql in asked if "rating_points" in sql]
    assert row == row_of(rating_view(workspace, room.rating.series))
    assert (row.amount.played_ms, row.amount.passes, row.amount.points) == (9000, 2, 34)
    assert rating_rows(workspace, room.session) == (row,)


def test_a_list_counts_again_when_a_portion_has_gone(workspace: Workspace) -> None:
    room = rated(workspace)
    with transaction(workspace.vault.db):
        workspace.store.ratings.remove_span(room.session, 1000, 5000)
    (row,) = rating_rows(workspace)
    assert row == row_of(rating_view(workspace, room.rating.series))
    assert row.amount.points < 34


def test_a_series_that_does_not_say_how_much_it_holds_is_counted(workspace: Workspace) -> None:
    rated(workspace)
    workspace.vault.db.execute("UPDATE rating_series SET facts = '{}'")
    (row,) = rating_rows(workspace)
    assert row.amount.points == 34
