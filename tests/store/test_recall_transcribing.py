"""A recall's transcript: through the queue, without the session's echo, kept apart from the session's."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from recall_rooms import RecallRoom, recall_room
from supervise.app.consenting import Statement
from supervise.app.queue import TranscriptionQueue
from supervise.app.recall_export import recall_utterances
from supervise.app.recall_reading import recall_view
from supervise.app.recall_transcribing import RecallSound
from supervise.app.withdrawing import WithdrawWish, withdraw
from supervise.app.workspace import Workspace
from supervise.domain.consent import Grant, Scope
from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.ids import RecallId
from supervise.domain.recall import Party, RecallKind, Setup
from supervise.domain.transcript import TranscribeSettings
from supervise.speech.engine import VoiceSegment
from supervise.speech.fake import FakeEngine
from supervise.speech.models import ModelEntry, ModelFile, ModelStore, Registry
from workspaces import CLIENT, PASSPHRASE, TODAY, spoken

__all__ = ["recall_room"]

WORDS = spoken("I was lost", 4000, 300)
VOICES = (VoiceSegment(0, 60_000, "B"),)
SETTINGS = TranscribeSettings(language="en")


@pytest.fixture
def models(tmp_path: Path) -> ModelStore:
    place = tmp_path / "models"
    (place / "base").mkdir(parents=True)
    (place / "base" / "model.bin").write_bytes(b"m")
    file = ModelFile("model.bin", 1, hashlib.sha256(b"m").hexdigest())
    return ModelStore(Registry([ModelEntry("base", "base", "MIT", "en", "", (), (file,))]), [place])


def queue_of(desk: Workspace, models: ModelStore) -> TranscriptionQueue:
    return TranscriptionQueue(desk, FakeEngine(WORDS, VOICES), models, Path("speakers"))


def run_out(queue: TranscriptionQueue) -> None:
    for _ in range(2000):
        if not queue.step():
            return
        queue.wait(0.05)
    pytest.fail("the queue did not come to an end")


def test_its_words_are_tied_to_the_session_and_stay_out_of_it(
    workspace: Workspace, recall_room: RecallRoom, models: ModelStore
) -> None:
    queue = queue_of(workspace, models)
    recall_room.listen(3)
    with pytest.raises(UsageError, match="not ended"):
        queue.enqueue_recall(recall_room.recall.recall, SETTINGS)
    recall_room.recall.stop()
    recall_room.listen(4)
    recall = recall_room.recall.end().recall
    job = queue.enqueue_recall(recall, SETTINGS)
    assert queue.enqueue_recall(recall, SETTINGS) == job
    run_out(queue)
    queue.result(job)
    view = recall_view(workspace, recall)
    assert view.version is not None
    assert view.version.finished
    (said,) = recall_utterances(view)
    assert (said.text, said.speaker) == ("I was lost", "B")
    assert (said.session_start_ms, said.session_end_ms) == (0, 3000)
    assert workspace.transcript(recall_room.session).version is None
    assert workspace.search("lost").hits == ()
    queue.close()


def test_it_goes_on_while_the_vault_is_locked(
    workspace: Workspace, recall_room: RecallRoom, models: ModelStore, reopen: Callable[[], Workspace]
) -> None:
    recall_room.listen(5)
    recall = recall_room.recall.end().recall
    queue = queue_of(workspace, models)
    queue.enqueue_recall(recall, SETTINGS)
    queue.step()
    workspace.lock()
    run_out(queue)
    workspace.unlock(PASSPHRASE)
    assert [word.text for word in recall_view(workspace, recall).words] == ["I", "was", "lost"]
    queue.close()


def kept_of_client(desk: Workspace) -> RecallId:
    """A client's recall that has ended."""
    desk.record_consent(Statement(CLIENT, TODAY, frozenset({Grant(Scope.CLIENT_RECALL)})))
    room = RecallRoom(desk, Setup(RecallKind.CLIENT, recaller=Party.CLIENT, inquirer="Cara"))
    room.begin()
    room.listen(5)
    return room.recall.end().recall


def test_it_ends_when_what_it_transcribes_is_taken_back(workspace: Workspace, models: ModelStore) -> None:
    recall = kept_of_client(workspace)
    queue = queue_of(workspace, models)
    job = queue.enqueue_recall(recall, SETTINGS)
    queue.step()
    withdraw(workspace, WithdrawWish(CLIENT, frozenset({Grant(Scope.CLIENT_RECALL)}), "restrict"))
    queue.step()
    assert not any(entry.state == "running" for entry in queue.entries())
    with pytest.raises(NotCoveredError, match="withdrawn"):
        queue.result(job)
    assert workspace.vault.db["recall_windows"].count == 0
    queue.close()


def test_it_ends_when_the_recall_is_destroyed(workspace: Workspace, models: ModelStore) -> None:
    recall = kept_of_client(workspace)
    queue = queue_of(workspace, models)
    queue.enqueue_recall(recall, SETTINGS)
    queue.step()
    withdraw(workspace, WithdrawWish(CLIENT, frozenset({Grant(Scope.CLIENT_RECALL)}), now=True))
    assert queue.step() is False
    assert not any(entry.state == "running" for entry in queue.entries())
    assert workspace.vault.db["recall_windows"].count == 0
    queue.close()


def test_what_the_transcriber_hears_is_the_recording_where_nothing_leaked(
    workspace: Workspace, recall_room: RecallRoom
) -> None:
    recall_room.listen(3)
    recall = recall_room.recall.end().recall
    sound = RecallSound(workspace.store, workspace.store.recalls.get(recall))
    heard = np.concatenate(list(sound.blocks(0)))
    said = np.concatenate(recall_room.said)[:, 0] / np.float32(32768)
    assert len(heard) == len(said)
    assert (heard == said).all()
    assert sound.notes() == ()
