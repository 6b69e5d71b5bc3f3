"""Marking, changing, deleting moments: reversible without limit, after a restart, each profile apart."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supervise.app.changes import Change
from supervise.app.commands import (
    AddComment,
    ChangeMoment,
    DeleteComment,
    DeleteMoment,
    DescribeSession,
    MarkMoment,
    MergeVoices,
    NameSpeaker,
    ReassignWords,
    SwapSpeakers,
)
from supervise.app.workspace import Workspace
from supervise.crypto.keys import KdfParams
from supervise.domain.errors import UsageError
from supervise.domain.ids import MomentId, SessionId
from supervise.domain.moments import MomentCode, Perspective
from workspaces import add_session, agree_to_supervisor, opened, spoken

MINIMAL = (MomentCode("wd.minimal", (("salience", 3),)),)


def mark(desk: Workspace, session: SessionId, start_ms: int = 1000, note: str = "") -> MomentId:
    return MomentId(desk.execute(MarkMoment(session, start_ms, MINIMAL, note=note)))


def test_a_mark_can_be_taken_back_and_done_again_with_the_same_id(workspace: Workspace) -> None:
    session = add_session(workspace)
    moment = mark(workspace, session, note="short answer")
    assert workspace.moments(session)[0].note == "short answer"
    workspace.undo()
    assert workspace.moments(session) == ()
    workspace.redo()
    assert [row.moment for row in workspace.moments(session)] == [moment]


def test_undo_goes_on_after_a_restart(workspace: Workspace, reopen: Callable[[], Workspace]) -> None:
    session = add_session(workspace)
    for start_ms in range(1000, 31_000, 1000):
        mark(workspace, session, start_ms)
    again = reopen()
    for left in range(29, -1, -1):
        again.undo()
        assert len(again.moments(session)) == left
    with pytest.raises(UsageError, match="nothing to undo"):
        again.undo()


def test_something_new_ends_what_could_be_redone(workspace: Workspace) -> None:
    session = add_session(workspace)
    mark(workspace, session)
    workspace.undo()
    mark(workspace, session, 2000)
    assert not workspace.can_redo
    with pytest.raises(UsageError, match="nothing to redo"):
        workspace.redo()


def test_a_change_keeps_author_and_birth_and_can_be_taken_back(workspace: Workspace) -> None:
    session = add_session(workspace)
    mark(workspace, session)
    before = workspace.moments(session)[0]
    workspace.execute(ChangeMoment(replace(before, start_ms=5000, end_ms=9000, note="moved", created_at="x")))
    after = workspace.moments(session)[0]
    assert (after.start_ms, after.end_ms, after.note) == (5000, 9000, "moved")
    assert (after.created_at, after.author) == (before.created_at, before.author)
    workspace.undo()
    assert workspace.moments(session)[0] == before


def test_a_failed_command_changes_neither_store_nor_history(workspace: Workspace) -> None:
    session = add_session(workspace, duration_ms=10_000)
    told: list[Change] = []
    workspace.subscribe(told.append)
    with pytest.raises(UsageError, match="outside"):
        mark(workspace, session, 10_001)
    with pytest.raises(UsageError, match="no code"):
        workspace.execute(MarkMoment(session, 1, (MomentCode("wd.nonsense"),)))
    with pytest.raises(UsageError, match="salience"):
        workspace.execute(MarkMoment(session, 1, (MomentCode("wd.minimal", (("salience", 9),)),)))
    assert workspace.moments(session) == ()
    assert not workspace.can_undo
    assert told == []


def test_an_open_end_is_never_refused(workspace: Workspace) -> None:
    session = add_session(workspace)
    workspace.execute(MarkMoment(session, 1000, (MomentCode("wd.any"),)))
    assert workspace.moments(session)[0].end_ms is None


def test_a_redaction_cannot_be_private(workspace: Workspace) -> None:
    session = add_session(workspace)
    with pytest.raises(UsageError, match="cannot be private"):
        workspace.execute(MarkMoment(session, 1, (MomentCode("wf.redact"),), end_ms=900, private=True))


def test_a_felt_reaction_is_private_unless_shared(
    workspace: Workspace, vault_path: Path, cheap_kdf: KdfParams
) -> None:
    session = add_session(workspace)
    workspace.execute(MarkMoment(session, 1000, (MomentCode("ct.cue"),), note="a chill"))
    mark(workspace, session, 2000, note="for everybody")
    workspace.add_profile("Bo", Perspective.SUPERVISOR, "another person with words")
    agree_to_supervisor(workspace, "Bo")
    assert len(workspace.search("chill").hits) == 1
    workspace.close()
    bo = opened(vault_path, cheap_kdf, "Bo", "another person with words")
    try:
        assert [row.note for row in bo.moments(session)] == ["for everybody"]
        assert bo.search("chill").hits == ()
        assert bo.library().rows[0].moments == 1
    finally:
        bo.close()


def test_each_changes_their_own_and_comments_on_others(
    workspace: Workspace, vault_path: Path, cheap_kdf: KdfParams
) -> None:
    session = add_session(workspace)
    moment = mark(workspace, session)
    workspace.add_profile("Bo", Perspective.SUPERVISOR, "another person with words")
    agree_to_supervisor(workspace, "Bo")
    workspace.close()
    bo = opened(vault_path, cheap_kdf, "Bo", "another person with words")
    try:
        with pytest.raises(UsageError, match="Only the person who made"):
            bo.execute(DeleteMoment(moment))
        with pytest.raises(UsageError, match="Only the person who made"):
            bo.execute(ChangeMoment(replace(bo.moments(session)[0], note="mine now")))
        with pytest.raises(UsageError, match="nothing to undo"):
            bo.undo()
        comment = bo.execute(AddComment(moment, "I heard it too"))
        assert bo.comments(session)[0].text == "I heard it too"
        bo.undo()
        assert bo.comments(session) == ()
        bo.redo()
        bo.execute(MarkMoment(session, 3000, MINIMAL))
        assert {row.perspective for row in bo.moments(session)} == {
            Perspective.THERAPIST,
            Perspective.SUPERVISOR,
        }
    finally:
        bo.close()
    ada = opened(vault_path, cheap_kdf)
    try:
        with pytest.raises(UsageError, match="Only the person who wrote"):
            ada.execute(DeleteComment(ada.comments(session)[0].comment))
        ada.execute(DeleteMoment(moment))
        assert ada.comments(session) == ()
        ada.undo()
        assert [entry.comment for entry in ada.comments(session)] == [comment]
    finally:
        ada.close()


def test_speakers_are_named_swapped_merged_and_corrected_in_one_action(workspace: Workspace) -> None:
    words = spoken("how are you", 0) + spoken("fine thanks", 5000, speaker="B")
    session = add_session(workspace, words=words)
    workspace.execute(NameSpeaker(session, "A", "therapist"))
    workspace.execute(NameSpeaker(session, "B", "client"))
    workspace.execute(SwapSpeakers(session, "A", "B"))
    assert dict(workspace.transcript(session).names.names) == {"A": "client", "B": "therapist"}
    workspace.undo()
    assert dict(workspace.transcript(session).names.names) == {"A": "therapist", "B": "client"}
    workspace.execute(MergeVoices(session, "B", "A"))
    assert {word.speaker for word in workspace.transcript(session).words} == {"A"}
    workspace.undo()
    assert workspace.transcript(session).words == words
    workspace.execute(ReassignWords(session, 0, 500, "B"))
    assert [word.speaker for word in workspace.transcript(session).words] == ["B", "B", "A", "B", "B"]
    workspace.undo()
    assert workspace.transcript(session).words == words


def test_a_session_can_be_described(workspace: Workspace) -> None:
    session = add_session(workspace, title="first")
    workspace.execute(DescribeSession(session, "the hard one", "2026-10-02"))
    assert workspace.session(session).title == "the hard one"
    workspace.undo()
    assert workspace.session(session).title == "first"
    with pytest.raises(UsageError, match="not a day"):
        workspace.execute(DescribeSession(session, "", "yesterday"))


@given(deeds=st.lists(st.sampled_from(["mark", "change", "delete", "undo", "redo"]), max_size=25))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_taking_all_back_and_doing_all_again_ends_the_same(
    workspace: Workspace, deeds: list[str]
) -> None:
    session = add_session(workspace)
    for number, deed in enumerate(deeds):
        moments = workspace.moments(session)
        if deed == "mark":
            mark(workspace, session, 1000 + number, note=f"note {number}")
        elif deed == "change" and moments:
            workspace.execute(ChangeMoment(replace(moments[0], note=f"changed {number}")))
        elif deed == "delete" and moments:
            workspace.execute(DeleteMoment(moments[0].moment))
        elif deed == "undo" and workspace.can_undo:
            workspace.undo()
        elif deed == "redo" and workspace.can_redo:
            workspace.redo()
    ended = workspace.moments(session)
    while workspace.can_redo:
        workspace.redo()
    last = workspace.moments(session)
    steps = 0
    while workspace.can_undo:
        workspace.undo()
        steps += 1
    assert workspace.moments(session) == ()
    for _ in range(steps):
        workspace.redo()
    assert workspace.moments(session) == last
    assert len(ended) <= len(deeds)
