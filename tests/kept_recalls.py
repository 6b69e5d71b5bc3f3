"""Recalls that are over, kept in a real vault, made from values in which everything is known."""

from recall_samples import Told, recall_of
from supervise.app.workspace import Workspace
from supervise.audio.peaks import flat_peaks
from supervise.domain.ids import RecallId, SessionId, TranscriptId, new_id
from supervise.domain.recall_map import Stretch
from supervise.domain.times import now_utc
from supervise.domain.transcript import TranscribeSettings, TranscriptVersion
from supervise.exchange.recall_content import RecallContent
from supervise.storage.database import transaction
from supervise.storage.recalls import RECALLING, Recall

RATE = 1000


def keep_recall(
    desk: Workspace, session: SessionId, told: Told, started_at: str = "", *, words: bool = True
) -> RecallId:
    """Keep a recall of a session, with or without its words; its sound is a stand-in."""
    row = desk.store.sessions.get(session)
    made = recall_of(row, told)
    master, peaks = desk.store.media.create("master"), desk.store.media.create("peaks")
    master.writer.write(b"no sound")
    peaks.writer.write(flat_peaks(made.duration_ms, 1, RATE))
    for medium in (master, peaks):
        medium.finish()
    recall, ids = RecallId(new_id()), (RATE, 1, master.media_id, peaks.media_id)
    when = started_at or now_utc()
    entry = Recall(recall, session, RECALLING, made.setup, when, desk.profile.profile, *ids)
    store = desk.store.recalls
    with transaction(desk.vault.db) as db:
        master.register(db)
        peaks.register(db)
        store.begin(entry)
    for stop in made.stops:
        store.put_stop(recall, stop)
    for used in made.prompts:
        store.put_prompt(recall, used)
    rate = row.sound.rate_hz // RATE
    store.put_stretches(
        recall,
        [
            Stretch(
                one.recall_start,
                one.recall_end,
                one.session_start * rate,
                one.session_end * rate,
                1.0,
                one.run,
            )
            for one in made.map.stretches
        ],
    )
    store.end(recall, made.duration_ms, "ab" * 32, peaks.media_id)
    if words:
        add_words(desk, recall, made)
    return recall


def add_words(desk: Workspace, recall: RecallId, made: RecallContent) -> None:
    """Give a recall its words, and say who spoke them."""
    spoken = [word for said in made.utterances for word in said.words]
    transcript, store = TranscriptId(new_id()), desk.store.recall_transcripts
    session = desk.store.recalls.get(recall).session
    version = TranscriptVersion(transcript, session, now_utc(), TranscribeSettings(), finished=False)
    store.begin(version, recall)
    store.add_window(transcript, 0, 0, made.duration_ms, spoken)
    store.finish(transcript, "en", [], {})
    store.set_names(recall, made.speakers)
