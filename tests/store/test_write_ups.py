"""Write-ups of recalls: private until shared, one each, undone like all else, and mortal as the recall is."""

from collections.abc import Callable

import pytest
from test_recall_marks import client_recall
from test_recalls_store import add_recall

from page_traces import traces
from supervise.app.recall_recovering import destroy_recall
from supervise.app.withdrawing import ALL, WithdrawWish, withdraw
from supervise.app.workspace import Workspace
from supervise.app.write_ups import ShareWriteUp, WriteUpRecall, own_write_up, write_ups_of
from supervise.crypto.keys import KdfParams
from supervise.domain.consent import Grant, Scope
from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.moments import Perspective
from supervise.domain.write_ups import TEXT_LIMIT
from supervise.storage import destruction
from supervise.storage.verify import verify
from workspaces import CLIENT, OWN_USE, TODAY, add_session, agree_to_supervisor, opened

TEXT = "What stood out was the silence after the tangerine question."
CARA = "another quiet phrase for her"


def words(desk: Workspace, recall: str) -> str | None:
    entry = own_write_up(desk, recall)  # type: ignore[arg-type]
    return entry.text if entry else None


def test_it_is_private_changed_and_undone(workspace: Workspace, reopen: Callable[[], Workspace]) -> None:
    recall = add_recall(workspace, add_session(workspace))
    first = workspace.execute(WriteUpRecall(recall, TEXT))
    assert traces(workspace.vault.path, workspace.vault.database_key, [b"tangerine"]) == []
    assert workspace.execute(WriteUpRecall(recall, TEXT + " And my haste.\n")) == first
    assert workspace.execute(WriteUpRecall(recall, "  \n")) == first
    assert words(workspace, recall) is None
    again = reopen()
    for expected in (TEXT + " And my haste.", TEXT, None):
        again.undo()
        assert words(again, recall) == expected
    again.redo()
    entry = own_write_up(again, recall)
    assert entry is not None
    assert entry.private
    assert (entry.write_up, entry.text) == (first, TEXT)
    assert again.search("tangerine").hits == ()
    assert verify(again.vault, lambda _: None).ok


def test_sharing_is_an_act_and_can_be_taken_back(
    workspace: Workspace, reopen: Callable[[], Workspace], cheap_kdf: KdfParams
) -> None:
    workspace.add_profile("Cara", Perspective.SUPERVISOR, CARA)
    agree_to_supervisor(workspace, "Cara")
    recall = add_recall(workspace, add_session(workspace))
    with pytest.raises(UsageError, match="nothing to share"):
        workspace.execute(ShareWriteUp(recall, shared=True))
    workspace.execute(WriteUpRecall(recall, TEXT))
    path = workspace.vault.path
    workspace.close()
    colleague = opened(path, cheap_kdf, "Cara", CARA)
    assert write_ups_of(colleague, recall) == ()
    colleague.execute(WriteUpRecall(recall, "my own view of it", shared=True))
    colleague.close()
    desk = reopen()
    desk.execute(ShareWriteUp(recall, shared=True))
    assert [entry.text for entry in write_ups_of(desk, recall)] == [TEXT, "my own view of it"]
    desk.execute(WriteUpRecall(recall, TEXT + "!"))  # what is shared stays shared
    desk.close()
    colleague = opened(path, cheap_kdf, "Cara", CARA)
    assert [entry.text for entry in write_ups_of(colleague, recall)] == [TEXT + "!", "my own view of it"]
    colleague.close()
    desk = reopen()
    desk.undo()
    desk.undo()
    entry = own_write_up(desk, recall)
    assert entry is not None
    assert entry.private
    rows = desk.vault.db.execute("SELECT text IS NULL, private FROM recall_writeups ORDER BY created_at")
    assert rows.fetchall() == [(1, 1), (0, 0)]


def test_it_needs_words_and_no_more_than_fit(workspace: Workspace) -> None:
    recall = add_recall(workspace, add_session(workspace))
    with pytest.raises(UsageError, match="needs some words"):
        workspace.execute(WriteUpRecall(recall, " "))
    with pytest.raises(UsageError, match="at most"):
        workspace.execute(WriteUpRecall(recall, "x" * (TEXT_LIMIT + 1)))


def test_what_is_written_of_a_clients_recall_rests_on_their_consent_to_it(workspace: Workspace) -> None:
    workspace.add_consent(CLIENT, OWN_USE | {Scope.CLIENT_RECALL}, TODAY)
    recall = client_recall(workspace)
    workspace.execute(WriteUpRecall(recall, TEXT))
    withdraw(workspace, WithdrawWish(CLIENT, frozenset({Grant(Scope.CLIENT_RECALL)})))
    for deed in (
        lambda: own_write_up(workspace, recall),
        lambda: write_ups_of(workspace, recall),
        lambda: workspace.execute(WriteUpRecall(recall, "more")),
        lambda: workspace.execute(ShareWriteUp(recall, shared=True)),
        workspace.undo,
    ):
        with pytest.raises(NotCoveredError):
            deed()


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("way", ["recall", "withdrawal"])
def test_it_dies_with_the_recall_and_the_session(workspace: Workspace, way: str, *, shared: bool) -> None:
    session = add_session(workspace)
    recall = add_recall(workspace, session)
    workspace.execute(WriteUpRecall(recall, TEXT, shared=shared))
    needles = destruction.needles(workspace.vault.db, session)
    row = workspace.vault.db.execute("SELECT text, sealed FROM recall_writeups").fetchone()
    kept = row[0].encode() if shared else row[1]
    assert any(needle in kept for needle in needles)
    if way == "recall":
        destroy_recall(workspace, recall)
        destruction.purge(workspace.vault)
    else:
        withdraw(workspace, WithdrawWish(CLIENT, ALL, now=True))
    assert workspace.vault.db.execute("SELECT count(*) FROM recall_writeups").fetchone()[0] == 0
    assert traces(workspace.vault.path, workspace.vault.database_key, [kept]) == []
    assert not workspace.can_undo
