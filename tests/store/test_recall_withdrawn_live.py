"""A client takes the consent to their recall back while it goes on: nothing of it opens, all of it goes."""

import pytest

from recall_rooms import RecallRoom, add_sounding_session, whole
from supervise.app.recall_lists import recall_list, recall_rows
from supervise.app.recall_reading import open_recall_sound, recall_view, recalled_about
from supervise.app.withdrawing import WithdrawWish, finish, withdraw
from supervise.app.workspace import Workspace
from supervise.domain.consent import Grant, Scope
from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.recall import Party, RecallKind, Setup
from supervise.storage.recalls import KEPT
from two_clocks import numbered_session
from workspaces import CLIENT, OWN_USE, TODAY

TAKEN = frozenset({Grant(Scope.CLIENT_RECALL)})
WITH_CARA = Setup(RecallKind.CLIENT, recaller=Party.CLIENT, inquirer="Cara")


@pytest.fixture
def room(workspace: Workspace) -> RecallRoom:
    """A client's recall that goes on, with one stop in it."""
    workspace.add_consent(CLIENT, OWN_USE | {Scope.CLIENT_RECALL}, TODAY)
    made = RecallRoom(workspace, WITH_CARA, add_sounding_session(workspace, numbered_session(5)))
    made.begin()
    made.listen(1)
    made.recall.stop()
    made.recall.prompt("affect.feel")
    made.recall.resume()
    made.listen(1)
    return made


def test_what_was_recorded_until_then_is_locked_with_the_rest(workspace: Workspace, room: RecallRoom) -> None:
    withdraw(workspace, WithdrawWish(CLIENT, TAKEN))
    assert not room.recall.playing
    assert isinstance(room.recall.heard().error, NotCoveredError)
    done = room.recall.end()
    assert workspace.store.recalls.get(done.recall).state == KEPT
    for look in (recall_view, open_recall_sound):
        with pytest.raises(NotCoveredError, match="withdrawn"):
            look(workspace, done.recall)
    assert recall_list(workspace) == recall_rows(workspace, room.session) == ()
    assert recalled_about(workspace, room.session, 500) == ()
    assert workspace.store.jobs.open_jobs() == []


def test_it_cannot_be_destroyed_while_the_microphone_runs_and_goes_whole_afterwards(
    workspace: Workspace, room: RecallRoom
) -> None:
    with pytest.raises(UsageError, match="going on"):
        withdraw(workspace, WithdrawWish(CLIENT, TAKEN, now=True))
    done = withdraw(workspace, WithdrawWish(CLIENT, TAKEN))
    with pytest.raises(UsageError, match="going on"):
        finish(workspace, done.decision.id)
    recall = room.recall.end().recall
    master = workspace.store.recalls.get(recall).master
    finish(workspace, done.decision.id)
    db = workspace.vault.db
    for table in ("recall_stops", "recall_prompts", "recall_stretches"):
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0  # noqa: S608 - ours
    assert db.execute("SELECT count(*) FROM media WHERE id = ?", [master]).fetchone()[0] == 0
    assert not workspace.store.media.path(master).exists()
    assert whole(workspace)
