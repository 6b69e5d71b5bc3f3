"""What must not be left, taken or overwritten: private words, other files, vaults as targets."""

import os
import wave
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from supervise.app.commands import AddComment, ChangeMoment, MarkMoment
from supervise.app.importing import DELETE, ImportJob, ImportWish, import_file
from supervise.app.taking_out import ExportJob, ExportWish, export_session
from supervise.app.workspace import Workspace
from supervise.domain.errors import CancelledError, UsageError
from supervise.domain.ids import SessionId
from supervise.domain.moments import Moment, MomentCode, Perspective
from workspaces import CLIENT, OWN_USE, add_session, opened

FLAG = (MomentCode("wf.flag"),)


def silent(_: int) -> None:
    """Report to nobody."""


def never() -> bool:
    """Let it go on."""
    return False


@pytest.fixture
def session(workspace: Workspace) -> SessionId:
    return add_session(workspace)


def stored(workspace: Workspace, moment: str) -> Moment:
    return next(m for m in workspace.store.moments.of_session(the_session(workspace)) if m.moment == moment)


def the_session(workspace: Workspace) -> SessionId:
    return workspace.library().rows[0].session.session


def comment_cells(workspace: Workspace) -> list[object]:
    return [row[0] for row in workspace.vault.db.execute("SELECT text FROM comments ORDER BY rowid")]


def index_blocks(workspace: Workspace) -> bytes:
    return b"".join(row[0] for row in workspace.vault.db.execute("SELECT block FROM search_data"))


def test_a_comment_on_a_private_moment_is_sealed_like_it(workspace, session):
    moment = workspace.execute(MarkMoment(session, 1000, FLAG, private=True))
    workspace.execute(AddComment(moment, "only for me"))
    assert [type(cell) for cell in comment_cells(workspace)] == [bytes]
    assert [entry.text for entry in workspace.comments(session)] == ["only for me"]


def test_comments_follow_a_moment_that_becomes_private_and_shared_again(workspace, session):
    moment = workspace.execute(MarkMoment(session, 1000, FLAG, private=False))
    workspace.execute(AddComment(moment, "only for me"))
    workspace.execute(ChangeMoment(replace(stored(workspace, moment), private=True)))
    assert b"only for me" not in b"".join(comment_cells(workspace))
    assert [entry.text for entry in workspace.comments(session)] == ["only for me"]
    workspace.undo()
    assert comment_cells(workspace) == ["only for me"]
    workspace.redo()
    assert [entry.text for entry in workspace.comments(session)] == ["only for me"]


def test_a_colleague_sees_nothing_of_a_private_moments_comment(vault_path, cheap_kdf):
    with opened(vault_path, cheap_kdf).vault as vault:
        vault.add_profile("Bea", Perspective.SUPERVISOR, "another passphrase", kdf=cheap_kdf)
    ada = opened(vault_path, cheap_kdf)
    ada.add_consent(CLIENT, OWN_USE, date(2026, 11, 1))
    session = add_session(ada)
    ada.execute(AddComment(ada.execute(MarkMoment(session, 1000, FLAG, private=True)), "only for me"))
    ada.close()
    bea = opened(vault_path, cheap_kdf, "Bea", "another passphrase")
    assert bea.store.moments.comments(session) == ()
    assert [type(cell) for cell in comment_cells(bea)] == [bytes]
    bea.close()


def test_words_of_a_note_made_private_leave_the_index(workspace, session):
    moment = workspace.execute(MarkMoment(session, 1000, FLAG, note="zebraword", private=False))
    assert b"zebraword" in index_blocks(workspace)
    workspace.execute(ChangeMoment(replace(stored(workspace, moment), private=True)))
    assert b"zebra" not in index_blocks(workspace)


@pytest.mark.parametrize("name", ["vault.json", "vault.db", "media/new.txt", "new.txt"])
def test_nothing_is_taken_out_into_a_vault(workspace, session, name):
    target = workspace.vault.path / name
    before = target.read_bytes() if target.exists() else None
    with pytest.raises(UsageError, match="inside a vault"):
        export_session(workspace, ExportWish(session, "json", target, force=True), silent, never)
    assert (target.read_bytes() if target.exists() else None) == before


def test_nor_by_a_link_or_into_another_vault(workspace, session, tmp_path):
    (tmp_path / "link").symlink_to(workspace.vault.path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "vault.json").write_text("{}")
    for target in (tmp_path / "link" / "vault.json", tmp_path / "other" / "vault.json"):
        with pytest.raises(UsageError, match="inside a vault"):
            export_session(workspace, ExportWish(session, "json", target, force=True), silent, never)


def test_locking_stops_a_copy_of_the_sound_with_a_sentence(workspace, session, tmp_path):
    job = ExportJob(workspace, ExportWish(session, "wav", tmp_path / "out.wav"))
    workspace.lock()
    with pytest.raises(CancelledError, match="locked"):
        job.run(silent, never)
    assert list(tmp_path.glob("*out*")) == []


def recording(path: Path) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(os.urandom(16000))
    return path


def brought_in(workspace: Workspace, source: Path) -> str:
    return import_file(workspace, ImportWish(source, CLIENT, original=DELETE), silent, never).warning


def test_the_original_is_deleted_when_asked(workspace, tmp_path):
    source = recording(tmp_path / "a.wav")
    assert brought_in(workspace, source) == ""
    assert not source.exists()


def test_another_file_that_took_the_originals_name_is_not_deleted(workspace, tmp_path):
    source = recording(tmp_path / "a.wav")
    job = ImportJob(workspace, ImportWish(source, CLIENT, original=DELETE))
    job.run(silent, never)
    recording(tmp_path / "b.wav").replace(source)
    assert "not deleted" in job.finish().warning
    assert source.exists()


def test_a_link_a_second_name_and_a_duplicate_are_said(workspace, tmp_path):
    (tmp_path / "link.wav").symlink_to(recording(tmp_path / "a.wav"))
    assert "link" in brought_in(workspace, tmp_path / "link.wav")
    assert (tmp_path / "a.wav").exists()
    (tmp_path / "b2.wav").hardlink_to(recording(tmp_path / "b.wav"))
    assert "second name" in brought_in(workspace, tmp_path / "b.wav")
    assert "already" in brought_in(workspace, tmp_path / "b2.wav")
    assert (tmp_path / "b2.wav").exists()
