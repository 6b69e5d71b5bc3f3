"""Finding words in transcripts and notes, in one session and the library."""

import pytest

from supervise.app.commands import DeleteMoment, MarkMoment
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from supervise.domain.ids import MomentId
from supervise.domain.moments import MomentCode
from supervise.storage.search import fts_query
from workspaces import add_session, add_transcript, spoken


def test_a_hit_points_at_the_word_itself(workspace: Workspace) -> None:
    session = add_session(workspace, words=spoken("I do not know what to say about my brother"))
    hit = workspace.search("brother").hits[0]
    assert (hit.session, hit.kind, hit.start_ms) == (session, "transcript", 1000 + 9 * 400)
    assert "brother" in hit.snippet


def test_every_word_must_be_there_and_a_quoted_phrase_in_order(workspace: Workspace) -> None:
    add_session(workspace, words=spoken("the cat sat on the mat"))
    assert workspace.search("mat cat").hits
    assert not workspace.search('"mat cat"').hits
    assert workspace.search('"the mat"').hits
    assert not workspace.search("cat dog").hits


@pytest.mark.parametrize("words", ["", "   ", '""', "***", "-"])
def test_nothing_to_look_for_is_said(workspace: Workspace, words: str) -> None:
    with pytest.raises(UsageError, match="at least one word"):
        workspace.search(words)


@pytest.mark.parametrize("words", ["OR", "NEAR(", "a*", "text:", "don't", 'un"balanced', "ä ö", "NOT x"])
def test_no_input_is_taken_for_query_language(workspace: Workspace, words: str) -> None:
    add_session(workspace, words=spoken("plain words or near don't"))
    workspace.search(words)
    assert '"' in fts_query(words)


def test_accents_and_capitals_do_not_matter(workspace: Workspace) -> None:
    add_session(workspace, words=spoken("Überraschung im Café"))
    assert workspace.search("uberraschung CAFE").hits


def test_notes_are_found_and_forgotten_with_their_moment(workspace: Workspace) -> None:
    session = add_session(workspace)
    moment = workspace.execute(MarkMoment(session, 4000, (MomentCode("wd.any"),), note="went very quiet"))
    assert [(hit.kind, hit.start_ms) for hit in workspace.search("quiet").hits] == [("note", 4000)]
    workspace.execute(DeleteMoment(MomentId(moment)))
    assert workspace.search("quiet").hits == ()
    workspace.undo()
    assert len(workspace.search("quiet").hits) == 1


def test_only_the_newest_finished_transcript_is_searched(workspace: Workspace) -> None:
    session = add_session(workspace, words=spoken("old wording"))
    add_transcript(workspace, session, spoken("new wording"))
    assert workspace.search("old").hits == ()
    assert len(workspace.search("wording").hits) == 1
    assert len(workspace.store.transcripts.versions(session)) == 2


def test_hits_come_in_the_order_they_were_said(workspace: Workspace) -> None:
    first = spoken(" ".join(["a river"] * 120), 1000)
    session = add_session(workspace, words=first)
    starts = [hit.start_ms for hit in workspace.search("river", session).hits]
    assert len(starts) > 1
    assert starts == sorted(starts)


def test_one_session_alone_can_be_searched(workspace: Workspace) -> None:
    first = add_session(workspace, words=spoken("a river"))
    add_session(workspace, words=spoken("another river"))
    assert [hit.session for hit in workspace.search("river", first).hits] == [first]
    assert len(workspace.search("river").hits) == 2
