"""A recall that is over, in the window's own vault: two stops, two voices, a prompt, a jump and a speed."""

from sounds import kept, speechlike
from supervise.app.workspace import Workspace
from supervise.audio.peaks import flat_peaks
from supervise.domain.ids import RecallId, SessionId, TranscriptId, new_id
from supervise.domain.recall import Party, PromptUse, RecallKind, Setup, Stop, StoppedBy
from supervise.domain.recall_map import Stretch
from supervise.domain.speakers import SpeakerNames
from supervise.domain.times import now_utc
from supervise.domain.transcript import TranscribeSettings, TranscriptVersion, Word
from supervise.storage.database import transaction
from supervise.storage.recalls import RECALLING, Recall

RATE = 8000
SECONDS = 30
STOPS = (
    Stop(0, 10_000, 5000, StoppedBy.RECALLER, 5000, 5000, 12_000, 6000),
    Stop(1, 14_000, 20_000, StoppedBy.INQUIRER, 8000, 6000, 30_000, None),
)
THERAPIST = Setup(RecallKind.THERAPIST, inquirer="Bo", hours_since=21.0)
CLIENTS = Setup(RecallKind.CLIENT, recaller=Party.CLIENT, inquirer="Bo", hours_since=3.0)
SAID = (
    ("What did you feel there", 5500, "B"),
    ("I was afraid that she would leave", 7500, "A"),
    ("now I think it was right", 21_000, "A"),
)


def said_words() -> tuple[Word, ...]:
    """What was said, 300 ms a word."""
    return tuple(
        Word(text, start_ms + 300 * number, start_ms + 300 * number + 250, 0.9, voice)
        for sentence, start_ms, voice in SAID
        for number, text in enumerate(sentence.split())
    )


def add_recall(
    desk: Workspace, session: SessionId, setup: Setup = THERAPIST, *, words: bool = True
) -> RecallId:
    """Add a recall of a session at least 14 s long."""
    sound = speechlike(RATE * SECONDS, 1, RATE)
    stream, facts = kept(sound, RATE)
    session_hz = desk.store.sessions.get(session).sound.rate_hz
    master, peaks = desk.store.media.create("master"), desk.store.media.create("peaks")
    master.writer.write(stream.getvalue())
    peaks.writer.write(flat_peaks(facts.samples, facts.channels, RATE))
    for medium in (master, peaks):
        medium.finish()
    ids = (RATE, 1, master.media_id, peaks.media_id)
    recall = RecallId(new_id())
    row = Recall(recall, session, RECALLING, setup, now_utc(), desk.profile.profile, *ids)
    store = desk.store.recalls
    with transaction(desk.vault.db) as db:
        master.register(db)
        peaks.register(db)
        store.begin(row)
    for stop in STOPS:
        store.put_stop(recall, stop)
    heard = [
        Stretch(0, 5 * RATE, 5 * session_hz, 10 * session_hz),
        Stretch(12 * RATE, 20 * RATE, 6 * session_hz, 14 * session_hz, 1.0, 1),
    ]
    store.put_stretches(recall, heard)
    store.put_prompt(recall, PromptUse(0, 5200, "affect.feel", 0, "What did you feel there?"))
    store.end(recall, facts.samples, "ab" * 32, peaks.media_id)
    if words:
        add_words(desk, recall)
    return recall


def add_words(desk: Workspace, recall: RecallId) -> None:
    """Add a finished transcript, and say who is who."""
    transcript = TranscriptId(new_id())
    session = desk.store.recalls.get(recall).session
    store = desk.store.recall_transcripts
    store.begin(
        TranscriptVersion(transcript, session, now_utc(), TranscribeSettings(), finished=False), recall
    )
    store.add_window(transcript, 0, 0, SECONDS * 1000, said_words())
    store.finish(transcript, "en", [], {})
    store.set_names(recall, SpeakerNames((("A", "Recaller"), ("B", "Inquirer"))))
