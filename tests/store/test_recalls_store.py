"""Recalls on disk: rows, stops, stretches and transcripts, and what goes with a session that is destroyed."""

from dataclasses import replace

import pytest

from supervise.app.workspace import Workspace
from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.ids import RecallId, SessionId, TranscriptId, new_id
from supervise.domain.recall import PromptUse, RecallKind, Setup, Stop, StoppedBy
from supervise.domain.recall_map import Stretch
from supervise.domain.recordings import Gap, GapReason
from supervise.domain.times import now_utc
from supervise.domain.transcript import TranscribeSettings, TranscriptVersion, Word
from supervise.storage import destruction
from supervise.storage.database import transaction
from supervise.storage.recalls import KEPT, RECALLING, Recall
from supervise.storage.verify import verify
from workspaces import add_session, spoken

WORDS = spoken("I felt it leave my hands", 2000)
STOP = Stop(0, 12_000, 3000, StoppedBy.RECALLER, 3000, 10_000, 6000, 9000)


def add_recall(desk: Workspace, session: SessionId, *, words: bool = True) -> RecallId:
    """A finished recall of two stretches and one stop, with stand-ins for its sound."""
    master, peaks = desk.store.media.create("master"), desk.store.media.create("peaks")
    for medium in (master, peaks):
        medium.writer.write(b"no sound")
        medium.finish()
    recall = RecallId(new_id())
    row = Recall(
        recall,
        session,
        RECALLING,
        Setup(RecallKind.THERAPIST),
        now_utc(),
        desk.profile.profile,
        1000,
        1,
        master.media_id,
        peaks.media_id,
    )
    with transaction(desk.vault.db) as db:
        master.register(db)
        peaks.register(db)
        desk.store.recalls.begin(row)
    desk.store.recalls.put_stop(recall, STOP)
    desk.store.recalls.put_stretches(recall, [Stretch(1000, 3000, 10_000, 12_000)])
    desk.store.recalls.put_stretches(recall, [Stretch(6000, 7000, 9000, 11_000, 2.0, 1)], first=1)
    desk.store.recalls.put_prompt(recall, PromptUse(0, 3500, "affect.feel", 0))
    desk.store.recalls.end(recall, 9000, "ab" * 32, peaks.media_id)
    if words:
        transcript = TranscriptId(new_id())
        version = TranscriptVersion(transcript, session, now_utc(), TranscribeSettings(), finished=False)
        desk.store.recall_transcripts.begin(version, recall)
        desk.store.recall_transcripts.add_window(transcript, 0, 0, 9000, WORDS)
        desk.store.recall_transcripts.finish(transcript, "en", [], {"cpu_s": 1.0})
    return recall


def test_a_recall_comes_back_as_it_was_put(workspace: Workspace) -> None:
    session = add_session(workspace)
    recall = add_recall(workspace, session)
    store = workspace.store.recalls
    row = store.get(recall)
    assert (row.state, row.session, row.samples, row.sound.duration_ms) == (KEPT, session, 9000, 9000)
    assert row.setup == Setup(RecallKind.THERAPIST)
    assert store.stops(recall) == (STOP,)
    assert store.prompts(recall) == (PromptUse(0, 3500, "affect.feel", 0),)
    assert store.stretches(recall)[1] == Stretch(6000, 7000, 9000, 11_000, 2.0, 1)
    assert store.find(recall[:8]) == recall
    assert [found.recall for found in store.of_session(session)] == [recall]
    assert store.unfinished() == []
    later = replace(STOP, recall_end_ms=7000)
    store.put_stop(recall, later)
    assert store.stops(recall) == (later,)
    store.set_gaps(recall, [Gap(1, 2, GapReason.DEVICE)])
    store.add_facts(recall, {"leak_db": -20})
    assert store.get(recall).gaps == (Gap(1, 2, GapReason.DEVICE),)
    assert store.get(recall).facts == {"leak_db": -20}
    assert verify(workspace.vault, lambda _: None).ok


def test_its_words_are_kept_apart_from_the_session_and_its_search(workspace: Workspace) -> None:
    session = add_session(workspace, words=spoken("quite another thing"))
    recall = add_recall(workspace, session)
    store = workspace.store.recall_transcripts
    version = store.current(recall)
    assert version is not None
    assert store.words(version.transcript) == WORDS
    assert [word.text for word in store.words(version.transcript, 2400, 3200)] == ["felt", "it"]
    store.set_labels(version.transcript, ["B"] * len(WORDS))
    assert {word.speaker for word in store.words(version.transcript)} == {"B"}
    with pytest.raises(UsageError):
        store.set_labels(version.transcript, ["B"])
    store.set_names(recall, store.names(recall).with_name("B", "client"))
    assert store.names(recall).name("B") == "client"
    assert store.recall_of(version.transcript) == recall
    assert store.stats(version.transcript) == {"cpu_s": 1.0}
    assert workspace.search("hands").hits == ()
    assert [turn.text for turn in workspace.transcript(session).turns] == ["quite another thing"]


def test_what_was_recalled_about_an_instant_is_found_by_stops_and_stretches(workspace: Workspace) -> None:
    session, other = add_session(workspace), add_session(workspace)
    recall = add_recall(workspace, session)
    add_recall(workspace, other)
    store = workspace.store.recalls
    assert store.stops_about(session, 11_000, 11_000) == [(recall, STOP)]
    assert store.stops_about(session, 12_001, 12_500) == []
    assert [stretch.run for _, stretch in store.heard_at(session, 10_500)] == [0, 1]
    assert store.heard_at(session, 12_000) == []


def test_a_destroyed_recall_leaves_a_row_and_no_word(workspace: Workspace) -> None:
    session = add_session(workspace)
    recall = add_recall(workspace, session)
    workspace.store.recalls.destroy(recall)
    assert workspace.store.recalls.all() == []
    assert workspace.store.recalls.stops(recall) == ()
    assert workspace.vault.db.execute("SELECT count(*) FROM recall_windows").fetchone() == (0,)


def test_a_destroyed_session_takes_its_recalls_with_it(workspace: Workspace) -> None:
    session = add_session(workspace)
    recall = add_recall(workspace, session)
    row = workspace.store.recalls.get(recall)
    key = workspace.vault.db.execute("SELECT wrapped_key FROM media WHERE id = ?", [row.master]).fetchone()[0]
    pieces = destruction.needles(workspace.vault.db, session)
    assert bytes(key) in pieces
    assert any(b"hands" in piece for piece in pieces)
    with transaction(workspace.vault.db) as db:
        destruction.delete_session(db, session)
    proof = destruction.purge(workspace.vault, pieces)
    assert proof.hits == 0
    assert workspace.store.media.file_ids() == set()
    for table in ("recalls", "recall_stops", "recall_stretches", "recall_transcripts", "recall_windows"):
        assert workspace.vault.db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table  # noqa: S608
    assert verify(workspace.vault, lambda _: None).ok


def test_destroyed_sound_takes_the_sound_of_recalls_and_leaves_their_stops(workspace: Workspace) -> None:
    session = add_session(workspace)
    recall = add_recall(workspace, session)
    row = workspace.store.recalls.get(recall)
    flat = workspace.store.media.create("peaks")
    flat.writer.write(b"flat")
    flat.finish()
    with transaction(workspace.vault.db) as db:
        flat.register(db)
        destruction.delete_sound(db, session, flat.media_id)
    destruction.purge(workspace.vault)
    assert workspace.store.media.file_ids() == {flat.media_id}
    with pytest.raises(NotCoveredError):
        workspace.store.media.open(row.master)
    assert workspace.store.recalls.stops(recall) == (STOP,)
    assert verify(workspace.vault, lambda _: None).ok


def test_destroyed_transcripts_take_those_of_recalls(workspace: Workspace) -> None:
    session = add_session(workspace)
    recall = add_recall(workspace, session)
    with transaction(workspace.vault.db) as db:
        destruction.delete_transcripts(db, session)
    assert workspace.store.recall_transcripts.versions(recall) == []
    assert workspace.store.recalls.stops(recall) == (STOP,)


def test_words_of_many_spans_are_read_in_one_go_as_one_by_one(workspace: Workspace) -> None:
    store = workspace.store.recall_transcripts
    session, transcripts = add_session(workspace), []
    for _ in range(2):
        recall, transcript = add_recall(workspace, session, words=False), TranscriptId(new_id())
        version = TranscriptVersion(transcript, session, now_utc(), TranscribeSettings(), finished=False)
        store.begin(version, recall)
        for seq in range(4):
            words = [Word(f"w{seq}.{at}", seq * 1000 + at, seq * 1000 + at + 90, 0.9) for at in (0, 400, 800)]
            store.add_window(transcript, seq, words[0].start_ms, words[-1].end_ms, words)
        transcripts.append(transcript)
    spans = [
        (transcript, start_ms, end_ms)
        for transcript in transcripts
        for start_ms, end_ms in ((0, 4000), (850, 1001), (1090, 1400), (3200, 9000), (9000, 9000), (85, 95))
    ]
    found = store.words_in(spans)
    assert found == [store.words(*span) for span in spans]
    assert [word.text for word in found[1]] == ["w0.800", "w1.0"]
    assert found[4] == store.words_in([("no such transcript", 0, 9000)])[0] == ()  # type: ignore[list-item]
    assert store.words_in([]) == []
