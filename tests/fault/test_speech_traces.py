"""The speech child leaves nothing behind: no cache, no database of its own use, in an empty HOME."""

from pathlib import Path

import pytest

from speech_samples import clip, events_of, start
from supervise.resources import resource_path
from supervise.speech.engine import ChildEngine, Finished


@pytest.mark.speech_model
def test_words_and_voices_write_nothing_into_home(
    private_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)  # some libraries are quieter under CI than at a therapist's desk
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY", raising=False)
    sound = clip("two_turns.flac")
    assert isinstance(events_of(start(sound))[-1], Finished)
    models = resource_path("models", "speakers")
    run = ChildEngine().separate(iter([sound]), len(sound) // 16, 2, models)
    assert isinstance(events_of(run)[-1], Finished)
    assert [path for path in private_home.rglob("*") if path.is_file()] == []
