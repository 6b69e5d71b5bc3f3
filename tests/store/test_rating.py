"""A rating while a session is replayed: what is kept, when it refuses, how it ends, how it is forgotten."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from rating_rooms import THERAPIST, RatingRoom, rating_room
from recall_rooms import RecallRoom, add_sounding_session, whole
from studies import agree_to_study
from supervise.app.listening import Listening
from supervise.app.portion import PortionJob, PortionWish
from supervise.app.rating import AT_THE_END
from supervise.app.rating_reading import rating_view, ratings
from supervise.app.withdrawing import WithdrawWish, finish, withdraw
from supervise.app.workspace import Workspace
from supervise.audio.fake_output import FakeOutput
from supervise.domain.consent import Grant, Scope
from supervise.domain.errors import DeviceMissingError, NoSpaceError, NotCoveredError, UsageError
from supervise.domain.rating import AFFECT, Rater, RatingSetup
from supervise.domain.rating_trace import Held, Run, held
from two_clocks import RATE, numbered_session
from workspaces import CLIENT, OWN_USE, PASSPHRASE, agree_to_supervisor

__all__ = ["rating_room"]

CLIENTS = RatingSetup(Rater.CLIENT, (AFFECT,))


def no(_: int = 0) -> bool:
    return False


def test_what_the_dials_stand_at_is_kept_on_the_sessions_time_line(
    workspace: Workspace, rating_room: RatingRoom
) -> None:
    room, rating = rating_room, rating_room.rating
    room.listen(2)
    assert rating.set_value("affect", 40) == 40
    room.listen(1)
    assert rating.turn("affect", -3) == 25
    assert rating.turn("activation", 1) == 5
    room.listen(0.5)
    assert rating.set_value("activation", 400) == 100
    assert rating.to_middle("affect") == 0
    room.listen(0.5)
    outcome = rating.end()
    assert (outcome.series, outcome.played_ms, outcome.points) == (rating.series, 4000, 7)
    trace = rating_view(workspace, rating.series).trace
    assert held(trace, 0) == (
        Held(1, 0, 2000, 0),
        Held(1, 2000, 3000, 40),
        Held(1, 3000, 3500, 25),
        Held(1, 3500, 4000, 0),
    )
    assert held(trace, 1) == (Held(1, 0, 3000, 0), Held(1, 3000, 3500, 5), Held(1, 3500, 4000, 100))
    assert [point.at_ms for point in trace.points] == [0, 0, 2000, 3000, 3000, 3500, 3500]
    (row,) = ratings(workspace, room.session)
    assert (row.state, row.author, row.facts) == ("kept", workspace.profile.profile, {"points": 7})
    assert whole(workspace)


def test_pauses_seeks_and_replays_are_runs_and_passes(workspace: Workspace, rating_room: RatingRoom) -> None:
    room, rating = rating_room, rating_room.rating
    room.listen(2)
    rating.pause()
    rating.set_value("affect", -20)  # while it stands: counts from going on
    room.listen(3)
    assert rating.play() == 2000
    room.listen(1)
    rating.seek(10_000)
    room.listen(1)
    rating.pause()
    rating.seek(1000)
    rating.play()
    room.listen(1)
    rating.end()
    trace = room.trace()
    assert trace.runs == (
        Run(1, 0, 2000, 0),
        Run(1, 2000, 3000, 5000),
        Run(1, 10_000, 11_000, 6000),
        Run(2, 1000, 2000, 7000),
    )
    assert held(trace, 0)[1:] == (
        Held(1, 2000, 3000, -20),
        Held(1, 10_000, 11_000, -20),
        Held(2, 1000, 2000, -20),
    )


def test_a_latency_of_the_loudspeaker_is_not_rated(workspace: Workspace) -> None:
    room = RatingRoom(workspace, latency=RATE // 5)
    room.begin()
    room.listen(1)
    room.rating.set_value("affect", 10)
    room.listen(1)
    room.rating.end()
    places = [point.session_ms for point in room.trace().points]
    assert places == [0, 0, 1000]  # not 1200, up to where sound was handed over


def test_a_drag_becomes_a_point_every_twenty_milliseconds(
    workspace: Workspace, rating_room: RatingRoom
) -> None:
    room = rating_room
    room.listen(1)
    for number in range(1, 60):
        room.rating.set_value("affect", number)
        room.output.pull(RATE // 200)
    room.rating.end()
    values = [(point.session_ms, point.value) for point in room.trace().points if point.dial == 0]
    assert values[-1][1] == 59
    gaps = [after[0] - before[0] for before, after in pairwise(values)]
    assert min(gaps) == 20
    assert len(values) <= 2 + 60 * 5 // 20


def test_it_stands_still_at_the_end_and_begins_again(workspace: Workspace) -> None:
    room = RatingRoom(workspace, seconds=2)
    room.begin()
    room.listen(3)
    assert room.told == [AT_THE_END]
    assert not room.rating.playing
    assert room.rating.play() == 0
    room.listen(0.5)
    room.rating.end()
    assert room.trace().runs == (Run(1, 0, 2000, 0), Run(2, 0, 500, 3000))


def test_a_second_is_on_the_disk_before_the_next_but_one(
    workspace: Workspace, rating_room: RatingRoom
) -> None:
    room = rating_room
    for number in range(35):
        room.rating.set_value("affect", number)
        room.listen(0.1)
        kept = room.trace()
        reached = kept.runs[-1].end_ms if kept.runs else 0
        assert room.rating.position_ms - reached <= 1000
        assert all(point.session_ms <= reached for point in kept.points)


def test_a_lost_device_stands_still_and_goes_on(workspace: Workspace, rating_room: RatingRoom) -> None:
    room = rating_room
    room.listen(1)
    room.output.lose()
    room.listen(0.5)
    assert len(room.told) == 1
    assert not room.rating.playing
    with pytest.raises(DeviceMissingError):
        room.rating.play()
    room.output.missing = False
    room.rating.play()
    room.listen(1)
    room.rating.end()
    assert [(run.start_ms, run.end_ms) for run in room.trace().runs] == [(0, 1000), (1000, 2000)]


def test_headphones_pulled_out_right_before_a_seek_or_the_end_keep_what_was_rated(
    rating_room: RatingRoom,
) -> None:
    room = rating_room
    room.rating.play()
    room.listen(1)
    room.output.lose()
    assert room.rating.seek(5000) == 5000
    room.listen(1)
    assert not room.rating.playing
    assert len(room.told) == 1
    room.output.missing = False
    room.rating.play()
    room.listen(1)
    room.output.lose()
    room.rating.end()
    runs = [(run.start_ms, run.end_ms) for run in room.trace().runs if run.end_ms > run.start_ms]
    assert runs == [(0, 1000), (5000, 6000)]


def test_a_full_disk_stands_still_and_loses_nothing(workspace: Workspace, rating_room: RatingRoom) -> None:
    room, db = rating_room, workspace.vault.db
    free = db.execute("PRAGMA freelist_count").fetchone()[0]
    most = db.execute("PRAGMA max_page_count = 1").fetchone()[0]  # SQLite takes what is used already
    assert most > free
    for number in range(2000):  # more than fits what is free
        room.rating.set_value("affect", number % 97)
        room.output.pull(RATE * 21 // 1000)
    room.listen(1.5)
    assert len(room.told) == 1
    assert not room.rating.playing
    for order in (room.rating.play, room.rating.end):
        with pytest.raises(NoSpaceError):
            order()
    assert room.rating.running
    db.execute(f"PRAGMA max_page_count = {most + 10_000}").fetchone()
    room.rating.play()
    room.listen(1)
    outcome = room.rating.end()
    trace = room.trace()
    assert outcome.points == len(trace.points) > 1900
    assert [point.value for point in trace.points if point.dial == 0][:97] == list(range(97))


def test_nothing_played_is_nothing_kept(workspace: Workspace) -> None:
    room = RatingRoom(workspace)
    room.rating.start()
    room.rating.set_value("affect", 10)
    room.listen(2)
    assert room.rating.end().series is None
    assert ratings(workspace) == ()
    with pytest.raises(UsageError, match="ended"):
        room.rating.play()


# ---------------------------------------------------------------- before or after a recall, never during
def test_neither_recalled_nor_recorded_nor_rated_twice_meanwhile(
    workspace: Workspace, rating_room: RatingRoom
) -> None:
    again = RatingRoom(workspace, session=rating_room.session)
    listening = Listening(workspace, FakeOutput())
    listening.open(rating_room.session)
    for other in (again.rating.start, listening.play):
        with pytest.raises(UsageError, match="being rated"):
            other()
    listening.close()
    recall = RecallRoom(workspace, session=rating_room.session)
    with pytest.raises(UsageError, match="being rated"):
        recall.recall.start()
    with pytest.raises(UsageError, match="being rated"):
        PortionJob(workspace, PortionWish(rating_room.session, 0, 100))
    rating_room.rating.end()
    recall.begin()
    with pytest.raises(UsageError, match="During a recall"):
        again.rating.start()
    recall.recall.end()
    again.begin()
    again.rating.end()
    assert workspace.store.media.file_ids() == {
        row[0] for row in workspace.vault.db.execute("SELECT id FROM media")
    }


def test_nobodys_ratings_are_shown_while_somebody_rates(
    workspace: Workspace, rating_room: RatingRoom
) -> None:
    room = rating_room
    room.listen(1)
    room.rating.end()
    again = RatingRoom(workspace, session=room.session)
    again.begin()
    for look in (lambda: ratings(workspace), lambda: rating_view(workspace, room.rating.series)):
        with pytest.raises(UsageError, match="being rated"):
            look()
    again.rating.end()


# ---------------------------------------------------------------- consent
def test_each_rater_needs_what_the_client_agreed_to(workspace: Workspace) -> None:
    session = add_sounding_session(workspace, numbered_session(5))
    with pytest.raises(NotCoveredError):
        RatingRoom(workspace, CLIENTS, session)
    with pytest.raises(UsageError, match="Say who rates"):
        RatingRoom(workspace, RatingSetup(Rater.OTHER), session)
    with pytest.raises(NotCoveredError):
        RatingRoom(workspace, RatingSetup(Rater.OTHER, name="Cara"), session)
    with pytest.raises(NotCoveredError):
        RatingRoom(workspace, replace(THERAPIST, study="moods"), session)
    agree_to_supervisor(workspace, "Cara")
    RatingRoom(workspace, RatingSetup(Rater.OTHER, name="Cara"), session)
    agree_to_study(workspace, "moods")
    RatingRoom(workspace, CLIENTS, session)
    RatingRoom(workspace, replace(THERAPIST, study="Moods"), session)
    for another in (replace(THERAPIST, study="sleep"), RatingSetup(Rater.OTHER, name="Bo", study="sleep")):
        with pytest.raises(NotCoveredError, match="the study sleep"):
            RatingRoom(workspace, another, session)


def test_a_study_taken_back_locks_and_destroys_what_was_rated_for_it(workspace: Workspace) -> None:
    agree_to_study(workspace, "moods")
    agree_to_study(workspace, "sleep")
    session = add_sounding_session(workspace, numbered_session(5))
    series = []
    for setup in (replace(THERAPIST, study="moods"), replace(CLIENTS, study="sleep"), THERAPIST):
        room = RatingRoom(workspace, setup, session)
        room.begin()
        room.listen(1)
        room.rating.end()
        series.append(room.rating.series)
    done = withdraw(workspace, WithdrawWish(CLIENT, frozenset({Grant(Scope.RESEARCH, "moods")})))
    with pytest.raises(NotCoveredError, match="the study moods"):
        rating_view(workspace, series[0])
    assert [row.series for row in ratings(workspace, session)] == series[1:]
    assert finish(workspace, done.decision.id)["sessions"][0]["recalls_gone"] == [series[0]]
    assert [row.series for row in workspace.store.ratings.of_session(session)] == series[1:]


@pytest.mark.parametrize("now", [False, True])
def test_it_ends_when_the_client_takes_consent_back(
    workspace: Workspace, rating_room: RatingRoom, now: bool
) -> None:
    room = rating_room
    room.listen(1.5)
    grants = frozenset(Grant(scope) for scope in OWN_USE)
    withdraw(workspace, WithdrawWish(CLIENT, grants, now=now))
    assert not room.rating.running
    assert room.rating.outcome is not None
    assert not room.output.stream or not room.output.stream.running
    assert bool(workspace.store.ratings.all()) is not now
    assert ratings(workspace) == ()


def test_a_clients_ratings_lock_when_they_take_back_recalls(workspace: Workspace) -> None:
    workspace.add_consent(CLIENT, frozenset({Scope.CLIENT_RECALL}), date(2026, 11, 2))
    room = RatingRoom(workspace, CLIENTS)
    room.begin()
    room.listen(1)
    room.rating.end()
    assert len(ratings(workspace, room.session)) == 1
    withdraw(workspace, WithdrawWish(CLIENT, frozenset({Grant(Scope.CLIENT_RECALL)})))
    assert ratings(workspace) == ()
    for look in (
        lambda: ratings(workspace, room.session),
        lambda: rating_view(workspace, room.rating.series),
    ):
        with pytest.raises(NotCoveredError):
            look()


def test_a_locked_vault_ends_and_keeps_it(workspace: Workspace, rating_room: RatingRoom) -> None:
    room = rating_room
    room.listen(1.5)
    room.rating.set_value("affect", 30)
    room.listen(0.7)
    workspace.lock()
    assert not room.rating.running
    assert room.rating.outcome is not None
    workspace.unlock(PASSPHRASE)
    view = rating_view(workspace, room.rating.series)
    assert view.series.facts == {"ended": "lock", "points": 3}
    assert held(view.trace, 0) == (Held(1, 0, 1500, 0), Held(1, 1500, 2200, 30))
    again = RatingRoom(workspace, session=room.session)
    again.begin()
    again.rating.end()
