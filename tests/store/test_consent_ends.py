"""A consent that ends while work is under way ends the work; what came before stays, behind the gate."""

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest

from supervise.app.commands import MarkMoment
from supervise.app.queue import TranscriptionQueue
from supervise.app.workspace import Workspace
from supervise.domain.errors import NotCoveredError
from supervise.domain.moments import MomentCode
from supervise.domain.transcript import TranscribeSettings
from supervise.speech.fake import FakeEngine
from supervise.speech.models import ModelEntry, ModelFile, ModelStore, Registry
from supervise.storage.vault import Vault
from workspaces import CLIENT, OWN_USE, PASSPHRASE, TODAY, add_session, default_codebook, spoken

WORDS = spoken("how have you been", 1000) + spoken("not so well", 61_000)


def test_a_running_transcription_ends_with_the_consent(vault_path: Path, tmp_path: Path) -> None:
    days = [TODAY]
    desk = Workspace(Vault.open(vault_path, PASSPHRASE), default_codebook(), lambda: days[0])
    desk.add_consent(CLIENT, OWN_USE, date(2026, 11, 1), expires_on=TODAY)
    session = add_session(desk)
    (tmp_path / "models" / "base").mkdir(parents=True)
    (tmp_path / "models" / "base" / "model.bin").write_bytes(b"m")
    file = ModelFile("model.bin", 1, hashlib.sha256(b"m").hexdigest())
    entry = ModelEntry("base", "base", "MIT", "en", "", (), (file,))
    models = ModelStore(Registry([entry]), [tmp_path / "models"])
    queue = TranscriptionQueue(desk, FakeEngine(WORDS, (), read_sound=False), models, Path("speakers"))
    job = queue.enqueue(session, TranscribeSettings(language="en"))
    assert queue.step()
    days[0] = TODAY + timedelta(days=1)
    assert not queue.step()
    with pytest.raises(NotCoveredError, match="ended"):
        queue.result(job)
    assert [entry.state for entry in queue.entries()] == ["failed"]
    version = desk.store.transcripts.versions(session)[0]
    assert desk.store.transcripts.words(version.transcript) == ()
    desk.close()


def test_no_refusal_tells_anything_of_a_session_that_is_not_covered(workspace: Workspace) -> None:
    session = add_session(workspace, client="K-11")
    beyond_its_end = MarkMoment(session, 10**9, (MomentCode("wf.flag"),))
    with pytest.raises(NotCoveredError):
        workspace.execute(beyond_its_end)
