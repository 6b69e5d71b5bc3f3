"""A portion deleted: silence of equal length, its words nowhere, the rest exactly as it was."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_recalled_about import say

from page_traces import traces
from recall_rooms import RecallRoom, whole
from sounds import speechlike, write_sound_file
from supervise.app.commands import AddComment, MarkMoment
from supervise.app.importing import ImportWish, import_file
from supervise.app.portion import PortionJob, PortionWish, delete_portion
from supervise.app.workspace import Workspace
from supervise.audio.master import MasterReader
from supervise.domain.errors import CancelledError, UsageError
from supervise.domain.ids import MomentId, SessionId
from supervise.domain.moments import MomentCode
from workspaces import CLIENT, add_transcript, spoken

FLAG = (MomentCode("wf.flag"),)
WORDS = "before it all marzipan umbrella theodolite quicksand zephyr and after that"


def no(_: int = 0) -> bool:
    return False


def heard(desk: Workspace, session: SessionId) -> np.ndarray:
    row = desk.session(session)
    with desk.store.media.open(row.master) as stream:
        return MasterReader(stream, row.sound).read(0, row.sound.samples).copy()  # type: ignore[arg-type]


@pytest.fixture
def session(workspace: Workspace, tmp_path: Path) -> SessionId:
    path = write_sound_file(
        tmp_path / "a.wav", speechlike(8 * 16_000, rate_hz=16_000, seed=1), "s16.wav", 16_000
    )
    made = import_file(workspace, ImportWish(path, CLIENT), no, no).session.session
    add_transcript(workspace, made, spoken("an older version with marzipan umbrella", 1000, 500))
    add_transcript(workspace, made, spoken(WORDS, 500, 500))
    return made


def test_the_portion_is_silent_and_all_else_is_the_same(workspace: Workspace, session: SessionId) -> None:
    before = heard(workspace, session)
    keys = [bytes(row[0]) for row in workspace.vault.db.execute("SELECT wrapped_key FROM media")]
    inside = workspace.execute(MarkMoment(session, 2500, FLAG, note="they said marzipan"))
    quoting = workspace.execute(
        MarkMoment(session, 7000, FLAG, note="Marzipan, umbrella; theodolite quicksand.")
    )
    kept = workspace.execute(MarkMoment(session, 7000, FLAG, note="a long silence"))
    workspace.execute(AddComment(MomentId(inside), "marzipan indeed"))
    certificate = delete_portion(workspace, PortionWish(session, 2250, 4200), no, no)
    after = heard(workspace, session)
    assert after.shape == before.shape
    assert not after[36_000:67_200].any()
    assert np.array_equal(after[:36_000], before[:36_000])
    assert np.array_equal(after[67_200:], before[67_200:])
    columns = workspace.peaks(session).columns(2600, 3900, 10)
    assert not columns.any()
    assert [word.text for word in workspace.transcript(session).words] == [
        "before",
        "it",
        "all",
        "and",
        "after",
        "that",
    ]
    notes = {moment.moment: moment.note for moment in workspace.moments(session)}
    assert notes == {inside: "", quoting: "", kept: "a long silence"}
    assert workspace.comments(session) == ()
    assert workspace.search("marzipan").hits == ()
    assert workspace.search("after").hits[0].start_ms == 5000
    assert workspace.removed(session) == ((2250, 4200),)
    assert not workspace.can_undo
    assert certificate["kind"] == "portion"
    assert certificate["proof"]["pages_with_traces"] == 0
    needles = [*keys, b"marzipan", b"Marzipan", b"theodolite"]
    assert traces(workspace.vault.path, workspace.vault.database_key, needles) == []
    assert len(list((workspace.vault.path / "media").iterdir())) == 2


def test_stopped_before_its_end_it_has_changed_nothing(workspace: Workspace, session: SessionId) -> None:
    before = heard(workspace, session)
    with pytest.raises(CancelledError):
        delete_portion(workspace, PortionWish(session, 0, 1000), no, lambda: True)
    assert np.array_equal(heard(workspace, session), before)
    assert len(list((workspace.vault.path / "media").iterdir())) == 2
    assert workspace.removed(session) == ()


@pytest.mark.parametrize(("start_ms", "end_ms"), [(-1, 10), (10, 10), (0, 8001)])
def test_a_portion_lies_inside_the_session(
    workspace: Workspace, session: SessionId, start_ms: int, end_ms: int
) -> None:
    with pytest.raises(UsageError, match="inside the session"):
        PortionJob(workspace, PortionWish(session, start_ms, end_ms))


def test_two_portions_after_each_other_and_a_restart(
    workspace: Workspace, session: SessionId, reopen: Callable[[], Workspace]
) -> None:
    workspace.execute(MarkMoment(session, 500, FLAG, note="mine alone", private=True))
    delete_portion(workspace, PortionWish(session, 0, 1000), no, no)
    delete_portion(workspace, PortionWish(session, 1000, 1500), no, no)
    desk = reopen()
    assert desk.removed(session) == ((0, 1500),)
    assert [moment.note for moment in desk.moments(session)] == [""]
    assert not heard(desk, session)[:24_000].any()
    assert heard(desk, session)[24_000:].any()


def test_anothers_private_note_there_is_emptied_when_they_come(
    workspace: Workspace, session: SessionId
) -> None:
    workspace.store.removed.add(session, 2000, 4000)
    workspace.vault.db.execute("UPDATE removed_spans SET removed_at = '2999'")
    workspace.execute(MarkMoment(session, 2500, FLAG, note="there", private=True))
    workspace.execute(MarkMoment(session, 5000, FLAG, note="elsewhere", private=True))
    workspace._settle()
    assert [moment.note for moment in workspace.moments(session)] == ["", "elsewhere"]


@pytest.mark.parametrize("ended", [True, False])
def test_a_portion_heard_in_a_recall_goes_only_with_the_recall(workspace: Workspace, *, ended: bool) -> None:
    room = RecallRoom(workspace, seconds=20)
    room.begin()
    room.listen(4)
    wish = PortionWish(room.session, 1000, 2000)
    with pytest.raises(UsageError, match="being recalled"):
        PortionJob(workspace, wish)
    done = room.recall.recall
    if ended:
        room.recall.end()
        say(workspace, done, [("marzipan", 200)])
    else:
        room.recall.abandon()
    with pytest.raises(UsageError, match=done[:8]):
        PortionJob(workspace, wish)
    row = workspace.store.recalls.get(done)
    assert workspace.store.media.path(row.master).exists()
    if ended:
        delete_portion(workspace, PortionWish(room.session, 15_000, 16_000), no, no)  # it was not heard there
        assert len(workspace.store.recalls.of_session(room.session)) == 1
    certificate = delete_portion(workspace, replace(wish, with_recalls=True), no, no)
    assert certificate["proof"]["pages_with_traces"] == 0
    assert workspace.store.recalls.of_session(room.session) == []
    assert not workspace.store.media.path(row.master).exists()
    assert workspace.store.recall_transcripts.current(done) is None
    assert whole(workspace)
