"""What is imported is decoded in a child, never where the keys are; when that dies, nothing of it is kept."""

import sys
from pathlib import Path

import pytest

from sounds import speechlike, write_sound_file
from supervise.app.importing import ImportWish, import_file
from supervise.app.workspace import Workspace
from supervise.audio import apart
from supervise.domain.errors import NotReadableError
from workspaces import CLIENT


def test_a_recording_that_kills_its_decoder_leaves_the_vault_as_it_was(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_sound_file(tmp_path / "a.wav", speechlike(48_000), "s16.wav")
    before = workspace.store.media.file_ids()
    monkeypatch.setattr(apart, "DECODER", (sys.executable, "-c", "import os; os.abort()"))
    with pytest.raises(NotReadableError, match="do harm"):
        import_file(workspace, ImportWish(source, CLIENT), lambda _: None, lambda: False)
    assert workspace.store.media.file_ids() == before
    assert workspace.store.sessions.all() == []
    monkeypatch.undo()
    found = import_file(workspace, ImportWish(source, CLIENT), lambda _: None, lambda: False)
    assert found.session.sound.samples == 48_000
