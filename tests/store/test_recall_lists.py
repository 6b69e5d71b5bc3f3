"""Lists of recalls say what each recall says itself, with as few readings for many as for one."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from recall_rooms import add_sounding_session
from supervise.app.recall_lists import recall_list, recall_rows
from supervise.app.recall_reading import recall_view, recalls
from supervise.app.recalls_to_take_out import recalls_to_take_out
from supervise.app.withdrawing import RESTRICT, WithdrawWish, withdraw
from supervise.app.workspace import Workspace
from supervise.domain.consent import Grant, Scope
from supervise.domain.errors import NotCoveredError
from supervise.domain.ids import MediaId, RecallId, SessionId, TranscriptId, new_id
from supervise.domain.recall import Party, RecallKind, Setup, Stop, StoppedBy
from supervise.domain.recall_map import Stretch
from supervise.domain.times import now_utc
from supervise.domain.transcript import TranscribeSettings, TranscriptVersion, Word
from supervise.storage.database import transaction
from supervise.storage.recalls import RECALLING, Recall

MINE = Setup(RecallKind.THERAPIST)
CLIENTS = Setup(RecallKind.CLIENT, recaller=Party.CLIENT)
SIGNED = date(2026, 11, 1)


def add(
    desk: Workspace,
    session: SessionId,
    setup: Setup = MINE,
    *,
    stops: int = 2,
    ended: bool = True,
    words: str = "",
) -> RecallId:
    """Add a recall; `words` says how far its transcript is: none, partial or whole."""
    recall, ids, me = RecallId(new_id()), (MediaId(new_id()), MediaId(new_id())), desk.profile.profile
    with transaction(desk.vault.db):
        desk.store.recalls.begin(Recall(recall, session, RECALLING, setup, now_utc(), me, 1000, 1, *ids))
        desk.store.recalls.put_stretches(recall, [Stretch(0, 9000, 0, 9000, 1.0, 0)])
        for seq in range(stops):
            stop = Stop(seq, seq * 1000, seq * 2000, StoppedBy.RECALLER, 1000, 0, seq * 2000 + 900)
            desk.store.recalls.put_stop(recall, stop)
        if ended:
            desk.store.recalls.end(recall, 12_000, "", ids[1])
        if words:
            transcript = TranscriptId(new_id())
            begun = TranscriptVersion(transcript, session, now_utc(), TranscribeSettings(), finished=False)
            desk.store.recall_transcripts.begin(begun, recall)
            said = [Word("so", 2000, 2300, 0.9, "A")]
            desk.store.recall_transcripts.add_window(transcript, 0, 2000, 2300, said)
            if words == "whole":
                desk.store.recall_transcripts.finish(transcript, "en", [], {})
    return recall


def session_of(desk: Workspace, client: str, *scopes: Scope) -> SessionId:
    """Add a session of a client who has agreed to being recorded, looked at, and `scopes`."""
    desk.add_consent(client, frozenset({Scope.RECORD, Scope.OWN_REVIEW, *scopes}), SIGNED)
    return add_sounding_session(desk, np.zeros((20_000, 1), np.int16), 1000, client)


def readings(desk: Workspace, deed: Callable[[], object]) -> int:
    """Return how often the database is asked."""
    asked: list[str] = []
    desk.vault.db.conn.set_trace_callback(asked.append)
    try:
        deed()
    finally:
        desk.vault.db.conn.set_trace_callback(None)
    return len(asked)


def test_a_row_says_what_the_recall_says(workspace: Workspace) -> None:
    session = session_of(workspace, "C-01", Scope.TRANSCRIBE, Scope.CLIENT_RECALL)
    add(workspace, session, stops=3, words="whole")
    add(workspace, session, CLIENTS, stops=0, words="partial")
    add(workspace, session, ended=False)
    listed = recall_list(workspace)
    assert [row.words for row in listed] == ["whole", "partial", "none"]
    assert listed == recall_list(workspace, session) == recall_rows(workspace, session)
    for row in listed:
        view = recall_view(workspace, row.recall)
        assert (row.client_code, row.session, row.setup) == ("C-01", session, view.recall.setup)
        assert row.stops == len(view.stops)
        assert row.duration_ms == (view.recall.sound.duration_ms or view.map.duration_ms) > 0
        assert row.finished != view.recall.unfinished
    out = recalls_to_take_out(workspace, session)
    assert [(row.stops, row.has_words) for row in out] == [(0, True), (3, True)]


def test_what_may_not_be_read_is_left_out_client_by_client(workspace: Workspace) -> None:
    first, second = (session_of(workspace, code, Scope.CLIENT_RECALL) for code in ("C-01", "C-02"))
    kept = [add(workspace, first), add(workspace, first, CLIENTS), add(workspace, second)]
    gone = add(workspace, second, CLIENTS)
    assert {row.recall for row in recall_list(workspace)} == {*kept, gone}
    withdraw(workspace, WithdrawWish("C-02", frozenset({Grant(Scope.CLIENT_RECALL)}), RESTRICT))
    assert [row.recall for row in recall_list(workspace)] == kept
    assert [row.recall for row in recall_rows(workspace, second)] == kept[2:]
    assert [row.recall for row in recall_list(workspace, second)] == kept[2:]
    workspace.store.recalls.destroy(kept[2])
    assert recall_rows(workspace, second) == ()
    with pytest.raises(NotCoveredError):
        recall_list(workspace, second)


def test_words_that_are_locked_are_not_told_of(workspace: Workspace) -> None:
    session = session_of(workspace, "C-01", Scope.TRANSCRIBE)
    recall = add(workspace, session, words="whole")
    withdraw(workspace, WithdrawWish("C-01", frozenset({Grant(Scope.TRANSCRIBE)}), RESTRICT))
    (row,) = recall_list(workspace)
    assert (row.words, recall_view(workspace, recall).version) == ("none", None)


def test_many_recalls_are_read_with_as_few_questions_as_two(workspace: Workspace) -> None:
    def more(count: int) -> None:
        for _ in range(count):
            session = session_of(workspace, "C-01", Scope.TRANSCRIBE, Scope.CLIENT_RECALL)
            add(workspace, session, words="whole")
            add(workspace, session, CLIENTS)

    more(1)
    looks = (lambda: recall_list(workspace), lambda: recalls(workspace))
    few = [readings(workspace, look) for look in looks]
    more(20)
    assert len(recall_list(workspace)) == 42
    assert [readings(workspace, look) for look in looks] == few
