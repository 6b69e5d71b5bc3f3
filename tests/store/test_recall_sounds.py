"""Hearing a recall and its session: one at a time, asked at the gate at every play, silent when locked."""

import pytest
from test_recall_marks import client_recall

from recall_rooms import RecallRoom
from supervise.app.recall_listening import recall_peaks
from supervise.app.recall_sounds import RECALL, SESSION, TwoSounds
from supervise.app.recall_voices import NameRecallVoice, SwapRecallVoices, spoken_by
from supervise.app.withdrawing import WithdrawWish, withdraw
from supervise.app.workspace import Workspace
from supervise.audio.fake_output import FakeOutput
from supervise.domain.consent import Grant, Scope
from supervise.domain.errors import NotCoveredError
from supervise.domain.recall import RecallKind, Setup
from supervise.domain.recall_marks import About
from supervise.domain.speakers import SpeakerNames
from workspaces import CLIENT, OWN_USE, TODAY


def test_one_is_heard_at_a_time_from_any_place(workspace: Workspace) -> None:
    room = RecallRoom(workspace, seconds=20)
    room.begin()
    room.listen(6)
    recall = room.recall.end().recall
    output = FakeOutput()
    sounds = TwoSounds(workspace, room.session, recall, output)
    sounds.set_speed(2.0)
    sounds.play_recall(2000)
    assert (sounds.line, sounds.playing) == (RECALL, True)
    output.pull(4096)
    assert 2000 <= sounds.position_ms < 4000
    sounds.play_session(9000)
    assert (sounds.line, sounds.playing) == (SESSION, True)
    output.pull(4096)
    assert 9000 <= sounds.position_ms < 11_000
    sounds.seek(1000)
    output.pull(512)
    assert 1000 <= sounds.position_ms < 2000
    sounds.pause()
    assert not sounds.playing
    told = [line.detail for line in workspace.log_lines(8) if line.action == "play"]
    assert "recall from 0:02" in told
    assert "from 0:09" in told
    sounds.play_recall(0)
    workspace.lock()
    assert not sounds.playing
    sounds.close()


def test_what_a_client_recalled_is_silent_when_they_take_that_back(workspace: Workspace) -> None:
    workspace.add_consent(CLIENT, OWN_USE | {Scope.CLIENT_RECALL}, TODAY)
    recall = client_recall(workspace)
    session = workspace.store.recalls.get(recall).session
    sounds = TwoSounds(workspace, session, recall, FakeOutput())
    sounds.play_recall(0)
    assert sounds.playing
    assert recall_peaks(workspace, recall) is not None
    withdraw(workspace, WithdrawWish(CLIENT, frozenset({Grant(Scope.CLIENT_RECALL)})))
    assert not sounds.playing
    for deed in (lambda: sounds.play_recall(0), lambda: recall_peaks(workspace, recall)):
        with pytest.raises(NotCoveredError):
            deed()
    sounds.play_session(0)  # the session rests on another scope
    assert sounds.playing
    sounds.close()


def test_voices_are_named_swapped_and_undone(workspace: Workspace) -> None:
    room = RecallRoom(workspace, seconds=20)
    room.begin()
    recall = room.recall.end().recall
    names = workspace.store.recall_transcripts.names
    workspace.execute(NameRecallVoice(recall, "A", "Inquirer"))
    workspace.execute(NameRecallVoice(recall, "B", "Mira"))
    workspace.execute(SwapRecallVoices(recall, "A", "B"))
    assert names(recall).name("B") == "Inquirer"
    workspace.undo()
    assert names(recall).name("A") == "Inquirer"
    workspace.undo()
    workspace.undo()
    assert names(recall).names == ()
    workspace.redo()
    assert names(recall).name("A") == "Inquirer"


def test_whose_words_they_are_follows_the_names() -> None:
    names = SpeakerNames((("A", "inquirer"), ("B", "Bo"), ("C", "Mira")))
    setup = Setup(RecallKind.THERAPIST, inquirer="Bo")
    found = [spoken_by(voice, names, setup) for voice in ("A", "B", "C", "", "D")]
    assert found == [About.INQUIRER, About.INQUIRER, *[About.RECALLER] * 3]
