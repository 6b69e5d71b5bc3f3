"""The client's last minutes deleted off the main thread: the wish first, then the sound, whatever happens."""

import shutil
from pathlib import Path

import pytest
from test_recording import RATE, Room, kept_sound, room, whole

from sounds import speechlike
from supervise.app.ending import EndJob, due
from supervise.app.recovering import recovered
from supervise.app.withdrawing import ALL, WithdrawWish, withdraw
from supervise.app.workspace import Workspace
from supervise.audio.inputs import Samples
from supervise.crypto.keys import KdfParams
from supervise.domain.errors import CancelledError, UsageError, VaultLockedError
from supervise.domain.recordings import Wish
from workspaces import CLIENT, PASSPHRASE, opened

__all__ = ["room"]


@pytest.fixture
def asked(workspace: Workspace, room: Room) -> tuple[EndJob, Samples]:
    """Six seconds were recorded, and the client wants the last three deleted."""
    workspace.cuts_later = True
    sound = speechlike(RATE * 6, 1, RATE)
    room.speak(sound)
    outcome = room.session.stop(Wish.DELETE_LAST, minutes=3 / 60)
    assert (outcome.session, outcome.to_cut) == (None, True)
    assert due(workspace) == (room.session.recording,)
    return EndJob(workspace, room.session.recording), sound[: RATE * 3]


def test_what_remains_is_a_session_and_the_old_key_is_gone(
    workspace: Workspace, room: Room, asked: tuple[EndJob, Samples]
) -> None:
    job, kept = asked
    told: list[int] = []
    assert recovered(workspace) == ()
    job.run(told.append)
    session = job.finish()
    assert told[-1] == 1000
    assert (kept_sound(workspace, session) == kept).all()
    assert workspace.store.recordings.get(room.session.recording).media[0] not in _media(workspace)
    assert (due(workspace), workspace.vault.pending_entries()) == ((), [])
    assert job.finish() == session
    assert whole(workspace)
    with pytest.raises(UsageError):
        EndJob(workspace, room.session.recording)


def test_a_kill_before_the_end_leaves_the_wish_which_the_next_opening_fulfils(
    workspace: Workspace, asked: tuple[EndJob, Samples], tmp_path: Path, cheap_kdf: KdfParams
) -> None:
    job, kept = asked
    job.run()
    shutil.copytree(workspace.vault.path, tmp_path / "killed", ignore=shutil.ignore_patterns("vault.lock"))
    job.give_up()
    desk = opened(tmp_path / "killed", cheap_kdf)
    (row,) = desk.library().rows
    assert (kept_sound(desk, row.session.session) == kept).all()
    assert recovered(desk) == ()
    assert whole(desk)
    desk.close()


def test_a_lock_meanwhile_stops_it_and_unlocking_takes_it_up(
    workspace: Workspace, asked: tuple[EndJob, Samples]
) -> None:
    job, kept = asked
    workspace.lock()
    with pytest.raises(VaultLockedError):
        job.run()
    job.give_up()
    workspace.unlock(PASSPHRASE)
    (recording,) = due(workspace)
    again = EndJob(workspace, recording)
    again.run()
    assert (kept_sound(workspace, again.finish()) == kept).all()
    assert whole(workspace)


def test_a_stop_leaves_nothing_but_the_wish(workspace: Workspace, asked: tuple[EndJob, Samples]) -> None:
    job, _kept = asked
    with pytest.raises(CancelledError):
        job.run(cancelled=lambda: True)
    job.give_up()
    assert len(due(workspace)) == 1
    assert len(_files(workspace)) == 2


def test_a_withdrawal_meanwhile_finds_the_session_in_its_list(
    workspace: Workspace, asked: tuple[EndJob, Samples]
) -> None:
    job, _kept = asked
    done = withdraw(workspace, WithdrawWish(CLIENT, ALL))
    (entry,) = done.decision.inventory["sessions"]
    assert entry["session"] == job.finish()


def _media(desk: Workspace) -> set[str]:
    return {row[0] for row in desk.vault.db.execute("SELECT id FROM media")}


def _files(desk: Workspace) -> set[str]:
    return desk.store.media.file_ids()
