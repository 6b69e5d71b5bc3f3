"""The transcription queue: one at a time, on disk, resumed, cancelled, going on while locked."""

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from supervise.app.queue import TranscriptionQueue
from supervise.app.workspace import Workspace
from supervise.domain.consent import Scope
from supervise.domain.errors import (
    CancelledError,
    NotCoveredError,
    NotReadableError,
    SuperviseError,
    UsageError,
)
from supervise.domain.ids import SessionId
from supervise.domain.transcript import TranscribeSettings
from supervise.speech.engine import VoiceSegment
from supervise.speech.fake import FakeEngine
from supervise.speech.models import ModelEntry, ModelFile, ModelStore, Registry
from workspaces import PASSPHRASE, add_session, spoken

WORDS = spoken("how have you been", 1000) + spoken("not so well", 61_000)
VOICES = (VoiceSegment(0, 30_000, "A"), VoiceSegment(60_000, 70_000, "B"))
SETTINGS = TranscribeSettings(language="en")


@pytest.fixture
def models(tmp_path: Path) -> ModelStore:
    place = tmp_path / "models"
    (place / "base").mkdir(parents=True)
    (place / "base" / "model.bin").write_bytes(b"m")
    entries = [
        ModelEntry(
            name, name, "MIT", "en", "", (), (ModelFile("model.bin", 1, hashlib.sha256(b"m").hexdigest()),)
        )
        for name in ("base", "small")
    ]
    return ModelStore(Registry(entries), [place])


def queue_of(desk: Workspace, models: ModelStore, engine: FakeEngine | None = None) -> TranscriptionQueue:
    engine = engine or FakeEngine(WORDS, VOICES, read_sound=False)
    return TranscriptionQueue(desk, engine, models, Path("speakers"))


def run_out(queue: TranscriptionQueue) -> None:
    for _ in range(500):
        if not queue.step():
            return
    pytest.fail("the queue did not come to an end")


def test_a_transcription_ends_with_words_turns_voices_and_figures(
    workspace: Workspace, models: ModelStore
) -> None:
    session = add_session(workspace)
    queue = queue_of(workspace, models)
    job = queue.enqueue(session, SETTINGS)
    run_out(queue)
    view = workspace.transcript(session)
    assert [turn.text for turn in view.turns] == ["how have you been", "not so well"]
    assert [turn.speaker for turn in view.turns] == ["A", "B"]
    assert view.pauses[0].start_ms == 0
    assert view.version is not None
    assert view.version.finished
    assert view.version.settings == SETTINGS
    assert any("guessed" in sentence for sentence in view.version.notes)
    assert workspace.store.transcripts.stats(queue.result(job))["cpu_s"] == pytest.approx(0.2)
    assert "transcribe" in [line.action for line in workspace.log_lines(5)]


def test_each_finished_window_is_stored_at_once(workspace: Workspace, models: ModelStore) -> None:
    session = add_session(workspace)
    queue = queue_of(workspace, models)
    queue.enqueue(session, SETTINGS)
    queue.step()
    queue.step()
    assert [word.text for word in workspace.transcript(session).words] == ["how", "have", "you", "been"]
    assert workspace.transcript(session).pauses[-1].end_ms <= 28_000
    queue.close()


def test_a_stopped_program_goes_on_from_the_last_window(
    workspace: Workspace, models: ModelStore, reopen: Callable[[], Workspace]
) -> None:
    sessions = [add_session(workspace), add_session(workspace)]
    queue = queue_of(workspace, models)
    for session in sessions:
        queue.enqueue(session, SETTINGS)
    for _ in range(4):
        queue.step()
    queue.close()
    again = reopen()
    engine = FakeEngine(WORDS, VOICES, read_sound=False)
    run_out(queue_of(again, models, engine))
    assert engine.calls[0] == (SETTINGS, 56_000)
    for session in sessions:
        assert again.transcript(session).words == WORDS[:0] + again.transcript(session).words
        assert [word.text for word in again.transcript(session).words] == [word.text for word in WORDS]
        assert len(again.store.transcripts.versions(session)) == 1


def test_a_crash_is_told_and_asking_again_goes_on_with_the_same_version(
    workspace: Workspace, models: ModelStore
) -> None:
    session = add_session(workspace)
    queue = queue_of(workspace, models, FakeEngine(WORDS, VOICES, fail_after=1, read_sound=False))
    job = queue.enqueue(session, SETTINGS)
    run_out(queue)
    assert queue.entries()[-1].state == "failed"
    assert "unexpectedly" in queue.entries()[-1].error
    with pytest.raises(SuperviseError, match="unexpectedly"):
        queue.result(job)
    engine = FakeEngine(WORDS, VOICES, read_sound=False)
    second = queue_of(workspace, models, engine)
    second.enqueue(session, SETTINGS)
    run_out(second)
    assert engine.calls[0] == (SETTINGS, 28_000)
    assert len(workspace.store.transcripts.versions(session)) == 1


def test_cancelling_keeps_what_was_heard_and_the_older_version(
    workspace: Workspace, models: ModelStore
) -> None:
    session = add_session(workspace, words=spoken("the older version"))
    queue = queue_of(workspace, models)
    job = queue.enqueue(session, SETTINGS)
    queue.step()
    queue.step()
    queue.cancel(job)
    assert not queue.step()
    with pytest.raises(CancelledError):
        queue.result(job)
    assert workspace.transcript(session).turns[0].text == "the older version"
    assert len(workspace.store.transcripts.versions(session)) == 2


def test_locking_does_not_stop_it_and_nothing_can_be_read_meanwhile(
    workspace: Workspace, models: ModelStore
) -> None:
    session = add_session(workspace)
    queue = queue_of(workspace, models)
    queue.enqueue(session, SETTINGS)
    queue.step()
    workspace.lock()
    run_out(queue)
    assert queue.entries()[-1].session == session
    sealed = b"".join(path.read_bytes() for path in workspace.vault.path.rglob("*") if path.is_file())
    assert b"how have" not in sealed
    assert b"not so well" not in sealed
    workspace.unlock(PASSPHRASE)
    view = workspace.transcript(session)
    assert [turn.text for turn in view.turns] == ["how have you been", "not so well"]
    assert [turn.speaker for turn in view.turns] == ["A", "B"]
    assert not list((workspace.vault.path / "inbox").glob("*.sealed"))


def test_asking_twice_for_the_same_waits_once(workspace: Workspace, models: ModelStore) -> None:
    session = add_session(workspace)
    queue = queue_of(workspace, models)
    assert queue.enqueue(session, SETTINGS) == queue.enqueue(session, SETTINGS)
    assert len(queue.entries()) == 1


def test_what_cannot_be_is_refused_before_it_is_queued(workspace: Workspace, models: ModelStore) -> None:
    session: SessionId = add_session(workspace)
    queue = queue_of(workspace, models)
    with pytest.raises(NotReadableError, match="supervise models add small"):
        queue.enqueue(session, TranscribeSettings(model="small"))
    with pytest.raises(UsageError, match="faster or accurate"):
        queue.enqueue(session, TranscribeSettings(accuracy="best"))
    workspace.add_consent("K-11", frozenset({Scope.RECORD, Scope.OWN_REVIEW}), date(2026, 11, 1))
    with pytest.raises(NotCoveredError, match="transcript"):
        queue.enqueue(add_session(workspace, client="K-11"), SETTINGS)
    assert queue.entries() == []
