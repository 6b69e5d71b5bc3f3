"""A backup made while something is being recorded is whole, and its recording can be taken up from it."""

from pathlib import Path

from test_recording import RATE, until

from sounds import speechlike
from supervise.app.recording import RecordingSession, RecordingWish
from supervise.app.recovering import keep_recovered, recovered
from supervise.app.workspace import Workspace
from supervise.audio.fake_input import FakeInput
from supervise.crypto.keys import KdfParams
from supervise.storage.backup import backup, restore
from supervise.storage.vault import Vault
from workspaces import CLIENT, PASSPHRASE, opened


def test_a_backup_beside_a_recording(
    workspace: Workspace, vault_path: Path, tmp_path: Path, cheap_kdf: KdfParams
) -> None:
    mic = FakeInput(rate_hz=RATE)
    session = RecordingSession(workspace, RecordingWish(CLIENT, rate_hz=RATE), mic, lambda: 1 << 40)
    session.start()
    sound = speechlike(RATE * 2, 1, RATE)
    for start in range(0, len(sound), 1600):
        mic.speak(sound[start : start + 1600])
    until(lambda: session.heard().synced_samples == len(sound))
    view = Vault.open_beside(vault_path, PASSPHRASE)
    backup(view, tmp_path / "copy", lambda _: None, lambda: False)
    view.close()
    session.stop()
    report = restore(tmp_path / "copy", tmp_path / "again", PASSPHRASE, lambda _: None, lambda: False)
    assert report.ok, report.damaged
    desk = opened(tmp_path / "again", cheap_kdf)
    (found,) = recovered(desk)
    kept = keep_recovered(desk, found.recording)
    assert kept is not None
    assert kept.sound.samples > RATE * 1.8
    desk.close()
