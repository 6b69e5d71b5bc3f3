"""A recall held for an interview: tied in the moment it is kept, and only where that still makes sense."""

from dataclasses import replace

import pytest

from recall_rooms import RecallRoom
from studies import BSR, agree_to_study, planned
from supervise.app.interview_planning import drop_interview
from supervise.app.interviews import full_interview, open_interview, tie_recall, tied_interview
from supervise.app.recall_recovering import keep_recovered_recall
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from supervise.domain.interviews import Interview, InterviewState
from supervise.domain.recall import Party, RecallKind, Setup
from supervise.storage.database import transaction

SETUP = Setup(RecallKind.RESEARCH, BSR, Party.CLIENT, "R-02")


class Held(RecallRoom):
    """A recall that is about to begin, and the interview it is for."""

    def __init__(self, desk: Workspace, setup: Setup = SETUP) -> None:
        agree_to_study(desk)
        super().__init__(desk, setup)
        self.row = planned(desk, self.session)
        open_interview(desk, self.row.interview)

    def kept(self) -> Interview:
        return self.desk.store.interviews.get(self.row.interview)


def test_it_is_tied_when_it_ends_not_before(workspace: Workspace) -> None:
    room = Held(workspace)
    room.recall.belong_to(room.row.interview)
    room.begin()
    assert room.kept().recall is None
    room.recall.end()
    assert room.kept().recall == room.recall.recall
    found = tied_interview(workspace, room.recall.recall)
    assert found is not None
    assert found.row.interview == room.row.interview


def test_without_an_interview_none_is_tied(workspace: Workspace) -> None:
    room = Held(workspace)
    room.begin()
    room.recall.end()
    assert room.kept().recall is None
    assert tied_interview(workspace, room.recall.recall) is None


def test_of_another_party_it_does_not_begin(workspace: Workspace) -> None:
    room = Held(workspace, replace(SETUP, recaller=Party.THERAPIST))
    with pytest.raises(UsageError, match="than the interview"):
        room.recall.belong_to(room.row.interview)


def test_what_a_crash_left_is_tied_once_it_is_kept(workspace: Workspace) -> None:
    room = Held(workspace)
    room.recall.belong_to(room.row.interview)
    room.begin(spoken_s=2)
    room.recall.abandon()
    assert room.kept().recall is None
    keep_recovered_recall(workspace, room.recall.recall)
    assert room.kept().recall == room.recall.recall


@pytest.mark.parametrize("meanwhile", ["finished", "dropped"])
def test_an_interview_finished_or_dropped_meanwhile_stays_as_it_is(
    workspace: Workspace, meanwhile: str
) -> None:
    room = Held(workspace)
    room.recall.belong_to(room.row.interview)
    room.begin()
    if meanwhile == "finished":
        with transaction(workspace.vault.db):
            workspace.store.interviews.put(replace(room.kept(), state=InterviewState.DONE))
    else:
        drop_interview(workspace, room.row.interview)
    room.recall.end()
    assert not workspace.store.recalls.get(room.recall.recall).unfinished
    assert workspace.store.interviews.of_recall(room.recall.recall) == []


@pytest.mark.parametrize("crashed", [False, True], ids=["ended", "recovered"])
def test_the_first_recall_of_an_interview_stays_until_somebody_ties_another(
    workspace: Workspace, crashed: bool
) -> None:
    first = Held(workspace)
    assert first.recall.belong_to(first.row.interview)
    first.begin()
    first.recall.end()
    second = RecallRoom(workspace, SETUP, first.session)
    assert not second.recall.belong_to(first.row.interview)
    second.begin(spoken_s=2)
    if crashed:
        second.recall.abandon()
        keep_recovered_recall(workspace, second.recall.recall)
    else:
        second.recall.end()
    one, two = first.recall.recall, second.recall.recall
    assert first.kept().recall == one
    assert not workspace.store.recalls.get(two).unfinished
    assert (full_interview(workspace, one), tied_interview(workspace, two)) == (None, None)
    full = full_interview(workspace, two)
    assert full is not None
    assert full.row.interview == first.row.interview
    tie_recall(workspace, first.row.interview, two)
    assert first.kept().recall == two
    assert full_interview(workspace, two) is None
