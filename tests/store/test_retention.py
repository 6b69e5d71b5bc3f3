"""Retention under a moved clock: warned of, held, destroyed kind by kind with a certificate."""

from datetime import date, timedelta

import pytest

from page_traces import traces
from supervise.app import retention
from supervise.app.commands import MarkMoment
from supervise.app.consenting import Statement
from supervise.app.workspace import Workspace
from supervise.domain.consent import Grant, Scope
from supervise.domain.consent_details import ConsentDetails
from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.ids import SessionId
from supervise.domain.moments import MomentCode
from workspaces import CLIENT, TODAY, add_session, spoken

HELD_ON = date(2026, 11, 20)
FLAG = (MomentCode("wf.flag"),)


@pytest.fixture
def session(workspace: Workspace) -> SessionId:
    made = add_session(workspace, words=spoken("marzipan umbrella theodolite"))
    workspace.execute(MarkMoment(made, 1000, FLAG, note="vermilion"))
    return made


def at(desk: Workspace, days: int) -> None:
    """Move the clock to so many days after the meeting."""
    desk.today = lambda: HELD_ON + timedelta(days=days)  # type: ignore[method-assign]


def states(desk: Workspace) -> dict[str, str]:
    return {thing.kind: thing.state for thing in retention.due_list(desk)}


def test_each_kind_has_its_own_clock_and_is_warned_of(workspace: Workspace, session: SessionId) -> None:
    assert states(workspace) == {}
    retention.set_rule(workspace, "sound", 90)
    retention.set_rule(workspace, "transcript", 365)
    assert states(workspace) == {"sound": "later", "transcript": "later"}
    for days, state in ((75, "later"), (76, "soon"), (89, "soon"), (90, "due")):
        at(workspace, days)
        assert states(workspace)["sound"] == state
    assert [thing.due_on for thing in retention.due_list(workspace)] == [
        date(2027, 2, 18),
        date(2027, 11, 20),
    ]
    assert workspace.session(session)
    retention.set_rule(workspace, "sound", None)
    assert states(workspace) == {"transcript": "soon"} or states(workspace) == {"transcript": "later"}


def test_what_is_due_goes_kind_by_kind_until_a_stub_is_left(workspace: Workspace, session: SessionId) -> None:
    for kind, days in (("sound", 90), ("transcript", 180), ("moments", 365)):
        retention.set_rule(workspace, kind, days)
    at(workspace, 89)
    assert retention.run(workspace) == []
    at(workspace, 90)
    (certificate,) = retention.run(workspace)
    assert certificate["kind"] == "retention"
    assert certificate["sessions"][0]["goes"] == ["sound"]
    with pytest.raises(NotCoveredError, match="destroyed"):
        workspace.store.media.open(workspace.session(session).master)
    assert len(workspace.transcript(session).words) == 3
    at(workspace, 365)
    (certificate,) = retention.run(workspace)
    assert certificate["sessions"][0]["goes"] == ["sound", "transcript", "moments"]
    with pytest.raises(NotCoveredError, match="was destroyed on"):
        workspace.session(session)
    needles = [b"marzipan", b"vermilion", b"theodolite"]
    assert traces(workspace.vault.path, workspace.vault.database_key, needles) == []
    assert retention.due_list(workspace) == []


def test_a_promise_to_the_client_counts_if_it_is_shorter(workspace: Workspace, session: SessionId) -> None:
    assert session
    details = ConsentDetails(keep_days=(("sound", 30), ("transcript", 999)))
    grants = frozenset({Grant(Scope.OWN_REVIEW)})
    workspace.record_consent(Statement(CLIENT, TODAY, grants, details=details))
    retention.set_rule(workspace, "sound", 90)
    retention.set_rule(workspace, "transcript", 60)
    due = {thing.kind: thing.due_on for thing in retention.due_list(workspace)}
    assert due == {"sound": HELD_ON + timedelta(days=30), "transcript": HELD_ON + timedelta(days=60)}


def test_a_hold_stops_it_until_it_ends_or_is_lifted(workspace: Workspace, session: SessionId) -> None:
    retention.set_rule(workspace, "sound", 10)
    made = retention.place_hold(workspace, CLIENT, "", "safeguarding", HELD_ON + timedelta(days=20))
    at(workspace, 20)
    assert states(workspace) == {"sound": "held"}
    assert retention.run(workspace) == []
    retention.place_hold(workspace, CLIENT, session, "court", HELD_ON + timedelta(days=40))
    at(workspace, 21)
    assert states(workspace) == {"sound": "held"}
    at(workspace, 41)
    assert states(workspace) == {"sound": "due"}
    retention.lift_hold(workspace, made.id[:8])
    assert len(workspace.store.retention.holds()) == 1


def test_rules_and_holds_must_make_sense(workspace: Workspace, session: SessionId) -> None:
    for kind, days in (("dreams", 1), ("sound", -1)):
        with pytest.raises(UsageError):
            retention.set_rule(workspace, kind, days)
    for client, reason, ends in (("X", "r", TODAY), (CLIENT, " ", TODAY), (CLIENT, "r", date(2026, 1, 1))):
        with pytest.raises(UsageError):
            retention.place_hold(workspace, client, "", reason, ends)
    with pytest.raises(UsageError):
        retention.lift_hold(workspace, "abcdef")
    assert session
