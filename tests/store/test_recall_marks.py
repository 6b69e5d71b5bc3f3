"""Marks on recalls: reversible, each person's own, gated like the recall, apart from the session, mortal."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from test_recalls_store import add_recall

from page_traces import traces
from recall_rooms import RecallRoom
from supervise.app import changes
from supervise.app.changes import Change
from supervise.app.recall_marks import (
    ChangeRecallMark,
    DeleteRecallMark,
    MarkRecall,
    find_mark,
    marks_of,
    own_mark,
    span_at,
)
from supervise.app.recall_reading import recall_view
from supervise.app.recall_recovering import destroy_recall
from supervise.app.withdrawing import ALL, WithdrawWish, withdraw
from supervise.app.workspace import Workspace
from supervise.crypto.keys import KdfParams
from supervise.domain.consent import Grant, Scope
from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.ids import RecallId, RecallMarkId
from supervise.domain.moments import MomentCode, Perspective
from supervise.domain.recall import Party, RecallKind, Setup
from supervise.domain.recall_marks import About, TimeFrame
from supervise.storage import destruction
from supervise.storage.database import transaction
from supervise.storage.recall_destruction import RecallIds
from workspaces import CLIENT, OWN_USE, TODAY, add_session, agree_to_supervisor, opened

FEAR = (MomentCode("ip.affect"),)
NOTE = "a chestnut heat that would not be spoken of"


def mark(desk: Workspace, recall: RecallId, note: str = "", span: tuple[int, int] = (2000, 4000)) -> str:
    return desk.execute(MarkRecall(recall, *span, FEAR, TimeFrame.THEN, note=note))


def test_a_mark_is_taken_back_and_done_again(workspace: Workspace, reopen: Callable[[], Workspace]) -> None:
    recall = add_recall(workspace, add_session(workspace))
    told: list[Change] = []
    workspace.subscribe(told.append)
    made = RecallMarkId(mark(workspace, recall, NOTE))
    assert [entry.topic for entry in told] == [changes.RECALL]
    assert set(told[0].ids) >= {recall, made}
    (row,) = marks_of(workspace, recall)
    assert (row.mark, row.about, row.time_frame) == (made, About.RECALLER, TimeFrame.THEN)
    assert (row.start_ms, row.end_ms, row.note, row.codes) == (2000, 4000, NOTE, FEAR)
    assert row.codebook == workspace.codebook().key
    assert row.author == workspace.profile.profile
    workspace.execute(ChangeRecallMark(replace(row, time_frame=TimeFrame.NOW, note="")))
    workspace.execute(DeleteRecallMark(made))
    again = reopen()
    for expected in ([TimeFrame.NOW], [TimeFrame.THEN], []):
        again.undo()
        assert [entry.time_frame for entry in marks_of(again, recall)] == expected
    for expected in ([TimeFrame.THEN], [TimeFrame.NOW], []):
        again.redo()
        assert [entry.time_frame for entry in marks_of(again, recall)] == expected
    assert find_mark(again, mark(again, recall)[:8]) == marks_of(again, recall)[0].mark


def test_a_mark_that_says_nothing_any_more_is_gone(workspace: Workspace) -> None:
    recall = add_recall(workspace, add_session(workspace))
    mark(workspace, recall)
    (row,) = marks_of(workspace, recall)
    workspace.execute(ChangeRecallMark(replace(row, codes=(), time_frame=TimeFrame.OPEN)))
    assert marks_of(workspace, recall) == ()
    workspace.undo()
    assert marks_of(workspace, recall) == (row,)


def test_what_the_inquirer_did_is_about_the_inquirer_and_out_of_recall_is_from_now(
    workspace: Workspace,
) -> None:
    recall = add_recall(workspace, add_session(workspace))
    workspace.execute(MarkRecall(recall, 0, 500, (MomentCode("ip.taught"),)))
    workspace.execute(MarkRecall(recall, 600, 700, (MomentCode("ip.drift"),)))
    taught, drift = marks_of(workspace, recall)
    assert taught.about is About.INQUIRER
    assert drift.time_frame is TimeFrame.NOW
    assert own_mark((taught, drift), workspace.profile.profile, (0, 500), About.INQUIRER) == taught
    assert own_mark((taught, drift), workspace.profile.profile, (0, 500), About.RECALLER) is None


def test_a_mark_stays_on_the_recall_and_out_of_search_and_counts(workspace: Workspace) -> None:
    session = add_session(workspace)
    recall = add_recall(workspace, session)
    mark(workspace, recall, NOTE)
    assert workspace.search("chestnut").hits == ()
    assert workspace.moments(session) == ()
    assert [row.moments for row in workspace.library().rows] == [0]
    with pytest.raises(UsageError, match="outside the recall"):
        mark(workspace, recall, span=(8000, 9001))


def test_an_instant_stands_for_what_was_said_or_the_stop_there(workspace: Workspace) -> None:
    from supervise.app.recall_export import recall_utterances

    recall = add_recall(workspace, add_session(workspace))
    view = recall_view(workspace, recall)
    said = recall_utterances(view)
    assert [span_at(said, view.stops, at, 9000) for at in (2100, 5900, 8999)] == [
        (said[0].recall_start_ms, said[0].recall_end_ms),
        (3000, 6000),
        (8999, 8999),
    ]


def test_only_a_recall_that_has_ended_is_marked(workspace: Workspace) -> None:
    room = RecallRoom(workspace)
    room.begin()
    with pytest.raises(UsageError, match="still goes on"):
        mark(workspace, room.recall.recall, span=(0, 100))
    room.recall.end()
    mark(workspace, room.recall.recall, span=(0, 100))


def test_a_colleagues_marks_are_read_and_never_changed(
    workspace: Workspace, reopen: Callable[[], Workspace], cheap_kdf: KdfParams
) -> None:
    workspace.add_profile("Cara", Perspective.SUPERVISOR, "another quiet phrase for her")
    agree_to_supervisor(workspace, "Cara")
    recall = add_recall(workspace, add_session(workspace))
    made = RecallMarkId(mark(workspace, recall))
    path = workspace.vault.path
    workspace.close()
    colleague = opened(path, cheap_kdf, "Cara", "another quiet phrase for her")
    (row,) = marks_of(colleague, recall)
    assert row.perspective is Perspective.THERAPIST
    with pytest.raises(UsageError, match="Only the person who made"):
        colleague.execute(ChangeRecallMark(replace(row, note="mine")))
    with pytest.raises(UsageError, match="Only the person who made"):
        colleague.execute(DeleteRecallMark(made))
    mark(colleague, recall, span=(0, 10))
    assert [entry.perspective for entry in marks_of(colleague, recall)] == ["supervisor", "therapist"]
    colleague.close()
    desk = reopen()
    desk.undo()
    assert [entry.perspective for entry in marks_of(desk, recall)] == ["supervisor"]


def client_recall(desk: Workspace) -> RecallId:
    room = RecallRoom(desk, Setup(RecallKind.CLIENT, recaller=Party.CLIENT, inquirer="Cara"))
    room.begin()
    room.recall.end()
    return room.recall.recall


def test_marks_on_what_a_client_recalled_are_locked_with_their_consent_to_it(workspace: Workspace) -> None:
    workspace.add_consent(CLIENT, OWN_USE | {Scope.CLIENT_RECALL}, TODAY)
    recall = client_recall(workspace)
    made = RecallMarkId(mark(workspace, recall, span=(0, 100)))
    workspace.execute(DeleteRecallMark(made))
    withdraw(workspace, WithdrawWish(CLIENT, frozenset({Grant(Scope.CLIENT_RECALL)})))
    refused: tuple[Callable[[], object], ...] = (
        lambda: marks_of(workspace, recall),
        lambda: mark(workspace, recall, span=(0, 100)),
        lambda: mark(workspace, recall, span=(0, 1 << 40)),  # refused before it would tell how long it is
        workspace.undo,
    )
    for deed in refused:
        with pytest.raises(NotCoveredError):
            deed()
    assert workspace.store.recall_marks.of_recall(recall) == ()


def test_marks_die_with_the_recall_and_with_what_could_be_undone(workspace: Workspace) -> None:
    session = add_session(workspace)
    recall, other = add_recall(workspace, session), add_recall(workspace, session)
    mark(workspace, recall, NOTE)
    mark(workspace, other)
    found = destruction.needles(workspace.vault.db, session)
    assert NOTE.encode() in found
    destroy_recall(workspace, recall)
    assert marks_of(workspace, recall) == ()
    assert len(marks_of(workspace, other)) == 1
    assert not workspace.can_undo
    sealed = [needle for needle in found if needle == NOTE.encode()]
    assert traces(workspace.vault.path, workspace.vault.database_key, sealed) == []
    with pytest.raises(UsageError, match="destroyed"):
        mark(workspace, recall)


@pytest.mark.parametrize("way", ["session", "recalls", "withdrawal"])
def test_marks_die_with_the_session_and_its_recalls(workspace: Workspace, way: str) -> None:
    session = add_session(workspace)
    recall = add_recall(workspace, session)
    mark(workspace, recall, NOTE)
    needles = [NOTE.encode()]
    assert traces(workspace.vault.path, workspace.vault.database_key, needles)
    if way == "withdrawal":
        done = withdraw(workspace, WithdrawWish(CLIENT, ALL, now=True))
        assert done.certificate is not None
        assert done.certificate["proof"]["pages_with_traces"] == 0
    else:
        with transaction(workspace.vault.db) as db:
            destruction.delete_moments(db, session)
            assert len(workspace.store.recall_marks.of_recall(recall)) == 1
            if way == "session":
                destruction.delete_session(db, session)
            else:
                destruction.delete_recalls(db, session, RecallIds((recall,)))
        destruction.purge(workspace.vault)
    counted = workspace.vault.db.execute("SELECT count(*) FROM recall_marks").fetchone()[0]
    assert counted == 0
    assert traces(workspace.vault.path, workspace.vault.database_key, needles) == []


def test_a_note_that_quotes_goes_with_the_words(workspace: Workspace) -> None:
    session = add_session(workspace)
    recall = add_recall(workspace, session)
    mark(workspace, recall, "“I felt it leave my hands”, she says")
    mark(workspace, recall, "a long breath", span=(0, 10))
    withdraw(
        workspace,
        WithdrawWish(
            CLIENT, frozenset({Grant(Scope.TRANSCRIBE)}), chosen=frozenset({"transcript"}), now=True
        ),
    )
    assert sorted(entry.note for entry in workspace.store.recall_marks.of_recall(recall)) == [
        "",
        "a long breath",
    ]
