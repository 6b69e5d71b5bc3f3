"""Somebody with a passphrase but no part in a case: what they cannot undo, destroy, or learn of."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from test_recalled_about import say

from recall_rooms import RecallRoom
from sounds import speechlike
from supervise.app import retention, withdrawing
from supervise.app.looking_ahead import ahead
from supervise.app.recall_reading import recall_view
from supervise.app.recall_recovering import destroy_recall, recovered_recalls
from supervise.app.recording import RecordingSession, RecordingWish
from supervise.app.recovering import destroy_recovered, find_recovered, listen_to_recovered, recovered
from supervise.app.withdrawing import ALL, WithdrawWish
from supervise.app.workspace import Workspace
from supervise.audio.fake_input import FakeInput
from supervise.audio.inputs import steady_s
from supervise.crypto.keys import KdfParams
from supervise.domain.consent import Grant, Scope
from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.moments import Perspective
from workspaces import CLIENT, PASSPHRASE, add_session, add_transcript, agree_to_supervisor, opened, spoken

WORDS = "another person with words"
ONLY = "Only the therapist whose case"
Enter = Callable[[Workspace, str], Workspace]


@pytest.fixture
def enter(vault_path: Path, cheap_kdf: KdfParams) -> Enter:
    """Close the vault and come back as Ada or Bo."""

    def come(desk: Workspace, name: str) -> Workspace:
        desk.close()
        return opened(vault_path, cheap_kdf, name, PASSPHRASE if name == "Ada" else WORDS)

    return come


@pytest.fixture
def ada(workspace: Workspace) -> Workspace:
    workspace.add_profile("Bo", Perspective.SUPERVISOR, WORDS)
    return workspace


def test_what_was_withdrawn_is_not_opened_again_by_whom_it_shut_out(ada: Workspace, enter: Enter) -> None:
    session = add_session(ada)
    agree_to_supervisor(ada, "Bo")
    grants = frozenset({Grant(Scope.SUPERVISOR, "Bo")})
    done = withdrawing.withdraw(ada, WithdrawWish(CLIENT, grants))
    bo = enter(ada, "Bo")
    with pytest.raises(UsageError, match=ONLY):
        withdrawing.take_back(bo, done.decision.id)
    with pytest.raises(NotCoveredError):
        bo.open_session(session)
    assert bo.store.withdrawals.find(done.decision.id).waits
    back = enter(bo, "Ada")
    withdrawing.take_back(back, done.decision.id)
    back.close()


def test_anybody_may_lock_a_case_and_only_its_therapist_destroys_it(ada: Workspace, enter: Enter) -> None:
    session = add_session(ada)
    agree_to_supervisor(ada, "Bo")
    bo = enter(ada, "Bo")
    for wish in (
        WithdrawWish(CLIENT, ALL, now=True),
        WithdrawWish(CLIENT, ALL, chosen=frozenset({"sound"})),
    ):
        with pytest.raises(UsageError, match=ONLY):
            withdrawing.withdraw(bo, wish)
    assert bo.open_session(session)
    done = withdrawing.withdraw(bo, WithdrawWish(CLIENT, ALL))
    with pytest.raises(NotCoveredError):
        bo.open_session(session)
    with pytest.raises(UsageError, match=ONLY):
        withdrawing.finish(bo, done.decision.id)
    assert ahead(bo) == ()
    back = enter(bo, "Ada")
    assert any(CLIENT in sentence for sentence in ahead(back))
    assert withdrawing.finish(back, done.decision.id)["client"] == CLIENT
    back.close()


def test_a_rule_set_by_somebody_else_destroys_nothing_of_this_case(ada: Workspace, enter: Enter) -> None:
    session = add_session(ada)
    held = retention.place_hold(ada, CLIENT, "", "complaint", date(2027, 1, 1))
    bo = enter(ada, "Bo")
    retention.set_rule(bo, "sound", 0)
    with pytest.raises(UsageError, match=ONLY):
        retention.lift_hold(bo, held.id)
    assert [hold.id for hold in retention.holds(bo)] == [held.id]
    back = enter(bo, "Ada")
    retention.lift_hold(back, held.id)
    bo = enter(back, "Bo")
    assert retention.run(bo) == []
    assert ahead(bo) == ()
    back = enter(bo, "Ada")
    assert back.open_session(session)
    assert len(retention.run(back)) == 1
    back.close()


def _left(desk: Workspace) -> str:
    mic = FakeInput(rate_hz=8000)
    session = RecordingSession(desk, RecordingWish(CLIENT, 1, 8000, "a title"), mic, lambda: 1 << 40)
    session.start()
    mic.speak(speechlike(16_000, 1, 8000), steady_s())
    session.abandon()
    return session.recording


def test_a_recording_that_did_not_end_is_offered_to_nobody_else(ada: Workspace, enter: Enter) -> None:
    left = _left(ada)
    bo = enter(ada, "Bo")
    assert recovered(bo) == ()
    with pytest.raises(UsageError, match="No one unfinished"):
        find_recovered(bo, left)
    with pytest.raises(NotCoveredError):
        listen_to_recovered(bo, left)
    with pytest.raises(UsageError, match="Only the therapist"):
        destroy_recovered(bo, left)
    back = enter(bo, "Ada")
    assert [found.recording for found in recovered(back)] == [left]
    destroy_recovered(back, left)
    assert recovered(back) == ()
    back.close()


def test_whom_the_client_named_sees_the_offer_and_destroys_nothing(ada: Workspace, enter: Enter) -> None:
    left = _left(ada)
    agree_to_supervisor(ada, "Bo")
    bo = enter(ada, "Bo")
    assert [found.recording for found in recovered(bo)] == [left]
    with pytest.raises(UsageError, match="Only the therapist"):
        destroy_recovered(bo, left)
    bo.close()


def test_a_recall_is_offered_to_nobody_else_and_not_destroyed_by_them(ada: Workspace, enter: Enter) -> None:
    room, kept = RecallRoom(ada, seconds=5), RecallRoom(ada, seconds=5)
    for one in (room, kept):
        one.begin()
        one.listen(1)
    room.recall.abandon()
    done = kept.recall.end().recall
    bo = enter(ada, "Bo")
    assert recovered_recalls(bo) == ()
    for one in (room.recall.recall, done):
        with pytest.raises(UsageError, match="Only the therapist"):
            destroy_recall(bo, one)
    back = enter(bo, "Ada")
    assert [found.recall for found in recovered_recalls(back)] == [room.recall.recall]
    destroy_recall(back, done)
    back.close()


def test_an_unfinished_recall_whose_sound_was_destroyed_is_still_listed(workspace: Workspace) -> None:
    room = RecallRoom(workspace, seconds=5)
    room.begin()
    room.listen(1)
    room.recall.abandon()
    add_transcript(workspace, room.session, spoken("kept words", 0, 500))
    retention.set_rule(workspace, "sound", 0)
    assert len(retention.run(workspace)) == 1
    (found,) = recovered_recalls(workspace)
    assert found.duration_ms == 0
    destroy_recall(workspace, found.recall)
    assert recovered_recalls(workspace) == ()


def test_words_of_a_recall_outlive_the_sound_of_a_session_without_words(
    workspace: Workspace,
) -> None:
    room = RecallRoom(workspace, seconds=5)
    room.begin()
    room.listen(1)
    done = room.recall.end().recall
    say(workspace, done, [("fear", 200)])
    retention.set_rule(workspace, "sound", 0)
    (certificate,) = retention.run(workspace)
    assert certificate["sessions"][0]["goes"] == ["sound"]
    assert [word.text for word in recall_view(workspace, done).words] == ["fear"]
