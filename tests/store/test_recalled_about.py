"""All that was ever recalled about an instant of a session, by whom, over several recalls."""

from recall_rooms import THERAPIST, RecallRoom, add_sounding_session
from supervise.app.recall_reading import recalled_about
from supervise.app.workspace import Workspace
from supervise.domain.consent import Scope
from supervise.domain.ids import RecallId, TranscriptId, new_id
from supervise.domain.recall import Party, RecallKind, Setup
from supervise.domain.times import now_utc
from supervise.domain.transcript import TranscribeSettings, TranscriptVersion, Word
from two_clocks import numbered_session
from workspaces import CLIENT, OWN_USE, TODAY

CLIENTS = Setup(RecallKind.CLIENT, recaller=Party.CLIENT, inquirer="Cara")


def say(desk: Workspace, recall: RecallId, words: list[tuple[str, int]]) -> None:
    """Let a recall have a transcript with words at those times."""
    transcript = TranscriptId(new_id())
    row = desk.store.recalls.get(recall)
    version = TranscriptVersion(transcript, row.session, now_utc(), TranscribeSettings(), finished=False)
    desk.store.recall_transcripts.begin(version, recall)
    spoken = [Word(text, at_ms, at_ms + 300, 0.9) for text, at_ms in words]
    desk.store.recall_transcripts.add_window(transcript, 0, 0, words[-1][1] + 300, spoken)
    desk.store.recall_transcripts.finish(transcript, "en", [], {})


def test_both_parties_and_both_ways_of_speaking_are_found(workspace: Workspace) -> None:
    workspace.add_consent(CLIENT, OWN_USE | {Scope.CLIENT_RECALL}, TODAY)
    session = add_sounding_session(workspace, numbered_session(40))
    first = RecallRoom(workspace, THERAPIST, session)
    first.begin()
    first.listen(10)
    stop = first.recall.stop()
    first.listen(3)
    first.recall.resume()
    first.listen(8)
    mine = first.recall.end().recall
    say(workspace, mine, [("oh", stop.recall_ms - 3000), ("fear", stop.recall_ms + 500), ("there", 20_000)])
    second = RecallRoom(workspace, CLIENTS, session)
    second.begin()
    second.listen(8)
    second.recall.stop()
    second.listen(1)
    theirs = second.recall.end().recall

    found = recalled_about(workspace, session, 7000)
    told = [(entry.recall, entry.stop is not None, [word.text for word in entry.words]) for entry in found]
    assert (mine, True, ["fear"]) in told
    assert (mine, False, ["oh"]) in told
    assert (theirs, True, []) in told
    assert {entry.setup.recaller for entry in found} == {Party.THERAPIST, Party.CLIENT}
    assert all(entry.session_start_ms <= 7000 <= entry.session_end_ms for entry in found)
    late = recalled_about(workspace, session, 9500, 9900)
    assert [entry.recall for entry in late if entry.stop] == [mine]
    assert recalled_about(workspace, session, 39_000) == ()
