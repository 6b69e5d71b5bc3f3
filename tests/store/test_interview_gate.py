"""Who may be interviewed, who may read it, and that nothing of it outlives its session."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from test_recalls_store import add_recall

from studies import LIKED, OWN, STUDY, held_by_client, held_by_therapist, planned, written
from supervise.app.consenting import Statement
from supervise.app.interview_planning import cue_other, drop_interview
from supervise.app.interviews import (
    give_answer,
    interview_view,
    interviews,
    open_interview,
    ratings_of_recall,
    unblind,
)
from supervise.app.protocols import load_protocol
from supervise.app.withdrawing import WithdrawWish, withdraw
from supervise.app.workspace import Workspace
from supervise.crypto.keys import KdfParams
from supervise.domain.consent import Grant, Scope
from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.ids import ClientId, SessionId
from supervise.domain.moments import Perspective
from supervise.domain.recall import Party
from supervise.domain.roles import parse_part
from supervise.storage import destruction
from supervise.storage.database import transaction
from workspaces import CLIENT, TODAY, add_session, opened, spoken


def test_only_a_client_who_agreed_to_this_study_is_interviewed(workspace: Workspace) -> None:
    study_session = add_session(workspace)
    with pytest.raises(NotCoveredError, match="the study PROCESS-1"):
        planned(workspace, study_session, Party.THERAPIST)
    workspace.record_consent(Statement(CLIENT, TODAY, frozenset({Grant(Scope.RESEARCH, "OTHER/1")})))
    with pytest.raises(NotCoveredError, match="the study PROCESS-1"):
        planned(workspace, study_session, Party.THERAPIST)
    workspace.record_consent(Statement(CLIENT, TODAY, frozenset({Grant(Scope.RESEARCH, STUDY)})))
    assert planned(workspace, study_session, Party.THERAPIST).party is Party.THERAPIST
    with pytest.raises(NotCoveredError, match="recall interview"):
        planned(workspace, study_session, Party.CLIENT)


def test_taking_it_back_locks_at_every_use(workspace: Workspace, study_session: SessionId) -> None:
    first, chosen = held_by_client(workspace, study_session)
    recall = add_recall(workspace, study_session)
    workspace.store.interviews.put(replace(first, recall=recall))
    other = held_by_therapist(workspace, first, chosen)
    assert ratings_of_recall(workspace, recall)
    grants = frozenset({Grant(Scope.RESEARCH, STUDY)})
    withdraw(workspace, WithdrawWish(CLIENT, grants, "restrict"))
    for use in (
        lambda: interview_view(workspace, other.interview),
        lambda: unblind(workspace, first.interview, "why not"),
        lambda: open_interview(workspace, other.interview),
        lambda: drop_interview(workspace, other.interview),
        lambda: cue_other(workspace, first.interview, chosen, "R-03"),
    ):
        with pytest.raises(NotCoveredError):
            use()
    assert interviews(workspace) == ()
    assert ratings_of_recall(workspace, recall) == ()


def test_a_researcher_sees_their_own_study_only(
    workspace: Workspace,
    study_session: SessionId,
    reopen: Callable[[], Workspace],
    vault_path: Path,
    cheap_kdf: KdfParams,
) -> None:
    row = planned(workspace, study_session)
    roni, _ = workspace.add_profile("R-02", Perspective.RESEARCHER, "another good long passphrase")
    client = ClientId(workspace.store.sessions.get(study_session).client)
    workspace.store.case_roles.give(client, roni.profile, parse_part("researcher=OTHER/1"), None)
    workspace.record_consent(Statement(CLIENT, TODAY, frozenset({Grant(Scope.RESEARCH, "OTHER/1")})))
    workspace.close()
    desk = opened(vault_path, cheap_kdf, "R-02", "another good long passphrase")
    assert interviews(desk) == ()
    with pytest.raises(NotCoveredError, match="no part in the study"):
        interview_view(desk, row.interview)
    desk.store.case_roles.give(client, roni.profile, parse_part(f"researcher={STUDY}"), None)
    assert interview_view(desk, row.interview).row == row
    desk.close()
    again = reopen()
    assert interviews(again)[0] == row


# ---------------------------------------------------------------------- the end
def test_nothing_of_an_interview_outlives_its_session(workspace: Workspace, study_session: SessionId) -> None:
    first, chosen = held_by_client(workspace, study_session)
    other = held_by_therapist(workspace, first, chosen)
    give = "Something only she would say in exactly these words"
    later = next(row for row in interviews(workspace, study_session) if row.point == "one_month")
    open_interview(workspace, later.interview)
    give_answer(workspace, later.interview, "remains", give, chosen)
    needles = destruction.needles(workspace.vault.db, study_session)
    assert any(give.encode()[:20] in needle or needle in give.encode() for needle in needles)
    assert destruction.look(workspace.vault, needles).hits
    with transaction(workspace.vault.db) as db:
        destruction.delete_session(db, study_session)
    for table in ("interviews", "interview_answers", "recall_events"):
        assert workspace.vault.db[table].count == 0, table
    assert destruction.purge(workspace.vault, [*needles, give.encode(), LIKED.encode()]).hits == 0
    with pytest.raises(UsageError):
        interview_view(workspace, other.interview)


def test_a_withdrawn_client_leaves_no_answer(workspace: Workspace, study_session: SessionId) -> None:
    held_by_client(workspace, study_session)
    done = withdraw(workspace, WithdrawWish(CLIENT, frozenset(Grant(scope) for scope in Scope), now=True))
    assert done.certificate is not None
    assert done.certificate["proof"]["pages_with_traces"] == 0
    assert workspace.vault.db.execute("SELECT count(*) FROM interview_answers").fetchone()[0] == 0
    assert workspace.store.interviews.all() == []


def test_an_answer_that_quotes_goes_with_the_transcript(workspace: Workspace, tmp_path: Path) -> None:
    said = "the vermilion heron stood above the water"
    session = add_session(workspace, words=spoken(said))
    workspace.record_consent(Statement(CLIENT, TODAY, frozenset({Grant(Scope.RESEARCH, STUDY)})))
    load_protocol(workspace, written(tmp_path, OWN))
    row = planned(workspace, session, Party.THERAPIST, "mine")
    open_interview(workspace, row.interview)
    give_answer(workspace, row.interview, "a", f"She said: {said}.")
    give_answer(workspace, row.interview, "b", "I was calm.")
    grants = frozenset({Grant(Scope.TRANSCRIBE)})
    withdraw(workspace, WithdrawWish(CLIENT, grants, chosen=frozenset({"transcript"}), now=True))
    answers = {entry.item: entry.value for entry in workspace.store.interviews.answers(row.interview)}
    assert answers == {"a": "", "b": "I was calm."}
    assert destruction.look(workspace.vault, [said.encode()]).hits == 0
