"""All that was ever recalled about an instant of a session, by whom, over several recalls."""

import io
import zipfile
from pathlib import Path

from recall_rooms import THERAPIST, RecallRoom, add_sounding_session
from supervise.app.commands import MarkMoment
from supervise.app.recall_reading import recalled_about
from supervise.app.subject_access import AccessWish, write_bundle
from supervise.app.workspace import Workspace
from supervise.audio.master import MasterReader
from supervise.domain.consent import Scope
from supervise.domain.ids import RecallId, TranscriptId, new_id
from supervise.domain.moments import MomentCode
from supervise.domain.recall import Party, RecallKind, Setup
from supervise.domain.times import now_utc
from supervise.domain.transcript import TranscribeSettings, TranscriptVersion, Word
from supervise.storage.recalls import Recall
from two_clocks import Sound, numbered_session
from workspaces import CLIENT, OWN_USE, TODAY

CLIENTS = Setup(RecallKind.CLIENT, recaller=Party.CLIENT, inquirer="Cara")


def say(desk: Workspace, recall: RecallId, words: list[tuple[str, int]]) -> None:
    """Let a recall have a transcript with words at those times."""
    transcript = TranscriptId(new_id())
    row = desk.store.recalls.get(recall)
    version = TranscriptVersion(transcript, row.session, now_utc(), TranscribeSettings(), finished=False)
    desk.store.recall_transcripts.begin(version, recall)
    spoken = [Word(text, at_ms, at_ms + 300, 0.9) for text, at_ms in words]
    desk.store.recall_transcripts.add_window(transcript, 0, 0, words[-1][1] + 300, spoken)
    desk.store.recall_transcripts.finish(transcript, "en", [], {})


def test_both_parties_and_both_ways_of_speaking_are_found(workspace: Workspace) -> None:
    workspace.add_consent(CLIENT, OWN_USE | {Scope.CLIENT_RECALL}, TODAY)
    session = add_sounding_session(workspace, numbered_session(40))
    first = RecallRoom(workspace, THERAPIST, session)
    first.begin()
    first.listen(10)
    stop = first.recall.stop()
    first.listen(3)
    first.recall.resume()
    first.listen(8)
    mine = first.recall.end().recall
    say(workspace, mine, [("oh", stop.recall_ms - 3000), ("fear", stop.recall_ms + 500), ("there", 20_000)])
    second = RecallRoom(workspace, CLIENTS, session)
    second.begin()
    second.listen(8)
    second.recall.stop()
    second.listen(1)
    theirs = second.recall.end().recall

    found = recalled_about(workspace, session, 7000)
    told = [(entry.recall, entry.stop is not None, [word.text for word in entry.words]) for entry in found]
    assert (mine, True, ["fear"]) in told
    assert (mine, False, ["oh"]) in told
    assert (theirs, True, []) in told
    assert {entry.setup.recaller for entry in found} == {Party.THERAPIST, Party.CLIENT}
    assert all(entry.session_start_ms <= 7000 <= entry.session_end_ms for entry in found)
    late = recalled_about(workspace, session, 9500, 9900)
    assert [entry.recall for entry in late if entry.stop] == [mine]
    assert recalled_about(workspace, session, 39_000) == ()


def test_a_clients_bundle_holds_what_they_recalled(workspace: Workspace, tmp_path: Path) -> None:
    workspace.add_consent(CLIENT, OWN_USE | {Scope.CLIENT_RECALL}, TODAY)
    session = add_sounding_session(workspace, numbered_session(10))
    made = []
    for setup, word in ((CLIENTS, "marzipan"), (THERAPIST, "zephyr")):
        room = RecallRoom(workspace, setup, session)
        room.begin()
        room.listen(4)
        room.recall.stop()
        room.listen(1)
        made.append(room.recall.end().recall)
        say(workspace, made[-1], [(word, 4600)])
    target = tmp_path / "a.zip"
    write_bundle(workspace, AccessWish(CLIENT, target), lambda _: None, lambda: False)
    with zipfile.ZipFile(target) as bundle:
        names = [name.rpartition("/")[2] for name in bundle.namelist()]
        text = b"".join(bundle.read(name) for name in bundle.namelist() if name.endswith(".json"))
    assert {f"recall-{made[0][:8]}.json", f"recall-{made[0][:8]}.flac"} <= set(names)
    assert not any(made[1][:8] in name for name in names)
    assert b"marzipan" in text
    assert b"zephyr" not in text

    row = workspace.store.recalls.get(made[0])
    assert _sound_in(target, row).any()
    workspace.execute(MarkMoment(session, 1000, (MomentCode("wf.redact"),), 2000))
    write_bundle(workspace, AccessWish(CLIENT, target, force=True), lambda _: None, lambda: False)
    with zipfile.ZipFile(target) as bundle:
        assert b"marzipan" not in b"".join(bundle.read(n) for n in bundle.namelist() if n.endswith(".json"))
    heard = workspace.store.recalls.stretches(made[0])[0]
    assert not _sound_in(target, row)[heard.recall_start : heard.recall_end].any()


def _sound_in(target: Path, row: Recall) -> Sound:
    with zipfile.ZipFile(target) as bundle:
        (name,) = [name for name in bundle.namelist() if name.endswith(f"recall-{row.recall[:8]}.flac")]
        return MasterReader(io.BytesIO(bundle.read(name)), row.sound).read(0, row.samples)
